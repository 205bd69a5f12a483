// SPDX-License-Identifier: Apache-2.0
// What a secured phone lets a host write: the lists `deny` and `signed` of its description, and our stand-in
// for the maker's signatures.
#pragma once

#include "sim/image_sink.h"

namespace mtk::sim {

/// Where the phone's own table puts a partition; names in any letter case. Errors: bad_image (no table),
/// out_of_range (no such partition).
Result<Place> find_place(const Board& board, std::string_view name);

/// Whether `name` is on the list, in any letter case.
bool is_listed(const std::vector<std::string>& list, std::string_view name);

/// The first partition or region on the list that the place touches, if any.
std::optional<std::string> touches_listed(const Board& board, const std::vector<std::string>& list,
                                          Place place);

/// Bytes at the end of a signed image that hold its signature.
constexpr std::size_t signature_slot = 0x100;
/// Whether the image is signed: by the blob where there is one, otherwise in its own last 0x100 bytes.
bool image_is_signed(const Board& board, ByteView image, ByteView blob);

}  // namespace mtk::sim
