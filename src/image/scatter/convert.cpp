// SPDX-License-Identifier: Apache-2.0
// The same table in another form. Only what the form itself decides changes; address columns stay as they
// are, since each form reads them by the same rules.
#include "image/scatter/convert.h"

#include <fmt/format.h>

namespace mtk {

namespace {

/// What a pattern stands for when no folder is there to look: `preloader.bin` for `preloader*.bin`.
std::string usual_name(std::string_view pattern) {
  std::string name{pattern};
  std::erase(name, '*');
  return name;
}

/// What V1.1.1 states and brace lists leave to the tool.
void complete_brace(Scatter& scatter) {
  scatter.config_version = "V1.1.1";
  scatter.project = scatter.project.empty() ? "unknown" : scatter.project;
  for (ScatterSection& section : scatter.sections) {
    section.boot_channel = section.storage == ScatterStorage::emmc ? "MSDC_0" : "NONE";
    for (ScatterEntry& entry : section.entries) {
      if (entry.region.empty()) entry.region = "NONE";
      if (entry.file_name.empty() && !entry.file_patterns.empty()) {
        entry.file_name = usual_name(entry.file_patterns.front());
      }
      entry.file_patterns.clear();
      if (entry.file_name.empty()) entry.is_download = false;
      // V1.1.1 counts the physical column from the start of the area.
      if (entry.area == Area::user && !is_from_end(entry.physical_start)) {
        entry.physical_start -= section.user_base;
      }
    }
    section.user_base = 0;
  }
}

std::string sections_of(const Scatter& scatter) {
  std::string list;
  for (const ScatterSection& section : scatter.sections) {
    list += fmt::format("{}{}", list.empty() ? "" : ", ", to_string(section.storage));
  }
  return list;
}

bool is_level(const std::string& version, char level) {
  return version.size() > 1 && (version[0] == 'V' || version[0] == 'v') && version[1] == level;
}

void settle_version(Scatter& scatter, bool second) {
  if (second) {
    if (!is_level(scatter.config_version, '2')) scatter.config_version = "V2.1.0";
  } else if (!is_level(scatter.config_version, '1')) {
    scatter.config_version = "V1.1.2";
  }
}

}  // namespace

Result<Scatter> convert_scatter(Scatter scatter, ScatterForm form, std::optional<ScatterStorage> storage) {
  if (storage) {
    const ScatterSection* chosen = scatter.section(*storage);
    if (chosen == nullptr) {
      return fail(Errc::usage, fmt::format("the file has no table for {}, only for {}", to_string(*storage),
                                           sections_of(scatter)));
    }
    scatter.sections = {*chosen};
  }
  const bool was_second =
      scatter.generation == ScatterGeneration::v2 || scatter.generation == ScatterGeneration::xml_v2;
  if (scatter.generation == ScatterGeneration::brace) complete_brace(scatter);
  scatter.warnings.clear();

  const bool second = form == ScatterForm::v2 || (form == ScatterForm::xml && was_second);
  if (!second && scatter.sections.size() > 1) {
    return fail(Errc::usage,
                fmt::format("the V1 form holds one table and the file has several; choose one of {}",
                            sections_of(scatter)));
  }
  for (const ScatterSection& section : scatter.sections) {
    if (second && section.storage == ScatterStorage::unknown) {
      return fail(Errc::unsupported, "the file does not say for which storage it is, as the V2 form must");
    }
  }
  settle_version(scatter, second);
  if (form == ScatterForm::xml) {
    scatter.generation = second ? ScatterGeneration::xml_v2 : ScatterGeneration::xml_v1;
  } else {
    scatter.generation = second ? ScatterGeneration::v2 : ScatterGeneration::v1;
  }
  return scatter;
}

}  // namespace mtk
