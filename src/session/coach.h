// SPDX-License-Identifier: Apache-2.0
// What to tell somebody whose phone is not caught yet. Advice follows from what was seen and from how long
// nothing was; each is given once. No I/O: events and time go in, advice comes out.
#pragma once

#include "base/clock.h"
#include "base/text.h"

#include <mtk/session.h>

#include <map>
#include <set>
#include <span>

namespace mtk {

class Coach {
 public:
  using Advice = std::vector<Notice>;

  /// What is plugged in already was told to on() before; from now on the user is waited for.
  Advice begin(Clock::TimePoint now);
  Advice on(const BusEvent& event, Clock::TimePoint now);
  /// Time passes.
  Advice at(Clock::TimePoint now);
  /// The port is there and cannot be opened for now.
  Advice refused(const std::string& port, const std::string& reason);
  /// The link broke before the phone had answered, where no bus is watched.
  Advice lost_before_answer();

  /// The agent was started and says nothing; then it does.
  Advice silent(std::chrono::seconds waited);
  Advice speaks();
  /// The boot ROM's agent could not start the phone's memory.
  Advice memory_failed();

  /// Everything there is to say, for the documents that say it too.
  static std::span<const Text> sentences();

 private:
  Advice once(std::string_view id, Text text);
  Advice on_face(const BusEvent& event);
  Advice on_left(const BusEvent& event);
  Advice on_failure(const std::string& port);

  bool begun_ = false;
  bool seen_anything_ = false;
  unsigned left_unanswered_ = 0;
  std::optional<Clock::TimePoint> empty_since_;  // while no phone is on the bus
  std::map<std::string, std::string> faces_;     // on the bus now, by port
  std::set<std::string, std::less<>> given_;
};

}  // namespace mtk
