// SPDX-License-Identifier: Apache-2.0
// Second stage of the legacy agent: report and commands on an eMMC phone.
#pragma once

#include "sim/legacy.h"

namespace mtk::sim {

class LegacyDa2 final : public LegacyStage {
 public:
  explicit LegacyDa2(Board& board) : LegacyStage(board, "da2") {}
  void start() override;

 private:
  void next_command();
  void run(std::uint8_t opcode);
  void run_small(std::uint8_t opcode);

  void switch_part();
  void read_data();
  void send_packet(std::uint64_t offset, std::uint64_t left, std::uint32_t packet);
  void after_packet(std::uint64_t offset, std::uint64_t left, std::uint32_t packet, std::uint32_t sent);

  /// A write in progress, of command 62 or 61.
  struct Write {
    std::uint8_t part = 0;
    std::uint64_t offset = 0;
    std::uint64_t left = 0;
    std::uint32_t packet = 0;
    bool is_image = false;  ///< 61: a sum over everything closes it
    std::uint16_t whole_sum = 0;
  };
  void write_data();
  void write_image();
  bool range_fits(std::uint8_t part, std::uint64_t offset, std::uint64_t length) const;
  void next_packet();
  void take_packet(ByteView data);
  void take_sum(std::uint16_t sum);
  void store_packet();
  void refuse_packet(std::uint32_t word);
  void finish_write();

  struct Format {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::uint32_t round = 1;
  };
  void format();
  void format_round(Format job);

  void read_table();
  Bytes table_bytes(std::uint32_t& announced) const;

  void access_register(std::size_t width, bool writing);
  void access_pmic(bool writing);
  void switch_usb(bool extended);
  void change_baud();
  void sync_baud(bool full);
  void finish();
  void reset();

  std::uint8_t part_ = part_user;
  Write write_;
  Bytes packet_;
};

/// What the second stage says about the phone, up to SOC_OK.
Bytes legacy_report(const Model& model, ByteView memory_id);

}  // namespace mtk::sim
