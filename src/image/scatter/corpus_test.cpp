// SPDX-License-Identifier: Apache-2.0
// Every real scatter file is read as a second, independent reading says (tests/corpus/README.md).
#include "base/file.h"
#include "image/scatter/convert.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

namespace mtk {
namespace {

namespace fs = std::filesystem;

const fs::path corpus = fs::path(MTK_SOURCE_DIR) / "tests/corpus/scatter";
constexpr std::uint64_t boot_size = 0x400000;
constexpr std::uint64_t user_size = 0x1d1f000000;
constexpr std::uint64_t nand_size = 0x20000000;

std::string text_of(const fs::path& path) {
  const Bytes bytes = read_file(path, 1 << 20).value();
  std::string text;
  for (const std::byte byte : bytes) text += static_cast<char>(byte);
  return text;
}

std::uint64_t size_of(Area area) {
  if (area == Area::nand) return nand_size;
  return area == Area::user || area == Area::lu2 ? user_size : boot_size;
}

std::string line_of(const ScatterEntry& entry, const ScatterSection& section) {
  const auto yes_no = [](bool value) { return value ? "true" : "false"; };
  const auto placed = place(entry, section, size_of(entry.area.value()));
  std::string where = "nowhere";
  if (placed) where = fmt::format("0x{:x}+0x{:x}", placed->region.offset, placed->region.length);
  std::string file = entry.file_name;
  for (const std::string& pattern : entry.file_patterns) file += (file.empty() ? "" : " ") + pattern;
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}\n", entry.name, file, yes_no(entry.is_download),
                     to_string(entry.type), to_string(*entry.area), entry.twin ? to_string(*entry.twin) : "",
                     where, to_string(entry.policy), yes_no(entry.boundary_check), yes_no(entry.is_reserved));
}

std::string table_of(const Scatter& scatter) {
  std::string out = fmt::format("{} {} {}\n", scatter.platform, scatter.config_version, scatter.project);
  for (const ScatterSection& section : scatter.sections) {
    out += fmt::format("[{} 0x{:x}]\n", to_string(section.storage), section.block_size);
    for (const ScatterEntry& entry : section.entries) out += line_of(entry, section);
  }
  return out;
}

Scatter corpus_file(std::string_view name) {
  const auto scatter = load_scatter(corpus / name);
  EXPECT_TRUE(scatter) << name;
  return scatter.value();
}

/// The corpus file whose expected table this is; text files leave out their ending.
std::string file_of(const fs::path& expected) {
  const fs::path name = expected.stem();
  return name.extension() == ".xml" ? name.string() : name.string() + ".txt";
}

TEST(ScatterCorpus, every_file_gives_the_table_of_the_second_reading) {
  std::size_t files = 0;
  for (const auto& expected : fs::directory_iterator(corpus / "expected")) {
    const fs::path file = corpus / file_of(expected.path());
    const auto scatter = load_scatter(file);
    ASSERT_TRUE(scatter) << file << ": " << to_string(scatter.error());
    EXPECT_EQ(table_of(*scatter), text_of(expected.path())) << file;
    ++files;
  }
  EXPECT_EQ(files, 53u);
}

TEST(ScatterCorpus, an_xml_file_holds_the_table_of_its_text_twin) {
  const Scatter text = corpus_file("MT6893_vivo_pd2135f_v2.txt");
  const Scatter xml = corpus_file("MT6893_vivo_pd2135f_v2.xml");
  EXPECT_EQ(xml.generation, ScatterGeneration::xml_v2);
  EXPECT_EQ(xml.more, text.more);
  ASSERT_EQ(xml.sections.size(), text.sections.size());
  for (std::size_t i = 0; i < xml.sections.size(); ++i) {
    EXPECT_EQ(xml.sections[i].boot_channel, text.sections[i].boot_channel);
    ASSERT_EQ(xml.sections[i].entries.size(), text.sections[i].entries.size());
    for (std::size_t k = 0; k < xml.sections[i].entries.size(); ++k) {
      ScatterEntry entry = xml.sections[i].entries[k];
      entry.line = text.sections[i].entries[k].line;
      EXPECT_EQ(entry, text.sections[i].entries[k]) << entry.name;
    }
  }
  EXPECT_EQ(xml.section(ScatterStorage::emmc)->entries.at(0).line, 17u);
}

/// What a conversion must not change; the head line holds the version, which it may.
std::string rows_of(const Scatter& scatter) {
  const std::string table = table_of(scatter);
  return table.substr(table.find('\n'));
}

TEST(ScatterCorpus, every_table_survives_the_way_through_every_form) {
  for (const auto& expected : fs::directory_iterator(corpus / "expected")) {
    const std::string name = file_of(expected.path());
    const Scatter scatter = corpus_file(name);
    for (const ScatterForm form : {ScatterForm::v1, ScatterForm::v2, ScatterForm::xml}) {
      for (const ScatterSection& section : scatter.sections) {
        const auto converted = convert_scatter(scatter, form, section.storage);
        ASSERT_TRUE(converted) << name << ": " << to_string(converted.error());
        const auto printed = print_scatter(*converted);
        ASSERT_TRUE(printed) << name;
        const auto back = parse_scatter(to_bytes(*printed), name);
        ASSERT_TRUE(back) << name << ": " << to_string(back.error());
        EXPECT_EQ(back->generation, converted->generation) << name;
        if (scatter.generation == ScatterGeneration::brace) continue;
        Scatter alone = scatter;
        alone.sections = {section};
        EXPECT_EQ(rows_of(*back), rows_of(alone)) << name;
      }
    }
  }
}

TEST(ScatterCorpus, a_converted_brace_list_keeps_its_places_and_names_the_usual_files) {
  for (const char* name : {"MT6573_sdk_brace.txt", "MT6589_lenovo_s960_brace.txt"}) {
    const Scatter brace = corpus_file(name);
    const Scatter v1 = convert_scatter(brace, ScatterForm::v1).value();
    const Scatter back = parse_scatter(to_bytes(print_scatter(v1).value()), name).value();
    EXPECT_EQ(back.config_version, "V1.1.1");
    const ScatterSection& before = brace.sections.at(0);
    const ScatterSection& after = back.sections.at(0);
    ASSERT_EQ(after.entries.size(), before.entries.size());
    for (std::size_t i = 0; i < after.entries.size(); ++i) {
      const std::uint64_t room = size_of(before.entries[i].area.value());
      EXPECT_EQ(place(after.entries[i], after, room).value().region,
                place(before.entries[i], before, room).value().region)
          << before.entries[i].name;
    }
    EXPECT_EQ(after.find("UBOOT")->file_name, "lk.bin");
    EXPECT_EQ(after.find("PRELOADER")->file_name, "preloader.bin");
    EXPECT_EQ(after.find("NVRAM")->file_name, "");
  }
}

TEST(ScatterCorpus, bare_lists_of_update_packages_are_refused_with_the_reason) {
  for (const char* name : {"OTA_archos_ac70plv3_nobrace.txt", "OTA_meizu_m8_nobrace.txt"}) {
    const auto scatter = load_scatter(corpus / name);
    ASSERT_FALSE(scatter) << name;
    EXPECT_EQ(scatter.error().code, Errc::bad_image);
    EXPECT_NE(scatter.error().what.find("update package"), std::string::npos);
  }
}

TEST(ScatterCorpus, stacked_entries_at_the_end_touch_and_fill_the_area) {
  // The rule behind counts from the end: each entry ends where the next one starts, the last one at the end.
  // An sgpt of distance 0 lies inside the last of them.
  std::size_t stacked = 0;
  for (const auto& expected : fs::directory_iterator(corpus / "expected")) {
    const Scatter scatter = corpus_file(file_of(expected.path()));
    for (const ScatterSection& section : scatter.sections) {
      std::map<std::uint64_t, std::uint64_t> ends;  // start to end
      for (const ScatterEntry& entry : section.entries) {
        if (!is_from_end(entry.linear_start) || (entry.linear_start & 0xffff) == 0) continue;
        const Region region = place(entry, section, size_of(entry.area.value())).value().region;
        ends[region.offset] = region.offset + region.length;
      }
      for (const auto& [start, end] : ends) {
        EXPECT_TRUE(end == user_size || ends.contains(end)) << expected.path() << std::hex << start;
        ++stacked;
      }
    }
  }
  EXPECT_GT(stacked, 60u);
}

TEST(ScatterCorpus, an_emmc_brace_file_counts_the_user_area_from_the_mbr) {
  const Scatter scatter = corpus_file("MT6589_lenovo_s960_brace.txt");
  EXPECT_EQ(scatter.generation, ScatterGeneration::brace);
  EXPECT_EQ(scatter.platform, "MT6589");
  const ScatterSection& section = scatter.sections.at(0);
  EXPECT_EQ(section.storage, ScatterStorage::emmc);
  ASSERT_EQ(section.entries.size(), 22u);
  const auto region = [&](std::string_view name) {
    return place(*section.find(name), section, size_of(section.find(name)->area.value())).value().region;
  };
  EXPECT_EQ(region("PRELOADER"), (Region{Area::boot1, 0, boot_size}));
  EXPECT_EQ(region("MBR"), (Region{Area::user, 0, 0x80000}));
  EXPECT_EQ(region("UBOOT"), (Region{Area::user, 0x2120000, 0x60000}));
  // USRDATA takes what the pool at the end leaves.
  EXPECT_EQ(region("BMTPOOL"), (Region{Area::user, user_size - 0x1500000, 0x1500000}));
  EXPECT_EQ(region("USRDATA"), (Region{Area::user, 0x8c980000, user_size - 0x1500000 - 0x8c980000}));
  EXPECT_FALSE(section.find("NVRAM")->is_download);
  EXPECT_EQ(section.find("NVRAM")->policy, ScatterPolicy::binregion);
  EXPECT_EQ(section.find("UBOOT")->file_patterns, (std::vector<std::string>{"lk.bin", "uboot*.bin"}));
}

TEST(ScatterCorpus, a_brace_file_without_partition_table_is_nand) {
  const Scatter scatter = corpus_file("MT6573_sdk_brace.txt");
  const ScatterSection& section = scatter.sections.at(0);
  EXPECT_EQ(section.storage, ScatterStorage::nand);
  const ScatterEntry* dsp = section.find("DSP_BL");
  ASSERT_NE(dsp, nullptr);
  EXPECT_EQ(place(*dsp, section, {}).value().region, (Region{Area::nand, 0x40000, 0x20000}));
}

TEST(ScatterCorpus, a_second_generation_file_has_a_table_per_storage) {
  const Scatter scatter = corpus_file("MT6893_vivo_pd2135f_v2.txt");
  EXPECT_EQ(scatter.generation, ScatterGeneration::v2);
  ASSERT_NE(scatter.section(ScatterStorage::emmc), nullptr);
  ASSERT_NE(scatter.section(ScatterStorage::ufs), nullptr);
  EXPECT_EQ(scatter.section(ScatterStorage::nand), nullptr);
  EXPECT_EQ(scatter.section(ScatterStorage::ufs)->block_size, 0x80000u);
  const ScatterEntry* preloader = scatter.section(ScatterStorage::ufs)->find("preloader");
  ASSERT_NE(preloader, nullptr);
  EXPECT_EQ(preloader->area, Area::lu0);
  EXPECT_EQ(preloader->twin, Area::lu1);
}

TEST(ScatterCorpus, junk_behind_the_table_is_a_warning_with_its_line) {
  const Scatter scatter = corpus_file("MT6735M_huaqin_l2010_ini_tail.txt");
  ASSERT_EQ(scatter.warnings.size(), 2u);
  EXPECT_EQ(scatter.warnings[0].severity, Severity::warning);
  EXPECT_EQ(scatter.warnings[0].line, 410u);
  EXPECT_EQ(scatter.warnings[1].line, 411u);
}

TEST(ScatterCorpus, every_file_survives_truncation_at_every_byte) {
  for (const char* name : {"MT6735M_picasso4g_sparse_index.txt", "MT6573_sdk_brace.txt"}) {
    const Bytes whole = read_file(corpus / name, 1 << 20).value();
    const auto full = parse_scatter(whole, name);
    ASSERT_TRUE(full);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto cut = parse_scatter(ByteView(whole).first(size), name);
      if (cut) {
        EXPECT_LE(cut->sections.at(0).entries.size(), full->sections.at(0).entries.size());
      }
    }
  }
}

}  // namespace
}  // namespace mtk
