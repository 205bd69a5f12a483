// SPDX-License-Identifier: Apache-2.0
#include "image/da_file/da_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mtk {
namespace {

using testing::HasSubstr;

constexpr std::size_t head_size = 0x6c;
constexpr std::string_view legacy_text = "MTK_AllInOne_DA_v7.1504.00.00";

/// Three regions as phones have them: stub, stage 1, stage 2.
DaParts phone_agent(std::uint16_t hw_code, std::uint16_t hw_version = 0xca00, std::uint16_t sw_version = 0,
                    std::uint16_t hw_sub_code = 0) {
  DaParts parts{
      .key = {.hw_code = hw_code,
              .hw_sub_code = hw_sub_code,
              .hw_version = hw_version,
              .sw_version = sw_version,
              .page_size = 0x1000},
      .contents = {Bytes(0x27, std::byte{1}), Bytes(0x40, std::byte{2}), Bytes(0x60, std::byte{3})}};
  parts.key.regions = {{.load_address = 0x50000000},
                       {.load_address = 0x200000, .signature_length = 0x10},
                       {.load_address = 0x40000000, .signature_length = 0x10}};
  return parts;
}

Bytes container(const std::vector<DaParts>& agents, DaLayout layout = DaLayout::table_of_20,
                std::string_view text = legacy_text) {
  return build_da_file(text, agents, layout).value();
}

void put(Bytes& file, std::size_t at, std::initializer_list<unsigned> values) {
  const Bytes bytes = to_bytes(values);
  std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(at));
}

std::string refusal(const Bytes& file) {
  const auto parsed = DaFile::parse(file);
  return parsed ? "accepted" : to_string(parsed.error());
}

std::uint16_t chosen_version(const DaFile& file, const DaQuery& phone) {
  const auto entry = file.choose(phone);
  return entry ? entry->hw_version : std::uint16_t{0};
}

TEST(DaFile, entries_and_regions_are_read) {
  const DaFile file = DaFile::parse(container({phone_agent(0x6580), phone_agent(0x6735)})).value();
  EXPECT_EQ(file.version_text(), legacy_text);
  EXPECT_FALSE(file.is_xml_family());
  ASSERT_EQ(file.entries().size(), 2u);
  EXPECT_EQ(file.entries()[1].hw_code, 0x6735);
  EXPECT_EQ(file.entries()[0].regions[0].file_offset, 0x119cu);  // behind 20 slots
  EXPECT_TRUE(file.warnings().empty());
  const DaStages stages = file.stages(file.entries()[0]).value();
  EXPECT_EQ(stages.da1.region.load_address, 0x200000u);
  EXPECT_EQ(stages.da1.region.data_length(), 0x30u);
  EXPECT_EQ(stages.da1.bytes.size(), 0x40u);
  EXPECT_EQ(stages.da1.bytes[0], std::byte{2});
  EXPECT_EQ(stages.da2.bytes[0x5f], std::byte{3});
}

TEST(DaFile, a_single_entry_xml_file_has_data_where_unused_slots_would_be) {
  const Bytes bytes = container({phone_agent(0x1296)}, DaLayout::single_v6, "MTK_DA_v6_2023-03-03 22:42:56");
  const DaFile file = DaFile::parse(bytes).value();
  EXPECT_TRUE(file.is_xml_family());
  const DaRegion& first = file.entries().at(0).regions.at(0);
  EXPECT_EQ(first.file_offset, 0xbcu);
  const DaRegion& second = file.entries()[0].regions[1];
  EXPECT_EQ(second.signature_offset, second.file_offset + 0x30);  // absolute here
  EXPECT_TRUE(file.warnings().empty());
}

TEST(DaFile, old_short_entries_are_recognised_by_the_second_one) {
  // Entry heads of 16 bytes: no software version, no first reserved word.
  ByteWriter out;
  out.text("MTK_DOWNLOAD_AGENT", 32).text("old", 64);
  out.le(std::uint32_t{4}).le(std::uint32_t{0x22668899}).le(std::uint32_t{2});
  for (const std::uint16_t code : {std::uint16_t{0x6516}, std::uint16_t{0x6573}}) {
    const std::size_t start = out.size();
    out.le(std::uint16_t{0xdada}).le(code).le(std::uint16_t{1}).le(std::uint16_t{0xca00});
    out.le(std::uint16_t{0x1000}).le(std::uint16_t{0}).le(std::uint16_t{1}).le(std::uint16_t{0});
    out.fill(0xd8 - (out.size() - start));
  }
  const DaFile file = DaFile::parse(std::move(out).take()).value();
  EXPECT_EQ(file.entries().at(1).hw_code, 0x6573);
  EXPECT_EQ(file.entries().at(1).hw_version, 0xca00);
  EXPECT_EQ(file.entries().at(1).sw_version, 0);
  EXPECT_EQ(file.entries().at(1).page_size, 0x1000);
}

TEST(DaFile, what_is_no_container_is_refused) {
  for (const Bytes& bytes : {Bytes{}, to_bytes("DA"), Bytes(4096), to_bytes("MTK_DOWNLOAD_AGENT")}) {
    EXPECT_THAT(refusal(bytes), HasSubstr("not a download agent container"));
  }
}

TEST(DaFile, hostile_counts_and_lengths_are_refused_with_their_place) {
  const Bytes good = container({phone_agent(0x6580)});
  const auto with = [&](std::size_t at, std::initializer_list<unsigned> values) {
    Bytes file = good;
    put(file, at, values);
    return refusal(file);
  };
  EXPECT_EQ(refusal(good), "accepted");
  EXPECT_THAT(with(0x60, {5}), HasSubstr("container version 5"));
  EXPECT_THAT(with(0x64, {0}), HasSubstr("not a download agent"));
  EXPECT_THAT(with(0x68, {0}), HasSubstr("container of 0 agents"));
  EXPECT_THAT(with(0x68, {0x01, 0x01}), HasSubstr("container of 257 agents"));
  EXPECT_THAT(with(0x68, {0xff, 0xff, 0xff, 0xff}), HasSubstr("container of 4294967295 agents"));
  EXPECT_THAT(with(0x68, {2}), HasSubstr("agent 1: bad image: magic 0x0000"));
  EXPECT_THAT(with(head_size + 18, {11}), HasSubstr("agent 0: bad image: 11 regions"));
  EXPECT_THAT(with(head_size + 20 + 20, {0xff, 0xff, 0xff, 0xff}), HasSubstr("region 1"));          // offset
  EXPECT_THAT(with(head_size + 20 + 24, {0xff, 0xff, 0xff, 0xff}), HasSubstr("outside the file"));  // length
  EXPECT_THAT(with(head_size + 20 + 36, {0x41}), HasSubstr("signature of 0x41 bytes"));
}

TEST(DaFile, truncation_at_every_byte_is_an_error) {
  const Bytes good = container({phone_agent(0x6580)}, DaLayout::single_v6);
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(DaFile::parse(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))))
        << size;
  }
}

TEST(DaFile, bytes_behind_the_last_region_and_odd_signatures_are_told) {
  Bytes file = container({phone_agent(0x6580)});
  file.push_back(std::byte{0});
  put(file, head_size + 20 + 32, {0x13});  // signature offset of region 1
  const std::vector<std::string> warnings = DaFile::parse(file).value().warnings();
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_THAT(warnings[0], HasSubstr("region 1 places its signature at 0x13"));
  EXPECT_THAT(warnings[1], HasSubstr("1 bytes after the last region"));
}

TEST(DaFile, the_offset_of_an_empty_region_means_nothing) {
  Bytes file = container({phone_agent(0x6580)});
  put(file, head_size + 20, {0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0});
  ASSERT_EQ(refusal(file), "accepted");
  const DaFile parsed = DaFile::parse(file).value();
  EXPECT_TRUE(parsed.bytes(parsed.entries()[0].regions[0]).empty());
}

TEST(DaFile, another_chip_is_never_served) {
  const DaFile file = DaFile::parse(container({phone_agent(0x6580), phone_agent(0x6735)})).value();
  const auto entry = file.choose({.hw_code = 0x6592});
  ASSERT_FALSE(entry);
  EXPECT_EQ(entry.error().code, Errc::unsupported);
  EXPECT_THAT(entry.error().what, HasSubstr("no agent for chip 0x6592; it holds 0x6580, 0x6735"));
}

TEST(DaFile, the_newest_agent_not_above_the_phone_is_chosen) {
  // The two agents of the MT6575, as measured.
  const DaFile file =
      DaFile::parse(container({phone_agent(0x6575, 0xca00, 0xe100), phone_agent(0x6575, 0xcb00, 0xe201)}))
          .value();
  EXPECT_EQ(chosen_version(file, {.hw_code = 0x6575, .hw_version = 0xca00, .sw_version = 0xe100}), 0xca00);
  EXPECT_EQ(chosen_version(file, {.hw_code = 0x6575, .hw_version = 0xcb00, .sw_version = 0xe201}), 0xcb00);
  EXPECT_EQ(chosen_version(file, {.hw_code = 0x6575, .hw_version = 0xcc00, .sw_version = 0xf000}), 0xcb00);
  EXPECT_EQ(chosen_version(file, {.hw_code = 0x6575, .hw_version = 0xcb00, .sw_version = 0xe100}), 0xca00);
  // A phone that reports no version takes the newest.
  EXPECT_EQ(chosen_version(file, {.hw_code = 0x6575}), 0xcb00);
  const auto none = file.choose({.hw_code = 0x6575, .hw_version = 0xc000, .sw_version = 0xe100});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().what, HasSubstr("newer than this phone"));
  EXPECT_THAT(none.error().what, HasSubstr("0x6575 ca00/e100, 0x6575 cb00/e201"));
}

TEST(DaFile, an_exact_sub_code_wins_then_zero_then_any) {
  const auto sub_code = [](const std::vector<DaParts>& agents) {
    return DaFile::parse(container(agents))
        .value()
        .choose({.hw_code = 0x6739, .hw_sub_code = 0x8a00})
        ->hw_sub_code;
  };
  const DaParts exact = phone_agent(0x6739, 0xca00, 0, 0x8a00);
  const DaParts zero = phone_agent(0x6739);
  const DaParts other = phone_agent(0x6739, 0xca00, 0, 0x8b00);
  EXPECT_EQ(sub_code({other, zero, exact}), 0x8a00);
  EXPECT_EQ(sub_code({other, zero}), 0);
  EXPECT_EQ(sub_code({other}), 0x8b00);
}

TEST(DaFile, layouts_of_iot_chips_have_no_phone_stages) {
  DaParts parts = phone_agent(0x2625);
  parts.key.entry_region_index = 2;
  const DaFile file = DaFile::parse(container({parts})).value();
  EXPECT_EQ(file.stages(file.entries()[0]).error().code, Errc::unsupported);
}

TEST(DaFile, an_agent_without_second_stage_is_damaged) {
  DaParts two = phone_agent(0x6580);
  two.key.regions.pop_back();
  two.contents.pop_back();
  DaParts empty = phone_agent(0x6580);
  empty.contents[2] = Bytes(0x10);  // nothing but the signature
  for (const DaParts& parts : {two, empty}) {
    const DaFile file = DaFile::parse(container({parts})).value();
    EXPECT_EQ(file.stages(file.entries()[0]).error().code, Errc::bad_image);
  }
}

TEST(DaFile, what_does_not_fit_a_container_is_not_built) {
  EXPECT_FALSE(build_da_file("x", {}));
  EXPECT_FALSE(build_da_file("x", std::vector<DaParts>(21, phone_agent(1))));
  EXPECT_FALSE(build_da_file("x", {phone_agent(1), phone_agent(2)}, DaLayout::single_v6));
  DaParts parts = phone_agent(1);
  parts.key.regions[1].signature_length = 0x41;
  EXPECT_FALSE(build_da_file("x", {parts}));
}

RC_GTEST_PROP(DaFileProperty, any_container_reads_as_it_was_built, ()) {
  const auto layout = *rc::gen::element(DaLayout::table_of_20, DaLayout::single_v6);
  const auto count = layout == DaLayout::single_v6 ? std::size_t{1} : *rc::gen::inRange<std::size_t>(1, 21);
  std::vector<DaParts> agents;
  for (std::size_t i = 0; i < count; ++i) {
    DaParts parts;
    parts.key = {.hw_code = *rc::gen::arbitrary<std::uint16_t>(),
                 .hw_sub_code = *rc::gen::arbitrary<std::uint16_t>(),
                 .hw_version = *rc::gen::arbitrary<std::uint16_t>(),
                 .sw_version = *rc::gen::arbitrary<std::uint16_t>(),
                 .page_size = *rc::gen::arbitrary<std::uint16_t>(),
                 .entry_region_index = *rc::gen::arbitrary<std::uint16_t>()};
    const auto regions = *rc::gen::inRange<std::size_t>(1, 7);
    for (std::size_t r = 0; r < regions; ++r) {
      const auto size = *rc::gen::inRange<std::size_t>(r == 0 ? 1 : 0, 64);
      parts.contents.push_back(Bytes(size, static_cast<std::byte>(r)));
      parts.key.regions.push_back(
          {.load_address = *rc::gen::arbitrary<std::uint32_t>(),
           .signature_length = *rc::gen::inRange(0U, static_cast<std::uint32_t>(size) + 1)});
    }
    agents.push_back(std::move(parts));
  }
  const auto file = DaFile::parse(build_da_file("any", agents, layout).value());
  RC_ASSERT(file.has_value());
  RC_ASSERT(file->warnings().empty());
  RC_ASSERT(file->entries().size() == agents.size());
  for (std::size_t i = 0; i < count; ++i) {
    const DaEntry& entry = file->entries()[i];
    DaEntry expected = agents[i].key;
    RC_ASSERT(entry.regions.size() == expected.regions.size());
    for (std::size_t r = 0; r < entry.regions.size(); ++r) {
      const ByteView content = file->bytes(entry.regions[r]);
      RC_ASSERT(Bytes(content.begin(), content.end()) == agents[i].contents[r]);
      RC_ASSERT(entry.regions[r].load_address == expected.regions[r].load_address);
      RC_ASSERT(entry.regions[r].signature_length == expected.regions[r].signature_length);
    }
    expected.regions = entry.regions;
    RC_ASSERT(entry == expected);
  }
}

}  // namespace
}  // namespace mtk
