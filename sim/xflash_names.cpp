// SPDX-License-Identifier: Apache-2.0
// UPLOAD, DOWNLOAD and FORMAT_PARTITION: the phone looks the name up in its own table.
#include "base/ascii.h"
#include "sim/boot_check.h"
#include "sim/policy.h"
#include "sim/xflash_da2.h"

namespace mtk::sim {

namespace {
constexpr std::size_t name_limit = 64;
constexpr std::uint32_t download_forbidden = 0xc0020004;
constexpr std::uint32_t table_unreadable = 0xc0040007;
constexpr std::string_view preloader_name = "preloader";
}  // namespace

void XflashDa2::upload() {
  accept();
  packet(name_limit, [this](Packet name) {
    const std::string partition = printable_text(name.payload);
    const auto place = find_place(board_, partition);
    if (!place) {
      board_.log("da2: no partition \"{}\", and not a word about it", partition);
      return next_command();
    }
    send_word(xflash::ok);
    send_message("uploading");
    ByteWriter length;
    length.le(board_.faults.hostile_counts ? ~std::uint64_t{0} : place->size);
    send_packet(length.view());
    send_data(*place);
  });
}

void XflashDa2::download() {
  accept();
  packet(name_limit, [this](Packet name) {
    if (!name.fits) return finish(xflash::no_partition);
    packet(8, [this, partition = printable_text(name.payload)](Packet length) {
      if (!length.fits) return finish(xflash::too_long);
      download_to(partition, ByteReader{padded(length.payload, 8)}.le<std::uint64_t>());
    });
  });
}

void XflashDa2::download_to(const std::string& partition, std::uint64_t length) {
  const auto& security = board_.model.security;
  const bool preloader = same_ignoring_case(partition, preloader_name);
  const auto place = preloader ? Result<Place>{Place{}} : find_place(board_, partition);
  if (!place)
    return finish(place.error().code == Errc::out_of_range ? xflash::no_partition : table_unreadable);
  if (is_listed(security.deny, partition)) {
    board_.log("da2: {} may not be downloaded", partition);
    return finish(download_forbidden);
  }
  auto sink = preloader ? preloader_sink(board_) : unpacking_sink(board_, *place, read_back());
  if (is_listed(security.signed_parts, partition)) {
    Bytes blob = signature_;
    blob.insert(blob.end(), all_in_one_.begin(), all_in_one_.end());
    sink = verifying_sink(
        std::move(sink), board_.model.xflash.verify_limit,
        [this, blob = std::move(blob)](ByteView image) { return image_is_signed(board_, image, blob); });
  }
  board_.log("da2: {} takes an image of 0x{:x} bytes", partition, length);
  send_word(xflash::ok);
  begin_write({.sink = std::move(sink), .left = length, .is_preloader = preloader});
}

void XflashDa2::format_partition() {
  accept();
  packet(name_limit, [this](Packet name) {
    const std::string partition = printable_text(name.payload);
    const auto place =
        name.fits ? find_place(board_, partition) : Result<Place>{fail(Errc::out_of_range, "")};
    if (!place)
      return finish(place.error().code == Errc::out_of_range ? xflash::no_partition : table_unreadable);
    if (is_listed(board_.model.security.deny, partition) && !same_ignoring_case(partition, "sgpt"))
      return finish(download_forbidden);
    erase(*place);
  });
}

}  // namespace mtk::sim
