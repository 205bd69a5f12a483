// SPDX-License-Identifier: Apache-2.0
#include "image/preloader/emi_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk {

namespace {

struct Size {
  std::uint32_t version;
  std::size_t bytes;
};
constexpr std::array sizes{
    Size{0, 140},  Size{0, 188},  Size{6, 60},   Size{7, 64},   Size{8, 136},  Size{10, 184}, Size{11, 168},
    Size{12, 188}, Size{13, 188}, Size{14, 168}, Size{15, 176}, Size{16, 188}, Size{17, 176}, Size{20, 188},
    Size{21, 188}, Size{22, 176}, Size{24, 164}, Size{25, 160}, Size{25, 144}, Size{27, 188}, Size{28, 144},
    Size{30, 160}, Size{31, 160}, Size{32, 188}, Size{35, 160}, Size{36, 160}, Size{38, 160}, Size{39, 160},
    Size{40, 160}, Size{45, 160}, Size{46, 160}, Size{47, 160}, Size{49, 84},  Size{52, 84}};

/// Offsets inside a record; `none` for a field the layout lacks.
struct Layout {
  static constexpr std::size_t none = ~std::size_t{0};
  std::size_t type;
  std::size_t id;
  std::size_t id_size;
  std::size_t id_length;            ///< where the used length of the id stands
  std::size_t usual_id_length = 0;  ///< when it is stored nowhere
};
constexpr Layout with_sub_version{.type = 4, .id = 0x10, .id_size = 16, .id_length = 8};
constexpr Layout type_first{.type = 0, .id = 4, .id_size = 16, .id_length = 0x14};
constexpr Layout type_and_length_first{.type = 0, .id = 8, .id_size = 16, .id_length = 4};
constexpr Layout v08{.type = 0, .id = 4, .id_size = 12, .id_length = Layout::none, .usual_id_length = 9};
constexpr Layout nand_only{
    .type = Layout::none, .id = 0, .id_size = 4, .id_length = Layout::none, .usual_id_length = 4};

std::uint32_t word_at(ByteView record, std::size_t offset) {
  ByteReader reader{record};
  reader.seek(offset);
  return reader.le<std::uint32_t>();
}

bool is_memory_type(std::uint32_t word) {
  const std::uint32_t ddr = word & 0xff;
  const std::uint32_t package = word >> 8;
  return ddr >= 1 && ddr <= 8 && (package <= 3 || package == 0xf);
}

Layout layout_of(std::uint32_t version, ByteView record) {
  if (version == 6 || version == 7) return nand_only;
  if (version == 8) return v08;
  if (version == 49 || version == 52) return type_and_length_first;
  // These two mix both forms; a sub version is 0 or 1 and is followed by the type.
  const bool has_sub_version = word_at(record, 0) <= 1 && is_memory_type(word_at(record, 4));
  if ((version == 11 || version == 14) && !has_sub_version) return type_first;
  return with_sub_version;
}

constexpr std::array ddr_names{"unknown memory", "DDR1", "LPDDR2", "LPDDR3", "DDR3", "LPDDR4", "LPDDR4X"};

/// The id with each 32-bit word reversed; some agents report it so.
Bytes words_reversed(ByteView id) {
  Bytes out(id.begin(), id.end());
  for (std::size_t i = 0; i + 4 <= out.size(); i += 4) {
    std::reverse(out.begin() + static_cast<std::ptrdiff_t>(i),
                 out.begin() + static_cast<std::ptrdiff_t>(i + 4));
  }
  return out;
}

}  // namespace

std::vector<std::size_t> emi_record_sizes(std::uint32_t version) {
  std::vector<std::size_t> found;
  for (const Size& size : sizes) {
    if (size.version == version) found.push_back(size.bytes);
  }
  return found;
}

EmiRecord read_emi_record(std::uint32_t version, ByteView record) {
  const Layout layout = layout_of(version, record);
  EmiRecord out{.raw = Bytes(record.begin(), record.end())};
  if (layout.type != Layout::none) out.type = word_at(record, layout.type);
  std::size_t length = layout.usual_id_length;
  if (layout.id_length != Layout::none) length = word_at(record, layout.id_length);
  ByteReader reader{record};
  reader.seek(layout.id);
  const ByteView id = reader.bytes(std::min(length, layout.id_size));
  out.id.assign(id.begin(), id.end());
  return out;
}

std::optional<std::size_t> record_for(const EmiBlock& block, ByteView storage_id) {
  constexpr std::size_t shortest_id = 4;
  const Bytes reversed = words_reversed(storage_id);
  for (std::size_t i = 0; i < block.records.size(); ++i) {
    const Bytes& id = block.records[i].id;
    if (id.size() < shortest_id || id.size() > storage_id.size()) continue;
    if (std::ranges::equal(id, storage_id.first(id.size())) ||
        std::ranges::equal(id, ByteView(reversed).first(id.size()))) {
      return i;
    }
  }
  return std::nullopt;
}

MemoryMatch describes_memory(const EmiBlock& block, ByteView storage_id) {
  if (record_for(block, storage_id)) return MemoryMatch::listed;
  const bool open = block.records.empty() ||
                    std::ranges::any_of(block.records, [](const EmiRecord& r) { return r.id.empty(); });
  return open ? MemoryMatch::unknown : MemoryMatch::not_listed;
}

std::string describe_memory(const EmiRecord& record) {
  if (!is_memory_type(record.type)) return fmt::format("unknown memory (type 0x{:x})", record.type);
  const std::size_t ddr = record.type & 0xff;
  const std::string kind = ddr < ddr_names.size() ? ddr_names[ddr] : fmt::format("memory kind {}", ddr);
  switch (record.type >> 8) {
    case 0:
      return kind;
    case 1:
      return kind + ", NAND package";
    case 2:
      return kind + ", eMMC package";
    case 3:
      return kind + ", UFS package";
    default:
      return kind + ", default entry";
  }
}

std::string describe_id(const EmiRecord& record) {
  std::string readable;
  for (const std::byte byte : record.id) {
    const auto c = static_cast<char>(byte);
    if (c >= ' ' && c <= '~') readable += c;
  }
  if (record.id.empty()) return "any";
  return fmt::format("{} ({})", readable, hex(record.id));
}

}  // namespace mtk
