// SPDX-License-Identifier: Apache-2.0
// `explain CODE`: every code has an answer, and none advises harm.
#include "diagnose/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fmt/format.h>

#include <set>

namespace mtk {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

TEST(Explain, tells_two_generations_of_3149_apart) {
  const auto text = to_string(explain("3149"));
  EXPECT_THAT(text,
              HasSubstr("S_DA_EMMC_FLASH_NOT_FOUND: legacy agents and vendor tools of the fifth generation"));
  EXPECT_THAT(text,
              HasSubstr("S_DA_SDMMC_WRITE_FAILED: legacy agents and vendor tools of the third generation"));
  EXPECT_THAT(text, HasSubstr("The title of the window"));
}

TEST(Explain, feature_phones_do_not_blur_the_generation) {
  const auto text = to_string(explain("3012"));
  EXPECT_THAT(text,
              HasSubstr("S_DA_DEVICE_NOT_FOUND: legacy agents and vendor tools of the fifth generation"));
  EXPECT_THAT(text,
              HasSubstr("S_DA_NAND_FLASH_NOT_FOUND: legacy agents and vendor tools of the third generation"));
}

TEST(Explain, reads_the_signed_form_of_a_32_bit_code) {
  const auto explanation = explain("-1073283068");
  ASSERT_THAT(explanation.meanings, SizeIs(1));
  EXPECT_EQ(explanation.meanings[0].finding, FindingId::stage2_digest);
  EXPECT_THAT(to_string(explanation), HasSubstr("0xC0070004 STATUS_DA_HASH_MISMATCH"));
}

TEST(Explain, knows_the_most_asked_code) {
  const auto explanation = explain("4032");
  ASSERT_FALSE(explanation.meanings.empty());
  EXPECT_EQ(explanation.meanings[0].finding, FindingId::dram_not_started);
  const auto text = to_string(explanation);
  EXPECT_THAT(text, HasSubstr("--preloader"));
  EXPECT_THAT(text, HasSubstr("Elsewhere explained as a low battery"));
}

TEST(Explain, knows_signs_of_the_operating_system) {
  const auto explanation = explain("Code 43");
  ASSERT_THAT(explanation.meanings, SizeIs(1));
  EXPECT_EQ(explanation.meanings[0].finding, FindingId::usb_descriptor_failed);
  EXPECT_THAT(to_string(explanation), HasSubstr("Installing drivers again does not help"));
}

TEST(Explain, says_so_when_it_does_not_know) {
  EXPECT_THAT(explain("8604").unknown, HasSubstr("in no list known here"));
  EXPECT_THAT(explain("8604").meanings, IsEmpty());
  EXPECT_THAT(explain("0xC002FFFF").unknown, HasSubstr("security"));
  EXPECT_THAT(explain("0xC004FFFF").unknown, HasSubstr("storage or device"));
  EXPECT_THAT(explain("0x4004FFFF").unknown, HasSubstr("information"));
  EXPECT_THAT(explain("my phone is dead").unknown, HasSubstr("neither a number nor a symbol"));
}

TEST(Explain, answers_every_listed_code) {
  for (const StatusCode& status : all_status_codes()) {
    const auto explanation = explain(status.name);
    ASSERT_FALSE(explanation.meanings.empty()) << status.name;
    EXPECT_THAT(explanation.unknown, IsEmpty());
    for (const Meaning& meaning : explanation.meanings) {
      EXPECT_FALSE(text(finding(meaning.finding).means).empty());
      EXPECT_FALSE(finding(meaning.finding).next.empty());
    }
  }
}

TEST(Explain, a_code_without_a_finding_gets_the_honest_one_of_its_area) {
  const auto explanation = explain("S_DA_SIBLEY_ILLEGAL_CMD");
  ASSERT_FALSE(explanation.meanings.empty());
  EXPECT_EQ(explanation.meanings[0].finding, FindingId::area_storage);
  EXPECT_THAT(to_string(explanation), HasSubstr("nothing more is known about this code"));
}

TEST(Findings, have_ids_of_their_own_and_never_advise_a_format) {
  std::set<std::string_view> ids;
  for (const Finding& entry : all_findings()) {
    EXPECT_TRUE(ids.insert(entry.id).second) << entry.id;
    for (const FindingAction& action : entry.next) {
      const std::string advice{text(action.say)};
      if (advice.find(" format") != std::string::npos) {
        EXPECT_THAT(advice, testing::StartsWith("Do not format")) << entry.id;
      }
    }
  }
}

TEST(Findings, of_security_do_not_send_people_for_another_cable) {
  for (const FindingId id : {FindingId::agent_signature_refused, FindingId::login_needed,
                             FindingId::agent_unsigned, FindingId::agent_revoked, FindingId::rollback,
                             FindingId::image_signature, FindingId::auth_file_needed}) {
    EXPECT_FALSE(finding(id).retryable);
    for (const FindingAction& action : finding(id).next) EXPECT_FALSE(action.about_cable);
  }
}

RC_GTEST_PROP(Explain, any_text_is_answered, (const std::string& typed)) {
  const auto explanation = explain(typed);
  RC_ASSERT(explanation.meanings.empty() == !explanation.unknown.empty());
  RC_ASSERT(!to_string(explanation).empty());
}

}  // namespace
}  // namespace mtk
