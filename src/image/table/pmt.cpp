// SPDX-License-Identifier: Apache-2.0
#include "image/table/pmt.h"

#include "base/checked.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace mtk {

namespace {

constexpr std::size_t name_size = 64;
constexpr std::uint64_t max_part = 9;
constexpr std::uint64_t any_part = 0xff;

/// How the numbers behind the name are arranged.
enum class Layout : std::uint8_t {
  offset_size_part,        // u64 each
  size_offset_flags,       // u64, u64, u32 and a gap
  size_part_offset_flags,  // u64 each
  narrow                   // size, offset, flags of 32 bits
};
constexpr std::array list_layouts{Layout::offset_size_part, Layout::size_offset_flags,
                                  Layout::size_part_offset_flags, Layout::narrow};
constexpr std::array v1_layouts{Layout::size_offset_flags, Layout::offset_size_part};
constexpr std::array v3_layouts{Layout::size_part_offset_flags};

constexpr std::size_t stride_of(Layout layout) {
  switch (layout) {
    case Layout::offset_size_part:
    case Layout::size_offset_flags:
      return 0x58;
    case Layout::size_part_offset_flags:
      return 0x60;
    case Layout::narrow:
      return 0x4c;
  }
  return 0;
}

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
    case Layout::offset_size_part:
      entry.offset = in.le<std::uint64_t>();
      entry.size = in.le<std::uint64_t>();
      entry.part = in.le<std::uint64_t>();
      if (entry.part > max_part) return std::nullopt;
      break;
    case Layout::size_offset_flags:
      entry.size = in.le<std::uint64_t>();
      entry.offset = in.le<std::uint64_t>();
      entry.flags = in.le<std::uint32_t>();
      if (in.le<std::uint32_t>() != 0) return std::nullopt;
      break;
    case Layout::size_part_offset_flags:
      entry.size = in.le<std::uint64_t>();
      entry.part = in.le<std::uint64_t>();
      entry.offset = in.le<std::uint64_t>();
      entry.flags = in.le<std::uint64_t>();
      if (entry.part > max_part && entry.part != any_part) return std::nullopt;
      break;
    case Layout::narrow:
      entry.size = in.le<std::uint32_t>();
      entry.offset = in.le<std::uint32_t>();
      entry.flags = in.le<std::uint32_t>();
      break;
  }
  if (!checked_add(entry.offset, entry.size)) return std::nullopt;
  return entry;
}

enum class Ends : std::uint8_t { with_the_bytes, with_an_empty_name };

/// The used entries, if each of them makes sense in this layout.
std::optional<std::vector<PmtEntry>> entries_of(ByteView list, Layout layout, Ends ends) {
  const std::size_t stride = stride_of(layout);
  if (ends == Ends::with_the_bytes && list.size() % stride != 0) return std::nullopt;
  std::vector<PmtEntry> entries;
  for (std::size_t at = 0; fits(at, stride, list.size()); at += stride) {
    if (ends == Ends::with_an_empty_name) {
      if (list[at] == std::byte{0} || list[at] == std::byte{0xff}) return entries;  // 0xff: erased NAND
      if (entries.size() == max_pmt_entries) return std::nullopt;
    }
    auto entry = entry_of(list.subspan(at, stride), layout);
    if (!entry) return std::nullopt;
    if (!entry->name.empty()) entries.push_back(std::move(*entry));
  }
  if (ends == Ends::with_an_empty_name) return std::nullopt;
  return entries;
}

/// Entries that start where the one before ends: in real tables, nearly all.
std::size_t neighbours(const std::vector<PmtEntry>& entries) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const PmtEntry& before = entries[i - 1];
    if (before.size != 0 && before.offset + before.size == entries[i].offset) ++count;
  }
  return count;
}

/// The best reading; the earlier layout wins a draw.
std::optional<std::vector<PmtEntry>> best_reading(ByteView list, std::span<const Layout> layouts, Ends ends) {
  std::optional<std::vector<PmtEntry>> best;
  for (const Layout layout : layouts) {
    auto entries = entries_of(list, layout, ends);
    if (entries && (!best || neighbours(*entries) > neighbours(*best))) best = std::move(entries);
  }
  return best;
}

constexpr std::size_t head_size = 8;  // signature, then four bytes of no known use

/// The words PTv1, PTv3, MPT1 and MPT3, stored little-endian.
struct Signature {
  std::string_view bytes;
  PmtVersion version;
  bool mirror;
};
constexpr std::array signatures{
    Signature{"1vTP", PmtVersion::v1, false}, Signature{"3vTP", PmtVersion::v3, false},
    Signature{"1TPM", PmtVersion::v1, true}, Signature{"3TPM", PmtVersion::v3, true}};

}  // namespace

Result<std::vector<PmtEntry>> parse_pmt_list(ByteView list) {
  if (auto entries = best_reading(list, list_layouts, Ends::with_the_bytes)) return std::move(*entries);
  return fail(Errc::bad_image, "partition list has none of the known layouts");
}

Result<PmtBlock> parse_pmt_block(ByteView block) {
  const auto found = std::ranges::find_if(signatures, [&](const Signature& signature) {
    return block.size() >= head_size &&
           std::ranges::equal(block.first(signature.bytes.size()), to_bytes(signature.bytes));
  });
  if (found == signatures.end()) return fail(Errc::bad_image, "no partition list block");
  const std::span<const Layout> layouts =
      found->version == PmtVersion::v1 ? std::span<const Layout>{v1_layouts} : v3_layouts;
  auto entries = best_reading(block.subspan(head_size), layouts, Ends::with_an_empty_name);
  if (!entries) return fail(Errc::bad_image, "partition list block with entries that make no sense");
  return PmtBlock{.version = found->version, .mirror = found->mirror, .entries = std::move(*entries)};
}

Result<Bytes> encode_pmt_block(const PmtBlock& block) {
  if (block.entries.size() > max_pmt_entries) return fail(Errc::out_of_range, "too many partitions");
  const auto signature = std::ranges::find_if(
      signatures, [&](const Signature& s) { return s.version == block.version && s.mirror == block.mirror; });
  ByteWriter out;
  out.bytes(to_bytes(signature->bytes)).fill(head_size - signature->bytes.size());
  for (const PmtEntry& entry : block.entries) {
    const Bytes name = to_bytes(entry.name);
    if (name.empty() || name.size() >= name_size || !is_name(name)) {
      return fail(Errc::out_of_range, fmt::format("'{}' is no name of a partition", entry.name));
    }
    out.text(entry.name, name_size).le(entry.size);
    if (block.version == PmtVersion::v3) {
      out.le(entry.part).le(entry.offset).le(entry.flags);
    } else {
      out.le(entry.offset).le(static_cast<std::uint32_t>(entry.flags)).le(std::uint32_t{0});
    }
  }
  out.fill(stride_of(Layout::size_part_offset_flags));
  return std::move(out).take();
}

}  // namespace mtk
