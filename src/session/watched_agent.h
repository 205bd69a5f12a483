// SPDX-License-Identifier: Apache-2.0
// An agent whose work is written down while it is done, for the run that has to go on after this one.
#pragma once

#include "session/agent_record.h"

namespace mtk {

class WatchedAgent final : public Agent {
 public:
  WatchedAgent(std::unique_ptr<Agent> agent, AgentRecordFile file)
      : agent_(std::move(agent)), file_(std::move(file)) {}

  const AgentFacts& facts() const override { return agent_->facts(); }
  AgentState state() const override { return agent_->state(); }

  Result<> read(const Region& region, Sink& sink, std::string_view item, OpContext& op) override {
    return noted(LastWork::reading, [&] { return agent_->read(region, sink, item, op); });
  }
  Result<> write(const Region& region, Source& source, std::string_view item, OpContext& op) override {
    return noted(LastWork::writing, [&] { return agent_->write(region, source, item, op); });
  }
  Result<> erase(const Region& region, std::string_view item, OpContext& op) override {
    return noted(LastWork::erasing, [&] { return agent_->erase(region, item, op); });
  }
  Result<> write_partition(std::string_view partition, Source& image, OpContext& op) override {
    return noted(LastWork::writing, [&] { return agent_->write_partition(partition, image, op); });
  }
  Result<> erase_partition(std::string_view partition, OpContext& op) override {
    return noted(LastWork::erasing, [&] { return agent_->erase_partition(partition, op); });
  }
  Result<Bytes> partition_list(OpContext& op) override {
    return noted(LastWork::reading, [&] { return agent_->partition_list(op); });
  }
  Result<FactTexts> further_facts(OpContext& op) override { return agent_->further_facts(op); }
  Result<std::vector<ListedPartition>> partition_table(OpContext& op) override {
    return noted(LastWork::reading, [&] { return agent_->partition_table(op); });
  }
  bool wants_name(const Error& error) const override { return agent_->wants_name(error); }
  /// An agent that is to stay keeps its record.
  Result<> finish(BootMode next, OpContext& op) override {
    auto finished = agent_->finish(next, op);
    if (next != BootMode::stay) file_.remove();
    return finished;
  }

 private:
  /// An agent that is lost stays noted at its work: the next run has to get it out of there.
  template <class Work>
  auto noted(LastWork kind, Work work) -> decltype(work()) {
    file_.note(kind);
    auto done = work();
    if (agent_->state() == AgentState::answering) file_.note(LastWork::idle);
    return done;
  }

  std::unique_ptr<Agent> agent_;
  AgentRecordFile file_;
};

}  // namespace mtk
