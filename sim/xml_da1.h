// SPDX-License-Identifier: Apache-2.0
// First stage of the XML agent: settings, memory start, and the way to the second stage.
#pragma once

#include "sim/xml_agent.h"

namespace mtk::sim {

class XmlDa1 final : public XmlStage {
 public:
  explicit XmlDa1(Board& board);
  void start() override;

 private:
  Action handler(const XmlCommand& command) override;
  void set_runtime_parameter();
  void start_memory();
  void tell_hardware();
  void boot_to();
  void judge_second_stage(const Bytes& stage);
  void test_memory();
  void repair_memory();

  bool starts_memory_ = true;
};

}  // namespace mtk::sim
