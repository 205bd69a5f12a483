// SPDX-License-Identifier: Apache-2.0
#include "da/xml/adopt.h"

#include "da/xml/questions.h"

#include <algorithm>

namespace mtk::xml {
namespace {

/// Texts of the agent until it must have come back to its offer.
constexpr int most_texts = 64;
/// A delivery, or the wait for a sum or for a packet's data: each ends with one of these.
constexpr int most_refusals = 4;
/// USB cuts a broken transfer at the end of one of its packets, so this many bytes at a time stay in step
/// with what is left of it.
constexpr std::size_t fill_block = 512;
constexpr std::size_t fill_between_looks = 4 * fill_block;
constexpr std::size_t most_fill = max_packet_size + fill_between_looks;

Bytes text_packet(std::string_view text) {
  Bytes packet = encode(PacketHeader{.length = static_cast<std::uint32_t>(text.size() + 1)});
  const Bytes payload = to_bytes(text);
  packet.insert(packet.end(), payload.begin(), payload.end());
  packet.push_back(std::byte{0});
  return packet;
}

/// The text of the packet that ends `bytes`; nothing when they do not end in one.
std::optional<std::string> last_text(ByteView bytes) {
  const Bytes magic = to_bytes({0xef, 0xee, 0xee, 0xfe, 1, 0, 0, 0});
  const auto found = std::find_end(bytes.begin(), bytes.end(), magic.begin(), magic.end());
  if (found == bytes.end()) return std::nullopt;
  ByteReader in{bytes.subspan(static_cast<std::size_t>(found - bytes.begin()))};
  const auto header = read<PacketHeader>(in);
  if (in.failed() || header.length == 0 || header.length != in.remaining()) return std::nullopt;
  return in.text(header.length);
}

class Search {
 public:
  Search(Transport& link, const SearchAgent& search, const XmlOptions& options, OpContext& op)
      : link_(link), search_(search), options_(options), op_(op), talk_(FramedLink{link}, options.variant) {
    talk_.link().set_stop(op.stop);
  }

  Result<FoundAgent> run() {
    MTK_TRY_LET(const bool is_there, settle());
    if (!is_there) return FoundAgent{};
    link_.end_transfers_with(ZeroLengthPacket::never);
    talk_.expect_answer_within(search_time::first_answer);
    auto report = ask(talk_, GetHwInfo{}, Content::withheld, op_);
    if (!report && report.error().code == Errc::cancelled) return fail(std::move(report.error()));
    if (!report) return FoundAgent{};
    MTK_TRY_LET(const HwInfo info, parse_hw_info(*report));
    const auto about = ask(talk_, GetDaInfo{}, Content::open, op_);
    if (!about && talk_.link().lost()) return fail(about.error());
    const auto agent_info = about ? parse_da_info(*about) : Result<DaInfo>{DaInfo{}};
    talk_.link().set_stop({});
    FoundAgent found;
    found.agent = std::make_unique<XmlAgent>(
        std::move(talk_), facts_of(info, agent_info ? *agent_info : DaInfo{}), options_.variant);
    return found;
  }

 private:
  /// Whether there may be an agent that waits for a command.
  Result<bool> settle() {
    auto text = last_text(search_.heard.end);
    if (search_.heard.nothing() && search_.work == LastWork::idle) return accept_unheard_offer();
    int refusals = 0;
    for (int texts = 0; texts < most_texts; ++texts) {
      const auto request =
          text ? parse_request(*text) : Result<AgentRequest>{fail(Errc::protocol, "no text")};
      if (request && std::holds_alternative<Start>(*request)) {
        talk_.start_is_offered();
        return true;
      }
      const bool goes_on = text && wants_a_yes(*text, request);
      if (!goes_on && ++refusals > most_refusals) break;
      MTK_TRY(say(goes_on ? token::ok : token::error));
      MTK_TRY_LET(const Heard answer, hear(patience()));
      text = last_text(answer.end);
      if (!answer.nothing() && !text) return false;
      if (answer.nothing() && search_.work != LastWork::writing) return false;
    }
    return search_.work == LastWork::writing ? fill_up_packet() : Result<bool>{false};
  }

  /// The run before has heard the offer and did not answer it.
  Result<bool> accept_unheard_offer() {
    MTK_TRY(say(token::ok));
    MTK_TRY_LET(const Heard answer, hear(search_time::quiet));
    if (answer.nothing()) {
      talk_.start_is_agreed();
      return true;
    }
    // The offer was answered already: the yes was no command, and the agent offers again.
    return ends_in_offer(answer);
  }

  /// The rest of a packet whose host was stopped in the middle of sending it. Its sum is wrong then.
  Result<bool> fill_up_packet() {
    Bytes block;
    const Bytes packet = text_packet(token::error);
    while (block.size() < fill_block) block.insert(block.end(), packet.begin(), packet.end());
    for (std::size_t sent = 0; sent < most_fill; sent += block.size()) {
      MTK_TRY(send(block));
      if ((sent + block.size()) % fill_between_looks != 0) continue;
      MTK_TRY_LET(Heard answer, hear(search_time::quiet));
      if (answer.nothing()) continue;
      if (is_end(answer)) {
        MTK_TRY(say(token::ok));
        MTK_TRY_LET(answer, hear(search_time::storage));
      }
      return ends_in_offer(answer);
    }
    return false;
  }

  bool ends_in_offer(const Heard& answer) {
    const auto text = last_text(answer.end);
    const auto request = text ? parse_request(*text) : Result<AgentRequest>{fail(Errc::protocol, "no text")};
    if (!request || !std::holds_alternative<Start>(*request)) return false;
    talk_.start_is_offered();
    return true;
  }

  static bool is_end(const Heard& answer) {
    const auto text = last_text(answer.end);
    const auto request = text ? parse_request(*text) : Result<AgentRequest>{fail(Errc::protocol, "no text")};
    return request && std::holds_alternative<End>(*request);
  }

  /// The end of a command, and all that belongs to a report of an erase, which cannot be stopped.
  static bool wants_a_yes(std::string_view text, const Result<AgentRequest>& request) {
    if (text.starts_with(token::progress) || text == token::end_of_progress) return true;
    return request &&
           (std::holds_alternative<End>(*request) || std::holds_alternative<ProgressReport>(*request));
  }

  Clock::Duration patience() const {
    if (search_.work == LastWork::erasing) return search_time::erase;
    return search_.heard.nothing() ? search_time::first_answer : search_time::storage;
  }
  Result<> say(std::string_view text) { return send_in_two(link_, text_packet(text), op_.stop); }
  Result<> send(ByteView bytes) {
    return link_.write(bytes, Wait{search_time::sending, op_.stop}, Content::open);
  }
  Result<Heard> hear(Clock::Duration first) { return hear_out(link_, first, search_time::quiet, op_.stop); }

  Transport& link_;
  const SearchAgent& search_;
  const XmlOptions& options_;
  OpContext& op_;
  Conversation talk_;
};

}  // namespace

Result<FoundAgent> find_agent(Transport& link, const SearchAgent& search, const XmlOptions& options,
                              OpContext& op) {
  return at(Stage::da2, in(Search{link, search, options, op}.run(), "RUNNING_AGENT"));
}

}  // namespace mtk::xml
