// SPDX-License-Identifier: Apache-2.0
// A remark about one place of a text file, written for the person who has the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mtk {

enum class Severity : std::uint8_t { error, warning };

struct Diagnostic {
  Severity severity = Severity::warning;
  std::uint32_t line = 0;    ///< from 1; 0 when it is about the whole file
  std::uint32_t column = 0;  ///< from 1, in bytes
  std::string text = {};
  std::string suggestion = {};  ///< what to do about it; empty when that is plain

  bool operator==(const Diagnostic&) const = default;
};

/// `MT6580_Android_scatter.txt:12:3: warning: unknown region 'EMMC_USR' (did you mean EMMC_USER?)`
std::string to_string(const Diagnostic& diagnostic, std::string_view file_name);

/// Text out of a file, safe to show: not printable ASCII becomes '?', and long text is cut.
std::string printable(std::string_view text);

}  // namespace mtk
