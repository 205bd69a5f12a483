// SPDX-License-Identifier: Apache-2.0
// The XFlash download agent: what both stages share, which is the command loop and most device-control codes.
// Behaviour: docs/protocol/da-xflash.md.
#pragma once

#include "sim/framed_stage.h"

namespace mtk::sim {

namespace xflash {
constexpr std::uint32_t sync = 0x434e5953;
constexpr std::uint32_t ok = 0;
constexpr std::uint32_t proceed = 0x40040004;
constexpr std::uint32_t complete = 0x40040005;
constexpr std::uint32_t general_error = 0xc0010001;
constexpr std::uint32_t unknown_command = 0xc0010003;
constexpr std::uint32_t unknown_control = 0xc0010004;
constexpr std::uint32_t protocol_error = 0xc0010005;
constexpr std::uint32_t too_long = 0xc0010006;
constexpr std::uint32_t bad_parameters = 0xc0030007;
constexpr std::uint32_t not_supported = 0xc0040001;
constexpr std::uint32_t too_large = 0xc0040004;
constexpr std::uint32_t no_partition = 0xc0040006;
constexpr std::uint32_t register_denied = 0xc004000d;
constexpr std::uint32_t digest_differs = 0xc0070004;
constexpr std::uint32_t boot_to = 0x010008;
constexpr std::size_t range_size = 56;
constexpr std::uint64_t dram_base = 0x40000000;
}  // namespace xflash

class XflashStage : public FramedStage {
 protected:
  XflashStage(Board& board, std::string name);

  /// Waits for a top-level command. Whoever answers the last status of a command calls it first.
  void next_command();
  /// Runs the handler of a command, which begins by sending the status 0.
  /// \return whether this stage has one
  virtual bool run(std::uint32_t command) = 0;
  /// The same for device-control codes, the ones of `common_control` excepted.
  virtual bool control(std::uint32_t code) = 0;
  /// GET_PACKET_LENGTH.
  virtual std::uint32_t write_length() const = 0;
  virtual std::uint32_t read_length() const = 0;

  /// BOOT_TO. `judge` yields the status and may start what it was given; a good one is followed by nothing.
  void boot_to(std::function<std::uint32_t(std::uint64_t address, ByteView stage)> judge);

  /// Accepts the command or code that runs.
  void accept();
  /// The last status of a command or code: back to the loop.
  void finish(std::uint32_t status);
  /// A GET code: status, data, result.
  void answer(ByteView data, std::uint32_t result = xflash::ok);
  void answer_word(std::uint32_t value, std::uint32_t result = xflash::ok);
  void answer_text(std::string_view text) { answer(to_bytes(text)); }
  /// A SET code: status, parameter of at most `limit` bytes; `use` yields the result.
  void take(std::size_t limit, std::function<std::uint32_t(ByteView)> use);
  /// A code without parameter and data: status, result.
  void act(std::string_view what, std::uint32_t result = xflash::ok);

 private:
  void device_control();
  bool common_control(std::uint32_t code);
  void shut_down();
  void shut_down_as(ByteView parameter);
  void switch_usb();
};

}  // namespace mtk::sim
