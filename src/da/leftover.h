// SPDX-License-Identifier: Apache-2.0
// What an earlier run may have left behind: an agent that still runs, and bytes of a conversation that nobody
// finished.
#pragma once

#include "da/agent.h"
#include "transport/transport.h"

namespace mtk {

/// What an agent was doing when its host went away.
enum class LastWork : std::uint8_t { idle, reading, writing, erasing };

/// What came without a question, or after one.
struct Heard {
  std::uint64_t size = 0;  ///< all of it
  Bytes end;               ///< its last bytes, at most heard_bytes_kept

  bool nothing() const { return size == 0; }
};
constexpr std::size_t heard_bytes_kept = 4096;

/// Takes what comes: waits up to `first` for a beginning, then until the line is quiet for `quiet`, or until
/// `enough` says so. A line that does not come to rest within a minute is an error.
/// Errors: timeout, disconnected, io, cancelled.
Result<Heard> hear_out(Transport& link, Clock::Duration first, Clock::Duration quiet,
                       const std::stop_token& stop, bool (*enough)(const Heard&) = nullptr);

/// Sends a packet with its header as two transfers, as in every conversation with a framed agent.
/// Errors: those of the link.
Result<> send_in_two(Transport& link, ByteView packet, const std::stop_token& stop);

/// An agent of an earlier run that answers again.
struct FoundAgent {
  std::unique_ptr<Agent> agent = {};          ///< null: nobody answers like an agent of this family
  std::optional<std::uint16_t> hw_code = {};  ///< where the agent tells it
};

/// What a search needs to know. The link's output was heard out before.
struct SearchAgent {
  LastWork work = LastWork::idle;
  const Heard& heard;  ///< what came before anything was sent; outlives the search
};

namespace search_time {
using std::chrono::milliseconds;
using std::chrono::minutes;
/// A boot ROM that may be there instead listens for a third of a second: all questions together stay below.
constexpr milliseconds first_answer{120};
constexpr milliseconds quiet{20};
/// For an agent that is known to be there and works on its storage.
constexpr milliseconds storage{2000};
constexpr minutes erase{10};
constexpr milliseconds sending{1000};
}  // namespace search_time

}  // namespace mtk
