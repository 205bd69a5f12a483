// SPDX-License-Identifier: Apache-2.0
// What stage 2 says about storage and memory once it runs.
// Source: docs/protocol/da-legacy.md#report
#pragma once

#include "base/wire.h"
#include "da/legacy/agent_link.h"

#include <optional>

namespace mtk::legacy {

struct NorReport {
  std::uint32_t status = 0;
  std::uint8_t chip_select_1 = 0;
  std::uint8_t chip_select_2 = 0;
  std::uint16_t flash_id = 0;
  std::uint32_t size = 0;
  std::array<std::byte, 8> device_codes{};
  std::uint32_t otp_status = 0;
  std::uint32_t otp_size = 0;
};

struct NandReport {
  std::uint32_t status = 0;
  std::uint8_t chip_select = 0;
  std::uint16_t flash_id = 0;
  std::uint64_t size = 0;
  std::vector<std::uint16_t> ids;
  std::uint16_t page_size = 0;
  std::uint16_t spare_size = 0;
  std::uint16_t pages_per_block = 0;
  std::uint8_t io_interface = 0;
  std::uint8_t address_cycles = 0;
  std::uint8_t bmt_present = 0;
};

struct EmmcReport {
  std::uint32_t status = 0;
  std::uint64_t boot1 = 0;
  std::uint64_t boot2 = 0;
  std::uint64_t rpmb = 0;
  std::uint64_t gp1 = 0;
  std::uint64_t gp2 = 0;
  std::uint64_t gp3 = 0;
  std::uint64_t gp4 = 0;
  std::uint64_t user = 0;
  std::array<std::byte, 16> id{};
  std::array<std::byte, 8> firmware_version{};
};

struct SdReport {
  std::uint32_t status = 0;
  std::uint64_t user = 0;
  std::array<std::byte, 16> id{};
};

struct RamReport {
  std::uint32_t internal_status = 0;
  std::uint32_t internal_size = 0;
  std::uint32_t external_status = 0;
  std::uint8_t external_type = 0;
  std::uint8_t external_chip_select = 0;
  std::uint64_t external_size = 0;
  std::array<std::byte, 16> random_id{};
};

/// Sizes are bytes, as the agent says them; nothing here was checked against anything.
struct Report {
  NorReport nor;
  NandReport nand;
  EmmcReport emmc;
  SdReport sd;
  RamReport ram;
  std::optional<std::uint32_t> extra;  ///< some chips send a word more
  std::uint32_t download_status = 0;   ///< not 0 on healthy phones either
  std::uint32_t boot_style = 0;        ///< not to be relied upon
};

/// Width of the NAND size: old agents have four bytes.
enum class NandSizeWidth : std::uint8_t { four = 4, eight = 8 };

/// The part of the report that is read first, and with which the rest can be measured.
constexpr std::size_t report_head_size = 28 + 17;
struct ReportShape {
  NandSizeWidth width = NandSizeWidth::eight;
  std::uint16_t nand_ids = 0;

  /// Bytes up to the end of the RAM part.
  std::size_t size() const;
};
/// Tells the width by where an id count stands that the greeting gave too, or else by plausibility.
Result<ReportShape> shape_of_report(ByteView head, std::size_t ids_in_greeting);

/// The report without its end, from exactly `shape.size()` bytes.
Result<Report> decode_report(ByteView body, const ReportShape& shape);

/// Takes the whole report. Errors: protocol, timeout, device_status (the agent's chip check failed).
Result<Report> read_report(AgentLink& link, std::size_t ids_in_greeting);

}  // namespace mtk::legacy

namespace mtk {
template <>
struct Wire<legacy::NorReport> {
  using R = legacy::NorReport;
  static constexpr auto order = std::endian::big;
  static constexpr auto fields = std::tuple{Field{"status", &R::status},
                                            Field{"chip_select_1", &R::chip_select_1},
                                            Field{"chip_select_2", &R::chip_select_2},
                                            Field{"flash_id", &R::flash_id},
                                            Field{"size", &R::size},
                                            Field{"device_codes", &R::device_codes},
                                            Field{"otp_status", &R::otp_status},
                                            Field{"otp_size", &R::otp_size}};
};
template <>
struct Wire<legacy::EmmcReport> {
  using R = legacy::EmmcReport;
  static constexpr auto order = std::endian::big;
  static constexpr auto fields = std::tuple{Field{"status", &R::status},
                                            Field{"boot1", &R::boot1},
                                            Field{"boot2", &R::boot2},
                                            Field{"rpmb", &R::rpmb},
                                            Field{"gp1", &R::gp1},
                                            Field{"gp2", &R::gp2},
                                            Field{"gp3", &R::gp3},
                                            Field{"gp4", &R::gp4},
                                            Field{"user", &R::user},
                                            Field{"id", &R::id},
                                            Field{"firmware_version", &R::firmware_version}};
};
template <>
struct Wire<legacy::SdReport> {
  using R = legacy::SdReport;
  static constexpr auto order = std::endian::big;
  static constexpr auto fields =
      std::tuple{Field{"status", &R::status}, Field{"user", &R::user}, Field{"id", &R::id}};
};
template <>
struct Wire<legacy::RamReport> {
  using R = legacy::RamReport;
  static constexpr auto order = std::endian::big;
  static constexpr auto fields = std::tuple{Field{"internal_status", &R::internal_status},
                                            Field{"internal_size", &R::internal_size},
                                            Field{"external_status", &R::external_status},
                                            Field{"external_type", &R::external_type},
                                            Field{"external_chip_select", &R::external_chip_select},
                                            Field{"external_size", &R::external_size},
                                            Field{"random_id", &R::random_id}};
};
static_assert(wire_size<legacy::NorReport>() == 28);
static_assert(wire_size<legacy::EmmcReport>() == 92);
static_assert(wire_size<legacy::SdReport>() == 28);
static_assert(wire_size<legacy::RamReport>() == 38);
}  // namespace mtk
