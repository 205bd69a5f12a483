// SPDX-License-Identifier: Apache-2.0
#include "sim/xml_scatter.h"

#include "base/xml.h"
#include "sim/xml_agent.h"

#include <algorithm>

namespace mtk::sim {

namespace {

constexpr XmlLimits limits{.bytes = std::size_t{1} << 20, .elements = 0x8000, .depth = 8};

bool is_nand(const Model& model) { return model.xml.nand.type != 0; }

/// The list of the phone's storage; older files have one list and say nothing about storage around it.
const XmlElement* list_for(const XmlElement& root, const Model& model) {
  const std::string_view wanted = is_nand(model)                           ? "NAND"
                                  : model.storage.kind == StorageKind::ufs ? "UFS"
                                                                           : "EMMC";
  bool has_lists = false;
  for (const auto& child : root.children) {
    if (child.name != "storage_type") continue;
    has_lists = true;
    if (child.attribute("name") == wanted) return &child;
  }
  return has_lists ? nullptr : &root;
}

std::optional<Region> region_of(std::string_view text, const Model& model) {
  if (is_nand(model)) return text == "NONE" ? std::optional{Region::user} : std::nullopt;
  std::string name{text};
  std::erase(name, '_');
  if (model.storage.kind == StorageKind::ufs) {
    if (name == "UFSLU2") return Region::user;
    if (name == "UFSLU0") return Region::boot1;
    if (name == "UFSLU1") return Region::boot2;
    if (name == "UFSLU0LU1") return Region::both_boots;
    return std::nullopt;
  }
  if (name == "EMMCUSER") return Region::user;
  if (name == "EMMCBOOT1") return Region::boot1;
  if (name == "EMMCBOOT2") return Region::boot2;
  if (name == "EMMCBOOT1BOOT2") return Region::both_boots;
  return std::nullopt;
}

std::uint64_t room_of(Region region, const StorageModel& storage) {
  if (region == Region::user) return storage.user;
  return region == Region::boot2 ? storage.boot2 : storage.boot1;
}

Result<XmlScatterRow> read_row(const XmlElement& element, const Model& model, std::uint64_t unit) {
  XmlScatterRow row{.name = std::string{element.text_of("partition_name")},
                    .file_name = std::string{element.text_of("file_name")},
                    .is_download = element.text_of("is_download") == "true",
                    .operation_type = std::string{element.text_of("operation_type")}};
  const auto start = xml_number(element.text_of("physical_start_addr"));
  const auto size = xml_number(element.text_of("partition_size"));
  if (row.name.empty() || !start || !size)
    return fail(Errc::bad_image, "a scatter row lacks name, start or size");
  const auto region = region_of(element.text_of("region"), model);
  if (!region) return fail(Errc::bad_image, fmt::format("[{}] lies in no region of this phone", row.name));
  row.region = *region;
  row.start = *start;
  row.size = *size;
  row.is_reserved = (*start >> 16) == 0xffff;
  if (row.is_reserved) {
    const std::uint64_t room = room_of(row.region, model.storage);
    const std::uint64_t back = (*start & 0xffff) == 0 ? *size : (*start & 0xffff) * unit;
    row.start = back <= room ? room - back : room;
  }
  return row;
}

}  // namespace

const XmlScatterRow* XmlScatter::row(std::string_view name) const {
  const auto found = std::ranges::find(rows, name, &XmlScatterRow::name);
  return found == rows.end() ? nullptr : &*found;
}

Result<XmlScatter> read_xml_scatter(std::string_view text, const Model& model) {
  MTK_TRY_LET(const XmlElement root, parse_xml(text, limits));
  const XmlElement* list = list_for(root, model);
  if (list == nullptr) return fail(Errc::bad_image, "the scatter file has no list for this storage");
  std::uint64_t unit = model.block_size;
  const XmlElement* general = list->child("general");
  const XmlElement* settings =
      general != nullptr && !general->children.empty() ? &general->children[0] : nullptr;
  if (settings != nullptr) unit = xml_number(settings->text_of("block_size")).value_or(unit);
  XmlScatter scatter;
  for (const auto& element : list->children) {
    if (element.name != "partition_index") continue;
    MTK_TRY_LET(XmlScatterRow row, read_row(element, model, unit & 0xffffffff));
    scatter.rows.push_back(std::move(row));
  }
  if (scatter.rows.empty()) return fail(Errc::bad_image, "the scatter file lists no partitions");
  return scatter;
}

}  // namespace mtk::sim
