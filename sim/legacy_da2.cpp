// SPDX-License-Identifier: Apache-2.0
// Command loop and the small commands; reading, writing and erasing are in legacy_data.cpp.
#include "sim/legacy_da2.h"

#include "sim/boot_check.h"

#include <algorithm>

namespace mtk::sim {

namespace {

namespace op {
constexpr std::uint8_t nand_bmt_remark = 0x52;
constexpr std::uint8_t switch_part = 0x60;
constexpr std::uint8_t write_image = 0x61;
constexpr std::uint8_t write_data = 0x62;
constexpr std::uint8_t card_type = 0x63;
constexpr std::uint8_t usb_setup = 0x70;
constexpr std::uint8_t usb_status = 0x72;
constexpr std::uint8_t usb_setup_ex = 0x73;
constexpr std::uint8_t read_reg32 = 0x7a;
constexpr std::uint8_t write_reg32 = 0x7b;
constexpr std::uint8_t read_pmic = 0x7c;
constexpr std::uint8_t write_pmic = 0x7d;
constexpr std::uint8_t nand_write_table = 0xa1;
constexpr std::uint8_t nand_read_table = 0xa2;
constexpr std::uint8_t read_bmt = 0xa3;
constexpr std::uint8_t read_table = 0xa5;
constexpr std::uint8_t secure_usb = 0xb4;
constexpr std::uint8_t battery = 0xd0;
constexpr std::uint8_t change_baud = 0xd2;
constexpr std::uint8_t set_memory_block = 0xd3;
constexpr std::uint8_t format = 0xd4;
constexpr std::uint8_t write_nor = 0xd5;
constexpr std::uint8_t read = 0xd6;
constexpr std::uint8_t write_reg16 = 0xd7;
constexpr std::uint8_t read_reg16 = 0xd8;
constexpr std::uint8_t finish = 0xd9;
constexpr std::uint8_t reset = 0xdb;
constexpr std::uint8_t pc_security = 0xe0;
constexpr std::uint8_t project_id = 0xef;
}  // namespace op

constexpr std::uint32_t pmic_base = 0xffff0000;
constexpr std::uint32_t no_nand = 3011;
constexpr std::uint32_t low_battery_value = 0x20;
/// The answer leaves before the port does.
constexpr milliseconds port_delay{5};

constexpr std::uint32_t reset_stays_off = 1;
constexpr std::uint32_t reset_by_timer = 2;

}  // namespace

void LegacyDa2::start() {
  send_ack();
  field(1, [this](ByteView answer) {
    if (answer[0] != std::byte{legacy::ack}) {
      board_.log("da2: {} instead of the 5A that asks for the report", hex(answer));
      return hang("no report was asked for");
    }
    board_.send(legacy_report(board_.model, memory_id()));
    next_command();
  });
}

void LegacyDa2::next_command() {
  field(1, [this](ByteView byte) { run(static_cast<std::uint8_t>(byte[0])); });
}

void LegacyDa2::run(std::uint8_t opcode) {
  switch (opcode) {
    case op::switch_part:
      return switch_part();
    case op::write_image:
      return write_image();
    case op::write_data:
      return write_data();
    case op::read:
      return read_data();
    case op::format:
      return format();
    case op::read_table:
      return read_table();
    case op::finish:
      return finish();
    case op::reset:
      return reset();
    case op::usb_setup:
      return switch_usb(false);
    case op::usb_setup_ex:
      return switch_usb(true);
    case op::change_baud:
      return change_baud();
    case op::read_reg32:
      return access_register(4, false);
    case op::write_reg32:
      return access_register(4, true);
    case op::read_reg16:
      return access_register(2, false);
    case op::write_reg16:
      return access_register(2, true);
    case op::read_pmic:
      return access_pmic(false);
    case op::write_pmic:
      return access_pmic(true);
    case legacy::enable_dram:
      if (board_.model.agent.emi_in_da2)
        return run_enable_dram(
            {legacy::no_version}, [this] { next_command(); }, [this] { next_command(); });
      break;
    default:
      break;
  }
  run_small(opcode);
}

void LegacyDa2::run_small(std::uint8_t opcode) {
  next_command();
  const auto& agent = board_.model.agent;
  switch (opcode) {
    case op::card_type:
      send_ack();
      return board_.send_be<std::uint32_t>(1);
    case op::usb_status:
      send_ack();
      return board_.send_u8(board_.high_speed ? 1 : 0);
    case op::battery:
      return board_.send_be(board_.battery == Battery::low ? low_battery_value : agent.battery_value);
    case op::secure_usb:
      return board_.send_be(agent.secure_usb);
    case op::pc_security:
      return field(4, [this](ByteView) {
        next_command();
        send_ack();
      });
    case op::project_id: {
      board_.send_be<std::uint32_t>(0);
      ByteWriter id;
      id.text(agent.project_id, 64);
      return board_.send(std::move(id).take());
    }
    case op::read_bmt:
      send_ack();
      board_.send_u8(0);
      return field(1, [this](ByteView) { next_command(); });
    case op::nand_write_table:
      send_ack();
      return field(4, [this](ByteView) {
        send_ack();
        hang("a NAND partition table is coming and its entries have no documented width");
      });
    case op::nand_read_table:
      return refuse(legacy::no_table);
    case op::write_nor:
      return refuse(no_nand);
    case op::set_memory_block:
    case op::nand_bmt_remark:
      board_.log("da2: {:02X} is refused: no NAND", opcode);
      return board_.send_u8(legacy::nack);
    default:
      return board_.log("da2: opcode {:02X} has no answer here", opcode);
  }
}

void LegacyDa2::switch_part() {
  send_ack();
  field(1, [this](ByteView part) {
    part_ = static_cast<std::uint8_t>(part[0]);
    if (board_.card.size(part_) == 0)
      board_.log("da2: part {} does not exist; acknowledged all the same", part_);
    send_ack();
    next_command();
  });
}

void LegacyDa2::access_register(std::size_t width, bool writing) {
  field(writing ? 4 + width : 4, [this, width, writing](ByteView bytes) {
    ByteReader in{bytes};
    const auto address = in.be<std::uint32_t>();
    next_command();
    if (!writing) {
      const std::uint32_t word = board_.read_register(address);
      if (width == 4) {
        board_.send_be(word);
      } else {
        board_.send_be(static_cast<std::uint16_t>(word));
      }
    } else {
      board_.write_register(address, width == 4 ? in.be<std::uint32_t>() : in.be<std::uint16_t>());
    }
    send_ack();
  });
}

void LegacyDa2::access_pmic(bool writing) {
  field(writing ? 4 : 2, [this, writing](ByteView bytes) {
    ByteReader in{bytes};
    const std::uint32_t address = pmic_base + in.be<std::uint16_t>();
    next_command();
    if (writing) {
      board_.write_register(address, in.be<std::uint16_t>());
    } else {
      board_.send_be(static_cast<std::uint16_t>(board_.read_register(address)));
    }
    send_ack();
  });
}

void LegacyDa2::switch_usb(bool extended) {
  field(extended ? 5 : 1, [this, extended](ByteView bytes) {
    ByteReader in{bytes};
    const bool high_speed = in.u8() != 0;
    board_.agent_id = board_.model.usb.agent;
    if (extended) {
      board_.agent_id.product = in.be<std::uint16_t>();
      board_.agent_id.vendor = in.be<std::uint16_t>();
    }
    board_.high_speed = high_speed;
    next_command();
    send_ack();
    board_.leave(Exit::reenumerate, port_delay);
  });
}

void LegacyDa2::change_baud() {
  field(2, [this](ByteView bytes) {
    const auto speed = static_cast<unsigned>(bytes[0]);
    const bool full = bytes[1] == std::byte{1};
    next_command();
    if ((speed < 1 || speed > 0xa) && speed != 0xb && speed != 0xc && speed != 0xd) {
      board_.log("da2: speed id {:02X} is unknown", speed);
      return board_.send_u8(legacy::nack);
    }
    send_ack();
    sync_baud(full);
  });
}

void LegacyDa2::sync_baud(bool full) {
  field(1, [this, full](ByteView byte) {
    board_.send(byte);
    if (byte[0] != std::byte{legacy::ack}) return sync_baud(full);
    if (!full) return next_command();
    field(256, [this](ByteView ramp) {
      board_.send(ramp);
      next_command();
    });
  });
}

void LegacyDa2::finish() {
  send_ack();
  field(4, [this](ByteView bytes) {
    const auto mode = ByteReader{bytes}.be<std::uint32_t>();
    if (mode != 0 || board_.model.agent.finish_ack == FinishAck::sent) send_ack();
    if (mode <= 1) board_.leave(Exit::off, port_delay);
    hang(fmt::format("finished with mode {}", mode));
  });
}

void LegacyDa2::reset() {
  field(6, [this](ByteView bytes) {
    ByteReader in{bytes};
    in.skip(2);
    const auto flags = in.be<std::uint32_t>();
    board_.log("da2: reset with flags {:08X}", flags);
    send_ack();
    const Exit where = (flags & reset_stays_off) != 0 ? Exit::off : Exit::reset;
    if ((flags & reset_by_timer) != 0) {
      board_.leave(where, milliseconds{board_.model.agent.watchdog_ms});
      return next_command();
    }
    board_.leave(where, port_delay);
    next_command();
  });
}

void LegacyDa2::read_table() {
  const auto gpt = table_of(board_.model, board_.card);
  const auto& agent = board_.model.agent;
  if (!gpt || agent.pmt_answer == legacy::nack) {
    next_command();
    return refuse(legacy::no_table);
  }
  if (agent.pmt_slots != 0 && gpt->slots > agent.pmt_slots)
    return hang(fmt::format("a table of {} slots overruns the agent", gpt->slots));
  std::uint32_t announced = 0;
  const Bytes table = table_bytes(announced);
  board_.send_u8(agent.pmt_answer);
  board_.send_be(announced);
  field(1, [this, table](ByteView answer) {
    if (answer[0] != std::byte{legacy::ack}) {
      board_.log("da2: {} cancels the partition list", hex(answer));
      return next_command();
    }
    board_.send(ByteView{table});
    field(1, [this](ByteView) { next_command(); });
  });
}

Bytes LegacyDa2::table_bytes(std::uint32_t& announced) const {
  ByteWriter out;
  const auto gpt = table_of(board_.model, board_.card);
  if (!gpt) return {};
  // Lists of phones without a GPT count through all areas.
  const auto& storage = board_.model.storage;
  const std::uint64_t base = has_gpt(board_.model) ? 0 : storage.boot1 + storage.boot2 + storage.rpmb;
  for (const auto& entry : gpt->entries) {
    out.text(entry.name, 64);
    const std::uint64_t offset = base + entry.first * block_size;
    const std::uint64_t size = (entry.last - entry.first + 1) * block_size;
    switch (board_.model.agent.pmt_entry) {
      case 0x58:
        out.le(offset).le(size).le<std::uint64_t>(part_user);
        break;
      case 0x60:
        out.le(size).le<std::uint64_t>(part_user).le(offset).le<std::uint64_t>(0);
        break;
      default:
        out.le(static_cast<std::uint32_t>(size)).le(static_cast<std::uint32_t>(offset)).le<std::uint32_t>(0);
        break;
    }
  }
  announced = board_.faults.hostile_counts ? 0xffffffff : static_cast<std::uint32_t>(out.size());
  return std::move(out).take();
}

}  // namespace mtk::sim
