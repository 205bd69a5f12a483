// SPDX-License-Identifier: Apache-2.0
#include "sim/xflash.h"

#include "sim/xflash_facts.h"

#include <algorithm>

namespace mtk::sim {

namespace {

namespace op {
constexpr std::uint32_t shutdown = 0x010007;
constexpr std::uint32_t device_ctrl = 0x010009;
constexpr std::uint32_t switch_usb_speed = 0x01000b;
}  // namespace op

namespace code {
constexpr std::uint32_t set_battery = 0x020002;
constexpr std::uint32_t get_emmc_info = 0x040001;
constexpr std::uint32_t get_ufs_info = 0x040004;
constexpr std::uint32_t get_da_version = 0x040005;
constexpr std::uint32_t get_packet_length = 0x040007;
constexpr std::uint32_t get_table_kind = 0x040009;
constexpr std::uint32_t get_usb_speed = 0x04000b;
constexpr std::uint32_t get_ram_info = 0x04000c;
constexpr std::uint32_t get_chip_id = 0x04000d;
constexpr std::uint32_t get_rpmb_status = 0x040010;
constexpr std::uint32_t get_expire_date = 0x040011;
}  // namespace code

constexpr std::uint32_t table_gpt = 100;
constexpr std::uint32_t rpmb_programmed = 0x10;
constexpr std::uint32_t rpmb_empty = 0x11;
/// No known stage comes near; more would only fill the computer's memory.
constexpr std::uint64_t stage_limit = 0x1000000;
constexpr milliseconds shutdown_delay{200};
constexpr milliseconds switch_delay{100};
constexpr std::uint32_t bootup_fastboot = 2;

}  // namespace

XflashStage::XflashStage(Board& board, std::string name)
    : FramedStage(board, std::move(name), TooLong::stays_in_stream) {
  switch_messages((board.agent.log_channel & 2) != 0);
}

void XflashStage::next_command() {
  packet(4, [this](Packet packet) {
    const auto command = ByteReader{padded(packet.payload, 4)}.le<std::uint32_t>();
    if (packet.fits) {
      switch (command) {
        case op::device_ctrl:
          return device_control();
        case op::shutdown:
          return shut_down();
        case op::switch_usb_speed:
          return switch_usb();
        default:
          if (run(command)) return;
      }
    }
    board_.log("{}: command {:08X} is unknown here", name(), command);
    finish(xflash::unknown_command);
  });
}

void XflashStage::device_control() {
  accept();
  packet(4, [this](Packet packet) {
    const auto code = ByteReader{padded(packet.payload, 4)}.le<std::uint32_t>();
    if (packet.fits && (common_control(code) || control(code))) return;
    board_.log("{}: control code {:06X} is unknown here", name(), code);
    finish(xflash::unknown_control);
  });
}

bool XflashStage::common_control(std::uint32_t code) {
  const Model& model = board_.model;
  switch (code) {
    case code::set_battery:
      take(4, [](ByteView) { return xflash::ok; });
      return true;
    case code::get_emmc_info:
      answer(xflash_emmc_info(board_));
      return true;
    case code::get_ufs_info:
      answer(xflash_ufs_info(board_));
      return true;
    case code::get_da_version:
      answer_text("1.0");
      return true;
    case code::get_packet_length: {
      const bool hostile = board_.faults.hostile_counts;
      ByteWriter lengths;
      lengths.le(hostile ? 0xffffffff : write_length()).le(hostile ? 0xffffffff : read_length());
      answer(lengths.view());
      return true;
    }
    case code::get_table_kind:
      answer_word(table_gpt);
      return true;
    case code::get_usb_speed:
      answer_text(board_.high_speed ? "high-speed" : "full-speed");
      return true;
    case code::get_ram_info:
      answer(xflash_ram_info(board_));
      return true;
    case code::get_chip_id:
      answer(xflash_chip_id(model));
      return true;
    case code::get_rpmb_status:
      answer_word(model.xflash.rpmb_key ? rpmb_programmed : rpmb_empty);
      return true;
    case code::get_expire_date:
      if (model.xflash.expire_date.empty()) return false;
      answer_text(model.xflash.expire_date);
      return true;
    default:
      return false;
  }
}

void XflashStage::boot_to(std::function<std::uint32_t(std::uint64_t, ByteView)> judge) {
  accept();
  packet(16, [this, judge = std::move(judge)](Packet packet) {
    if (!packet.fits) return finish(xflash::too_long);
    const Bytes parameter = padded(packet.payload, 16);
    ByteReader in{parameter};
    const auto address = in.le<std::uint64_t>();
    const auto length = in.le<std::uint64_t>();
    board_.log("{}: a stage of 0x{:x} bytes for {:08X}", name(), length, address);
    const auto room = static_cast<std::size_t>(std::min(length, stage_limit));
    this->packet(room, [this, judge, address](Packet stage) {
      if (!stage.fits) return finish(xflash::too_long);
      finish(judge(address, stage.payload));
    });
  });
}

void XflashStage::accept() { send_word(xflash::ok); }

void XflashStage::finish(std::uint32_t status) {
  next_command();
  send_message(fmt::format("status {:08X}", status));
  send_word(status);
}

void XflashStage::answer(ByteView data, std::uint32_t result) {
  accept();
  send_message("device control");
  send_packet(data);
  finish(result);
}

void XflashStage::answer_word(std::uint32_t value, std::uint32_t result) {
  ByteWriter word;
  word.le(value);
  answer(word.view(), result);
}

void XflashStage::take(std::size_t limit, std::function<std::uint32_t(ByteView)> use) {
  accept();
  packet(limit, [this, use = std::move(use)](Packet packet) {
    finish(packet.fits ? use(packet.payload) : xflash::too_long);
  });
}

void XflashStage::act(std::string_view what, std::uint32_t result) {
  accept();
  board_.log("{}: {}", name(), what);
  finish(result);
}

void XflashStage::shut_down() {
  accept();
  packet(board_.model.xflash.shutdown_buffer, [this](Packet packet) {
    send_word(xflash::ok);
    if (!packet.fits) return hang("the SHUTDOWN parameter was too long to be read: nothing is done");
    shut_down_as(padded(packet.payload, 24));
    hang("it is shut down");
  });
}

void XflashStage::shut_down_as(ByteView parameter) {
  ByteReader in{parameter};
  const bool reboots = in.le<std::uint32_t>() == 1;
  in.skip(8);
  const auto bootup = in.le<std::uint32_t>();
  const bool to_download = in.le<std::uint32_t>() != 0;
  if (!reboots) return board_.leave(Exit::off, shutdown_delay);
  if (bootup == bootup_fastboot) board_.next_boot_mode = "fastboot";
  board_.preloader_waits = to_download;
  board_.leave(Exit::reset, shutdown_delay);
}

void XflashStage::switch_usb() {
  accept();
  packet(4, [this](Packet packet) {
    if (!packet.fits) return finish(xflash::too_long);
    const auto id = ByteReader{padded(packet.payload, 4)}.le<std::uint32_t>();
    board_.agent_id = id == 0 ? board_.model.usb.agent
                              : UsbId{.vendor = static_cast<std::uint16_t>(id >> 16),
                                      .product = static_cast<std::uint16_t>(id)};
    board_.high_speed = true;
    finish(xflash::ok);
    board_.leave(Exit::reenumerate, switch_delay);
  });
}

}  // namespace mtk::sim
