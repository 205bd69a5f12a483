// SPDX-License-Identifier: Apache-2.0
#include <mtk/firmware.h>
#include <mtk/session.h>

#include <gtest/gtest.h>

namespace mtk {
namespace {

FirmwareEntry entry(std::string name, std::uint64_t start, std::uint64_t size) {
  return {.name = std::move(name), .storage = "EMMC", .start = start, .offset = start, .size = size};
}

FirmwareCard card() {
  FirmwareCard card;
  card.platform = "MT6580";
  card.project = "z5";
  card.storages = {"EMMC"};
  card.chips = {{"MT6580", 0x6580, "exact"}};
  card.entries = {entry("nvram", 0x100000, 0x100000), entry("boot", 0x200000, 0x100000),
                  entry("userdata", 0x300000, 0x800000)};
  card.build = {.model = "Z5", .fingerprint = "acme/z5:1"};
  PreloaderCard preloader;
  preloader.memory_ids = {"150100513832334d42", "90014a484247346132"};
  card.preloaders = {preloader};
  return card;
}

PhoneCard phone() {
  PhoneCard phone;
  phone.chip = "MT6580";
  phone.hw_code = 0x6580;
  phone.facts = {{"storage_id", "Storage id", "150100513832334d4207b11daa1c5700"}};
  phone.partitions = {{"nvram", {Area::user, 0x100000, 0x100000}},
                      {"boot", {Area::user, 0x200000, 0x100000}},
                      {"userdata", {Area::user, 0x300000, 0x1000000}}};
  return phone;
}

CompareRow::Verdict row(const FirmwareComparison& comparison, std::string_view id) {
  for (const CompareRow& one : comparison.rows) {
    if (one.id == id) return one.verdict;
  }
  ADD_FAILURE() << "no row " << id;
  return CompareRow::Verdict::unknown;
}

TEST(Compare, the_same_package_is_the_same_build) {
  const auto same = compare_firmware(card(), card());
  EXPECT_EQ(same.verdict, "same_build");
  EXPECT_TRUE(same.usable);
}

TEST(Compare, another_build_for_the_same_phone_may_be_used) {
  FirmwareCard newer = card();
  newer.build.fingerprint = "acme/z5:2";
  newer.entries.back().size *= 2;  // userdata fills what the storage has
  const auto result = compare_firmware(card(), newer);
  EXPECT_EQ(result.verdict, "same_model");
  EXPECT_TRUE(result.usable);
  EXPECT_EQ(row(result, "layout"), CompareRow::Verdict::same);
}

TEST(Compare, other_memory_chips_are_another_variant) {
  FirmwareCard other = card();
  other.preloaders[0].memory_ids = {"fe014e503158585858"};
  const auto result = compare_firmware(card(), other);
  EXPECT_EQ(result.verdict, "other_memory");
  EXPECT_FALSE(result.usable);
  // One chip in common is the usual second source.
  other.preloaders[0].memory_ids.push_back("90014a484247346132");
  EXPECT_EQ(compare_firmware(card(), other).verdict, "same_build");
}

TEST(Compare, another_layout_or_project_is_a_sibling) {
  FirmwareCard moved = card();
  *moved.entries[1].offset += 0x80000;
  EXPECT_EQ(compare_firmware(card(), moved).verdict, "sibling");
  FirmwareCard fewer = card();
  fewer.entries.erase(fewer.entries.begin());
  EXPECT_EQ(compare_firmware(card(), fewer).verdict, "sibling");
  FirmwareCard project = card();
  project.project = "m8";
  EXPECT_EQ(compare_firmware(card(), project).verdict, "sibling");
}

TEST(Compare, another_chip_is_foreign_whatever_else_agrees) {
  FirmwareCard other = card();
  other.platform = "MT6735";
  other.chips = {{"MT6735", 0x0321, "exact"}};
  const auto result = compare_firmware(card(), other);
  EXPECT_EQ(result.verdict, "foreign");
  EXPECT_FALSE(result.usable);
}

TEST(Compare, another_name_of_the_same_silicon_is_the_same_chip) {
  FirmwareCard other = card();
  other.platform = "MT6580A";
  EXPECT_EQ(compare_firmware(card(), other).verdict, "same_build");
}

TEST(Compare, the_same_board_for_another_storage_is_a_sibling) {
  FirmwareCard ufs = card();
  ufs.storages = {"UFS"};
  for (FirmwareEntry& one : ufs.entries) one.storage = "UFS";
  const auto result = compare_firmware(card(), ufs);
  EXPECT_EQ(result.verdict, "sibling");
  EXPECT_EQ(row(result, "storage"), CompareRow::Verdict::differs);
  PhoneCard other = phone();
  other.facts.push_back({"storage", "Storage", "ufs"});
  EXPECT_EQ(compare_firmware(card(), other).verdict, "sibling");
}

TEST(Compare, of_several_tables_the_one_for_the_phones_storage_counts) {
  FirmwareCard both = card();
  both.storages = {"UFS", "EMMC"};
  both.entries.push_back(entry("boot", 0x900000, 0x100000));
  both.entries.back().storage = "UFS";
  PhoneCard emmc = phone();
  emmc.facts.push_back({"storage", "Storage", "emmc"});
  EXPECT_EQ(compare_firmware(both, emmc).verdict, "fits_phone");
  emmc.facts.back().value = "ufs";
  EXPECT_EQ(row(compare_firmware(both, emmc), "layout"), CompareRow::Verdict::differs);
}

TEST(Compare, addresses_count_from_the_start_of_their_area_however_the_table_counts) {
  FirmwareCard linear = card();
  for (FirmwareEntry& one : linear.entries) one.start += 0x1400000;  // as lists over all areas have it
  EXPECT_EQ(compare_firmware(card(), linear).verdict, "same_build");
}

TEST(Compare, firmware_fits_the_phone_it_is_for) {
  const auto result = compare_firmware(card(), phone());
  EXPECT_EQ(result.verdict, "fits_phone");
  EXPECT_TRUE(result.usable);
  EXPECT_EQ(row(result, "memory"), CompareRow::Verdict::same);
}

TEST(Compare, a_phone_of_another_chip_layout_or_memory_is_told_apart) {
  PhoneCard other = phone();
  other.hw_code = 0x0321;
  EXPECT_EQ(compare_firmware(card(), other).verdict, "foreign");
  other = phone();
  other.partitions[1].region.offset += 0x1000;
  EXPECT_EQ(compare_firmware(card(), other).verdict, "sibling");
  other = phone();
  other.facts[0].value = "45010044463430303800";
  EXPECT_EQ(compare_firmware(card(), other).verdict, "other_memory");
}

TEST(Compare, what_the_phone_does_not_say_is_left_open) {
  PhoneCard silent = phone();
  silent.partitions.clear();
  silent.facts.clear();
  const auto result = compare_firmware(card(), silent);
  EXPECT_EQ(result.verdict, "fits_phone");
  EXPECT_EQ(row(result, "layout"), CompareRow::Verdict::unknown);
  EXPECT_NE(result.text.find("Partitions, Memory"), std::string::npos);
}

}  // namespace
}  // namespace mtk
