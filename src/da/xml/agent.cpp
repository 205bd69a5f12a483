// SPDX-License-Identifier: Apache-2.0
// Reading, writing and erasing storage by place, and how the agent is left.
#include "da/xml/agent.h"

#include "base/ascii.h"
#include "base/checked.h"

#include <fmt/format.h>

namespace mtk::xml {
namespace {

/// How a secured agent's message begins that refuses an area or partition.
constexpr std::string_view denied = "Security deny";

/// The error of a command that is not even sent.
auto not_sent(std::string_view command, Errc code, std::string what) {
  return fail(Error{.code = code, .what = std::move(what)}.in(std::string{command}));
}

}  // namespace

Result<> XmlAgent::run(Stage stage, const Command& command, Services& services, OpContext& op) {
  return at(stage, conversation_.run(command, services, op));
}

Result<> XmlAgent::check_writes_by_place(std::string_view command) const {
  if (!facts_.writes_by_name) return {};
  return not_sent(command, Errc::unsupported, "NAND is written and erased by partition name only");
}

Result<std::string_view> XmlAgent::area_of(const Region& region) const {
  const auto name = area_name(region.area, facts_.storage);
  const AreaFacts* area = facts_.area(region.area);
  if (!name || area == nullptr)
    return fail(Errc::out_of_range, fmt::format("this phone has no area {}", to_string(region.area)));
  if (region.length == 0 || !fits(region.offset, region.length, area->size))
    return fail(Errc::out_of_range,
                fmt::format("{} is not inside an area of {} bytes", to_string(region), area->size));
  return *name;
}

Result<> XmlAgent::read(const Region& region, Sink& sink, std::string_view item, OpContext& op) {
  const auto read_region = [&]() -> Result<> {
    MTK_TRY_LET(const std::string_view area, in(area_of(region), std::string{ReadFlash::name}));
    const std::string file = fmt::format("MEM://0x2000:{:#x}", region.length);
    Services services{.awaited = AwaitedFile{.name = file, .sink = sink, .size = region.length},
                      .counts = Counts::sent_and_received,
                      .progress = {.stage = Stage::da2, .item = std::string{item}, .total = region.length}};
    const ReadFlash command{
        .area = area, .offset = region.offset, .length = region.length, .target_file = file};
    return conversation_.run(to_command(command), services, op);
  };
  return at(Stage::da2, read_region());
}

Result<> XmlAgent::write(const Region& region, Source& source, std::string_view item, OpContext& op) {
  const auto write_region = [&]() -> Result<> {
    MTK_TRY(check_writes_by_place(WriteFlash::name));
    MTK_TRY_LET(const std::string_view area, in(area_of(region), std::string{WriteFlash::name}));
    if (source.size() != region.length)
      return not_sent(WriteFlash::name, Errc::usage,
                      fmt::format("image has {} bytes for a region of {}", source.size(), region.length));
    if (region.offset % facts_.write_unit != 0)
      return not_sent(WriteFlash::name, Errc::out_of_range,
                      fmt::format("writing starts at {:#x}, not at a block of {} bytes", region.offset,
                                  facts_.write_unit));
    const std::string file = fmt::format("MEM://0x3000:{:#x}", region.length);
    Services services{.offered = {{.name = file, .source = source}},
                      .counts = Counts::sent_and_received,
                      .progress = {.stage = Stage::write, .item = std::string{item}, .total = region.length},
                      .step_patience = wait_for::erase_step};
    const WriteFlash command{.area = area, .offset = region.offset, .source_file = file};
    return conversation_.run(to_command(command), services, op);
  };
  return at(Stage::write, write_region());
}

Result<> XmlAgent::erase(const Region& region, std::string_view item, OpContext& op) {
  const auto erase_region = [&]() -> Result<> {
    MTK_TRY(check_writes_by_place(EraseFlash::name));
    MTK_TRY_LET(const std::string_view area, in(area_of(region), std::string{EraseFlash::name}));
    const bool is_whole = region.offset % facts_.erase_unit == 0 && region.length % facts_.erase_unit == 0;
    if (!is_whole)
      return not_sent(
          EraseFlash::name, Errc::out_of_range,
          fmt::format("{} is not made of blocks of {} bytes", to_string(region), facts_.erase_unit));
    Services services{.counts = Counts::reports,
                      .progress = {.stage = Stage::erase, .item = std::string{item}, .total = region.length},
                      .step_patience = wait_for::erase_step};
    const EraseFlash command{.area = area, .offset = region.offset, .length = region.length};
    return conversation_.run(to_command(command), services, op);
  };
  return at(Stage::erase, erase_region());
}

bool XmlAgent::wants_name(const Error& error) const {
  return error.code == Errc::device_status && error.device_status &&
         error.device_status->kind == StatusKind::xml_text &&
         starts_ignoring_case(error.device_status->text, denied);
}

/// After the last OK the phone restarts, so that word may be lost. An agent that is to stay hears nothing: it
/// goes on offering to take a command.
Result<> XmlAgent::finish(BootMode next, OpContext& op) {
  OpContext to_the_end{{}, op.observer};  // what a stopped run has to do last
  const auto leave = [&](std::string_view action) {
    Services services{.phone_leaves = true};
    return conversation_.run(to_command(Reboot{.action = action}), services, to_the_end);
  };
  const auto restart_into = [&](std::string_view mode) -> Result<> {
    Services services;
    MTK_TRY(conversation_.run(to_command(SetBootMode{.mode = mode}), services, to_the_end));
    return leave(Reboot::immediate);
  };
  const auto finish_as = [&]() -> Result<> {
    switch (next) {
      case BootMode::normal:
        return leave(Reboot::immediate);
      case BootMode::off:
        return leave(Reboot::disconnect);
      case BootMode::stay:
        return {};
      case BootMode::fastboot:
        return restart_into(SetBootMode::fastboot);
      case BootMode::meta:
        return restart_into(SetBootMode::meta);
      default:
        break;
    }
    return fail(Errc::unsupported, fmt::format("this agent has no start into `{}`", to_string(next)));
  };
  auto finished = at(Stage::reboot, finish_as());
  conversation_.link().give_up();
  return finished;
}

}  // namespace mtk::xml
