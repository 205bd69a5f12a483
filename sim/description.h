// SPDX-License-Identifier: Apache-2.0
// The tables of a phone description, read key by key; what was never asked for is an unknown key.
#pragma once

#include "base/bytes.h"

#include <fmt/format.h>

#include <functional>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace mtk::sim {

/// One table. The first complaint of all tables that share `complaint` is kept.
class Table {
 public:
  /// `node` is a table of the library behind description.cpp, or null for one that is not there.
  Table(const void* node, std::string name, std::string& complaint)
      : node_(node), name_(std::move(name)), complaint_(complaint) {}
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  bool has(std::string_view key) const;
  void flag(std::string_view key, bool& out);
  void text(std::string_view key, std::string& out);
  /// `size` 0 takes any length.
  void bytes(std::string_view key, Bytes& out, std::size_t size);
  void byte_lists(std::string_view key, std::vector<Bytes>& out);
  void texts(std::string_view key, std::vector<std::string>& out);
  /// A list of [address, value].
  void pairs(std::string_view key, std::vector<std::pair<std::uint32_t, std::uint32_t>>& out);

  template <std::unsigned_integral T>
  void number(std::string_view key, T& out, std::uint64_t least = 0,
              std::uint64_t most = std::numeric_limits<T>::max()) {
    std::uint64_t value = out;
    whole_number(key, value, least, most);
    out = static_cast<T>(value);
  }

  template <std::unsigned_integral T>
  void numbers(std::string_view key, std::vector<T>& out) {
    if (!has(key)) return mark_known(key);
    std::vector<std::uint64_t> values;
    whole_numbers(key, values, std::numeric_limits<T>::max());
    out.clear();
    for (const auto value : values) out.push_back(static_cast<T>(value));
  }

  template <class Enum>
  void choice(std::string_view key, Enum& out,
              std::initializer_list<std::pair<std::string_view, Enum>> choices) {
    std::string value;
    text(key, value);
    if (!has(key)) return;
    for (const auto& [word, meaning] : choices) {
      if (word == value) {
        out = meaning;
        return;
      }
    }
    complain(key, fmt::format("has the unknown value \"{}\"", value));
  }

  void required(std::string_view key) {
    if (!has(key)) complain(key, "is missing");
  }
  /// Reads a key only to allow it: other readers of the format use it.
  void elsewhere(std::initializer_list<std::string_view> keys) {
    for (const auto key : keys) mark_known(key);
  }
  /// Call last.
  void finish();
  void complain(std::string_view key, std::string_view what) {
    if (complaint_.empty()) complaint_ = fmt::format("{}{} {}", name_, key, what);
  }

  /// The table under `key`, an empty one when there is none.
  std::unique_ptr<Table> table(std::string_view key);
  /// Each table of the list under `key`, in order.
  void each_table(std::string_view key, const std::function<void(Table&)>& use);

 private:
  void mark_known(std::string_view key) { known_.insert(std::string{key}); }
  void whole_number(std::string_view key, std::uint64_t& out, std::uint64_t least, std::uint64_t most);
  void whole_numbers(std::string_view key, std::vector<std::uint64_t>& out, std::uint64_t most);

  const void* node_;
  std::string name_;
  std::string& complaint_;
  std::set<std::string> known_;
};

/// Reads TOML, lays the table `variant.NAME` over the rest when a variant is named, and hands the top table
/// to `use`, which complains there. Errors: bad_image (not TOML, or a complaint), usage (no such variant).
Result<> read_description(std::string_view text, std::string_view origin, std::string_view variant,
                          const std::function<void(Table&)>& use);

}  // namespace mtk::sim
