// SPDX-License-Identifier: Apache-2.0
// How attempts to reach a phone ended: one line of JSON each in a small file of the tool, for `mtkflash
// doctor`. Holds nothing that tells phones or people apart, not even a date, and goes nowhere.
#pragma once

#include "base/result.h"

#include <mtk/session.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mtk {

enum class AttemptEnd : std::uint8_t {
  caught,      ///< the phone said who it is
  left,        ///< its port was there and left before it answered
  silent,      ///< its port was there and it did not answer as a phone does
  not_opened,  ///< its port was there and could not be opened
  no_phone     ///< nothing came in time
};
std::string_view to_string(AttemptEnd end);

struct Attempt {
  AttemptEnd end = AttemptEnd::caught;
  std::string way = {};               ///< `usb` or `tty`
  std::string entry = {};             ///< of a phone that was caught: `brom` or `preloader`
  std::chrono::milliseconds took{0};  ///< from the start of the wait

  bool operator==(const Attempt&) const = default;
};

/// What such an attempt comes to; nothing where it tells nothing about cables and ports (stopped by the user,
/// a virtual phone on a socket, a file that was missing).
/// \param port   as ConnectOptions::port
/// \param error  null when the phone was caught
/// \param lost   whether a phone's port was seen to leave meanwhile
std::optional<Attempt> attempt_of(const std::string& port, const Error* error, bool lost,
                                  const PhoneCard& phone, std::chrono::milliseconds took);

class ConnectionLog {
 public:
  explicit ConnectionLog(std::filesystem::path file) : file_(std::move(file)) {}
  /// In the tool's own folder.
  static ConnectionLog usual();

  /// Keeps the file below 32 KiB; the oldest lines go. Errors: io.
  Result<> add(const Attempt& attempt) const;
  /// Oldest first. Lines that are not understood are left out.
  std::vector<Attempt> attempts() const;

 private:
  std::filesystem::path file_;
};

}  // namespace mtk
