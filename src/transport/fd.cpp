// SPDX-License-Identifier: Apache-2.0
#include "transport/fd.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace mtk {

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void UniqueFd::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

std::string system_error_text(std::string_view action, int error) {
  return fmt::format("{}: {}", action, std::generic_category().message(error));
}

namespace {

Clock::TimePoint now() { return SystemClock{}.now(); }

timespec to_timespec(Clock::Duration duration) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
  return {.tv_sec = seconds.count(), .tv_nsec = (duration - seconds).count()};
}

/// Polls one descriptor and, where a stop is possible, an eventfd that the stop writes to.
Result<> poll_until(int fd, short events, Clock::TimePoint deadline, const std::stop_token& stop) {
  UniqueFd woken;
  if (stop.stop_possible()) {
    woken = UniqueFd{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!woken) return fail(Errc::io, system_error_text("eventfd", errno));
  }
  // Runs at once when stop was requested before.
  const std::stop_callback<std::function<void()>> wake{stop, [&woken] { eventfd_write(woken.get(), 1); }};

  std::array<pollfd, 2> fds{pollfd{fd, events, 0},
                            pollfd{woken.get(), POLLIN, 0}};  // a negative fd is skipped
  for (;;) {
    const timespec left = to_timespec(std::max(deadline - now(), Clock::Duration::zero()));
    const int ready = ppoll(fds.data(), fds.size(), &left, nullptr);
    if (ready < 0 && errno != EINTR) return fail(Errc::io, system_error_text("poll", errno));
    if (stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
    if (ready > 0 && fds[0].revents != 0) return {};
    if (now() >= deadline) return fail(Errc::timeout, "nothing happened before the deadline");
  }
}

}  // namespace

Result<> wait_until(Readiness what, const UniqueFd& fd, Clock::TimePoint deadline,
                    const std::stop_token& stop) {
  return poll_until(fd.get(), what == Readiness::readable ? POLLIN : POLLOUT, deadline, stop);
}

Result<> pause_for(Clock::Duration duration, Clock::TimePoint deadline, const std::stop_token& stop) {
  const auto end = std::min(now() + duration, deadline);
  const auto waited = poll_until(-1, 0, end, stop);
  if (waited.error().code == Errc::timeout && end < deadline) return {};
  return waited;
}

}  // namespace mtk
