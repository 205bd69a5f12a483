// SPDX-License-Identifier: Apache-2.0
#include "sim/boot_check.h"

#include "base/checked.h"
#include "base/hash.h"
#include "sim/contents.h"
#include "sim/legacy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace mtk::sim {

namespace {

constexpr std::size_t boot_area_limit = 0x100000;
constexpr std::uint32_t hash_signature_size = 0x20;
/// Only this place and the first eight letters are told of a UFS boot header, so nothing else of it is
/// judged.
constexpr std::size_t ufs_image_at = 0x1000;
constexpr std::size_t settings_records = 0x70;
constexpr std::uint32_t settings_count_limit = 64;

Check no(std::string why) { return {.ok = false, .why = std::move(why)}; }

bool starts_with(ByteView data, std::string_view text) {
  const Bytes wanted = to_bytes(text);
  return data.size() >= wanted.size() && std::ranges::equal(data.first(wanted.size()), wanted);
}

Check check_gfh(ByteView image, StorageKind kind) {
  ByteReader in{image};
  if (!starts_with(image, "MMM\x01")) return no("no GFH where the device header points");
  in.skip(4);
  const auto header_size = in.le<std::uint16_t>();
  const auto header_type = in.le<std::uint16_t>();
  if (header_size != 0x38 || header_type != 0 || in.text(12) != "FILE_INFO")
    return no("the first GFH header is not FILE_INFO");
  in.skip(4);
  const auto file_type = in.le<std::uint16_t>();
  const auto device = in.u8();
  const auto signature_type = in.u8();
  in.skip(4);
  const auto length = in.le<std::uint32_t>();
  in.skip(4);
  const auto content = in.le<std::uint32_t>();
  const auto signature = in.le<std::uint32_t>();
  const auto jump = in.le<std::uint32_t>();
  if (in.failed()) return no("the GFH header is cut");
  if (file_type != 1) return no(fmt::format("GFH file type {} is no boot loader", file_type));
  const bool ufs = kind == StorageKind::ufs;
  if (device != (ufs ? flash_device_ufs : flash_device_emmc) && device != 0)
    return no(fmt::format("made for flash device {}, not for {}", device, ufs ? "UFS" : "eMMC"));
  if (length > image.size())
    return no(fmt::format("0x{:x} bytes announced, 0x{:x} there", length, image.size()));
  if (content < 0x38 || content > length || signature > length - content || jump < 0x38 || jump >= length)
    return no("the GFH header contradicts itself");
  if (signature_type == 1 && signature == hash_signature_size) {
    const Bytes digest = sha256(image.first(length - signature));
    if (!std::ranges::equal(digest, image.subspan(length - signature, signature)))
      return no("the preloader's content hash is wrong");
    return {.ok = true, .why = "preloader and its content hash are good"};
  }
  return {.ok = true, .why = fmt::format("preloader structure is good (signature type {})", signature_type)};
}

Result<GptView> parse_gpt(const Card& card, std::uint64_t header_block) {
  const std::uint64_t sector = card.sector();
  MTK_TRY_LET(const Bytes block, card.read(part_user, header_block * sector, card.sector()));
  ByteReader in{block, Errc::bad_image};
  if (!starts_with(block, "EFI PART")) return fail(Errc::bad_image, "no partition table");
  in.skip(12);
  const auto header_size = in.le<std::uint32_t>();
  const auto header_crc = in.le<std::uint32_t>();
  in.skip(4);
  const auto own = in.le<std::uint64_t>();
  in.skip(40);
  const auto entries_block = in.le<std::uint64_t>();
  const auto slots = in.le<std::uint32_t>();
  const auto entry_size = in.le<std::uint32_t>();
  const auto entries_crc = in.le<std::uint32_t>();
  if (header_size < 0x5c || header_size > sector || own != header_block)
    return fail(Errc::bad_image, "partition table header contradicts itself");
  Bytes blank{block.begin(), block.begin() + header_size};
  std::fill_n(blank.begin() + 16, 4, std::byte{0});
  if (crc32(blank) != header_crc) return fail(Errc::bad_image, "partition table header CRC is wrong");
  if (entry_size != 0x80 || slots == 0 || slots > 0x400 ||
      !fits(entries_block, (std::uint64_t{slots} * entry_size + sector - 1) / sector,
            card.size(part_user) / sector))
    return fail(Errc::bad_image, "partition table shape is not usable");
  MTK_TRY_LET(const Bytes table,
              card.read(part_user, entries_block * sector, std::size_t{slots} * entry_size));
  if (crc32(table) != entries_crc) return fail(Errc::bad_image, "partition entries CRC is wrong");

  GptView view{.slots = slots, .entries = {}};
  ByteReader entries{table, Errc::bad_image};
  for (std::uint32_t i = 0; i < std::min<std::uint32_t>(slots, 128); ++i) {
    entries.skip(32);
    GptEntry& entry = view.entries.emplace_back();
    entry.first = entries.le<std::uint64_t>();
    entry.last = entries.le<std::uint64_t>();
    entry.slot_flags = static_cast<std::uint8_t>(entries.le<std::uint64_t>() >> 48);
    bool ended = false;
    for (int letter = 0; letter < 36; ++letter) {
      const auto unit = entries.le<std::uint16_t>();
      ended = ended || unit == 0;
      if (!ended) entry.name += unit < 0x7f ? static_cast<char>(unit) : '?';
    }
  }
  return view;
}

/// Where a stage finds one of the partitions it needs, whatever its old name is.
struct Place {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};
std::optional<Place> find_partition(const GptView& gpt, const Card& card,
                                    std::initializer_list<std::string> names) {
  for (const auto& entry : gpt.entries) {
    std::string name = entry.name;
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (std::ranges::find(names, name) == names.end()) continue;
    const std::uint64_t sector = card.sector();
    if (entry.last < entry.first || entry.last >= card.size(part_user) / sector) return std::nullopt;
    return Place{.offset = entry.first * sector, .size = (entry.last - entry.first + 1) * sector};
  }
  return std::nullopt;
}

/// Where the phone starts from: `_b` when the flags of boot_b alone say active and bootable.
std::string_view active_slot(const GptView& gpt) {
  const auto starts = [&](std::string_view name) {
    const auto found = std::ranges::find(gpt.entries, name, &GptEntry::name);
    return found != gpt.entries.end() && (found->slot_flags & 0x84) == 0x04;
  };
  return starts("boot_b") && !starts("boot_a") ? "_b" : "_a";
}

Check check_lk(const Card& card, Place at) {
  const auto head = card.read(part_user, at.offset, block_size);
  if (!head) return no(head.error().what);
  ByteReader in{*head};
  const auto magic = in.le<std::uint32_t>();
  const auto size = in.le<std::uint32_t>();
  if (magic != 0x58881688) return no("lk has no MTK image header");
  if (in.text(32) != "lk") return no("the image in lk is not named lk");
  if (size == 0 || size > at.size - block_size) return no("lk does not fit its partition");
  return {.ok = true, .why = "lk is good"};
}

Check check_boot_image(const Card& card, Place at) {
  const auto head = card.read(part_user, at.offset, block_size);
  if (!head) return no(head.error().what);
  if (!starts_with(*head, "ANDROID!")) return no("boot holds no Android boot image");
  ByteReader in{*head};
  in.skip(8);
  const auto kernel = in.le<std::uint32_t>();
  in.skip(4);
  const auto ramdisk = in.le<std::uint32_t>();
  in.skip(16);
  const auto page = in.le<std::uint32_t>();
  const auto version = in.le<std::uint32_t>();
  if (kernel == 0) return no("the boot image has no kernel");
  if (version < 3 && (page < 0x800 || page > 0x4000 || (page & (page - 1)) != 0))
    return no("the boot image's page size is not possible");
  if (std::uint64_t{kernel} + (version < 3 ? ramdisk : 0) > at.size) return no("the boot image does not fit");
  return {.ok = true, .why = "boot image is good"};
}

void check_identity(const Model& model, const Card& card, const GptView& gpt, BootReport& report) {
  for (const auto& part : model.partitions) {
    if (part.content != Content::identity || part.region != Region::user) continue;
    std::string name = part.name;
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto place = find_partition(gpt, card, {name});
    const Bytes wanted = identity_blocks(model, part);
    const auto found = place && place->size >= wanted.size()
                           ? card.read(part_user, place->offset, wanted.size())
                           : Result<Bytes>{Bytes{}};
    if (found && *found == wanted) continue;
    const bool own =
        found && found->size() >= block_size &&
        std::ranges::equal(ByteView{*found}.first(block_size), ByteView{wanted}.first(block_size));
    const bool foreign = found && !own && starts_with(*found, "MTKFLASH IDENTITY ");
    report.identity_notes.push_back(fmt::format("{} {}", part.name,
                                                foreign ? "is another phone's"
                                                : own   ? "is damaged"
                                                        : "is not there any more"));
    for (const auto* radio : {"nvram", "nvdata", "proinfo", "pro_info"}) {
      if (name == radio) report.radio = false;
    }
  }
}

}  // namespace

bool has_gpt(const Model& model) { return std::ranges::any_of(model.partitions, &PartitionModel::in_gpt); }

Result<GptView> table_of(const Model& model, const Card& card) {
  if (has_gpt(model)) return read_gpt(card);
  GptView view{.slots = static_cast<std::uint32_t>(model.partitions.size()), .entries = {}};
  for (const auto& part : model.partitions) {
    if (part.region != Region::user) continue;
    view.entries.push_back({.name = part.name,
                            .first = part.start / card.sector(),
                            .last = (part.start + part.size) / card.sector() - 1});
  }
  return view;
}

Check check_boot_area(ByteView head, StorageKind kind) {
  if (starts_with(head, "MMM\x01"))
    return no("a bare preloader image at offset 0: the boot ROM wants a device header");
  if (kind == StorageKind::ufs) {
    if (!starts_with(head, std::string_view{"UFS_BOOT\0\0\0\0", 12})) return no("no UFS_BOOT header");
    if (head.size() <= ufs_image_at) return no("the boot area is cut");
    return check_gfh(head.subspan(ufs_image_at), kind);
  }
  if (!starts_with(head, std::string_view{"EMMC_BOOT\0\0\0", 12})) return no("no EMMC_BOOT header");
  ByteReader in{head};
  in.seek(12);
  const auto version = in.le<std::uint32_t>();
  const auto unit = in.le<std::uint32_t>();
  if (version != 1 || unit != 0x200) return no("EMMC_BOOT header of an unknown kind");
  in.seek(0x200);
  if (in.text(8) != "BRLYT") return no("no BRLYT header");
  if (in.le<std::uint32_t>() != 1) return no("BRLYT header of an unknown kind");
  in.skip(8);
  for (int i = 0; i < 8; ++i) {
    const auto magic = in.le<std::uint32_t>();
    const auto device = in.le<std::uint16_t>();
    const auto type = in.le<std::uint16_t>();
    const auto start = in.le<std::uint32_t>();
    in.skip(8);
    if (in.failed()) return no("the boot area is cut");
    if (magic != 0x42424242 || device != 5 || type != 1) continue;
    if (start < 0x400 || start >= head.size())
      return no("the boot loader descriptor points outside the area");
    return check_gfh(head.subspan(start), kind);
  }
  return no("no boot loader descriptor for eMMC");
}

Check check_preloader(const Card& card) {
  const auto size = std::min<std::uint64_t>(card.size(part_boot1), boot_area_limit);
  const auto head = card.read(part_boot1, 0, static_cast<std::size_t>(size));
  return head ? check_boot_area(*head, card.kind()) : no(head.error().what);
}

Check check_memory_settings(const Model& model, const Card& card) {
  const Check nothing{.ok = true, .why = "no memory settings to judge"};
  const auto size = std::min<std::uint64_t>(card.size(part_boot1), boot_area_limit);
  const auto area = card.read(part_boot1, 0, static_cast<std::size_t>(size));
  if (!area) return no(area.error().what);
  const Bytes marker = to_bytes("MTK_BLOADER_INFO_v");
  const auto found = std::search(area->begin(), area->end(), marker.begin(), marker.end());
  const auto block = ByteView{*area}.subspan(static_cast<std::size_t>(found - area->begin()));
  if (block.size() < settings_records) return nothing;
  const std::string version_text = printable_text(block.subspan(marker.size(), 2));
  ByteReader in{block};
  in.seek(settings_records - 4);
  const auto count = in.le<std::uint32_t>();
  if (version_text.size() != 2 || !std::isdigit(static_cast<unsigned char>(version_text[0])) ||
      !std::isdigit(static_cast<unsigned char>(version_text[1])) || count == 0 ||
      count > settings_count_limit)
    return nothing;
  const auto version = static_cast<std::uint32_t>((version_text[0] - '0') * 10 + version_text[1] - '0');
  const std::size_t length = std::size_t{count} * model.memory.record_size;
  if (length > in.remaining()) return nothing;
  if (emi_knows(version, model.memory.record_size, in.bytes(length), model.storage.cid))
    return {.ok = true, .why = "memory settings fit"};
  return no("the preloader has no settings for this phone's memory");
}

Result<GptView> read_gpt(const Card& card) {
  auto first = parse_gpt(card, 1);
  if (first) return first;
  auto backup = parse_gpt(card, card.size(part_user) / card.sector() - 1);
  return backup ? std::move(backup) : std::move(first);
}

BootReport check_boot(const Model& model, const Card& card) {
  BootReport report;
  const Check preloader = check_preloader(card);
  if (!preloader.ok) {
    report.why = preloader.why;
    return report;
  }
  report.reached = BootStage::memory;
  if (const Check memory = check_memory_settings(model, card); !memory.ok) {
    report.why = memory.why;
    return report;
  }
  report.reached = BootStage::preloader;
  const auto gpt = table_of(model, card);
  if (!gpt) {
    report.why = gpt.error().what;
    return report;
  }
  check_identity(model, card, *gpt, report);
  const std::string slot{active_slot(*gpt)};
  const auto lk_place = find_partition(*gpt, card, {"lk", "uboot", "lk" + slot});
  const Check lk = lk_place ? check_lk(card, *lk_place) : no("no partition lk");
  const std::string of_slot = slot == "_b" ? " (slot b is active)" : "";
  if (!lk.ok) {
    report.why = lk.why + of_slot;
    return report;
  }
  report.reached = BootStage::logo;
  const auto boot_place = find_partition(*gpt, card, {"boot", "bootimg", "boot" + slot});
  const Check boot = boot_place ? check_boot_image(card, *boot_place) : no("no partition boot");
  report.why = boot.why + (boot.ok ? "" : of_slot);
  if (boot.ok) report.reached = BootStage::android;
  return report;
}

std::string BootReport::text() const {
  std::string out;
  switch (reached) {
    case BootStage::rom:
      out = fmt::format("stays in the boot ROM: {}\n", why);
      break;
    case BootStage::memory:
      out = fmt::format("preloader begins and cannot start memory: {}\n", why);
      break;
    case BootStage::preloader:
      out = fmt::format("preloader runs, then stops: {}\n", why);
      break;
    case BootStage::logo:
      out = fmt::format("preloader and lk run, stuck at the logo: {}\n", why);
      break;
    case BootStage::android:
      out = radio ? "starts Android\n" : "starts Android, no radio identity\n";
      break;
  }
  for (const auto& note : identity_notes) out += fmt::format("identity: {}\n", note);
  return out;
}

}  // namespace mtk::sim
