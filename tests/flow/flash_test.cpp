// SPDX-License-Identifier: Apache-2.0
// Whole jobs on the virtual phone: what it holds afterwards, and what is said.
#include "flow/bench.h"

#include "image/package/firmware.h"
#include "image/preloader/preloader.h"

#include <gmock/gmock.h>

namespace mtk {
namespace {

using testing::firmware_folder;
using ::testing::HasSubstr;
using testing::PhoneBench;

/// Where the firmware's images differ from what the phone holds.
std::string differences(PhoneBench& bench, const std::filesystem::path& folder) {
  std::string text;
  const Firmware firmware = open_firmware(folder).value();
  const Bytes user = bench.content(sim::part_user);
  const Bytes boot1 = bench.content(sim::part_boot1);
  for (const auto& entry : firmware.scatter.sections.front().entries) {
    const FirmwareImage* image = firmware.find(entry.name);
    if (image == nullptr || !entry.is_download) continue;
    const Bytes whole = read_all(*image->content, 1U << 30).value();
    if (is_boot_area(*entry.area)) {
      // The header in front is the host's or the agent's; what it leads to is the firmware's.
      const auto there = strip_device_header(boot1);
      if (!there || strip_device_header(whole).value() != *there) text += entry.name + " ";
      continue;
    }
    for (const ByteRange& range : ranges_to_write(*image->content)) {
      const auto there = ByteView{user}.subspan(entry.physical_start + range.offset, range.length);
      if (!std::ranges::equal(ByteView{whole}.subspan(range.offset, range.length), there))
        text += entry.name + " ";
    }
  }
  return text;
}

class Flash : public ::testing::TestWithParam<std::tuple<const char*, sim::Entry>> {};

TEST_P(Flash, leaves_the_firmware_on_the_phone_and_the_phone_starts) {
  const auto& [model, entry] = GetParam();
  PhoneBench bench{model, entry};
  ASSERT_NE(differences(bench, firmware_folder(model)), "") << "the phone is new and holds other firmware";
  const Outcome outcome =
      bench.run(FlashJob{.firmware = firmware_folder(model)}, {}, {.signer = bench.signer()});
  ASSERT_FALSE(outcome.error) << to_string(*outcome.error) << "\n" << bench.log();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.phone.entry, entry == sim::Entry::brom ? "brom" : "preloader");
  EXPECT_EQ(differences(bench, firmware_folder(model)), "");
  EXPECT_EQ(bench.phone().boot_report().reached, sim::BootStage::android)
      << bench.phone().boot_report().text();
  EXPECT_TRUE(bench.phone().boot_report().radio);
}

INSTANTIATE_TEST_SUITE_P(Phones, Flash,
                         ::testing::Combine(::testing::Values("tiny-6580", "tiny-xflash", "tiny-xml",
                                                              "tiny-xflash:secured", "tiny-xml:locked"),
                                            ::testing::Values(sim::Entry::cold, sim::Entry::brom)),
                         [](const auto& phone) {
                           return testing::test_name(std::get<0>(phone.param)) +
                                  (std::get<1>(phone.param) == sim::Entry::brom ? "_brom" : "_preloader");
                         });

TEST(FlashFlow, brings_back_a_phone_whose_preloader_is_bare) {
  PhoneBench bench{"tiny-6580"};
  const Firmware firmware = open_firmware(firmware_folder("tiny-6580")).value();
  const Bytes bare = read_all(*firmware.find("preloader")->content, 1U << 20).value();
  ASSERT_TRUE(bench.phone().card().write(sim::part_boot1, 0, bare));
  ASSERT_EQ(bench.phone().boot_report().reached, sim::BootStage::rom);
  const Outcome outcome = bench.run(FlashJob{.firmware = firmware_folder("tiny-6580")});
  ASSERT_FALSE(outcome.error) << to_string(*outcome.error) << "\n" << bench.log();
  EXPECT_EQ(outcome.phone.entry, "brom");
  EXPECT_EQ(bench.phone().boot_report().reached, sim::BootStage::android);
}

TEST(FlashFlow, a_phone_that_wants_a_login_is_told_apart_when_there_is_no_signer) {
  const auto folder = firmware_folder("tiny-xflash:secured");
  for (const auto& [entry, words] :
       {std::pair{sim::Entry::brom, "SEND_DA"}, std::pair{sim::Entry::cold, "login"}}) {
    PhoneBench bench{"tiny-xflash:secured", entry};
    const Outcome outcome = bench.run(FlashJob{.firmware = folder});
    ASSERT_TRUE(outcome.error);
    EXPECT_THAT(to_string(*outcome.error), HasSubstr(words));
    EXPECT_EQ(outcome.exit_code, 8) << to_string(*outcome.error);
    EXPECT_FALSE(outcome.began_writing);
  }
  PhoneBench bench{"tiny-xflash:secured", sim::Entry::brom};
  const Outcome outcome =
      bench.run(FlashJob{.firmware = folder}, {}, {.signer = "head -c 256 /dev/zero; cat"});
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.exit_code, 8) << to_string(*outcome.error);
}

TEST(FlashFlow, touches_nothing_when_the_firmware_is_for_another_chip) {
  PhoneBench bench{"tiny-6580"};
  const Bytes before = bench.content(sim::part_user);
  const Outcome outcome = bench.run(FlashJob{.firmware = firmware_folder("tiny-6580-foreign")});
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, Errc::refused);
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_FALSE(outcome.began_writing);
  EXPECT_EQ(bench.content(sim::part_user), before);
}

TEST(FlashFlow, leaves_checking_to_an_agent_that_compares_what_it_stores) {
  PhoneBench bench{"tiny-xflash"};
  const Outcome outcome =
      bench.run(FlashJob{.firmware = firmware_folder("tiny-xflash"), .verify = VerifyBy::device}, {},
                {.check_storage = true});
  ASSERT_FALSE(outcome.error) << to_string(*outcome.error) << "\n" << bench.log();
  EXPECT_EQ(differences(bench, firmware_folder("tiny-xflash")), "");
}

TEST(FlashFlow, an_agent_that_talks_all_the_time_is_understood) {
  PhoneBench bench{"tiny-xflash"};
  const Outcome outcome =
      bench.run(FlashJob{.firmware = firmware_folder("tiny-xflash")}, {}, {.agent_messages = true});
  ASSERT_FALSE(outcome.error) << to_string(*outcome.error) << "\n" << bench.log();
  EXPECT_THAT(bench.said(), HasSubstr("waiting for commands"));
}

TEST(FlashFlow, a_boot_rom_gets_the_certificate_and_authentication_file_it_wants) {
  const auto folder = firmware_folder("mt6735:certified");
  ConnectOptions options{.auth = folder / "auth_sv5.auth", .cert = folder / "root.cert"};
  PhoneBench bench{"mt6735:certified", sim::Entry::brom};
  const Outcome outcome = bench.run(InfoJob{}, {}, options);
  ASSERT_FALSE(outcome.error) << to_string(*outcome.error);
  const Outcome started = bench.run(FlashJob{.firmware = folder, .only = {"logo"}}, {}, options);
  EXPECT_FALSE(started.error) << to_string(*started.error) << "\n" << bench.log();

  for (const auto& missing : {ConnectOptions{.auth = options.auth}, ConnectOptions{.cert = options.cert}}) {
    bench.power_cycle();
    const Outcome refused = bench.run(FlashJob{.firmware = folder, .only = {"logo"}}, {}, missing);
    ASSERT_TRUE(refused.error);
    EXPECT_EQ(refused.exit_code, 8) << to_string(*refused.error);
  }
}

TEST(FlashFlow, refuses_a_check_the_agent_cannot_make_before_it_writes) {
  PhoneBench bench{"tiny-6580"};
  const Outcome outcome =
      bench.run(FlashJob{.firmware = firmware_folder("tiny-6580"), .verify = VerifyBy::device});
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_FALSE(outcome.began_writing);
}

class SmallPhone : public ::testing::TestWithParam<const char*> {
 protected:
  std::filesystem::path folder = firmware_folder(GetParam());
  PhoneBench bench{GetParam()};
  ConnectOptions with_agent{.da = folder / "MTK_AllInOne_DA.bin"};
};

INSTANTIATE_TEST_SUITE_P(Phones, SmallPhone, ::testing::ValuesIn(testing::small_phones),
                         [](const auto& phone) { return testing::test_name(phone.param); });

TEST_P(SmallPhone, reads_back_what_it_wrote) {
  ASSERT_FALSE(bench.run(FlashJob{.firmware = folder}).error);
  bench.power_cycle();
  const auto file = bench.folder() / "boot.img";
  const Outcome outcome = bench.run(ReadJob{{{"boot", file}}}, {}, with_agent);
  ASSERT_FALSE(outcome.error) << to_string(*outcome.error) << "\n" << bench.log();
  const Bytes read = read_file(file, 1U << 20).value();
  EXPECT_EQ(read.size(), bench.model().partition("boot")->size);
  const Bytes image = read_file(folder / "boot.img", 1U << 20).value();
  EXPECT_TRUE(std::ranges::equal(image, ByteView{read}.first(image.size())));
}

TEST(FlashFlow, keeps_identity_from_being_written_or_erased_by_place) {
  PhoneBench bench{"tiny-6580"};
  const ConnectOptions with_agent{.da = firmware_folder("tiny-6580") / "MTK_AllInOne_DA.bin"};
  for (const Job& job :
       {Job{EraseJob{.places = {"nvram"}}}, Job{EraseJob{.places = {"user+0xA000:0x200"}}},
        Job{EraseJob{.places = {"user"}}},
        Job{WriteJob{.place = "nvram", .file = firmware_folder("tiny-6580") / "logo.bin"}}}) {
    bench.power_cycle();
    const Outcome outcome = bench.run(job, {}, with_agent);
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.exit_code, 3) << to_string(*outcome.error);
    EXPECT_TRUE(bench.phone().boot_report().radio);
  }
  bench.power_cycle();
  const Outcome agreed =
      bench.run(EraseJob{.places = {"nvram"}, .erase_identity = {"nvram"}}, {}, with_agent);
  EXPECT_FALSE(agreed.error) << to_string(*agreed.error) << bench.log();
  EXPECT_FALSE(bench.phone().boot_report().radio);
}

TEST_P(SmallPhone, stops_at_a_packet_and_leaves_download_mode_working) {
  std::stop_source stopped;
  stopped.request_stop();
  const Outcome outcome = bench.run(FlashJob{.firmware = folder}, {}, {}, stopped.get_token());
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, Errc::cancelled);
  EXPECT_EQ(outcome.exit_code, 13);
  bench.power_cycle();
  EXPECT_FALSE(bench.run(WaitJob{}).error);
}

}  // namespace
}  // namespace mtk
