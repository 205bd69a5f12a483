// SPDX-License-Identifier: Apache-2.0
// The small files in which an agent answers questions. Elements are found by name, in any order; what is not
// known is kept.
// Source: docs/protocol/da-xml.md#replies
#pragma once

#include "base/bytes.h"
#include "base/xml.h"
#include "da/agent.h"

namespace mtk::xml {

/// The file without the NUL that some agents put at its end. Errors: protocol (a NUL elsewhere).
Result<std::string> reply_text(ByteView file);
/// The document in it, whose root must have that name. Errors: protocol, out_of_range.
Result<XmlElement> reply_document(ByteView file, std::string_view root);

/// Elements by name that no member holds, with their text; empty ones are left out.
using FurtherElements = std::vector<std::pair<std::string, std::string>>;

/// The answer to GET-HW-INFO. Sizes are bytes.
struct HwInfo {
  StorageKind storage = StorageKind::unknown;  ///< unknown: stage 1, which does not look
  std::vector<AreaFacts> areas = {};           ///< those that have a size
  std::uint32_t block_size = 0;
  std::uint64_t ram_size = 0;
  Bytes storage_id = {};      ///< identifies the phone
  Bytes random_id = {};       ///< the same
  FurtherElements more = {};  ///< may identify it too: product_id, a second id
};
/// Errors: protocol (not that document, or a size that is none).
Result<HwInfo> parse_hw_info(ByteView file);

/// In table order. Errors: protocol (not that document, or an entry without name, start and size).
Result<std::vector<ListedPartition>> parse_partition_table(ByteView file);

struct DaInfo {
  std::string version = {};
  std::string build = {};
  FurtherElements more = {};
};
Result<DaInfo> parse_da_info(ByteView file);

/// The value of a key; nothing when the agent does not know it.
Result<std::optional<std::string>> parse_sys_property(ByteView file, std::string_view key);

/// What a login is made of. Identifies the phone.
struct LoginInfo {
  Bytes random = {};
  Bytes hrid = {};
  Bytes soc_id = {};
};
/// Errors: protocol (not that document, or no random bytes).
Result<LoginInfo> parse_login_info(ByteView file);

/// An image that arrived since the agent runs.
struct ImageFeedback {
  std::string partition;
  std::string file;
  std::uint64_t checksum = 0;  ///< 0 when none was asked for
};
Result<std::vector<ImageFeedback>> parse_feedback(ByteView file);

}  // namespace mtk::xml
