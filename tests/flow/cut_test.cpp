// SPDX-License-Identifier: Apache-2.0
// The link fails at every byte of a whole flash: always a defined end, and the phone can be tried again.
#include "base/testing/slow_build.h"
#include "flow/bench.h"

namespace mtk {
namespace {

using testing::firmware_folder;
using testing::PhoneBench;

/// Small and complete: identity is kept, a partition and the preloader are written and verified. The folder
/// holds nothing else, as looking at a folder takes most of the time of such a run.
FlashJob job_for(const std::string& model, const PhoneBench& bench) {
  const auto folder = bench.folder() / "firmware";
  std::filesystem::create_directory(folder);
  for (const auto& file : std::filesystem::directory_iterator{firmware_folder(model)}) {
    const std::string name = file.path().filename().string();
    if (name == "logo.bin" || name.starts_with("preloader") || name.starts_with("MT"))
      std::filesystem::copy_file(file.path(), folder / name);
  }
  return {.firmware = folder, .only = {"logo", "preloader"}};
}

constexpr std::uint64_t stride = slow_build ? 17 : 1;
/// Among so many ends the phone is tried again after one.
constexpr std::uint64_t ends_tried = 8;

/// A preloader that works and differs from the firmware's, so that every run writes boot1.
void age(PhoneBench& bench) {
  const auto old = Bytes(1, std::byte{0x55});
  ASSERT_TRUE(bench.phone().card().write(sim::part_boot1, 0x100, old));
}

/// What kind of a conversation a byte belongs to decides how it may end.
void expect_defined_end(const Outcome& outcome, std::uint64_t at) {
  if (!outcome.error) return;  // the last bytes: everything was verified, only the goodbye was lost
  const Error& error = *outcome.error;
  ASSERT_FALSE(error.during.empty()) << "byte " << at << ": " << to_string(error);
  ASSERT_NE(error.stage, Stage::host) << "byte " << at << ": " << to_string(error);
  ASSERT_TRUE(outcome.failure) << at;
  ASSERT_FALSE(outcome.failure->next_actions.empty()) << at;
  const int expected = outcome.began_writing             ? 11
                       : error.stage <= Stage::preloader ? 7
                       : error.stage == Stage::dram      ? 9
                                                         : 10;
  ASSERT_EQ(outcome.exit_code, expected) << "byte " << at << ": " << to_string(error);
}

void expect_download_mode(PhoneBench& bench, std::uint64_t at) {
  bench.power_cycle();
  const Outcome again = bench.run(WaitJob{});
  ASSERT_FALSE(again.error) << "byte " << at << ": " << to_string(*again.error) << bench.log();
}

class Cut : public ::testing::TestWithParam<const char*> {};

TEST_P(Cut, at_every_byte_of_a_flash_ends_well) {
  PhoneBench bench{GetParam()};
  const FlashJob job = job_for(GetParam(), bench);
  age(bench);
  const Outcome whole = bench.run(job);
  ASSERT_FALSE(whole.error) << to_string(*whole.error) << "\n" << bench.log();
  const std::uint64_t length = bench.bytes_passed();
  ASSERT_GT(length, 20000u) << "the whole conversation, not a part of it";
  std::uint64_t failed = 0;
  for (std::uint64_t at = 0; at < length; at += stride) {
    bench.power_cycle();
    age(bench);
    const Outcome outcome = bench.run(job, {Fault{.kind = Fault::Kind::cut, .at_byte = at}});
    ASSERT_NO_FATAL_FAILURE(expect_defined_end(outcome, at));
    if (outcome.error) ++failed;
    if (at / stride % ends_tried != 0) continue;
    ASSERT_NO_FATAL_FAILURE(expect_download_mode(bench, at));
  }
  EXPECT_GT(failed, length / stride * 9 / 10);
  // And after all that the phone can still be brought back.
  bench.power_cycle();
  EXPECT_FALSE(bench.run(job).error);
  EXPECT_EQ(bench.phone().boot_report().reached, sim::BootStage::android);
}

INSTANTIATE_TEST_SUITE_P(Phones, Cut, ::testing::ValuesIn(testing::small_phones),
                         [](const auto& phone) { return testing::test_name(phone.param); });

}  // namespace
}  // namespace mtk
