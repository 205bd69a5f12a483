// SPDX-License-Identifier: Apache-2.0
#include "session/agent_record.h"

#include "base/hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace mtk {

namespace {

constexpr std::string_view head = "mtkflash running-agent 2";
constexpr std::uint64_t size_limit = 4096;
/// All of one width, so that one replaces another in place.
constexpr std::array<std::string_view, 4> work_names{"idle   ", "reading", "writing", "erasing"};
constexpr std::size_t emmc_id_bytes = 16;
constexpr std::size_t ufs_model_bytes = 20;

/// The values of `name value` lines, in the order of the file.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  std::string_view next(std::string_view name) {
    const auto end = rest_.find('\n');
    if (end == rest_.npos || !rest_.starts_with(name) || rest_.substr(name.size(), 1) != " ") {
      broken_ = true;
      return {};
    }
    const auto value = rest_.substr(name.size() + 1, end - name.size() - 1);
    rest_.remove_prefix(end + 1);
    return value;
  }
  template <class T>
  T number(std::string_view name) {
    const auto text = next(name);
    T value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (problem != std::errc{} || end != text.data() + text.size()) broken_ = true;
    return value;
  }
  bool complete() const { return !broken_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool broken_ = false;
};

std::string one_line(std::string_view text) { return printable_text(to_bytes(text)); }

std::filesystem::path folder_in(const std::filesystem::path& data_folder) { return data_folder / "agents"; }

std::optional<AgentRecord> parse(std::string_view text) {
  if (!text.starts_with(std::string{head} + "\n")) return std::nullopt;
  Lines lines{text.substr(head.size() + 1)};
  AgentRecord record;
  record.port = lines.next("port");
  record.family = lines.next("family");
  record.version = lines.next("version");
  record.agent_sha256 = lines.next("agent-sha256");
  record.phone = lines.next("phone");
  const auto stage = lines.next("entry");
  record.boot.stage = stage == "brom" ? BootStage::brom : BootStage::preloader;
  record.boot.hw_code = lines.number<std::uint16_t>("hw-code");
  record.boot.hw_subcode = lines.number<std::uint16_t>("hw-subcode");
  record.boot.hw_version = lines.number<std::uint16_t>("hw-version");
  record.boot.sw_version = lines.number<std::uint16_t>("sw-version");
  record.boot.brom_version = lines.number<std::uint8_t>("brom-version");
  record.boot.bl_version = lines.number<std::uint8_t>("bl-version");
  record.boot.target_config.flags = lines.number<std::uint32_t>("target-config");
  const auto work = std::ranges::find(work_names, lines.next("work"));
  if (!lines.complete() || work == work_names.end() || (stage != "brom" && stage != "preloader"))
    return std::nullopt;
  record.work = static_cast<LastWork>(work - work_names.begin());
  return record;
}

}  // namespace

bool AgentRecord::operator==(const AgentRecord& other) const {
  const auto numbers = [](const PhoneInfo& info) {
    return std::array<std::uint32_t, 8>{static_cast<std::uint32_t>(info.stage),
                                        info.hw_code,
                                        info.hw_subcode,
                                        info.hw_version,
                                        info.sw_version,
                                        info.brom_version,
                                        info.bl_version,
                                        info.target_config.flags};
  };
  return port == other.port && family == other.family && version == other.version &&
         agent_sha256 == other.agent_sha256 && phone == other.phone && numbers(boot) == numbers(other.boot) &&
         work == other.work;
}

std::string proof_of(const AgentFacts& facts) {
  const std::size_t names_model_only =
      facts.storage == StorageKind::ufs ? ufs_model_bytes : emmc_id_bytes - 1;
  const bool storage_tells = facts.storage_id.size() > names_model_only &&
                             (facts.storage == StorageKind::emmc || facts.storage == StorageKind::ufs);
  if (!storage_tells && facts.random_id.empty()) return {};
  ByteWriter ids;
  ids.be(static_cast<std::uint32_t>(facts.storage_id.size())).bytes(facts.storage_id).bytes(facts.random_id);
  return hex_compact(sha256(ids.view()));
}

AgentRecordFile::AgentRecordFile(const std::filesystem::path& data_folder, std::string_view port)
    : path_(folder_in(data_folder) / (hex_compact(sha256(to_bytes(port))).substr(0, 16) + ".agent")) {}

std::vector<AgentRecord> agent_records(const std::filesystem::path& data_folder) {
  std::vector<AgentRecord> records;
  std::error_code none;
  for (std::filesystem::directory_iterator file{folder_in(data_folder), none}, end; !none && file != end;
       file.increment(none)) {
    const auto bytes = read_file(file->path(), size_limit);
    if (!bytes) continue;
    std::string text;
    for (const std::byte byte : *bytes) text += static_cast<char>(byte);
    auto record = parse(text);
    const bool is_its_own = record && AgentRecordFile{data_folder, record->port}.path() == file->path();
    if (is_its_own) records.push_back(std::move(*record));
  }
  return records;
}

Result<> AgentRecordFile::save(const AgentRecord& record) {
  std::string text{head};
  const auto line = [&](std::string_view name, std::string_view value) {
    text += fmt::format("\n{} {}", name, one_line(value));
  };
  const auto number = [&](std::string_view name, std::uint32_t value) {
    line(name, fmt::format("{:x}", value));
  };
  text += "\nport " + record.port;  // as it is: it is compared
  line("family", record.family);
  line("version", record.version);
  line("agent-sha256", record.agent_sha256);
  line("phone", record.phone);
  line("entry", record.boot.stage == BootStage::brom ? "brom" : "preloader");
  number("hw-code", record.boot.hw_code);
  number("hw-subcode", record.boot.hw_subcode);
  number("hw-version", record.boot.hw_version);
  number("sw-version", record.boot.sw_version);
  number("brom-version", record.boot.brom_version);
  number("bl-version", record.boot.bl_version);
  number("target-config", record.boot.target_config.flags);
  text += "\nwork ";
  work_offset_ = text.size();
  text += work_names.at(static_cast<std::size_t>(record.work));
  text += '\n';
  std::error_code problem;
  std::filesystem::create_directories(path_.parent_path(), problem);
  MTK_TRY_LET(File file, File::create(path_));
  MTK_TRY(file.write_at(0, to_bytes(text)));
  open_.emplace(std::move(file));
  return {};
}

void AgentRecordFile::note(LastWork work) {
  if (!open_) return;
  const Bytes name = to_bytes(work_names.at(static_cast<std::size_t>(work)));
  // A record that cannot be kept costs the next run a replug, and this run nothing.
  if (!open_->write_at(work_offset_, name)) open_.reset();
}

void AgentRecordFile::remove() {
  open_.reset();
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace mtk
