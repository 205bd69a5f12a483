// SPDX-License-Identifier: Apache-2.0
// What packages of the V6 tool bring beside their scatter: flash.xml and download lists.
// Source: docs/format/flash-xml.md
#pragma once

#include "base/bytes.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mtk {

/// `download_agent/flash.xml`. Paths are as written, relative to the folder of the file.
struct FlashXml {
  std::string project = {};
  std::string agent = {};  ///< may be empty
  std::string scatter = {};
  std::string build_version = {};
  std::string build_time = {};
};

/// A list of images by partition name, in the order of writing.
struct DownloadList {
  std::string scatter = {};                                      ///< as written; may be empty
  std::vector<std::pair<std::string, std::string>> images = {};  ///< partition, path as written
};

/// Errors: bad_image (no XML, not a `flash-mode` document, no scatter named).
Result<FlashXml> parse_flash_xml(std::string_view text);
/// Understands `flash_list` with its `pt` elements anywhere in the document, and the `source_file` beside it.
/// Errors: bad_image (no XML, no list, an item without a name or file, a name listed twice).
Result<DownloadList> parse_download_list(std::string_view text);

}  // namespace mtk
