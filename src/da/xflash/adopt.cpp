// SPDX-License-Identifier: Apache-2.0
#include "da/xflash/adopt.h"

#include "da/xflash/questions.h"
#include "da/xflash/usb_speed.h"

namespace mtk::xflash {
namespace {

/// A running read, a running write and a command loop each take this word and answer with a status; only the
/// command loop answers that it does not know it.
constexpr std::uint32_t way_out = status::aborted;
/// A write wants two words and the data of a packet, and each of them may be what the agent waits for.
constexpr int most_words = 4;
/// USB cuts a broken transfer at the end of one of its packets, so this many bytes at a time stay in step
/// with what is left of it.
constexpr std::size_t fill_block = 512;
constexpr std::size_t fill_between_looks = 32 * fill_block;
constexpr std::size_t most_fill = max_packet_size + fill_between_looks;

Bytes word_packet(std::uint32_t word) {
  Bytes packet = encode(PacketHeader{.length = sizeof(word)});
  const Bytes payload = std::move(ByteWriter{}.le(word)).take();
  packet.insert(packet.end(), payload.begin(), payload.end());
  return packet;
}

/// The status that ends `bytes`; nothing when they do not end in one.
std::optional<std::uint32_t> last_status(ByteView bytes) {
  constexpr std::size_t size = wire_size<PacketHeader>() + sizeof(std::uint32_t);
  if (bytes.size() < size) return std::nullopt;
  ByteReader in{bytes.last(size)};
  const auto header = read<PacketHeader>(in);
  if (header.magic != PacketHeader::right_magic || header.type != PacketHeader::protocol ||
      header.length != sizeof(std::uint32_t))
    return std::nullopt;
  return in.le<std::uint32_t>();
}

class Search {
 public:
  Search(Transport& link, const SearchAgent& search, const XflashOptions& options, OpContext& op)
      : link_(link), search_(search), options_(options), op_(op) {}

  Result<FoundAgent> run() {
    MTK_TRY_LET(const bool is_idle, settle());
    if (!is_idle) return FoundAgent{};
    link_.end_transfers_with(ZeroLengthPacket::never);
    return ask();
  }

 private:
  /// Whether an agent waits for a command now.
  Result<bool> settle() {
    if (search_.work == LastWork::erasing) MTK_TRY(await_end_of_erase());
    // Whoever has said something already may be busy with its storage.
    const auto patience = search_.heard.nothing() ? search_time::first_answer : search_time::storage;
    for (int words = 0; words < most_words; ++words) {
      MTK_TRY(say(way_out));
      MTK_TRY_LET(const Heard answer, hear(patience));
      const auto status = last_status(answer.end);
      if (status == status::unknown_command) return true;
      if (!answer.nothing() && !status) return false;
      if (answer.nothing() && search_.work != LastWork::writing) return false;
    }
    if (search_.work != LastWork::writing) return false;
    MTK_TRY(fill_up_packet());
    MTK_TRY(say(way_out));
    MTK_TRY_LET(const Heard answer, hear(search_time::storage));
    return last_status(answer.end) == status::unknown_command;
  }

  /// The rest of a packet whose host was stopped in the middle of sending it. Its sum is wrong then, so
  /// nothing of it is stored.
  Result<> fill_up_packet() {
    Bytes block;
    const Bytes packet = word_packet(way_out);
    while (block.size() < fill_block) block.insert(block.end(), packet.begin(), packet.end());
    for (std::size_t sent = 0; sent < most_fill; sent += block.size()) {
      MTK_TRY(send(block));
      if ((sent + block.size()) % fill_between_looks != 0) continue;
      MTK_TRY_LET(const Heard answer, hear(search_time::quiet));
      if (!answer.nothing()) return {};
    }
    return {};
  }

  /// An erase cannot be stopped. Its reports are answered until it ends.
  Result<> await_end_of_erase() {
    MTK_TRY(say(status::ok));
    for (;;) {
      MTK_TRY_LET(const Heard answer, hear(search_time::erase));
      if (!is_report(answer.end)) return {};
      MTK_TRY(say(status::ok));
    }
  }

  /// A status CONTINUE and a percentage.
  static bool is_report(ByteView bytes) {
    constexpr std::size_t packet = wire_size<PacketHeader>() + sizeof(std::uint32_t);
    return bytes.size() >= 2 * packet &&
           last_status(bytes.first(bytes.size() - packet)) == status::in_progress;
  }

  Result<FoundAgent> ask() {
    AgentLink link{link_, options_.chip};
    link.packets().set_stop(op_.stop);
    Answers answers;
    MTK_TRY_LET(answers.usb_speed, settle_usb_speed(link, false, op_));
    MTK_TRY(ask_stage2(link, answers, op_.observer));
    link.packets().set_stop({});
    FoundAgent found;
    if (answers.chip) found.hw_code = answers.chip->hw_code;
    found.agent =
        std::make_unique<XflashAgent>(std::move(link), facts_of(answers), options_.tuning, answers.nand.type);
    return found;
  }

  Result<> say(std::uint32_t word) { return send_in_two(link_, word_packet(word), op_.stop); }
  Result<> send(ByteView bytes) {
    return link_.write(bytes, Wait{search_time::sending, op_.stop}, Content::open);
  }
  Result<Heard> hear(Clock::Duration first) { return hear_out(link_, first, search_time::quiet, op_.stop); }

  Transport& link_;
  const SearchAgent& search_;
  const XflashOptions& options_;
  OpContext& op_;
};

}  // namespace

Result<FoundAgent> find_agent(Transport& link, const SearchAgent& search, const XflashOptions& options,
                              OpContext& op) {
  return at(Stage::da2, in(Search{link, search, options, op}.run(), "RUNNING_AGENT"));
}

}  // namespace mtk::xflash
