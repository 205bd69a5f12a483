// SPDX-License-Identifier: Apache-2.0
// Any text as a trace: it is refused, or it can be written again unchanged and replayed to its end.
#include "transport/replay.h"

#include <algorithm>
#include <array>

using namespace std::chrono_literals;

namespace {

/// Longest answer that is read out; traces may claim blocks of any size.
constexpr std::uint64_t longest_read = 64 * 1024;

void replay(const mtk::Trace& trace) {
  mtk::ReplayTransport link{trace};
  std::array<std::byte, 1024> heard{};
  for (const mtk::TraceEntry& entry : trace.entries) {
    const auto* transfer = std::get_if<mtk::TraceTransfer>(&entry.what);
    if (transfer == nullptr || transfer->size() > longest_read) return;
    if (transfer->direction == mtk::Direction::to_phone) {
      const auto* said = std::get_if<mtk::Bytes>(&transfer->content);
      if (said == nullptr) return;
      MTK_ASSERT(link.write(*said, 1s).has_value());
      continue;
    }
    for (std::uint64_t left = transfer->size(); left > 0;) {
      const auto room =
          std::span{heard}.first(static_cast<std::size_t>(std::min<std::uint64_t>(left, heard.size())));
      const auto got = link.read_some(room, std::chrono::hours{24 * 365}, mtk::Content::open);
      MTK_ASSERT(got.has_value());
      left -= *got;
    }
  }
  MTK_ASSERT(link.finished().has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{data, data + size};
  const auto trace = mtk::parse_trace(text);
  if (!trace) return 0;
  std::string again = mtk::trace_head(trace->about);
  for (const mtk::TraceEntry& entry : trace->entries) again += mtk::trace_line(entry);
  const auto parsed = mtk::parse_trace(again);
  MTK_ASSERT(parsed && *parsed == *trace);
  replay(*trace);
  return 0;
}
