// SPDX-License-Identifier: Apache-2.0
#include "image/scatter/brace.h"

#include "image/scatter/builder.h"
#include "image/scatter/lines.h"
#include "image/scatter/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk {

namespace {

constexpr std::string_view not_downloadable = "__NODL_";
constexpr std::string_view not_downloadable_reserved = "__NODL_RSV_";
/// Old files state no block size; this one is in every eMMC file of later generations.
constexpr std::uint64_t usual_block_size = 0x20000;

/// What later generations write in the file and this one leaves to the tool.
struct Rule {
  std::string_view name;
  ScatterType type;
  ScatterPolicy policy;
  std::array<std::string_view, 2> files{};
};
constexpr std::array rules{
    Rule{"PRELOADER", ScatterType::bootloader, ScatterPolicy::bootloaders, {"preloader*.bin"}},
    Rule{"DSP_BL", ScatterType::bootloader, ScatterPolicy::bootloaders, {"DSP_BL*"}},
    Rule{"MBR", ScatterType::raw, ScatterPolicy::update, {"MBR"}},
    Rule{"EBR1", ScatterType::raw, ScatterPolicy::update, {"EBR1"}},
    Rule{"EBR2", ScatterType::raw, ScatterPolicy::update, {"EBR2"}},
    Rule{"UBOOT", ScatterType::raw, ScatterPolicy::update, {"lk.bin", "uboot*.bin"}},
    Rule{"BOOTIMG", ScatterType::raw, ScatterPolicy::update, {"boot.img"}},
    Rule{"RECOVERY", ScatterType::raw, ScatterPolicy::update, {"recovery.img"}},
    Rule{"SEC_RO", ScatterType::raw, ScatterPolicy::update, {"secro.img"}},
    Rule{"LOGO", ScatterType::raw, ScatterPolicy::update, {"logo.bin"}},
    Rule{"ANDROID", ScatterType::yaffs, ScatterPolicy::update, {"system.img"}},
    Rule{"CACHE", ScatterType::yaffs, ScatterPolicy::update, {"cache.img"}},
    Rule{"USRDATA", ScatterType::yaffs, ScatterPolicy::update, {"userdata.img"}},
    Rule{"TEE1", ScatterType::raw, ScatterPolicy::update, {"trustzone.bin", "tz.img"}},
    Rule{"TEE2", ScatterType::raw, ScatterPolicy::update, {"trustzone.bin", "tz.img"}},
    Rule{"CUSTOM", ScatterType::yaffs, ScatterPolicy::update, {"custom.img"}},
    Rule{"NVRAM", ScatterType::raw, ScatterPolicy::binregion},
    Rule{"PRO_INFO", ScatterType::raw, ScatterPolicy::protected_area},
    Rule{"PROTECT_F", ScatterType::raw, ScatterPolicy::protected_area},
    Rule{"PROTECT_S", ScatterType::raw, ScatterPolicy::protected_area},
    Rule{"PMT", ScatterType::raw, ScatterPolicy::invisible},
    Rule{"SECCFG", ScatterType::raw, ScatterPolicy::invisible},
    Rule{"EXPDB", ScatterType::raw, ScatterPolicy::invisible},
    Rule{"MISC", ScatterType::raw, ScatterPolicy::invisible},
    Rule{"OTP", ScatterType::raw, ScatterPolicy::reserved},
    Rule{"BMTPOOL", ScatterType::raw, ScatterPolicy::reserved}};

void apply_rule(ScatterEntry& entry) {
  const auto rule = std::ranges::find(rules, std::string_view{entry.name}, &Rule::name);
  entry.policy = entry.is_download ? ScatterPolicy::update : ScatterPolicy::invisible;
  if (rule != rules.end()) {
    entry.type = rule->type;
    // The mark in the file wins over the rule for what the rule would write.
    if (entry.is_download || rule->policy != ScatterPolicy::update) entry.policy = rule->policy;
    for (const std::string_view file : rule->files) {
      if (entry.is_download && !file.empty()) entry.file_patterns.emplace_back(file);
    }
  }
  if (entry.is_reserved) entry.policy = ScatterPolicy::reserved;
}

/// `NAME 0xADDRESS`; nothing when the line is something else.
std::optional<ScatterEntry> read_entry(std::string_view line) {
  const std::size_t name_end = line.find_first_of(" \t");
  if (name_end == std::string_view::npos) return std::nullopt;
  const std::string_view address = trimmed(line.substr(name_end));
  const auto start = parse_scatter_number(address);
  if (!start || !(address.starts_with("0x") || address.starts_with("0X"))) return std::nullopt;
  std::string_view name = line.substr(0, name_end);
  ScatterEntry entry;
  entry.is_download = !name.starts_with(not_downloadable);
  entry.is_reserved = name.starts_with(not_downloadable_reserved) || is_from_end(*start);
  if (name.starts_with(not_downloadable_reserved)) {
    name.remove_prefix(not_downloadable_reserved.size());
  } else if (!entry.is_download) {
    name.remove_prefix(not_downloadable.size());
  }
  entry.name = name;
  entry.linear_start = *start;
  entry.physical_start = *start;
  apply_rule(entry);
  return entry;
}

struct Listing {
  std::vector<ScatterEntry> entries;
  std::vector<Diagnostic> remarks;
  bool has_braces = false;
};

/// Takes braces off the end of a line: `NAME 0x0 {` and `{ }` are as good as braces on lines of their own.
/// \return whether a body is open afterwards
bool take_braces(std::string_view& body, bool inside, Listing& out) {
  const std::size_t text_end = body.find_last_not_of("{} \t") + 1;
  const std::string_view braces = body.substr(text_end);
  const std::size_t last = braces.find_last_of("{}");
  if (last == std::string_view::npos) return inside;
  out.has_braces = true;
  body = body.substr(0, text_end);
  return braces[last] == '{';
}

Result<Listing> read_listing(std::string_view text, std::string_view file_name) {
  Listing out;
  bool inside = false;
  for (const ScatterLine& line : split_lines(text)) {
    std::string_view body = trimmed(line.text);
    const bool was_inside = inside;
    inside = take_braces(body, inside, out);
    if (body.empty()) continue;
    if (was_inside) {
      out.remarks.push_back({.line = line.number,
                             .column = 1,
                             .text = fmt::format("'{}' between braces ignored", printable(body))});
      continue;
    }
    auto entry = read_entry(body);
    if (!entry) {
      const Diagnostic remark{.severity = Severity::error,
                              .line = line.number,
                              .column = 1,
                              .text = fmt::format("not a scatter file: '{}'", printable(body)),
                              .suggestion = out.entries.empty() ? "" : "lines are NAME 0xADDRESS or braces"};
      return fail(Errc::bad_image, to_string(remark, file_name));
    }
    entry->line = line.number;
    entry->label = fmt::format("SYS{}", out.entries.size());
    out.entries.push_back(std::move(*entry));
  }
  return out;
}

/// `MT6589` of `MT6589_Android_scatter_emmc.txt`.
std::string platform_of(std::string_view file_name) {
  const std::size_t slash = file_name.find_last_of("/\\");
  if (slash != std::string_view::npos) file_name.remove_prefix(slash + 1);
  constexpr std::size_t digits = 4;
  if (!same_word(file_name.substr(0, 2), "MT")) return {};
  const std::size_t end = file_name.find_first_not_of("0123456789", 2);
  if (end != 2 + digits) return {};
  return fmt::format("MT{}", file_name.substr(2, digits));
}

bool is_emmc(const Listing& listing, std::string_view file_name) {
  const auto is_table = [](const ScatterEntry& e) { return e.name == "MBR" || e.name == "EBR1"; };
  return std::ranges::any_of(listing.entries, is_table) || file_name.find("_emmc") != std::string_view::npos;
}

/// A size is the way to the next entry; the last one takes the rest.
Result<> set_sizes(std::vector<ScatterEntry>& entries, std::string_view file_name) {
  ScatterEntry* before = nullptr;
  for (ScatterEntry& entry : entries) {
    if (is_from_end(entry.physical_start)) continue;
    if (before != nullptr) {
      if (entry.physical_start <= before->physical_start) {
        const Diagnostic remark{.severity = Severity::error,
                                .line = entry.line,
                                .text = printable(entry.name) + " does not lie behind the entry before it",
                                .suggestion = "entries stand in the order of their addresses"};
        return fail(Errc::bad_image, to_string(remark, file_name));
      }
      before->size = entry.physical_start - before->physical_start;
    }
    before = &entry;
  }
  return {};
}

/// eMMC files number all areas through: what precedes the first user area entry is the boot area.
void set_emmc_areas(ScatterSection& section) {
  bool in_user = false;
  for (ScatterEntry& entry : section.entries) {
    if (!in_user && entry.name != "PRELOADER" && entry.name != "DSP_BL") {
      in_user = true;
      section.user_base = entry.physical_start;
    }
    entry.area = in_user ? Area::user : Area::boot1;
    entry.region = in_user ? "EMMC_USER" : "EMMC_BOOT_1";
  }
}

}  // namespace

Result<Scatter> parse_brace_scatter(std::string_view text, std::string_view file_name) {
  MTK_TRY_LET(Listing listing, read_listing(text, file_name));
  if (listing.entries.empty()) return fail(Errc::bad_image, fmt::format("{}: no scatter file", file_name));
  if (!listing.has_braces) {
    return fail(
        Errc::bad_image,
        fmt::format("{}: this is the partition list of an update package (OTA), not a scatter file; it "
                    "lacks sizes and file names. Use the scatter file of the full firmware",
                    file_name));
  }
  MTK_TRY(set_sizes(listing.entries, file_name));

  Scatter out{.generation = ScatterGeneration::brace,
              .platform = platform_of(file_name),
              .warnings = std::move(listing.remarks)};
  ScatterSection section{.storage = is_emmc(listing, file_name) ? ScatterStorage::emmc : ScatterStorage::nand,
                         .block_size = usual_block_size,
                         .entries = std::move(listing.entries)};
  if (section.storage == ScatterStorage::emmc) {
    set_emmc_areas(section);
  } else {
    for (ScatterEntry& entry : section.entries) entry.area = Area::nand;
    out.warnings.push_back({.text = "the file does not say eMMC or NAND; taken as NAND"});
  }
  for (ScatterEntry& entry : section.entries) {
    entry.storage = section.storage;
    entry.boundary_check = !entry.is_reserved;
  }
  if (out.platform.empty()) {
    out.warnings.push_back(
        {.text = "the chip is not in the file name (MTnnnn_...), so it cannot be checked"});
  }
  settle_names(section, out.warnings);
  out.sections.push_back(std::move(section));
  std::vector<Diagnostic> remarks = std::move(out.warnings);
  return with_remarks(std::move(out), std::move(remarks), file_name);
}

}  // namespace mtk
