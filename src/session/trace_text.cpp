// SPDX-License-Identifier: Apache-2.0
#include <mtk/trace.h>

#include "transport/trace.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

constexpr std::size_t bytes_per_line = 16;

std::string ascii(ByteView bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    const auto c = static_cast<char>(byte);
    text += c >= 0x20 && c < 0x7f ? c : '.';
  }
  return text;
}

class Printer {
 public:
  explicit Printer(const std::function<void(std::string_view)>& line) : line_(line) {}

  void entry(const TraceEntry& entry) {
    head_ = fmt::format("{:>12.6f}", std::chrono::duration<double>(entry.at).count());
    std::visit([this](const auto& what) { show(what); }, entry.what);
  }

 private:
  void show(const TraceTransfer& transfer) {
    const std::string_view arrow = transfer.direction == Direction::to_phone ? ">" : "<";
    if (const auto* withheld = std::get_if<WithheldBytes>(&transfer.content)) {
      line_(fmt::format("{} {} {:>6}  withheld, sha256 {}", head_, arrow, withheld->size,
                        hex_compact(withheld->sha256)));
      return;
    }
    const ByteView bytes = std::get<Bytes>(transfer.content);
    for (std::size_t at = 0; at < bytes.size() || at == 0; at += bytes_per_line) {
      const ByteView part = bytes.subspan(at, std::min(bytes_per_line, bytes.size() - at));
      const std::string start = at == 0 ? fmt::format("{} {} {:>6}", head_, arrow, bytes.size())
                                        : fmt::format("{:>12} {} {:>6}", "", arrow, "");
      line_(fmt::format("{}  {:<47}  {}", start, hex(part), ascii(part)));
    }
  }
  void show(const TraceFailure& failure) {
    line_(fmt::format("{} {} {}", head_, failure.direction == Direction::to_phone ? ">" : "<",
                      to_string(failure.code)));
  }
  void show(const TraceReopen& reopen) {
    line_(fmt::format("{} = reopened{}", head_,
                      reopen.failure ? fmt::format(": {}", to_string(*reopen.failure)) : ""));
  }
  void show(const TraceNote& note) {
    line_(fmt::format("{} # {}", head_, printable_text(to_bytes(note.text))));
  }

  const std::function<void(std::string_view)>& line_;
  std::string head_;
};

}  // namespace

std::optional<Error> print_trace(const std::filesystem::path& file,
                                 const std::function<void(std::string_view)>& line) {
  const auto trace = read_trace(file);
  if (!trace) return trace.error();
  for (const auto& [key, value] : trace->about) {
    line(fmt::format("# {}: {}", key, printable_text(to_bytes(value))));
  }
  Printer printer{line};
  for (const TraceEntry& entry : trace->entries) printer.entry(entry);
  return std::nullopt;
}

}  // namespace mtk
