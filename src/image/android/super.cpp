// SPDX-License-Identifier: Apache-2.0
#include "image/android/super.h"

#include "base/checked.h"
#include "base/hash.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

constexpr std::uint64_t reserved = 4096;  // for a boot sector
constexpr std::uint64_t geometry_room = 4096;
constexpr std::size_t geometry_size = 52;
constexpr std::uint32_t geometry_magic = 0x616c4467;
constexpr std::uint32_t header_magic = 0x414c5030;
constexpr std::uint32_t max_metadata_size = 1 << 20;
constexpr std::uint32_t max_slots = 16;
constexpr std::uint64_t sector = 512;
constexpr std::uint32_t linear_target = 0;
constexpr std::uint32_t zero_target = 1;
constexpr std::uint32_t read_only_bit = 1;

struct Geometry {
  std::uint32_t metadata_max_size = 0;
  std::uint32_t slot_count = 0;
};

/// SHA-256 of a record whose own checksum field reads as zeros.
Bytes sum_without(ByteView record, std::size_t field) {
  Bytes copy(record.begin(), record.end());
  std::fill_n(copy.begin() + static_cast<std::ptrdiff_t>(field), 32, std::byte{0});
  return sha256(copy);
}

Result<Geometry> read_geometry(const ImageSource& image, std::uint64_t offset) {
  Bytes raw(geometry_size);
  if (!fits(offset, raw.size(), image.size())) return fail(Errc::bad_image, "cut inside the geometry");
  MTK_TRY(image.read_at(offset, raw));
  ByteReader in{raw, Errc::bad_image};
  if (in.le<std::uint32_t>() != geometry_magic) return fail(Errc::bad_image, "no super partition geometry");
  const auto size = in.le<std::uint32_t>();
  const ByteView sum = in.bytes(32);
  const Geometry out{.metadata_max_size = in.le<std::uint32_t>(), .slot_count = in.le<std::uint32_t>()};
  if (size != geometry_size || !std::ranges::equal(sum, sum_without(raw, 8))) {
    return fail(Errc::bad_image, "the geometry's checksum is wrong");
  }
  if (out.metadata_max_size > max_metadata_size || out.slot_count == 0 || out.slot_count > max_slots) {
    return fail(Errc::bad_image, "the geometry's sizes are not believable");
  }
  return out;
}

/// One of the tables behind the header.
struct Table {
  std::uint32_t offset = 0;
  std::uint32_t count = 0;
  std::uint32_t entry_size = 0;

  /// A reader for entry `index`; the entries were checked to lie inside.
  ByteReader at(ByteView tables, std::uint32_t index) const {
    return ByteReader{tables.subspan(offset + std::size_t{index} * entry_size, entry_size), Errc::bad_image};
  }
};

Result<Table> read_table(ByteReader& in, std::size_t tables_size, std::uint32_t smallest_entry) {
  const Table table{.offset = in.le<std::uint32_t>(),
                    .count = in.le<std::uint32_t>(),
                    .entry_size = in.le<std::uint32_t>()};
  const std::uint64_t bytes = std::uint64_t{table.count} * table.entry_size;
  if (table.entry_size < smallest_entry || !fits(table.offset, bytes, tables_size)) {
    return fail(Errc::bad_image, "a table lies outside the metadata");
  }
  return table;
}

class Metadata {
 public:
  static Result<SuperTable> read(const ImageSource& image, std::uint64_t offset, std::uint32_t room) {
    constexpr std::size_t smallest_header = 128;
    if (room < smallest_header || !fits(offset, room, image.size()))
      return fail(Errc::bad_image, "cut inside the metadata");
    Bytes raw(room);
    MTK_TRY(image.read_at(offset, raw));
    ByteReader in{raw, Errc::bad_image};
    if (in.le<std::uint32_t>() != header_magic) return fail(Errc::bad_image, "no metadata in this slot");
    const auto major = in.le<std::uint16_t>();
    in.skip(2);
    const std::uint32_t header_size = in.le<std::uint32_t>();
    const ByteView header_sum = in.bytes(32);
    const std::uint32_t tables_size = in.le<std::uint32_t>();
    const ByteView tables_sum = in.bytes(32);
    if (major != 10) return fail(Errc::bad_image, fmt::format("metadata version {} is not known", major));
    if (header_size < smallest_header || !fits(header_size, tables_size, raw.size()))
      return fail(Errc::bad_image, "the metadata's sizes do not fit");
    if (!std::ranges::equal(header_sum, sum_without(ByteView(raw).first(header_size), 12)))
      return fail(Errc::bad_image, "the metadata header's checksum is wrong");
    Metadata metadata;
    metadata.tables_ = ByteView(raw).subspan(header_size, tables_size);
    if (!std::ranges::equal(tables_sum, sha256(metadata.tables_)))
      return fail(Errc::bad_image, "the metadata tables' checksum is wrong");
    MTK_TRY_LET(metadata.partitions_, read_table(in, tables_size, 52));
    MTK_TRY_LET(metadata.extents_, read_table(in, tables_size, 24));
    MTK_TRY_LET(metadata.groups_, read_table(in, tables_size, 48));
    MTK_TRY_LET(metadata.devices_, read_table(in, tables_size, 64));
    return metadata.partitions(image.size());
  }

 private:
  Result<SuperTable> partitions(std::uint64_t image_size) const {
    SuperTable out;
    if (devices_.count > 0) {
      ByteReader device = devices_.at(tables_, 0);
      device.skip(16);
      out.device_size = device.le<std::uint64_t>();
    }
    std::uint64_t used = 0;  // extents handed out so far
    if (devices_.count > 1) out.warnings.emplace_back("spread over several partitions");
    for (std::uint32_t i = 0; i < partitions_.count; ++i) {
      ByteReader in = partitions_.at(tables_, i);
      LogicalPartition partition{.name = in.text(36)};
      partition.read_only = (in.le<std::uint32_t>() & read_only_bit) != 0;
      const auto first = in.le<std::uint32_t>();
      const auto count = in.le<std::uint32_t>();
      const auto group = in.le<std::uint32_t>();
      used += count;
      if (used > extents_.count) return fail(Errc::bad_image, "an extent belongs to several partitions");
      if (!fits(first, count, extents_.count)) {
        return fail(Errc::bad_image, fmt::format("{} has extents outside the table", partition.name));
      }
      if (group < groups_.count) partition.group = groups_.at(tables_, group).text(36);
      for (std::uint32_t e = first; e < first + count; ++e) {
        MTK_TRY(mtk::in(add_extent(partition, extents_.at(tables_, e)), partition.name));
      }
      const bool outside = std::ranges::any_of(partition.extents, [&](const SuperExtent& extent) {
        return !extent.zeros && !fits(extent.offset, extent.length, image_size);
      });
      if (outside)
        out.warnings.push_back(fmt::format("{} reaches past the end of the image", partition.name));
      out.partitions.push_back(std::move(partition));
    }
    return out;
  }

  static Result<> add_extent(LogicalPartition& partition, ByteReader in) {
    SuperExtent extent;
    MTK_TRY_LET(extent.length, checked_multiply(in.le<std::uint64_t>(), sector));
    const auto target = in.le<std::uint32_t>();
    MTK_TRY_LET(extent.offset, checked_multiply(in.le<std::uint64_t>(), sector));
    if (target != linear_target && target != zero_target)
      return fail(Errc::bad_image, fmt::format("extent of unknown kind {}", target));
    extent.zeros = target == zero_target;
    MTK_TRY_LET(partition.size, checked_add(partition.size, extent.length));
    partition.extents.push_back(extent);
    return {};
  }

  ByteView tables_;
  Table partitions_;
  Table extents_;
  Table groups_;
  Table devices_;
};

class LogicalImage final : public ImageSource {
 public:
  LogicalImage(ImagePtr super, std::vector<SuperExtent> extents, std::uint64_t size)
      : super_(std::move(super)), extents_(std::move(extents)), size_(size) {}

  std::uint64_t size() const override { return size_; }
  Result<> read_at(std::uint64_t offset, std::span<std::byte> into) const override {
    if (!fits(offset, into.size(), size_))
      return fail(Errc::out_of_range, "read outside the logical partition");
    std::uint64_t start = 0;  // of the extent, in the partition
    for (const SuperExtent& extent : extents_) {
      if (into.empty()) break;
      if (offset < start + extent.length) {
        const std::uint64_t inside = offset - start;
        const auto part = into.first(
            static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), extent.length - inside)));
        if (extent.zeros) {
          std::ranges::fill(part, std::byte{0});
        } else {
          MTK_TRY(super_->read_at(extent.offset + inside, part));
        }
        offset += part.size();
        into = into.subspan(part.size());
      }
      start += extent.length;
    }
    return {};
  }

 private:
  ImagePtr super_;
  std::vector<SuperExtent> extents_;
  std::uint64_t size_;
};

}  // namespace

const LogicalPartition* SuperTable::find(std::string_view name) const {
  const auto found = std::ranges::find(partitions, name, &LogicalPartition::name);
  return found == partitions.end() ? nullptr : &*found;
}

Result<SuperTable> read_super(const ImageSource& image) {
  auto geometry = read_geometry(image, reserved);
  if (!geometry) geometry = read_geometry(image, reserved + geometry_room);
  if (!geometry) return fail(std::move(geometry.error()));
  const std::uint64_t first = reserved + 2 * geometry_room;
  std::optional<Error> why;
  // The backups of all slots follow the slots.
  for (std::uint32_t slot = 0; slot < 2 * geometry->slot_count; ++slot) {
    const std::uint64_t offset = first + std::uint64_t{slot} * geometry->metadata_max_size;
    auto table = Metadata::read(image, offset, geometry->metadata_max_size);
    if (table) {
      if (slot > 0)
        table->warnings.push_back(fmt::format("read from copy {} of the table: {}", slot, why->what));
      return table;
    }
    if (!why) why = std::move(table.error());
  }
  return fail(std::move(*why));
}

Result<ImagePtr> open_logical(ImagePtr super, const LogicalPartition& partition) {
  for (const SuperExtent& extent : partition.extents) {
    if (!extent.zeros && !fits(extent.offset, extent.length, super->size())) {
      return fail(Errc::out_of_range, fmt::format("{} reaches past the end of the image", partition.name));
    }
  }
  return std::make_shared<LogicalImage>(std::move(super), partition.extents, partition.size);
}

}  // namespace mtk
