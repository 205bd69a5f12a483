// SPDX-License-Identifier: Apache-2.0
// Images that packages split over several sparse files: every part has the geometry of the whole, and holds
// some of its blocks. Source: docs/format/sparse.md#split-images
#pragma once

#include "image/source.h"

#include <optional>

namespace mtk {

/// One image out of its parts, in any order. \param parts  opened by open_sparse()
/// Errors: bad_image (two parts hold the same block), out_of_range (more pieces than max_sparse_extents).
Result<ImagePtr> join_sparse(std::vector<ImagePtr> parts);

/// A part's name taken apart: `super.img_sparsechunk.3` is part 3 of `super.img`.
struct SplitName {
  std::string whole;
  std::uint32_t number = 0;
};
/// Understands `X_sparsechunk.N`, `X_sparsechunkN`, `X.sparsechunk.N`, `X.N`, `X_N`, and `stem_N.ext` and
/// `stem.N.ext` for X = `stem.ext`; nothing for other names.
std::optional<SplitName> split_name(std::string_view file_name);

}  // namespace mtk
