// SPDX-License-Identifier: Apache-2.0
// Checksum.ini: a 16-bit byte sum per partition that packages carry beside the scatter. It tells a damaged
// download from a whole one; it protects against nothing else.
// Source: docs/format/checksum.md
#pragma once

#include "image/firmware_folder.h"

#include <mtk/progress.h>

#include <map>
#include <optional>

namespace mtk {

struct ChecksumList {
  bool enabled = false;                       ///< CHECKSUM_SWITCH; when off, nothing is compared
  std::map<std::string, std::uint16_t> sums;  ///< by partition name, as written; zero means unchecked

  /// The sum to compare with, or nothing: switched off, not listed, or zero.
  std::optional<std::uint16_t> expected(std::string_view partition) const;
};

/// Unknown sections and keys are skipped. Errors: bad_image (a sum that is none).
Result<ChecksumList> parse_checksums(std::string_view file);
/// The list beside the scatter, its name in any case; nothing when there is none.
/// Errors: io; bad_image; out_of_range (larger than any such file).
Result<std::optional<ChecksumList>> load_checksums(const FirmwareFolder& folder);

/// What reading a file once tells about it.
struct ContentSums {
  std::uint16_t byte_sum = 0;  ///< all bytes modulo 65536, over the image as it is stored
  Bytes sha256 = {};           ///< likewise
  std::uint32_t crc = 0;       ///< likewise; only computed when asked for
};
enum class WithCrc : std::uint8_t { no, yes };
/// Reads all of it, in pieces. \param name  for progress. Errors: io, bad_image, cancelled.
Result<ContentSums> sum_content(const ImageSource& stored, std::string_view name, const OpContext& op,
                                WithCrc crc = WithCrc::no);

}  // namespace mtk
