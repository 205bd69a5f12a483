// SPDX-License-Identifier: Apache-2.0
// Reads a phone description: what each key means.
#include "sim/model.h"

#include "base/checked.h"
#include "base/file.h"
#include "sim/description.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::sim {

namespace {

constexpr std::uint64_t file_limit = 1U << 20;
constexpr std::uint64_t area_limit = 1ULL << 42;
/// Bytes of a table of 128 partitions.
constexpr std::uint32_t gpt_limit = 128 * 128;

void usb_id(Table& in, std::string_view key, UsbId& out) {
  std::vector<std::uint16_t> pair;
  in.numbers(key, pair);
  if (pair.empty()) return;
  if (pair.size() != 2) return in.complain(key, "is not [vendor, product]");
  out = {.vendor = pair[0], .product = pair[1]};
}

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
  in.pairs("registers", chip.registers);
  if (chip.family != "legacy" && chip.family != "xflash" && chip.family != "xml")
    in.complain("family", "is not one this build knows (legacy, xflash, xml)");
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

void read_legacy_agent(Table& in, AgentModel& agent) {
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

/// What only the XML agent has, and what it takes of the common settings.
void read_xml_agent(Table& in, AgentModel& agent, XmlModel& xml) {
  in.required("build");
  in.choice("build", xml.build, {{"2022", XmlBuild::y2022}, {"2023", XmlBuild::y2023}});
  if (xml.build == XmlBuild::y2023) xml.progress_steps = 4;
  in.number("progress_steps", xml.progress_steps, 0, 1000);
  in.choice("higher_speed", xml.higher_speed,
            {{"absent", HigherSpeed::absent}, {"no", HigherSpeed::no}, {"yes", HigherSpeed::yes}});
  in.flag("skips_missing_image", xml.skips_missing_image);
  in.text("product_id", xml.product_id);
  in.text("seg_code", xml.seg_code);
  in.text("life_cycle", xml.life_cycle);
  in.flag("rpmb_key", xml.rpmb_key);
  in.number("battery_mv", xml.battery_mv);
  in.number("erase_unit", xml.erase_unit, 0, 0x1000000);
  in.flag("extra_sizes", xml.extra_sizes);
  read_nand(in, xml.nand);
  in.numbers("open_registers", xml.open_registers);
  agent.da2_addresses = {0x40000000};
  in.numbers("da2_addresses", agent.da2_addresses);
  in.flag("high_speed", agent.high_speed);
  in.bytes("random_id", agent.random_id, 16);
}

void read_storage(Table& in, StorageModel& storage) {
  in.choice("kind", storage.kind, {{"EMMC", StorageKind::emmc}, {"UFS", StorageKind::ufs}});
  const bool ufs = storage.kind == StorageKind::ufs;
  const std::string_view boot1 = ufs ? "lu0" : "boot1";
  const std::string_view boot2 = ufs ? "lu1" : "boot2";
  const std::string_view user = ufs ? "lu2" : "user";
  for (const auto key : {std::string_view{"cid"}, boot1, boot2, user}) in.required(key);
  if (ufs) {
    storage.sector = 4096;
    in.number("sector", storage.sector, 512, 4096);
    if (storage.sector != 512 && storage.sector != 4096) in.complain("sector", "is neither 512 nor 4096");
    in.number("vendor", storage.ufs_vendor);
  } else {
    in.required("rpmb");
  }
  in.bytes("cid", storage.cid, ufs ? 0 : 16);
  if (ufs && (storage.cid.size() < 16 || storage.cid.size() > 20))
    in.complain("cid", "is not 16 to 20 bytes");
  in.number(boot1, storage.boot1, 0x1000, area_limit);
  in.number(boot2, storage.boot2, 0, area_limit);
  in.number("rpmb", storage.rpmb, 0, area_limit);
  in.number(user, storage.user, 0x10000, area_limit);
  if (ufs) {
    in.number("lu3", storage.gp[0], 0, area_limit);
  } else {
    for (std::size_t i = 0; i < storage.gp.size(); ++i)
      in.number(fmt::format("gp{}", i + 1), storage.gp[i], 0, area_limit);
  }
  in.bytes("fw_version", storage.fw_version, 8);
  in.number("gpt_slots", storage.gpt_slots, 1, 128);
  const std::uint32_t table = gpt_limit / storage.sector;
  storage.first_usable = 2 + table;
  storage.last_usable_from_end = 1 + table;
  in.number("first_usable", storage.first_usable, 2 + table, 0x10000);
  in.number("last_usable_from_end", storage.last_usable_from_end, 1 + table, 0x10000);
  in.number("write_mib_s", storage.write_mib_s);
  in.texts("wiped", storage.wiped);
  std::vector<std::uint64_t> sizes(storage.gp.begin(), storage.gp.end());
  sizes.insert(sizes.end(), {storage.boot1, storage.boot2, storage.rpmb, storage.user});
  for (const auto size : sizes) {
    if (size % storage.sector != 0)
      in.complain(user, fmt::format("and the other sizes are not all multiples of {}", storage.sector));
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
  security.flag("auth", model.security.auth);
  security.flag("da_sla", model.security.da_sla);
  security.texts("deny", model.security.deny);
  security.texts("signed", model.security.signed_parts);
  security.text("key", model.security.key);

  power.flag("removable", model.power.removable);
  power.choice("battery", model.power.battery,
               {{"in", Battery::in}, {"out", Battery::out}, {"low", Battery::low}});

  usb_id(usb, "brom", model.usb.brom);
  usb_id(usb, "preloader", model.usb.preloader);
  usb_id(usb, "agent", model.usb.agent);
  usb_id(usb, "android", model.usb.android);
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
    case Region::both_boots:
      return std::min(model.storage.boot1, model.storage.boot2);
  }
  return 0;
}

void read_region(Table& in, StorageKind kind, Region& region) {
  if (kind == StorageKind::ufs)
    return in.choice("region", region,
                     {{"UFS_LU2", Region::user},
                      {"UFS_LU0", Region::boot1},
                      {"UFS_LU1", Region::boot2},
                      {"UFS_LU0_LU1", Region::both_boots}});
  in.choice("region", region,
            {{"EMMC_USER", Region::user},
             {"EMMC_BOOT_1", Region::boot1},
             {"EMMC_BOOT_2", Region::boot2},
             {"EMMC_BOOT1_BOOT2", Region::both_boots}});
}

void read_partition(Table& in, const Model& model, PartitionModel& part) {
  for (const auto key : {"name", "start", "size"}) in.required(key);
  in.text("name", part.name);
  in.number("start", part.start);
  in.number("size", part.size, 1);
  read_region(in, model.storage.kind, part.region);
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
  in.number("slot_flags", part.slot_flags);
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
  const std::uint32_t sector = model.storage.sector;
  if (part.size % sector != 0 || part.start % sector != 0)
    in.complain("start", fmt::format("or size is not a multiple of {}", sector));
  if (!fits(part.start, part.size, room))
    in.complain("size", fmt::format("of {} does not fit its region", part.name));
  if (part.name.size() > 36) in.complain("name", "is longer than 36 letters");
  if (part.content == Content::preloader) part.image_size = model.preloader.image_size;
  if (part.image_size > part.size)
    in.complain("image_size", fmt::format("of {} is larger than its size", part.name));
}

void read_everything(Table& top, Model& model) {
  unsigned format = 0;
  top.number("format", format);
  if (format != 1) top.complain("format", fmt::format("is {}, this build reads format 1", format));
  for (const auto key : {"name", "chip", "preloader", "agent", "storage", "scatter", "partition"})
    top.required(key);
  top.text("name", model.name);
  top.text("title", model.title);
  top.elsewhere({"story", "ours", "variant"});

  const auto chip = top.table("chip");
  const auto brom = top.table("brom");
  const auto preloader = top.table("preloader");
  const auto agent = top.table("agent");
  const auto storage = top.table("storage");
  const auto memory = top.table("memory");
  const auto security = top.table("security");
  const auto power = top.table("power");
  const auto usb = top.table("usb");
  const auto scatter = top.table("scatter");
  read_chip(*chip, model.chip);
  read_brom(*brom, model.brom);
  read_preloader(*preloader, model.preloader);
  if (model.chip.family == "xml") {
    read_xml_agent(*agent, model.agent, model.xml);
  } else if (model.chip.family == "xflash") {
    read_xflash_agent(*agent, model.agent, model.xflash);
  } else {
    read_legacy_agent(*agent, model.agent);
  }
  read_storage(*storage, model.storage);
  if (model.chip.family == "legacy" && model.storage.kind != StorageKind::emmc)
    storage->complain("kind", "is not one the legacy agent is played with (EMMC)");
  read_memory(*memory, model.storage, model.memory);
  read_small_tables(*security, *power, *usb, *scatter, model);
  for (Table* table : {chip.get(), brom.get(), preloader.get(), agent.get(), storage.get(), memory.get(),
                       security.get(), power.get(), usb.get(), scatter.get()})
    table->finish();
  top.each_table("partition", [&](Table& in) { read_partition(in, model, model.partitions.emplace_back()); });
  const auto entries = std::ranges::count_if(model.partitions, &PartitionModel::in_gpt);
  if (static_cast<std::uint64_t>(entries) > model.storage.gpt_slots)
    top.complain("storage.gpt_slots", "is smaller than the number of partitions");
}

}  // namespace

const PartitionModel* Model::partition(std::string_view partition_name) const {
  const auto found = std::ranges::find(partitions, partition_name, &PartitionModel::name);
  return found == partitions.end() ? nullptr : &*found;
}

Result<Model> parse_model(std::string_view text, std::string_view origin, std::string_view variant) {
  Model model;
  MTK_TRY(read_description(text, origin, variant, [&](Table& top) { read_everything(top, model); }));
  if (!variant.empty()) model.name += fmt::format(":{}", variant);
  return model;
}

Result<Model> load_model(const std::filesystem::path& file, std::string_view variant) {
  MTK_TRY_LET(const Bytes data, read_file(file, file_limit));
  std::string text(data.size(), '\0');
  std::ranges::transform(data, text.begin(), [](std::byte byte) { return static_cast<char>(byte); });
  return parse_model(text, file.string(), variant);
}

}  // namespace mtk::sim
