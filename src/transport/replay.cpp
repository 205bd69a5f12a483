// SPDX-License-Identifier: Apache-2.0
#include "transport/replay.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {
namespace {

/// Bytes shown on each side of a difference.
constexpr std::size_t shown_around = 8;

Bytes bytes_from(const std::vector<std::uint8_t>& values) {
  Bytes bytes;
  for (const std::uint8_t value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

Trace trace_from(const std::vector<Exchange>& conversation) {
  Trace trace;
  for (const Exchange& exchange : conversation) {
    if (!exchange.host.empty())
      trace.entries.push_back({TraceTransfer{Direction::to_phone, bytes_from(exchange.host)}});
    if (!exchange.phone.empty())
      trace.entries.push_back({TraceTransfer{Direction::to_host, bytes_from(exchange.phone)}});
    if (exchange.reopens_as) trace.entries.push_back({TraceReopen{.expected = *exchange.reopens_as}});
  }
  return trace;
}

std::string around(ByteView bytes, std::size_t position) {
  const std::size_t begin = position - std::min(position, shown_around);
  const std::size_t end = std::min(bytes.size(), position + shown_around);
  return fmt::format("{}{}{}", begin > 0 ? ".. " : "", hex(bytes.subspan(begin, end - begin)),
                     end < bytes.size() ? " .." : "");
}

/// The byte at `position` of a block that starts with zeros and ends with FF so that its bytes sum up to
/// `bytes.byte_sum`, which no block of this size can fail to do.
std::byte made_up_byte(const WithheldBytes& bytes, std::uint64_t position) {
  const std::uint64_t from_end = bytes.size - 1 - position;
  const std::uint64_t full = bytes.byte_sum / 255;
  if (from_end < full) return std::byte{0xff};
  return static_cast<std::byte>(from_end == full ? bytes.byte_sum % 255 : 0);
}

std::string_view describe(const TraceEntry& entry) {
  if (const auto* transfer = std::get_if<TraceTransfer>(&entry.what))
    return transfer->direction == Direction::to_phone ? "the host speaks" : "the phone speaks";
  return std::holds_alternative<TraceReopen>(entry.what) ? "the phone enumerates again" : "the link fails";
}

/// A wait in vain, or something for people: nothing that has to happen again.
bool is_quiet(const TraceEntry& entry) {
  if (std::holds_alternative<TraceNote>(entry.what)) return true;
  const auto* failure = std::get_if<TraceFailure>(&entry.what);
  return failure != nullptr && failure->direction == Direction::to_host && failure->code == Errc::timeout;
}

}  // namespace

ReplayTransport::ReplayTransport(const std::vector<Exchange>& conversation, Borders borders)
    : ReplayTransport(trace_from(conversation), borders) {}

ReplayTransport::ReplayTransport(Trace trace, Borders borders)
    : entries_(std::move(trace.entries)), borders_(borders) {
  std::erase_if(entries_, [](const TraceEntry& entry) {  // an empty transfer is none in a byte stream
    const auto* transfer = std::get_if<TraceTransfer>(&entry.what);
    return transfer != nullptr && transfer->size() == 0;
  });
}

const TraceEntry* ReplayTransport::current() const {
  return index_ < entries_.size() ? &entries_[index_] : nullptr;
}

const TraceTransfer* ReplayTransport::current_transfer(Direction direction) const {
  if (current() == nullptr) return nullptr;
  const auto* transfer = std::get_if<TraceTransfer>(&current()->what);
  return transfer != nullptr && transfer->direction == direction ? transfer : nullptr;
}

void ReplayTransport::next() {
  ++index_;
  position_ = 0;
  quiet_ = {};
}

void ReplayTransport::skip_quiet() {
  while (current() != nullptr && is_quiet(*current())) next();
}

Error ReplayTransport::differs(std::string what) {
  return differed_.emplace(Error{.code = Errc::protocol, .what = std::move(what)});
}

Error ReplayTransport::recorded_failure(Errc code) {
  next();
  lost_ = code == Errc::disconnected;
  return {.code = code, .what = "as recorded"};
}

/// Lets the time pass that the recorded host waited for the current entry. Errors: timeout, cancelled.
Result<> ReplayTransport::pass_quiet(Clock::TimePoint deadline, const std::stop_token& stop) {
  const Clock::Duration quiet = Clock::Duration{current()->waited} - quiet_;
  if (quiet <= Clock::Duration::zero()) return {};
  if (stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
  const Clock::Duration passes = std::min(quiet, deadline - clock_.now());
  clock_.advance(passes);
  quiet_ += passes;
  if (passes < quiet) return fail(Errc::timeout, "phone silent");
  return {};
}

Result<std::size_t> ReplayTransport::read_some(std::span<std::byte> into, const Wait& wait, Content) {
  if (into.empty()) return std::size_t{0};
  if (differed_) return fail(*differed_);
  if (lost_) return fail(Errc::disconnected, "as recorded");
  const auto deadline = wait.deadline(clock_.now());
  while (current() != nullptr) {
    const TraceTransfer* transfer = current_transfer(Direction::to_host);
    const auto* failure = std::get_if<TraceFailure>(&current()->what);
    const bool fails = failure != nullptr && failure->direction == Direction::to_host;
    if (transfer == nullptr && !fails && !is_quiet(*current())) break;
    MTK_TRY(pass_quiet(deadline, wait.stop));
    if (transfer != nullptr) return play(*transfer, into);
    if (!is_quiet(*current())) return fail(recorded_failure(failure->code));
    next();
  }
  if (wait.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
  if (deadline == Clock::TimePoint::max())
    return fail(differs("host waits for ever where the phone says nothing more"));
  clock_.advance_to(deadline);
  return fail(Errc::timeout, "phone silent");
}

std::size_t ReplayTransport::play(const TraceTransfer& transfer, std::span<std::byte> into) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left_in(transfer)));
  if (const auto* bytes = std::get_if<Bytes>(&transfer.content)) {
    std::copy_n(bytes->begin() + static_cast<std::ptrdiff_t>(position_), size, into.begin());
  } else {
    const auto& withheld = std::get<WithheldBytes>(transfer.content);
    for (std::size_t i = 0; i < size; ++i) into[i] = made_up_byte(withheld, position_ + i);
    if (position_ == 0) ++synthetic_blocks_;
    synthetic_bytes_ += size;
  }
  position_ += size;
  if (left_in(transfer) == 0) next();
  return size;
}

Result<> ReplayTransport::write(std::span<const ByteView> parts, const Wait&, Content) {
  ByteWriter joined;
  for (const ByteView part : parts) joined.bytes(part);
  ByteView said = joined.view();

  bool first = true;
  while (!said.empty()) {
    if (differed_) return fail(*differed_);
    if (lost_) return fail(Errc::disconnected, "as recorded");
    skip_quiet();
    if (const auto* failure = current() ? std::get_if<TraceFailure>(&current()->what) : nullptr)
      return fail(recorded_failure(failure->code));
    const TraceTransfer* transfer = current_transfer(Direction::to_phone);
    if (transfer == nullptr)
      return fail(
          differs(fmt::format("host byte 0x{:x}: host says {} where {}", host_offset_, around(said, 0),
                              current() ? describe(*current()) : "the conversation is over")));
    if (borders_ == Borders::as_recorded && (!first || position_ != 0 || said.size() != transfer->size()))
      return fail(differs(fmt::format("host byte 0x{:x}: transfer of {} bytes, recorded were {}",
                                      host_offset_, joined.size(), transfer->size())));
    const ByteView here =
        said.first(static_cast<std::size_t>(std::min<std::uint64_t>(said.size(), left_in(*transfer))));
    MTK_TRY(check(*transfer, here));
    said = said.subspan(here.size());
    first = false;
  }
  return {};
}

/// Compares bytes that lie inside one recorded transfer.
Result<> ReplayTransport::check(const TraceTransfer& transfer, ByteView said) {
  if (const auto* expected = std::get_if<Bytes>(&transfer.content)) {
    const ByteView rest = ByteView{*expected}.subspan(static_cast<std::size_t>(position_));
    const auto pair = std::ranges::mismatch(said, rest);
    const auto at = static_cast<std::size_t>(pair.in1 - said.begin());
    if (at < said.size())
      return fail(differs(fmt::format("host byte 0x{:x} differs: expected {}, got {}", host_offset_ + at,
                                      around(*expected, static_cast<std::size_t>(position_) + at),
                                      around(said, at))));
  } else {
    heard_.update(said);
  }
  position_ += said.size();
  host_offset_ += said.size();
  if (left_in(transfer) > 0) return {};
  if (const auto* withheld = std::get_if<WithheldBytes>(&transfer.content)) {
    if (const Bytes digest = heard_.finish(); digest != withheld->sha256)
      return fail(differs(fmt::format("host bytes 0x{:x} to 0x{:x} differ: expected SHA-256 {}, got {}",
                                      host_offset_ - withheld->size, host_offset_ - 1,
                                      hex_compact(withheld->sha256), hex_compact(digest))));
  }
  next();
  return {};
}

Result<> ReplayTransport::reopen(UsbIdentity, const Wait& wait) {
  if (differed_) return fail(*differed_);
  while (current() != nullptr && current_transfer(Direction::to_phone) == nullptr) {
    const auto* reopen = std::get_if<TraceReopen>(&current()->what);
    if (reopen == nullptr) {  // what the phone said and the host did not read is dropped
      next();
      continue;
    }
    const TraceReopen found = *reopen;
    const Wait recorded{current()->waited};
    clock_.advance_to(std::min(recorded.deadline(clock_.now()), wait.deadline(clock_.now())));
    next();
    if (found.failure) return fail(*found.failure, "as recorded");
    lost_ = false;
    identity_ = found.expected;
    return {};
  }
  return fail(differs(fmt::format("host byte 0x{:x}: host reopens the port where {}", host_offset_,
                                  current() ? "it spoke" : "the conversation is over")));
}

Result<> ReplayTransport::finished() const {
  if (differed_) return fail(*differed_);
  for (std::size_t i = index_; i < entries_.size(); ++i) {
    if (is_quiet(entries_[i])) continue;
    return fail(Errc::protocol, fmt::format("conversation ends at entry {} of {}, where {}", i + 1,
                                            entries_.size(), describe(entries_[i])));
  }
  return {};
}

std::string ReplayTransport::notice() const {
  if (synthetic_blocks_ == 0) return {};
  return fmt::format(
      "{} blocks ({} bytes) that the recording withholds were made up: zeros with the recorded byte sum",
      synthetic_blocks_, synthetic_bytes_);
}

}  // namespace mtk
