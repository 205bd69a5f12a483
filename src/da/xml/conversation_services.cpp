// SPDX-License-Identifier: Apache-2.0
// The host as the agent's files. After an error of ours the agent hears the protocol's word for it and ends
// the command, so the session goes on; an error of the link ends it here.
// Source: docs/protocol/da-xml.md#services
#include "da/packet_feed.h"
#include "da/xml/conversation.h"
#include "da/xml/packet_sum.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::xml {
namespace {

constexpr std::uint32_t low_half = 0xffff;

}  // namespace

Result<> Conversation::send_file(const DownloadFile& request, Services& services, OpContext& op) {
  const auto file = std::ranges::find(services.offered, request.source_file, &OfferedFile::name);
  if (file == services.offered.end()) return fail(foreign(DownloadFile::name, request.source_file));
  if (op.stop.stop_requested()) return cancel();
  if (auto rewound = file->source.rewind(); !rewound) return refuse(rewound.error());
  file->fetched = false;
  if (services.counts == Counts::sent_and_received) services.progress.done = 0;
  // The agent answers the second of these only.
  MTK_TRY(say(token::ok));
  MTK_TRY(say(token::ok_with(file->source.size())));
  MTK_TRY_LET(const bool goes_on, agreed("the length of the file", services.patience, op));
  if (!goes_on) return {};
  return send_packets(*file, request, services, op);
}

Result<> Conversation::send_packets(OfferedFile& file, const DownloadFile& request, Services& services,
                                    OpContext& op) {
  const std::uint64_t total = file.source.size();
  const auto packet_size =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(request.packet_length, max_packet_size));
  PacketFeed feed{file.source, total, packet_size, packet_, spare_packet_};
  // An error of ours in place of a sum is answered; the answer says nothing new.
  const auto drop_answer = [&]() -> Result<> {
    MTK_TRY(next_token(services.patience, op));
    return {};
  };
  auto prepared = feed.prepare_next();
  for (std::uint64_t done = 0; done < total;) {
    if (!prepared) {
      MTK_TRY(refuse(prepared.error()));
      return drop_answer();
    }
    if (op.stop.stop_requested()) {
      MTK_TRY(cancel());
      return drop_answer();
    }
    feed.advance();
    const ByteView packet = feed.current();
    std::uint32_t sum = request.wants_sums ? packet_sum(packet) : 0;
    if (facts_.checksum_bits == 16) sum &= low_half;
    MTK_TRY(say(token::ok_with(sum)));
    MTK_TRY_LET(const bool ready, agreed("the sum of a packet", services.patience, op));
    if (!ready) return {};
    MTK_TRY(link_.send(packet, Content::withheld));
    done += packet.size();
    prepared = feed.prepare_next();
    MTK_TRY_LET(const bool taken, agreed("a packet", services.patience, op));
    if (!taken) return {};
    if (services.counts != Counts::sent_and_received) continue;
    services.progress.done = std::min(done, services.progress.total);
    op.observer.progress(services.progress);
  }
  file.fetched = true;
  return {};
}

Result<> Conversation::receive_file(const UploadFile& request, Services& services, OpContext& op) {
  auto& file = services.awaited;
  if (!file || file->name != request.target_file || file->delivered)
    return fail(foreign(UploadFile::name, request.target_file));
  if (op.stop.stop_requested()) return cancel();
  file->delivered = true;
  MTK_TRY(say(token::ok));
  MTK_TRY_LET(const auto announced, next_token(services.patience, op));
  if (!announced || announced->is_error()) {
    remember({.code = Errc::device_status,
              .what = "agent does not send the file",
              .device_status =
                  DeviceStatus{.kind = StatusKind::xml_text, .text = announced ? announced->word : ""}});
    return {};
  }
  const auto length = parse_number(announced->value);
  if (!length)
    return refuse({.code = Errc::protocol,
                   .what = fmt::format("agent announces a file of `{}` bytes", announced->value)});
  if (file->size && *length != *file->size)
    return refuse({.code = Errc::protocol,
                   .what = fmt::format("agent sends {} bytes instead of {}", *length, *file->size)});
  if (!file->size && *length > file->most)
    return refuse({.code = Errc::out_of_range,
                   .what = fmt::format("agent sends {} bytes, at most {} make sense", *length, file->most)});
  if (services.progress.total == 0) services.progress.total = *length;
  MTK_TRY(say(token::ok));
  return receive_packets(*file, *length, services, op);
}

Result<> Conversation::receive_packets(AwaitedFile& file, std::uint64_t length, Services& services,
                                       OpContext& op) {
  int empty_packets = 0;
  for (std::uint64_t done = 0; done < length;) {
    MTK_TRY_LET(const bool goes_on, agreed("a packet of its own", services.patience, op));
    if (!goes_on) {
      // The agent waits for a word even after its own bad status, unless it has gone on to a document.
      return kept_ ? Result<>{} : say(token::error);
    }
    MTK_TRY(say(token::ok));
    packet_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(length - done, max_packet_size)));
    MTK_TRY_LET(std::size_t size, link_.receive_into(packet_, services.patience, op.observer, file.content));
    while (size == 0) {
      if (++empty_packets > max_empty_packets)
        return fail(link_.out_of_step("agent sends empty packets only"));
      MTK_TRY_LET(size, link_.receive_into(packet_, services.patience, op.observer, file.content));
    }
    if (auto stored = file.sink.write(ByteView{packet_}.first(size)); !stored) return refuse(stored.error());
    done += size;
    if (services.counts == Counts::sent_and_received) {
      services.progress.done = done;
      op.observer.progress(services.progress);
    }
    if (done < length && op.stop.stop_requested()) return cancel();
    MTK_TRY(say(token::ok));
  }
  return {};
}

/// Agents take a stop here for a yes and work on to the end, or break off: the end of the command tells.
Result<> Conversation::follow_progress(Services& services, OpContext& op) {
  MTK_TRY(say(token::ok));
  Clock& clock = link_.transport().clock();
  const auto deadline = clock.now() + Clock::Duration{wait_for::whole_report};
  for (int steps = 0; steps < max_progress_steps && clock.now() < deadline; ++steps) {
    MTK_TRY_LET(const auto step, next_token(services.step_patience, op));
    if (!step) return {};
    if (step->word == token::end_of_progress) return say(token::ok);
    if (step->is_error()) {
      remember({.code = Errc::device_status,
                .what = fmt::format("agent reports {}", step->word),
                .device_status = DeviceStatus{.kind = StatusKind::xml_text, .text = step->word}});
      return say(token::ok);
    }
    const auto percent = parse_number(step->value);
    if (services.counts == Counts::reports && percent && *percent <= 100) {
      const std::uint64_t total = services.progress.total;
      services.progress.done = total / 100 * *percent + total % 100 * *percent / 100;
      op.observer.progress(services.progress);
    }
    if (op.stop.stop_requested()) asked_to_cancel_ = true;
    MTK_TRY(say(asked_to_cancel_ ? token::cancel : token::ok));
  }
  return fail(link_.out_of_step("agent reports progress without end"));
}

/// Only questions are answered: nothing is made or removed on this computer for a phone.
Result<> Conversation::answer_question(const FileSystemOperation& request, Services& services) {
  MTK_TRY(say(token::ok));
  const auto file = std::ranges::find(services.offered, request.file_path, &OfferedFile::name);
  const bool is_offered = file != services.offered.end();
  const bool is_absent = std::ranges::find(services.absent, request.file_path) != services.absent.end();
  if (!is_offered && !is_absent) return fail(foreign(request.key, request.file_path));
  if (request.key == "EXISTS") return say(is_offered ? token::exists : token::not_exists);
  if (request.key == "FILE-SIZE")
    return say(is_offered ? token::ok_with(file->source.size()) : std::string{token::error});
  if (request.key == "MKDIR" || request.key == "REMOVE" || request.key == "REMOVE-ALL")
    return fail(foreign(request.key, request.file_path));
  remember({.code = Errc::protocol,
            .what = fmt::format("agent asked for `{}` of a file, which is not known", request.key)});
  return say(token::unsupported);
}

}  // namespace mtk::xml
