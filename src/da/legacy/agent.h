// SPDX-License-Identifier: Apache-2.0
// A running legacy agent.
// Source: docs/protocol/da-legacy.md
#pragma once

#include "da/agent.h"
#include "da/legacy/agent_link.h"
#include "da/legacy/greeting.h"
#include "da/legacy/protocol.h"
#include "da/legacy/report.h"

namespace mtk::legacy {

struct AgentTuning {
  std::uint32_t packet_size = max_packet_size;
  /// A running read cannot be stopped, only taken to its end; long reads are cut into commands of this size.
  std::uint64_t read_piece = 16 * std::uint64_t{max_packet_size};
};

enum class UsbSpeed : std::uint8_t { full, high, ultra };

struct BadBlock {
  std::uint16_t block = 0;
  std::uint16_t mapped_to = 0;
};

class LegacyAgent final : public Agent {
 public:
  /// The transport behind the link must outlive the agent.
  LegacyAgent(AgentLink link, AgentFacts facts, const AgentTuning& tuning);

  /// For commands that start later.
  void tune(const AgentTuning& tuning);

  const AgentFacts& facts() const override { return facts_; }
  AgentState state() const override { return link_.lost() ? AgentState::lost : AgentState::answering; }

  Result<> read(const Region& region, Sink& sink, std::string_view item, OpContext& op) override;
  Result<> write(const Region& region, Source& source, std::string_view item, OpContext& op) override;
  Result<> erase(const Region& region, std::string_view item, OpContext& op) override;
  Result<> finish(BootMode next, OpContext& op) override;

  /// Questions. An agent that does not know one stays silent: Errc::unsupported, and it answers others.
  Result<UsbSpeed> usb_speed();
  Result<std::uint32_t> card_type();
  Result<std::uint32_t> battery_voltage();
  Result<std::uint32_t> secure_usb_state();
  Result<Bytes> project_id();
  Result<std::uint32_t> read_register32(std::uint32_t address);
  Result<> write_register32(std::uint32_t address, std::uint32_t value);
  Result<std::uint16_t> read_register16(std::uint32_t address);
  Result<> confirm_pc_security();
  Result<std::vector<BadBlock>> bad_blocks();

  /// Asks the agent to come back at high speed and waits for it. Errors: timeout when it does not come back.
  Result<> raise_usb_speed(const std::stop_token& stop);

  Result<Bytes> partition_list(OpContext& op) override;
  /// The list as the agent sends it, without a look at the GPT first.
  Result<Bytes> read_pmt();

  /// Chooses the eMMC part for reading and erasing; sent only when it changes.
  Result<> select_part(std::uint8_t part);

 private:
  /// A region as the agent's commands name it.
  struct Place {
    std::uint8_t part = 0;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
  };
  enum class Stored : std::uint8_t { yes, damaged_on_the_way };

  Result<Place> place_of(const Region& region) const;
  /// Runs a step unless the agent is lost, and names stage and command in its error.
  template <class Step>
  auto guarded(Stage stage, std::string_view name, Step step) -> decltype(step());
  /// Sends a command and takes the first byte of the answer. Errors: unsupported (silence).
  template <class Command>
  Result<std::uint8_t> first_answer(const Command& command);
  /// The same for commands that say 5A first.
  template <class Command>
  Result<> acknowledged(const Command& command);
  /// The same for commands that answer with a number at once.
  template <std::unsigned_integral T, class Command>
  Result<T> number(const Command& command);

  Result<> read_place(const Place& place, Sink& sink, Progress& progress, OpContext& op);
  Result<> read_piece(const Place& piece, Sink& sink, Progress& progress, OpContext& op);
  Result<> receive_packet(std::span<std::byte> into);
  Result<> write_place(const Place& place, Source& source, Progress& progress, OpContext& op);
  Result<> begin_write(const Place& place);
  Result<> write_padded(const Place& place, Source& source, Progress& progress, OpContext& op);
  Result<> send_packet(ByteView packet, std::uint16_t sum);
  Result<Stored> packet_outcome(std::optional<Error>& refusal);
  Result<> erase_place(const Place& place, Progress& progress, OpContext& op);
  Result<> expect_erase_accepted();
  Result<> follow_erase(const Place& place, Progress& progress, OpContext& op);
  Error failed_erase(std::uint32_t status);
  Result<> leave_download_mode();
  Result<> restart();

  AgentLink link_;
  AgentFacts facts_;
  AgentTuning tuning_;
  std::uint8_t storage_ = storage_emmc;
  std::uint8_t write_storage_ = write_storage_emmc;
  std::optional<std::uint8_t> selected_part_;
  Bytes packet_;        // kept between operations: a megabyte each
  Bytes spare_packet_;  // filled while the phone stores the other
};

template <class Step>
auto LegacyAgent::guarded(Stage stage, std::string_view name, Step step) -> decltype(step()) {
  using Outcome = decltype(step());
  Outcome outcome =
      link_.lost() ? Outcome{fail(Errc::disconnected, "agent does not answer any more")} : step();
  return at(stage, in(std::move(outcome), std::string{name}));
}

}  // namespace mtk::legacy
