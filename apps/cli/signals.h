// SPDX-License-Identifier: Apache-2.0
// How often the user has asked this program to stop (Ctrl+C, or a kill).
#pragma once

namespace mtk::cli {

/// Counts SIGINT, SIGTERM and SIGHUP while it lives. One at a time.
class StopRequests {
 public:
  StopRequests();
  ~StopRequests();
  StopRequests(const StopRequests&) = delete;
  StopRequests& operator=(const StopRequests&) = delete;
  int count() const;
};

/// Ends the program at once: no destructors, nothing waits for the phone.
[[noreturn]] void leave_at_once(int exit_code);
/// A reader that went away must not end a flash.
void ignore_closed_pipes();

}  // namespace mtk::cli
