// SPDX-License-Identifier: Apache-2.0
#include "sim/legacy_da1.h"

#include <algorithm>

namespace mtk::sim {

namespace {
constexpr std::size_t configuration_size = 18;
constexpr std::size_t tail_entry_size = 20;
/// No known second stage comes near; more would only fill the computer's memory.
constexpr std::uint32_t da2_limit = 0x1000000;
}  // namespace

void LegacyDa1::start() {
  if (board_.battery == Battery::out) return board_.log("da1: no battery, no voice");
  board_.send_u8(legacy::sync);
  board_.send_be(board_.model.agent.greeting_nand);
  const std::uint16_t ids =
      board_.faults.hostile_counts ? std::uint16_t{0xffff} : board_.model.agent.nand_ids;
  board_.send_be(ids);
  board_.send(Bytes(std::size_t{board_.model.agent.nand_ids} * 2));
  board_.send_be<std::uint32_t>(0);
  board_.send(ByteView{memory_id()});
  field(1, [this](ByteView) {
    for (const auto part : board_.model.agent.version) board_.send_u8(part);
    board_.send_u8(board_.model.agent.chip_byte);
    take_configuration();
  });
}

void LegacyDa1::take_configuration() {
  field(configuration_size, [this](ByteView bytes) {
    board_.log("da1: configuration {}", hex(bytes));
    take_tail_words();
  });
}

void LegacyDa1::take_tail_words() {
  const std::size_t words = board_.model.agent.tail_words;
  if (words == 0) return take_tail_list();
  field(words * 4, [this](ByteView) { take_tail_list(); });
}

void LegacyDa1::take_tail_list() {
  if (!board_.model.agent.tail_list) return answer_configuration();
  field(4, [this](ByteView count) { take_tail_entries(ByteReader{count}.be<std::uint32_t>()); });
}

void LegacyDa1::take_tail_entries(std::uint32_t left) {
  if (left == 0) return answer_configuration();
  field(tail_entry_size, [this, left](ByteView) { take_tail_entries(left - 1); });
}

void LegacyDa1::answer_configuration() {
  if (board_.model.agent.emi_from_brom && !board_.from_preloader) {
    board_.send_be(codes().dram_needed);
    board_.send_be<std::uint32_t>(0);
    board_.send(ByteView{memory_id()});
    board_.send_be(board_.model.agent.greeting_nand);
    board_.send_be(board_.model.agent.nand_ids);
    board_.send(Bytes(std::size_t{board_.model.agent.nand_ids} * 2));
    return wait_for_dram();
  }
  board_.send_be<std::uint32_t>(0);
  for (std::uint32_t i = 0; i < board_.model.agent.calibration_words; ++i) board_.send_be<std::uint32_t>(0);
  take_header();
}

void LegacyDa1::wait_for_dram() {
  field(1, [this](ByteView opcode) {
    if (opcode[0] == std::byte{legacy::enable_dram})
      return run_enable_dram(
          board_.model.agent.emi_versions, [this] { take_header(); }, [this] { wait_for_dram(); });
    board_.log("da1: {} while memory settings are wanted", hex(opcode));
    wait_for_dram();
  });
}

void LegacyDa1::take_header() {
  field(12, [this](ByteView bytes) {
    ByteReader in{bytes};
    const auto address = in.be<std::uint32_t>();
    const auto length = in.be<std::uint32_t>();
    const auto packet = in.be<std::uint32_t>();
    board_.log("da1: stage 2 header: address {:08X}, length 0x{:x}, packet 0x{:x}", address, length, packet);
    send_ack();
    if (packet == 0 || packet > legacy::packet_limit) return hang("packet size is not possible");
    if (length == 0 || length > da2_limit) return hang("length is not possible");
    da2_.clear();
    take_chunks(address, length, packet);
  });
}

void LegacyDa1::take_chunks(std::uint32_t address, std::uint32_t left, std::uint32_t packet) {
  if (left == 0) return judge(address);
  const std::uint32_t size = std::min(left, packet);
  block(size, [this, address, left, size, packet](ByteView bytes) {
    da2_.insert(da2_.end(), bytes.begin(), bytes.end());
    send_ack();
    take_chunks(address, left - size, packet);
  });
}

void LegacyDa1::judge(std::uint32_t address) {
  const auto& places = board_.model.agent.da2_addresses;
  if (!places.empty() && std::ranges::find(places, address) == places.end())
    return hang(fmt::format("stage 2 was put at {:08X}, where it cannot run", address));
  if (!holds_digest_of(board_.da1, da2_))
    return hang("no digest of stage 2 stands in stage 1: mixed or damaged agent");
  board_.log("da1: stage 2 accepted");
  board_.leave(Exit::second_stage);
}

}  // namespace mtk::sim
