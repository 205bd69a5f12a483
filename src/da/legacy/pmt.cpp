// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/pmt.h"

#include "base/checked.h"

#include <algorithm>
#include <array>
#include <optional>

namespace mtk::legacy {
namespace {

constexpr std::size_t name_size = 64;
constexpr std::uint64_t max_part = 9;
constexpr std::uint64_t any_part = 0xff;

enum class Layout : std::uint8_t {
  part_last = 0x58,    // offset, size, part
  part_middle = 0x60,  // size, part, offset, flags
  narrow = 0x4c        // size, offset, flags, of 32 bits
};
constexpr std::array layouts{Layout::part_last, Layout::part_middle, Layout::narrow};

bool is_name(ByteView field) {
  const auto end = std::ranges::find(field, std::byte{0});
  const bool printable = std::all_of(
      field.begin(), end, [](std::byte byte) { return byte >= std::byte{0x20} && byte < std::byte{0x7f}; });
  return printable && std::all_of(end, field.end(), [](std::byte byte) { return byte == std::byte{0}; });
}

std::optional<PmtEntry> entry_of(ByteView bytes, Layout layout) {
  ByteReader in{bytes};
  const ByteView name = in.bytes(name_size);
  if (!is_name(name)) return std::nullopt;
  PmtEntry entry{.name = printable_text(name)};
  switch (layout) {
    case Layout::part_last:
      entry.offset = in.le<std::uint64_t>();
      entry.size = in.le<std::uint64_t>();
      entry.part = in.le<std::uint64_t>();
      if (entry.part > max_part) return std::nullopt;
      break;
    case Layout::part_middle:
      entry.size = in.le<std::uint64_t>();
      entry.part = in.le<std::uint64_t>();
      entry.offset = in.le<std::uint64_t>();
      if (entry.part > max_part && entry.part != any_part) return std::nullopt;
      break;
    case Layout::narrow:
      entry.size = in.le<std::uint32_t>();
      entry.offset = in.le<std::uint32_t>();
      break;
  }
  if (!checked_add(entry.offset, entry.size)) return std::nullopt;
  return entry;
}

std::optional<std::vector<PmtEntry>> entries_of(ByteView list, Layout layout) {
  const auto stride = static_cast<std::size_t>(layout);
  if (list.size() % stride != 0) return std::nullopt;
  std::vector<PmtEntry> entries;
  for (std::size_t at = 0; at < list.size(); at += stride) {
    auto entry = entry_of(list.subspan(at, stride), layout);
    if (!entry) return std::nullopt;
    if (!entry->name.empty()) entries.push_back(std::move(*entry));
  }
  return entries;
}

}  // namespace

Result<std::vector<PmtEntry>> parse_pmt(ByteView list) {
  for (const Layout layout : layouts) {
    if (auto entries = entries_of(list, layout)) return std::move(*entries);
  }
  return fail(Errc::protocol, "partition list has none of the known layouts");
}

}  // namespace mtk::legacy
