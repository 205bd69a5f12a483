// SPDX-License-Identifier: Apache-2.0
// Identity, memory access and PMIC; the agent's upload is in upload.cpp, security in security.cpp.
#include "sim/commands.h"

#include <algorithm>

namespace mtk::sim {

namespace {

namespace op {
constexpr std::uint8_t get_version = 0xff;
constexpr std::uint8_t get_bl_ver = 0xfe;
constexpr std::uint8_t get_hw_code = 0xfd;
constexpr std::uint8_t get_hw_sw_ver = 0xfc;
constexpr std::uint8_t get_pl_cap = 0xfb;
constexpr std::uint8_t get_target_config = 0xd8;
constexpr std::uint8_t get_me_id = 0xe1;
constexpr std::uint8_t get_soc_id = 0xe7;
constexpr std::uint8_t legacy_write16 = 0xa1;
constexpr std::uint8_t legacy_read16 = 0xa2;
constexpr std::uint8_t read16 = 0xd0;
constexpr std::uint8_t read32 = 0xd1;
constexpr std::uint8_t write16 = 0xd2;
constexpr std::uint8_t write16_no_echo = 0xd3;
constexpr std::uint8_t write32 = 0xd4;
constexpr std::uint8_t pwr_init = 0xc4;
constexpr std::uint8_t pwr_deinit = 0xc5;
constexpr std::uint8_t pwr_read16 = 0xc6;
constexpr std::uint8_t pwr_write16 = 0xc7;
constexpr std::uint8_t send_da = 0xd7;
constexpr std::uint8_t jump_da = 0xd5;
constexpr std::uint8_t jump_bl = 0xd6;
constexpr std::uint8_t jump_da64 = 0xde;
constexpr std::uint8_t uart_log = 0xdb;
constexpr std::uint8_t uart_baud = 0xdc;
constexpr std::uint8_t log_old = 0xdd;
constexpr std::uint8_t log_new = 0xdf;
constexpr std::uint8_t send_cert = 0xe0;
constexpr std::uint8_t send_auth = 0xe2;
constexpr std::uint8_t sla = 0xe3;
constexpr std::uint8_t stay_still = 0x80;
}  // namespace op

constexpr unsigned not_aligned = 0xffff;
constexpr unsigned count_zero = 0xfffe;
constexpr unsigned count_overflow = 0xfffd;
constexpr unsigned read_refused = 0x1000;
constexpr unsigned write_refused = 0x1001;
constexpr unsigned baud_too_high = 0x1d1d;
constexpr std::uint32_t fastest_baud = 921600;

/// PMIC registers live beside memory; this keeps them apart from it.
constexpr std::uint32_t pmic_base = 0xffff0000;

}  // namespace

Commands::Commands(Board& board, Speaker speaker)
    : FieldStage(board, speaker == Speaker::rom ? "brom" : "preloader"), speaker_(speaker) {
  next_command();
}

void Commands::next_command() {
  field(1, [this](ByteView byte) { run(static_cast<std::uint8_t>(byte[0])); });
}

void Commands::echoed(std::vector<std::size_t> widths, Next next) {
  widths_ = std::move(widths);
  arguments_.clear();
  take_echoed(0, std::move(next));
}

void Commands::take_echoed(std::size_t index, Next next) {
  field(widths_[index], [this, index, next = std::move(next)](ByteView bytes) {
    board_.send(bytes);
    arguments_.insert(arguments_.end(), bytes.begin(), bytes.end());
    if (index + 1 < widths_.size()) return take_echoed(index + 1, next);
    next(arguments_);
  });
}

void Commands::run(std::uint8_t opcode) {
  next_command();
  if (opcode == op::get_version && speaker_ == Speaker::rom) return board_.send_u8(board_.model.brom.version);
  if (opcode == op::get_bl_ver && speaker_ == Speaker::preloader)
    return board_.send_u8(board_.model.preloader.bl_version);
  board_.send_u8(opcode);

  const auto& chip = board_.model.chip;
  switch (opcode) {
    case op::get_hw_code:
      board_.send_be(chip.hw_code);
      return status(0);
    case op::get_hw_sw_ver:
      board_.send_be(chip.hw_sub_code);
      board_.send_be(chip.hw_version);
      board_.send_be(chip.sw_version);
      return status(0);
    case op::get_target_config: {
      const auto& security = board_.model.security;
      std::uint32_t flags = (security.sbc ? 1U : 0) | (security.sla ? 2U : 0) | (security.daa ? 4U : 0);
      if (speaker_ == Speaker::rom && security.cert) flags |= 0x10;
      board_.send_be(flags);
      return status(0);
    }
    case op::read16:
      return read_memory({.width = 2});
    case op::read32:
      return read_memory({.width = 4});
    case op::legacy_read16:
      return read_memory({.width = 2, .statuses = false});
    case op::write16:
    case op::legacy_write16:
      return write_memory({.width = 2});
    case op::write16_no_echo:
      return write_memory({.width = 2, .statuses = true, .echo_items = false});
    case op::write32:
      return write_memory({.width = 4});
    case op::pwr_init:
      return echoed({4, 4}, [this](ByteView) {
        next_command();
        status(0);
      });
    case op::pwr_deinit:
      return status(0);
    case op::pwr_read16:
      return pmic_read();
    case op::pwr_write16:
      return pmic_write();
    case op::uart_log:
      return status(0);
    case op::send_da:
      return send_da();
    case op::jump_da:
      return jump_da();
    default:
      return speaker_ == Speaker::rom ? run_rom(opcode) : run_preloader(opcode);
  }
}

void Commands::run_rom(std::uint8_t opcode) {
  const auto& model = board_.model;
  switch (opcode) {
    case op::get_me_id:
      return answer_id(model.chip.me_id);
    case op::get_soc_id:
      if (model.brom.soc_id_command || model.security.sla) return answer_id(model.chip.soc_id);
      break;
    case op::jump_bl:
      status(0);
      return status(0);
    case op::jump_da64:
      if (model.brom.jump_da64) return jump_da64();
      break;
    case op::uart_baud:
      return echoed({4}, [this](ByteView baud) {
        next_command();
        status(ByteReader{baud}.be<std::uint32_t>() > fastest_baud ? baud_too_high : 0);
      });
    case op::log_old:
    case op::log_new:
      if (!model.brom.log.empty()) return rom_log(opcode == op::log_new);
      break;
    case op::send_cert:
      if (model.security.cert) return take_file("certificate", certified_);
      break;
    case op::send_auth:
      return take_file("authentication file", authorised_);
    case op::sla:
      return sla_challenge();
    default:
      break;
  }
  board_.log("{}: opcode {:02X} is unknown here: echoed, no more", name(), opcode);
}

void Commands::run_preloader(std::uint8_t opcode) {
  const auto& model = board_.model;
  if (model.preloader.generation == Generation::c) {
    switch (opcode) {
      case op::get_pl_cap: {
        const bool xflash = model.chip.family != "legacy";
        board_.send_be<std::uint32_t>((xflash ? 1U : 0) | 2U | (model.chip.soc_id.empty() ? 0 : 4U));
        return board_.send_be<std::uint32_t>(0);
      }
      case op::get_me_id:
        return answer_id(model.chip.me_id);
      case op::get_soc_id:
        if (!model.chip.soc_id.empty()) return answer_id(model.chip.soc_id);
        break;
      case op::stay_still:
        if (model.preloader.stay_still) return stay_still();
        break;
      default:
        break;
    }
  }
  board_.log("{}: opcode {:02X} is unknown here: echoed, no more", name(), opcode);
}

void Commands::answer_id(const Bytes& id) {
  board_.send_be(static_cast<std::uint32_t>(id.size()));
  board_.send(ByteView{id});
  status(0);
}

unsigned Commands::refusal(Access access, bool writing, std::uint32_t address, std::uint32_t count) const {
  if (address % access.width != 0) return not_aligned;
  if (count == 0) return count_zero;
  if (count > 0xffffffff / access.width) return count_overflow;
  if (!writing && count > board_.model.brom.read_limit) return count_overflow;
  const auto& model = board_.model;
  if (speaker_ != Speaker::preloader || !model.preloader.whitelist) return 0;
  const std::uint64_t length = std::uint64_t{count} * access.width;
  const auto inside = [&](std::uint32_t base, std::uint64_t size) {
    return base != 0 && address >= base && address + length <= base + size;
  };
  if (inside(model.chip.wdt, 0x1000) || inside(model.chip.usbdl_flag, 4)) return 0;
  if (!writing && inside(model.preloader.device_info, 0x1000)) return 0;
  return writing ? write_refused : read_refused;
}

void Commands::read_memory(Access access) {
  echoed({4, 4}, [this, access](ByteView arguments) {
    next_command();
    ByteReader in{arguments};
    auto address = in.be<std::uint32_t>();
    const auto count = in.be<std::uint32_t>();
    if (const unsigned word = refusal(access, false, address, count); word != 0) {
      board_.log("{}: read of {} items at {:08X} refused with {:04X}", name(), count, address, word);
      return access.statuses ? status(word) : void();
    }
    if (access.statuses) status(0);
    ByteWriter items;
    for (std::uint32_t i = 0; i < count; ++i, address += static_cast<std::uint32_t>(access.width)) {
      const std::uint32_t word = board_.read_register(address & ~3U);
      if (access.width == 4) {
        items.be(word);
      } else {
        items.be(static_cast<std::uint16_t>((address & 2) != 0 ? word >> 16 : word));
      }
    }
    board_.send(std::move(items).take());
    if (access.statuses) status(0);
  });
}

void Commands::write_memory(Access access) {
  echoed({4, 4}, [this, access](ByteView arguments) {
    next_command();
    ByteReader in{arguments};
    const auto address = in.be<std::uint32_t>();
    const auto count = in.be<std::uint32_t>();
    if (const unsigned word = refusal(access, true, address, count); word != 0) {
      board_.log("{}: write of {} items at {:08X} refused with {:04X}", name(), count, address, word);
      return status(word);
    }
    status(speaker_ == Speaker::rom ? board_.model.brom.write_status1 : 0U);
    write_items(access, address, count);
  });
}

void Commands::write_items(Access access, std::uint32_t address, std::uint32_t left) {
  field(access.width, [this, access, address, left](ByteView item) {
    if (access.echo_items) board_.send(item);
    ByteReader in{item};
    if (access.width == 4) {
      board_.write_register(address, in.be<std::uint32_t>());
    } else {
      const std::uint32_t half = in.be<std::uint16_t>();
      const std::uint32_t word = board_.read_register(address & ~3U);
      board_.write_register(address & ~3U,
                            (address & 2) != 0 ? (word & 0xffff) | (half << 16) : (word & 0xffff0000) | half);
    }
    if (left > 1) return write_items(access, address + static_cast<std::uint32_t>(access.width), left - 1);
    next_command();
    status(speaker_ == Speaker::rom ? board_.model.brom.write_status2 : 0U);
  });
}

void Commands::pmic_read() {
  echoed({2}, [this](ByteView address) {
    next_command();
    status(0);
    status(0);
    board_.send_be(static_cast<std::uint16_t>(
        board_.read_register(pmic_base + ByteReader{address}.be<std::uint16_t>())));
  });
}

void Commands::pmic_write() {
  echoed({2, 2}, [this](ByteView arguments) {
    next_command();
    ByteReader in{arguments};
    const auto address = in.be<std::uint16_t>();
    board_.write_register(pmic_base + address, in.be<std::uint16_t>());
    status(0);
    status(0);
  });
}

void Commands::stay_still() {
  status(0);
  board_.leave(Exit::off, milliseconds{100});
  board_.log("preloader: stays still and leaves the bus in 100 ms");
}

}  // namespace mtk::sim
