// SPDX-License-Identifier: Apache-2.0
#include "sim/xml_da1.h"

#include "base/hash.h"

#include <algorithm>

namespace mtk::sim {

namespace {
constexpr std::uint32_t packet_length = 0x1000;
/// No known second stage comes near; more would only fill the computer's memory.
constexpr std::size_t second_stage_limit = 0x1000000;
constexpr std::size_t parameter_limit = 0x10000;
constexpr milliseconds reset_delay{5};

/// The position of `word` among `words`; what is none of them leaves the setting alone.
void choose(std::string_view word, std::initializer_list<std::string_view> words, std::uint32_t& setting) {
  const auto found = std::ranges::find(words, word);
  if (found != words.end()) setting = static_cast<std::uint32_t>(found - words.begin());
}

}  // namespace

XmlDa1::XmlDa1(Board& board) : XmlStage(board, "da1", packet_length) {}

void XmlDa1::start() {
  board_.agent = {.memory_runs = board_.from_preloader, .checksum_level = 0, .log_channel = 1, .host_os = 0};
  XmlStage::start();
}

XmlStage::Action XmlDa1::handler(const XmlCommand& command) {
  if (command.major != 1) return {};
  const auto& name = command.name;
  if (name == "SET-RUNTIME-PARAMETER") return [this] { set_runtime_parameter(); };
  if (name == "HOST-SUPPORTED-COMMANDS") {
    return [this] {
      if (text_argument("host_capability")) finish();
    };
  }
  if (name == "NOTIFY-INIT-HW") return [this] { start_memory(); };
  if (name == "GET-HW-INFO") return [this] { tell_hardware(); };
  if (name == "BOOT-TO") return [this] { boot_to(); };
  if (name == "RAM-TEST") return [this] { test_memory(); };
  if (name == "DEBUG:DRAM-REPAIR") return [this] { repair_memory(); };
  return common_handler(name);
}

void XmlDa1::set_runtime_parameter() {
  const auto checksum = text_argument("checksum_level");
  const auto battery = checksum ? text_argument("battery_exist") : std::nullopt;
  const auto level = battery ? text_argument("da_log_level") : std::nullopt;
  const auto channel = level ? text_argument("log_channel") : std::nullopt;
  const auto os = channel ? text_argument("system_os") : std::nullopt;
  if (!os) return;
  if (command().minor >= 1) {
    const XmlElement* adv = command().root.child("adv");
    const XmlElement* memory = adv == nullptr ? nullptr : adv->child("initialize_dram");
    if (memory == nullptr) return refuse("XML node da/adv/initialize_dram is required.");
    starts_memory_ = memory->text != "NO";
  }
  auto& settings = board_.agent;
  choose(*checksum, {"NONE", "USB", "STORAGE", "USB-STORAGE"}, settings.checksum_level);
  choose(*channel, {"", "UART", "USB"}, settings.log_channel);
  choose(*os, {"WINDOWS", "LINUX"}, settings.host_os);
  switch_messages((settings.log_channel & 2) != 0);
  finish();
}

void XmlDa1::start_memory() {
  for (const auto* what : {"clocks", "voltages", "memory"}) send_message(fmt::format("init {}", what));
  progress("init-hw", {}, [this](bool ok) {
    if (!ok) return ends_command()(false);
    const auto& wanted = board_.faults.memory_id;
    if (starts_memory_ && wanted && *wanted != board_.model.storage.cid)
      return refuse("DRAM initialization failed: no settings for this memory.");
    board_.agent.memory_runs = board_.agent.memory_runs || starts_memory_;
    finish();
  });
}

void XmlDa1::tell_hardware() {
  const std::uint64_t ram = board_.agent.memory_runs ? board_.model.memory.size : 0;
  std::string text = fmt::format("{}<da_hw_info>", xml_declaration);
  text += xml_field("version", "1.0") + xml_field("ram_size", fmt::format("0x{:x}", ram));
  text += xml_field("battery_voltage", fmt::format("{}", board_.model.xml.battery_mv));
  text += xml_field("random_id", hex_compact(board_.model.agent.random_id));
  text += xml_field("storage", "NONE");
  upload_text("HW-INFO", text + "</da_hw_info>", FinalNul::yes);
}

void XmlDa1::boot_to() {
  const auto at = number_argument("at_address");
  const auto jump = at ? number_argument("jmp_address") : std::nullopt;
  const auto source = jump ? text_argument("source_file") : std::nullopt;
  if (!source) return;
  const auto& places = board_.model.agent.da2_addresses;
  if (!places.empty() && std::ranges::find(places, *at) == places.end()) {
    return refuse("2nd DA address is invalid. reset.", [this] {
      board_.leave(Exit::reset, reset_delay);
      hang("the second stage was put where it cannot run");
    });
  }
  download_file("2nd-DA", *source, second_stage_limit,
                [this](const Bytes& stage) { judge_second_stage(stage); });
}

void XmlDa1::judge_second_stage(const Bytes& stage) {
  const Bytes digest = sha256(stage);
  const Bytes& own = board_.da1;
  const bool known = std::search(own.begin(), own.end(), digest.begin(), digest.end()) != own.end();
  if (!known || !board_.agent.memory_runs)
    return refuse(fmt::format("2nd DA hash mismatch. Check the agent file{}.",
                              board_.agent.memory_runs ? "" : " and the DRAM: it was not initialized"));
  finish([this] {
    board_.log("da1: second stage accepted");
    board_.leave(Exit::second_stage);
  });
}

void XmlDa1::test_memory() {
  const auto function = text_argument("function");
  if (!function) return;
  if (*function == "CALIBRATION") return upload_text("calibration", "PASS", FinalNul::yes);
  if (*function == "FLIP") {
    for (const auto* name : {"start_address", "length", "repeat"}) {
      if (!number_argument(name)) return;
    }
  } else if (*function != "SRAM") {
    return refuse("Unknown RAM test.");
  }
  progress("ram-test", {}, ends_command());
}

void XmlDa1::repair_memory() {
  const auto source = text_argument("param_file");
  if (!source) return;
  download_file("dram-repair", *source, parameter_limit,
                [this](const Bytes&) { upload_text("dram-repair", "NO-NEED", FinalNul::yes); });
}

}  // namespace mtk::sim
