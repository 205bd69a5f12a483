// SPDX-License-Identifier: Apache-2.0
// A pseudo-terminal behind a symbolic link. Opening the link is plugging in; when the phone changes its
// identity the link goes and comes back with another terminal behind it.
#include "carrier.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace mtk::phone {

namespace {

/// How long a host may take to read the last answer before the terminal goes.
constexpr int farewell_ms = 200;

class PtyCarrier final : public Carrier {
 public:
  explicit PtyCarrier(std::string link) : link_(std::move(link)) {}
  ~PtyCarrier() override { ::unlink(link_.c_str()); }

  std::string address() const override { return "pty:" + link_; }
  int door() const override { return watch_.get(); }
  int exit() const override { return watch_.get(); }

  /// A terminal closed and opened again at once looks open all the time; only the event tells.
  bool host_has_left() override { return take_events(IN_CLOSE); }

  Result<> appear() {
    Fd master{::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
    std::array<char, 128> name{};
    if (!master || ::grantpt(master.get()) != 0 || ::unlockpt(master.get()) != 0 ||
        ::ptsname_r(master.get(), name.data(), name.size()) != 0)
      return fail(system_error("make a pseudo-terminal"));
    {
      // Opened and closed once, so that from now on "nobody has it open" is visible on the master.
      const Fd slave{::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC)};
      termios settings{};
      if (!slave || ::tcgetattr(slave.get(), &settings) != 0)
        return fail(system_error("open the pseudo-terminal"));
      ::cfmakeraw(&settings);
      if (::tcsetattr(slave.get(), TCSANOW, &settings) != 0)
        return fail(system_error("set up the pseudo-terminal"));
    }
    name_ = name.data();
    MTK_TRY(watch());
    struct stat old {};
    if (::lstat(link_.c_str(), &old) == 0) {
      if (!S_ISLNK(old.st_mode)) return fail(Errc::usage, fmt::format("{} exists and is no link", link_));
      ::unlink(link_.c_str());
    }
    if (::symlink(name.data(), link_.c_str()) != 0) return fail(system_error("make the link " + link_));
    master_ = std::move(master);
    return {};
  }

  Result<std::optional<int>> let_in() override {
    take_events(0);
    pollfd state{.fd = master_.get(), .events = POLLIN, .revents = 0};
    ::poll(&state, 1, 0);
    if ((state.revents & POLLHUP) != 0) return std::nullopt;
    return master_.get();
  }

  Result<> drop() override {
    ::unlink(link_.c_str());
    const Fd slave{::open(name_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
    for (int waited = 0; slave && waited < farewell_ms; ++waited) {
      int unread = 0;
      if (::ioctl(slave.get(), FIONREAD, &unread) != 0 || unread == 0) break;
      ::poll(nullptr, 0, 1);
    }
    return appear();
  }

  Result<> let_go() override {
    watch_ = Fd{};  // our own opening is no host's
    {
      // What the old host did not read is not for the new one.
      const Fd slave{::open(name_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
      if (!slave || ::tcflush(slave.get(), TCIOFLUSH) != 0) return drop();
    }
    return watch();
  }

 private:
  Result<> watch() {
    Fd events{::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
    if (!events || ::inotify_add_watch(events.get(), name_.c_str(), IN_OPEN | IN_CLOSE) < 0)
      return fail(system_error("watch the pseudo-terminal"));
    watch_ = std::move(events);
    return {};
  }

  /// Takes all events that wait; true when one of them is of the kind looked for.
  bool take_events(std::uint32_t kind) {
    bool seen = false;
    std::array<std::byte, 4096> events;
    while (true) {
      const ssize_t got = ::read(watch_.get(), events.data(), events.size());
      if (got <= 0) return seen;
      for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(got);) {
        inotify_event event{};
        std::memcpy(&event, events.data() + at, sizeof event);
        seen = seen || (event.mask & kind) != 0;
        at += sizeof event + event.len;
      }
    }
  }

  std::string link_;
  std::string name_;
  Fd master_;
  Fd watch_;
};

}  // namespace

Result<std::unique_ptr<Carrier>> listen_on_pty(const std::string& link) {
  if (link.empty()) return fail(Errc::usage, "pty: wants the name of the link to make");
  auto carrier = std::make_unique<PtyCarrier>(link);
  MTK_TRY(carrier->appear());
  return carrier;
}

}  // namespace mtk::phone
