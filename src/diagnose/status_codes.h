// SPDX-License-Identifier: Apache-2.0
// Names of status codes. One number has several meanings: what counts is who sent it and which generation
// that is.
#pragma once

#include <mtk/error.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mtk {

/// Who uses the code. Only brom16, legacy and xflash come from phones.
enum class StatusFamily : std::uint8_t { brom16, legacy, legacy_iot, tool, upgrade_check, v6_gui, xflash };

/// What the code is about; not the stage of a run, which an Error has.
enum class StatusArea : std::uint8_t {
  connect,
  brom,
  preloader,
  da1,
  dram,
  da2,
  storage,
  image,
  security,
  backup,
  efuse,
  otp,
  memory_test,
  host
};

struct StatusCode {
  std::uint32_t code;
  std::string_view name;  ///< the vendor's symbol
  StatusFamily family;
  StatusArea area;
  std::uint8_t generations;     ///< bits: 1 = V3, 2 = V5, 4 = feature phones
  std::string_view generation;  ///< as text, as in `V3+V5`
  std::string_view note;
};

/// Sorted by code.
std::span<const StatusCode> all_status_codes();

/// What a status from a phone may be; several where the numbering is not known. Empty: no such code.
std::vector<const StatusCode*> meanings_of(StatusKind kind, std::uint32_t code);

/// All codes that a number, a symbol or a part of one (four letters or more) may mean. Numbers may be
/// decimal, hexadecimal with or without 0x, or a 32-bit code printed as a negative number. Four plain digits
/// are read as a boot ROM word, too.
std::vector<const StatusCode*> all_meanings(std::string_view typed);
/// The number somebody typed, by the rules above; nothing when it is none or has more than 32 bits.
std::optional<std::uint32_t> parse_code(std::string_view typed);

/// The way people know the number: 0x7017 for boot ROM words, 3149 for legacy codes, 0xC0070004 for XFlash.
std::string code_text(const StatusCode& status);
std::string code_text(StatusKind kind, std::uint32_t code);
/// `S_DA_INVALID_RANGE`, or `A or B` where the numbering is not known; empty when there is no such code.
std::string symbol_text(StatusKind kind, std::uint32_t code);

std::string_view to_string(StatusFamily family);
std::string_view to_string(StatusArea area);

}  // namespace mtk
