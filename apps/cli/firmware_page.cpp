// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/firmware_page.h"

#include "apps/cli/page.h"
#include "apps/cli/units.h"
#include "base/text.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace mtk::cli {

namespace {

using fmt::arg;

std::string names_of(const std::vector<ChipName>& chips) {
  std::string out;
  for (const ChipName& chip : chips)
    out += fmt::format("{}{} ({:#06x})", out.empty() ? "" : ", ", chip.name, chip.hw_code);
  return out.empty() ? std::string{text(Text::check_unknown_chip)} : out;
}

/// What there is to say about a row's file, the worst first; a leading '!' makes it a warning.
std::string verdict(const FirmwareEntry& entry) {
  if (entry.file.empty()) return "";
  if (!entry.present)
    return entry.selected ? "!" + std::string{text(Text::check_missing)}
                          : std::string{text(Text::check_absent)};
  if (!entry.fits) return "!" + std::string{text(Text::check_too_large)};
  switch (entry.checksum) {
    case ChecksumVerdict::differs:
      return "!" + std::string{text(Text::check_sum_wrong)};
    case ChecksumVerdict::matches:
      return std::string{text(Text::check_sum_right)};
    case ChecksumVerdict::unchecked:
      break;
  }
  return std::string{text(Text::check_present)};
}

/// A column of the table; the wide table does not fit every terminal.
struct EntryColumn {
  Page::Column head;
  bool always;
  std::string (*cell)(const FirmwareEntry&);
};

std::vector<EntryColumn> entry_columns() {
  using Entry = const FirmwareEntry&;
  const auto title = [](Text id) { return std::string{text(id)}; };
  return {
      {{""}, true, [](Entry e) { return std::string{e.selected ? "x" : ""}; }},
      {{title(Text::card_partition)}, true, [](Entry e) { return e.name + (e.identity ? " *" : ""); }},
      {{title(Text::card_area)}, false, [](Entry e) { return e.region; }},
      {{title(Text::card_start), Page::Align::right},
       false,
       [](Entry e) { return fmt::format("{:#x}", e.start); }},
      {{title(Text::card_room), Page::Align::right},
       true,
       [](Entry e) { return e.size == 0 ? std::string{text(Text::check_rest)} : human_bytes(e.size); }},
      {{title(Text::card_file)}, true, [](Entry e) { return e.file; }},
      {{title(Text::card_size), Page::Align::right},
       true,
       [](Entry e) { return e.present ? human_bytes(e.bytes) : std::string{}; }},
      {{title(Text::card_kind)}, false, [](Entry e) { return e.kind; }},
      {{title(Text::card_state)}, true, verdict},
  };
}

void add_entries(Page& page, const FirmwareCard& card, const std::string& storage) {
  constexpr std::size_t wide_table = 140;
  const bool narrow = page.style().terminal && page.style().width < wide_table;
  auto columns = entry_columns();
  if (narrow) std::erase_if(columns, [](const EntryColumn& column) { return !column.always; });
  std::vector<Page::Column> heads;
  for (const auto& column : columns) heads.push_back(column.head);
  std::vector<std::vector<std::string>> rows;
  for (const FirmwareEntry& entry : card.entries) {
    if (entry.storage != storage) continue;
    std::vector<std::string> row;
    for (const auto& column : columns) row.push_back(column.cell(entry));
    rows.push_back(std::move(row));
  }
  page.table(heads, rows);
}

std::string role_of(const std::string& role, std::size_t number) {
  if (role == "helper") return std::string{text(Text::da_role_stub)};
  if (role == "da1") return std::string{text(Text::da_role_da1)};
  if (role == "da2") return std::string{text(Text::da_role_da2)};
  return say(Text::da_role_other, arg("number", number));
}

void add_agent_entry(Page& page, const AgentEntryCard& entry) {
  std::uint64_t size = 0;
  for (const AgentRegionCard& region : entry.regions) size += region.length;
  page.item("-", say(Text::da_entry, arg("hw_code", entry.hw_code), arg("chips", names_of(entry.chips)),
                     arg("family",
                         entry.family.empty() ? std::string{text(Text::da_unknown_family)} : entry.family),
                     arg("size", human_bytes(size)), arg("regions", entry.regions.size())));
  page.small(say(Text::da_revision, arg("sub", entry.hw_sub_code), arg("hw", entry.hw_version),
                 arg("sw", entry.sw_version)),
             "      ");
  if (!entry.problem.empty()) page.small(say(Text::da_not_a_phone, arg("reason", entry.problem)), "      ");
  for (std::size_t i = 0; i < entry.regions.size(); ++i) {
    const AgentRegionCard& region = entry.regions[i];
    const std::string signature = region.signature_length == 0
                                      ? std::string{text(Text::da_region_unsigned)}
                                      : say(Text::da_region_signed, arg("bytes", region.signature_length));
    page.small(
        say(Text::da_region, arg("role", role_of(region.role, i)), arg("length", human_bytes(region.length)),
            arg("address", region.load_address), arg("offset", region.offset), arg("signature", signature)),
        "      ");
  }
}

/// The chips of an agent in one line; all-in-one files hold dozens.
std::string chips_line(const AgentCard& card) {
  constexpr std::size_t shown_chips = 12;
  std::vector<std::string> names;
  for (const AgentEntryCard& entry : card.entries) {
    std::string name = entry.chips.empty() ? fmt::format("{:#06x}", entry.hw_code) : entry.chips.front().name;
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  const std::size_t more = names.size() > shown_chips ? names.size() - shown_chips : 0;
  names.resize(names.size() - more);
  std::string out = fmt::format("{}", fmt::join(names, ", "));
  if (more > 0) out += say(Text::check_and_more, arg("count", more));
  return out;
}

void add_problems(Page& page, const std::vector<Warning>& all, Ink ink, Text title) {
  if (all.empty()) return;
  page.gap();
  page.heading(ink, text(title));
  for (const Warning& one : all) {
    const bool named = one.text.find(one.subject) != std::string::npos;
    page.item("-", named ? one.text : fmt::format("{}: {}", one.subject, one.text));
  }
}

std::string_view form_text(const std::string& form) {
  if (form == "zip") return text(Text::check_form_zip);
  return text(form == "unpacked" ? Text::check_form_unpacked : Text::check_form_folder);
}

void add_package(Page& page, const FirmwareCard& card) {
  if (card.package.empty()) return;
  page.fact(text(Text::check_package), say(Text::check_package_form, arg("path", card.package.string()),
                                           arg("form", form_text(card.form)), arg("files", card.file_count)));
}

void add_build(Page& page, const FirmwareCard& card) {
  const BuildCard& build = card.build;
  if (!build.model.empty())
    page.fact(text(Text::check_model), build.brand.empty() ? build.model : build.brand + " " + build.model);
  if (!build.android.empty()) {
    page.fact(text(Text::check_android), build.security_patch.empty()
                                             ? build.android
                                             : say(Text::check_android_version, arg("version", build.android),
                                                   arg("patch", build.security_patch)));
  }
  const std::string& name = build.fingerprint.empty() ? build.build : build.fingerprint;
  if (!name.empty()) page.fact(text(Text::check_build), name);
  if (!card.verified_boot) return;
  const VerifiedBootCard& boot = *card.verified_boot;
  std::string state = boot.is_signed ? say(Text::check_signed_with, arg("algorithm", boot.algorithm),
                                           arg("key", boot.key_sha1.substr(0, 12)))
                                     : std::string{text(Text::check_not_signed)};
  if (boot.verification_disabled) state = say(Text::check_verification_off, arg("state", state));
  page.fact(text(Text::check_verified_boot), state);
}

/// What the images tell, one line for each file.
void add_notes(Page& page, const FirmwareCard& card) {
  std::vector<std::string> told;
  for (const FirmwareEntry& entry : card.entries) {
    if (entry.notes.empty() || std::ranges::find(told, entry.file) != told.end()) continue;
    if (told.empty()) {
      page.gap();
      page.heading(Ink::strong, text(Text::check_images));
    }
    told.push_back(entry.file);
    std::vector<std::string> notes;
    for (const ImageNote& note : entry.notes) notes.push_back(note.text);
    page.item("-", fmt::format("{}: {}", entry.file, fmt::join(notes, ", ")));
  }
}

void add_scenes(Page& page, const FirmwareCard& card) {
  if (card.scenes.empty()) return;
  page.gap();
  page.heading(Ink::strong, text(Text::check_scenes));
  for (const SceneCard& scene : card.scenes) {
    const Text complete = scene.offered ? Text::check_scene_yes : Text::check_scene_not_offered;
    page.item("-", scene.possible
                       ? say(complete, arg("scene", scene.id))
                       : say(Text::check_scene_no, arg("scene", scene.id), arg("reason", scene.reason)));
  }
}

}  // namespace

std::string firmware_page(const FirmwareCard& card, const Style& style) {
  Page page{style};
  add_package(page, card);
  add_build(page, card);
  page.fact(text(Text::check_scatter),
            fmt::format("{} ({} {})", card.scatter.string(), card.generation, card.version));
  page.fact(text(Text::check_platform), card.platform);
  page.fact(text(Text::check_chips), names_of(card.chips));
  if (!card.project.empty()) page.fact(text(Text::check_project), card.project);
  page.fact(text(Text::fact_storage), fmt::format("{}", fmt::join(card.storages, ", ")));
  for (const AgentCard& agent : card.agents) {
    page.fact(text(Text::check_agent), fmt::format("{}: {}", agent.file.filename().string(),
                                                   agent.error ? agent.error->what : agent.version));
    if (!agent.error) page.fact("", say(Text::check_agent_for, arg("chips", chips_line(agent))));
    if (agent.for_this_chip)
      page.fact("", text(*agent.for_this_chip ? Text::check_agent_fits : Text::check_agent_other));
  }
  if (card.agents.empty()) page.fact(text(Text::check_agent), text(Text::check_none));
  for (const PreloaderCard& preloader : card.preloaders) {
    page.fact(
        text(Text::check_preloader),
        fmt::format("{}: {}", preloader.file.filename().string(),
                    preloader.error ? preloader.error->what : preloader.project + ", " + preloader.form));
    for (const auto& memory : preloader.memory) page.fact("", memory);
  }
  for (const auto& storage : card.storages) {
    page.gap();
    if (card.storages.size() > 1) page.heading(Ink::strong, storage);
    add_entries(page, card, storage);
  }
  page.small(text(Text::check_legend));
  add_notes(page, card);
  add_scenes(page, card);
  add_problems(page, card.remarks, Ink::warning, Text::check_remarks);
  add_problems(page, card.problems, Ink::bad, Text::check_problems);
  if (card.problems.empty()) {
    page.gap();
    page.heading(Ink::good, (style.utf8 ? "✓ " : "") + std::string{text(Text::check_fine)});
  }
  return std::move(page).text();
}

std::string comparison_page(const ComparedWith& with, const FirmwareCard& card, const Style& style) {
  Page page{style};
  page.heading(Ink::strong, say(Text::compare_title_package, arg("first", card.package.filename().string()),
                                arg("second", with.name)));
  for (const CompareRow& row : with.comparison.rows) page.fact(row.label, row.text);
  page.gap();
  page.heading(with.comparison.usable ? Ink::good : Ink::bad, with.comparison.text);
  return std::move(page).text();
}

std::string agent_page(const AgentCard& card, const Style& style) {
  Page page{style};
  page.fact(text(Text::da_version), card.version);
  page.fact(text(Text::da_generation),
            text(card.generation == "xml" ? Text::da_generation_xml : Text::da_generation_classic));
  page.fact("SHA-256", card.sha256);
  page.fact(text(Text::da_entries), std::to_string(card.entries.size()));
  page.gap();
  for (const AgentEntryCard& entry : card.entries) add_agent_entry(page, entry);
  for (const auto& remark : card.remarks) page.item("!", remark);
  return std::move(page).text();
}

}  // namespace mtk::cli
