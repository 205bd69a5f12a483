// SPDX-License-Identifier: Apache-2.0
// A running XML agent: its second stage.
// Source: docs/protocol/da-xml.md
#pragma once

#include "da/agent.h"
#include "da/xml/commands.h"
#include "da/xml/conversation.h"
#include "da/xml/replies.h"

namespace mtk::xml {

/// How the agent names a hardware area; nothing when no XML agent has it.
std::optional<std::string_view> area_name(Area area, StorageKind storage);
/// What the layers above need, from the agent's report.
AgentFacts facts_of(const HwInfo& info, const DaInfo& agent);

class XmlAgent final : public Agent {
 public:
  /// The transport behind the conversation must outlive the agent.
  XmlAgent(Conversation conversation, AgentFacts facts, const XmlFacts& variant)
      : conversation_(std::move(conversation)), facts_(std::move(facts)), variant_(variant) {}

  const AgentFacts& facts() const override { return facts_; }
  AgentState state() const override {
    return conversation_.link().lost() ? AgentState::lost : AgentState::answering;
  }

  /// Regions may start and end anywhere.
  Result<> read(const Region& region, Sink& sink, std::string_view item, OpContext& op) override;
  /// The agent erases the range first, in whole blocks on UFS. Errors: out_of_range also for a region that
  /// does not start at a block: the agent would erase what stands before it.
  Result<> write(const Region& region, Source& source, std::string_view item, OpContext& op) override;
  /// Errors: out_of_range also for part of a block, which the agent would leave without a word.
  Result<> erase(const Region& region, std::string_view item, OpContext& op) override;

  /// The agent erases the whole partition before it asks for the image.
  Result<> write_partition(std::string_view partition, Source& image, OpContext& op) override;
  /// The same with a signature of its own, which the agent fetches first.
  Result<> write_partition(std::string_view partition, Source& image, Source& signature, OpContext& op);
  Result<> erase_partition(std::string_view partition, OpContext& op) override;
  Result<> read_partition(std::string_view partition, Sink& sink, OpContext& op);
  bool wants_name(const Error& error) const override;
  /// There is no switching off: the agent leaves the bus and waits. Errors: unsupported (preloader).
  Result<> finish(BootMode next, OpContext& op) override;

  Result<FactTexts> further_facts(OpContext& op) override;
  /// The phone's own table. Errors: device_status (there is none).
  Result<std::vector<ListedPartition>> partition_table(OpContext& op) override;
  Result<HwInfo> hardware(OpContext& op);
  Result<DaInfo> agent_info(OpContext& op);
  /// Nothing when the agent does not know the key.
  Result<std::optional<std::string>> property(std::string_view key, OpContext& op);
  /// `OK`, `WARNING` or `EXHAUSTED`; nothing when the agent does not know the question.
  Result<std::optional<std::string>> storage_life(OpContext& op);
  /// Whether a key was written to RPMB; nothing when the agent does not know the question.
  Result<std::optional<bool>> has_rpmb_key(OpContext& op);
  /// Errors: device_status for all but a few addresses.
  Result<std::uint32_t> read_register(std::uint64_t address, OpContext& op);
  Result<std::vector<ImageFeedback>> downloaded_images(OpContext& op);
  /// A signature for the images that follow. Errors: device_status (not accepted).
  Result<> set_signature(Source& signature, OpContext& op);

  /// Asks the agent to come back at a higher USB speed and waits for it.
  Result<> raise_usb_speed(OpContext& op);

 private:
  /// The agent's name for the area of a region that lies inside it.
  Result<> check_writes_by_place(std::string_view command) const;
  Result<std::string_view> area_of(const Region& region) const;
  /// Asks a question that is answered by a file.
  template <class Question>
  Result<Bytes> ask(Question question, Content content, OpContext& op);
  /// Runs a command and names the stage in its error.
  Result<> run(Stage stage, const Command& command, Services& services, OpContext& op);
  Result<> write_by_name(std::string_view partition, Source& image, Source* signature, OpContext& op);

  Conversation conversation_;
  AgentFacts facts_;
  XmlFacts variant_;
};

}  // namespace mtk::xml
