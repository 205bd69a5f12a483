// SPDX-License-Identifier: Apache-2.0
// payload.bin of Android updates: which partitions it would write, and whether it is a whole system or only
// the difference to another. Nothing is unpacked.
// Source: docs/format/android.md#updates
#pragma once

#include "image/source.h"

namespace mtk {

struct OtaPayload {
  std::uint64_t version = 0;
  bool incremental = false;  ///< only the difference to an older build
  std::string security_patch = {};
  std::vector<std::string> partitions = {};
};

/// Errors: bad_image (no payload, cut short, or a manifest that contradicts itself), io.
Result<OtaPayload> read_ota_payload(const ImageSource& image);

}  // namespace mtk
