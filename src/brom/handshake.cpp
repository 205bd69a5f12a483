// SPDX-License-Identifier: Apache-2.0
#include "brom/handshake.h"

#include "brom/timing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace mtk::brom {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::uint8_t, 4> start_sequence{0xa0, 0x0a, 0x50, 0x05};
constexpr milliseconds first_answer_time{20};  // one period of the READY beacon
constexpr milliseconds next_answer_time{100};  // a preloader gives the whole sequence 300 ms

constexpr std::uint8_t legacy_greeting = 0xc0;
constexpr std::uint8_t packet_magic_first = 0xef;   // EF EE EE FE opens every packet
constexpr std::uint8_t packet_magic_second = 0xee;  // of an XFlash or XML agent

auto agent_is_running(std::string_view which) {
  return fail(Errc::protocol,
              fmt::format("{} agent of an earlier run is still running in the phone: disconnect it and turn "
                          "it off (hold power for 15 s or take the battery out), then try again",
                          which));
}

class Caller {
 public:
  Caller(Transport& link, const Wait& wait)
      : link_(link), wait_(wait), deadline_(wait.deadline(link.clock().now())) {}

  Result<Handshake> call() {
    if (link_.identity() == UsbIdentity::agent) return agent_is_running("a download");
    do {
      MTK_TRY_LET(const std::optional<Handshake> outcome, attempt());
      if (outcome) return *outcome;
    } while (link_.clock().now() < deadline_);
    return fail(Errc::timeout, why_nobody_answered());
  }

 private:
  /// One pass of the sequence; nothing when it must start over.
  Result<std::optional<Handshake>> attempt() {
    MTK_TRY(send(start_sequence[0]));
    MTK_TRY_LET(const auto first, answer(first_answer_time));
    if (!first) return std::nullopt;
    if (*first == start_sequence[0]) return Handshake::resumed;
    MTK_TRY(refuse_running_agent(*first));
    if (!is_answer(*first, start_sequence[0])) return start_over();
    for (const std::uint8_t byte : {start_sequence[1], start_sequence[2], start_sequence[3]}) {
      MTK_TRY(send(byte));
      MTK_TRY_LET(const auto reply, answer(next_answer_time));
      if (!reply || !is_answer(*reply, byte)) return start_over();
    }
    MTK_TRY(link_.drain(quiet_time, drain_limit));
    return Handshake::completed;
  }

  static bool is_answer(std::uint8_t reply, std::uint8_t sent) {
    return reply == static_cast<std::uint8_t>(~sent);
  }

  Result<> send(std::uint8_t byte) {
    const std::array data{static_cast<std::byte>(byte)};
    auto sent = link_.write(data, Wait{write_time, wait_.stop});
    // A phone that does not take the byte has not answered either; the next attempt follows.
    if (!sent && sent.error().code != Errc::timeout) return sent;
    ++sent_count_;
    return {};
  }

  /// The next byte that does not belong to the READY beacon; nothing when none came in time.
  Result<std::optional<std::uint8_t>> answer(milliseconds time) {
    const auto until = std::min(deadline_, link_.clock().now() + time);
    for (;;) {
      std::array<std::byte, 1> byte{};
      const auto left = std::max(until - link_.clock().now(), Clock::Duration::zero());
      const auto got = link_.read_some(byte, Wait{left, wait_.stop}, Content::open);
      if (!got && got.error().code == Errc::timeout) return std::nullopt;
      if (!got) return fail(got.error());
      const auto value = static_cast<std::uint8_t>(byte[0]);
      if (!is_ready_letter(value)) return last_ = value;
      beacon_seen_ = true;
    }
  }

  Result<> refuse_running_agent(std::uint8_t first) {
    if (first == legacy_greeting) return agent_is_running("a legacy");
    if (first != packet_magic_first) return {};
    MTK_TRY_LET(const auto second, answer(first_answer_time));
    if (second == packet_magic_second) return agent_is_running("an XFlash or XML");
    return {};
  }

  Result<std::optional<Handshake>> start_over() {
    MTK_TRY(link_.drain(quiet_time, drain_limit));
    return std::nullopt;
  }

  std::string why_nobody_answered() const {
    const auto limit = std::chrono::duration_cast<milliseconds>(wait_.timeout).count();
    if (last_) {
      return fmt::format(
          "the port answers, but not like a phone in download mode (last byte {:02X}) within {} ms", *last_,
          limit);
    }
    if (beacon_seen_)
      return fmt::format("the preloader says READY but did not take the start sequence within {} ms", limit);
    return fmt::format("the phone did not answer any of {} start bytes within {} ms", sent_count_, limit);
  }

  Transport& link_;
  const Wait& wait_;
  Clock::TimePoint deadline_;
  unsigned sent_count_ = 0;
  bool beacon_seen_ = false;
  std::optional<std::uint8_t> last_;
};

}  // namespace

bool is_ready_letter(std::uint8_t byte) {
  constexpr std::string_view ready = "READY";
  return ready.find(static_cast<char>(byte)) != std::string_view::npos;
}

Result<Handshake> shake_hands(Transport& link, const Wait& wait) {
  return at(Stage::connect, in(Caller{link, wait}.call(), "HANDSHAKE"));
}

}  // namespace mtk::brom
