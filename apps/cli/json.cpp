// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/json.h"

#include "apps/cli/json_line.h"
#include "apps/cli/log_file.h"

#include <algorithm>
#include <array>

namespace mtk::cli {

namespace {

Json region(const Region& where) {
  return {{"area", to_string(where.area)}, {"offset", where.offset}, {"length", where.length}};
}

Json warnings(const std::vector<Warning>& all) {
  Json list = Json::array();
  for (const Warning& w : all) list.push_back({{"id", w.id}, {"subject", w.subject}, {"text", w.text}});
  return list;
}

Json phone_object(const PhoneCard& card) {
  Json facts = Json::array();
  for (const Fact& fact : card.facts)
    facts.push_back({{"id", fact.id}, {"label", fact.label}, {"value", fact.value}});
  Json partitions = Json::array();
  for (const TableRow& row : card.partitions) {
    Json part{{"name", row.name}};
    part.update(region(row.region));
    partitions.push_back(std::move(part));
  }
  return {{"chip", card.chip},
          {"hw_code", card.hw_code},
          {"entry", card.entry},
          {"agent", card.agent},
          {"facts", facts},
          {"partitions", partitions},
          {"table_problem", card.table_problem}};
}

struct StepObject {
  Json operator()(const KeepStep& step) const { return with("keep", step.partition, step.from); }
  Json operator()(const EraseStep& step) const { return with("erase", step.partition, step.target); }
  Json operator()(const WriteStep& step) const {
    Json out = with("write", step.partition, step.target);
    add_image(out, step.image);
    out["interruptible"] = step.stop == Interruptible::yes;
    out["skip_if_same"] = step.skip_if_same;
    return out;
  }
  Json operator()(const VerifyStep& step) const {
    Json out = with("verify", step.partition, step.target);
    add_image(out, step.image);
    out["by"] = to_string(step.by);
    return out;
  }
  Json operator()(const RebootStep& step) const {
    return {{"step", "reboot"}, {"into", to_string(step.into)}};
  }

  static Json with(std::string_view kind, const std::string& partition, const Region& where) {
    Json out{{"step", kind}, {"partition", partition}};
    out.update(region(where));
    return out;
  }
  static void add_image(Json& out, const ImageRef& image) {
    out["file"] = image.file;
    out["bytes"] = image.bytes;
    out["content_bytes"] = image.content_bytes;
  }
};

Json partition_results(const Outcome& outcome) {
  Json list = Json::array();
  for (const PartitionResult& part : outcome.partitions) {
    list.push_back({{"name", part.name},
                    {"outcome", to_string(part.outcome)},
                    {"bytes", part.bytes},
                    {"sha256", part.sha256}});
  }
  return list;
}

void add_outcome(Json& out, const Outcome& outcome) {
  out["partitions"] = partition_results(outcome);
  out["warnings"] = warnings(outcome.warnings);
  out["began_writing"] = outcome.began_writing;
  out["half_written"] = outcome.half_written;
  out["identity_folder"] = outcome.identity_folder.string();
  out["duration_ms"] = outcome.duration.count();
}

/// The name without the number in front of it.
std::string symbol_alone(const std::string& symbol) {
  const bool numbered = !symbol.empty() && symbol.front() >= '0' && symbol.front() <= '9';
  return numbered ? symbol.substr(std::min(symbol.find(' '), symbol.size() - 1) + 1) : symbol;
}

void add_error(Json& out, const Error& error, const FailureReport& report) {
  out["stage"] = to_string(error.stage);
  out["kind"] = to_string(error.code);
  out["family"] = error.device_status ? Json(to_string(error.device_status->kind)) : Json("");
  out["code"] = error.device_status ? Json(error.device_status->code) : Json(nullptr);
  out["symbol"] = symbol_alone(report.symbol);
  out["what"] = report.what.empty() ? error.what : report.what;
  out["detail"] = to_string(error);
  out["device_state"] = report.device_state;
  out["cause"] = report.cause;
  out["retryable"] = report.retryable;
  out["next_actions"] = report.next_actions;
  out["evidence"] = report.evidence;
}

Json chips(const std::vector<ChipName>& names) {
  Json list = Json::array();
  for (const ChipName& chip : names)
    list.push_back({{"name", chip.name}, {"hw_code", chip.hw_code}, {"match", chip.match}});
  return list;
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json agent_object(const AgentCard& card) {
  Json entries = Json::array();
  for (const AgentEntryCard& entry : card.entries) {
    Json regions = Json::array();
    for (const AgentRegionCard& part : entry.regions) {
      regions.push_back({{"role", part.role},
                         {"offset", part.offset},
                         {"length", part.length},
                         {"load_address", part.load_address},
                         {"signature_length", part.signature_length}});
    }
    entries.push_back({{"hw_code", entry.hw_code},
                       {"hw_sub_code", entry.hw_sub_code},
                       {"problem", entry.problem},
                       {"hw_version", entry.hw_version},
                       {"sw_version", entry.sw_version},
                       {"family", entry.family},
                       {"chips", chips(entry.chips)},
                       {"regions", regions}});
  }
  return {{"file", card.file.string()},
          {"version", card.version},
          {"generation", card.generation},
          {"sha256", card.sha256},
          {"entries", entries},
          {"remarks", card.remarks},
          {"for_this_chip", or_null(card.for_this_chip)},
          {"problem", card.error ? to_string(*card.error) : ""}};
}

Json entry_object(const FirmwareEntry& entry) {
  Json notes = Json::array();
  for (const ImageNote& note : entry.notes)
    notes.push_back({{"id", note.id}, {"value", note.value}, {"text", note.text}});
  return {{"name", entry.name},
          {"storage", entry.storage},
          {"region", entry.region},
          {"start", entry.start},
          {"size", entry.size},
          {"selected", entry.selected},
          {"identity", entry.identity},
          {"file", entry.file},
          {"present", entry.present},
          {"bytes", entry.bytes},
          {"stored_bytes", entry.stored_bytes},
          {"kind", entry.kind},
          {"fits", entry.fits},
          {"checksum", to_string(entry.checksum)},
          {"offset", or_null(entry.offset)},
          {"sha256", entry.sha256},
          {"signed", or_null(entry.is_signed)},
          {"notes", notes}};
}

Json scatter_object(const ScatterCard& card) {
  Json rows = Json::array();
  for (const ScatterRow& row : card.rows) {
    rows.push_back({{"name", row.name},
                    {"storage", row.storage},
                    {"region", row.region},
                    {"linear_start", row.linear_start},
                    {"physical_start", row.physical_start},
                    {"size", row.size},
                    {"file", row.file},
                    {"type", row.type},
                    {"operation", row.operation},
                    {"selected", row.selected},
                    {"reserved", row.reserved},
                    {"identity", row.identity}});
  }
  return {{"file", card.file.string()},
          {"generation", card.generation},
          {"version", card.version},
          {"platform", card.platform},
          {"project", card.project},
          {"storages", card.storages},
          {"rows", rows},
          {"remarks", card.remarks}};
}

Json preloader_object(const PreloaderCard& card) {
  return {{"file", card.file.string()},
          {"project", card.project},
          {"form", card.form},
          {"flash_device", card.flash_device},
          {"signed", card.is_signed},
          {"memory", card.memory},
          {"memory_ids", card.memory_ids},
          {"remarks", card.remarks},
          {"problem", card.error ? to_string(*card.error) : ""}};
}

Json firmware_object(const FirmwareCard& card) {
  Json out{{"scatter", card.scatter.string()}, {"generation", card.generation}, {"version", card.version},
           {"platform", card.platform},        {"project", card.project},       {"storages", card.storages},
           {"chips", chips(card.chips)}};
  out["entries"] = Json::array();
  for (const auto& entry : card.entries) out["entries"].push_back(entry_object(entry));
  out["agents"] = Json::array();
  for (const auto& agent : card.agents) out["agents"].push_back(agent_object(agent));
  out["preloaders"] = Json::array();
  for (const auto& preloader : card.preloaders) out["preloaders"].push_back(preloader_object(preloader));
  out["remarks"] = warnings(card.remarks);
  out["problems"] = warnings(card.problems);
  out["package"] = card.package.string();
  out["form"] = card.form;
  out["file_count"] = card.file_count;
  const BuildCard& build = card.build;
  out["build"] = {{"brand", build.brand},
                  {"model", build.model},
                  {"device", build.device},
                  {"android", build.android},
                  {"security_patch", build.security_patch},
                  {"build", build.build},
                  {"fingerprint", build.fingerprint}};
  out["verified_boot"] = nullptr;
  if (const auto& boot = card.verified_boot) {
    out["verified_boot"] = {{"algorithm", boot->algorithm},
                            {"key_sha1", boot->key_sha1},
                            {"signed", boot->is_signed},
                            {"verification_disabled", boot->verification_disabled}};
  }
  out["scenes"] = Json::array();
  for (const SceneCard& scene : card.scenes)
    out["scenes"].push_back({{"id", scene.id},
                             {"possible", scene.possible},
                             {"offered", scene.offered},
                             {"reason", scene.reason}});
  return out;
}

Json comparison_object(const FirmwareComparison& comparison, std::string_view with) {
  Json rows = Json::array();
  for (const CompareRow& row : comparison.rows) {
    rows.push_back(
        {{"id", row.id}, {"label", row.label}, {"verdict", to_string(row.verdict)}, {"text", row.text}});
  }
  return {{"with", with},
          {"verdict", comparison.verdict},
          {"text", comparison.text},
          {"usable", comparison.usable},
          {"rows", rows}};
}

/// What a field of a saved phone holds, or nothing of the kind.
std::string text_field(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}
std::uint64_t number_field(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

PhoneCard phone_of(const Json& object) {
  PhoneCard card{.chip = text_field(object, "chip"),
                 .hw_code = static_cast<std::uint16_t>(number_field(object, "hw_code") & 0xffff),
                 .entry = text_field(object, "entry"),
                 .agent = text_field(object, "agent")};
  if (const auto facts = object.find("facts"); facts != object.end() && facts->is_array()) {
    for (const Json& fact : *facts)
      card.facts.push_back({text_field(fact, "id"), text_field(fact, "label"), text_field(fact, "value")});
  }
  if (const auto table = object.find("partitions"); table != object.end() && table->is_array()) {
    for (const Json& part : *table) {
      TableRow row{.name = text_field(part, "name")};
      row.region = {.area = parse_area(text_field(part, "area")).value_or(Area::user),
                    .offset = number_field(part, "offset"),
                    .length = number_field(part, "length")};
      card.partitions.push_back(std::move(row));
    }
  }
  return card;
}

}  // namespace

std::uint64_t EventLines::now() const {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - begin_).count());
}

std::string EventLines::stage(Stage stage) const {
  Json out = event(now(), "stage");
  out["stage"] = to_string(stage);
  return line(out);
}

std::string EventLines::progress(const Progress& progress) const {
  Json out = event(now(), "progress");
  out.update({{"stage", to_string(progress.stage)},
              {"item", progress.item},
              {"done", progress.done},
              {"total", progress.total},
              {"all_done", progress.all_done},
              {"all_total", progress.all_total}});
  return line(out);
}

std::string EventLines::phone(const PhoneCard& card) const {
  Json out = event(now(), "phone");
  out.update(phone_object(card));
  return line(out);
}

std::string EventLines::finding(const Notice& finding) const {
  Json out = event(now(), "finding");
  out["id"] = finding.id;
  out["level"] = name_of(finding.level);
  out["text"] = finding.text;
  out["actions"] = finding.actions;
  return line(out);
}

std::string EventLines::bus(const BusEvent& bus) const {
  Json out = event(now(), "bus");
  out["kind"] = to_string(bus.kind);
  out["face"] = bus.face;
  out["port"] = bus.port;
  out["name"] = bus.name;
  out["before"] = bus.before;
  out["vendor"] = bus.vendor;
  out["product"] = bus.product;
  out["stayed_ms"] = bus.stayed.count();
  out["errors"] = bus.errors;
  out["text"] = bus.text;
  return line(out);
}

std::string EventLines::plan(const Plan& plan) const {
  Json out = event(now(), "plan");
  out["steps"] = Json::array();
  for (const Step& step : plan.steps) out["steps"].push_back(std::visit(StepObject{}, step));
  out["warnings"] = warnings(plan.warnings);
  out["bytes_to_write"] = plan.bytes_to_write();
  return line(out);
}

std::string EventLines::outcome(const Outcome& outcome) const {
  Json out = event(now(), outcome.error ? "error" : "result");
  out["exit"] = outcome.exit_code;
  if (outcome.error) {
    add_error(out, *outcome.error, outcome.failure.value_or(FailureReport{}));
    out["refusals"] = outcome.refusals;
  }
  add_outcome(out, outcome);
  return line(out);
}

std::string EventLines::error(const Error& error, int exit) const {
  Outcome failed;
  failed.exit_code = exit;
  failed.error = error;
  return outcome(failed);
}

std::string EventLines::firmware(const FirmwareCard& card, int exit, const ComparedWith* with) const {
  if (card.error) return error(*card.error, exit);
  Json out = event(now(), "result");
  out["exit"] = exit;
  out["firmware"] = firmware_object(card);
  if (with != nullptr) out["comparison"] = comparison_object(with->comparison, with->name);
  return line(out);
}

std::string EventLines::agent_file(const AgentCard& card, int exit) const {
  if (card.error) return error(*card.error, exit);
  Json out = event(now(), "result");
  out["exit"] = exit;
  out["agent_file"] = agent_object(card);
  return line(out);
}

std::string EventLines::scatter(const ScatterCard& card, int exit) const {
  if (card.error) return error(*card.error, exit);
  Json out = event(now(), "result");
  out["exit"] = exit;
  out["scatter"] = scatter_object(card);
  return line(out);
}

std::string EventLines::scatter_text(std::string_view text, int exit) const {
  Json out = event(now(), "result");
  out["exit"] = exit;
  out["scatter_text"] = text;
  return line(out);
}

std::string EventLines::explanation(const CodeExplanation& explanation, int exit) const {
  Json out = event(now(), "result");
  out["exit"] = exit;
  Json meanings = Json::array();
  for (const CodeMeaning& meaning : explanation.meanings) {
    meanings.push_back({{"code", meaning.code},
                        {"code_text", meaning.code_text},
                        {"symbol", meaning.symbol},
                        {"family", meaning.family},
                        {"generation", meaning.generation},
                        {"area", meaning.area},
                        {"means", meaning.means},
                        {"causes", meaning.causes},
                        {"next_actions", meaning.next_actions},
                        {"retryable", meaning.retryable}});
  }
  out["explanation"] = {{"asked", explanation.asked},
                        {"note", explanation.note},
                        {"unknown", explanation.unknown},
                        {"meanings", meanings}};
  return line(out);
}

Result<SavedTable> read_saved_table(std::string_view lines) {
  SavedTable table;
  while (!lines.empty()) {
    const std::string_view one = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(one.size() + 1, lines.size()));
    const Json event = Json::parse(one, nullptr, false);
    if (!event.is_object() || event.value("event", Json{}) != "phone") continue;
    const auto rows = event.find("partitions");
    if (rows == event.end() || !rows->is_array() || rows->empty()) continue;
    const auto chip = event.find("chip");
    table.chip = chip != event.end() && chip->is_string() ? chip->get<std::string>() : "";
    table.partitions.clear();
    for (const Json& row : *rows) {
      const bool whole = row.is_object() && row.value("name", Json{}).is_string() &&
                         row.value("area", Json{}).is_string() &&
                         row.value("offset", Json{}).is_number_unsigned() &&
                         row.value("length", Json{}).is_number_unsigned();
      const auto area = whole ? parse_area(row["area"].get<std::string>()) : std::nullopt;
      if (!area) return fail(Errc::bad_image, "a partition without name, area, offset or length");
      table.partitions.push_back(
          {.name = row["name"].get<std::string>(),
           .region = {*area, row["offset"].get<std::uint64_t>(), row["length"].get<std::uint64_t>()}});
    }
  }
  if (table.partitions.empty()) return fail(Errc::bad_image, "no partitions of a phone in the file");
  return table;
}

std::optional<PhoneCard> read_phone(std::string_view lines) {
  std::optional<PhoneCard> last;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const Json object = Json::parse(lines.substr(0, end), nullptr, false);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    if (object.is_object() && text_field(object, "event") == "phone") last = phone_of(object);
  }
  return last;
}

}  // namespace mtk::cli
