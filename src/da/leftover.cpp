// SPDX-License-Identifier: Apache-2.0
#include "da/leftover.h"

#include "da/framed_link.h"

#include <array>

namespace mtk {

namespace {
constexpr std::chrono::minutes never_at_rest{1};
}  // namespace

Result<Heard> hear_out(Transport& link, Clock::Duration first, Clock::Duration quiet,
                       const std::stop_token& stop, bool (*enough)(const Heard&)) {
  Heard heard;
  std::array<std::byte, 16384> some{};
  std::optional<Clock::TimePoint> deadline;
  for (Clock::Duration patience = first;; patience = quiet) {
    const auto got = link.read_some(some, Wait{patience, stop}, Content::withheld);
    if (!got && got.error().code == Errc::timeout) return heard;
    if (!got) return fail(got.error());
    if (!deadline) deadline = link.clock().now() + Clock::Duration{never_at_rest};
    heard.size += *got;
    const auto news = std::span{some}.first(*got);
    heard.end.insert(heard.end.end(), news.begin(), news.end());
    if (heard.end.size() > heard_bytes_kept)
      heard.end.erase(heard.end.begin(), heard.end.end() - static_cast<std::ptrdiff_t>(heard_bytes_kept));
    if (enough != nullptr && enough(heard)) return heard;
    if (link.clock().now() >= *deadline) return fail(Errc::timeout, "phone does not stop sending");
  }
}

Result<> send_in_two(Transport& link, ByteView packet, const std::stop_token& stop) {
  constexpr std::size_t header = wire_size<PacketHeader>();
  MTK_TRY(link.write(packet.first(header), Wait{search_time::sending, stop}, Content::open));
  return link.write(packet.subspan(header), Wait{search_time::sending, stop}, Content::open);
}

}  // namespace mtk
