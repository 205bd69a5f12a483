// SPDX-License-Identifier: Apache-2.0
// The card of a firmware folder: the scatter's table with the files behind it, and what the planner says.
#include "base/ascii.h"
#include "base/text.h"
#include "flash/planner.h"
#include "image/package/checksum.h"

#include <mtk/firmware.h>

#include <algorithm>
#include <array>

namespace mtk {

namespace {

namespace fs = std::filesystem;

Result<std::uint16_t> byte_sum(const Package& package, std::size_t file) {
  MTK_TRY_LET(const ImagePtr stored, package.open(file));
  MTK_TRY_LET(const ContentSums sums, sum_content(*stored));
  return sums.byte_sum;
}

class Describer {
 public:
  Describer(const Firmware& firmware, ReadImages images) : firmware_(firmware), images_(images) {}

  FirmwareCard run() {
    const Scatter& scatter = firmware_.scatter;
    card_.scatter = firmware_.scatter_file;
    card_.generation = to_string(scatter.generation);
    card_.version = scatter.config_version;
    card_.platform = scatter.platform;
    card_.project = scatter.project;
    for (const ChipMatch& match : chips_of_platform(scatter.platform)) {
      if (match.match == NameMatch::family) continue;  // shares the agent, not the firmware
      card_.chips.push_back(
          {std::string{match.chip->name}, match.chip->hw_code, std::string{to_string(match.match)}});
    }
    load_sums();
    for (const ScatterSection& section : scatter.sections) {
      card_.storages.emplace_back(to_string(section.storage));
      for (const ScatterEntry& entry : section.entries) card_.entries.push_back(row(section, entry));
    }
    for (const auto& agent : firmware_.agents) card_.agents.push_back(describe_agent_file(agent));
    for (const auto& preloader : firmware_.preloaders)
      card_.preloaders.push_back(describe_preloader(preloader));
    ask_planner();
    return std::move(card_);
  }

 private:
  void load_sums() {
    if (images_ == ReadImages::no) return;
    auto list = load_checksums(FirmwareFolder{firmware_.package, firmware_.folder});
    if (!list) {
      card_.problems.push_back({"checksum_file", "Checksum.ini", list.error().what});
    } else if (*list) {
      sums_ = std::move(**list);
    }
  }

  FirmwareEntry row(const ScatterSection& section, const ScatterEntry& entry) {
    FirmwareEntry out{.name = entry.name,
                      .storage = std::string{to_string(section.storage)},
                      .region = entry.region,
                      .start = entry.physical_start,
                      .size = entry.size,
                      .selected = entry.is_download,
                      .identity = is_identity(entry.name)};
    const FirmwareImage* image = entry.name.empty() ? nullptr : firmware_.find(entry.name, section.storage);
    if (image == nullptr) return out;
    out.file = image->file_name;
    out.path = image->path;
    out.present = !image->path.empty();
    if (!out.present) return out;
    out.kind = to_string(image->kind);
    if (image->content) {
      out.bytes = image->content->size();
      out.stored_bytes = image->content->stored_size();
      out.fits = entry.size == 0 || out.bytes <= entry.size;
      out.checksum = compare_sum(*image);
    }
    return out;
  }

  ChecksumVerdict compare_sum(const FirmwareImage& image) {
    const auto expected = sums_.expected(image.partition);
    if (!expected) return ChecksumVerdict::unchecked;
    if (image.files.size() != 1) return ChecksumVerdict::unchecked;
    const auto sum = byte_sum(*firmware_.package, image.files.front());
    if (sum && *sum == *expected) return ChecksumVerdict::matches;
    card_.problems.push_back({"checksum", image.partition,
                              sum ? say(Text::check_sum_differs, fmt::arg("file", image.file_name),
                                        fmt::arg("found", *sum), fmt::arg("expected", *expected))
                                  : sum.error().what});
    return ChecksumVerdict::differs;
  }

  /// Every refusal that needs no phone is one here, too.
  void ask_planner() {
    Planned planned = plan_download(firmware_, nullptr, {});
    for (auto& refusal : planned.refusals)
      card_.problems.push_back({std::move(refusal.id), std::move(refusal.subject), std::move(refusal.text)});
    for (auto& warning : planned.plan.warnings) {
      if (warning.id != "no_phone") card_.remarks.push_back(std::move(warning));
    }
  }

  const Firmware& firmware_;
  ReadImages images_;
  ChecksumList sums_;
  FirmwareCard card_;
};

}  // namespace

std::string_view to_string(ChecksumVerdict verdict) {
  constexpr std::array<std::string_view, 3> names{"unchecked", "matches", "differs"};
  return names.at(static_cast<std::size_t>(verdict));
}

FirmwareCard describe_firmware(const fs::path& path, ReadImages images) {
  const auto firmware = open_firmware(path);
  if (firmware) return Describer{*firmware, images}.run();
  FirmwareCard card;
  card.error = firmware.error();
  return card;
}

}  // namespace mtk
