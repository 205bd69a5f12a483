// SPDX-License-Identifier: Apache-2.0
#include "flash/planner.h"

#include "base/ascii.h"
#include "base/text.h"
#include "flash/image_check.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace mtk {

namespace {

using fmt::arg;

constexpr std::uint64_t smallest_sector = 512;
constexpr std::uint64_t largest_area = 16ULL << 40;

bool lists(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::any_of(names, [&](const auto& other) { return same_ignoring_case(other, name); });
}

ScatterStorage scatter_storage(StorageKind kind) {
  switch (kind) {
    case StorageKind::emmc:
      return ScatterStorage::emmc;
    case StorageKind::ufs:
      return ScatterStorage::ufs;
    case StorageKind::nand:
      return ScatterStorage::nand;
    case StorageKind::nor:
      return ScatterStorage::nor;
    case StorageKind::sd:
      return ScatterStorage::sdmmc;
    case StorageKind::unknown:
      break;
  }
  return ScatterStorage::unknown;
}

/// One image on its way into the plan.
struct Selected {
  const ScatterEntry* entry;
  const FirmwareImage* image;
  Region region;
  std::optional<Area> twin;
  bool preloader = false;
};

class Planner {
 public:
  Planner(const Firmware& firmware, const PhoneFacts* phone, const FlashOptions& options)
      : firmware_(firmware), phone_(phone), options_(options) {}

  Planned run() {
    for (const auto& remark : firmware_.scatter.warnings) {
      warn("scatter", firmware_.scatter_file.filename().string(),
           to_string(remark, firmware_.scatter_file.filename().string()));
    }
    check_chip();
    check_storage();
    choose_section();
    if (section_ == nullptr) return finish();
    check_names();
    check_table();
    for (const ScatterEntry& entry : section_->entries) consider(entry);
    check_overlaps();
    check_old_table();
    if (selected_.empty() && refusals_.empty())
      refuse("nothing_selected", "", say(Text::refuse_nothing_selected));
    return finish();
  }

 private:
  void refuse(std::string id, std::string subject, std::string text) {
    refusals_.push_back({std::move(id), std::move(subject), std::move(text)});
  }
  void warn(std::string id, std::string subject, std::string text) {
    plan_.warnings.push_back({std::move(id), std::move(subject), std::move(text)});
  }

  void check_chip() {
    const std::string& platform = firmware_.scatter.platform;
    if (phone_ == nullptr) {
      warn("no_phone", "phone", say(Text::warn_no_phone));
      return;
    }
    if (auto refusal = chip_refusal(firmware_, phone_->hw_code, phone_->chip)) {
      refusals_.push_back(std::move(*refusal));
    } else if (!same_ignoring_case(phone_->chip->name, platform) &&
               match_platform(*phone_->chip, platform) <= NameMatch::same_number) {
      warn("platform_suffix", platform,
           say(Text::warn_platform_suffix, arg("platform", platform), arg("chip", phone_->chip->name)));
    }
  }

  /// Places are computed from what the phone says of itself, so that must be possible.
  void check_storage() {
    if (phone_ == nullptr) return;
    for (const AreaFacts& area : phone_->areas) {
      if (area.size <= largest_area && area.size % smallest_sector == 0) continue;
      refuse("odd_storage", std::string{to_string(area.area)},
             say(Text::refuse_odd_storage, arg("area", to_string(area.area)), arg("size", area.size)));
    }
  }

  void choose_section() {
    const auto& sections = firmware_.scatter.sections;
    if (phone_ == nullptr) {
      section_ = sections.empty() ? nullptr : &sections.front();
      return;
    }
    section_ = firmware_.scatter.section(scatter_storage(phone_->storage));
    if (section_ != nullptr) return;
    std::string held;
    for (const auto& section : sections)
      held += (held.empty() ? "" : ", ") + std::string{to_string(section.storage)};
    refuse("storage", held,
           say(Text::refuse_storage, arg("firmware", held), arg("phone", to_string(phone_->storage))));
  }

  void check_names() {
    for (const auto* names : {&options_.only, &options_.skip, &options_.replaced}) {
      for (const auto& name : *names) {
        if (section_->find(name) != nullptr) continue;
        refuse("unknown_partition", name, say(Text::refuse_unknown_partition, arg("partition", name)));
      }
    }
  }

  void check_table() {
    if (phone_ == nullptr) return;
    if (!phone_->table) {
      refuse("no_table", "phone", say(Text::refuse_no_table, arg("reason", phone_->table_problem)));
      return;
    }
    for (const auto& problem : phone_->table->problems) {
      warn("table_problem", "phone", say(Text::warn_table_problem, arg("problem", problem)));
    }
    if (!phone_->table->lists_all) warn("table_partial", "phone", say(Text::warn_table_partial));
  }

  void consider(const ScatterEntry& entry) {
    const FirmwareImage* image = entry.name.empty() ? nullptr : firmware_.find(entry.name, section_->storage);
    const bool replaced = lists(options_.replaced, entry.name);
    const bool named = replaced || lists(options_.only, entry.name);
    if (lists(options_.skip, entry.name)) return;
    if (!replaced && (options_.only.empty() ? !entry.is_download : !named)) return;
    if (entry.is_reserved && !named) return;
    if (image == nullptr) {
      if (named) {
        refuse("no_file", entry.name, say(Text::refuse_no_file, arg("partition", entry.name)));
      } else {
        warn("no_image", entry.name, say(Text::warn_no_image));
      }
      return;
    }
    const bool identity = is_identity(entry.name) || entry.policy == ScatterPolicy::protected_area ||
                          entry.policy == ScatterPolicy::binregion;
    if (identity && !options_.erase_identity.covers(entry.name)) {
      if (named) {
        refuse("identity", entry.name, say(Text::refuse_identity, arg("partition", entry.name)));
      } else {
        warn("identity_kept", entry.name, say(Text::warn_identity_kept));
      }
      return;
    }
    if (image->problem) {
      const Text text = image->path.empty() ? Text::refuse_missing_file : Text::refuse_damaged_file;
      refuse(image->path.empty() ? "missing_file" : "damaged_file", entry.name,
             say(text, arg("file", image->file_name), arg("partition", entry.name),
                 arg("reason", image->problem->what)));
      return;
    }
    if (auto selected = placed(entry, *image)) selected_.push_back(*selected);
  }

  std::optional<Selected> placed(const ScatterEntry& entry, const FirmwareImage& image) {
    std::optional<std::uint64_t> area_size;
    if (phone_ != nullptr && entry.area) {
      const auto facts = std::ranges::find(phone_->areas, *entry.area, &AreaFacts::area);
      area_size = facts == phone_->areas.end() ? 0 : facts->size;
    }
    const auto where = place(entry, *section_, area_size);
    if (!where) {
      refuse("place", entry.name,
             say(Text::refuse_place, arg("partition", entry.name), arg("reason", where.error().what)));
      return std::nullopt;
    }
    Selected selected{.entry = &entry, .image = &image, .region = where->region, .twin = where->twin};
    selected.preloader = is_boot_area(where->region.area);
    if (where->region.area == Area::nand && is_preloader(image.kind)) {
      refuse("nand_preloader", entry.name, say(Text::refuse_nand_preloader, arg("partition", entry.name)));
      return std::nullopt;
    }
    if (!selected.preloader && !agrees_with_phone(entry, selected.region)) return std::nullopt;

    const auto refusal = check_image(entry, image, selected.preloader, phone_, firmware_.scatter.project);
    for (const auto& warning : refusal.warnings) plan_.warnings.push_back(warning);
    if (refusal.refusal) {
      refusals_.push_back(*refusal.refusal);
      return std::nullopt;
    }
    if (refusal.bytes_on_phone > selected.region.length) {
      refuse("too_large", entry.name,
             say(Text::refuse_too_large, arg("file", image.file_name), arg("size", refusal.bytes_on_phone),
                 arg("partition", entry.name), arg("room", selected.region.length)));
      return std::nullopt;
    }
    selected.region.length = refusal.bytes_on_phone;
    return selected;
  }

  /// The phone's own table decides where a partition is; firmware that disagrees is for another layout.
  bool agrees_with_phone(const ScatterEntry& entry, Region& region) {
    if (phone_ == nullptr || !phone_->table || !has_table(region.area)) return true;
    const PartitionTable& table = *phone_->table;
    const TableEntry* there = table.lists_all ? table.find(entry.name) : touching(region);
    if (there == nullptr) {
      // The tables themselves are in no table.
      if (same_ignoring_case(entry.name, "pgpt") || same_ignoring_case(entry.name, "sgpt")) return true;
      if (!table.lists_all) return true;
      refuse("not_on_phone", entry.name, say(Text::refuse_not_on_phone, arg("partition", entry.name)));
      return false;
    }
    const Region& own = there->region;
    // The last partition is stretched to fill the phone, so its size says nothing about the layout.
    const bool same_size = own.length == region.length || table.is_last(*there);
    if (own.area == region.area && own.offset == region.offset && same_size) {
      region.length = own.length;
      return true;
    }
    refuse("layout", entry.name,
           say(Text::refuse_layout, arg("partition", entry.name), arg("phone_start", own.offset),
               arg("phone_size", own.length), arg("start", region.offset), arg("size", region.length)));
    return false;
  }

  /// Areas that a table of the phone divides; the others are whole.
  static bool has_table(Area area) { return area == Area::user || area == Area::lu2 || area == Area::nand; }

  /// What a table without names has at a place: nothing, or the entry that must then be that very place.
  const TableEntry* touching(const Region& region) const {
    const auto& entries = phone_->table->partitions;
    const auto found = std::ranges::find_if(entries, [&](const TableEntry& e) {
      return e.region.area == region.area && e.region.offset < region.offset + region.length &&
             region.offset < e.region.offset + e.region.length;
    });
    return found == entries.end() ? nullptr : &*found;
  }

  void check_overlaps() {
    for (std::size_t i = 0; i < selected_.size(); ++i) {
      for (std::size_t j = i + 1; j < selected_.size(); ++j) {
        const Region& a = selected_[i].region;
        const Region& b = selected_[j].region;
        if (a.area != b.area || a.offset + a.length <= b.offset || b.offset + b.length <= a.offset) continue;
        refuse("overlap", selected_[i].entry->name,
               say(Text::refuse_overlap, arg("partition", selected_[i].entry->name),
                   arg("other", selected_[j].entry->name)));
      }
    }
  }

  /// MBR and EBRs are one table in several places.
  void check_old_table() {
    std::vector<std::string> all;
    std::vector<std::string> left;
    for (const ScatterEntry& entry : section_->entries) {
      const bool is_part = same_ignoring_case(entry.name, "MBR") || starts_ignoring_case(entry.name, "EBR");
      if (!is_part || firmware_.find(entry.name, section_->storage) == nullptr) continue;
      all.push_back(entry.name);
      if (std::ranges::find(selected_, &entry, &Selected::entry) == selected_.end())
        left.push_back(entry.name);
    }
    if (left.empty() || left.size() == all.size()) return;
    warn("table_partly", left.front(),
         say(Text::warn_table_partly, arg("all", fmt::format("{}", fmt::join(all, ", "))),
             arg("left", fmt::format("{}", fmt::join(left, ", ")))));
  }

  void keep_identity() {
    if (phone_ != nullptr && phone_->table && phone_->table->lists_all) {
      for (const TableEntry& partition : phone_->table->partitions) {
        if (!is_identity(partition.name)) continue;
        plan_.steps.emplace_back(KeepStep{.partition = partition.name, .from = partition.region});
      }
      return;
    }
    for (const auto& entry : section_->entries) {
      if (!is_identity(entry.name)) continue;
      if (const auto where = place(entry, *section_, std::nullopt)) {
        plan_.steps.emplace_back(KeepStep{.partition = entry.name, .from = where->region});
      }
    }
  }

  bool by_name(const Selected& selected) const {
    if (!selected.preloader) return false;
    if (phone_ != nullptr) return phone_->preloader_by_name;
    const auto chips = chips_of_platform(firmware_.scatter.platform);
    return !chips.empty() && chips.front().chip->da_protocol != DaProtocol::legacy;
  }

  ImageForm form_of(const Selected& selected) const {
    if (by_name(selected)) return ImageForm::bare_preloader;
    return selected.preloader ? ImageForm::boot_area : ImageForm::as_is;
  }

  void add(const Selected& selected, Area area) {
    Region region = selected.region;
    region.area = area;
    ImageRef image{.file = selected.image->path.string(),
                   .form = form_of(selected),
                   .bytes = region.length,
                   .content_bytes = region.length};
    if (!selected.preloader) {
      image.content_bytes = 0;
      for (const auto& range : ranges_to_write(*selected.image->content)) image.content_bytes += range.length;
    }
    const std::string name = area == selected.region.area
                                 ? selected.entry->name
                                 : fmt::format("{} ({})", selected.entry->name, to_string(area));
    plan_.steps.emplace_back(WriteStep{.partition = name,
                                       .target = region,
                                       .image = image,
                                       .stop = selected.preloader ? Interruptible::no : Interruptible::yes,
                                       .skip_if_same = selected.preloader});
    if (options_.verify != VerifyBy::none) {
      plan_.steps.emplace_back(
          VerifyStep{.partition = name, .target = region, .image = image, .by = options_.verify});
    }
  }

  Planned finish() {
    if (!refusals_.empty()) return {.plan = {.steps = {}, .warnings = plan_.warnings}, .refusals = refusals_};
    keep_identity();
    // What the phone needs to enter download mode comes last, so that an interruption leaves it able to.
    const auto last = [this](auto needed) {
      std::stable_partition(selected_.begin(), selected_.end(), [&](const auto& s) { return !needed(s); });
    };
    last([](const Selected& s) { return s.entry->policy == ScatterPolicy::bootloaders; });
    last([](const Selected& s) { return s.preloader; });
    for (const Selected& selected : selected_) {
      add(selected, selected.region.area);
      // By name the agent itself serves the second boot area.
      if (selected.twin && !by_name(selected)) add(selected, *selected.twin);
    }
    plan_.steps.emplace_back(RebootStep{.into = options_.next});
    return {.plan = plan_, .refusals = {}};
  }

  const Firmware& firmware_;
  const PhoneFacts* phone_;
  const FlashOptions& options_;
  const ScatterSection* section_ = nullptr;
  std::vector<Selected> selected_;
  std::vector<Refusal> refusals_;
  Plan plan_;
};

}  // namespace

Planned plan_download(const Firmware& firmware, const PhoneFacts* phone, const FlashOptions& options) {
  return Planner{firmware, phone, options}.run();
}

std::optional<Refusal> chip_refusal(const Firmware& firmware, std::uint16_t hw_code, const Chip* chip) {
  const std::string& platform = firmware.scatter.platform;
  if (chip == nullptr) {
    return Refusal{"unknown_chip", platform,
                   say(Text::refuse_unknown_chip, arg("hw_code", hw_code), arg("platform", platform))};
  }
  switch (match_platform(*chip, platform)) {
    case NameMatch::exact:
    case NameMatch::same_number:
    case NameMatch::seen:
      return std::nullopt;
    case NameMatch::family:
    case NameMatch::none:
      break;
  }
  return Refusal{"wrong_chip", platform,
                 say(Text::refuse_wrong_chip, arg("platform", platform), arg("chip", chip->name),
                     arg("hw_code", hw_code))};
}

Error refusal_error(const std::vector<Refusal>& refusals) {
  MTK_ASSERT(!refusals.empty());
  std::string what = refusals.front().text;
  if (refusals.size() > 1) what += fmt::format(" (and {} more)", refusals.size() - 1);
  return Error{.code = Errc::refused, .what = std::move(what)};
}

}  // namespace mtk
