// SPDX-License-Identifier: Apache-2.0
// File descriptors: ownership, and waits that end at a deadline or at once when stop is requested.
#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <utility>

namespace mtk {

class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  ~UniqueFd() { close(); }

  void close();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

enum class Readiness : std::uint8_t { readable, writable };

/// Waits until a call on `fd` will not block: there is room or data, or the other end is gone.
/// Errors: timeout, cancelled, io.
Result<> wait_until(Readiness what, const UniqueFd& fd, Clock::TimePoint deadline,
                    const std::stop_token& stop);

/// Waits at most `duration`, not longer than to the deadline. Errors: timeout (the deadline passed),
/// cancelled.
Result<> pause_for(Clock::Duration duration, Clock::TimePoint deadline, const std::stop_token& stop);

/// `open /dev/ttyACM0: no such device`, for an errno value.
std::string system_error_text(std::string_view action, int error);

}  // namespace mtk
