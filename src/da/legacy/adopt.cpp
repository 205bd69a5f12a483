// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/adopt.h"

#include "da/legacy/commands.h"

namespace mtk::legacy {
namespace {

/// A packet and its sum; any byte is data there, 96 ends a write where a packet is due and after a wrong sum,
/// and among commands it is one that the agent does not know and says nothing to.
constexpr std::size_t most_fill = max_packet_size + 4096;
/// The smallest packet of USB: a broken transfer ends with one, and an agent hangs on a transfer that reaches
/// beyond the block it wants.
constexpr std::size_t fill_transfer = 64;
constexpr std::size_t fill_between_looks = 64 * fill_transfer;
/// READ commands of this host have at most so many packets.
constexpr int most_packets = 32;
constexpr std::uint8_t fastest_speed = 2;

class Search {
 public:
  Search(Transport& link, const SearchAgent& search, OpContext& op) : link_(link), search_(search), op_(op) {}

  Result<FoundAgent> run() {
    if (search_.work == LastWork::reading) MTK_TRY(take_rest_of_read());
    if (search_.work == LastWork::erasing) MTK_TRY(await_end_of_erase());
    MTK_TRY_LET(bool answers, search_.work == LastWork::writing ? leave_write() : Result<bool>{false});
    if (!answers) {
      MTK_TRY_LET(answers, answers_question(UsbStatus::opcode));
    }
    if (!answers) return FoundAgent{};
    link_.end_transfers_with(ZeroLengthPacket::never);
    AgentFacts facts;
    facts.family = "legacy";
    FoundAgent found;
    found.agent = std::make_unique<LegacyAgent>(AgentLink{link_}, std::move(facts), AgentTuning{});
    return found;
  }

 private:
  /// `72` is 5A and a number here, for each of them; a boot ROM echoes it, or answers 73.
  Result<bool> answers_question(ByteView question) {
    MTK_TRY(send(question));
    MTK_TRY_LET(const Heard answer, hear(search_time::first_answer));
    if (answer.nothing() || answer.size % 2 != 0) return false;
    for (std::size_t i = 0; i < answer.end.size(); i += 2) {
      const bool is_speed = std::to_integer<unsigned>(answer.end[i + 1]) <= fastest_speed;
      if (answer.end[i] != std::byte{ack} || !is_speed) return false;
    }
    return true;
  }
  Result<bool> answers_question(std::uint8_t question) { return answers_question(to_bytes({question})); }

  /// Whether the agent is back among its commands.
  Result<bool> leave_write() {
    if (!search_.heard.nothing()) {
      // The agent had the last word: it waits for a packet to be announced, or for 96 after a wrong sum.
      MTK_TRY(send(stop_writing));
      return false;
    }
    MTK_TRY(send(Bytes(fill_transfer, std::byte{stop_writing})));
    MTK_TRY_LET(const Heard refusal, hear(search_time::quiet));
    if (refusal.nothing()) {
      MTK_TRY_LET(const bool answers, answers_question(Bytes(fill_transfer, std::byte{UsbStatus::opcode})));
      if (answers) return true;
      MTK_TRY(fill_up_packet());
    }
    MTK_TRY(send(stop_writing));
    return false;
  }

  /// A running read cannot be stopped: its packets are taken until no more come.
  Result<> take_rest_of_read() {
    // The command was taken, and the size of the packets not told yet.
    if (search_.heard.size == 1 && search_.heard.end[0] == std::byte{ack})
      MTK_TRY(send(std::move(ByteWriter{}.be(max_packet_size)).take()));
    for (int packets = 0; packets < most_packets; ++packets) {
      MTK_TRY(send(ack));
      const bool known_to_read = packets > 0 || !search_.heard.nothing();
      MTK_TRY_LET(const Heard packet, hear(known_to_read ? search_time::storage : search_time::first_answer));
      if (packet.nothing()) return {};
    }
    return {};
  }

  /// Nor can an erase: a report is a word and a percentage, and the last is followed by two yeses.
  Result<> await_end_of_erase() {
    constexpr std::size_t closing = 2;
    MTK_TRY(send(ack));
    for (;;) {
      MTK_TRY_LET(const Heard report, hear(search_.heard.nothing() ? Clock::Duration{search_time::storage}
                                                                   : Clock::Duration{search_time::erase}));
      if (report.size <= closing) return {};
      MTK_TRY(send(ack));
    }
  }

  Result<> fill_up_packet() {
    const Bytes block(fill_transfer, std::byte{stop_writing});
    for (std::size_t sent = 0; sent < most_fill; sent += block.size()) {
      MTK_TRY(send(block));
      if ((sent + block.size()) % fill_between_looks != 0) continue;
      MTK_TRY_LET(const Heard answer, hear(search_time::quiet));
      if (!answer.nothing()) return {};
    }
    return {};
  }

  Result<> send(ByteView bytes) { return link_.write(bytes, Wait{search_time::sending, op_.stop}); }
  Result<> send(std::uint8_t byte) { return send(to_bytes({byte})); }
  Result<Heard> hear(Clock::Duration first) { return hear_out(link_, first, search_time::quiet, op_.stop); }

  Transport& link_;
  const SearchAgent& search_;
  OpContext& op_;
};

}  // namespace

Result<FoundAgent> find_agent(Transport& link, const SearchAgent& search, OpContext& op) {
  return at(Stage::da2, in(Search{link, search, op}.run(), "RUNNING_AGENT"));
}

}  // namespace mtk::legacy
