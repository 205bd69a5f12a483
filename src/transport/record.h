// SPDX-License-Identifier: Apache-2.0
// Writes down every transfer of another transport, without what belongs to the phone's owner.
#pragma once

#include "transport/trace.h"

#include "base/hash.h"

#include <functional>

namespace mtk {

/// Whether withheld contents are kept all the same (`--trace-payload`).
enum class KeepPayload : std::uint8_t { no, yes };

/// Takes the lines of a trace file.
using TraceSink = std::function<Result<>(std::string_view line)>;
/// Creates or empties the file; every line is in it when the call returns, so a crash loses nothing.
Result<TraceSink> trace_file(const std::filesystem::path& path);

/// A failing sink ends the recording and never the conversation: finish() tells.
class RecordingTransport final : public Transport {
 public:
  /// \param about  the head's fields; `date` (UTC) and `port` are added where missing
  RecordingTransport(std::unique_ptr<Transport> link, TraceSink sink, TraceAbout about, KeepPayload keep);
  ~RecordingTransport() override;

  /// A line for people, at this place of the conversation.
  void note(std::string text);
  /// Writes what is still held back. Errors: the first one of the sink.
  Result<> finish();

  Result<std::size_t> read_some(std::span<std::byte> into, const Wait& wait, Content content) override;
  using Transport::write;
  Result<> write(std::span<const ByteView> parts, const Wait& wait, Content content) override;
  Result<> reopen(UsbIdentity expected, const Wait& wait) override;
  void end_transfers_with(ZeroLengthPacket policy) override { link_->end_transfers_with(policy); }
  Clock& clock() override { return link_->clock(); }
  std::string name() const override { return link_->name(); }
  UsbIdentity identity() const override { return link_->identity(); }
  std::size_t answer_limit() const override { return link_->answer_limit(); }

 private:
  /// Withheld bytes of one direction that follow each other become one line.
  struct Pending {
    Direction direction;
    std::chrono::microseconds at{0};
    std::chrono::microseconds waited{0};
    std::uint64_t size = 0;
    std::uint64_t byte_sum = 0;
    Hasher hasher{HashKind::sha256};
  };

  void record(Direction direction, std::span<const ByteView> parts, Content content,
              Clock::TimePoint started);
  void withhold(Direction direction, std::span<const ByteView> parts, Clock::TimePoint started);
  void record_failure(Direction direction, const Error& error, Clock::TimePoint started);
  void add(decltype(TraceEntry::what) what, Clock::TimePoint started);
  void flush();
  void emit(const std::string& line);
  std::chrono::microseconds since(Clock::TimePoint start);

  std::unique_ptr<Transport> link_;
  TraceSink sink_;
  KeepPayload keep_;
  Clock::TimePoint start_;
  std::optional<Pending> pending_;
  std::optional<Error> failed_;
};

}  // namespace mtk
