// SPDX-License-Identifier: Apache-2.0
#include "session/find_port.h"

#include "base/text.h"
#include "chip/usb_ids.h"
#include "transport/discover.h"

namespace mtk {

namespace {

/// A phone that cannot be opened for so long has left again; the next may come elsewhere.
constexpr Clock::Duration opening_time = std::chrono::seconds{3};

UsbIdentity identity_of(UsbRole role) {
  switch (role) {
    case UsbRole::brom:
      return UsbIdentity::brom;
    case UsbRole::preloader:
      return UsbIdentity::preloader;
    case UsbRole::agent:
      return UsbIdentity::agent;
    default:
      return UsbIdentity::unknown;
  }
}

std::vector<KnownUsb> known_identities() {
  std::vector<KnownUsb> known;
  for (const UsbId& id : usb_ids()) {
    known.push_back({id.vendor, id.product, identity_of(id.role), is_download_port(id.role)});
  }
  return known;
}

/// What comes and goes, in words; a phone that runs or only charges is told with the way from there.
class Narrator final : public PortWatcher {
 public:
  explicit Narrator(SessionObserver& observer) : observer_(observer) {}

  void appeared(const PortSeen& port) override {
    const UsbId* id = find_usb_id(port.vid, port.pid);
    const UsbRole role = id == nullptr ? UsbRole::vcom : id->role;
    switch (role) {
      case UsbRole::adb:
        return tell("adb_seen", say(Text::connect_adb_seen));
      case UsbRole::fastboot:
        return tell("fastboot_seen", say(Text::connect_fastboot_seen));
      case UsbRole::mtp:
      case UsbRole::meta:
        return tell("not_download_mode",
                    say(Text::connect_not_download_mode, fmt::arg("identity", to_string(role))));
      default:
        return tell("port_seen", say(Text::connect_seen, fmt::arg("port", port.name),
                                     fmt::arg("identity", to_string(role))));
    }
  }
  void left(const PortSeen& port, Clock::TimePoint now) override {
    const auto seconds = std::chrono::duration<double>(now - port.since).count();
    tell("left_again", say(Text::connect_left_again, fmt::arg("seconds", fmt::format("{:.1f}", seconds))));
  }

 private:
  void tell(std::string id, std::string text) {
    observer_.finding({.id = std::move(id), .level = LogLevel::info, .text = std::move(text), .actions = {}});
  }
  SessionObserver& observer_;
};

}  // namespace

Result<std::unique_ptr<Transport>> wait_for_port(const Wait& wait, SessionObserver& observer) {
  const auto known = known_identities();
  MTK_TRY_LET(Discovery discovery, Discovery::start(known));
  Narrator narrator{observer};
  SystemClock clock;
  const auto deadline = wait.deadline(clock.now());
  for (;;) {
    const Wait left{std::max(deadline - clock.now(), Clock::Duration::zero()), wait.stop};
    MTK_TRY_LET(const PortSeen port, discovery.wait_for_phone(left, narrator));
    auto link = discovery.open(port, Wait{std::min(left.timeout, opening_time), wait.stop});
    const bool left_meanwhile = !link && link.error().code == Errc::timeout;
    if (!left_meanwhile || clock.now() >= deadline) return link;
  }
}

}  // namespace mtk
