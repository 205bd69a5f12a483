// SPDX-License-Identifier: Apache-2.0
// Scatter files and lists of images for tests of the XML agent.
#pragma once

#include "sim/xml_agent.h"

namespace mtk::sim {

inline std::string scatter_row(const PartitionModel& part, std::string_view type, std::string_view region) {
  return fmt::format(
      "<partition_index name=\"SYS\"><partition_name>{}</partition_name><file_name>{}</file_name>"
      "<is_download>{}</is_download><physical_start_addr>0x{:x}</physical_start_addr>"
      "<partition_size>0x{:x}</partition_size><region>{}</region><operation_type>{}</operation_type>"
      "</partition_index>",
      part.name, part.file_name, part.file_name != "NONE", part.start, part.size, region, type);
}

/// The layout of a phone with UFS as a scatter file, with a list for the other storage in front.
inline std::string scatter_of(const Model& model) {
  std::string text = fmt::format(
      "{}<root><general name=\"MTK_PLATFORM_CFG\"/><storage_type name=\"EMMC\"/><storage_type name=\"UFS\">"
      "<general name=\"MTK_STORAGE_CFG\"><storage "
      "name=\"UFS\"><block_size>0x1000</block_size></storage></general>",
      xml_declaration);
  for (const auto& part : model.partitions)
    text += scatter_row(part, part.operation_type, part.name == "preloader" ? "UFS_LU0_LU1" : "UFS_LU2");
  return text + "</storage_type></root>";
}

/// The arguments of a command that takes a list.
inline std::string list_arguments(std::string_view images, bool updates = false) {
  return fmt::format("<path_separator>/</path_separator><source_file>rom/s.xml</source_file>{}{}",
                     updates ? "<backup_folder>bak</backup_folder>" : "",
                     images.empty() ? "" : fmt::format("<flash_list>{}</flash_list>", images));
}

}  // namespace mtk::sim
