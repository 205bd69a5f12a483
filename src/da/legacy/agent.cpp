// SPDX-License-Identifier: Apache-2.0
// What reading, writing and erasing share, and how the agent is left.
#include "da/legacy/agent.h"

#include "base/checked.h"
#include "da/legacy/commands.h"

#include <fmt/format.h>

namespace mtk::legacy {
namespace {

constexpr std::uint32_t leave_bus_and_release_power_key = 0;

/// How the agent numbers the areas of an eMMC.
std::optional<std::uint8_t> part_of(Area area) {
  switch (area) {
    case Area::boot1:
      return std::uint8_t{1};
    case Area::boot2:
      return std::uint8_t{2};
    case Area::rpmb:
      return std::uint8_t{3};
    case Area::gp1:
      return std::uint8_t{4};
    case Area::gp2:
      return std::uint8_t{5};
    case Area::gp3:
      return std::uint8_t{6};
    case Area::gp4:
      return std::uint8_t{7};
    case Area::user:
      return part_user;
    default:
      return std::nullopt;
  }
}

}  // namespace

LegacyAgent::LegacyAgent(AgentLink link, AgentFacts facts, const AgentTuning& tuning)
    : link_(std::move(link)), facts_(std::move(facts)) {
  tune(tuning);
  if (facts_.storage == StorageKind::sd) {
    storage_ = storage_sd;
    write_storage_ = write_storage_sd;
  }
}

void LegacyAgent::tune(const AgentTuning& tuning) {
  MTK_ASSERT(tuning.packet_size > 0 && tuning.packet_size <= max_packet_size && tuning.read_piece > 0);
  tuning_ = tuning;
  facts_.packet_size = tuning.packet_size;
}

Result<LegacyAgent::Place> LegacyAgent::place_of(const Region& region) const {
  if (facts_.storage != StorageKind::emmc && facts_.storage != StorageKind::sd)
    return fail(Errc::unsupported, "this program works on eMMC and SD storage of such phones only");
  const auto part = part_of(region.area);
  const AreaFacts* area = facts_.area(region.area);
  if (!part || area == nullptr)
    return fail(Errc::out_of_range, fmt::format("this phone has no area {}", to_string(region.area)));
  if (region.length == 0 || !fits(region.offset, region.length, area->size))
    return fail(Errc::out_of_range,
                fmt::format("{} is not inside an area of {} bytes", to_string(region), area->size));
  return Place{.part = *part, .offset = region.offset, .length = region.length};
}

Result<> LegacyAgent::select_part(std::uint8_t part) {
  return guarded(Stage::da2, SwitchPart::name, [&]() -> Result<> {
    if (selected_part_ == part) return {};
    selected_part_.reset();
    MTK_TRY(link_.send(SwitchPart::opcode));
    MTK_TRY(link_.expect_ack(wait_for::command));
    MTK_TRY(link_.send(part));
    MTK_TRY(link_.expect_ack(wait_for::command));
    selected_part_ = part;
    return {};
  });
}

/// The phone restarts at once, so its last word may be lost with the port.
Result<> LegacyAgent::restart() {
  MTK_TRY(link_.send(to_wire(Reset{})));
  auto answered = link_.expect_ack(wait_for::finish);
  if (!answered && answered.error().code == Errc::disconnected) return {};
  return answered;
}

/// The agent takes no more commands afterwards. Leaving the bus may swallow its last word.
Result<> LegacyAgent::leave_download_mode() {
  MTK_TRY(link_.send(to_wire(Finish{})));
  MTK_TRY(link_.expect_ack(wait_for::finish));
  ByteWriter word;
  word.be(leave_bus_and_release_power_key);
  MTK_TRY(link_.send(word.view()));
  auto answered = link_.expect_ack(wait_for::finish);
  const bool is_gone =
      !answered && (answered.error().code == Errc::disconnected || answered.error().code == Errc::timeout);
  return is_gone ? Result<>{} : answered;
}

Result<> LegacyAgent::finish(BootMode next, OpContext&) {
  const auto name = next == BootMode::normal ? Reset::name : Finish::name;
  auto finished = guarded(Stage::reboot, name, [&]() -> Result<> {
    switch (next) {
      case BootMode::normal:
        return restart();
      case BootMode::off:
        return leave_download_mode();
      case BootMode::stay:
        return {};
      default:
        break;
    }
    return fail(Errc::unsupported, "this agent does not choose how the phone starts");
  });
  link_.give_up();
  return finished;
}

}  // namespace mtk::legacy
