// SPDX-License-Identifier: Apache-2.0
// Device-control codes of the second stage, login, registers, OTP and eFuse.
#include "base/hash.h"
#include "sim/commands.h"
#include "sim/policy.h"
#include "sim/xflash_da2.h"
#include "sim/xflash_facts.h"

#include <algorithm>

namespace mtk::sim {

namespace {

namespace code {
constexpr std::uint32_t set_host_info = 0x020005;
constexpr std::uint32_t set_meta_boot_mode = 0x020006;
constexpr std::uint32_t set_register_value = 0x020009;
constexpr std::uint32_t set_external_sig = 0x02000a;
constexpr std::uint32_t set_remote_sec_policy = 0x02000b;
constexpr std::uint32_t set_all_in_one_sig = 0x02000c;
constexpr std::uint32_t set_rsc_info = 0x02000d;
constexpr std::uint32_t set_reboot_mode = 0x02000e;
constexpr std::uint32_t set_cert_file = 0x02000f;
constexpr std::uint32_t set_update_fw = 0x020010;
constexpr std::uint32_t set_ufs_config = 0x020011;
constexpr std::uint32_t get_nand_info = 0x040002;
constexpr std::uint32_t get_nor_info = 0x040003;
constexpr std::uint32_t get_random_id = 0x040008;
constexpr std::uint32_t get_otp_lock_status = 0x04000e;
constexpr std::uint32_t get_battery_voltage = 0x04000f;
constexpr std::uint32_t get_dram_type = 0x040012;
constexpr std::uint32_t get_dev_fw_info = 0x040013;
constexpr std::uint32_t get_hrid = 0x040014;
constexpr std::uint32_t get_error_detail = 0x040015;
constexpr std::uint32_t sla_enabled_status = 0x040016;
constexpr std::uint32_t start_dl_info = 0x080001;
constexpr std::uint32_t end_dl_info = 0x080002;
constexpr std::uint32_t lock_otp_zone = 0x080003;
constexpr std::uint32_t disable_hwreset_pin = 0x080004;
constexpr std::uint32_t optional_download_act = 0x080005;
constexpr std::uint32_t life_cycle_check = 0x080007;
constexpr std::uint32_t read_register = 0x0e0003;
}  // namespace code

constexpr std::size_t nor_info_size = 16;
constexpr std::size_t error_detail_size = 128;
constexpr std::size_t blob_limit = 0x200000;
constexpr std::size_t all_in_one_limit = 0x800000;
constexpr std::size_t rsc_size = 328;
constexpr std::size_t rsc_record_size = 256;
constexpr std::size_t efuse_block_size = 0x3fe0;
constexpr std::size_t challenge_size = 16;

constexpr std::uint32_t otp_locked = 0x40040002;
constexpr std::uint32_t otp_unlocked = 0x40040003;
constexpr std::uint32_t otp_not_supported = 0xc0040100;
constexpr std::uint32_t all_in_one_rejected = 0xc0020042;
constexpr std::uint32_t policy_disabled = 0xc0020049;
constexpr std::uint32_t login_refused = 0xc002004a;
constexpr std::uint32_t life_warning = 0xc003001c;
constexpr std::uint32_t life_exhausted = 0xc003001d;

}  // namespace

bool XflashDa2::control(std::uint32_t code) {
  return get_control(code) || set_control(code) || act_control(code) ||
         (board_.model.xflash.newer_controls && newer_control(code));
}

bool XflashDa2::get_control(std::uint32_t code) {
  const Model& model = board_.model;
  switch (code) {
    case code::get_nand_info:
      answer(xflash_nand_info(board_));
      return true;
    case code::get_nor_info:
      answer(Bytes(nor_info_size));
      return true;
    case code::get_random_id:
      answer(model.agent.random_id);
      return true;
    case code::get_otp_lock_status:
      otp_status();
      return true;
    case code::get_battery_voltage:
      answer_word(model.xflash.battery_mv, model.xflash.battery_mv == 0 ? xflash::not_supported : xflash::ok);
      return true;
    case code::get_dram_type:
      answer_word(model.memory.type & 0xff);
      return true;
    case code::get_dev_fw_info:
      answer(firmware_info());
      return true;
    case code::get_hrid:
      answer(model.xflash.hrid);
      return true;
    case code::sla_enabled_status:
      if (!model.xflash.login_codes && !model.security.da_sla) return false;
      answer_word(model.security.da_sla ? 1 : 0);
      return true;
    default:
      return false;
  }
}

bool XflashDa2::set_control(std::uint32_t code) {
  switch (code) {
    case code::set_meta_boot_mode:
      take(3, [this](ByteView mode) { return set_boot_mode(mode); });
      return true;
    case code::set_register_value:
      take(8, [this](ByteView pair) { return write_register(pair); });
      return true;
    case code::read_register:
      read_register();
      return true;
    case code::set_external_sig:
      take(blob_limit, [this](ByteView blob) {
        signature_.assign(blob.begin(), blob.end());
        return xflash::ok;
      });
      return true;
    case code::set_remote_sec_policy:
      take(blob_limit, [this](ByteView response) { return log_in(response); });
      return true;
    case code::set_all_in_one_sig:
      take_all_in_one();
      return true;
    case code::set_rsc_info:
      take(rsc_size, [this](ByteView info) { return write_rsc_record(info); });
      return true;
    case code::set_reboot_mode:
      if (!board_.model.xflash.set_reboot_mode) return false;
      take(4, [](ByteView) { return xflash::ok; });
      return true;
    case code::set_cert_file:
      if (!board_.model.xflash.set_cert_file) return false;
      take(blob_limit, [](ByteView) { return xflash::ok; });
      return true;
    default:
      return false;
  }
}

bool XflashDa2::act_control(std::uint32_t code) {
  switch (code) {
    case code::start_dl_info:
      act("a batch of downloads begins");
      return true;
    case code::end_dl_info:
      act("the batch of downloads ends");
      return true;
    case code::lock_otp_zone:
      act("the OTP zone would be locked for good", otp_not_supported);
      return true;
    case code::disable_hwreset_pin:
      act("the reset pin of the eMMC is disabled for good");
      return true;
    case code::optional_download_act:
      act("the vendor's hook after a download");
      return true;
    case code::life_cycle_check: {
      const std::uint32_t life = board_.model.xflash.life_status;
      act("life time of the storage", life == 3 ? life_exhausted : life == 2 ? life_warning : xflash::ok);
      return true;
    }
    default:
      return false;
  }
}

bool XflashDa2::newer_control(std::uint32_t code) {
  switch (code) {
    case code::set_host_info:
    case code::set_update_fw:
    case code::set_ufs_config:
      take(blob_limit, [](ByteView) { return xflash::ok; });
      return true;
    case code::get_error_detail:
      answer(Bytes(error_detail_size));
      return true;
    default:
      return false;
  }
}

/// The answer is the result itself: there is no data packet.
void XflashDa2::otp_status() {
  accept();
  switch (board_.model.xflash.otp) {
    case OtpZone::missing:
      return finish(xflash::no_partition);
    case OtpZone::locked:
      return finish(otp_locked);
    case OtpZone::unlocked:
      return finish(otp_unlocked);
  }
}

void XflashDa2::take_all_in_one() {
  if (all_in_one_set_) return act("a second all-in-one signature is not read", all_in_one_rejected);
  all_in_one_set_ = true;
  take(all_in_one_limit, [this](ByteView blob) {
    all_in_one_.assign(blob.begin(), blob.end());
    return xflash::ok;
  });
}

Bytes XflashDa2::firmware_info() {
  const Model& model = board_.model;
  if (!model.security.da_sla) return to_bytes({0x12, 0x34, 0x56, 0x78});
  ByteWriter seed;
  seed.bytes(model.agent.random_id).bytes(to_bytes("agent challenge"));
  challenge_ = sha256(seed.view());
  challenge_.resize(challenge_size);
  Bytes soc_id = model.chip.soc_id;
  soc_id.resize(32);
  ByteWriter info;
  info.le<std::uint32_t>(0).bytes(challenge_).bytes(model.xflash.hrid).bytes(soc_id);
  return std::move(info).take();
}

std::uint32_t XflashDa2::log_in(ByteView response) {
  const auto& security = board_.model.security;
  if (!security.da_sla) return board_.model.xflash.login_codes ? policy_disabled : xflash::ok;
  logged_in_ = !challenge_.empty() && signature_fits(security.key, challenge_, response);
  board_.log("da2: login {}", logged_in_ ? "accepted" : "refused");
  return logged_in_ ? xflash::ok : login_refused;
}

std::uint32_t XflashDa2::set_boot_mode(ByteView parameter) {
  if (padded(parameter, 3)[0] == std::byte{1}) board_.next_boot_mode = "meta";
  return xflash::ok;
}

void XflashDa2::read_register() {
  accept();
  packet(8, [this](Packet packet) {
    if (!packet.fits) return finish(xflash::too_long);
    const Bytes parameter = padded(packet.payload, 8);
    ByteReader in{parameter};
    const auto address = in.le<std::uint32_t>();
    const auto untouched = in.le<std::uint32_t>();
    const auto& list = board_.model.xflash.readable_registers;
    const bool allowed = std::ranges::find(list, address) != list.end();
    ByteWriter out;
    out.le(address).le(allowed ? board_.read_register(address) : untouched);
    send_packet(out.view());
    finish(allowed ? xflash::ok : xflash::register_denied);
  });
}

std::uint32_t XflashDa2::write_register(ByteView parameter) {
  const Bytes whole = padded(parameter, 8);
  ByteReader in{whole};
  const auto address = in.le<std::uint32_t>();
  const auto& list = board_.model.xflash.writable_registers;
  if (std::ranges::find(list, address) == list.end()) return xflash::register_denied;
  board_.write_register(address, in.le<std::uint32_t>());
  return xflash::ok;
}

std::uint32_t XflashDa2::write_rsc_record(ByteView parameter) {
  const Bytes whole = padded(parameter, rsc_size);
  ByteReader in{whole};
  const auto offset = in.le<std::uint64_t>();
  const auto place = find_place(board_, in.text(64));
  if (!place) return xflash::no_partition;
  if (place->size < rsc_record_size || offset > place->size - rsc_record_size) return xflash::too_large;
  return board_.card.write(place->part, place->offset + offset, in.bytes(rsc_record_size)) ? xflash::ok
                                                                                           : card_error();
}

/// This card has no OTP zone; both directions learn it after their 8 bytes.
void XflashDa2::refuse_otp() {
  take(8, [](ByteView) { return otp_not_supported; });
}

void XflashDa2::refuse_efuse() {
  take(efuse_block_size, [](ByteView) { return xflash::not_supported; });
}

}  // namespace mtk::sim
