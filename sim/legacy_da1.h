// SPDX-License-Identifier: Apache-2.0
// First stage of the legacy agent: greeting, configuration, memory, and the judgement of the second stage.
#pragma once

#include "sim/legacy.h"

namespace mtk::sim {

class LegacyDa1 final : public LegacyStage {
 public:
  explicit LegacyDa1(Board& board) : LegacyStage(board, "da1") {}
  void start() override;

 private:
  void send_flash_ids();
  void take_configuration();
  void take_tail_words();
  void take_tail_list();
  void take_tail_entries(std::uint32_t left);
  void answer_configuration();
  void wait_for_dram();
  void take_header();
  void take_chunks(std::uint32_t address, std::uint32_t left, std::uint32_t packet);
  void judge(std::uint32_t address);

  Bytes da2_;
};

}  // namespace mtk::sim
