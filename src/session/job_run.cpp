// SPDX-License-Identifier: Apache-2.0
#include "session/job_run.h"

#include "base/text.h"
#include "flash/executor.h"
#include "flash/image_check.h"
#include "flash/keep_store.h"
#include "flash/step_progress.h"
#include "session/attempt_watch.h"
#include "session/connection.h"
#include "session/connection_log.h"
#include "session/failure.h"
#include "session/places.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace mtk {

namespace {

namespace fs = std::filesystem;
using fmt::arg;

PartitionOutcome outcome_of(Done done) {
  switch (done) {
    case Done::kept:
      return PartitionOutcome::kept;
    case Done::erased:
      return PartitionOutcome::erased;
    case Done::written:
      return PartitionOutcome::written;
    case Done::same:
      return PartitionOutcome::unchanged;
    case Done::verified:
      return PartitionOutcome::verified;
    case Done::checked:
      return PartitionOutcome::checked;
  }
  return PartitionOutcome::written;
}

/// A folder name that is the same for the same phone and tells nobody its serial number.
std::string phone_id(const AgentFacts& facts) {
  return facts.storage_id.empty() ? "unknown" : "cid-" + hex_compact(sha256(facts.storage_id)).substr(0, 16);
}

std::vector<std::string> names_of(const std::map<std::string, std::filesystem::path>& images) {
  std::vector<std::string> names;
  for (const auto& [partition, file] : images) names.push_back(partition);
  return names;
}

FlashOptions flash_options(const FlashJob& job) {
  return {.only = job.only,
          .skip = job.skip,
          .replaced = names_of(job.images),
          .erase_identity = IdentityConsent{job.erase_identity},
          .verify = job.verify,
          .next = job.next};
}

/// Moves a plan or its refusals into the outcome. Errors: refused.
Result<> take_plan(Planned planned, Outcome& outcome) {
  outcome.warnings = planned.plan.warnings;
  outcome.refusals.clear();
  for (const Refusal& refusal : planned.refusals) outcome.refusals.push_back(refusal.text);
  if (!planned.refusals.empty()) return fail(refusal_error(planned.refusals));
  outcome.plan = std::move(planned.plan);
  return {};
}

bool verifies_by_device(const Plan& plan) {
  return std::ranges::any_of(plan.steps, [](const Step& step) {
    const auto* verify = std::get_if<VerifyStep>(&step);
    return verify != nullptr && verify->by == VerifyBy::device;
  });
}

class Runner {
 public:
  Runner(const ConnectOptions& options, SessionObserver& observer, const std::stop_token& stop,
         const OpenLink& open)
      : options_(options), observer_(observer), op_{stop, observer}, open_(open) {}

  Outcome run(const Job& job) {
    const auto begin = clock_.now();
    auto result = std::visit([this](const auto& kind) { return carry_out(kind); }, job);
    if (!result) out_.error = std::move(result.error());
    out_.duration = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - begin);
    if (out_.error) explain_failure(out_);
    return std::move(out_);
  }

 private:
  Result<> carry_out(const WaitJob&) {
    MTK_TRY(identify({}));
    return {};
  }

  Result<> carry_out(const InfoJob&) {
    MTK_TRY(identify(companions()));
    // Without an agent file the boot stage's facts are the answer.
    if (companions().agents.empty() && !connection_.agent) return {};
    MTK_TRY(start());
    MTK_TRY_LET(const FactTexts further, at(Stage::da2, agent().further_facts(op_)));
    describe_further(further, out_.phone);
    MTK_TRY(learn_table());
    return leave();
  }

  Result<> carry_out(const PartsJob&) {
    MTK_TRY(connect(companions()));
    if (!table_.table)
      return fail(
          Error{.code = Errc::bad_image, .what = table_.problem, .stage = Stage::da2}.in("partition table"));
    return leave();
  }

  Result<> carry_out(const ReadJob& job) {
    MTK_TRY(connect(companions()));
    std::vector<Place> places;
    std::uint64_t total = 0;
    for (const ReadItem& item : job.items) {
      MTK_TRY_LET(Place place, find_place(item.place, agent().facts(), table()));
      total += place.region.length;
      places.push_back(std::move(place));
    }
    StepProgress progress{observer_, total};
    for (std::size_t i = 0; i < places.size(); ++i) {
      progress.begin_step(Stage::backup, places[i].region.length);
      MTK_TRY(within(Stage::backup, read_to_file(places[i], job.items[i].file, progress),
                     "read " + places[i].name));
    }
    return leave();
  }

  Result<> carry_out(const WriteJob& job) {
    MTK_TRY_LET(const ImagePtr image, open_image(job.file));
    MTK_TRY_LET(const FileKind kind, file_kind(job.file));
    MTK_TRY(connect(companions()));
    MTK_TRY_LET(Place place, find_place(job.place, agent().facts(), table()));
    const IdentityConsent consent{job.erase_identity};
    MTK_TRY(guard(place.region, consent));
    MTK_TRY_LET(const WriteStep write, plan_write(place, job.file, image, kind));
    MTK_TRY(guard(write.target, consent));
    Plan plan;
    add_keep_steps(plan);
    plan.steps.emplace_back(write);
    if (job.verify != VerifyBy::none) {
      plan.steps.emplace_back(VerifyStep{
          .partition = write.partition, .target = write.target, .image = write.image, .by = job.verify});
    }
    plan.steps.emplace_back(RebootStep{.into = BootMode::off});
    return carry_out_plan(std::move(plan));
  }

  Result<> carry_out(const EraseJob& job) {
    MTK_TRY(connect(companions()));
    Plan plan;
    add_keep_steps(plan);
    for (const auto& name : job.places) {
      MTK_TRY_LET(const Place place, find_place(name, agent().facts(), table()));
      MTK_TRY(check_named(place));
      if (!agent().facts().writes_by_name && place.region.area != Area::user &&
          place.region.area != Area::lu2) {
        return fail(Errc::refused, say(Text::job_boot_area_erase, arg("place", place.name)));
      }
      MTK_TRY(guard(place.region, IdentityConsent{job.erase_identity}));
      plan.steps.emplace_back(EraseStep{.partition = place.name, .target = place.region});
    }
    plan.steps.emplace_back(RebootStep{.into = BootMode::off});
    return carry_out_plan(std::move(plan));
  }

  Result<> carry_out(const FlashJob& job) {
    // What is wrong with the firmware itself is said before anyone looks for a cable.
    MTK_TRY_LET(const Firmware firmware,
                open_firmware(job.firmware, job.images, {.stop = op_.stop, .observer = &op_.observer}));
    const FlashOptions options = flash_options(job);
    MTK_TRY(take_plan(plan_download(firmware, nullptr, options), out_));

    Companions files = companions();
    files.agents.insert(files.agents.end(), firmware.agents.begin(), firmware.agents.end());
    files.preloaders.insert(files.preloaders.end(), firmware.preloaders.begin(), firmware.preloaders.end());
    MTK_TRY(identify(std::move(files)));
    MTK_TRY(check_chip(firmware));
    MTK_TRY(start());
    MTK_TRY(learn_table());
    const PhoneFacts facts = facts_of(connection_, table_);
    if (auto refused = take_plan(plan_download(firmware, &facts, options), out_); !refused) {
      static_cast<void>(leave());  // nothing was written; the refusal is what counts
      return refused;
    }
    if (job.dry_run) return leave();
    return carry_out_plan(out_.plan, images_of(firmware));
  }

  Result<> carry_out(const RebootJob& job) {
    MTK_TRY(identify(companions()));
    MTK_TRY(start());
    Plan plan;
    plan.steps.emplace_back(RebootStep{.into = job.into});
    return carry_out_plan(std::move(plan));
  }

  Companions companions() const {
    Companions files;
    if (!options_.da.empty()) files.agents.push_back(options_.da);
    if (!options_.preloader.empty()) files.preloaders.push_back(options_.preloader);
    return files;
  }

  Agent& agent() { return *connection_.agent; }
  const PartitionTable* table() const { return table_.table ? &*table_.table : nullptr; }
  /// The table when it names every partition.
  const PartitionTable* full_table() const {
    return table() != nullptr && table()->lists_all ? table() : nullptr;
  }

  Result<> identify(Companions files) {
    connector_.emplace(options_, std::move(files), watch_, out_.phone, open_);
    const auto begin = clock_.now();
    auto connection = connector_->identify(op_);
    remember_attempt(connection ? nullptr : &connection.error(), clock_.now() - begin);
    MTK_TRY_LET(connection_, std::move(connection));
    return {};
  }
  /// For `doctor`. That it cannot be written is no reason to fail.
  void remember_attempt(const Error* error, Clock::Duration took) {
    const auto attempt = attempt_of(options_.port, error, watch_.lost_one(), out_.phone,
                                    std::chrono::duration_cast<std::chrono::milliseconds>(took));
    if (attempt && !open_) static_cast<void>(ConnectionLog::usual().add(*attempt));
  }
  Result<> start() { return connector_->start_agent(connection_, op_); }
  Result<> learn_table() {
    MTK_TRY_LET(table_, at(Stage::da2, read_table(agent(), op_)));
    describe_table(table_, out_.phone);
    observer_.phone(out_.phone);
    return {};
  }
  Result<> connect(Companions files) {
    MTK_TRY(identify(std::move(files)));
    MTK_TRY(start());
    return learn_table();
  }
  Result<> leave() { return at(Stage::reboot, agent().finish(BootMode::off, op_)); }

  /// The chip is compared before an agent is sent: another chip's firmware brings another chip's agent.
  Result<> check_chip(const Firmware& firmware) {
    const Chip* chip = connection_.chip ? &*connection_.chip : nullptr;
    if (auto refusal = chip_refusal(firmware, connection_.phone.hw_code, chip)) {
      out_.refusals = {refusal->text};
      return fail(refusal_error({*refusal}));
    }
    return {};
  }

  Result<> check_named(const Place& place) {
    if (!agent().facts().writes_by_name) return {};
    if (table() != nullptr && table()->find(place.name) != nullptr) return {};
    return fail(Errc::refused, say(Text::job_by_name_only, arg("place", place.name)));
  }

  Result<> guard(const Region& region, const IdentityConsent& consent) {
    const auto touched = touched_identity(region, full_table(), consent);
    if (touched.empty()) return {};
    if (full_table() == nullptr) return fail(Errc::refused, say(Text::job_identity_unknown));
    return fail(Errc::refused,
                say(Text::job_identity, arg("partitions", fmt::format("{}", fmt::join(touched, ",")))));
  }

  void add_keep_steps(Plan& plan) const {
    if (full_table() == nullptr) return;
    for (const TableEntry& partition : full_table()->partitions) {
      if (!is_identity(partition.name)) continue;
      plan.steps.emplace_back(KeepStep{.partition = partition.name, .from = partition.region});
    }
  }

  Result<WriteStep> plan_write(const Place& place, const fs::path& file, const ImagePtr& image,
                               FileKind kind) {
    MTK_TRY(check_named(place));
    const bool boot_area = is_boot_area(place.region.area);
    const ScatterEntry entry{.name = place.name};
    const FirmwareImage found{.partition = place.name,
                              .file_name = file.filename().string(),
                              .path = file,
                              .kind = kind,
                              .content = image};
    const PhoneFacts facts = facts_of(connection_, table_);
    const bool preloader = boot_area && place.region.offset == 0;
    const ImageCheck check = check_image(entry, found, preloader, &facts, {});
    out_.warnings.insert(out_.warnings.end(), check.warnings.begin(), check.warnings.end());
    if (check.refusal) return fail(Errc::refused, check.refusal->text);
    if (check.bytes_on_phone > place.region.length) {
      return fail(Errc::refused,
                  say(Text::job_too_large, arg("file", found.file_name), arg("size", check.bytes_on_phone),
                      arg("place", place.name), arg("room", place.region.length)));
    }
    const ImageForm form = !preloader                ? ImageForm::as_is
                           : facts.preloader_by_name ? ImageForm::bare_preloader
                                                     : ImageForm::boot_area;
    std::uint64_t content = 0;
    for (const ByteRange& range : ranges_to_write(*image)) content += range.length;
    return WriteStep{.partition = form == ImageForm::bare_preloader ? "preloader" : place.name,
                     .target = {place.region.area, place.region.offset, check.bytes_on_phone},
                     .image = {.file = file.string(),
                               .form = form,
                               .bytes = check.bytes_on_phone,
                               .content_bytes = preloader ? check.bytes_on_phone : content},
                     .stop = preloader ? Interruptible::no : Interruptible::yes,
                     .skip_if_same = preloader};
  }

  Result<> carry_out_plan(Plan plan, const OpenImage& open = open_image_ref) {
    out_.plan = std::move(plan);
    if (!agent().facts().checks_storage && verifies_by_device(out_.plan)) {
      return fail(Errc::refused, say(Text::job_no_device_check));
    }
    observer_.plan(out_.plan);
    out_.identity_folder = home_folders().data / "phones" / phone_id(agent().facts()) / "identity";
    MTK_TRY_LET(FolderKeepStore keep, at(Stage::backup, FolderKeepStore::open(out_.identity_folder)));
    Execution done = execute(out_.plan, agent(), open, &keep, op_);
    for (const StepReport& step : done.steps) {
      out_.partitions.push_back({step.partition, outcome_of(step.done), step.bytes, step.sha256});
    }
    out_.began_writing = done.began_writing;
    out_.half_written = done.interrupted.value_or("");
    if (done.error) return fail(std::move(*done.error));
    return {};
  }

  Result<> read_to_file(const Place& place, const fs::path& path, StepProgress& progress) {
    auto draft = path;
    draft += ".part";
    struct ToFile final : Sink {
      explicit ToFile(File target) : file(std::move(target)) {}
      Result<> write(ByteView data) override {
        MTK_TRY(file.write_at(size, data));
        size += data.size();
        hasher.update(data);
        return {};
      }
      File file;
      Hasher hasher;
      std::uint64_t size = 0;
    };
    MTK_TRY_LET(File file, File::create(draft));
    ToFile sink{std::move(file)};
    OpContext op{op_.stop, progress};
    MTK_TRY(agent().read(place.region, sink, place.name, op));
    MTK_TRY(sink.file.sync());
    std::error_code problem;
    fs::rename(draft, path, problem);
    if (problem) return fail(Errc::io, fmt::format("cannot save {}: {}", path.string(), problem.message()));
    out_.partitions.push_back(
        {place.name, PartitionOutcome::kept, place.region.length, hex_compact(sink.hasher.finish())});
    return {};
  }

  const ConnectOptions& options_;
  SessionObserver& observer_;
  OpContext op_;
  const OpenLink& open_;
  AttemptWatch watch_{observer_};
  SystemClock clock_;
  Outcome out_;
  std::optional<Connector> connector_;
  Connection connection_;
  TableReading table_;
};

}  // namespace

Outcome run_job(const Job& job, const ConnectOptions& options, SessionObserver& observer,
                const std::stop_token& stop, const OpenLink& open) {
  return Runner{options, observer, stop, open}.run(job);
}

Outcome plan_without_phone(const FlashJob& job) {
  Observer nobody;
  return plan_without_phone(job, {{}, nobody});
}

Outcome plan_without_phone(const FlashJob& job, const OpContext& op) {
  Outcome outcome;
  const auto planned = [&]() -> Result<> {
    MTK_TRY_LET(const Firmware firmware,
                open_firmware(job.firmware, job.images, {.stop = op.stop, .observer = &op.observer}));
    return take_plan(plan_download(firmware, nullptr, flash_options(job)), outcome);
  }();
  if (!planned) {
    outcome.error = planned.error();
    explain_failure(outcome);
  }
  return outcome;
}

}  // namespace mtk
