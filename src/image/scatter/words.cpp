// SPDX-License-Identifier: Apache-2.0
#include "image/scatter/words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

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

}  // namespace

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

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
  if (same_word(text, "EMMC_BOOT1_BOOT2") || same_word(text, "EMMC_BOOT_1_BOOT_2")) {
    return {.area = Area::boot1, .twin = Area::boot2};
  }
  if (same_word(text, "UFS_LU0_LU1")) return {.area = Area::lu0, .twin = Area::lu1};
  if (same_word(text, "NONE") || text.empty()) {
    if (storage == ScatterStorage::nand) return {.area = Area::nand, .twin = {}};
    if (storage == ScatterStorage::nor) return {.area = Area::nor, .twin = {}};
    return {};
  }
  return {.area = parse_area(text), .twin = {}};
}

}  // namespace mtk
