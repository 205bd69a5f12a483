// SPDX-License-Identifier: Apache-2.0
// Names of status codes, and what people type to ask for them.
#include "diagnose/status_codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fmt/format.h>

#include <algorithm>

namespace mtk {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::vector<std::string> names(const std::vector<const StatusCode*>& meanings) {
  std::vector<std::string> result;
  for (const StatusCode* meaning : meanings) result.emplace_back(meaning->name);
  return result;
}

TEST(StatusCodes, are_sorted_by_code) {
  EXPECT_TRUE(std::ranges::is_sorted(all_status_codes(), {}, &StatusCode::code));
  EXPECT_GT(all_status_codes().size(), 1300u);
}

TEST(StatusCodes, a_number_means_what_its_generation_says) {
  EXPECT_THAT(names(meanings_of(StatusKind::legacy_v3, 3149)), ElementsAre("S_DA_SDMMC_WRITE_FAILED"));
  EXPECT_THAT(names(meanings_of(StatusKind::legacy_v5, 3149)), ElementsAre("S_DA_EMMC_FLASH_NOT_FOUND"));
  EXPECT_THAT(names(meanings_of(StatusKind::legacy32, 3149)),
              UnorderedElementsAre("S_DA_EMMC_FLASH_NOT_FOUND", "S_DA_SDMMC_WRITE_FAILED"));
  EXPECT_THAT(names(meanings_of(StatusKind::legacy_v3, 3036)), ElementsAre("S_DA_INVALID_RANGE"));
  EXPECT_THAT(names(meanings_of(StatusKind::legacy_v5, 3040)), ElementsAre("S_DA_INVALID_RANGE"));
  EXPECT_THAT(names(meanings_of(StatusKind::legacy_v3, 3060)), ElementsAre("S_DA_UART_DATA_CKSUM_ERROR"));
  EXPECT_THAT(names(meanings_of(StatusKind::legacy_v5, 3011)), ElementsAre("S_DA_RAM_ERROR"));
  EXPECT_THAT(names(meanings_of(StatusKind::legacy_v3, 3007)), ElementsAre("S_DA_RAM_ERROR"));
}

TEST(StatusCodes, families_do_not_mix) {
  EXPECT_THAT(names(meanings_of(StatusKind::brom16, 0x7017)), ElementsAre("DAA_Security_Error"));
  EXPECT_THAT(names(meanings_of(StatusKind::xflash32, 0xc0070004)), ElementsAre("STATUS_DA_HASH_MISMATCH"));
  EXPECT_THAT(meanings_of(StatusKind::xflash32, 3149), IsEmpty());
  EXPECT_THAT(meanings_of(StatusKind::legacy_v5, 0xc0070004), IsEmpty());
  EXPECT_THAT(meanings_of(StatusKind::brom16, 0x0bc4), IsEmpty());
  EXPECT_THAT(meanings_of(StatusKind::xml_text, 0), IsEmpty());
}

TEST(StatusCodes, a_bare_number_lists_every_family) {
  EXPECT_THAT(names(all_meanings("3149")),
              testing::IsSupersetOf({"S_DA_EMMC_FLASH_NOT_FOUND", "S_DA_SDMMC_WRITE_FAILED"}));
  EXPECT_THAT(names(all_meanings("0xC4D")), testing::ElementsAreArray(names(all_meanings("3149"))));
}

TEST(StatusCodes, numbers_are_understood_the_way_logs_print_them) {
  EXPECT_THAT(names(all_meanings("-1073283068")), ElementsAre("STATUS_DA_HASH_MISMATCH"));
  EXPECT_THAT(names(all_meanings("C0070004")), ElementsAre("STATUS_DA_HASH_MISMATCH"));
  EXPECT_THAT(names(all_meanings(" 0xc0070004\n")), ElementsAre("STATUS_DA_HASH_MISMATCH"));
  EXPECT_THAT(names(all_meanings("7017")), Contains("DAA_Security_Error"));
  EXPECT_THAT(names(all_meanings("1D0D")), ElementsAre("SLA_ERROR"));
  EXPECT_THAT(all_meanings("0x100000000"), IsEmpty());
  EXPECT_THAT(all_meanings("99999999999999999999"), IsEmpty());
  EXPECT_THAT(all_meanings("-99999999999"), IsEmpty());
  EXPECT_THAT(all_meanings("0x"), IsEmpty());
  EXPECT_THAT(all_meanings(""), IsEmpty());
}

TEST(StatusCodes, symbols_are_found_in_any_case_and_by_a_part) {
  EXPECT_THAT(names(all_meanings("s_ft_enable_dram_fail")), ElementsAre("S_FT_ENABLE_DRAM_FAIL"));
  EXPECT_THAT(names(all_meanings("ENABLE_DRAM")), ElementsAre("S_FT_ENABLE_DRAM_FAIL"));
  EXPECT_THAT(all_meanings("S_"), IsEmpty());
  EXPECT_THAT(all_meanings("no such symbol"), IsEmpty());
}

TEST(StatusCodes, are_printed_the_way_people_know_them) {
  EXPECT_EQ(code_text(StatusKind::brom16, 0x1d0d), "0x1D0D");
  EXPECT_EQ(code_text(StatusKind::legacy_v5, 3149), "3149");
  EXPECT_EQ(code_text(StatusKind::xflash32, 0xc0070004), "0xC0070004");
  EXPECT_EQ(symbol_text(StatusKind::legacy_v5, 3040), "S_DA_INVALID_RANGE");
  EXPECT_EQ(symbol_text(StatusKind::legacy_v5, 999999), "");
  EXPECT_THAT(symbol_text(StatusKind::legacy32, 3149), testing::HasSubstr(" or "));
}

TEST(StatusCodes, every_code_is_found_by_number_hex_and_symbol) {
  for (const StatusCode& status : all_status_codes()) {
    EXPECT_THAT(all_meanings(fmt::format("{}", status.code)), Contains(&status));
    EXPECT_THAT(all_meanings(fmt::format("0x{:X}", status.code)), Contains(&status));
    EXPECT_THAT(all_meanings(status.name), Contains(&status));
  }
}

RC_GTEST_PROP(StatusCodes, a_signed_number_means_the_same_as_its_bits, (std::uint32_t code)) {
  RC_ASSERT(parse_code(fmt::format("{}", static_cast<std::int32_t>(code))) == code);
  RC_ASSERT(parse_code(fmt::format("0x{:x}", code)) == code);
  RC_ASSERT(parse_code(fmt::format("{}", code)) == code);
}

}  // namespace
}  // namespace mtk
