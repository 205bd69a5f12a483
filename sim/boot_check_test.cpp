// SPDX-License-Identifier: Apache-2.0
#include "sim/boot_check.h"

#include "sim/test_bench.h"

namespace mtk::sim {
namespace {

class BootCheck : public testing::Test {
 protected:
  Card card() {
    auto opened = Card::open(model_, folder_.path());
    if (!opened) ADD_FAILURE() << to_string(opened.error());
    return std::move(*opened);
  }
  std::uint64_t start_of(std::string_view name) { return model_.partition(name)->start; }

  Model model_ = model_named("tiny-6580");
  Folder folder_;
};

TEST_F(BootCheck, a_new_phone_starts_android_with_its_radio) {
  const BootReport report = check_boot(model_, card());
  EXPECT_EQ(report.reached, BootStage::android) << report.why;
  EXPECT_TRUE(report.radio);
  EXPECT_TRUE(report.identity_notes.empty());
}

TEST_F(BootCheck, only_a_good_preloader_behind_its_device_header_is_taken) {
  for (const auto& [flash, good] : {std::pair{PreloaderFlash::good, true},
                                    {PreloaderFlash::broken, false},
                                    {PreloaderFlash::bare, false},
                                    {PreloaderFlash::missing, false}}) {
    Folder folder;
    model_.preloader.flash = flash;
    auto phone = Card::open(model_, folder.path());
    ASSERT_TRUE(phone);
    EXPECT_EQ(check_preloader(*phone).ok, good) << static_cast<int>(flash);
  }
}

TEST_F(BootCheck, every_flipped_bit_in_the_preloader_file_is_noticed) {
  const Bytes good = boot_area(preloader_image(model_));
  ASSERT_TRUE(check_boot_area(good).ok) << check_boot_area(good).why;
  for (std::size_t i = 0; i < model_.preloader.image_size; ++i) {
    // Signature type and length say what is hashed; with others only the structure is judged.
    if (i == 0x1b || (i >= 0x2c && i < 0x30)) continue;
    Bytes bad = good;
    bad[0x800 + i] ^= std::byte{0x10};
    EXPECT_FALSE(check_boot_area(bad).ok) << "byte " << i;
  }
}

TEST_F(BootCheck, a_preloader_of_another_signature_type_is_judged_by_its_structure) {
  Bytes area = boot_area(preloader_image(model_));
  area[0x800 + 0x1b] = std::byte{3};
  area[0x900] ^= std::byte{1};
  EXPECT_TRUE(check_boot_area(area).ok);
  area[0x800 + 0x19] = std::byte{9};  // file type
  EXPECT_FALSE(check_boot_area(area).ok);
}

TEST_F(BootCheck, no_prefix_of_a_boot_area_is_read_past_its_end) {
  const Bytes good = boot_area(preloader_image(model_));
  for (std::size_t size = 0; size < good.size(); size += 13)
    EXPECT_EQ(check_boot_area(ByteView{good}.first(size)).ok, size >= 0x800 + model_.preloader.image_size)
        << size;
}

TEST_F(BootCheck, a_preloader_for_another_memory_gets_no_further) {
  Model other = model_;
  other.memory.installed_ids = {pattern(16)};
  Card phone = card();
  ASSERT_TRUE(phone.write(part_boot1, 0, boot_area(preloader_image(other))));
  EXPECT_TRUE(check_preloader(phone).ok);
  EXPECT_FALSE(check_memory_settings(model_, phone).ok);
  EXPECT_EQ(check_boot(model_, phone).reached, BootStage::memory);
  other.memory.installed_ids.push_back(model_.storage.cid);
  ASSERT_TRUE(phone.write(part_boot1, 0, boot_area(preloader_image(other))));
  EXPECT_EQ(check_boot(model_, phone).reached, BootStage::android);
}

TEST_F(BootCheck, without_lk_it_stops_in_the_preloader) {
  Card phone = card();
  ASSERT_TRUE(phone.erase(part_user, start_of("lk"), 512));
  EXPECT_EQ(check_boot(model_, phone).reached, BootStage::preloader);
}

TEST_F(BootCheck, without_a_boot_image_it_is_stuck_at_the_logo) {
  Card phone = card();
  ASSERT_TRUE(phone.erase(part_user, start_of("boot"), 512));
  EXPECT_EQ(check_boot(model_, phone).reached, BootStage::logo);
}

TEST_F(BootCheck, wiped_nvram_means_no_radio_and_another_phones_is_named) {
  Card phone = card();
  ASSERT_TRUE(phone.erase(part_user, start_of("nvram"), model_.partition("nvram")->size));
  Model other = model_;
  other.storage.cid[5] ^= std::byte{1};
  ASSERT_TRUE(phone.write(part_user, start_of("proinfo"), identity_block(other, "proinfo")));
  const BootReport report = check_boot(model_, phone);
  EXPECT_EQ(report.reached, BootStage::android);
  EXPECT_FALSE(report.radio);
  EXPECT_EQ(report.identity_notes,
            (std::vector<std::string>{"proinfo is another phone's", "nvram is not there any more"}));
}

TEST_F(BootCheck, the_backup_table_serves_when_the_first_is_damaged) {
  Card phone = card();
  ASSERT_TRUE(phone.erase(part_user, 0, 0x600));
  EXPECT_EQ(check_boot(model_, phone).reached, BootStage::android);
  ASSERT_TRUE(phone.erase(part_user, phone.size(part_user) - 512, 512));
  EXPECT_EQ(check_boot(model_, phone).reached, BootStage::preloader);
}

TEST_F(BootCheck, the_table_lists_every_slot) {
  const auto gpt = read_gpt(card());
  ASSERT_TRUE(gpt) << to_string(gpt.error());
  EXPECT_EQ(gpt->slots, 16u);
  ASSERT_EQ(gpt->entries.size(), 16u);
  EXPECT_EQ(gpt->entries[0].name, "proinfo");
  EXPECT_EQ(gpt->entries[0].first * 512, start_of("proinfo"));
  EXPECT_EQ(gpt->entries[15].name, "");
}

TEST_F(BootCheck, a_table_with_absurd_counts_is_refused) {
  Card phone = card();
  Bytes header = *phone.read(part_user, 512, 512);
  const std::uint32_t slots = 0xffffffff;
  ByteWriter count;
  count.le(slots);
  std::copy_n(count.view().begin(), 4, header.begin() + 80);
  std::fill_n(header.begin() + 16, 4, std::byte{0});
  ByteWriter crc;
  crc.le(crc32(ByteView{header}.first(92)));
  std::copy_n(crc.view().begin(), 4, header.begin() + 16);
  ASSERT_TRUE(phone.write(part_user, 512, header));
  ASSERT_TRUE(phone.erase(part_user, phone.size(part_user) - 512, 512));
  EXPECT_FALSE(read_gpt(phone));
}

TEST_F(BootCheck, what_was_written_is_still_there_in_the_next_life) {
  const Bytes mark = to_bytes("mark");
  ASSERT_TRUE(card().write(part_user, 0x60000, mark));
  EXPECT_EQ(*card().read(part_user, 0x60000, 4), mark);
}

TEST_F(BootCheck, a_folder_of_another_phone_is_refused) {
  card();
  model_.name = "another";
  const auto opened = Card::open(model_, folder_.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::usage);
}

class UfsBootCheck : public testing::Test {
 protected:
  void SetUp() override {
    model_ = model_named("tiny-6580");
    model_.storage.kind = StorageKind::ufs;
    model_.storage.sector = 4096;
    model_.storage.first_usable = 6;
    model_.storage.last_usable_from_end = 5;
    std::erase_if(model_.partitions, [](const PartitionModel& part) { return part.size % 4096 != 0; });
    auto opened = Card::open(model_, folder_.path());
    ASSERT_TRUE(opened) << to_string(opened.error());
    card_.emplace(std::move(*opened));
  }

  Model model_;
  Folder folder_;
  std::optional<Card> card_;
};

TEST_F(UfsBootCheck, a_new_phone_starts_from_its_logical_units) {
  EXPECT_EQ(check_boot(model_, *card_).reached, BootStage::android) << check_boot(model_, *card_).why;
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "lu0"));
  EXPECT_EQ(*card_->read(part_boot1, 0, 8), to_bytes("UFS_BOOT"));
  EXPECT_EQ(*card_->read(part_boot1, 0x1000, 4), to_bytes("MMM\x01"));
}

TEST_F(UfsBootCheck, the_table_lies_in_blocks_of_4096_at_both_ends) {
  EXPECT_EQ(*card_->read(part_user, 4096, 8), to_bytes("EFI PART"));
  EXPECT_EQ(*card_->read(part_user, card_->size(part_user) - 4096, 8), to_bytes("EFI PART"));
  const auto gpt = read_gpt(*card_);
  ASSERT_TRUE(gpt) << to_string(gpt.error());
  EXPECT_EQ(gpt->entries[0].name, "lk");
  EXPECT_EQ(gpt->entries[0].first * 4096, model_.partition("lk")->start);
  ASSERT_TRUE(card_->erase(part_user, 0, 0x6000));
  EXPECT_TRUE(read_gpt(*card_)) << "the backup serves";
}

TEST_F(UfsBootCheck, an_emmc_preloader_does_not_start_a_ufs_phone) {
  Model emmc = model_;
  emmc.storage.kind = StorageKind::emmc;
  EXPECT_FALSE(check_boot_area(boot_area(preloader_image(emmc)), StorageKind::ufs).ok);
  EXPECT_FALSE(check_boot_area(boot_area(preloader_image(emmc), StorageKind::ufs), StorageKind::ufs).ok);
  EXPECT_FALSE(check_boot_area(boot_area(preloader_image(model_), StorageKind::ufs)).ok);
  EXPECT_TRUE(check_boot_area(boot_area(preloader_image(model_), StorageKind::ufs), StorageKind::ufs).ok);
}

}  // namespace
}  // namespace mtk::sim
