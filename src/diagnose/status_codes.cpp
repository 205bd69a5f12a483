// SPDX-License-Identifier: Apache-2.0
#include "diagnose/status_codes.h"

#include "base/ascii.h"
#include "diagnose/status_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>

namespace mtk {

namespace {

constexpr std::uint8_t generation_v3 = 1;
constexpr std::uint8_t generation_v5 = 2;
constexpr std::size_t shortest_part_of_symbol = 4;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_hex_digit(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }

template <class Number>
std::optional<Number> number(std::string_view digits, int base) {
  Number value{};
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (problem != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::span<const StatusCode> with_code(std::uint32_t code) {
  const auto& table = diagnose_data::status_codes;
  return {std::ranges::lower_bound(table, code, {}, &StatusCode::code),
          std::ranges::upper_bound(table, code, {}, &StatusCode::code)};
}

bool belongs_to(const StatusCode& status, StatusKind kind) {
  const bool legacy = status.family == StatusFamily::legacy;
  switch (kind) {
    case StatusKind::brom16:
      return status.family == StatusFamily::brom16;
    case StatusKind::legacy_v3:
      return legacy && (status.generations & generation_v3) != 0;
    case StatusKind::legacy_v5:
      return legacy && (status.generations & generation_v5) != 0;
    case StatusKind::legacy32:
      return legacy && (status.generations & (generation_v3 | generation_v5)) != 0;
    case StatusKind::xflash32:
      return status.family == StatusFamily::xflash;
    case StatusKind::xml_text:
      return false;
  }
  return false;
}

void add(std::vector<const StatusCode*>& to, const StatusCode& status) {
  if (std::ranges::find(to, &status) == to.end()) to.push_back(&status);
}

std::vector<const StatusCode*> with_symbol(std::string_view typed) {
  std::vector<const StatusCode*> found;
  for (const StatusCode& status : diagnose_data::status_codes) {
    if (same_ignoring_case(status.name, typed)) found.push_back(&status);
  }
  if (!found.empty() || typed.size() < shortest_part_of_symbol) return found;
  const std::string part = to_lower(typed);
  for (const StatusCode& status : diagnose_data::status_codes) {
    if (to_lower(status.name).find(part) != std::string::npos) found.push_back(&status);
  }
  return found;
}

}  // namespace

std::span<const StatusCode> all_status_codes() { return diagnose_data::status_codes; }

std::vector<const StatusCode*> meanings_of(StatusKind kind, std::uint32_t code) {
  std::vector<const StatusCode*> meanings;
  for (const StatusCode& status : with_code(code)) {
    if (belongs_to(status, kind)) meanings.push_back(&status);
  }
  return meanings;
}

std::optional<std::uint32_t> parse_code(std::string_view typed) {
  typed = trimmed(typed);
  if (typed.starts_with("0x") || typed.starts_with("0X")) return number<std::uint32_t>(typed.substr(2), 16);
  if (typed.starts_with('-')) {
    const auto value = number<std::int32_t>(typed, 10);
    return value ? std::optional{static_cast<std::uint32_t>(*value)} : std::nullopt;
  }
  if (typed.empty() || !std::ranges::all_of(typed, is_hex_digit)) return std::nullopt;
  if (std::ranges::all_of(typed, is_digit)) return number<std::uint32_t>(typed, 10);
  return std::ranges::any_of(typed, is_digit) ? number<std::uint32_t>(typed, 16) : std::nullopt;
}

std::vector<const StatusCode*> all_meanings(std::string_view typed) {
  typed = trimmed(typed);
  const auto code = parse_code(typed);
  if (!code) return with_symbol(typed);
  std::vector<const StatusCode*> meanings;
  for (const StatusCode& status : with_code(*code)) add(meanings, status);
  if (typed.size() == 4 && std::ranges::all_of(typed, is_digit)) {
    for (const StatusCode& status : with_code(*number<std::uint32_t>(typed, 16))) {
      if (status.family == StatusFamily::brom16) add(meanings, status);
    }
  }
  return meanings;
}

std::string code_text(const StatusCode& status) {
  switch (status.family) {
    case StatusFamily::brom16:
      return fmt::format("0x{:04X}", status.code);
    case StatusFamily::xflash:
      return fmt::format("0x{:08X}", status.code);
    default:
      return fmt::format("{}", status.code);
  }
}

std::string code_text(StatusKind kind, std::uint32_t code) {
  switch (kind) {
    case StatusKind::brom16:
      return fmt::format("0x{:04X}", code);
    case StatusKind::xflash32:
      return fmt::format("0x{:08X}", code);
    case StatusKind::xml_text:
      return {};
    default:
      return fmt::format("{}", code);
  }
}

std::string symbol_text(StatusKind kind, std::uint32_t code) {
  std::string text;
  for (const StatusCode* status : meanings_of(kind, code)) {
    if (!text.empty()) text += " or ";
    text += status->name;
  }
  return text;
}

std::string_view to_string(StatusFamily family) {
  constexpr std::array<std::string_view, 7> names{"brom16",        "legacy", "legacy-iot", "tool",
                                                  "upgrade-check", "v6-gui", "xflash"};
  return names.at(static_cast<std::size_t>(family));
}

std::string_view to_string(StatusArea area) {
  constexpr std::array<std::string_view, 14> names{"connect", "brom",    "preloader",   "da1",      "dram",
                                                   "da2",     "storage", "image",       "security", "backup",
                                                   "efuse",   "otp",     "memory-test", "host"};
  return names.at(static_cast<std::size_t>(area));
}

}  // namespace mtk
