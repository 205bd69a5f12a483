// SPDX-License-Identifier: Apache-2.0
#include "session/coach.h"

#include <algorithm>
#include <array>

namespace mtk {
namespace {

using fmt::arg;
using namespace std::chrono_literals;
using Advice = Coach::Advice;

/// A phone that is off and plugged in shows a port within seconds.
constexpr auto keys_after = 20s;
/// Nobody waits a minute with a cable that works, and sees nothing at all.
constexpr auto cable_after = 60s;

Notice notice(std::string_view id, LogLevel level, std::string text) {
  return {.id = std::string{id}, .level = level, .text = std::move(text), .actions = {}};
}

bool is_download_port(std::string_view face) {
  constexpr std::array faces{"brom", "preloader", "agent", "vcom"};
  return std::ranges::find(faces, face) != faces.end();
}

bool is_running_phone(std::string_view face) { return face == "adb" || face == "mtp"; }

}  // namespace

std::span<const Text> Coach::sentences() {
  static constexpr std::array all{Text::coach_plug_in,           Text::coach_try_keys,
                                  Text::coach_charge_only_cable, Text::coach_phone_on,
                                  Text::coach_adb_seen,          Text::coach_fastboot_seen,
                                  Text::coach_recovery_seen,     Text::coach_meta_seen,
                                  Text::coach_left_again,        Text::coach_keys_after_leaving,
                                  Text::coach_booted_instead,    Text::coach_usb_descriptor_failed,
                                  Text::coach_bus_busy,          Text::coach_over_current,
                                  Text::coach_port_refused,      Text::coach_agent_silent,
                                  Text::coach_agent_answers,     Text::coach_memory_failed};
  return all;
}

Advice Coach::once(std::string_view id, Text text) {
  if (!given_.emplace(id).second) return {};
  return {notice(id, LogLevel::warning, std::string{mtk::text(text)})};
}

Advice Coach::begin(Clock::TimePoint now) {
  if (begun_) return {};
  begun_ = true;
  if (!faces_.empty()) return {};  // what is there was spoken of
  empty_since_ = now;
  given_.emplace("plug_in");
  return {notice("plug_in", LogLevel::info, std::string{text(Text::coach_plug_in)})};
}

Advice Coach::on_face(const BusEvent& event) {
  if (is_download_port(event.face)) return {};
  if (is_running_phone(event.face) && left_unanswered_ > 0 && !given_.contains("booted_instead"))
    return once("booted_instead", Text::coach_booted_instead);
  if (event.face == "adb") return once("adb_seen", Text::coach_adb_seen);
  if (event.face == "mtp") return once("not_download_mode", Text::coach_phone_on);
  if (event.face == "fastboot") return once("fastboot_seen", Text::coach_fastboot_seen);
  if (event.face == "recovery") return once("recovery_seen", Text::coach_recovery_seen);
  if (event.face == "meta") return once("meta_seen", Text::coach_meta_seen);
  return {};
}

Advice Coach::on_left(const BusEvent& event) {
  if (!is_download_port(event.face)) return {};
  if (++left_unanswered_ == 1) return once("left_again", Text::coach_left_again);
  return once("keys_after_leaving", Text::coach_keys_after_leaving);
}

/// A place is known, `usb:1-2`, or only the bus, `usb:1`.
Advice Coach::on_failure(const std::string& port) {
  const bool is_place = port.find('-') != std::string::npos;
  const std::string_view id = is_place ? "usb_descriptor_failed" : "bus_busy";
  if (!given_.emplace(id).second) return {};
  // Keys come after another cable here, and the text says so.
  if (is_place) given_.emplace("try_keys");
  return {notice(id, LogLevel::warning,
                 is_place ? say(Text::coach_usb_descriptor_failed, arg("port", port))
                          : say(Text::coach_bus_busy, arg("bus", port.substr(port.find(':') + 1))))};
}

Advice Coach::on(const BusEvent& event, Clock::TimePoint now) {
  seen_anything_ = true;
  switch (event.kind) {
    case BusEvent::Kind::appeared:
    case BusEvent::Kind::changed:
      if (event.face.empty()) return {};  // a stranger is no phone
      faces_[event.port] = event.face;
      empty_since_.reset();
      return on_face(event);
    case BusEvent::Kind::left:
      faces_.erase(event.port);
      if (faces_.empty()) empty_since_ = now;
      return on_left(event);
    case BusEvent::Kind::failed:
      return on_failure(event.port);
    case BusEvent::Kind::over_current:
      if (!given_.emplace("over_current").second) return {};
      return {
          notice("over_current", LogLevel::warning, say(Text::coach_over_current, arg("port", event.port)))};
  }
  return {};
}

Advice Coach::at(Clock::TimePoint now) {
  if (!begun_ || !empty_since_) return {};
  const auto empty = now - *empty_since_;
  if (empty >= Clock::Duration{cable_after} && !seen_anything_)
    return once("charge_only_cable", Text::coach_charge_only_cable);
  if (empty >= Clock::Duration{keys_after}) return once("try_keys", Text::coach_try_keys);
  return {};
}

Advice Coach::refused(const std::string& port, const std::string& reason) {
  if (!given_.emplace("port_refused").second) return {};
  return {notice("port_refused", LogLevel::warning,
                 say(Text::coach_port_refused, arg("port", port), arg("reason", reason)))};
}

Advice Coach::lost_before_answer() {
  BusEvent left{.kind = BusEvent::Kind::left};
  left.face = "vcom";
  return on_left(left);
}

Advice Coach::silent(std::chrono::seconds waited) {
  if (!given_.emplace("agent_silent").second) return {};
  return {notice("agent_silent", LogLevel::warning,
                 say(Text::coach_agent_silent, arg("seconds", waited.count())))};
}

Advice Coach::speaks() {
  if (!given_.contains("agent_silent") || !given_.emplace("agent_answers").second) return {};
  return {notice("agent_answers", LogLevel::info, std::string{text(Text::coach_agent_answers)})};
}

Advice Coach::memory_failed() { return once("memory_failed", Text::coach_memory_failed); }

}  // namespace mtk
