// SPDX-License-Identifier: Apache-2.0
// Takes the fields of one TOML table by name and type; what is wrong is remembered with file and line.
// The only header of the core that includes toml++; included by chip_file.cpp alone.
#pragma once

#include "base/result.h"

#include <toml++/toml.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <limits>
#include <optional>
#include <set>
#include <string>

namespace mtk {

class TomlFields {
 public:
  TomlFields(const toml::table& table, std::string file, std::string prefix = {})
      : table_(table), file_(std::move(file)), prefix_(std::move(prefix)) {}

  /// Absent fields leave `out` as it is; here and in all of these.
  template <std::unsigned_integral T>
  void number(std::string_view key, T& out) {
    const toml::node* node = take(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::int64_t>();
    constexpr auto most = std::numeric_limits<T>::max();
    if (!value || *value < 0 || static_cast<std::uint64_t>(*value) > most) {
      wrong(*node, key, fmt::format("must be a number from 0 to 0x{:x}", most));
    } else {
      out = static_cast<T>(*value);
    }
  }

  void flag(std::string_view key, bool& out) {
    const toml::node* node = take(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<bool>();
    if (!value) return wrong(*node, key, "must be true or false");
    out = *value;
  }

  void text(std::string_view key, std::string& out) {
    const toml::node* node = take(key);
    if (node == nullptr) return;
    auto value = node->value_exact<std::string>();
    if (!value) return wrong(*node, key, "must be a text");
    out = std::move(*value);
  }

  void texts(std::string_view key, std::vector<std::string>& out) {
    const toml::node* node = take(key);
    if (node == nullptr) return;
    const toml::array* items = node->as_array();
    if (items == nullptr) return wrong(*node, key, "must be a list of texts");
    out.clear();
    for (const toml::node& item : *items) {
      auto value = item.value_exact<std::string>();
      if (!value || value->empty()) return wrong(*node, key, "must be a list of texts");
      out.push_back(std::move(*value));
    }
  }

  /// One of `words`, in the order of the enum.
  template <class Enum, std::size_t N>
  void word(std::string_view key, const std::array<std::string_view, N>& words, Enum& out) {
    const toml::node* node = take(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::string>();
    const auto found = value ? std::ranges::find(words, std::string_view{*value}) : words.end();
    if (found == words.end())
      return wrong(*node, key, fmt::format("must be one of {}", fmt::join(words, ", ")));
    out = static_cast<Enum>(found - words.begin());
  }

  /// Calls `read` with the fields of a table inside this one.
  template <class Read>
  void table(std::string_view key, Read read) {
    const toml::node* node = take(key);
    if (node == nullptr) return;
    const toml::table* inner = node->as_table();
    if (inner == nullptr) return wrong(*node, key, "must be a table");
    TomlFields fields{*inner, file_, fmt::format("{}{}.", prefix_, key)};
    read(fields);
    fields.refuse_unknown();
    if (!error_) error_ = std::move(fields.error_);
  }

  bool has(std::string_view key) const { return table_.contains(key); }
  /// Refuses `key`, which is there, for a reason of the caller's.
  void refuse(std::string_view key, std::string_view why) {
    if (const toml::node* node = table_.get(key)) wrong(*node, key, why);
  }

  /// The first thing that was wrong, an unknown field included.
  Result<> done() {
    refuse_unknown();
    if (error_) return fail(std::move(*error_));
    return {};
  }

 private:
  const toml::node* take(std::string_view key) {
    taken_.insert(std::string{key});
    return table_.get(key);
  }
  void wrong(const toml::node& node, std::string_view key, std::string_view why) {
    if (error_) return;
    error_ = Error{.code = Errc::bad_image,
                   .what = fmt::format("{}:{}: {}{} {}", file_, node.source().begin.line, prefix_, key, why)};
  }
  void refuse_unknown() {
    for (const auto& [key, node] : table_) {
      if (!taken_.contains(std::string{key.str()})) wrong(node, key.str(), "is no known field");
    }
  }

  const toml::table& table_;
  std::string file_;
  std::string prefix_;
  std::set<std::string> taken_;
  std::optional<Error> error_;
};

}  // namespace mtk
