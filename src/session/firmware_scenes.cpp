// SPDX-License-Identifier: Apache-2.0
#include "session/firmware_scenes.h"

#include "base/ascii.h"
#include "base/text.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace mtk {

namespace {

std::string list(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, ", ")); }

void add_once(std::vector<std::string>& to, const std::string& name) {
  if (std::ranges::find(to, name) == to.end()) to.push_back(name);
}

struct Holdings {
  std::vector<std::string> missing = {};  ///< marked for download, not there or of no use
  std::vector<std::string> missing_bootloaders = {};
  bool something = false;
  bool preloader = false;
};

Holdings holdings_of(const FirmwareCard& card, const Scatter& scatter) {
  Holdings out;
  for (const FirmwareEntry& entry : card.entries) {
    // A table that is marked for download without a file is common and left alone.
    if (!entry.selected || entry.file.empty() || entry.identity) continue;
    const bool good = entry.present && entry.fits && entry.checksum != ChecksumVerdict::differs;
    out.something = out.something || good;
    if (good && starts_ignoring_case(entry.name, "preloader")) out.preloader = true;
    if (good) continue;
    add_once(out.missing, entry.file);
    const bool bootloader = std::ranges::any_of(scatter.sections, [&](const ScatterSection& section) {
      const ScatterEntry* row = section.find(entry.name);
      return row != nullptr && row->policy == ScatterPolicy::bootloaders;
    });
    if (bootloader) add_once(out.missing_bootloaders, entry.file);
  }
  return out;
}

}  // namespace

std::vector<SceneCard> scenes_of(const FirmwareCard& card, const Scatter& scatter) {
  using fmt::arg;
  const Holdings has = holdings_of(card, scatter);
  SceneCard download{.id = "download-only"};
  if (!has.something) {
    download.reason = say(Text::check_scene_nothing);
  } else if (!has.missing_bootloaders.empty() && scatter.check_bootloaders_consistency) {
    download.reason = say(Text::check_scene_bootloaders, arg("files", list(has.missing_bootloaders)));
  }
  SceneCard upgrade{.id = "firmware-upgrade", .reason = download.reason};
  if (upgrade.reason.empty() && !has.missing.empty())
    upgrade.reason = say(Text::check_scene_missing, arg("files", list(has.missing)));
  SceneCard format{.id = "format-all-download", .reason = upgrade.reason};
  if (format.reason.empty() && !has.preloader) format.reason = say(Text::check_scene_preloader);
  std::vector<SceneCard> out{std::move(download), std::move(upgrade), std::move(format)};
  for (SceneCard& scene : out) {
    scene.possible = scene.reason.empty();
    scene.offered = offers_scene(scene.id);
  }
  return out;
}

bool offers_scene(std::string_view id) { return id == "download-only"; }

}  // namespace mtk
