// SPDX-License-Identifier: Apache-2.0
// Puts a Scatter together out of keys and values, whichever syntax they were written in.
#pragma once

#include "image/scatter/scatter.h"

#include <map>

namespace mtk {

/// Where a key stands in the file.
struct ScatterPlace {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

class ScatterBuilder {
 public:
  void open_general(std::string_view kind, ScatterPlace at);  ///< MTK_PLATFORM_CFG or MTK_STORAGE_CFG
  void open_section(std::string_view storage, ScatterPlace at);
  void open_entry(std::string_view label, ScatterPlace at);
  /// Belongs to what was opened last. Keys are understood in any case.
  void attribute(std::string_view key, std::string_view value, ScatterPlace key_at, ScatterPlace value_at);
  void remark(Severity severity, ScatterPlace at, std::string text, std::string suggestion = {});

  /// Checks the whole and settles what depends on it.
  /// Errors: bad_image with the first remark that is an error.
  Result<Scatter> finish(std::string_view file_name) &&;

  std::vector<Diagnostic>& remarks() { return remarks_; }

 private:
  enum class Open { nothing, general, section, entry };

  ScatterSection& section();
  void repeated(std::string_view key, std::string_view value, ScatterPlace at);
  void general_attribute(std::string_view key, std::string_view value, ScatterPlace at);
  void section_attribute(std::string_view key, std::string_view value, ScatterPlace at);
  void entry_attribute(std::string_view key, std::string_view value, ScatterPlace at);
  void set_number(std::uint64_t& into, std::string_view key, std::string_view value, ScatterPlace at);
  void set_bool(bool& into, std::string_view key, std::string_view value, ScatterPlace at);
  template <class Value>
  void set_word(Value& into, std::string_view key, std::string_view text, std::optional<Value> parsed,
                std::span<const std::string_view> words, ScatterPlace at);
  void set_file_name(ScatterEntry& entry, std::string_view value, ScatterPlace at);
  bool lacks(std::string_view key) const { return seen_.find(key) == seen_.end(); }
  void require(std::string_view key);
  void close_entry();
  void settle_generation();

  Scatter scatter_;
  std::vector<Diagnostic> remarks_;
  Open open_ = Open::nothing;
  ScatterPlace open_at_;
  bool has_storage_types_ = false;
  std::map<std::string, std::string, std::less<>> seen_;  ///< keys of the open thing with their values
};

/// The entry's name for messages, or its label when it has none.
std::string shown_name(const ScatterEntry& entry);
/// Entries that stand twice in a section: equal ones are merged, others are errors.
void settle_names(ScatterSection& section, std::vector<Diagnostic>& remarks);
/// Finds out how the addresses of a section are meant and warns about odd layouts.
void settle_addresses(ScatterSection& section, std::vector<Diagnostic>& remarks);
/// The scatter with its remarks in the order of their lines.
/// Errors: bad_image with the first remark that is an error.
Result<Scatter> with_remarks(Scatter scatter, std::vector<Diagnostic> remarks, std::string_view file_name);

}  // namespace mtk
