// SPDX-License-Identifier: Apache-2.0
// One phone from plugging in to the final report: the only API front ends use.
#pragma once

#include <mtk/error.h>
#include <mtk/plan.h>
#include <mtk/progress.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mtk {

/// How the phone is found and its agent started. Empty paths: looked for in the firmware folder.
struct ConnectOptions {
  std::string port = {};                                  ///< as `--port`; empty: the next phone that appears
  std::optional<std::chrono::milliseconds> timeout = {};  ///< for the first phone; nothing waits for ever
  std::optional<std::chrono::milliseconds> stage_timeout = {};  ///< for a phone that is there and silent
  std::filesystem::path da = {};                                ///< download-agent container
  std::filesystem::path preloader = {};  ///< memory settings when started from the boot ROM
  std::filesystem::path auth = {};       ///< the maker's authentication file, for secured phones
  std::filesystem::path cert = {};       ///< the root certificate, where a boot ROM wants one
  std::string signer = {};               ///< command that answers challenges; docs/user/secured-phones.md
  std::filesystem::path chip_file = {};  ///< a chip record instead of the built-in one
  std::optional<bool> battery = {};      ///< whether one is in; nothing lets the agent find out
  bool agent_messages = false;           ///< the agent sends its log along, for Observer::write
  bool check_storage = false;            ///< the agent compares what it stores; `VerifyBy::device` needs it
  std::filesystem::path record = {};     ///< write the conversation here
  bool record_payload = false;           ///< contents and ids too; otherwise their hashes
};

/// A fact about the phone, for people and for JSON: the id is stable, the label is not.
struct Fact {
  std::string id = {};
  std::string label = {};
  std::string value = {};
};

struct TableRow {
  std::string name = {};
  Region region = {};
};

/// What is known of the connected phone; grows while the session learns more.
struct PhoneCard {
  std::string chip = {};  ///< `MT6580`; empty when not in the table
  std::uint16_t hw_code = 0;
  std::string entry = {};  ///< `brom`, `preloader`
  std::string agent = {};  ///< `legacy 4.2`; empty before one runs
  std::vector<Fact> facts = {};
  std::vector<TableRow> partitions = {};  ///< from the phone's own table
  std::string table_problem = {};         ///< why there are none
};

/// Something worth telling besides progress, with what to do about it.
struct Notice {
  std::string id = {};
  LogLevel level = LogLevel::info;
  std::string text = {};
  std::vector<std::string> actions = {};
};

/// One line of the timeline: what came, changed or went on USB, in the order in which it was seen.
struct BusEvent {
  enum class Kind : std::uint8_t {
    appeared,
    changed,  ///< appeared where another face of the phone was shortly before
    left,
    failed,       ///< is plugged in and cannot tell what it is
    over_current  ///< the computer has switched the port off
  };
  Kind kind = Kind::appeared;
  std::chrono::system_clock::time_point when = {};
  std::string port = {};  ///< `usb:1-2.3`, what ConnectOptions::port takes
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  std::string face = {};    ///< `brom`, `preloader`, `agent`, `vcom`, `meta`, `fastboot`, `recovery`, `adb`,
                            ///< `mtp`; empty: none that is known
  std::string name = {};    ///< of the face, for people
  std::string before = {};  ///< the name before it changed
  std::chrono::milliseconds stayed{0};  ///< until it left
  unsigned errors = 0;                  ///< at this port since a device there last told what it is
  std::string text = {};                ///< the line for people, without the time
};
std::string_view to_string(BusEvent::Kind kind);

/// The four lines of every failure: what happened, the phone now, what to do, what was checked.
struct FailureReport {
  std::string what = {};
  std::string symbol = {};  ///< the vendor's name for the phone's status; empty when there is none
  std::string device_state = {};
  std::string cause = {};
  std::vector<std::string> next_actions = {};
  std::vector<std::string> evidence = {};
  bool retryable = false;
};

enum class PartitionOutcome : std::uint8_t {
  kept,
  erased,
  written,
  unchanged,  ///< the phone held it already
  verified,   ///< read back and compared
  checked     ///< the agent says that it compared; nothing was read back
};
std::string_view to_string(PartitionOutcome outcome);

/// One line of the final card.
struct PartitionResult {
  std::string name = {};
  PartitionOutcome outcome;
  std::uint64_t bytes = 0;
  std::string sha256 = {};  ///< of what was kept or verified
};

/// How a job ended. Success means verified, unless verification was switched off.
struct Outcome {
  int exit_code = 0;  ///< as the command line exits; docs/user/exit-codes.md
  std::optional<Error> error = {};
  std::optional<FailureReport> failure = {};  ///< with an error
  std::vector<PartitionResult> partitions = {};
  std::vector<std::string> refusals = {};  ///< why nothing was written
  std::vector<Warning> warnings = {};
  PhoneCard phone = {};
  Plan plan = {};  ///< of a flash
  bool began_writing = false;
  std::string half_written = {};               ///< partition that an early end left in pieces
  std::filesystem::path identity_folder = {};  ///< where identity partitions were kept
  std::chrono::milliseconds duration{0};
};

/// Called on the session's thread.
class SessionObserver : public Observer {
 public:
  virtual void phone(const PhoneCard&) {}
  virtual void finding(const Notice&) {}
  virtual void bus(const BusEvent&) {}
  virtual void plan(const Plan&) {}
};

/// A place on the phone: a partition of its own table, or `user+0x1000:0x200` (area, offset, length).
struct InfoJob {};
struct WaitJob {};
struct PartsJob {};
struct ReadItem {
  std::string place = {};
  std::filesystem::path file = {};
};
struct ReadJob {
  std::vector<ReadItem> items = {};
};
struct WriteJob {
  std::string place = {};
  std::filesystem::path file = {};
  std::vector<std::string> erase_identity = {};
  VerifyBy verify = VerifyBy::read_back;
};
struct EraseJob {
  std::vector<std::string> places = {};
  std::vector<std::string> erase_identity = {};
};
struct FlashJob {
  std::filesystem::path firmware = {};  ///< folder or scatter file
  std::vector<std::string> only = {};
  std::vector<std::string> skip = {};
  std::map<std::string, std::filesystem::path> images = {};
  std::vector<std::string> erase_identity = {};
  VerifyBy verify = VerifyBy::read_back;
  BootMode next = BootMode::normal;
  bool dry_run = false;  ///< plan against the phone and stop before the first write
};
struct RebootJob {
  BootMode into = BootMode::normal;
};
using Job = std::variant<InfoJob, WaitJob, PartsJob, ReadJob, WriteJob, EraseJob, FlashJob, RebootJob>;

/// Not copyable; one per phone. Jobs run one after the other on the session's own thread.
class Session {
 public:
  Session(ConnectOptions options, SessionObserver& observer);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Runs a job; `done` is called on the session's thread when it has ended.
  void start(Job job, std::function<void(Outcome)> done);
  /// Runs a job and waits for it.
  Outcome run(Job job);
  /// Ends the running job at the next packet; the phone stays able to answer.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The plan of a flash without a phone. Errors end up in the outcome, as with Session::run.
Outcome plan_without_phone(const FlashJob& job);
/// Tells how far opening the firmware is, and ends early with the error cancelled.
Outcome plan_without_phone(const FlashJob& job, const OpContext& op);

/// Where kept partitions, journals and logs live: `MTKFLASH_HOME`, else the XDG folders.
struct HomeFolders {
  std::filesystem::path data = {};
  std::filesystem::path logs = {};
};
HomeFolders home_folders();

}  // namespace mtk
