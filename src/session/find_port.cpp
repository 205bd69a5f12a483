// SPDX-License-Identifier: Apache-2.0
#include "session/find_port.h"

#include "session/bus_timeline.h"
#include "session/coach.h"
#include "transport/port_address.h"
#include "transport/usb/usb_place.h"

#include <algorithm>

namespace mtk {
namespace {

using namespace std::chrono_literals;

/// How long an attempt to open may keep the watch waiting.
constexpr auto attempt_time = 250ms;
/// A refusal that lasts so long is told, and after the second time believed: access rules are applied and
/// probing programs let go in between.
constexpr auto refusal_told = 1s;
constexpr auto refusal_believed = 2s;
/// A phone that cannot be opened for so long has left again; the next may come elsewhere.
constexpr auto opening_time = 3s;

bool is_refusal(const Error& error) { return error.code == Errc::busy || error.code == Errc::denied; }

/// Tells what comes and goes on the bus, and what to do about it.
class Lookout final : public PortWatcher {
 public:
  Lookout(SessionObserver& observer, std::optional<Discovery> discovery)
      : observer_(observer), discovery_(std::move(discovery)) {}

  void appeared(const PortSeen& port) override { tell(timeline_.appeared(port)); }
  void left(const PortSeen& port, Clock::TimePoint now) override { tell(timeline_.left(port, now)); }
  void trouble(const UsbTrouble& trouble) override { tell(timeline_.trouble(trouble)); }
  void looked(Clock::TimePoint now) override {
    if (coaching_) advise(coach_.at(now));
  }

  Discovery* discovery() { return discovery_ ? &*discovery_ : nullptr; }
  Coach& coach() { return coach_; }
  void advise(const Coach::Advice& advice) {
    for (const Notice& notice : advice) observer_.finding(notice);
  }
  /// Advice is for a phone that is not caught yet; what comes and goes is always told.
  void coach_on(bool on) { coaching_ = on; }

  void look() {
    if (discovery_) return discovery_->look(*this);
    looked(clock_.now());
  }
  /// The user is waited for from now on.
  void begin(bool only_new) {
    look();
    if (only_new && discovery_) discovery_->ignore_present();
    advise(coach_.begin(clock_.now()));
  }

  /// Attempts until one succeeds, with a look at the bus in between.
  Result<> keep_trying(const std::function<Result<>(const Wait&)>& attempt, const std::string& port,
                       const Wait& wait) {
    const auto deadline = wait.deadline(clock_.now());
    std::optional<Clock::TimePoint> refused_since;
    for (;;) {
      const auto left = std::max(deadline - clock_.now(), Clock::Duration::zero());
      auto opened = attempt(Wait{std::min<Clock::Duration>(left, attempt_time), wait.stop});
      if (opened) {
        look();  // what it came as
        return {};
      }
      const bool is_refused = is_refusal(opened.error());
      if (!is_refused && opened.error().code != Errc::timeout) return opened;
      const auto now = clock_.now();
      if (!is_refused) refused_since.reset();
      if (is_refused && !refused_since) refused_since = now;
      if (is_refused && now - *refused_since >= refusal_believed) return opened;
      if (is_refused && now - *refused_since >= refusal_told)
        advise(coach_.refused(port, opened.error().what));
      look();
      if (now >= deadline) return opened;
    }
  }

 private:
  void tell(const std::optional<BusEvent>& event) {
    if (!event) return;
    observer_.bus(*event);
    if (coaching_) advise(coach_.on(*event, clock_.now()));
  }

  SessionObserver& observer_;
  std::optional<Discovery> discovery_;
  BusTimeline timeline_;
  Coach coach_;
  SystemClock clock_;
  bool coaching_ = true;
};

using Link = std::unique_ptr<Transport>;

Result<Link> open_found(Lookout& lookout, const PortSeen& port, PortWay way, const Wait& wait) {
  Link link;
  const auto attempt = [&](const Wait& part) -> Result<> {
    MTK_TRY_LET(link, lookout.discovery()->open(port, part, way));
    return {};
  };
  MTK_TRY(lookout.keep_trying(attempt, port.name, wait));
  return link;
}

/// The next phone that comes, wherever.
Result<Link> open_any(Lookout& lookout, const AnyAddress& address, const Wait& wait) {
  SystemClock clock;
  const auto deadline = wait.deadline(clock.now());
  for (;;) {
    const Wait rest{std::max(deadline - clock.now(), Clock::Duration::zero()), wait.stop};
    MTK_TRY_LET(const PortSeen port, lookout.discovery()->wait_for_phone(rest, lookout));
    const Wait opening{std::min<Clock::Duration>(rest.timeout, opening_time), wait.stop};
    auto link = open_found(lookout, port, address.way, opening);
    const bool left_meanwhile = !link && link.error().code == Errc::timeout;
    if (!left_meanwhile || clock.now() >= deadline) return link;
  }
}

/// A download port, or what the table does not know and has a data port all the same.
std::optional<UsbIdentity> identity_at_a_named_place(std::uint16_t vendor, std::uint16_t product) {
  for (const KnownUsb& known : known_identities()) {
    if (known.vid != vendor || known.pid != product) continue;
    return known.flashable ? std::optional{known.identity} : std::nullopt;
  }
  return UsbIdentity::unknown;
}

Result<Link> open_named(Lookout& lookout, const std::string& name, const PortAddress& address,
                        const SystemRoots& roots, const Wait& wait) {
  Link link;
  const auto attempt = [&](const Wait& part) -> Result<> {
    if (const auto* usb = std::get_if<UsbAddress>(&address)) {
      const UsbOptions options{.usb_path = usb->usb_path, .identify = identity_at_a_named_place};
      MTK_TRY_LET(link, open_usb_place(options, roots, part));
    } else {
      MTK_TRY_LET(link, open_port(name, part));
    }
    return {};
  };
  MTK_TRY(lookout.keep_trying(attempt, name, wait));
  return link;
}

/// An open port whose lookout goes on when the phone leaves it.
class WatchedPort final : public Transport {
 public:
  WatchedPort(Link link, std::unique_ptr<Lookout> lookout, std::optional<AnyAddress> any)
      : link_(std::move(link)), lookout_(std::move(lookout)), any_(any) {
    lookout_->coach_on(false);
  }

  Result<std::size_t> read_some(std::span<std::byte> into, const Wait& wait, Content content) override {
    return link_->read_some(into, wait, content);
  }
  using Transport::write;
  Result<> write(std::span<const ByteView> parts, const Wait& wait, Content content) override {
    return link_->write(parts, wait, content);
  }
  void end_transfers_with(ZeroLengthPacket policy) override { link_->end_transfers_with(policy); }
  Clock& clock() override { return link_->clock(); }
  std::string name() const override { return link_->name(); }
  UsbIdentity identity() const override { return link_->identity(); }
  std::size_t answer_limit() const override { return link_->answer_limit(); }

  /// An identity that is expected is that of an agent; without one the phone left before it answered.
  Result<> reopen(UsbIdentity expected, const Wait& wait) override {
    const bool is_caught = expected != UsbIdentity::unknown;
    lookout_->coach_on(!is_caught);
    if (!is_caught && lookout_->discovery() == nullptr)
      lookout_->advise(lookout_->coach().lost_before_answer());
    const auto attempt = [&](const Wait& part) -> Result<> {
      auto back = link_->reopen(expected, part);
      if (back || back.error().code != Errc::timeout || is_caught || !any_) return back;
      const PortSeen* elsewhere = lookout_->discovery()->flashable();
      if (elsewhere == nullptr || elsewhere->name == link_->name()) return back;
      MTK_TRY_LET(link_, lookout_->discovery()->open(*elsewhere, part, any_->way));
      return {};
    };
    auto back = lookout_->keep_trying(attempt, link_->name(), wait);
    lookout_->coach_on(false);
    return back;
  }

 private:
  Link link_;
  std::unique_ptr<Lookout> lookout_;
  std::optional<AnyAddress> any_;
};

}  // namespace

Result<std::unique_ptr<Transport>> find_port(const std::string& port, const Wait& wait,
                                             SessionObserver& observer, const SystemRoots& roots) {
  PortAddress address = AnyAddress{};
  if (!port.empty()) {
    MTK_TRY_LET(address, parse_port_address(port));
  }
  const auto* any = std::get_if<AnyAddress>(&address);
  const bool is_network =
      std::holds_alternative<TcpAddress>(address) || std::holds_alternative<UnixAddress>(address);
  std::optional<Discovery> discovery;
  if (!is_network) {
    const auto known = known_identities();
    auto started = Discovery::start(known, roots);
    // A port with a name can be opened without a view of the bus.
    if (!started && any != nullptr) return fail(std::move(started.error()));
    if (started) discovery.emplace(std::move(*started));
  }
  auto lookout = std::make_unique<Lookout>(observer, std::move(discovery));
  lookout->begin(any != nullptr && any->only_new);
  Link link;
  if (any != nullptr) {
    MTK_TRY_LET(link, open_any(*lookout, *any, wait));
  } else {
    MTK_TRY_LET(link, open_named(*lookout, port, address, roots, wait));
  }
  return std::make_unique<WatchedPort>(std::move(link), std::move(lookout),
                                       any == nullptr ? std::nullopt : std::optional{*any});
}

}  // namespace mtk
