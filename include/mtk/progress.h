// SPDX-License-Identifier: Apache-2.0
// What a long operation takes along: a way to be stopped and someone to tell. Part of the public API.
#pragma once

#include <mtk/error.h>

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

namespace mtk {

/// Amounts are bytes. Rate and remaining time are the front end's to compute.
struct Progress {
  Stage stage = Stage::host;
  std::string item;        ///< partition or file being worked on
  std::uint64_t done = 0;  ///< of the item
  std::uint64_t total = 0;
  std::uint64_t all_done = 0;  ///< of the whole run; 0/0 when there is no plan
  std::uint64_t all_total = 0;
};

enum class LogLevel : std::uint8_t { error, warning, info, debug };

/// Called on the thread of the phone; must return quickly.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void stage(Stage) {}
  virtual void progress(const Progress&) {}
  virtual void write(LogLevel, std::string_view) {}
  /// The phone has said nothing for so long where its first word is due. The wait goes on.
  virtual void silent(std::chrono::seconds) {}
};

struct OpContext {
  std::stop_token stop;
  Observer& observer;
};

}  // namespace mtk
