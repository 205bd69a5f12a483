// SPDX-License-Identifier: Apache-2.0
// How the versions of MTK_BLOADER_INFO lay out a record. Sizes measured over 838 blocks; see
// docs/format/preloader.md#memory-settings.
#pragma once

#include "image/preloader/emi.h"

namespace mtk {

/// Record sizes seen with a version, the usual one first; empty for an unknown version.
std::vector<std::size_t> emi_record_sizes(std::uint32_t version);
/// What we understand of a record: memory type and storage id.
EmiRecord read_emi_record(std::uint32_t version, ByteView record);

}  // namespace mtk
