// SPDX-License-Identifier: Apache-2.0
#include "transport/trace.h"

#include "base/checked.h"
#include "base/file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace mtk {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::string_view format_name = "mtkflash-trace";
constexpr std::uint64_t format_version = 1;
constexpr std::uint64_t file_limit = 256 * 1024 * 1024;
constexpr std::uint64_t longest_time_us = 1'000'000'000'000;  // twelve days
constexpr std::size_t sha256_size = 32;

template <class Value>
struct Word {
  std::string_view word;
  Value value;
};
constexpr std::array identities{
    Word<UsbIdentity>{"unknown", UsbIdentity::unknown}, Word<UsbIdentity>{"brom", UsbIdentity::brom},
    Word<UsbIdentity>{"preloader", UsbIdentity::preloader}, Word<UsbIdentity>{"agent", UsbIdentity::agent}};
/// An error that no trace knows is written as `io`: the link cannot be used.
constexpr std::array failures{Word<Errc>{"io", Errc::io}, Word<Errc>{"timeout", Errc::timeout},
                              Word<Errc>{"disconnected", Errc::disconnected}, Word<Errc>{"busy", Errc::busy},
                              Word<Errc>{"denied", Errc::denied}};

template <class Words, class Value>
std::string_view word_for(const Words& words, Value value) {
  const auto found = std::ranges::find_if(words, [&](const auto& word) { return word.value == value; });
  return found == words.end() ? words.front().word : found->word;
}

// Writing

ordered_json to_json(const WithheldBytes& bytes) {
  return {{"size", bytes.size}, {"sha256", hex_compact(bytes.sha256)}, {"sum", bytes.byte_sum}};
}
ordered_json to_json(const Bytes& bytes) { return hex_compact(bytes); }

struct AddTo {
  ordered_json& line;

  void operator()(const TraceTransfer& transfer) const {
    line[transfer.direction == Direction::to_phone ? "host" : "phone"] =
        std::visit([](const auto& content) { return to_json(content); }, transfer.content);
  }
  void operator()(const TraceFailure& failure) const {
    line[failure.direction == Direction::to_phone ? "host_failed" : "phone_failed"] =
        word_for(failures, failure.code);
  }
  void operator()(const TraceReopen& reopen) const {
    line["reopen"] = word_for(identities, reopen.expected);
    if (reopen.failure) line["failed"] = word_for(failures, *reopen.failure);
  }
  void operator()(const TraceNote& note) const { line["note"] = note.text; }
};

std::string to_text(const ordered_json& line) {
  return line.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

// Reading. Every access is checked first, so that no exception of the library comes up.

Result<std::string> text_of(const json& value, std::string_view what) {
  if (!value.is_string()) return fail(Errc::bad_image, fmt::format("{} is not text", what));
  return value.get<std::string>();
}

Result<std::uint64_t> number_in(const json& object, const char* key, std::uint64_t limit) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_unsigned() || found->get<std::uint64_t>() > limit)
    return fail(Errc::bad_image, fmt::format("{} is not a number from 0 to {}", key, limit));
  return found->get<std::uint64_t>();
}

Result<std::chrono::microseconds> time_in(const json& object, const char* key) {
  if (!object.contains(key)) return std::chrono::microseconds{0};
  MTK_TRY_LET(const std::uint64_t time, number_in(object, key, longest_time_us));
  return std::chrono::microseconds{time};
}

Result<Bytes> bytes_of(const json& value, std::string_view what) {
  MTK_TRY_LET(const std::string digits, text_of(value, what));
  auto bytes = parse_hex(digits);
  if (!bytes) return fail(Errc::bad_image, fmt::format("{}: {}", what, bytes.error().what));
  return bytes;
}

template <class Words>
auto value_of(const Words& words, const json& value, std::string_view what)
    -> Result<decltype(words.front().value)> {
  MTK_TRY_LET(const std::string text, text_of(value, what));
  const auto found = std::ranges::find_if(words, [&](const auto& word) { return word.word == text; });
  if (found == words.end()) return fail(Errc::bad_image, fmt::format("{} has an unknown value", what));
  return found->value;
}

Result<WithheldBytes> withheld_of(const json& value) {
  constexpr auto any = std::numeric_limits<std::int64_t>::max();
  WithheldBytes bytes;
  MTK_TRY_LET(bytes.size, number_in(value, "size", any));
  MTK_TRY_LET(bytes.byte_sum, number_in(value, "sum", any));
  if (!value.contains("sha256")) return fail(Errc::bad_image, "sha256 is missing");
  MTK_TRY_LET(bytes.sha256, bytes_of(value["sha256"], "sha256"));
  if (bytes.sha256.size() != sha256_size) return fail(Errc::bad_image, "sha256 has not 32 bytes");
  const std::uint64_t most = checked_multiply(bytes.size, 255).value_or(any);
  if (bytes.size == 0 || bytes.byte_sum > most)
    return fail(Errc::bad_image, fmt::format("{} bytes cannot have the sum {}", bytes.size, bytes.byte_sum));
  return bytes;
}

Result<TraceTransfer> transfer_of(Direction direction, const json& value) {
  if (value.is_object()) {
    MTK_TRY_LET(auto withheld, withheld_of(value));
    return TraceTransfer{direction, std::move(withheld)};
  }
  MTK_TRY_LET(auto bytes, bytes_of(value, "a transfer"));
  return TraceTransfer{direction, std::move(bytes)};
}

Result<decltype(TraceEntry::what)> content_of(const json& line) {
  if (line.contains("host")) return transfer_of(Direction::to_phone, line["host"]);
  if (line.contains("phone")) return transfer_of(Direction::to_host, line["phone"]);
  if (line.contains("note")) {
    MTK_TRY_LET(std::string text, text_of(line["note"], "note"));
    return TraceNote{std::move(text)};
  }
  for (const auto& [key, direction] : {Word<Direction>{"host_failed", Direction::to_phone},
                                       Word<Direction>{"phone_failed", Direction::to_host}}) {
    if (!line.contains(key)) continue;
    MTK_TRY_LET(const Errc code, value_of(failures, line[std::string{key}], key));
    return TraceFailure{direction, code};
  }
  if (line.contains("reopen")) {
    TraceReopen reopen;
    MTK_TRY_LET(reopen.expected, value_of(identities, line["reopen"], "reopen"));
    if (line.contains("failed")) {
      MTK_TRY_LET(reopen.failure, value_of(failures, line["failed"], "failed"));
    }
    return reopen;
  }
  return fail(Errc::bad_image, "a line of an unknown kind");
}

Result<TraceEntry> entry_of(std::string_view text) {
  const json line = json::parse(text, nullptr, false);
  if (!line.is_object()) return fail(Errc::bad_image, "not a JSON object");
  MTK_TRY_LET(auto what, content_of(line));
  TraceEntry entry{.what = std::move(what)};
  MTK_TRY_LET(entry.at, time_in(line, "at"));
  MTK_TRY_LET(entry.waited, time_in(line, "waited"));
  return entry;
}

Result<TraceAbout> head_of(std::string_view text) {
  const json head = json::parse(text, nullptr, false);
  if (!head.is_object() || !head.contains("format") || head["format"] != format_name)
    return fail(Errc::bad_image, "not a trace");
  const auto version = number_in(head, "version", std::numeric_limits<std::uint32_t>::max());
  if (!version) return fail(version.error());
  if (*version != format_version)
    return fail(Errc::bad_image, fmt::format("trace format version {}; this program reads version {}",
                                             *version, format_version));
  TraceAbout about;
  if (!head.contains("about")) return about;
  if (!head["about"].is_object()) return fail(Errc::bad_image, "about is not an object");
  for (const auto& [key, value] : head["about"].items()) {
    MTK_TRY_LET(about[key], text_of(value, "a field of about"));
  }
  return about;
}

}  // namespace

std::uint64_t TraceTransfer::size() const {
  const auto* bytes = std::get_if<Bytes>(&content);
  return bytes != nullptr ? bytes->size() : std::get<WithheldBytes>(content).size;
}

std::string trace_head(const TraceAbout& about) {
  return to_text({{"format", format_name}, {"version", format_version}, {"about", about}});
}

std::string trace_line(const TraceEntry& entry) {
  ordered_json line{{"at", entry.at.count()}, {"waited", entry.waited.count()}};
  std::visit(AddTo{line}, entry.what);
  return to_text(line);
}

Result<Trace> parse_trace(std::string_view text) {
  if (text.empty()) return fail(Errc::bad_image, "not a trace");
  Trace trace;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::string where = fmt::format("line {}", number);
    if (number == 1) {
      MTK_TRY_LET(trace.about, in(head_of(line), where));
    } else if (!line.empty()) {
      MTK_TRY_LET(auto entry, in(entry_of(line), where));
      trace.entries.push_back(std::move(entry));
    }
  }
  return trace;
}

Result<Trace> read_trace(const std::filesystem::path& path) {
  MTK_TRY_LET(const Bytes bytes, read_file(path, file_limit));
  std::string text(bytes.size(), '\0');
  std::ranges::transform(bytes, text.begin(), [](std::byte byte) { return static_cast<char>(byte); });
  return in(parse_trace(text), path.string());
}

}  // namespace mtk
