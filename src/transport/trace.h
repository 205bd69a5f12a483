// SPDX-License-Identifier: Apache-2.0
// A recorded conversation between host and phone, and its file form (docs/format/trace.md).
#pragma once

#include "transport/transport.h"

#include <filesystem>
#include <map>
#include <optional>
#include <variant>
#include <vector>

namespace mtk {

enum class Direction : std::uint8_t { to_phone, to_host };

/// What a trace keeps of bytes that it must not hold.
struct WithheldBytes {
  std::uint64_t size = 0;
  Bytes sha256;
  std::uint64_t byte_sum = 0;

  bool operator==(const WithheldBytes&) const = default;
};

struct TraceTransfer {
  Direction direction;
  std::variant<Bytes, WithheldBytes> content;

  std::uint64_t size() const;
  bool operator==(const TraceTransfer&) const = default;
};
/// A read (to_host) or write (to_phone) that ended with this error: timeout, disconnected or io.
struct TraceFailure {
  Direction direction;
  Errc code;

  bool operator==(const TraceFailure&) const = default;
};
struct TraceReopen {
  UsbIdentity expected = UsbIdentity::unknown;
  std::optional<Errc> failure = {};

  bool operator==(const TraceReopen&) const = default;
};
/// For people only.
struct TraceNote {
  std::string text;

  bool operator==(const TraceNote&) const = default;
};

struct TraceEntry {
  std::variant<TraceTransfer, TraceFailure, TraceReopen, TraceNote> what;
  std::chrono::microseconds at{0};      ///< end of the call, since the start of the trace
  std::chrono::microseconds waited{0};  ///< how long the call took

  bool operator==(const TraceEntry&) const = default;
};

/// Free fields of the head: `tool`, `date`, `chip`, `from` ...
using TraceAbout = std::map<std::string, std::string>;

struct Trace {
  TraceAbout about;
  std::vector<TraceEntry> entries;

  bool operator==(const Trace&) const = default;
};

/// Lines of the file, each with its end of line.
std::string trace_head(const TraceAbout& about);
std::string trace_line(const TraceEntry& entry);

/// Errors: bad_image (not a trace, another version of the format, a damaged line; says which).
Result<Trace> parse_trace(std::string_view text);
/// Errors: those, io, out_of_range (the file is larger than 256 MiB).
Result<Trace> read_trace(const std::filesystem::path& path);

}  // namespace mtk
