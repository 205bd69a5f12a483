// SPDX-License-Identifier: Apache-2.0
#include "da/xml/replies.h"

#include "da/xml/protocol.h"
#include "da/xml/token.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk::xml {
namespace {

constexpr XmlLimits reply_limits{.bytes = max_reply, .elements = 0x4000, .depth = 16};
constexpr std::size_t longest_id = 64;

/// A missing number is 0; one that is no number is an error.
Result<std::uint64_t> number_of(const XmlElement& parent, std::string_view name) {
  const std::string_view text = parent.text_of(name);
  if (text.empty()) return std::uint64_t{0};
  const auto value = parse_number(text);
  if (!value) return fail(Errc::protocol, fmt::format("{} of {} is no number", name, parent.name));
  return *value;
}

/// An id in hexadecimal; what is not is kept as its characters, so that it still tells phones apart.
Bytes id_of(std::string_view text) {
  text = text.substr(0, longest_id);
  auto bytes = parse_hex(text);
  if (!bytes) return to_bytes(text);
  for (const std::byte byte : *bytes)
    if (byte != std::byte{0}) return std::move(*bytes);
  return {};
}

struct AreaName {
  std::string_view element;
  Area area;
};
struct StorageName {
  std::string_view text;
  std::string_view element;
  StorageKind kind;
  std::vector<AreaName> areas;
};

const std::vector<StorageName>& storages() {
  static const std::vector<StorageName> known{
      {"EMMC",
       "emmc",
       StorageKind::emmc,
       {{"boot1_size", Area::boot1},
        {"boot2_size", Area::boot2},
        {"rpmb_size", Area::rpmb},
        {"gp1_size", Area::gp1},
        {"gp2_size", Area::gp2},
        {"gp3_size", Area::gp3},
        {"gp4_size", Area::gp4},
        {"user_size", Area::user}}},
      {"UFS",
       "ufs",
       StorageKind::ufs,
       {{"lua0_size", Area::lu0},
        {"lua1_size", Area::lu1},
        {"lua2_size", Area::lu2},
        {"lua3_size", Area::lu3}}},
      {"NAND", "nand", StorageKind::nand, {{"total_size", Area::nand}}}};
  return known;
}

/// Every leaf with a text, however deep, under its own name: with those around it a small file of the phone
/// would become large.
void add_leaves(const XmlElement& element, FurtherElements& more) {
  if (element.children.empty() && !element.text.empty()) more.emplace_back(element.name, element.text);
  for (const XmlElement& child : element.children) add_leaves(child, more);
}

bool is_storage_id(std::string_view name) { return name == "id" || name == "ufs_cid" || name == "emmc_cid"; }

Result<> read_storage(const XmlElement& element, const StorageName& known, HwInfo& info) {
  info.storage = known.kind;
  MTK_TRY_LET(const std::uint64_t block, number_of(element, "block_size"));
  if (block > 0x10000000) return fail(Errc::protocol, "storage blocks of more than 256 MiB");
  info.block_size = static_cast<std::uint32_t>(block);
  for (const auto& [name, area] : known.areas) {
    MTK_TRY_LET(const std::uint64_t size, number_of(element, name));
    if (size > 0) info.areas.push_back({area, size});
  }
  for (const XmlElement& child : element.children) {
    const bool is_read = child.name == "block_size" ||
                         std::ranges::find(known.areas, child.name, &AreaName::element) != known.areas.end();
    if (is_storage_id(child.name) && info.storage_id.empty()) {
      info.storage_id = id_of(child.text);
    } else if (!is_read) {
      add_leaves(child, info.more);
    }
  }
  return {};
}

}  // namespace

Result<std::string> reply_text(ByteView file) {
  if (!file.empty() && file.back() == std::byte{0}) file = file.first(file.size() - 1);
  std::string text;
  text.reserve(file.size());
  for (const std::byte byte : file) text += static_cast<char>(byte);
  if (text.find('\0') != text.npos) return fail(Errc::protocol, "agent's reply has a NUL inside");
  return text;
}

Result<XmlElement> reply_document(ByteView file, std::string_view root) {
  MTK_TRY_LET(const std::string text, reply_text(file));
  MTK_TRY_LET(XmlElement document, parse_xml(text, reply_limits, Errc::protocol));
  if (document.name != root)
    return fail(Errc::protocol, fmt::format("agent's reply is no `{}` document", root));
  return document;
}

Result<HwInfo> parse_hw_info(ByteView file) {
  MTK_TRY_LET(const XmlElement root, reply_document(file, "da_hw_info"));
  HwInfo info;
  MTK_TRY_LET(info.ram_size, number_of(root, "ram_size"));
  info.random_id = id_of(root.text_of("random_id"));
  const std::string_view storage = root.text_of("storage");
  const XmlElement* of_storage = nullptr;
  for (const StorageName& known : storages()) {
    if (storage != known.text || root.child(known.element) == nullptr) continue;
    of_storage = root.child(known.element);
    MTK_TRY(read_storage(*of_storage, known, info));
  }
  for (const XmlElement& child : root.children) {
    const bool is_read = child.name == "ram_size" || child.name == "random_id" || &child == of_storage ||
                         (child.name == "storage" && of_storage != nullptr);
    if (!is_read) add_leaves(child, info.more);
  }
  return info;
}

Result<std::vector<ListedPartition>> parse_partition_table(ByteView file) {
  MTK_TRY_LET(const XmlElement root, reply_document(file, "partition_table"));
  std::vector<ListedPartition> table;
  for (const XmlElement& pt : root.children) {
    if (pt.name != "pt") continue;
    const auto start = parse_number(pt.text_of("start"));
    const auto size = parse_number(pt.text_of("size"));
    const std::string_view name = pt.text_of("name");
    if (!start || !size || name.empty())
      return fail(Errc::protocol,
                  fmt::format("partition {} of the agent's table lacks name, start or size", table.size()));
    table.push_back({.name = std::string{name}, .offset = *start, .size = *size});
  }
  return table;
}

Result<DaInfo> parse_da_info(ByteView file) {
  MTK_TRY_LET(const XmlElement root, reply_document(file, "da_info"));
  DaInfo info{.version = std::string{root.text_of("da_version")},
              .build = std::string{root.text_of("build")}};
  for (const XmlElement& child : root.children)
    if (child.name != "da_version" && child.name != "build") add_leaves(child, info.more);
  return info;
}

Result<std::optional<std::string>> parse_sys_property(ByteView file, std::string_view key) {
  MTK_TRY_LET(const XmlElement root, reply_document(file, "sys_prop"));
  for (const XmlElement& item : root.children)
    if (item.name == "item" && item.attribute("key") == key) return item.text;
  return std::nullopt;
}

Result<LoginInfo> parse_login_info(ByteView file) {
  MTK_TRY_LET(const XmlElement root, reply_document(file, "sla"));
  const auto bytes = [&](std::string_view name) -> Result<Bytes> {
    auto parsed = parse_hex(root.text_of(name));
    if (!parsed) return fail(Errc::protocol, fmt::format("{} of the login is not hexadecimal", name));
    return parsed;
  };
  LoginInfo info;
  MTK_TRY_LET(info.random, bytes("rnd"));
  MTK_TRY_LET(info.hrid, bytes("hrid"));
  MTK_TRY_LET(info.soc_id, bytes("socid"));
  if (info.random.empty()) return fail(Errc::protocol, "agent wants a login and sends no random bytes");
  return info;
}

Result<std::vector<ImageFeedback>> parse_feedback(ByteView file) {
  MTK_TRY_LET(const XmlElement root, reply_document(file, "feedback"));
  std::vector<ImageFeedback> images;
  for (const XmlElement& item : root.children) {
    if (item.name != "item") continue;
    images.push_back({.partition = std::string{item.attribute("pt").value_or("")},
                      .file = std::string{item.attribute("file").value_or("")},
                      .checksum = parse_number(item.attribute("image_chksum").value_or("")).value_or(0)});
  }
  return images;
}

}  // namespace mtk::xml
