// SPDX-License-Identifier: Apache-2.0
// Scatter files from one generation to another.
#pragma once

#include "image/scatter/scatter.h"

namespace mtk {

enum class ScatterForm : std::uint8_t { v1, v2, xml };

/// The same table in another form, ready for print_scatter(). XML keeps the level of the source.
/// Entries of brace files take their `file_name` where one was found for them, else the usual name.
/// \param storage  only this table of a file that has several
/// Errors: usage (no such table, or several where the form holds one); unsupported (a V2 form of a file that
/// does not name its storage).
Result<Scatter> convert_scatter(Scatter scatter, ScatterForm form,
                                std::optional<ScatterStorage> storage = {});

}  // namespace mtk
