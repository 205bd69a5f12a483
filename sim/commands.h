// SPDX-License-Identifier: Apache-2.0
// The command loop that boot ROM and preloader offer after the handshake. Opcodes and fields:
// docs/protocol/brom.md.
#pragma once

#include "sim/stage.h"

namespace mtk::sim {

enum class Speaker { rom, preloader };

class Commands : public FieldStage {
 public:
  Commands(Board& board, Speaker speaker);

 private:
  void next_command();
  void run(std::uint8_t opcode);
  void run_rom(std::uint8_t opcode);
  void run_preloader(std::uint8_t opcode);

  /// Takes fields of these widths, each echoed when it is complete, and hands them over joined.
  void echoed(std::vector<std::size_t> widths, Next next);
  void take_echoed(std::size_t index, Next next);
  void status(unsigned value) { board_.send_be(static_cast<std::uint16_t>(value)); }
  void answer_id(const Bytes& id);

  struct Access {
    std::size_t width;       ///< bytes per item
    bool statuses = true;    ///< A2 has none
    bool echo_items = true;  ///< D3 does not
  };
  void read_memory(Access access);
  void write_memory(Access access);
  void write_items(Access access, std::uint32_t address, std::uint32_t left);
  unsigned refusal(Access access, bool writing, std::uint32_t address, std::uint32_t count) const;

  void pmic_read();
  void pmic_write();
  void stay_still();

  void send_da();
  void take_da(std::uint32_t total, std::uint32_t signature);
  void finish_da(std::uint32_t signature);
  void assert_after(unsigned word);
  void jump_da();
  void jump_da64();
  void jump(std::uint32_t address, unsigned missing);

  void rom_log(bool with_status);
  void take_file(std::string what, bool& taken);
  void sla_challenge();
  void take_sla_response(ByteView length_field);

  Speaker speaker_;
  std::vector<std::size_t> widths_;
  Bytes arguments_;

  Bytes payload_;
  bool da_loaded_ = false;
  std::uint32_t da_address_ = 0;
  bool certified_ = false;
  bool authorised_ = false;
  bool sla_passed_ = false;
  Bytes challenge_;
};

/// The checksum of SEND_DA: XOR of all little-endian 16-bit words, an odd last byte as 00xx.
std::uint16_t xor16(ByteView data);
/// This project's own signature for secured fixtures: SHA-256 over key and data, then zeros.
bool signature_fits(std::string_view key, ByteView data, ByteView signature);

}  // namespace mtk::sim
