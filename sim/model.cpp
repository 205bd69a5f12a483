// SPDX-License-Identifier: Apache-2.0
// Reads a phone description. The only file of sim/ that names toml++.
#include "sim/model.h"

#include "base/checked.h"
#include "base/file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <limits>
#include <set>

namespace mtk::sim {

namespace {

constexpr std::uint64_t file_limit = 1U << 20;
constexpr std::uint64_t area_limit = 1ULL << 42;

/// One table: values are asked for by key, and what was never asked for is an unknown key. The first
/// complaint is kept.
class Table {
 public:
  Table(const toml::table* table, std::string name, std::string& complaint)
      : table_(table), name_(std::move(name)), complaint_(complaint) {}
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  bool has(std::string_view key) const { return table_ != nullptr && table_->contains(key); }

  void flag(std::string_view key, bool& out) {
    if (const auto* node = find(key)) {
      const auto value = node->value_exact<bool>();
      if (value) {
        out = *value;
      } else {
        complain(key, "is not true or false");
      }
    }
  }

  template <std::unsigned_integral T>
  void number(std::string_view key, T& out, std::uint64_t least = 0,
              std::uint64_t most = std::numeric_limits<T>::max()) {
    const auto* node = find(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < 0 || static_cast<std::uint64_t>(*value) < least ||
        static_cast<std::uint64_t>(*value) > most) {
      complain(key, fmt::format("is not a number from {} to {}", least, most));
      return;
    }
    out = static_cast<T>(*value);
  }

  void text(std::string_view key, std::string& out) {
    if (const auto* node = find(key)) {
      const auto value = node->value_exact<std::string>();
      if (value) {
        out = *value;
      } else {
        complain(key, "is not a text");
      }
    }
  }

  /// `size` 0 takes any length.
  void bytes(std::string_view key, Bytes& out, std::size_t size) {
    if (const auto* node = find(key)) take_bytes(key, *node, out, size);
  }

  void byte_lists(std::string_view key, std::vector<Bytes>& out) {
    const auto* list = array(key);
    if (list == nullptr) return;
    out.clear();
    for (const auto& node : *list) take_bytes(key, node, out.emplace_back(), 0);
  }

  template <std::unsigned_integral T>
  void numbers(std::string_view key, std::vector<T>& out) {
    const auto* list = array(key);
    if (list == nullptr) return;
    out.clear();
    for (const auto& node : *list) {
      const auto value = node.value_exact<std::int64_t>();
      if (!value || *value < 0 || static_cast<std::uint64_t>(*value) > std::numeric_limits<T>::max()) {
        complain(key, "holds something that is not a fitting number");
        return;
      }
      out.push_back(static_cast<T>(*value));
    }
  }

  void usb_id(std::string_view key, UsbId& out) {
    std::vector<std::uint16_t> pair;
    numbers(key, pair);
    if (pair.empty()) return;
    if (pair.size() != 2) return complain(key, "is not [vendor, product]");
    out = {.vendor = pair[0], .product = pair[1]};
  }

  void registers(std::string_view key, std::vector<std::pair<std::uint32_t, std::uint32_t>>& out) {
    const auto* list = array(key);
    if (list == nullptr) return;
    for (const auto& node : *list) {
      const auto* pair = node.as_array();
      const auto at =
          pair != nullptr && pair->size() == 2 ? (*pair)[0].value_exact<std::int64_t>() : std::nullopt;
      const auto value = at ? (*pair)[1].value_exact<std::int64_t>() : std::nullopt;
      if (!value || *at < 0 || *value < 0 || *at > 0xffffffff || *value > 0xffffffff)
        return complain(key, "is not a list of [address, value]");
      out.emplace_back(static_cast<std::uint32_t>(*at), static_cast<std::uint32_t>(*value));
    }
  }

  template <class Enum>
  void choice(std::string_view key, Enum& out,
              std::initializer_list<std::pair<std::string_view, Enum>> choices) {
    std::string value;
    text(key, value);
    if (!has(key)) return;
    for (const auto& [word, meaning] : choices) {
      if (word == value) {
        out = meaning;
        return;
      }
    }
    complain(key, fmt::format("has the unknown value \"{}\"", value));
  }

  void required(std::string_view key) {
    if (!has(key)) complain(key, "is missing");
  }

  /// Reads a key only to allow it: other readers of the format use it.
  void elsewhere(std::initializer_list<std::string_view> keys) {
    for (const auto key : keys) known_.insert(std::string{key});
  }

  /// Call last.
  void finish() {
    if (table_ == nullptr) return;
    for (const auto& [key, node] : *table_) {
      if (!known_.contains(std::string{key.str()})) complain(key.str(), "is not a key of this format");
    }
  }

  void complain(std::string_view key, std::string_view what) {
    if (complaint_.empty()) complaint_ = fmt::format("{}{} {}", name_, key, what);
  }

  const toml::node* find(std::string_view key) {
    known_.insert(std::string{key});
    return table_ == nullptr ? nullptr : table_->get(key);
  }

 private:
  const toml::array* array(std::string_view key) {
    const auto* node = find(key);
    if (node == nullptr) return nullptr;
    if (node->as_array() == nullptr) complain(key, "is not a list");
    return node->as_array();
  }

  void take_bytes(std::string_view key, const toml::node& node, Bytes& out, std::size_t size) {
    const auto value = node.value_exact<std::string>();
    const auto parsed = value && !value->empty() ? parse_hex(*value) : Result<Bytes>{Bytes{}};
    if (!value || !parsed || (size != 0 && !parsed->empty() && parsed->size() != size))
      return complain(key,
                      size == 0 ? "is not hexadecimal" : fmt::format("is not {} bytes in hexadecimal", size));
    out = *parsed;
  }

  const toml::table* table_;
  std::string name_;
  std::string& complaint_;
  std::set<std::string> known_;
};

void read_chip(Table& in, ChipModel& chip) {
  for (const auto key : {"name", "hw_code", "family"}) in.required(key);
  in.text("name", chip.name);
  in.number("hw_code", chip.hw_code);
  in.number("hw_sub_code", chip.hw_sub_code);
  in.number("hw_version", chip.hw_version);
  in.number("sw_version", chip.sw_version);
  in.text("family", chip.family);
  in.bytes("me_id", chip.me_id, 16);
  in.bytes("soc_id", chip.soc_id, 32);
  in.number("wdt", chip.wdt);
  in.number("misc_lock_key", chip.misc_lock_key);
  in.number("rst_con", chip.rst_con);
  in.number("usbdl_flag", chip.usbdl_flag);
  in.registers("registers", chip.registers);
  if (chip.family != "legacy") in.complain("family", "is not one this build knows (legacy)");
}

void read_brom(Table& in, BromModel& brom) {
  in.number("version", brom.version);
  in.number("window_ms", brom.window_ms);
  in.flag("soc_id_command", brom.soc_id_command);
  in.text("log", brom.log);
  in.flag("jump_da64", brom.jump_da64);
  in.choice("wrong_start", brom.wrong_start,
            {{"restart", WrongStart::restart}, {"as_preloader", WrongStart::as_preloader}});
  in.number("write_status1", brom.write_status1);
  in.number("write_status2", brom.write_status2);
  in.number("read_limit", brom.read_limit, 1, 0x400000);
  in.number("da_limit", brom.da_limit, 1, 0x1000000);
}

void read_preloader(Table& in, PreloaderModel& preloader) {
  in.required("generation");
  in.choice("generation", preloader.generation,
            {{"A", Generation::a}, {"B", Generation::b}, {"C", Generation::c}});
  preloader.bl_version = static_cast<std::uint8_t>(1 + static_cast<int>(preloader.generation));
  in.number("bl_version", preloader.bl_version);
  in.choice("flash", preloader.flash,
            {{"good", PreloaderFlash::good},
             {"broken", PreloaderFlash::broken},
             {"bare", PreloaderFlash::bare},
             {"missing", PreloaderFlash::missing}});
  in.number("window_ms", preloader.window_ms);
  in.number("start_window_ms", preloader.start_window_ms, 1);
  in.number("ready_period_ms", preloader.ready_period_ms, 1);
  in.flag("whitelist", preloader.whitelist);
  in.number("device_info", preloader.device_info);
  in.number("da_address", preloader.da_address);
  in.flag("stay_still", preloader.stay_still);
  in.choice("meta", preloader.meta,
            {{"plain", MetaStyle::plain}, {"v1", MetaStyle::v1}, {"v2", MetaStyle::v2}});
  in.flag("factory_lock", preloader.factory_lock);
  in.number("load_address", preloader.load_address);
  in.number("image_size", preloader.image_size, 0x800, 0x80000);
}

void use_newer_profile(AgentModel& agent) {
  agent.greeting_nand = 0x0bc4;
  agent.numbering = 5;
  agent.emi_in_da2 = false;
  agent.emi_from_brom = true;
  agent.emi_versions = {21};
  agent.report_nor = 0x0bc7;
  agent.report_nand = 0x0bc8;
  agent.report_sd = 0x0c4f;
}

void read_agent(Table& in, AgentModel& agent) {
  in.required("profile");
  bool newer = false;
  in.choice("profile", newer, {{"2015", false}, {"newer", true}});
  if (newer) use_newer_profile(agent);
  in.number("chip_byte", agent.chip_byte);
  std::vector<std::uint8_t> version;
  in.numbers("version", version);
  if (version.size() == 2) agent.version = {version[0], version[1]};
  if (!version.empty() && version.size() != 2) in.complain("version", "is not two bytes");
  in.number("greeting_nand", agent.greeting_nand, 1);
  in.number("numbering", agent.numbering, 3, 5);
  in.number("nand_ids", agent.nand_ids, 0, 64);
  in.number("tail_words", agent.tail_words, 0, 64);
  in.flag("tail_list", agent.tail_list);
  in.flag("emi_from_brom", agent.emi_from_brom);
  in.numbers("emi_versions", agent.emi_versions);
  in.flag("emi_total_length", agent.emi_total_length);
  in.choice("emi_refused", agent.emi_refused, {{"hang", EmiRefused::hang}, {"again", EmiRefused::again}});
  in.number("calibration_words", agent.calibration_words, 0, 64);
  in.numbers("da2_addresses", agent.da2_addresses);
  in.flag("report_extra", agent.report_extra);
  in.flag("report_nand64", agent.report_nand64);
  in.number("report_nor", agent.report_nor);
  in.number("report_nand", agent.report_nand);
  in.number("report_sd", agent.report_sd);
  in.number("download_status", agent.download_status);
  in.number("boot_style", agent.boot_style);
  in.flag("swap_cid", agent.swap_cid);
  in.flag("high_speed", agent.high_speed);
  in.number("pmt_answer", agent.pmt_answer);
  in.number("pmt_entry", agent.pmt_entry);
  if (agent.pmt_answer != 0x01 && agent.pmt_answer != 0x5a && agent.pmt_answer != 0xa5)
    in.complain("pmt_answer", "is not 0x01, 0x5A or 0xA5");
  if (agent.pmt_entry != 0x58 && agent.pmt_entry != 0x4c && agent.pmt_entry != 0x60)
    in.complain("pmt_entry", "is not 0x58, 0x4C or 0x60");
  in.number("pmt_slots", agent.pmt_slots);
  in.flag("odd_writes", agent.odd_writes);
  in.number("erase_group", agent.erase_group);
  in.number("format_rounds", agent.format_rounds, 1, 100);
  in.choice("finish_ack", agent.finish_ack, {{"sent", FinishAck::sent}, {"lost", FinishAck::lost}});
  in.number("secure_usb", agent.secure_usb);
  in.number("battery_value", agent.battery_value);
  in.number("watchdog_ms", agent.watchdog_ms);
  in.bytes("random_id", agent.random_id, 16);
  in.text("project_id", agent.project_id);
  if (agent.project_id.size() > 64) in.complain("project_id", "is longer than 64 bytes");
}

void read_storage(Table& in, StorageModel& storage) {
  for (const auto key : {"cid", "boot1", "boot2", "rpmb", "user"}) in.required(key);
  in.bytes("cid", storage.cid, 16);
  in.number("boot1", storage.boot1, 0x1000, area_limit);
  in.number("boot2", storage.boot2, 0, area_limit);
  in.number("rpmb", storage.rpmb, 0, area_limit);
  in.number("user", storage.user, 0x10000, area_limit);
  in.bytes("fw_version", storage.fw_version, 8);
  in.number("gpt_slots", storage.gpt_slots, 1, 128);
  in.number("first_usable", storage.first_usable, 34, 0x10000);
  in.number("last_usable_from_end", storage.last_usable_from_end, 33, 0x10000);
  in.number("write_mib_s", storage.write_mib_s);
  for (const auto size : {storage.boot1, storage.boot2, storage.rpmb, storage.user}) {
    if (size % 512 != 0) in.complain("user", "and the other sizes are not all multiples of 512");
  }
}

void read_memory(Table& in, const StorageModel& storage, MemoryModel& memory) {
  in.number("size", memory.size, 1);
  in.number("emi_version", memory.emi_version, 0, 99);
  in.number("record_size", memory.record_size, 60, 0x400);
  in.number("type", memory.type);
  memory.ids = {storage.cid};
  in.byte_lists("ids", memory.ids);
  in.text("project", memory.project);
  memory.installed_ids = memory.ids;
  in.byte_lists("installed_ids", memory.installed_ids);
  memory.installed_project = memory.project;
  in.text("installed_project", memory.installed_project);
}

void read_small_tables(Table& security, Table& power, Table& usb, Table& scatter, Model& model) {
  security.flag("sbc", model.security.sbc);
  security.flag("sla", model.security.sla);
  security.flag("daa", model.security.daa);
  security.flag("cert", model.security.cert);
  security.text("key", model.security.key);

  power.flag("removable", model.power.removable);
  power.choice("battery", model.power.battery,
               {{"in", Battery::in}, {"out", Battery::out}, {"low", Battery::low}});

  usb.usb_id("brom", model.usb.brom);
  usb.usb_id("preloader", model.usb.preloader);
  usb.usb_id("agent", model.usb.agent);
  usb.usb_id("android", model.usb.android);
  usb.number("gap_ms", model.usb.gap_ms);

  scatter.required("project");
  scatter.text("project", model.project);
  scatter.number("block_size", model.block_size, 512, 0x1000000);
  scatter.elsewhere({"config_version", "platform", "storage", "boot_channel"});
}

std::uint64_t region_size(const Model& model, Region region) {
  switch (region) {
    case Region::user:
      return model.storage.user;
    case Region::boot1:
      return model.storage.boot1;
    case Region::boot2:
      return model.storage.boot2;
  }
  return 0;
}

void read_partition(Table& in, const Model& model, PartitionModel& part) {
  for (const auto key : {"name", "start", "size"}) in.required(key);
  in.text("name", part.name);
  in.number("start", part.start);
  in.number("size", part.size, 1);
  in.choice("region", part.region,
            {{"EMMC_USER", Region::user}, {"EMMC_BOOT_1", Region::boot1}, {"EMMC_BOOT_2", Region::boot2}});
  in.text("file_name", part.file_name);
  part.operation_type = part.file_name == "NONE" ? "INVISIBLE" : "UPDATE";
  in.text("operation_type", part.operation_type);
  const std::uint64_t room = region_size(model, part.region);
  const bool from_end = (part.start >> 16) == 0xffff;
  if (from_end) {
    const std::uint64_t back =
        (part.start & 0xffff) == 0 ? part.size : (part.start & 0xffff) * model.block_size;
    part.start = back <= room ? room - back : room;
  }
  part.is_reserved = from_end;
  in.flag("is_reserved", part.is_reserved);
  part.in_gpt = part.region == Region::user && part.name != "pgpt" && !part.is_reserved;
  in.flag("in_gpt", part.in_gpt);
  in.choice("content", part.content,
            {{"empty", Content::empty},
             {"identity", Content::identity},
             {"preloader", Content::preloader},
             {"lk", Content::lk},
             {"logo", Content::logo},
             {"android", Content::android},
             {"blocks", Content::blocks},
             {"pattern", Content::pattern}});
  part.image_size = std::min<std::uint64_t>(part.size, 0x10000);
  in.number("image_size", part.image_size, 1);
  in.elsewhere({"is_download", "type", "boundary_check", "image", "sparse"});
  if (part.size % 512 != 0 || part.start % 512 != 0) in.complain("start", "or size is not a multiple of 512");
  if (!fits(part.start, part.size, room))
    in.complain("size", fmt::format("of {} does not fit its region", part.name));
  if (part.name.size() > 36) in.complain("name", "is longer than 36 letters");
  if (part.content == Content::preloader) part.image_size = model.preloader.image_size;
  if (part.image_size > part.size)
    in.complain("image_size", fmt::format("of {} is larger than its size", part.name));
}

const toml::table* subtable(const toml::table& root, std::string_view key) {
  const auto* node = root.get(key);
  return node == nullptr ? nullptr : node->as_table();
}

std::string read_everything(const toml::table& root, Model& model) {
  std::string complaint;
  Table top{&root, "", complaint};
  unsigned format = 0;
  top.number("format", format);
  if (format != 1) return fmt::format("format is {}, this build reads format 1", format);
  for (const auto key : {"name", "chip", "preloader", "agent", "storage", "scatter", "partition"})
    top.required(key);
  top.text("name", model.name);
  top.text("title", model.title);
  top.elsewhere({"story", "ours", "chip", "brom", "preloader", "agent", "storage", "memory", "security",
                 "power", "usb", "scatter"});

  Table chip{subtable(root, "chip"), "chip.", complaint};
  Table brom{subtable(root, "brom"), "brom.", complaint};
  Table preloader{subtable(root, "preloader"), "preloader.", complaint};
  Table agent{subtable(root, "agent"), "agent.", complaint};
  Table storage{subtable(root, "storage"), "storage.", complaint};
  Table memory{subtable(root, "memory"), "memory.", complaint};
  Table security{subtable(root, "security"), "security.", complaint};
  Table power{subtable(root, "power"), "power.", complaint};
  Table usb{subtable(root, "usb"), "usb.", complaint};
  Table scatter{subtable(root, "scatter"), "scatter.", complaint};
  read_chip(chip, model.chip);
  read_brom(brom, model.brom);
  read_preloader(preloader, model.preloader);
  read_agent(agent, model.agent);
  read_storage(storage, model.storage);
  read_memory(memory, model.storage, model.memory);
  read_small_tables(security, power, usb, scatter, model);
  for (auto* table : {&chip, &brom, &preloader, &agent, &storage, &memory, &security, &power, &usb, &scatter})
    table->finish();

  if (const auto* list = top.find("partition"); list != nullptr && list->as_array() != nullptr) {
    for (const auto& node : *list->as_array()) {
      Table in{node.as_table(), fmt::format("partition[{}].", model.partitions.size()), complaint};
      read_partition(in, model, model.partitions.emplace_back());
      in.finish();
    }
  }
  top.finish();
  const auto entries = std::ranges::count_if(model.partitions, &PartitionModel::in_gpt);
  if (static_cast<std::uint64_t>(entries) > model.storage.gpt_slots)
    top.complain("storage.gpt_slots", "is smaller than the number of partitions");
  return complaint;
}

}  // namespace

const PartitionModel* Model::partition(std::string_view partition_name) const {
  const auto found = std::ranges::find(partitions, partition_name, &PartitionModel::name);
  return found == partitions.end() ? nullptr : &*found;
}

Result<Model> parse_model(std::string_view text, std::string_view origin) {
  try {
    const toml::table root = toml::parse(text, origin);
    Model model;
    if (const std::string complaint = read_everything(root, model); !complaint.empty())
      return fail(Errc::bad_image, fmt::format("{}: {}", origin, complaint));
    return model;
  } catch (const toml::parse_error& problem) {
    return fail(Errc::bad_image,
                fmt::format("{}: {} in line {}", origin, problem.description(), problem.source().begin.line));
  }
}

Result<Model> load_model(const std::filesystem::path& file) {
  MTK_TRY_LET(const Bytes data, read_file(file, file_limit));
  std::string text(data.size(), '\0');
  std::ranges::transform(data, text.begin(), [](std::byte byte) { return static_cast<char>(byte); });
  return parse_model(text, file.string());
}

}  // namespace mtk::sim
