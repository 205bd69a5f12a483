// SPDX-License-Identifier: Apache-2.0
// What reading, writing and erasing share, and the questions a running agent may be asked.
#include "da/xflash/agent.h"

#include "base/checked.h"
#include "da/xflash/replies.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk::xflash {
namespace {

constexpr std::uint32_t storage_emmc = 1;
constexpr std::uint32_t storage_sd = 2;
constexpr std::uint32_t storage_ufs = 0x30;
constexpr std::size_t rest_of_range = 32;  // settings of NAND, all 0 on other storage
// Kinds of NAND with several bits in a cell.
constexpr std::array<std::uint32_t, 4> multi_level{0x12, 0x13, 0x14, 0x16};
constexpr std::size_t max_signature_size = 8 << 20;

/// How the agent numbers the areas of an eMMC.
std::optional<std::uint32_t> emmc_section(Area area) {
  switch (area) {
    case Area::boot1:
      return 1;
    case Area::boot2:
      return 2;
    case Area::rpmb:
      return 3;
    case Area::gp1:
      return 4;
    case Area::gp2:
      return 5;
    case Area::gp3:
      return 6;
    case Area::gp4:
      return 7;
    case Area::user:
      return 8;
    default:
      return std::nullopt;
  }
}

std::optional<std::uint32_t> ufs_section(Area area) {
  switch (area) {
    case Area::lu0:
      return 1;
    case Area::lu1:
      return 2;
    case Area::lu2:
      return 3;
    default:
      return std::nullopt;
  }
}

}  // namespace

XflashAgent::XflashAgent(AgentLink link, AgentFacts facts, const AgentTuning& tuning, std::uint32_t nand_type)
    : link_(std::move(link)), facts_(std::move(facts)), tuning_(tuning), nand_type_(nand_type) {
  MTK_ASSERT(facts_.packet_size > 0 && facts_.packet_size <= max_packet_size);
}

std::optional<XflashAgent::Place> XflashAgent::name_of(Area area) const {
  const auto in_section = [](std::uint32_t storage, std::optional<std::uint32_t> section) {
    return section ? std::optional{Place{.storage = storage, .section = *section}} : std::nullopt;
  };
  switch (facts_.storage) {
    case StorageKind::emmc:
      return in_section(storage_emmc, emmc_section(area));
    case StorageKind::sd:
      return in_section(storage_sd, emmc_section(area));
    case StorageKind::ufs:
      return in_section(storage_ufs, ufs_section(area));
    case StorageKind::nand:
      if (area == Area::nand) return Place{.storage = nand_type_, .section = link_.chip().nand_section};
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

Result<XflashAgent::Place> XflashAgent::place_of(const Region& region) const {
  if (facts_.storage == StorageKind::nor || facts_.storage == StorageKind::unknown)
    return fail(Errc::unsupported,
                "this program works on eMMC, SD, UFS and NAND storage of such phones only");
  auto place = name_of(region.area);
  const AreaFacts* area = facts_.area(region.area);
  if (!place || area == nullptr)
    return fail(Errc::out_of_range, fmt::format("this phone has no area {}", to_string(region.area)));
  if (region.length == 0 || !fits(region.offset, region.length, area->size))
    return fail(Errc::out_of_range,
                fmt::format("{} is not inside an area of {} bytes", to_string(region), area->size));
  place->offset = region.offset;
  place->length = region.length;
  return *place;
}

Result<XflashAgent::Place> XflashAgent::place_to_change(const Region& region) const {
  if (facts_.writes_by_name)
    return fail(Errc::unsupported, "NAND is written and erased by partition name only");
  return place_of(region);
}

Result<> XflashAgent::send_place(const Place& place) {
  ByteWriter range;
  range.le(place.storage).le(place.section).le(place.offset).le(place.length);
  if (facts_.storage == StorageKind::nand) {
    const bool several_bits = std::ranges::count(multi_level, place.storage) > 0;
    constexpr std::uint32_t logical_address = 0;
    constexpr std::uint32_t raw_content = 0;
    constexpr std::uint32_t no_nand_region = 0;
    range.le(std::uint32_t{several_bits}).le(logical_address).le(raw_content).le(no_nand_region);
    range.le(std::uint32_t{link_.chip().nand_operation}).fill(rest_of_range - 5 * sizeof(std::uint32_t));
  } else {
    range.fill(rest_of_range);
  }
  return link_.packets().send(range.view());
}

Result<> XflashAgent::check_name(std::string_view partition) {
  const bool is_text = std::ranges::all_of(partition, [](char c) { return c > ' ' && c <= '~'; });
  if (partition.empty() || partition.size() >= name_size || !is_text)
    return fail(Errc::out_of_range, "no name an agent could know: " + printable_text(to_bytes(partition)));
  return {};
}

Result<> XflashAgent::send_name(std::string_view partition) {
  ByteWriter name;
  name.text(partition, name_size);
  return link_.packets().send(name.view());
}

std::uint64_t XflashAgent::largest_area() const {
  std::uint64_t largest = 0;
  for (const AreaFacts& area : facts_.areas) largest = std::max(largest, area.size);
  return largest;
}

bool XflashAgent::wants_name(const Error& error) const {
  return error.device_status && error.device_status->kind == StatusKind::xflash32 &&
         error.device_status->code == status::write_not_allowed;
}

Result<std::uint32_t> XflashAgent::battery_voltage(OpContext& op) {
  return at_stage(Stage::da2, [&]() -> Result<std::uint32_t> {
    MTK_TRY_LET(const Bytes answer, link_.get(control::battery_voltage, op.observer));
    return static_cast<std::uint32_t>(read_number(answer));
  });
}

Result<Bytes> XflashAgent::hardware_random_id(OpContext& op) {
  return at_stage(Stage::da2, [&] { return link_.get(control::hrid, op.observer, Content::withheld); });
}

Result<std::uint32_t> XflashAgent::otp_status(OpContext& op) {
  return at_stage(Stage::da2, [&] { return link_.result_of(control::otp_lock_status, op.observer); });
}

Result<FactTexts> XflashAgent::further_facts(OpContext& op) {
  const auto otp = otp_status(op);
  if (!otp && !is_refusal(otp.error())) return fail(otp.error());
  if (!otp) return FactTexts{};
  return FactTexts{{"One-time programmable zone", *otp == status::otp_locked ? "locked"
                                                  : *otp == status::otp_unlocked
                                                      ? "not locked"
                                                      : fmt::format("0x{:08X}", *otp)}};
}

Result<std::uint32_t> XflashAgent::read_register32(std::uint32_t address, OpContext& op) {
  return at_stage(Stage::da2, [&]() -> Result<std::uint32_t> {
    ByteWriter parameter;
    parameter.le(address).le(std::uint32_t{0});
    MTK_TRY_LET(const Bytes answer, link_.exchange(control::read_register, parameter.view(), op.observer));
    ByteReader in{answer};
    in.skip(sizeof(address));
    const auto value = in.le<std::uint32_t>();
    MTK_TRY(in.ok());
    return value;
  });
}

Result<> XflashAgent::write_register32(std::uint32_t address, std::uint32_t value, OpContext& op) {
  return at_stage(Stage::da2, [&] {
    ByteWriter parameter;
    parameter.le(address).le(value);
    return link_.set(control::set_register, parameter.view(), op.observer);
  });
}

Result<> XflashAgent::set_signature(ByteView signature, OpContext& op) {
  return at_stage(Stage::da2, [&]() -> Result<> {
    if (signature.empty() || signature.size() > max_signature_size)
      return fail(Errc::bad_image, fmt::format("a signature of {} bytes", signature.size()));
    return link_.set(control::set_all_in_one_signature, signature, op.observer, Content::withheld);
  });
}

}  // namespace mtk::xflash
