// SPDX-License-Identifier: Apache-2.0
// One bit arrives wrong, anywhere in a whole flash: it is noticed, or it made no difference to the phone.
#include "base/testing/slow_build.h"
#include "flow/bench.h"

namespace mtk {
namespace {

using testing::firmware_folder;
using testing::PhoneBench;

struct Contents {
  Bytes boot1;
  Bytes boot2;
  Bytes user;
  bool operator==(const Contents&) const = default;
};

Contents contents(PhoneBench& bench) {
  return {bench.content(sim::part_boot1), bench.content(sim::part_boot2), bench.content(sim::part_user)};
}

void restore(PhoneBench& bench, const Contents& contents) {
  ASSERT_TRUE(bench.phone().card().write(sim::part_boot1, 0, contents.boot1));
  ASSERT_TRUE(bench.phone().card().write(sim::part_boot2, 0, contents.boot2));
  ASSERT_TRUE(bench.phone().card().write(sim::part_user, 0, contents.user));
}

constexpr std::uint64_t stride = slow_build ? 211 : 31;

class Flip : public ::testing::TestWithParam<const char*> {};

TEST_P(Flip, of_any_bit_never_ends_in_a_false_success) {
  PhoneBench bench{GetParam()};
  const FlashJob job{.firmware = firmware_folder(GetParam()), .only = {"logo", "preloader"}};
  Contents before = contents(bench);
  before.boot1[0x100] = std::byte{0x55};  // an older preloader, so that every run writes one
  restore(bench, before);
  ASSERT_FALSE(bench.run(job).error);
  const std::uint64_t length = bench.bytes_passed();
  const Contents after = contents(bench);
  ASSERT_NE(before, after);

  std::uint64_t noticed = 0;
  for (std::uint64_t at = 0; at < length; at += stride) {
    bench.power_cycle();
    restore(bench, before);
    const auto mask = std::byte{static_cast<unsigned char>(1U << (at % 8))};
    const Outcome outcome = bench.run(job, {Fault{.kind = Fault::Kind::flip, .at_byte = at, .mask = mask}});
    if (outcome.error) {
      ++noticed;
      // A refusal is the planner's and has no step of a conversation.
      ASSERT_TRUE(outcome.error->code == Errc::refused || !outcome.error->during.empty())
          << "byte " << at << ": " << to_string(*outcome.error);
      continue;
    }
    ASSERT_TRUE(contents(bench) == after)
        << "byte " << at << ": success was claimed and the phone holds something else";
  }
  EXPECT_GT(noticed, 0u);
}

INSTANTIATE_TEST_SUITE_P(Phones, Flip, ::testing::ValuesIn(testing::small_phones),
                         [](const auto& phone) { return testing::test_name(phone.param); });

}  // namespace
}  // namespace mtk
