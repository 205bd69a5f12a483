// SPDX-License-Identifier: Apache-2.0
// The XFlash phones of data/phones, each with its variants: they start an agent, refuse what is not theirs,
// and boot after what a good flash writes.
#include "sim/boot_check.h"
#include "sim/xflash_bench.h"

namespace mtk::sim {
namespace {

using Packets = XflashBench::Packets;

Model variant_of(const std::string& name, const std::string& variant) {
  auto model = load_model(std::filesystem::path{MTK_SOURCE_DIR} / "data/phones" / (name + ".toml"), variant);
  if (!model) ADD_FAILURE() << to_string(model.error());
  return std::move(*model);
}

struct PhoneCase {
  std::string name;
  std::string variant = {};
  Entry entry = Entry::cold;
};
void PrintTo(const PhoneCase& one, std::ostream* out) {
  *out << one.name << ":" << one.variant << (one.entry == Entry::brom ? " brom" : "");
}

class OpenPhone : public testing::TestWithParam<PhoneCase> {};

TEST_P(OpenPhone, starts_its_agent_and_boots_when_it_is_left_alone) {
  const auto& [name, variant, entry] = GetParam();
  XflashBench bench{variant_of(name, variant), {.entry = entry}};
  const BootReport report = bench.phone().boot_report();
  EXPECT_EQ(report.reached, BootStage::android) << report.text();
  EXPECT_TRUE(report.radio) << report.text();
  bench.reach_da2();
  bench.expect_in_step();
}

INSTANTIATE_TEST_SUITE_P(Phones, OpenPhone,
                         testing::Values(PhoneCase{"tiny-xflash"}, PhoneCase{"tiny-xflash", "", Entry::brom},
                                         PhoneCase{"ulefone-power2"},
                                         PhoneCase{"ulefone-power2", "", Entry::brom},
                                         PhoneCase{"mt6765-emmc"}, PhoneCase{"mt6765-emmc", "", Entry::brom},
                                         PhoneCase{"mt6765-emmc", "newer"},
                                         PhoneCase{"mt6765-emmc", "full-speed"}, PhoneCase{"mt6833-ufs"},
                                         PhoneCase{"mt6833-ufs", "", Entry::brom}));

Bytes stand_in_signature(std::string_view key, ByteView data) {
  Bytes keyed = to_bytes(key);
  keyed.insert(keyed.end(), data.begin(), data.end());
  Bytes slot = sha256(keyed);
  slot.resize(0x100);
  return slot;
}

Bytes upload_signed(Bench& bench, Bytes da, std::string_view key) {
  const Bytes slot = stand_in_signature(key, da);
  da.insert(da.end(), slot.begin(), slot.end());
  return bench.upload(da, 0x200000, 0x100);
}

Bytes last(const Bytes& bytes, std::size_t count) {
  return {bytes.end() - static_cast<std::ptrdiff_t>(std::min(count, bytes.size())), bytes.end()};
}

class SecuredPhone : public testing::TestWithParam<PhoneCase> {};

TEST_P(SecuredPhone, tells_a_refused_signature_from_a_broken_transfer) {
  const auto& [name, variant, entry] = GetParam();
  const Model model = variant_of(name, variant);
  const StandIn agent = stand_in(0x400, HashKind::sha256, 0);
  {
    XflashBench bench{model, {.entry = entry}};
    bench.reach_commands();
    EXPECT_EQ(last(upload_signed(bench, agent.da1, "somebody else"), 2),
              entry == Entry::brom ? to_bytes({0x20, 0x01}) : to_bytes({0x70, 0x24}));
  }
  XflashBench bench{model, {.entry = entry}};
  bench.reach_commands();
  EXPECT_EQ(last(upload_signed(bench, agent.da1, model.security.key), 2), to_bytes({0, 0}));
  EXPECT_EQ(bench.jump().back(), std::byte{0xc0}) << bench.log();
}

INSTANTIATE_TEST_SUITE_P(
    Phones, SecuredPhone,
    testing::Values(PhoneCase{"bluboo-s1"}, PhoneCase{"bluboo-s1", "", Entry::brom},
                    PhoneCase{"bluboo-s1", "signed"}, PhoneCase{"ulefone-power2", "signed"},
                    PhoneCase{"mt6765-emmc", "signed"}, PhoneCase{"mt6833-ufs", "signed"},
                    PhoneCase{"mt6833-ufs", "signed", Entry::brom}, PhoneCase{"mt6765-emmc", "agent-login"}));

class LoginPhone : public testing::TestWithParam<PhoneCase> {};

TEST_P(LoginPhone, takes_an_agent_only_after_the_login) {
  const Model model = variant_of(GetParam().name, GetParam().variant);
  XflashBench bench{model, Bench::keys_held()};
  bench.reach_commands();
  const StandIn agent = stand_in(0x400, HashKind::sha256, 0);
  ByteWriter header;
  header.u8(0xd7)
      .be<std::uint32_t>(0x200000)
      .be(static_cast<std::uint32_t>(agent.da1.size()))
      .be<std::uint32_t>(0x100);
  EXPECT_EQ(last(bench.say(header.view()), 2), to_bytes({0x1d, 0x0d}));

  const Bytes challenge = last(bench.say({0xe3}), 16);
  const Bytes answer = stand_in_signature(model.security.key, challenge);
  EXPECT_EQ(last(bench.say({0, 0, 1, 0}), 2), to_bytes({0, 0}));
  EXPECT_EQ(bench.say(answer), to_bytes({0, 0}));
  EXPECT_EQ(last(bench.say({0xe3}), 2), to_bytes({0x70, 0x17})) << "already passed";
  EXPECT_EQ(last(upload_signed(bench, agent.da1, model.security.key), 2), to_bytes({0, 0}));
}

INSTANTIATE_TEST_SUITE_P(Phones, LoginPhone,
                         testing::Values(PhoneCase{"bluboo-s1", "secured"},
                                         PhoneCase{"ulefone-power2", "secured"},
                                         PhoneCase{"mt6765-emmc", "secured"},
                                         PhoneCase{"mt6833-ufs", "secured"}, PhoneCase{"mt6735", "secured"}));

TEST(XflashPhones, ulefone_power2_leaves_its_window_after_two_seconds) {
  Bench bench{model_named("ulefone-power2")};
  bench.plug();
  bench.wait(milliseconds{1999});
  EXPECT_EQ(bench.phone().bus(), Bus::preloader);
  bench.wait(milliseconds{1500});
  EXPECT_NE(bench.phone().bus(), Bus::preloader);
}

TEST(XflashPhones, ulefone_power2_without_radio_starts_and_says_so) {
  Bench bench{variant_of("ulefone-power2", "no-radio")};
  const BootReport report = bench.phone().boot_report();
  EXPECT_EQ(report.reached, BootStage::android);
  EXPECT_FALSE(report.radio);
}

TEST(XflashPhones, bluboo_s1_with_half_a_boot_set_does_not_start_until_the_rest_is_written) {
  const Model model = variant_of("bluboo-s1", "half-written");
  Folder folder;
  auto card = Card::open(model, folder.path());
  ASSERT_TRUE(card);
  EXPECT_EQ(check_boot(model, *card).reached, BootStage::preloader);
  const auto& lk = *model.partition("lk");
  const auto& boot = *model.partition("boot");
  ASSERT_TRUE(card->write(part_user, lk.start, mtk_image("lk", 0x40000)));
  ASSERT_TRUE(card->write(part_user, boot.start, android_image(0x10000)));
  EXPECT_EQ(check_boot(model, *card).reached, BootStage::android);
}

TEST(XflashPhones, bluboo_s1_with_two_slots_does_not_start_from_the_one_that_was_flashed) {
  const Model model = model_named("bluboo-s1-slots");
  Folder folder;
  auto card = Card::open(model, folder.path());
  ASSERT_TRUE(card);
  const BootReport report = check_boot(model, *card);
  EXPECT_EQ(report.reached, BootStage::preloader);
  EXPECT_NE(report.why.find("slot b"), std::string::npos) << report.why;
  ASSERT_TRUE(card->write(part_user, model.partition("lk_b")->start, mtk_image("lk", 0x40000)));
  ASSERT_TRUE(card->write(part_user, model.partition("boot_b")->start, android_image(0x10000)));
  EXPECT_EQ(check_boot(model, *card).reached, BootStage::android);
}

TEST(XflashPhones, the_boot_rom_wants_the_files_it_was_made_to_want) {
  Model model = model_named("tiny-xflash");
  model.security.sbc = true;
  model.security.cert = true;
  model.security.auth = true;
  model.security.key = "maker";
  XflashBench bench{model, Bench::keys_held()};
  bench.reach_commands();
  const auto refused = [&] {
    return last(bench.say({0xd7, 0, 0x20, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0}), 2) == to_bytes({0x1d, 0x17});
  };
  EXPECT_TRUE(refused());
  Bytes file = to_bytes("certificate");
  Bytes signature = stand_in_signature("maker", file);
  signature.resize(0x20);
  file.insert(file.end(), signature.begin(), signature.end());
  const auto give = [&](unsigned opcode) {
    bench.say({opcode, 0, 0, 0, static_cast<unsigned>(file.size())});
    return last(bench.say(file), 2);
  };
  EXPECT_EQ(give(0xe0), to_bytes({0, 0}));
  EXPECT_TRUE(refused());
  EXPECT_EQ(give(0xe2), to_bytes({0, 0}));
  EXPECT_FALSE(refused());
}

}  // namespace
}  // namespace mtk::sim
