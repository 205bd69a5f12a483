// SPDX-License-Identifier: Apache-2.0
#include "chip/chip_file.h"

#include "base/file.h"
#include "chip/toml_fields.h"

#include <regex>

namespace mtk {

namespace {

constexpr std::uint64_t largest_file = 64 << 10;
constexpr unsigned most_parents = 4;

constexpr std::array<std::string_view, 3> da_protocols{"legacy", "xflash", "xml"};
constexpr std::array<std::string_view, 4> evidences{"untested", "trace", "device", "broken"};
constexpr std::array<std::string_view, 3> knowns{"unknown", "no", "yes"};
constexpr std::array<std::string_view, 2> partition_files{"with_ending", "memory"};
constexpr std::array<std::string_view, 3> challenges{"random", "hrid_random", "socid_random"};
constexpr std::array<std::string_view, 4> tails{"none", "zero4", "tlc24", "tlc28"};

ConfigTail read_tail(TomlFields& in) {
  ConfigTail tail;
  in.word("kind", tails, tail.kind);
  in.number("word", tail.word);
  return tail;
}

void read_legacy(TomlFields& in, LegacyFacts& out) {
  in.table("tail", [&](TomlFields& tail) { out.tail = read_tail(tail); });
  in.table("other_tail", [&](TomlFields& tail) { out.other_tail = read_tail(tail); });
  in.word("report_extra_u32", knowns, out.report_extra_u32);
  in.flag("emi_sends_length", out.emi_sends_length);
  in.number("calibration_words", out.calibration_words);
  in.flag("emi_v13_skips_more", out.emi_v13_skips_more);
  in.number("bmt_flag", out.bmt_flag);
  in.number("bmt_pool_bytes", out.bmt_pool_bytes);
}

void read_xflash(TomlFields& in, XflashFacts& out) {
  in.flag("large_read_packets", out.large_read_packets);
  in.flag("joined_acks", out.joined_acks);
  in.number("shutdown_bytes", out.shutdown_bytes);
  if (out.shutdown_bytes != 24 && out.shutdown_bytes != 32)
    in.refuse("shutdown_bytes", "must be one of 24, 32");
  in.number("checksum_bits", out.checksum_bits);
  if (out.checksum_bits != 16 && out.checksum_bits != 32) in.refuse("checksum_bits", "must be one of 16, 32");
  in.flag("odd_checksum_adds_ff", out.odd_checksum_adds_ff);
  in.flag("refused_format_ends", out.refused_format_ends);
  in.word("life_check_sends_value", knowns, out.life_check_sends_value);
  in.flag("announces_downloads", out.announces_downloads);
  in.number("nand_section", out.nand_section);
  in.number("nand_operation", out.nand_operation);
  in.number("sla_challenge_offset", out.sla_challenge_offset);
  in.number("sla_challenge_bytes", out.sla_challenge_bytes);
}

void read_xml(TomlFields& in, XmlFacts& out) {
  in.flag("starts_64bit", out.starts_64bit);
  in.flag("stage1_takes_host_commands", out.stage1_takes_host_commands);
  in.flag("stage2_takes_host_commands", out.stage2_takes_host_commands);
  in.number("checksum_bits", out.checksum_bits);
  if (out.checksum_bits != 16 && out.checksum_bits != 32) in.refuse("checksum_bits", "must be one of 16, 32");
  in.word("partition_file", partition_files, out.partition_file);
  in.word("challenge", challenges, out.challenge);
  in.flag("starts_again_after_speed_switch", out.starts_again_after_speed_switch);
}

void read_watchdog(TomlFields& in, Watchdog& out) {
  in.number("address", out.address);
  in.number("value", out.value);
  in.number("bits", out.bits);
  if (out.bits != 0 && out.bits != 16 && out.bits != 32) in.refuse("bits", "must be one of 0, 16, 32");
  in.flag("write", out.write);
  in.number("also_address", out.also_address);
}

void read_tested(TomlFields& in, Tested& out) {
  in.word("handshake", evidences, out.handshake);
  in.word("agent", evidences, out.agent);
  in.word("read", evidences, out.read);
  in.word("write", evidences, out.write);
}

Result<toml::table> parse_toml(std::string_view text, const std::string& name) {
  try {
    return toml::parse(text, name);
  } catch (const toml::parse_error& problem) {
    return fail(Errc::bad_image,
                fmt::format("{}:{}: {}", name, problem.source().begin.line, problem.description()));
  }
}

}  // namespace

struct ChipFile::Record {
  Chip chip;
  std::string name;
  std::string marketing;
  std::string note;
  std::vector<std::string> names;
  std::vector<std::string> scatter_names;
  std::vector<std::string> sources;
  std::vector<std::string_view> views;
  bool has_protocol = false;
  bool has_sources = false;

  /// Lays the fields of a file over what its parents said.
  Result<> read(std::string_view text, const std::string& file, const Parents& parents, unsigned depth);
  void read_fields(TomlFields& in);
  Result<> check(const std::string& file) const;
  void point_to_texts();
};

void ChipFile::Record::read_fields(TomlFields& in) {
  in.text("name", name);
  in.number("hw_code", chip.hw_code);
  in.texts("names", names);
  in.texts("scatter_names", scatter_names);
  in.text("marketing", marketing);
  has_protocol |= in.has("da_protocol");
  in.word("da_protocol", da_protocols, chip.da_protocol);
  in.number("da_entry_hw_code", chip.da_entry_hw_code);
  in.table("watchdog", [&](TomlFields& table) { read_watchdog(table, chip.watchdog); });
  in.number("uart0", chip.uart0);
  in.number("da1_address", chip.da1_address);
  in.number("da1_address_forced_by_preloader", chip.da1_address_forced_by_preloader);
  in.number("preloader_version", chip.preloader_version);
  in.number("bbchip_id", chip.bbchip_id);
  in.table("usb_download", [&](TomlFields& table) {
    table.number("lock_key", chip.usb_download.lock_key);
    table.number("flag", chip.usb_download.flag);
    table.number("reset_control", chip.usb_download.reset_control);
  });
  in.flag("is_iot", chip.is_iot);
  in.flag("is_64bit", chip.is_64bit);
  in.flag("asks_soc_id", chip.asks_soc_id);
  in.flag("write_status_may_be_one", chip.write_status_may_be_one);
  in.table("legacy", [&](TomlFields& table) { read_legacy(table, chip.legacy); });
  in.table("xflash", [&](TomlFields& table) { read_xflash(table, chip.xflash); });
  in.table("xml", [&](TomlFields& table) { read_xml(table, chip.xml); });
  in.table("tested", [&](TomlFields& table) { read_tested(table, chip.tested); });
  has_sources |= in.has("sources");
  in.texts("sources", sources);
  in.text("note", note);
}

Result<> ChipFile::Record::read(std::string_view text, const std::string& file, const Parents& parents,
                                unsigned depth) {
  MTK_TRY_LET(const toml::table table, parse_toml(text, file));
  TomlFields in{table, file};
  if (depth > 0) {
    for (const char* key : {"name", "hw_code", "names", "scatter_names"}) {
      in.refuse(key, "belongs to one chip, not to a file others inherit");
    }
  }
  std::string parent;
  in.text("inherits", parent);
  if (in.has("inherits")) {
    static const std::regex shape{"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)?"};
    if (parent.size() > 64 || !std::regex_match(parent, shape)) {
      in.refuse("inherits", "must name a file of this folder, as in common/legacy");
    } else if (depth >= most_parents) {
      in.refuse("inherits", fmt::format("chains more than {} files", most_parents));
    } else {
      MTK_TRY_LET(const std::string parent_text, ::mtk::in(parents(parent), file));
      MTK_TRY(read(parent_text, parent + ".toml", parents, depth + 1));
    }
  }
  read_fields(in);
  return in.done();
}

Result<> ChipFile::Record::check(const std::string& file) const {
  const auto refuse = [&](std::string_view why) {
    return fail(Errc::bad_image, fmt::format("{}: {}", file, why));
  };
  if (name.empty()) return refuse("name is missing");
  if (names.empty()) return refuse("names is missing");
  if (chip.hw_code == 0) return refuse("hw_code is missing; 0 is no chip");
  if (!has_protocol) return refuse("da_protocol is missing");
  if (!has_sources) return refuse("sources is missing");
  if (std::ranges::find(names, name) == names.end()) return refuse("names must contain the name");
  return {};
}

void ChipFile::Record::point_to_texts() {
  views.assign(names.begin(), names.end());
  views.insert(views.end(), scatter_names.begin(), scatter_names.end());
  views.insert(views.end(), sources.begin(), sources.end());
  const std::span<const std::string_view> all{views};
  chip.names = all.first(names.size());
  chip.scatter_names = all.subspan(names.size(), scatter_names.size());
  chip.sources = all.last(sources.size());
  chip.name = name;
  chip.marketing = marketing;
  chip.note = note;
}

ChipFile::ChipFile(std::unique_ptr<const Record> record) : record_(std::move(record)) {}
ChipFile::~ChipFile() = default;
ChipFile::ChipFile(ChipFile&&) noexcept = default;
ChipFile& ChipFile::operator=(ChipFile&&) noexcept = default;
const Chip& ChipFile::chip() const { return record_->chip; }

Result<ChipFile> ChipFile::parse(std::string_view text, const std::string& name, const Parents& parents) {
  auto record = std::make_unique<Record>();
  MTK_TRY(record->read(text, name, parents, 0));
  MTK_TRY(record->check(name));
  record->point_to_texts();
  return ChipFile{std::move(record)};
}

Result<ChipFile> ChipFile::load(const std::filesystem::path& path) {
  const auto text_of = [](const std::filesystem::path& file) -> Result<std::string> {
    MTK_TRY_LET(const Bytes data, read_file(file, largest_file));
    std::string text;
    for (const std::byte byte : data) text.push_back(static_cast<char>(byte));
    return text;
  };
  const Parents parents = [&](const std::string& parent) {
    return text_of(path.parent_path() / (parent + ".toml"));
  };
  MTK_TRY_LET(const std::string text, text_of(path));
  return parse(text, path.string(), parents);
}

}  // namespace mtk
