// SPDX-License-Identifier: Apache-2.0
#include "flash/planner.h"

#include "flash/testing.h"

#include <gmock/gmock.h>

namespace mtk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> refusal_ids(const Planned& planned) {
  std::vector<std::string> ids;
  for (const Refusal& refusal : planned.refusals) ids.push_back(refusal.id);
  return ids;
}

Planned plan(const Firmware& firmware, const PhoneFacts& phone, const FlashOptions& options = {}) {
  return plan_download(firmware, &phone, options);
}

TEST(Planner, keeps_identity_first_and_writes_the_preloader_last) {
  const Planned planned = plan(testing::firmware(), testing::phone());
  EXPECT_THAT(refusal_ids(planned), ElementsAre());
  EXPECT_EQ(to_string(planned.plan),
            "keep    nvram        user+0x100000:0x100000\n"
            "write   boot         user+0x300000:0x3000 from fw/boot.img (12288 bytes)\n"
            "verify  boot         user+0x300000:0x3000 by read-back\n"
            "write   system       user+0x500000:0x5000 from fw/system.img (20480 bytes)\n"
            "verify  system       user+0x500000:0x5000 by read-back\n"
            "write   lk           user+0x200000:0x1200 from fw/lk.img (4608 bytes)\n"
            "verify  lk           user+0x200000:0x1200 by read-back\n"
            "write   preloader    boot1+0x0:0x1000 from fw/preloader.img with boot area header (4096 bytes), "
            "unless the "
            "same, not interruptible\n"
            "verify  preloader    boot1+0x0:0x1000 by read-back\n"
            "write   preloader (boot2) boot2+0x0:0x1000 from fw/preloader.img with boot area header (4096 "
            "bytes), unless "
            "the same, not interruptible\n"
            "verify  preloader (boot2) boot2+0x0:0x1000 by read-back\n"
            "reboot  normal\n"
            "warning nvram: holds the phone's identity and stays as it is, although the firmware marks it "
            "for download\n");
}

TEST(Planner, writes_identity_only_with_consent_by_name) {
  const Planned planned =
      plan(testing::firmware(), testing::phone(), {.only = {"NVRAM"}, .erase_identity = {}});
  EXPECT_THAT(refusal_ids(planned), ElementsAre("identity"));
  const Planned agreed = plan(testing::firmware(), testing::phone(),
                              {.only = {"nvram"}, .erase_identity = IdentityConsent{{"nvram"}}});
  EXPECT_THAT(refusal_ids(agreed), ElementsAre());
  EXPECT_THAT(to_string(agreed.plan), HasSubstr("write   nvram"));
}

TEST(Planner, knows_identity_partitions_by_every_spelling) {
  for (const auto* name : {"nvram", "NVRAM", "nvdata", "nvcfg", "protect1", "PROTECT_F", "protect_s",
                           "persist", "PRO_INFO", "proinfo", "seccfg", "nvdata_a"}) {
    EXPECT_TRUE(is_identity(name)) << name;
  }
  for (const auto* name : {"boot", "system", "preloader", "nv", "persistent", "protect"})
    EXPECT_FALSE(is_identity(name)) << name;
}

TEST(Planner, refuses_firmware_for_another_chip) {
  const Planned planned = plan(testing::firmware("MT6572"), testing::phone());
  EXPECT_THAT(refusal_ids(planned), ElementsAre("wrong_chip"));
  EXPECT_TRUE(planned.plan.steps.empty());
  EXPECT_THAT(planned.refusals.front().text, HasSubstr("MT6580"));
}

TEST(Planner, refuses_a_chip_that_is_not_in_the_table) {
  PhoneFacts phone = testing::phone();
  phone.chip = nullptr;
  EXPECT_THAT(refusal_ids(plan(testing::firmware(), phone)), ElementsAre("unknown_chip"));
}

TEST(Planner, refuses_other_storage) {
  PhoneFacts phone = testing::phone();
  phone.storage = StorageKind::ufs;
  EXPECT_THAT(refusal_ids(plan(testing::firmware(), phone)), ElementsAre("storage"));
}

TEST(Planner, refuses_an_image_larger_than_its_partition) {
  Firmware firmware = testing::firmware();
  Bytes large = testing::boot_image();
  large.resize(0x200001);
  firmware.images[3] = testing::image("boot", large);
  EXPECT_THAT(refusal_ids(plan(firmware, testing::phone())), ElementsAre("too_large"));
  large.resize(0x200000);
  firmware.images[3] = testing::image("boot", large);
  EXPECT_THAT(refusal_ids(plan(firmware, testing::phone())), ElementsAre());
}

TEST(Planner, refuses_what_a_partition_cannot_hold) {
  Firmware firmware = testing::firmware();
  firmware.images[3] = testing::image("boot", to_bytes("<!DOCTYPE html><html><body>404</body></html>"));
  EXPECT_THAT(refusal_ids(plan(firmware, testing::phone())), ElementsAre("wrong_kind"));
  firmware.images[3] = testing::image("boot", testing::preloader_for(testing::card_id()));
  EXPECT_THAT(refusal_ids(plan(firmware, testing::phone())), ElementsAre("wrong_kind"));
  firmware.images[3] = testing::image("boot", Bytes{});
  EXPECT_THAT(refusal_ids(plan(firmware, testing::phone())), ElementsAre("wrong_kind"));
}

TEST(Planner, an_image_that_says_what_it_is_goes_nowhere_else) {
  Firmware firmware = testing::firmware();
  ByteWriter logo;
  logo.le(std::uint32_t{0x58881688}).le(std::uint32_t{0x200}).text("logo", 32);
  logo.fill(512 - logo.size()).fill(0x200);
  firmware.images[3] = testing::image("boot", std::move(logo).take());
  EXPECT_THAT(refusal_ids(plan(firmware, testing::phone())), ElementsAre("wrong_kind"));
}

TEST(Planner, a_named_image_selects_its_partition_and_a_name_that_is_none_is_refused) {
  const Firmware firmware = testing::firmware();
  const PhoneFacts phone = testing::phone();
  const Planned one = plan_download(firmware, &phone, {.skip = {}, .replaced = {"recoverry"}});
  EXPECT_THAT(refusal_ids(one), ElementsAre("unknown_partition"));
  const Planned identity = plan_download(firmware, &phone, {.replaced = {"nvram"}});
  EXPECT_FALSE(identity.refusals.empty());
}

TEST(Planner, refuses_a_missing_file_and_names_the_way_on) {
  Firmware firmware = testing::firmware();
  firmware.images[4].path.clear();
  firmware.images[4].problem = Error{.code = Errc::io, .what = "not there"};
  const Planned planned = plan(firmware, testing::phone());
  EXPECT_THAT(refusal_ids(planned), ElementsAre("missing_file"));
  EXPECT_THAT(planned.refusals.front().text, HasSubstr("--skip system"));
  EXPECT_THAT(refusal_ids(plan(firmware, testing::phone(), {.skip = {"system"}})), ElementsAre());
}

TEST(Planner, refuses_another_layout_and_a_partition_the_phone_does_not_have) {
  PhoneFacts phone = testing::phone();
  phone.table->partitions[2].region.offset = 0x380000;
  EXPECT_THAT(refusal_ids(plan(testing::firmware(), phone)), ElementsAre("layout"));
  phone = testing::phone();
  phone.table->partitions[2].region.length = 0x100000;
  EXPECT_THAT(refusal_ids(plan(testing::firmware(), phone)), ElementsAre("layout"));
  phone = testing::phone();
  phone.table->partitions[2].name = "kernel";
  EXPECT_THAT(refusal_ids(plan(testing::firmware(), phone)), ElementsAre("not_on_phone"));
}

/// A phone whose table has the file systems only, without names.
PhoneFacts phone_with_mbr() {
  PhoneFacts phone = testing::phone();
  phone.table = PartitionTable{.form = TableForm::mbr,
                               .partitions = {{.name = "p5", .region = {Area::user, 0x500000, 0xa00000}}},
                               .lists_all = false};
  return phone;
}

TEST(Planner, compares_places_where_the_table_has_no_names) {
  const Planned planned = plan(testing::firmware(), phone_with_mbr());
  EXPECT_THAT(refusal_ids(planned), ElementsAre());
  EXPECT_THAT(to_string(planned.plan), HasSubstr("write   system       user+0x500000:0x5000"));
  EXPECT_THAT(to_string(planned.plan), HasSubstr("lists file systems only"));
  // Nothing names the identity partitions of the phone, so those of the firmware's table are kept.
  EXPECT_THAT(to_string(planned.plan), HasSubstr("keep    nvram        user+0x100000:0x100000"));
  PhoneFacts moved = phone_with_mbr();
  moved.table->partitions[0].region.offset = 0x480000;
  EXPECT_THAT(refusal_ids(plan(testing::firmware(), moved)), ElementsAre("layout", "layout"));
}

/// The firmware with a second table, for UFS, where boot has another file.
Firmware firmware_for_two_storages() {
  Firmware firmware = testing::firmware();
  firmware.scatter.sections.push_back({.storage = ScatterStorage::ufs, .block_size = 0x80000});
  ScatterEntry boot = *firmware.scatter.sections[0].find("boot");
  boot.region = "UFS_LU2";
  boot.area = Area::lu2;
  boot.storage = ScatterStorage::ufs;
  boot.linear_start = boot.physical_start = 0x900000;
  firmware.scatter.sections[1].entries.push_back(boot);
  for (FirmwareImage& image : firmware.images) image.storages = {ScatterStorage::emmc};
  firmware.images.push_back(testing::image("boot", testing::boot_image()));
  firmware.images.back().path = "fw/boot_ufs.img";
  firmware.images.back().storages = {ScatterStorage::ufs};
  return firmware;
}

TEST(Planner, takes_the_table_and_files_of_the_phones_storage) {
  PhoneFacts phone = testing::phone();
  phone.storage = StorageKind::ufs;
  phone.areas = {{Area::lu0, 0x400000}, {Area::lu1, 0x400000}, {Area::lu2, testing::user_size}};
  phone.table = PartitionTable{.partitions = {{.name = "boot", .region = {Area::lu2, 0x900000, 0x200000}},
                                              {.name = "nvram", .region = {Area::lu2, 0x100000, 0x1000}}}};
  const Planned planned = plan(firmware_for_two_storages(), phone);
  EXPECT_THAT(refusal_ids(planned), ElementsAre());
  EXPECT_THAT(to_string(planned.plan),
              HasSubstr("write   boot         lu2+0x900000:0x3000 from fw/boot_ufs.img"));
  EXPECT_THAT(to_string(planned.plan), HasSubstr("keep    nvram        lu2+0x100000:0x1000"));
  EXPECT_THAT(to_string(planned.plan), Not(HasSubstr("system")));
  const std::string emmc = to_string(plan(firmware_for_two_storages(), testing::phone()).plan);
  EXPECT_THAT(emmc, HasSubstr("write   boot         user+0x300000:0x3000 from fw/boot.img"));
  phone.table->partitions[0].region.offset = 0xa00000;
  EXPECT_THAT(refusal_ids(plan(firmware_for_two_storages(), phone)), ElementsAre("layout"));
}

TEST(Planner, compares_the_places_of_a_list_as_those_of_a_gpt) {
  PhoneFacts phone = testing::phone();
  phone.table->form = TableForm::pmt;
  phone.table->partitions.insert(phone.table->partitions.begin(),
                                 {.name = "PRELOADER", .region = {Area::boot1, 0, 0x600000}});
  EXPECT_EQ(to_string(plan(testing::firmware(), phone).plan),
            to_string(plan(testing::firmware(), testing::phone()).plan));
}

TEST(Planner, refuses_a_phone_without_a_table) {
  PhoneFacts phone = testing::phone();
  phone.table.reset();
  phone.table_problem = "both copies are damaged";
  const Planned planned = plan(testing::firmware(), phone);
  EXPECT_THAT(refusal_ids(planned), ElementsAre("no_table"));
  EXPECT_THAT(planned.refusals.front().text, HasSubstr("both copies are damaged"));
}

TEST(Planner, refuses_the_preloader_of_another_board) {
  Firmware firmware = testing::firmware();
  const Bytes foreign = to_bytes({0x90, 1, 0x4a, 0x48, 0x38, 0x47, 0x31, 0x65, 0x05});
  firmware.images[0] = testing::image("preloader", testing::preloader_for(foreign));
  EXPECT_THAT(refusal_ids(plan(firmware, testing::phone())), ElementsAre("preloader_memory"));
  EXPECT_THAT(refusal_ids(plan(firmware, testing::phone(), {.skip = {"preloader"}})), ElementsAre());
}

TEST(Planner, refuses_a_preloader_for_other_storage_and_a_damaged_one) {
  Firmware firmware = testing::firmware();
  firmware.images[0] =
      testing::image("preloader", testing::preloader_for(ByteView{testing::card_id()}.first(9), 2));
  EXPECT_THAT(refusal_ids(plan(firmware, testing::phone())), ElementsAre("preloader_storage"));
  Bytes cut = testing::preloader_for(ByteView{testing::card_id()}.first(9));
  cut.resize(cut.size() / 2);
  firmware.images[0] = testing::image("preloader", cut);
  EXPECT_THAT(refusal_ids(plan(firmware, testing::phone())), ElementsAre("preloader_damaged"));
}

TEST(Planner, accepts_a_preloader_that_already_has_the_device_header) {
  Firmware firmware = testing::firmware();
  const Bytes bare = testing::preloader_for(ByteView{testing::card_id()}.first(9));
  firmware.images[0] = testing::image("preloader", add_emmc_header(bare).value());
  EXPECT_THAT(to_string(plan(firmware, testing::phone()).plan), HasSubstr("boot1+0x0:0x1000"));
}

TEST(Planner, finds_every_refusal_at_once) {
  Firmware firmware = testing::firmware("MT6572");
  firmware.images[4].path.clear();
  firmware.images[4].problem = Error{.code = Errc::io, .what = "not there"};
  EXPECT_THAT(refusal_ids(plan(firmware, testing::phone(), {.skip = {"nonsense"}})),
              ElementsAre("wrong_chip", "unknown_partition", "missing_file"));
}

TEST(Planner, plans_without_a_phone) {
  const Planned planned = plan_download(testing::firmware(), nullptr, {});
  EXPECT_THAT(refusal_ids(planned), ElementsAre());
  EXPECT_THAT(to_string(planned.plan), HasSubstr("keep    nvram        user+0x100000:0x100000\n"));
  EXPECT_THAT(to_string(planned.plan), HasSubstr("Planned without a phone"));
}

TEST(Planner, refuses_storage_of_a_size_that_no_phone_has) {
  for (const std::uint64_t size : {std::uint64_t{1} << 60, testing::user_size + 1}) {
    PhoneFacts phone = testing::phone();
    phone.areas.back().size = size;
    EXPECT_THAT(refusal_ids(plan(testing::firmware(), phone)), ::testing::Contains("odd_storage")) << size;
  }
}

TEST(Planner, leaves_the_preloader_of_a_nand_phone_alone) {
  Firmware firmware = testing::firmware();
  ScatterSection& section = firmware.scatter.sections.at(0);
  section.storage = ScatterStorage::nand;
  for (ScatterEntry& entry : section.entries) entry.area = Area::nand;
  PhoneFacts phone = testing::phone();
  phone.storage = StorageKind::nand;
  phone.areas = {{Area::nand, testing::user_size}};
  phone.writes_by_name = true;
  for (TableEntry& entry : phone.table->partitions) entry.region.area = Area::nand;
  EXPECT_THAT(refusal_ids(plan(firmware, phone)), ElementsAre("nand_preloader"));
  const Planned without = plan(firmware, phone, {.skip = {"preloader"}});
  EXPECT_THAT(refusal_ids(without), ElementsAre());
  EXPECT_THAT(to_string(without.plan), HasSubstr("write   boot         nand+0x300000:0x3000"));
}

TEST(Planner, warns_when_an_old_table_would_be_written_in_part) {
  Firmware firmware = testing::firmware();
  const auto add = [&](std::string name, std::uint64_t start) {
    ScatterEntry entry = firmware.scatter.sections[0].entries.back();
    entry.name = name;
    entry.physical_start = entry.linear_start = start;
    entry.size = 0x10000;
    firmware.scatter.sections[0].entries.push_back(entry);
    firmware.images.push_back(testing::image(name, testing::pattern(512, 1)));
  };
  add("MBR", 0x10000);
  add("EBR1", 0x20000);
  add("EBR2", 0x30000);
  const auto warned = [&](const FlashOptions& options) {
    for (const Warning& warning : plan_download(firmware, nullptr, options).plan.warnings) {
      if (warning.id == "table_partly") return warning.text;
    }
    return std::string{};
  };
  EXPECT_THAT(warned({.skip = {"EBR2"}}),
              HasSubstr("MBR, EBR1, EBR2, and not all of it is written: EBR2 stays"));
  EXPECT_THAT(warned({.only = {"mbr", "boot"}}), HasSubstr("EBR1, EBR2 stays"));
  EXPECT_EQ(warned({}), "");
  EXPECT_EQ(warned({.only = {"boot"}}), "");
}

TEST(Planner, refuses_an_empty_selection) {
  EXPECT_THAT(refusal_ids(plan(testing::firmware(), testing::phone(),
                               {.skip = {"preloader", "lk", "boot", "system"}})),
              ElementsAre("nothing_selected"));
}

}  // namespace
}  // namespace mtk
