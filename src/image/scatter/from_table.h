// SPDX-License-Identifier: Apache-2.0
// A scatter made of the partition table of a phone.
#pragma once

#include "image/scatter/scatter.h"
#include "image/table/table.h"

#include <functional>
#include <span>

namespace mtk {

/// A V2 scatter of one storage. Every partition is called NAME.img and none is marked for download, since
/// nothing is known of files. Preloader and table, which are in no table, go before the others.
/// \param is_identity  partitions to be marked as protected, by name
/// Errors: bad_image (no partitions, names that no scatter can hold, or areas of several storages).
Result<Scatter> scatter_of_table(std::span<const TableEntry> partitions, std::string_view platform,
                                 const std::function<bool(std::string_view)>& is_identity);

}  // namespace mtk
