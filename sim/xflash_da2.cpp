// SPDX-License-Identifier: Apache-2.0
#include "sim/xflash_da2.h"

#include <algorithm>

namespace mtk::sim {

namespace {

namespace op {
constexpr std::uint32_t download = 0x010001;
constexpr std::uint32_t upload = 0x010002;
constexpr std::uint32_t format = 0x010003;
constexpr std::uint32_t write_data = 0x010004;
constexpr std::uint32_t read_data = 0x010005;
constexpr std::uint32_t format_partition = 0x010006;
constexpr std::uint32_t read_otp_zone = 0x01000c;
constexpr std::uint32_t write_otp_zone = 0x01000d;
constexpr std::uint32_t write_efuse = 0x01000e;
constexpr std::uint32_t read_efuse = 0x01000f;
}  // namespace op

constexpr std::uint32_t host_linux = 1;

}  // namespace

XflashDa2::XflashDa2(Board& board) : XflashStage(board, "da2") {}

void XflashDa2::start() {
  send_message("second stage");
  send_word(xflash::sync);
  send_message("waiting for commands");
  next_command();
}

std::uint32_t XflashDa2::read_length() const {
  const auto& agent = board_.model.xflash;
  return board_.agent.host_os == host_linux ? agent.read_packet_linux : agent.read_packet;
}

bool XflashDa2::locked() const { return board_.model.security.da_sla && !logged_in_; }

bool XflashDa2::run(std::uint32_t command) {
  if (locked()) {
    board_.log("da2: nobody has logged in");
    return false;
  }
  switch (command) {
    case op::download:
      download();
      return true;
    case op::upload:
      upload();
      return true;
    case op::format:
      format_range();
      return true;
    case op::write_data:
      write_data();
      return true;
    case op::read_data:
      read_data();
      return true;
    case op::format_partition:
      format_partition();
      return true;
    case xflash::boot_to:
      boot_to([](std::uint64_t, ByteView) { return xflash::digest_differs; });
      return true;
    case op::read_otp_zone:
    case op::write_otp_zone:
      refuse_otp();
      return true;
    case op::write_efuse:
    case op::read_efuse:
      refuse_efuse();
      return true;
    default:
      return false;
  }
}

std::uint32_t xflash_status(Stored stored, bool is_preloader) {
  switch (stored) {
    case Stored::good:
      return xflash::ok;
    case Stored::card_error:
      return 0xc0040030;
    case Stored::differs:
      return 0xc0040003;
    case Stored::too_large:
      return xflash::too_large;
    case Stored::sparse_incomplete:
      return 0x40040001;
    case Stored::sparse_unknown:
      return 0xc0040005;
    case Stored::sparse_damaged:
      return 0xc004000c;
    case Stored::not_a_preloader:
      return 0xc0030004;
    case Stored::too_large_to_verify:
      return 0xc0020005;
    case Stored::not_verified:
      return is_preloader ? 0xc0020006 : 0xc0020007;
  }
  return xflash::general_error;
}

}  // namespace mtk::sim
