// SPDX-License-Identifier: Apache-2.0
// Reading, writing and erasing ranges of the storage.
#include "base/ascii.h"
#include "base/checked.h"
#include "sim/policy.h"
#include "sim/xml_da2.h"

#include <algorithm>

namespace mtk::sim {

namespace {

constexpr std::uint32_t ufs_erase_unit = 4096;
constexpr std::uint32_t reads_back = 2;

struct RegionName {
  std::string_view name;
  std::string_view storage;
  std::uint8_t part;
};
/// GP2 to GP4 and RPMB are not regions of the known builds.
constexpr RegionName region_names[] = {{"EMMC-BOOT1", "EMMC", part_boot1}, {"EMMC-BOOT2", "EMMC", part_boot2},
                                       {"EMMC-USER", "EMMC", part_user},   {"EMMC-GP1", "EMMC", part_gp1},
                                       {"UFS-LUA0", "UFS", part_boot1},    {"UFS-LUA1", "UFS", part_boot2},
                                       {"UFS-LUA2", "UFS", part_user},     {"UFS-LUA3", "UFS", part_gp1},
                                       {"NAND-WHOLE", "NAND", part_user}};

}  // namespace

std::string_view XmlDa2::storage_name() const {
  if (has_nand()) return "NAND";
  return board_.card.kind() == StorageKind::ufs ? "UFS" : "EMMC";
}

std::optional<XmlDa2::Target> XmlDa2::region(std::string_view name) const {
  for (const auto& known : region_names) {
    const std::uint64_t size = board_.card.size(known.part);
    if (known.name == name && known.storage == storage_name() && size != 0)
      return Target{.name = std::string{name}, .place = {.part = known.part, .offset = 0, .size = size}};
  }
  return std::nullopt;
}

std::vector<XmlDa2::Target> XmlDa2::partitions() const {
  std::vector<Target> out;
  const auto gpt = read_gpt(board_.card);
  if (!gpt) return out;
  const std::uint64_t sector = board_.card.sector();
  for (const auto& entry : gpt->entries) {
    if (entry.name.empty() || entry.last < entry.first || entry.last >= board_.card.size(part_user) / sector)
      continue;
    out.push_back({.name = entry.name,
                   .place = {.part = part_user,
                             .offset = entry.first * sector,
                             .size = (entry.last - entry.first + 1) * sector}});
  }
  return out;
}

std::optional<XmlDa2::Target> XmlDa2::partition(std::string_view name) const {
  for (const auto& found : partitions()) {
    if (same_ignoring_case(found.name, name)) return found;
  }
  if (!same_ignoring_case(name, "preloader")) return std::nullopt;
  return Target{.name = std::string{name},
                .place = {.part = part_boot1, .offset = 0, .size = board_.card.size(part_boot1)},
                .is_preloader = true};
}

std::optional<XmlDa2::Target> XmlDa2::region_argument() {
  const auto name = text_argument("partition");
  if (!name) return std::nullopt;
  auto found = region(*name);
  if (!found) refuse(fmt::format("Cannot find [{}].", *name));
  return found;
}

std::optional<XmlDa2::Target> XmlDa2::partition_argument() {
  const auto name = text_argument("partition");
  if (!name) return std::nullopt;
  auto found = partition(*name);
  if (!found) refuse(fmt::format("Cannot find [{}].", *name));
  return found;
}

std::optional<XmlDa2::Range> XmlDa2::range_argument(const Target& target) {
  const auto offset = number_argument("offset");
  const auto length_text = offset ? text_argument("length") : std::nullopt;
  if (!length_text) return std::nullopt;
  const std::uint64_t size = target.place.size;
  Range range{.offset = *offset, .length = *offset <= size ? size - *offset : 0};
  if (*length_text != "MAX") {
    const auto length = number_argument("length");
    if (!length) return std::nullopt;
    range.length = *length;
  }
  if (fits(range.offset, range.length, size)) return range;
  refuse(fmt::format("Offset 0x{:x} and length 0x{:x} are larger than [{}].", range.offset, range.length,
                     target.name));
  return std::nullopt;
}

bool XmlDa2::refuses_raw_write(const Target& target, Place place) {
  const auto shut = touches_listed(board_, board_.model.security.deny, place);
  if (!shut) return false;
  board_.log("{}: {} takes no raw write", name(), *shut);
  refuse(fmt::format("Security deny for [{}].", target.name));
  return true;
}

void XmlDa2::read_flash() {
  const auto target = region_argument();
  const auto range = target ? range_argument(*target) : std::nullopt;
  if (range) send_range(*target, *range);
}

void XmlDa2::read_partition() {
  const auto target = partition_argument();
  if (target) send_range(*target, {.offset = 0, .length = target->place.size});
}

void XmlDa2::send_range(const Target& target, Range range) {
  const auto file = text_argument("target_file");
  if (!file) return;
  const std::uint64_t begin = target.place.offset + range.offset;
  upload(
      {.info = target.name,
       .target = *file,
       .length = range.length,
       .medium = Medium::storage,
       .give = [this, part = target.place.part, begin](
                   std::uint64_t at, std::size_t size) { return board_.card.read(part, begin + at, size); }},
      ends_command());
}

void XmlDa2::write_flash() {
  const auto target = region_argument();
  if (!target) return;
  const auto offset = number_argument("offset");
  const auto source = offset ? text_argument("source_file") : std::nullopt;
  if (!source) return;
  if (*offset >= target->place.size)
    return refuse(fmt::format("Offset 0x{:x} is larger than [{}].", *offset, target->name));
  ask_file("FILE-SIZE", *source, [this, target = *target, at = *offset, source = *source](auto answer) {
    if (!answer) return ends_command()(false);
    const auto length = xml_number(*answer);
    const std::uint64_t room = target.place.size - at;
    if (!length || *length > room)
      return refuse(fmt::format("Host file size {} is larger than available 0x{:x}.", *answer, room));
    const Place place{.part = target.place.part, .offset = at, .size = *length};
    if (!refuses_raw_write(target, place)) write_flash_data(target, place, source);
  });
}

void XmlDa2::write_flash_data(const Target& target, Place place, const std::string& source) {
  erase(target.name, place, [this, info = target.name, place, source](bool erased) {
    if (!erased) return ends_command()(false);
    const auto at = std::make_shared<std::uint64_t>(0);
    download({.info = info,
              .source = source,
              .limit = place.size,
              .medium = Medium::storage,
              .expected = place.size,
              .take = [this, at, place](ByteView data) -> Result<> {
                MTK_TRY(admit_packet());
                const Stored stored = PlaceWriter{board_, place, read_back()}.write(*at, data);
                *at += data.size();
                if (stored != Stored::good) return fail(Errc::io, "Storage error.");
                return {};
              }},
             ends_command());
  });
}

ReadBack XmlDa2::read_back() const {
  return (board_.agent.checksum_level & reads_back) != 0 ? ReadBack::yes : ReadBack::no;
}

Result<> XmlDa2::admit_packet() {
  ++board_.packets_written;
  const auto& faults = board_.faults;
  if (faults.nack_status && board_.packets_written == faults.nack_packet)
    return fail(Errc::device_status, fmt::format("Storage error 0x{:x}.", *faults.nack_status));
  if (board_.battery_gives_out()) {
    board_.log("da2: the battery gives out");
    board_.leave(Exit::off);
  }
  return {};
}

void XmlDa2::erase(const std::string& message, Place place, Done done) {
  const auto& agent = board_.model.xml;
  std::uint64_t unit = agent.erase_unit;
  if (unit == 0 && has_nand()) unit = agent.nand.block;
  if (unit == 0) unit = board_.card.kind() == StorageKind::ufs ? ufs_erase_unit : 1;
  place.offset = place.offset / unit * unit;
  place.size = place.size / unit * unit;
  const auto failed = std::make_shared<std::string>();
  progress(
      message,
      [this, place, failed](std::uint32_t step, std::uint32_t steps) {
        const std::uint64_t from = place.size / steps * (step - 1);
        const std::uint64_t to = step == steps ? place.size : place.size / steps * step;
        const auto erased = board_.card.erase(place.part, place.offset + from, to - from);
        if (!erased) *failed = erased.error().what;
      },
      [this, failed, done = std::move(done)](bool ok) {
        if (!failed->empty()) blame(*failed);
        done(ok && failed->empty());
      });
}

/// The preloader's second place goes first and without a report of its own.
void XmlDa2::erase_whole(const Target& target, Done done) {
  if (target.is_preloader) {
    const auto erased = board_.card.erase(part_boot2, 0, board_.card.size(part_boot2));
    if (!erased) board_.log("da2: {}", erased.error().what);
  }
  erase(target.name, target.place, std::move(done));
}

void XmlDa2::erase_flash() {
  const auto name = text_argument("partition");
  if (!name) return;
  if (*name != "ALL") {
    const auto target = region_argument();
    const auto range = target ? range_argument(*target) : std::nullopt;
    if (!range) return;
    const Place place{.part = target->place.part, .offset = range->offset, .size = range->length};
    if (!refuses_raw_write(*target, place)) erase(target->name, place, ends_command());
    return;
  }
  std::vector<Target> all;
  for (const auto& known : region_names) {
    if (const auto found = region(known.name)) all.push_back(*found);
  }
  for (const auto& target : all) {
    if (refuses_raw_write(target, target.place)) return;
  }
  erase_all(std::move(all));
}

void XmlDa2::erase_all(std::vector<Target> left) {
  if (left.empty()) return finish();
  const Target next = left.front();
  left.erase(left.begin());
  erase(next.name, next.place, [this, left = std::move(left)](bool ok) {
    if (!ok) return ends_command()(false);
    erase_all(left);
  });
}

void XmlDa2::erase_partition() {
  const auto target = partition_argument();
  if (target && !refuses_raw_write(*target, target->place)) erase_whole(*target, ends_command());
}

}  // namespace mtk::sim
