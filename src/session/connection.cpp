// SPDX-License-Identifier: Apache-2.0
#include "session/connection.h"

#include "base/text.h"
#include "brom/boot_rom.h"
#include "session/adoption.h"
#include "session/agent_start.h"
#include "session/coach.h"
#include "session/find_port.h"
#include "session/signer_command.h"
#include "transport/record.h"

#include <algorithm>

namespace mtk {

namespace {

/// A phone that is there but does not greet is given up after this; the longest preloader window is 6 s.
constexpr std::chrono::seconds greeting_time{10};
/// A phone that leaves while it is greeted has started normally or lost power; it may be plugged in again.
constexpr int greeting_attempts = 10;
/// A signer may ask a server, or a person.
constexpr std::chrono::minutes signer_time{2};
constexpr std::uint64_t secret_file_limit = 1 << 20;
constexpr std::string_view waiting = "wait for the phone";

Result<std::unique_ptr<Transport>> recorded(std::unique_ptr<Transport> link, const ConnectOptions& options) {
  MTK_TRY_LET(TraceSink sink, trace_file(options.record));
  return std::make_unique<RecordingTransport>(std::move(link), std::move(sink), TraceAbout{},
                                              options.record_payload ? KeepPayload::yes : KeepPayload::no);
}

/// The timer that would restart the phone in the middle; some chips have it in two places. A refusal is fine:
/// the agent stops the timer itself.
Result<> stop_watchdog(Transport& link, BootStage stage, const Watchdog& watchdog, OpContext& op) {
  if (!watchdog.write) return {};
  brom::BootRom rom{link, stage};
  for (const std::uint32_t address : {watchdog.address, watchdog.also_address}) {
    if (address == 0) continue;
    MTK_TRY_LET(const auto result, rom.turn_watchdog_off({address, watchdog.value, watchdog.bits}, op));
    if (result == brom::WatchdogResult::refused)
      op.observer.write(LogLevel::debug, "the phone keeps its watchdog");
  }
  return {};
}

/// Not a cable that was pulled, or a user who stopped, in the meantime.
bool is_about_memory(const Error& error) {
  return error.stage == Stage::dram && error.code != Errc::disconnected && error.code != Errc::cancelled;
}

/// Passes on what an agent's start tells, and says what to do while it tells nothing.
class AgentWatch final : public Observer {
 public:
  explicit AgentWatch(SessionObserver& observer) : observer_(observer) {}
  void stage(Stage stage) override {
    if (stage > Stage::da1) advise(coach_.speaks());
    observer_.stage(stage);
  }
  void progress(const Progress& progress) override { observer_.progress(progress); }
  void write(LogLevel level, std::string_view line) override { observer_.write(level, line); }
  void silent(std::chrono::seconds waited) override {
    observer_.silent(waited);
    advise(coach_.silent(waited));
  }
  void memory_failed() { advise(coach_.memory_failed()); }

 private:
  void advise(const Coach::Advice& advice) {
    for (const Notice& notice : advice) observer_.finding(notice);
  }
  SessionObserver& observer_;
  Coach coach_;
};

}  // namespace

Result<std::unique_ptr<Transport>> Connector::open(OpContext& op) {
  const Wait wait{options_.timeout ? Clock::Duration{*options_.timeout} : Clock::Duration::max(), op.stop};
  if (open_) return at(Stage::connect, in(open_(wait), std::string{waiting}));
  return at(Stage::connect, in(find_port(options_.port, wait, observer_), std::string{waiting}));
}

Result<> Connector::greet(Connection& connection, OpContext& op) {
  for (int attempt = 1;; ++attempt) {
    brom::BootRom rom{*connection.link};
    const auto greeted = rom.connect(Wait{options_.stage_timeout.value_or(greeting_time), op.stop});
    if (greeted) return {};
    if (greeted.error().code != Errc::disconnected || attempt == greeting_attempts)
      return fail(greeted.error());
    const Wait again{options_.timeout ? Clock::Duration{*options_.timeout} : Clock::Duration::max(), op.stop};
    MTK_TRY(
        at(Stage::connect, in(connection.link->reopen(UsbIdentity::unknown, again), std::string{waiting})));
  }
}

Result<> Connector::read_chip_file(Connection& connection) {
  if (options_.chip_file.empty()) return {};
  MTK_TRY_LET(ChipFile file, ChipFile::load(options_.chip_file));
  connection.chip_record.emplace(std::move(file));
  return {};
}

void Connector::look_up_chip(Connection& connection) {
  const auto& record = connection.chip_record;
  if (record && record->chip().hw_code == connection.phone.hw_code) {
    connection.chip = record->chip();
  } else if (const Chip* chip = find_chip(connection.phone.hw_code)) {
    connection.chip = *chip;
  }
}

Result<Connection> Connector::identify(OpContext& op) {
  observer_.stage(Stage::connect);
  // A boot ROM may listen for 300 ms, and a disk be slower: it is asked before there is a phone.
  const std::vector<AgentRecord> records = agents_on_record();
  Connection connection;
  MTK_TRY(read_chip_file(connection));
  MTK_TRY_LET(connection.link, open(op));
  if (!options_.record.empty()) {
    MTK_TRY_LET(connection.link, recorded(std::move(connection.link), options_));
  }
  observer_.write(LogLevel::info, say(Text::connect_opened, fmt::arg("port", connection.link->name())));
  const auto left = std::ranges::find(records, connection.link->name(), &AgentRecord::port);
  if (left != records.end()) MTK_TRY(take_over(*left, connection, op));
  if (connection.agent) return connection;
  auto greeted = greet(connection, op);
  if (greeted || left != records.end()) forget_agent(*connection.link);
  if (!greeted) {
    if (left != records.end() && greeted.error().code == Errc::timeout) {
      observer_.finding({.id = "agent_left_over",
                         .level = LogLevel::warning,
                         .text = say(Text::connect_agent_left_over),
                         .actions = {}});
    }
    return fail(std::move(greeted.error()));
  }

  brom::BootRom rom{*connection.link};
  MTK_TRY_LET(connection.phone, rom.identify({.ask_soc_id = !options_.signer.empty()}, op));
  observer_.stage(connection.phone.stage == BootStage::brom ? Stage::brom : Stage::preloader);
  for (const auto& note : connection.phone.notes) observer_.write(LogLevel::debug, note);
  look_up_chip(connection);
  describe_phone(connection.phone, connection.chip ? &*connection.chip : nullptr, card_);
  observer_.phone(card_);

  const Chip& chip = connection.chip ? *connection.chip : default_chip();
  MTK_TRY(stop_watchdog(*connection.link, connection.phone.stage, chip.watchdog, op));
  return connection;
}

/// The agent of an interrupted run, where there is one. What only boot ROM or preloader tell comes from that
/// run's record then, once the agent has proven that it is the same phone.
Result<> Connector::take_over(const AgentRecord& record, Connection& connection, OpContext& op) {
  connection.phone = record.boot;
  look_up_chip(connection);
  const AdoptionTerms terms{.record = record,
                            .chip = connection.chip ? *connection.chip : default_chip(),
                            .options = options_,
                            .companions = companions_};
  MTK_TRY_LET(connection.agent, adopt_agent(*connection.link, terms, observer_, op));
  if (!connection.agent) {
    connection.phone = {};
    connection.chip.reset();
    return {};
  }
  describe_phone(connection.phone, connection.chip ? &*connection.chip : nullptr, card_);
  observer_.phone(card_);
  return {};
}

Signer Connector::signer(const OpContext& op) const {
  return signer_command(options_.signer, signer_time, op.stop);
}

/// What the boot ROM of a secured phone wants before it takes an agent. What the user does not have is left
/// out: the phone's own refusal then says what was missing.
Result<> Connector::authenticate(Connection& connection, OpContext& op) {
  const PhoneInfo& phone = connection.phone;
  if (phone.stage != BootStage::brom) return {};
  const TargetConfig& wants = phone.target_config;
  brom::BootRom rom{*connection.link, phone.stage};
  if (wants.certificate_needed() && !options_.cert.empty()) {
    MTK_TRY_LET(const Bytes file, read_file(options_.cert, secret_file_limit));
    MTK_TRY(rom.send_certificate(file, op));
  }
  if ((wants.sla() || wants.daa()) && !options_.auth.empty()) {
    MTK_TRY_LET(const Bytes file, read_file(options_.auth, secret_file_limit));
    MTK_TRY(rom.send_auth(file, op));
  }
  if (wants.sla() && !options_.signer.empty()) MTK_TRY(rom.log_in(signer(op), phone.soc_id, op));
  return {};
}

Result<> Connector::start_agent(Connection& connection, OpContext& op) {
  if (connection.agent) {
    observer_.stage(Stage::da2);
    describe_agent(connection.agent->facts(), card_);
    observer_.phone(card_);
    return {};
  }
  const Chip& chip = connection.chip ? *connection.chip : default_chip();
  MTK_TRY_LET(const auto agents, agents_for(connection.phone, chip, companions_.agents,
                                            options_.da.empty() ? AgentOrder::found : AgentOrder::chosen));
  auto started = start_with(connection, agents.front(), op);
  // The phone must be switched off and on before it takes another one, so that is left to the user.
  if (!started && started.error().device_status && agents.size() > 1) {
    observer_.finding({.id = "other_agent",
                       .level = LogLevel::warning,
                       .text = say(Text::agent_other, fmt::arg("tried", agents[0].name),
                                   fmt::arg("other", agents[1].path.string())),
                       .actions = {}});
  }
  return started;
}

Result<> Connector::start_with(Connection& connection, const AgentCandidate& candidate, OpContext& op) {
  const Chip& chip = connection.chip ? *connection.chip : default_chip();
  MTK_TRY(authenticate(connection, op));
  observer_.write(LogLevel::info, say(Text::agent_chosen, fmt::arg("file", candidate.name),
                                      fmt::arg("version", candidate.file.version_text())));
  const AgentStart how{.phone = connection.phone,
                       .chip = chip,
                       .file = candidate.file,
                       .preloaders = companions_.preloaders,
                       .battery = options_.battery,
                       .agent_messages = options_.agent_messages,
                       .check_storage = options_.check_storage,
                       .signer = signer(op),
                       .patience = options_.stage_timeout.value_or(first_word::patience)};
  AgentWatch watch{observer_};
  OpContext watched{op.stop, watch};
  auto agent = mtk::start_agent(*connection.link, how, watched);
  if (!agent) {
    if (connection.phone.stage == BootStage::brom && is_about_memory(agent.error())) watch.memory_failed();
    return fail(std::move(agent.error()));
  }
  connection.agent =
      keep_record(std::move(*agent), connection.phone, candidate.file.file(), *connection.link, op);
  describe_agent(connection.agent->facts(), card_);
  observer_.phone(card_);
  return {};
}

Result<TableReading> read_table(Agent& agent, OpContext& op) {
  const AgentFacts& facts = agent.facts();
  TableDisk disk{.sector_size = facts.sector_size, .block_size = facts.erase_unit};
  if (facts.storage == StorageKind::ufs) disk.area = Area::lu2;
  if (facts.storage == StorageKind::nand) disk.area = Area::nand;
  const AreaFacts* area = facts.area(disk.area);
  disk.size = area == nullptr ? 0 : area->size;
  struct Collect final : Sink {
    Bytes bytes;
    Result<> write(ByteView data) override {
      bytes.insert(bytes.end(), data.begin(), data.end());
      return {};
    }
  };
  disk.read = [&](std::uint64_t offset, std::uint64_t length) -> Result<Bytes> {
    Collect part;
    MTK_TRY(agent.read({disk.area, offset, length}, part, "partition table", op));
    return std::move(part.bytes);
  };
  disk.list = [&] { return agent.partition_list(op); };
  disk.told = [&]() -> Result<std::vector<TableEntry>> {
    MTK_TRY_LET(auto listed, agent.partition_table(op));
    std::vector<TableEntry> entries;
    for (ListedPartition& partition : listed)
      entries.push_back({std::move(partition.name), {disk.area, partition.offset, partition.size}});
    return entries;
  };
  return in(read_partition_table(disk), "read table");
}

PhoneFacts facts_of(const Connection& connection, const TableReading& table) {
  const AgentFacts& agent = connection.agent->facts();
  return {.hw_code = connection.phone.hw_code,
          .chip = connection.chip ? &*connection.chip : nullptr,
          .storage = agent.storage,
          .areas = agent.areas,
          .storage_id = agent.storage_id,
          .table = table.table,
          .table_problem = table.problem,
          .preloader_by_name = agent.preloader_by_name,
          .writes_by_name = agent.writes_by_name};
}

}  // namespace mtk
