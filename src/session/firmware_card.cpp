// SPDX-License-Identifier: Apache-2.0
// The card of a firmware package: the scatter's table with the files behind it, what they tell, and what the
// planner says.
#include "base/ascii.h"
#include "base/text.h"
#include "flash/planner.h"
#include "image/package/checksum.h"
#include "image/package/image_facts.h"
#include "session/firmware_scenes.h"
#include "session/image_note.h"

#include <mtk/firmware.h>

#include <algorithm>
#include <array>

namespace mtk {

namespace {

namespace fs = std::filesystem;
using fmt::arg;

class Describer {
 public:
  Describer(const Firmware& firmware, ReadImages images, const OpContext& op)
      : firmware_(firmware), images_(images), op_(op) {}

  /// Errors: cancelled.
  Result<FirmwareCard> run() {
    describe_scatter();
    load_sums();
    for (const FirmwareImage& image : firmware_.images) {
      looks_.push_back(look_at(image));
      if (op_.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
    }
    for (const ScatterSection& section : firmware_.scatter.sections) {
      card_.storages.emplace_back(to_string(section.storage));
      for (const ScatterEntry& entry : section.entries) card_.entries.push_back(row(section, entry));
    }
    for (const auto& agent : firmware_.agents) card_.agents.push_back(agent_card(agent));
    for (const auto& preloader : firmware_.preloaders)
      card_.preloaders.push_back(describe_preloader(preloader));
    ask_planner();
    card_.scenes = scenes_of(card_, firmware_.scatter);
    return std::move(card_);
  }

 private:
  /// What reading one image told.
  struct Look {
    ImageFacts facts = {};
    ChecksumVerdict checksum = ChecksumVerdict::unchecked;
    std::string sha256 = {};
  };

  void describe_scatter() {
    const Scatter& scatter = firmware_.scatter;
    const Package& package = *firmware_.package;
    card_.package = package.path();
    card_.form = to_string(package.form());
    card_.file_count = package.files().size();
    for (const std::string& remark : package.remarks()) card_.remarks.push_back({"left_out", "", remark});
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
  }

  void load_sums() {
    if (images_ == ReadImages::no) return;
    auto list = load_checksums(FirmwareFolder{firmware_.package, firmware_.folder});
    if (!list) {
      problem("checksum_file", "Checksum.ini", list.error().what);
    } else if (*list) {
      sums_ = std::move(**list);
    }
  }

  void problem(std::string id, std::string subject, std::string text) {
    card_.problems.push_back({std::move(id), std::move(subject), std::move(text)});
  }

  Look look_at(const FirmwareImage& image) {
    Look out;
    if (!image.content) return out;
    if (images_ == ReadImages::yes) read_all_of(image, out);
    out.facts = look_at_image(image.content, images_ == ReadImages::yes ? mtk::Look::deep : mtk::Look::quick);
    for (const std::string& damage : out.facts.damage)
      problem("image_damaged", image.partition,
              say(Text::check_image_cut, arg("file", image.file_name), arg("reason", damage)));
    if (out.facts.changed_after_signing)
      card_.remarks.push_back({"changed_after_signing", image.partition,
                               say(Text::check_avb_changed, arg("file", image.file_name))});
    if (out.facts.has("recovery") && starts_ignoring_case(image.partition, "boot"))
      problem("recovery_for_boot", image.partition,
              say(Text::check_recovery_for_boot, arg("file", image.file_name)));
    take_build(image, out.facts);
    return out;
  }

  void read_all_of(const FirmwareImage& image, Look& out) {
    for (std::size_t part = 0; part < image.stored.size(); ++part) {
      const auto crc = image.files.empty() ? std::nullopt : firmware_.package->files()[image.files[part]].crc;
      const auto sums =
          sum_content(*image.stored[part], image.file_name, op_, crc ? WithCrc::yes : WithCrc::no);
      if (!sums) {
        problem("unreadable", image.partition,
                say(Text::check_unreadable, arg("file", image.file_name), arg("reason", sums.error().what)));
        return;
      }
      if (crc && *crc != sums->crc)
        problem("package_damaged", image.partition,
                say(Text::check_crc_differs, arg("file", image.file_name)));
      if (image.stored.size() > 1) continue;  // sums are told of whole files
      out.sha256 = hex_compact(sums->sha256);
      out.checksum = compare_sum(image, sums->byte_sum);
    }
  }

  ChecksumVerdict compare_sum(const FirmwareImage& image, std::uint16_t found) {
    const auto expected = sums_.expected(image.partition);
    if (!expected) return ChecksumVerdict::unchecked;
    if (found == *expected) return ChecksumVerdict::matches;
    // Of a signed and a plain file, the sum may have been taken over the one that is not flashed.
    for (const std::size_t other : image.others) {
      const auto stored = firmware_.package->open(other);
      const auto sums = stored ? sum_content(**stored, firmware_.package->files()[other].name, op_)
                               : Result<ContentSums>{fail(stored.error())};
      if (!sums || sums->byte_sum != *expected) continue;
      card_.remarks.push_back(
          {"sum_of_other", image.partition,
           say(Text::check_sum_of_other, arg("other", firmware_.package->files()[other].name),
               arg("file", image.path.filename().string()))});
      return ChecksumVerdict::unchecked;
    }
    problem("checksum", image.partition,
            say(Text::check_sum_differs, arg("file", image.file_name), arg("found", found),
                arg("expected", *expected)));
    return ChecksumVerdict::differs;
  }

  /// System images know best what the build is called; boot images fill in.
  void take_build(const FirmwareImage& image, const ImageFacts& facts) {
    const bool system = starts_ignoring_case(image.partition, "system") ||
                        starts_ignoring_case(image.partition, "super") ||
                        same_ignoring_case(image.partition, "android");
    if (system) {
      BuildFacts best = facts.build;
      best.fill_from(build_);
      build_ = std::move(best);
    } else {
      build_.fill_from(facts.build);
    }
    card_.build = {build_.brand,          build_.model, build_.device,     build_.android,
                   build_.security_patch, build_.build, build_.fingerprint};
    if (facts.avb && facts.kind == FileKind::vbmeta && !card_.verified_boot) {
      card_.verified_boot = VerifiedBootCard{.algorithm = facts.avb->algorithm,
                                             .key_sha1 = facts.avb->key_sha1,
                                             .is_signed = facts.avb->is_signed,
                                             .verification_disabled = facts.avb->verification_disabled};
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
    if (const auto placed = place(entry, section, std::nullopt)) out.offset = placed->region.offset;
    const FirmwareImage* image = entry.name.empty() ? nullptr : firmware_.find(entry.name, section.storage);
    if (image == nullptr) return out;
    out.file = image->file_name;
    out.path = image->path;
    out.present = !image->path.empty() && !(image->problem && image->problem->code == Errc::not_found);
    if (!out.present) return out;
    out.kind = to_string(image->kind);
    if (!image->content) return out;
    const Look& look = looks_.at(static_cast<std::size_t>(image - firmware_.images.data()));
    out.bytes = image->content->size();
    out.stored_bytes = image->content->stored_size();
    out.fits = entry.size == 0 || out.bytes <= entry.size;
    out.checksum = look.checksum;
    out.sha256 = look.sha256;
    out.is_signed = look.facts.is_signed;
    if (image->stored.size() > 1)
      out.notes.push_back(image_note("parts", std::to_string(image->stored.size())));
    for (const ImageFact& fact : look.facts.facts) out.notes.push_back(image_note(fact.id, fact.value));
    return out;
  }

  AgentCard agent_card(const fs::path& file) const {
    AgentCard card = describe_agent_file(file);
    if (card.error || card_.chips.empty()) return card;
    const auto fits = [&](const AgentEntryCard& entry) {
      return std::ranges::any_of(entry.chips, [&](const ChipName& chip) {
        return std::ranges::find(card_.chips, chip.hw_code, &ChipName::hw_code) != card_.chips.end();
      });
    };
    card.for_this_chip = std::ranges::any_of(card.entries, fits);
    return card;
  }

  /// Every refusal that needs no phone is one here, too.
  void ask_planner() {
    Planned planned = plan_download(firmware_, nullptr, {});
    for (auto& refusal : planned.refusals)
      problem(std::move(refusal.id), std::move(refusal.subject), std::move(refusal.text));
    for (auto& warning : planned.plan.warnings) {
      if (warning.id != "no_phone") card_.remarks.push_back(std::move(warning));
    }
  }

  const Firmware& firmware_;
  ReadImages images_;
  const OpContext& op_;
  ChecksumList sums_;
  std::vector<Look> looks_;  ///< beside firmware_.images
  BuildFacts build_;
  FirmwareCard card_;
};

}  // namespace

std::string_view to_string(ChecksumVerdict verdict) {
  constexpr std::array<std::string_view, 3> names{"unchecked", "matches", "differs"};
  return names.at(static_cast<std::size_t>(verdict));
}

FirmwareCard describe_firmware(const fs::path& path, ReadImages images, const OpContext& op) {
  const auto described = [&]() -> Result<FirmwareCard> {
    MTK_TRY_LET(const Firmware firmware,
                open_firmware(path, {}, {.stop = op.stop, .observer = &op.observer}));
    return Describer{firmware, images, op}.run();
  };
  auto card = described();
  if (card) return std::move(*card);
  FirmwareCard failed;
  failed.package = path;
  failed.error = std::move(card.error());
  return failed;
}

FirmwareCard describe_firmware(const fs::path& path, ReadImages images) {
  Observer nobody;
  return describe_firmware(path, images, {{}, nobody});
}

}  // namespace mtk
