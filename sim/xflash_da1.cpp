// SPDX-License-Identifier: Apache-2.0
#include "sim/xflash_da1.h"

#include "base/hash.h"
#include "sim/legacy.h"

#include <algorithm>
#include <cctype>

namespace mtk::sim {

namespace {

namespace op {
constexpr std::uint32_t init_ext_ram = 0x01000a;
constexpr std::uint32_t sram_test = 0x010011;
constexpr std::uint32_t setup_environment = 0x010100;
constexpr std::uint32_t setup_hw_init = 0x010101;
}  // namespace op

namespace code {
constexpr std::uint32_t set_checksum_level = 0x020003;
constexpr std::uint32_t set_reset_key = 0x020004;
constexpr std::uint32_t get_connection_agent = 0x04000a;
constexpr std::uint32_t ram_test = 0x0e0002;
}  // namespace code

constexpr unsigned announcement = 0xc0;
constexpr std::size_t environment_size = 20;
constexpr std::size_t hardware_parameter_limit = 255;
/// Lines of its log that a genuine agent has to say between the settings and its first SYNC.
constexpr int start_messages = 24;
constexpr std::uint32_t ram_test_failed = 0xc004000a;
constexpr std::uint32_t settings_version_error = 0xc0040050;
constexpr std::size_t settings_limit = 0x40000;
constexpr std::size_t settings_count_at = 108;
constexpr std::size_t settings_records_at = 112;

}  // namespace

void XflashDa1::start() {
  if (board_.battery == Battery::out) return board_.log("da1: no battery, no voice");
  board_.agent = {.memory_runs = board_.from_preloader};
  switch_messages(false);
  board_.send_u8(announcement);
  packet(4, [this](Packet packet) {
    if (ByteReader{padded(packet.payload, 4)}.le<std::uint32_t>() != xflash::sync)
      return hang("what came is not SYNC");
    take_environment();
  });
}

void XflashDa1::spin(std::uint32_t status, std::string why) {
  send_word(status);
  hang(std::move(why));
}

void XflashDa1::expect_command(std::uint32_t command, std::function<void()> next) {
  packet(4, [this, command, next = std::move(next)](Packet packet) {
    const auto came = ByteReader{padded(packet.payload, 4)}.le<std::uint32_t>();
    if (!packet.fits || came != command)
      return spin(xflash::protocol_error, fmt::format("{:08X} came instead of {:08X}", came, command));
    next();
  });
}

void XflashDa1::take_environment() {
  expect_command(op::setup_environment, [this] {
    packet(environment_size, [this](Packet packet) {
      if (!packet.fits) return spin(xflash::too_long, "the environment is longer than 20 bytes");
      const Bytes environment = padded(packet.payload, environment_size);
      ByteReader in{environment};
      in.skip(4);
      board_.agent.log_channel = in.le<std::uint32_t>();
      board_.agent.host_os = in.le<std::uint32_t>();
      switch_messages((board_.agent.log_channel & 2) != 0);
      send_word(xflash::ok);
      send_message("environment is set up");
      take_hardware_parameters();
    });
  });
}

void XflashDa1::take_hardware_parameters() {
  expect_command(op::setup_hw_init, [this] {
    packet(4, [this](Packet packet) {
      if (!packet.fits) return spin(xflash::too_long, "the parameter count is longer than 4 bytes");
      take_hardware_parameter(static_cast<unsigned>(padded(packet.payload, 1)[0]));
    });
  });
}

void XflashDa1::take_hardware_parameter(unsigned left) {
  if (left == 0) {
    send_word(xflash::ok);
    return begin_loop();
  }
  packet(4, [this, left](Packet) {
    packet(hardware_parameter_limit, [this, left](Packet parameter) {
      board_.log("da1: hardware parameter of {} bytes", parameter.payload.size());
      take_hardware_parameter(left - 1);
    });
  });
}

void XflashDa1::begin_loop() {
  for (int i = 0; i < start_messages; ++i) send_message(fmt::format("hardware step {}", i));
  send_word(xflash::sync);
  send_message("waiting for commands");
  next_command();
}

bool XflashDa1::run(std::uint32_t command) {
  switch (command) {
    case xflash::boot_to:
      boot_to([this](std::uint64_t address, ByteView stage) { return judge_stage(address, stage); });
      return true;
    case op::init_ext_ram:
      start_memory();
      return true;
    case op::sram_test:
      act("SRAM write test");
      return true;
    default:
      return false;
  }
}

bool XflashDa1::control(std::uint32_t code) {
  switch (code) {
    case code::set_checksum_level:
      take(4, [this](ByteView level) {
        board_.agent.checksum_level = ByteReader{padded(level, 4)}.le<std::uint32_t>();
        return xflash::ok;
      });
      return true;
    case code::set_reset_key:
      take(4, [](ByteView) { return xflash::ok; });
      return true;
    case code::get_connection_agent:
      answer_text(board_.from_preloader ? "preloader" : "brom");
      return true;
    case code::ram_test:
      take(xflash::range_size,
           [this](ByteView) { return board_.agent.memory_runs ? xflash::ok : ram_test_failed; });
      return true;
    default:
      return false;
  }
}

void XflashDa1::start_memory() {
  accept();
  packet(4, [this](Packet packet) {
    if (!packet.fits) return finish(xflash::too_long);
    const std::size_t length = ByteReader{padded(packet.payload, 4)}.le<std::uint32_t>();
    this->packet(std::min(length, settings_limit), [this](Packet block) {
      const std::uint32_t status = block.fits ? judge_settings(block.payload) : xflash::too_long;
      board_.log("da1: memory settings: {:08X}", status);
      board_.agent.memory_runs = board_.agent.memory_runs || status == xflash::ok;
      finish(status);
    });
  });
}

std::uint32_t XflashDa1::judge_settings(ByteView block) {
  const auto& agent = board_.model.xflash;
  ByteReader in{block};
  const std::string head = in.text(20);
  constexpr std::string_view marker = "MTK_BLOADER_INFO_v";
  if (head.size() != 20 || !head.starts_with(marker) || !std::isdigit(static_cast<unsigned char>(head[18])) ||
      !std::isdigit(static_cast<unsigned char>(head[19])))
    return settings_version_error;
  const auto version = static_cast<std::uint32_t>((head[18] - '0') * 10 + head[19] - '0');
  if (!agent.emi_versions.empty() &&
      std::ranges::find(agent.emi_versions, version) == agent.emi_versions.end())
    return settings_version_error;
  in.seek(settings_count_at);
  const auto count = in.le<std::uint32_t>();
  if (in.failed() || count == 0 || block.size() <= settings_records_at) return agent.emi_refused;
  const ByteView records = block.subspan(settings_records_at);
  // A file may have another record size than this phone's own preloader.
  const auto even_size = static_cast<std::uint32_t>(records.size() / count);
  if (emi_knows(version, even_size, records, board_.memory_id()) ||
      emi_knows(version, board_.model.memory.record_size, records, board_.memory_id()))
    return xflash::ok;
  board_.log("da1: no record for memory id {}", hex(board_.memory_id()));
  return agent.emi_refused;
}

std::uint32_t XflashDa1::judge_stage(std::uint64_t address, ByteView stage) {
  if (address >= xflash::dram_base && !board_.agent.memory_runs) {
    board_.log("da1: the stage was put into memory that does not run");
    return xflash::digest_differs;
  }
  const Bytes digest = sha256(stage);
  if (std::search(board_.da1.begin(), board_.da1.end(), digest.begin(), digest.end()) == board_.da1.end()) {
    board_.log(
        "da1: no digest of stage 2 stands in stage 1: mixed or damaged agent, or signature sent along");
    return xflash::digest_differs;
  }
  board_.leave(Exit::second_stage);
  return xflash::ok;
}

}  // namespace mtk::sim
