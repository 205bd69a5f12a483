// SPDX-License-Identifier: Apache-2.0
// Memory settings for a phone whose DRAM is not running yet, and how an agent asks for them.
#pragma once

#include "base/bytes.h"

#include <functional>
#include <vector>

namespace mtk {

/// The storage an agent found, by which the record of a preloader file is chosen. Identifies the phone: never
/// in logs or recordings.
struct FlashIds {
  std::uint32_t emmc_status = 0;  ///< 0: there is one
  Bytes emmc_id = {};             ///< CID as the agent sends it
  std::uint32_t nand_status = 0;  ///< anything but 0: there is none
  std::vector<std::uint16_t> nand_ids = {};
  Bytes ufs_id = {};  ///< of the UFS where there is one instead, as the agent sends it
};

/// The memory settings of one preloader file.
struct EmiSettings {
  std::uint32_t version = 0;  ///< NN of `MTK_BLOADER_INFO_vNN`
  std::uint32_t record_count = 0;
  Bytes payload = {};  ///< the records, one after the other, as legacy agents take them
  Bytes block = {};  ///< the whole `MTK_BLOADER_INFO_vNN` block as it stands in the file, as XFlash agents do
};

/// Yields the settings for a phone with this storage; asked only when the phone needs them.
using EmiProvider = std::function<Result<EmiSettings>(const FlashIds&)>;

}  // namespace mtk
