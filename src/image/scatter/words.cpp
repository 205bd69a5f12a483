// SPDX-License-Identifier: Apache-2.0
#include "image/scatter/words.h"

#include "base/ascii.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

namespace mtk {

namespace {

template <class Value>
struct Word {
  std::string_view text;
  Value value;
};
template <class Value>
Word(const char*, Value) -> Word<Value>;

// The first word of a value is the one that is printed.
constexpr std::array storage_words{
    Word{"NONE", ScatterStorage::unknown}, Word{"EMMC", ScatterStorage::emmc},
    Word{"UFS", ScatterStorage::ufs},      Word{"NAND", ScatterStorage::nand},
    Word{"NOR", ScatterStorage::nor},      Word{"SDMMC", ScatterStorage::sdmmc}};
constexpr std::array type_words{Word{"NONE", ScatterType::none},
                                Word{"NORMAL_ROM", ScatterType::raw},
                                Word{"SV5_BL_BIN", ScatterType::bootloader},
                                Word{"YAFFS_IMG", ScatterType::yaffs},
                                Word{"MBR_BIN", ScatterType::mbr},
                                Word{"UBI_IMG", ScatterType::ubi},
                                Word{"EXT4_IMG", ScatterType::ext4},
                                Word{"FAT_IMG", ScatterType::fat},
                                Word{"F2FS_IMG", ScatterType::f2fs},
                                Word{"FTL20_IMG", ScatterType::mntl},
                                Word{"UNKNOWN_BIN", ScatterType::unknown}};
constexpr std::array policy_words{Word{"BOOTLOADERS", ScatterPolicy::bootloaders},
                                  Word{"BOOTLOADER", ScatterPolicy::bootloaders},
                                  Word{"UPDATE", ScatterPolicy::update},
                                  Word{"INVISIBLE", ScatterPolicy::invisible},
                                  Word{"PROTECTED", ScatterPolicy::protected_area},
                                  Word{"RESERVED", ScatterPolicy::reserved},
                                  Word{"BINREGION", ScatterPolicy::binregion},
                                  Word{"KEEPVISIBLE", ScatterPolicy::keep_visible},
                                  Word{"NEEDRESIZE", ScatterPolicy::need_resize},
                                  Word{"NEEDPRELOAD", ScatterPolicy::need_preload},
                                  Word{"UNKNOWN", ScatterPolicy::unknown}};
constexpr std::array generation_words{
    Word{"brace", ScatterGeneration::brace}, Word{"V1 text", ScatterGeneration::v1},
    Word{"V2 text", ScatterGeneration::v2}, Word{"V1 XML", ScatterGeneration::xml_v1},
    Word{"V2 XML", ScatterGeneration::xml_v2}};
constexpr std::array bool_words{Word{"true", true},   Word{"1", true},  Word{"yes", true},
                                Word{"false", false}, Word{"0", false}, Word{"no", false}};

template <class Value, std::size_t N>
std::optional<Value> value_of(const std::array<Word<Value>, N>& words, std::string_view text) {
  const auto found =
      std::ranges::find_if(words, [&](const auto& word) { return same_word(word.text, text); });
  if (found == words.end()) return std::nullopt;
  return found->value;
}

template <class Value, std::size_t N>
std::string_view text_of(const std::array<Word<Value>, N>& words, Value value) {
  const auto found = std::ranges::find(words, value, &Word<Value>::value);
  return found == words.end() ? "?" : found->text;
}

template <class Value, std::size_t N>
std::vector<std::string_view> texts_of(const std::array<Word<Value>, N>& words) {
  std::vector<std::string_view> texts;
  for (const auto& word : words) texts.push_back(word.text);
  return texts;
}

constexpr std::array<std::string_view, 14> region_words{
    "EMMC_USER", "EMMC_BOOT1_BOOT2", "EMMC_BOOT_1", "EMMC_BOOT_2", "EMMC_RPMB", "EMMC_GP1", "EMMC_GP2",
    "EMMC_GP3",  "EMMC_GP4",         "UFS_LU0_LU1", "UFS_LU0",     "UFS_LU1",   "UFS_LU2",  "NONE"};

/// Letters to change, add or leave out to get from one word to the other, whatever their case.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t change = diagonal + (to_lower(a[i]) == to_lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, change});
    }
  }
  return row.back();
}

std::string compact(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '_' && c != '-') out += to_lower(c);
  }
  return out;
}

}  // namespace

bool same_word(std::string_view a, std::string_view b) { return same_ignoring_case(a, b); }

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; });
}

std::string_view closest_word(std::string_view text, std::span<const std::string_view> choices) {
  constexpr std::size_t longest = 40;
  if (text.size() > longest) return {};
  std::string_view best;
  std::size_t least = text.size() / 4 + 1;
  for (const std::string_view choice : choices) {
    const std::size_t away = choice.size() > longest ? longest : distance(text, choice);
    if (away == 0 || away > least || (away == least && !best.empty())) continue;
    least = away;
    best = choice;
  }
  return best;
}

std::string suggest(std::string_view text, std::span<const std::string_view> choices) {
  const std::string_view best = closest_word(text, choices);
  return best.empty() ? std::string{} : fmt::format("did you mean {}?", best);
}

std::span<const std::string_view> scatter_region_words() { return region_words; }
std::vector<std::string_view> scatter_type_words() { return texts_of(type_words); }
std::vector<std::string_view> scatter_policy_words() { return texts_of(policy_words); }

std::string_view to_string(ScatterGeneration generation) { return text_of(generation_words, generation); }
std::string_view to_string(ScatterStorage storage) { return text_of(storage_words, storage); }
std::string_view to_string(ScatterType type) { return text_of(type_words, type); }
std::string_view to_string(ScatterPolicy policy) { return text_of(policy_words, policy); }

std::optional<ScatterStorage> parse_scatter_storage(std::string_view text) {
  constexpr std::string_view prefix = "HW_STORAGE_";
  if (text.size() > prefix.size() && same_word(text.substr(0, prefix.size()), prefix)) {
    text.remove_prefix(prefix.size());
  }
  return value_of(storage_words, text);
}
std::optional<ScatterType> parse_scatter_type(std::string_view text) { return value_of(type_words, text); }
std::optional<ScatterPolicy> parse_scatter_policy(std::string_view text) {
  return value_of(policy_words, text);
}
std::optional<bool> parse_scatter_bool(std::string_view text) { return value_of(bool_words, text); }

std::optional<std::uint64_t> parse_scatter_number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    base = 16;
  }
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, failed] = std::from_chars(text.data(), end, value, base);
  if (failed != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

RegionAreas parse_scatter_region(std::string_view text, ScatterStorage storage) {
  const std::string word = compact(text);
  if (word == "emmcboot1boot2" || word == "boot1boot2") return {.area = Area::boot1, .twin = Area::boot2};
  if (word == "ufslu0lu1" || word == "lu0lu1" || word == "ufslua0lua1") {
    return {.area = Area::lu0, .twin = Area::lu1};
  }
  if (word == "nandwhole") return {.area = Area::nand, .twin = {}};
  if (word == "none" || word.empty()) {
    if (storage == ScatterStorage::nand) return {.area = Area::nand, .twin = {}};
    if (storage == ScatterStorage::nor) return {.area = Area::nor, .twin = {}};
    return {};
  }
  return {.area = parse_area(text), .twin = {}};
}

}  // namespace mtk
