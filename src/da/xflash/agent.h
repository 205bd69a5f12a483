// SPDX-License-Identifier: Apache-2.0
// A running XFlash agent, its second stage.
// Source: docs/protocol/da-xflash.md
#pragma once

#include "da/agent.h"
#include "da/packet_feed.h"
#include "da/xflash/agent_link.h"

namespace mtk::xflash {

struct AgentTuning {
  std::uint32_t write_packet = max_packet_size;  ///< at most this; the agent's own limit comes first
  bool keep_clock = false;                       ///< a restart leaves the phone's time alone
};

class XflashAgent final : public Agent {
 public:
  /// \param facts  packet_size is the largest packet the agent takes
  /// The transport behind the link must outlive the agent.
  /// \param nand_type  what GET_NAND_INFO calls a NAND
  XflashAgent(AgentLink link, AgentFacts facts, const AgentTuning& tuning, std::uint32_t nand_type);

  /// For commands that start later.
  void tune(const AgentTuning& tuning) { tuning_ = tuning; }

  const AgentFacts& facts() const override { return facts_; }
  AgentState state() const override { return link_.lost() ? AgentState::lost : AgentState::answering; }

  Result<> read(const Region& region, Sink& sink, std::string_view item, OpContext& op) override;
  Result<> write(const Region& region, Source& source, std::string_view item, OpContext& op) override;
  Result<> erase(const Region& region, std::string_view item, OpContext& op) override;
  /// An image larger than the partition is refused only after all of it was sent, so the caller compares.
  Result<> write_partition(std::string_view partition, Source& image, OpContext& op) override;
  Result<> erase_partition(std::string_view partition, OpContext& op) override;
  bool wants_name(const Error& error) const override;
  Result<> finish(BootMode next, OpContext& op) override;
  Result<FactTexts> further_facts(OpContext& op) override;

  /// Reads a partition by name, at most as much as the largest area holds. Errors: out_of_range (the agent
  /// says nothing to a name it does not know).
  Result<> read_partition(std::string_view partition, Sink& sink, OpContext& op);

  /// Questions beyond the facts. Errors: unsupported (an agent that does not know the question),
  /// device_status.
  Result<std::uint32_t> battery_voltage(OpContext& op);
  Result<Bytes> hardware_random_id(OpContext& op);
  /// The agent's word on the one-time programmable zone: locked, unlocked, or an error where it has none.
  Result<std::uint32_t> otp_status(OpContext& op);
  /// Both for addresses on the agent's own list only.
  Result<std::uint32_t> read_register32(std::uint32_t address, OpContext& op);
  Result<> write_register32(std::uint32_t address, std::uint32_t value, OpContext& op);
  /// Signatures for the images written by name from now on; once per session.
  Result<> set_signature(ByteView signature, OpContext& op);

 private:
  /// A region as the agent's commands name it.
  struct Place {
    std::uint32_t storage = 0;
    std::uint32_t section = 0;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
  };

  /// Storage and section of an area; nothing when such a storage has no such area.
  std::optional<Place> name_of(Area area) const;
  Result<Place> place_of(const Region& region) const;
  /// The same for what a command changes.
  Result<Place> place_to_change(const Region& region) const;
  static Result<> check_name(std::string_view partition);
  /// Runs a step unless the agent is lost, and names the stage in its error.
  template <class Step>
  auto at_stage(Stage stage, Step step) -> decltype(step());
  /// The same, and the command too.
  template <class Step>
  auto guarded(Stage stage, const Code& code, Step step) -> decltype(step());

  /// The parameter of the commands on regions.
  Result<> send_place(const Place& place);
  Result<> send_name(std::string_view partition);
  /// Tells the agent once that writing begins, where that is wanted.
  Result<> announce_downloads(OpContext& op);
  std::uint64_t largest_area() const;

  Result<> receive_packets(std::uint64_t length, Sink& sink, Progress& progress, OpContext& op);
  Result<std::size_t> receive_packet(std::uint64_t left, OpContext& op);
  /// Ends a running read from this side; `reason` is what the caller learns.
  Result<> abort_read(Error reason, OpContext& op);
  template <class Begin>
  Result<> send_image(Source& source, Progress& progress, OpContext& op, Begin begin);
  Result<> send_packets(PacketFeed& feed, std::uint64_t length, Progress& progress, OpContext& op);
  Result<> send_packet(ByteView packet, std::uint32_t sum);
  Result<std::uint32_t> follow_erase(std::uint64_t length, Progress& progress, OpContext& op);
  Result<> shut_down(BootMode next, OpContext& op);
  Result<> see_it_leave(OpContext& op);

  AgentLink link_;
  AgentFacts facts_;
  AgentTuning tuning_;
  std::uint32_t nand_type_;
  bool downloads_announced_ = false;
  Bytes packet_;        // kept between operations: megabytes each
  Bytes spare_packet_;  // filled while the phone stores the other
};

template <class Step>
auto XflashAgent::at_stage(Stage stage, Step step) -> decltype(step()) {
  using Outcome = decltype(step());
  return at(stage,
            link_.lost() ? Outcome{fail(Errc::disconnected, "agent does not answer any more")} : step());
}

template <class Step>
auto XflashAgent::guarded(Stage stage, const Code& code, Step step) -> decltype(step()) {
  return in(at_stage(stage, std::move(step)), std::string{code.name});
}

}  // namespace mtk::xflash
