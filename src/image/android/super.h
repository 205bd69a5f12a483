// SPDX-License-Identifier: Apache-2.0
// The super partition: logical partitions (system, vendor, product ...) inside one image.
// Source: docs/format/android.md#super
#pragma once

#include "image/source.h"

namespace mtk {

/// A stretch of a logical partition.
struct SuperExtent {
  std::uint64_t length = 0;  ///< bytes
  std::uint64_t offset = 0;  ///< in the super image; not for zeros
  bool zeros = false;        ///< stored nowhere, reads as zeros
};
struct LogicalPartition {
  std::string name = {};
  std::string group = {};
  std::uint64_t size = 0;  ///< bytes; 0 for a slot without content
  bool read_only = false;
  std::vector<SuperExtent> extents = {};
};
struct SuperTable {
  std::uint64_t device_size = 0;  ///< of the partition it was made for, bytes
  std::vector<LogicalPartition> partitions = {};
  std::vector<std::string> warnings = {};  ///< sentences without a full stop

  const LogicalPartition* find(std::string_view name) const;  ///< null when absent
};

/// The first of the table's copies whose checksums are right.
/// Errors: bad_image (none is), io.
Result<SuperTable> read_super(const ImageSource& image);
/// The content of a logical partition. Errors: out_of_range (it lies partly outside the image).
Result<ImagePtr> open_logical(ImagePtr super, const LogicalPartition& partition);

}  // namespace mtk
