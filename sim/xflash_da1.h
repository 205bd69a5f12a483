// SPDX-License-Identifier: Apache-2.0
// First stage of the XFlash agent: start-up, settings, memory, and the judgement of the second stage.
#pragma once

#include "sim/xflash.h"

namespace mtk::sim {

class XflashDa1 final : public XflashStage {
 public:
  explicit XflashDa1(Board& board) : XflashStage(board, "da1") {}
  void start() override;

 private:
  bool run(std::uint32_t command) override;
  bool control(std::uint32_t code) override;
  std::uint32_t write_length() const override { return board_.model.xflash.da1_packet; }
  std::uint32_t read_length() const override { return board_.model.xflash.da1_packet; }

  /// One status, and nothing more until the power goes.
  void spin(std::uint32_t status, std::string why);
  void expect_command(std::uint32_t command, std::function<void()> next);
  void take_environment();
  void take_hardware_parameters();
  void take_hardware_parameter(unsigned left);
  void begin_loop();

  void start_memory();
  std::uint32_t judge_settings(ByteView block);
  std::uint32_t judge_stage(std::uint64_t address, ByteView stage);
};

}  // namespace mtk::sim
