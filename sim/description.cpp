// SPDX-License-Identifier: Apache-2.0
// The only file of sim/ that names toml++.
#include "sim/description.h"

#include <toml++/toml.h>

namespace mtk::sim {

namespace {

const toml::table* as_table(const void* node) { return static_cast<const toml::table*>(node); }

const toml::node* find(const void* table, std::string_view key) {
  return table == nullptr ? nullptr : as_table(table)->get(key);
}

/// The bytes a text spells, or why it does not.
Result<Bytes> bytes_of(const toml::node& node, std::size_t size) {
  const auto value = node.value_exact<std::string>();
  const auto parsed = value && !value->empty() ? parse_hex(*value) : Result<Bytes>{Bytes{}};
  if (!value || !parsed || (size != 0 && !parsed->empty() && parsed->size() != size))
    return fail(Errc::bad_image,
                size == 0 ? "is not hexadecimal" : fmt::format("is not {} bytes in hexadecimal", size));
  return parsed;
}

/// Keys of `changes` replace those of `base`; tables are gone through key by key.
void lay_over(toml::table& base, const toml::table& changes) {
  for (const auto& [key, node] : changes) {
    auto* below = base.get_as<toml::table>(key.str());
    if (below != nullptr && node.is_table()) {
      lay_over(*below, *node.as_table());
    } else {
      base.insert_or_assign(key.str(), node);
    }
  }
}

}  // namespace

bool Table::has(std::string_view key) const { return find(node_, key) != nullptr; }

void Table::flag(std::string_view key, bool& out) {
  mark_known(key);
  const auto* node = find(node_, key);
  if (node == nullptr) return;
  const auto value = node->value_exact<bool>();
  if (!value) return complain(key, "is not true or false");
  out = *value;
}

void Table::text(std::string_view key, std::string& out) {
  mark_known(key);
  const auto* node = find(node_, key);
  if (node == nullptr) return;
  const auto value = node->value_exact<std::string>();
  if (!value) return complain(key, "is not a text");
  out = *value;
}

void Table::bytes(std::string_view key, Bytes& out, std::size_t size) {
  mark_known(key);
  const auto* node = find(node_, key);
  if (node == nullptr) return;
  auto value = bytes_of(*node, size);
  if (!value) return complain(key, value.error().what);
  out = std::move(*value);
}

void Table::byte_lists(std::string_view key, std::vector<Bytes>& out) {
  mark_known(key);
  const auto* node = find(node_, key);
  if (node == nullptr) return;
  const auto* list = node->as_array();
  if (list == nullptr) return complain(key, "is not a list");
  out.clear();
  for (const auto& item : *list) {
    auto value = bytes_of(item, 0);
    if (!value) return complain(key, value.error().what);
    out.push_back(std::move(*value));
  }
}

void Table::texts(std::string_view key, std::vector<std::string>& out) {
  mark_known(key);
  const auto* node = find(node_, key);
  if (node == nullptr) return;
  const auto* list = node->as_array();
  if (list == nullptr) return complain(key, "is not a list");
  out.clear();
  for (const auto& item : *list) {
    const auto value = item.value_exact<std::string>();
    if (!value) return complain(key, "holds something that is not a text");
    out.push_back(*value);
  }
}

void Table::pairs(std::string_view key, std::vector<std::pair<std::uint32_t, std::uint32_t>>& out) {
  mark_known(key);
  const auto* node = find(node_, key);
  if (node == nullptr) return;
  const auto* list = node->as_array();
  if (list == nullptr) return complain(key, "is not a list");
  for (const auto& item : *list) {
    const auto* pair = item.as_array();
    const auto at =
        pair != nullptr && pair->size() == 2 ? (*pair)[0].value_exact<std::int64_t>() : std::nullopt;
    const auto value = at ? (*pair)[1].value_exact<std::int64_t>() : std::nullopt;
    if (!value || *at < 0 || *value < 0 || *at > 0xffffffff || *value > 0xffffffff)
      return complain(key, "is not a list of [address, value]");
    out.emplace_back(static_cast<std::uint32_t>(*at), static_cast<std::uint32_t>(*value));
  }
}

void Table::whole_number(std::string_view key, std::uint64_t& out, std::uint64_t least, std::uint64_t most) {
  mark_known(key);
  const auto* node = find(node_, key);
  if (node == nullptr) return;
  const auto value = node->value_exact<std::int64_t>();
  if (!value || *value < 0 || static_cast<std::uint64_t>(*value) < least ||
      static_cast<std::uint64_t>(*value) > most)
    return complain(key, fmt::format("is not a number from {} to {}", least, most));
  out = static_cast<std::uint64_t>(*value);
}

void Table::whole_numbers(std::string_view key, std::vector<std::uint64_t>& out, std::uint64_t most) {
  mark_known(key);
  const auto* node = find(node_, key);
  const auto* list = node == nullptr ? nullptr : node->as_array();
  if (list == nullptr) return complain(key, "is not a list");
  for (const auto& item : *list) {
    const auto value = item.value_exact<std::int64_t>();
    if (!value || *value < 0 || static_cast<std::uint64_t>(*value) > most)
      return complain(key, "holds something that is not a fitting number");
    out.push_back(static_cast<std::uint64_t>(*value));
  }
}

void Table::finish() {
  if (node_ == nullptr) return;
  for (const auto& [key, node] : *as_table(node_)) {
    if (!known_.contains(std::string{key.str()})) complain(key.str(), "is not a key of this format");
  }
}

std::unique_ptr<Table> Table::table(std::string_view key) {
  mark_known(key);
  const auto* node = find(node_, key);
  const toml::table* found = node == nullptr ? nullptr : node->as_table();
  return std::make_unique<Table>(found, fmt::format("{}{}.", name_, key), complaint_);
}

void Table::each_table(std::string_view key, const std::function<void(Table&)>& use) {
  mark_known(key);
  const auto* node = find(node_, key);
  if (node == nullptr || node->as_array() == nullptr) return;
  std::size_t index = 0;
  for (const auto& item : *node->as_array()) {
    Table in{item.as_table(), fmt::format("{}{}[{}].", name_, key, index++), complaint_};
    use(in);
    in.finish();
  }
}

Result<> read_description(std::string_view text, std::string_view origin, std::string_view variant,
                          const std::function<void(Table&)>& use) {
  try {
    toml::table root = toml::parse(text, origin);
    if (!variant.empty()) {
      const auto* changes = root["variant"][variant].as_table();
      if (changes == nullptr) return fail(Errc::usage, fmt::format("{} has no variant {}", origin, variant));
      const toml::table copy = *changes;
      lay_over(root, copy);
    }
    std::string complaint;
    Table top{&root, "", complaint};
    use(top);
    top.finish();
    if (!complaint.empty()) return fail(Errc::bad_image, fmt::format("{}: {}", origin, complaint));
    return {};
  } catch (const toml::parse_error& problem) {
    return fail(Errc::bad_image,
                fmt::format("{}: {} in line {}", origin, problem.description(), problem.source().begin.line));
  }
}

}  // namespace mtk::sim
