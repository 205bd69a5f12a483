// SPDX-License-Identifier: Apache-2.0
// Command table and the small commands. Storage is in xml_flash.cpp, images by name in xml_images.cpp, lists
// in xml_lists.cpp, login and hostility in xml_security.cpp.
#include "sim/xml_da2.h"

#include <algorithm>

namespace mtk::sim {

namespace {
constexpr std::uint32_t download_packet = 0x200000;
constexpr std::uint32_t upload_packet_windows = 0x200000;
constexpr std::uint32_t upload_packet_linux = 0x10000;
constexpr std::size_t register_size = 4;
constexpr std::size_t small_file_limit = 0x100000;
constexpr std::size_t ufs_cid_size = 20;
constexpr std::uint32_t os_linux = 1;
constexpr std::uint32_t low_battery_mv = 3300;
constexpr std::uint32_t first_nand_type = 0x10;

std::string hex_field(std::string_view name, std::uint64_t value) {
  return xml_field(name, fmt::format("0x{:x}", value));
}

/// Known builds write a literal 0, whatever there is.
std::string extra_size(const Model& model, std::string_view name, std::uint64_t size) {
  return model.xml.extra_sizes && size != 0 ? hex_field(name, size) : xml_field(name, "0");
}

std::string emmc_fields(const Model& model) {
  const auto& storage = model.storage;
  std::string text = hex_field("block_size", storage.sector) + hex_field("boot1_size", storage.boot1);
  text += hex_field("boot2_size", storage.boot2) + hex_field("rpmb_size", storage.rpmb);
  text += hex_field("user_size", storage.user);
  for (std::size_t i = 0; i < storage.gp.size(); ++i)
    text += extra_size(model, fmt::format("gp{}_size", i + 1), storage.gp[i]);
  return text + xml_field("id", hex_compact(storage.cid));
}

std::string ufs_fields(const Model& model) {
  const auto& storage = model.storage;
  std::string text = hex_field("block_size", storage.sector) + hex_field("lua0_size", storage.boot1);
  text += hex_field("lua1_size", storage.boot2) + hex_field("lua2_size", storage.user);
  text += extra_size(model, "lua3_size", storage.gp[0]);
  if (model.xml.build == XmlBuild::y2023) return text + xml_field("id", hex_compact(storage.cid));
  Bytes cid = storage.cid;
  cid.resize(ufs_cid_size);
  text += hex_field("ufs_vendor_id", storage.ufs_vendor) + xml_field("ufs_cid", hex_compact(cid));
  return text + xml_field("ufs_fwver", hex_compact(storage.fw_version));
}

std::string nand_fields(const Model& model) {
  const NandModel& nand = model.xml.nand;
  constexpr std::string_view sub_types[] = {"SLC", "SLC", "MLC", "TLC", "AMLC", "SPI", "3DMLC"};
  std::string text = hex_field("block_size", nand.block) + hex_field("page_size", nand.page);
  text += hex_field("spare_size", nand.spare) + hex_field("total_size", model.storage.user);
  text += xml_field("id", hex_compact(nand.id)) + hex_field("page_parity_size", nand.parity);
  return text + xml_field("sub_type", sub_types[nand.type - first_nand_type]);
}

}  // namespace

XmlDa2::XmlDa2(Board& board) : XmlStage(board, "da2", download_packet) {
  set_packet_lengths(download_packet,
                     board.agent.host_os == os_linux ? upload_packet_linux : upload_packet_windows);
}

XmlStage::Action XmlDa2::handler(const XmlCommand& command) {
  const bool is_list = command.name == "FLASH-ALL" || command.name == "FLASH-UPDATE";
  if (command.major != 1 && !(command.major == 2 && is_list)) return {};
  const auto& name = command.name;
  if (Action newer = newer_handler(name)) return newer;
  if (name == "NOTIFY-INIT-HW") return [this] { init_hardware(); };
  if (name == "GET-HW-INFO") return [this] { tell_hardware(); };
  if (name == "GET-SYS-PROPERTY") return [this] { tell_property(); };
  if (Action common = common_handler(name)) return common;
  Action action = flash_handler(command);
  if (!action) action = small_handler(name);
  if (action && board_.model.security.da_sla && !logged_in_)
    return [this] { refuse(fmt::format("Security deny for [{}].", this->command().name)); };
  return action;
}

XmlStage::Action XmlDa2::flash_handler(const XmlCommand& command) {
  const auto& name = command.name;
  if (name == "READ-PARTITION-TABLE") return [this] { tell_table(); };
  if (name == "READ-FLASH") return [this] { read_flash(); };
  if (name == "WRITE-FLASH") return [this] { write_flash(); };
  if (name == "ERASE-FLASH") return [this] { erase_flash(); };
  if (name == "READ-PARTITION") return [this] { read_partition(); };
  if (name == "WRITE-PARTITION") return [this] { write_partition(); };
  if (name == "ERASE-PARTITION") return [this] { erase_partition(); };
  if (name == "WRITE-PARTITIONS") return [this] { run_list(ListKind::write); };
  if (name == "FLASH-ALL") return [this] { run_list(ListKind::flash_all); };
  if (name == "FLASH-UPDATE") return [this] { run_list(ListKind::flash_update); };
  return {};
}

XmlStage::Action XmlDa2::small_handler(std::string_view name) {
  if (name == "GET-DA-INFO") {
    return [this] {
      upload_text("DA-INFO",
                  fmt::format("{}<da_info><version>1.0</version><da_version>2021</da_version>"
                              "<build>Apr  2 2022:23:42:42</build></da_info>",
                              xml_declaration),
                  FinalNul::yes);
    };
  }
  if (name == "GET-DOWNLOADED-IMAGE-FEEDBACK") return [this] { tell_feedback(); };
  if (name == "READ-REGISTER") return [this] { read_register(); };
  if (name == "WRITE-REGISTER") return [this] { write_register(); };
  if (name == "EMMC-CONTROL") return [this] { emmc_control(); };
  if (name == "DEBUG:UFS") return [this] { debug_ufs(); };
  if (name == "READ-EFUSE") return [this] { tell_efuse(); };
  if (name == "WRITE-EFUSE") return [this] { refuse("eFuse: this phone's fuses are not to be written."); };
  if (name == "SET-BOOT-MODE") return [this] { set_boot_mode(); };
  if (name == "SET-RSC") return [this] { take_and_keep("RSC file", small_file_limit); };
  if (name == "WRITE-PRIVATE-CERT") return [this] { take_and_keep("private cert", small_file_limit); };
  if (name == "SECURITY-SET-ALLINONE-SIGNATURE")
    return [this] { take_and_keep("Signature", signature_limit); };
  return {};
}

void XmlDa2::init_hardware() {
  for (const auto* what : {"storage", "partition table", "security"})
    send_message(fmt::format("init {}", what));
  play_hostile([this] { progress("init-hw", {}, ends_command()); });
}

void XmlDa2::tell_hardware() {
  const Model& model = board_.model;
  const std::string product = xml_field("product_id", model.xml.product_id);
  const std::string storage = storage_fields();
  std::string text = fmt::format("{}<da_hw_info><version>1.2</version>", xml_declaration);
  text += hex_field("ram_size", model.memory.size);
  const std::uint32_t volts = board_.battery == Battery::low ? low_battery_mv : model.xml.battery_mv;
  text += xml_field("battery_voltage", fmt::format("{}", volts));
  text += xml_field("random_id", hex_compact(model.agent.random_id));
  text += model.xml.build == XmlBuild::y2022 ? product + storage : storage + product;
  upload_text("HW-INFO", text + "</da_hw_info>", FinalNul::yes);
}

std::string XmlDa2::storage_fields() const {
  const Model& model = board_.model;
  if (has_nand()) return fmt::format("<storage>NAND</storage><nand>{}</nand>", nand_fields(model));
  if (model.storage.kind == StorageKind::ufs)
    return fmt::format("<storage>UFS</storage><ufs>{}</ufs>", ufs_fields(model));
  return fmt::format("<storage>EMMC</storage><emmc>{}</emmc>", emmc_fields(model));
}

void XmlDa2::tell_property() {
  const auto key = text_argument("key");
  if (!key) return;
  const auto& security = board_.model.security;
  std::string value;
  if (*key == "DA.SLA") value = security.da_sla && !logged_in_ ? "ENABLED" : "DISABLED";
  if (*key == "DA.SEG_CODE") value = board_.model.xml.seg_code;
  if (*key == "DA.HRID" && security.da_sla) value = hex_compact(board_.model.chip.me_id);
  const std::string item =
      value.empty() ? "" : fmt::format("<item key=\"{}\">{}</item>", xml_escaped(*key), xml_escaped(value));
  upload_text("sys-prop", fmt::format("{}<sys_prop version=\"1.0\">{}</sys_prop>", xml_declaration, item),
              FinalNul::no);
}

void XmlDa2::tell_table() {
  const auto gpt = read_gpt(board_.card);
  if (!gpt) return refuse(fmt::format("Cannot read the partition table: {}.", gpt.error().what));
  const std::uint64_t sector = board_.card.sector();
  std::string text = fmt::format("{}<partition_table version=\"1.0\">", xml_declaration);
  for (const auto& entry : gpt->entries) {
    if (entry.name.empty()) continue;
    text += "<pt>" + xml_field("name", entry.name) + hex_field("start", entry.first * sector);
    text += hex_field("size", (entry.last - entry.first + 1) * sector) + "</pt>";
  }
  upload_text("partition-table", text + "</partition_table>", FinalNul::yes);
}

void XmlDa2::tell_feedback() {
  std::string text = fmt::format("{}<feedback version=\"1.0\">", xml_declaration);
  for (const auto& image : received_)
    text += fmt::format("<item pt=\"{}\" image_chksum=\"0x0\" file=\"{}\"/>", xml_escaped(image.partition),
                        xml_escaped(image.source));
  upload_text("dev", text + "</feedback>", FinalNul::no);
}

void XmlDa2::read_register() {
  const auto address = number_argument("base_address");
  if (!address) return;
  if (std::ranges::find(board_.model.xml.open_registers, *address) == board_.model.xml.open_registers.end())
    return refuse("R/W on this address is forbidden.");
  ByteWriter value;
  value.le(board_.read_register(static_cast<std::uint32_t>(*address)));
  upload_bytes("register", std::move(value).take());
}

void XmlDa2::write_register() {
  const auto address = number_argument("base_address");
  const auto source = address ? text_argument("source_file") : std::nullopt;
  if (!source) return;
  if (std::ranges::find(board_.model.xml.open_registers, *address) == board_.model.xml.open_registers.end())
    return refuse("R/W on this address is forbidden.");
  download_file("register", *source, register_size, [this, at = *address](const Bytes& value) {
    if (value.size() != register_size) return refuse("A register has 4 bytes.");
    board_.write_register(static_cast<std::uint32_t>(at), ByteReader{value}.le<std::uint32_t>());
    finish();
  });
}

void XmlDa2::emmc_control() {
  const auto function = text_argument("function");
  if (!function) return;
  if (*function == "LIFE-CYCLE-STATUS")
    return upload_text("LIFE-CYCLE-STATUS", board_.model.xml.life_cycle, FinalNul::yes);
  if (*function == "GET-RPMB-KEY-STATUS")
    return upload_text("RPMB-KEY-STATUS", board_.model.xml.rpmb_key ? "EXIST" : "NOT-EXIST", FinalNul::yes);
  board_.log("da2: EMMC-CONTROL {} is unknown and passes without an upload", *function);
  finish();
}

void XmlDa2::debug_ufs() {
  const auto function = text_argument("function");
  if (!function) return;
  if (storage_name() != "UFS") return refuse("No UFS.");
  if (*function == "UPDATE-FIRMWARE") return take_and_keep("ufs firmware", small_file_limit);
  if (*function != "SETTING") return refuse("Unknown UFS function.");
  board_.log("da2: UFS settings change, the user area is lost");
  const auto erased = board_.card.erase(part_user, 0, board_.card.size(part_user));
  if (!erased) return refuse(erased.error().what);
  finish();
}

void XmlDa2::tell_efuse() {
  const auto& security = board_.model.security;
  const unsigned bits = (security.sbc ? 1U : 0U) | (security.sla ? 2U : 0U) | (security.daa ? 4U : 0U);
  upload_text("efuse", fmt::format("eFuse of {}\nEFUSE[0x60] = 0x{:08x}\n", board_.model.chip.name, bits),
              FinalNul::no);
}

void XmlDa2::set_boot_mode() {
  const auto mode = text_argument("mode");
  if (!mode) return;
  if (*mode == "META") {
    board_.next_boot_mode = "meta";
  } else if (*mode == "FASTBOOT") {
    board_.next_boot_mode = "fastboot";
  } else if (*mode == "ANDROID-TEST-MODE") {
    board_.next_boot_mode = "android test mode";
  } else {
    return refuse("Unknown boot mode.");
  }
  finish();
}

void XmlDa2::take_and_keep(std::string info, std::size_t limit) {
  const auto source = text_argument("source_file");
  if (!source) return;
  const bool is_signature = info == "Signature";
  download_file(info, *source, limit, [this, is_signature](Bytes file) {
    board_.log("da2: {} bytes for {}", file.size(), command().name);
    if (is_signature) all_in_one_ = std::move(file);
    finish();
  });
}

}  // namespace mtk::sim
