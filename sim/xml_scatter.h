// SPDX-License-Identifier: Apache-2.0
// A scatter file as the XML agent itself reads it: only the elements it uses (docs/protocol/da-xml.md 7.6).
#pragma once

#include "sim/model.h"

#include <optional>

namespace mtk::sim {

struct XmlScatterRow {
  std::string name;
  std::string file_name;
  bool is_download = false;
  Region region = Region::user;
  std::uint64_t start = 0;  ///< bytes from the beginning of the region
  std::uint64_t size = 0;
  std::string operation_type;
  bool is_reserved = false;  ///< counted from the end

  bool is_table() const { return name == "pgpt" || name == "sgpt"; }
  /// Whether it stands in the partition table.
  bool in_table() const { return region == Region::user && !is_reserved && !is_table(); }
};

struct XmlScatter {
  std::vector<XmlScatterRow> rows;
  const XmlScatterRow* row(std::string_view name) const;
};

/// The rows for this phone's storage. Errors: bad_image (not XML, no rows for it, a row without name, start
/// or size, a region that is none).
Result<XmlScatter> read_xml_scatter(std::string_view text, const Model& model);

}  // namespace mtk::sim
