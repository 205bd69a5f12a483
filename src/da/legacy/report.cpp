// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/report.h"

#include "da/legacy/protocol.h"

#include <fmt/format.h>

namespace mtk::legacy {
namespace {

constexpr std::size_t nand_status_to_size = 4 + 1 + 2;
constexpr std::size_t nand_after_ids = 9;
/// One word more is known of some chips; a phone that sends on and on is not listened to.
constexpr int max_extra_words = 4;

NandReport read_nand(ByteReader& in, const ReportShape& shape) {
  NandReport nand;
  nand.status = in.be<std::uint32_t>();
  nand.chip_select = in.u8();
  nand.flash_id = in.be<std::uint16_t>();
  nand.size = shape.width == NandSizeWidth::eight ? in.be<std::uint64_t>() : in.be<std::uint32_t>();
  in.skip(2);  // the id count, which the shape has
  for (std::uint16_t i = 0; i < shape.nand_ids; ++i) nand.ids.push_back(in.be<std::uint16_t>());
  nand.page_size = in.be<std::uint16_t>();
  nand.spare_size = in.be<std::uint16_t>();
  nand.pages_per_block = in.be<std::uint16_t>();
  nand.io_interface = in.u8();
  nand.address_cycles = in.u8();
  nand.bmt_present = in.u8();
  return nand;
}

/// Everything behind the RAM part: extra words of some chips, then 5A, two words and the verdict.
Result<> read_end(AgentLink& link, Report& report) {
  MTK_TRY_LET(std::uint8_t next, link.byte(wait_for::report));
  for (int words = 0; next != ack; ++words) {
    if (words == max_extra_words) return fail(link.out_of_step("the report does not end where it should"));
    MTK_TRY_LET(const Bytes rest, link.bytes(3, wait_for::report));
    ByteWriter word;
    word.u8(next).bytes(rest);
    report.extra = ByteReader{word.view()}.be<std::uint32_t>();
    MTK_TRY_LET(next, link.byte(wait_for::report));
  }
  MTK_TRY_LET(report.download_status, link.field<std::uint32_t>(wait_for::report));
  MTK_TRY_LET(report.boot_style, link.field<std::uint32_t>(wait_for::report));
  MTK_TRY_LET(const std::uint8_t verdict, link.byte(wait_for::report));
  if (verdict == soc_ok) return {};
  if (verdict != soc_fail)
    return fail(link.out_of_step(fmt::format("report ends in {:02X} instead of C1", verdict)));
  auto error = link.status_error(verdict, "agent says that its check of the chip failed");
  error.device_status->text = "SOC_FAIL";
  return fail(std::move(error));
}

Result<Report> whole_report(AgentLink& link, std::size_t ids_in_greeting) {
  // Card and random id stand in it.
  MTK_TRY_LET(Bytes body, link.bytes(report_head_size, wait_for::report));
  auto shape = shape_of_report(body, ids_in_greeting);
  if (!shape) return fail(link.out_of_step(std::move(shape.error().what)));
  MTK_TRY_LET(const Bytes rest, link.bytes(shape->size() - body.size(), wait_for::report, Content::withheld));
  body.insert(body.end(), rest.begin(), rest.end());
  MTK_TRY_LET(Report report, decode_report(body, *shape));
  MTK_TRY(read_end(link, report));
  return report;
}

}  // namespace

std::size_t ReportShape::size() const {
  return wire_size<NorReport>() + nand_status_to_size + static_cast<std::size_t>(width) + 2 +
         std::size_t{nand_ids} * 2 + nand_after_ids + wire_size<EmmcReport>() + wire_size<SdReport>() +
         wire_size<RamReport>();
}

Result<ReportShape> shape_of_report(ByteView head, std::size_t ids_in_greeting) {
  const auto count_behind = [&](NandSizeWidth width) {
    ByteReader in{head};
    in.skip(wire_size<NorReport>() + nand_status_to_size + static_cast<std::size_t>(width));
    return in.be<std::uint16_t>();
  };
  const std::uint16_t wide = count_behind(NandSizeWidth::eight);
  const std::uint16_t narrow = count_behind(NandSizeWidth::four);
  const ReportShape with_eight{NandSizeWidth::eight, wide};
  const ReportShape with_four{NandSizeWidth::four, narrow};
  if (wide == ids_in_greeting) return with_eight;
  if (narrow == ids_in_greeting) return with_four;
  if (wide == 0 && narrow > 0 && narrow <= max_nand_ids) return with_four;
  if (wide <= max_nand_ids) return with_eight;
  return fail(Errc::protocol, fmt::format("report announces {} NAND ids", wide));
}

Result<Report> decode_report(ByteView body, const ReportShape& shape) {
  ByteReader in{body};
  Report report;
  report.nor = read<NorReport>(in);
  report.nand = read_nand(in, shape);
  report.emmc = read<EmmcReport>(in);
  report.sd = read<SdReport>(in);
  report.ram = read<RamReport>(in);
  MTK_TRY(in.done());
  return report;
}

Result<Report> read_report(AgentLink& link, std::size_t ids_in_greeting) {
  return in(whole_report(link, ids_in_greeting), "REPORT");
}

}  // namespace mtk::legacy
