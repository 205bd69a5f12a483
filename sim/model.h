// SPDX-License-Identifier: Apache-2.0
// What a virtual phone is made of: the contents of data/phones/NAME.toml (docs/format/phone.md).
#pragma once

#include "base/bytes.h"
#include "sim/xflash_model.h"

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace mtk::sim {

struct UsbId {
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  bool operator==(const UsbId&) const = default;
};

struct ChipModel {
  std::string name;
  std::uint16_t hw_code = 0;
  std::uint16_t hw_sub_code = 0x8a00;
  std::uint16_t hw_version = 0xca00;
  std::uint16_t sw_version = 0;
  std::string family;
  Bytes me_id = Bytes(16);
  Bytes soc_id = {};
  std::uint32_t wdt = 0x10007000;
  std::uint32_t misc_lock_key = 0;
  std::uint32_t rst_con = 0;
  std::uint32_t usbdl_flag = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> registers = {};
};

enum class WrongStart { restart, as_preloader };

struct BromModel {
  std::uint8_t version = 0x05;
  std::uint32_t window_ms = 0;
  bool soc_id_command = false;
  std::string log = {};
  bool jump_da64 = false;
  WrongStart wrong_start = WrongStart::restart;
  std::uint16_t write_status1 = 0;
  std::uint16_t write_status2 = 0;
  std::uint32_t read_limit = 0x100000;
  std::uint32_t da_limit = 0x400000;
};

enum class Generation { a, b, c };
enum class PreloaderFlash { good, broken, bare, missing };
enum class MetaStyle { plain, v1, v2 };

struct PreloaderModel {
  Generation generation = Generation::a;
  std::uint8_t bl_version = 1;
  PreloaderFlash flash = PreloaderFlash::good;
  std::uint32_t window_ms = 2500;
  std::uint32_t start_window_ms = 300;
  std::uint32_t ready_period_ms = 20;
  bool whitelist = false;
  std::uint32_t device_info = 0;
  std::uint32_t da_address = 0x80001000;
  bool stay_still = false;
  MetaStyle meta = MetaStyle::plain;
  bool factory_lock = false;
  std::uint32_t load_address = 0x200d00;
  std::uint32_t image_size = 0x8000;
};

enum class EmiRefused { hang, again };
enum class FinishAck { sent, lost };

struct AgentModel {
  std::uint8_t chip_byte = 0x94;
  std::array<std::uint8_t, 2> version = {4, 2};
  std::uint32_t greeting_nand = 0x0bc0;
  unsigned numbering = 3;
  std::uint16_t nand_ids = 7;
  std::uint32_t tail_words = 0;
  bool tail_list = false;
  bool emi_in_da2 = true;  ///< the 2015 agent knows E8 in its second stage, newer ones in the first
  bool emi_from_brom = false;
  std::vector<std::uint32_t> emi_versions = {};
  bool emi_total_length = true;
  EmiRefused emi_refused = EmiRefused::hang;
  std::uint32_t calibration_words = 0;
  std::vector<std::uint32_t> da2_addresses = {0x80000000, 0x40000000};
  bool report_extra = false;
  bool report_nand64 = true;
  std::uint32_t report_nor = 0x0bc3;
  std::uint32_t report_nand = 0x0bc4;
  std::uint32_t report_sd = 0x0c4a;
  std::uint32_t download_status = 0x0c06;
  std::uint32_t boot_style = 0x040b;
  bool swap_cid = true;
  bool high_speed = true;
  std::uint8_t pmt_answer = 0x01;
  std::uint32_t pmt_entry = 0x58;
  std::uint32_t pmt_slots = 0;
  bool odd_writes = true;
  std::uint32_t erase_group = 0;
  std::uint32_t format_rounds = 1;
  FinishAck finish_ack = FinishAck::sent;
  std::uint32_t secure_usb = 0x1799;
  std::uint32_t battery_value = 0xa5;
  std::uint32_t watchdog_ms = 10000;
  Bytes random_id = Bytes(16);
  std::string project_id = {};
};

enum class XmlBuild { y2022, y2023 };
enum class HigherSpeed { absent, no, yes };

/// The XML agent; what it shares with the others stays in AgentModel.
struct XmlModel {
  XmlBuild build = XmlBuild::y2022;
  std::uint32_t progress_steps = 0;  ///< told in every progress report
  HigherSpeed higher_speed = HigherSpeed::absent;
  bool skips_missing_image =
      false;  ///< WRITE-PARTITION asks whether the image exists and takes "no" for done
  std::string product_id = {};
  std::string seg_code = {};  ///< of GET-SYS-PROPERTY; empty: the agent has no such item
  std::string life_cycle = "OK";
  bool rpmb_key = true;
  std::uint32_t battery_mv = 0;
  std::uint32_t erase_unit = 0;  ///< bytes erased at once, ends rounded down; 0 = as the storage has it
  bool extra_sizes = false;      ///< GET-HW-INFO tells GP areas and LU3; known builds write a literal 0
  NandModel nand = {};
  std::vector<std::uint32_t> open_registers = {};
};

enum class StorageKind { emmc, ufs };

/// On UFS boot1 is LU0, boot2 LU1, the user area LU2 and the first of `gp` LU3.
struct StorageModel {
  StorageKind kind = StorageKind::emmc;
  std::uint32_t sector = 512;  ///< bytes of a logical block: the unit of the partition table
  Bytes cid;                   ///< eMMC: 16 bytes; UFS: product name and serial number, 16 to 20 bytes
  std::uint64_t boot1 = 0;
  std::uint64_t boot2 = 0;
  std::uint64_t rpmb = 0;
  std::uint64_t user = 0;
  std::array<std::uint64_t, 4> gp = {};  ///< general purpose areas
  std::uint16_t ufs_vendor = 0;
  Bytes fw_version = to_bytes({1, 0, 0, 0, 0, 0, 0, 0});
  std::uint32_t gpt_slots = 32;
  std::uint64_t first_usable = 34;
  std::uint64_t last_usable_from_end = 33;
  std::uint32_t write_mib_s = 0;
  std::vector<std::string> wiped = {};  ///< partitions a new phone holds nothing in, whatever their content
};

struct MemoryModel {
  std::uint64_t size = 0x20000000;
  std::uint32_t emi_version = 21;
  std::uint32_t record_size = 188;
  std::uint32_t type = 0x0203;
  std::vector<Bytes> ids = {};
  std::string project = {};
  std::vector<Bytes> installed_ids = {};
  std::string installed_project = {};
};

struct SecurityModel {
  bool sbc = false;
  bool sla = false;
  bool daa = false;
  bool cert = false;
  bool auth = false;                           ///< the boot ROM wants an authentication file first
  bool da_sla = false;                         ///< the agent wants a login
  std::vector<std::string> deny = {};          ///< partitions and regions that take no raw write and no erase
  std::vector<std::string> signed_parts = {};  ///< partitions whose image needs a signature
  std::string key = {};
};

enum class Battery { in, out, low };

struct PowerModel {
  bool removable = false;
  Battery battery = Battery::in;
};

struct UsbModel {
  UsbId brom = {0x0e8d, 0x0003};
  UsbId preloader = {0x0e8d, 0x2000};
  UsbId agent = {0x0e8d, 0x2001};
  UsbId android = {0x0e8d, 0x2008};
  std::uint32_t gap_ms = 300;
};

enum class Content { empty, identity, preloader, lk, logo, android, blocks, pattern };
/// `both_boots`: the same bytes in boot1 and boot2.
enum class Region { user, boot1, boot2, both_boots };

/// One line of the phone's scatter file. `start` is already counted from the beginning of the region.
struct PartitionModel {
  std::string name;
  std::uint64_t start = 0;
  std::uint64_t size = 0;
  Region region = Region::user;
  std::string file_name = "NONE";
  std::string operation_type = {};
  bool is_reserved = false;
  bool in_gpt = false;
  std::uint8_t slot_flags = 0;  ///< attribute byte 6 of its entry: bit 2 active, bit 7 unbootable
  Content content = Content::empty;
  std::uint64_t image_size = 0;
};

struct Model {
  std::string name;  ///< NAME, or NAME:VARIANT
  std::string title;
  ChipModel chip;
  BromModel brom;
  PreloaderModel preloader;
  AgentModel agent;
  XflashModel xflash;
  XmlModel xml;
  StorageModel storage;
  MemoryModel memory;
  SecurityModel security;
  PowerModel power;
  UsbModel usb;
  std::string project;
  std::uint32_t block_size = 0x20000;
  std::vector<PartitionModel> partitions;

  const PartitionModel* partition(std::string_view partition_name) const;
};

/// The phone as its file says, or as one of its variants.
/// Errors: io, bad_image (not TOML, wrong format version, unknown or missing key, value out of range), usage
/// (no such variant).
Result<Model> load_model(const std::filesystem::path& file, std::string_view variant = {});
/// The same from text; `origin` names it in errors.
Result<Model> parse_model(std::string_view text, std::string_view origin, std::string_view variant = {});

}  // namespace mtk::sim
