// SPDX-License-Identifier: Apache-2.0
#include "transport/record.h"

#include "base/file.h"

#include <fmt/chrono.h>

#include <array>
#include <ctime>

namespace mtk {
namespace {

/// Withheld bytes described by one line at most; keeps the loss of a crash small.
constexpr std::uint64_t longest_withheld = 1024 * 1024;

std::string date_now() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

/// The errors that say something about the link; the others (a stop, wrong use) do not.
bool concerns_link(Errc code) {
  return code == Errc::timeout || code == Errc::disconnected || code == Errc::io || code == Errc::busy ||
         code == Errc::denied;
}

}  // namespace

Result<TraceSink> trace_file(const std::filesystem::path& path) {
  MTK_TRY_LET(File created, File::create(path));
  auto file = std::make_shared<File>(std::move(created));  // std::function wants to be copyable
  return [file, offset = std::uint64_t{0}](std::string_view line) mutable -> Result<> {
    MTK_TRY(file->write_at(offset, std::as_bytes(std::span{line})));
    offset += line.size();
    return {};
  };
}

RecordingTransport::RecordingTransport(std::unique_ptr<Transport> link, TraceSink sink, TraceAbout about,
                                       KeepPayload keep)
    : link_(std::move(link)), sink_(std::move(sink)), keep_(keep), start_(link_->clock().now()) {
  about.try_emplace("date", date_now());
  about.try_emplace("port", link_->name());
  emit(trace_head(about));
}

RecordingTransport::~RecordingTransport() { flush(); }

void RecordingTransport::note(std::string text) { add(TraceNote{std::move(text)}, link_->clock().now()); }

Result<> RecordingTransport::finish() {
  flush();
  if (failed_) return fail(*failed_);
  return {};
}

Result<std::size_t> RecordingTransport::read_some(std::span<std::byte> into, const Wait& wait,
                                                  Content content) {
  const auto started = link_->clock().now();
  auto got = link_->read_some(into, wait, content);
  if (!got) {
    record_failure(Direction::to_host, got.error(), started);
  } else if (*got > 0) {
    const std::array<ByteView, 1> parts{into.first(*got)};
    record(Direction::to_host, parts, content, started);
  }
  return got;
}

Result<> RecordingTransport::write(std::span<const ByteView> parts, const Wait& wait, Content content) {
  const auto started = link_->clock().now();
  auto written = link_->write(parts, wait, content);
  if (written) {
    record(Direction::to_phone, parts, content, started);
  } else {
    record_failure(Direction::to_phone, written.error(), started);
  }
  return written;
}

Result<> RecordingTransport::reopen(UsbIdentity expected, const Wait& wait) {
  const auto started = link_->clock().now();
  auto opened = link_->reopen(expected, wait);
  TraceReopen reopen{.expected = expected};
  if (!opened) reopen.failure = opened.error().code;
  if (opened || concerns_link(opened.error().code)) add(reopen, started);
  return opened;
}

void RecordingTransport::record(Direction direction, std::span<const ByteView> parts, Content content,
                                Clock::TimePoint started) {
  if (content == Content::withheld && keep_ == KeepPayload::no) return withhold(direction, parts, started);
  ByteWriter bytes;
  for (const ByteView part : parts) bytes.bytes(part);
  if (bytes.size() > 0) add(TraceTransfer{direction, std::move(bytes).take()}, started);
}

void RecordingTransport::withhold(Direction direction, std::span<const ByteView> parts,
                                  Clock::TimePoint started) {
  if (pending_ && pending_->direction != direction) flush();
  if (!pending_) pending_.emplace(Pending{.direction = direction});
  for (const ByteView part : parts) {
    pending_->hasher.update(part);
    pending_->size += part.size();
    for (const std::byte byte : part) pending_->byte_sum += static_cast<std::uint8_t>(byte);
  }
  pending_->at = since(start_);
  pending_->waited += since(started);
  if (pending_->size >= longest_withheld) flush();
}

void RecordingTransport::record_failure(Direction direction, const Error& error, Clock::TimePoint started) {
  if (concerns_link(error.code)) add(TraceFailure{direction, error.code}, started);
}

void RecordingTransport::add(decltype(TraceEntry::what) what, Clock::TimePoint started) {
  flush();
  emit(trace_line(TraceEntry{.what = std::move(what), .at = since(start_), .waited = since(started)}));
}

void RecordingTransport::flush() {
  if (!pending_) return;
  const Direction direction = pending_->direction;
  WithheldBytes bytes{pending_->size, pending_->hasher.finish(), pending_->byte_sum};
  const TraceEntry entry{TraceTransfer{direction, std::move(bytes)}, pending_->at, pending_->waited};
  pending_.reset();
  if (std::get<TraceTransfer>(entry.what).size() > 0) emit(trace_line(entry));
}

void RecordingTransport::emit(const std::string& line) {
  if (failed_) return;
  if (auto written = sink_(line); !written) failed_ = std::move(written.error());
}

std::chrono::microseconds RecordingTransport::since(Clock::TimePoint start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(link_->clock().now() - start);
}

}  // namespace mtk
