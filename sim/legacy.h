// SPDX-License-Identifier: Apache-2.0
// The legacy download agent: what both stages share. Behaviour: docs/protocol/da-legacy.md.
#pragma once

#include "sim/stage.h"

namespace mtk::sim {

namespace legacy {
constexpr std::uint8_t sync = 0xc0;
constexpr std::uint8_t ack = 0x5a;
constexpr std::uint8_t nack = 0xa5;
constexpr std::uint8_t cont = 0x69;
constexpr std::uint8_t stop = 0x96;
constexpr std::uint8_t enable_dram = 0xe8;
constexpr std::uint32_t no_version = 0xffffffff;
/// The largest packet the agent has room for.
constexpr std::uint32_t packet_limit = 0x100000;

/// The error words that differ between the numberings.
struct Codes {
  std::uint32_t dram_needed;
  std::uint32_t no_device;
  std::uint32_t bad_start;
  std::uint32_t bad_range;
  std::uint32_t bad_sum;
  std::uint32_t in_progress;
};
constexpr Codes codes_v3 = {3007, 3008, 3032, 3036, 3060, 3021};
constexpr Codes codes_v5 = {3011, 3012, 3036, 3040, 3065, 3025};
constexpr std::uint32_t wrong_storage = 1003;
constexpr std::uint32_t no_table = 1037;
}  // namespace legacy

class LegacyStage : public FieldStage {
 public:
  using FieldStage::FieldStage;
  std::optional<TimePoint> next_event() const override { return silence_at_; }
  void advance() override;

 protected:
  void send_ack() { board_.send_u8(legacy::ack); }
  void refuse(std::uint32_t word);
  const legacy::Codes& codes() const;
  /// The id the agent sees on the memory chip, card order.
  const Bytes& memory_id() const;

  /// E8 after its opcode. `done` runs when memory is up; `again` when the host may send another opcode.
  void run_enable_dram(std::vector<std::uint32_t> versions, std::function<void()> done,
                       std::function<void()> again);

 private:
  void take_emi_length(std::uint32_t version, std::uint32_t record_size);
  void gather_next();
  void gather_emi_records(std::uint32_t version, std::uint32_t record_size);
  void take_emi_records(std::uint32_t version, std::uint32_t record_size, ByteView records);
  void finish_emi(std::uint32_t version, bool known);

  std::function<void()> emi_done_;
  Bytes emi_records_;
  std::function<void()> emi_gathered_;
  std::optional<TimePoint> silence_at_;  ///< when records without announced length are over
};

/// Whether settings of that version hold a record for the memory with this id.
bool emi_knows(std::uint32_t version, std::uint32_t record_size, ByteView records, ByteView id);

/// Whether any digest of DA2, whole or without its last 0x100 bytes, stands in DA1.
bool holds_digest_of(ByteView da1, ByteView da2);

}  // namespace mtk::sim
