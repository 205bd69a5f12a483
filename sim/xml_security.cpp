// SPDX-License-Identifier: Apache-2.0
// Login of the second stage, the switch of speed, and the phone that is out to harm its host.
#include "base/hash.h"
#include "sim/commands.h"
#include "sim/xml_da2.h"

namespace mtk::sim {

namespace {
constexpr std::size_t challenge_size = 16;
constexpr std::size_t hrid_size = 16;
constexpr std::size_t socid_size = 32;
constexpr std::size_t response_limit = 0x1000;
constexpr milliseconds port_delay{5};

Bytes sized(Bytes bytes, std::size_t size) {
  bytes.resize(size);
  return bytes;
}

Bytes joined(const Bytes& first, const Bytes& second) {
  Bytes out = first;
  out.insert(out.end(), second.begin(), second.end());
  return out;
}

}  // namespace

XmlStage::Action XmlDa2::newer_handler(std::string_view name) {
  const auto& model = board_.model;
  if (model.security.da_sla) {
    if (name == "SECURITY-GET-DEV-FW-INFO") return [this] { tell_firmware_info(); };
    if (name == "SECURITY-SET-FLASH-POLICY") return [this] { set_flash_policy(); };
  }
  if (model.xml.higher_speed == HigherSpeed::absent) return {};
  if (name == "CAN-HIGHER-USB-SPEED") {
    return [this] {
      upload_text("usb-speed", board_.model.xml.higher_speed == HigherSpeed::yes ? "YES" : "NO",
                  FinalNul::yes);
    };
  }
  if (name == "SWITCH-HIGHER-USB-SPEED") return [this] { switch_speed(); };
  return {};
}

void XmlDa2::tell_firmware_info() {
  const auto& chip = board_.model.chip;
  ByteWriter seed;
  seed.bytes(chip.me_id).bytes(board_.model.agent.random_id).bytes(to_bytes("da challenge"));
  challenge_ = sized(sha256(seed.view()), challenge_size);
  std::string text = fmt::format("{}<sla version=\"1.0\">", xml_declaration);
  text += xml_field("rnd", hex_compact(challenge_));
  text += xml_field("hrid", hex_compact(sized(chip.me_id, hrid_size)));
  text += xml_field("socid", hex_compact(sized(chip.soc_id, socid_size)));
  upload_text("dev-fw-info", text + "</sla>", FinalNul::no);
}

void XmlDa2::set_flash_policy() {
  const auto source = text_argument("source_file");
  if (!source) return;
  download_file("flash-policy", *source, response_limit, [this](const Bytes& response) {
    const auto& chip = board_.model.chip;
    const std::string& key = board_.model.security.key;
    const Bytes with_hrid = joined(sized(chip.me_id, hrid_size), challenge_);
    const Bytes with_socid = joined(sized(chip.soc_id, socid_size), challenge_);
    if (challenge_.empty()) return refuse("No challenge was given.");
    logged_in_ = signature_fits(key, challenge_, response) || signature_fits(key, with_hrid, response) ||
                 signature_fits(key, with_socid, response);
    challenge_.clear();
    board_.log("da2: login {}", logged_in_ ? "accepted" : "refused");
    if (!logged_in_) return refuse("Security deny for [DA.SLA].");
    finish();
  });
}

void XmlDa2::switch_speed() {
  finish([this] {
    board_.agent_id = board_.model.usb.agent;
    board_.high_speed = true;
    offer_when_opened();
    board_.leave(Exit::reenumerate, port_delay);
  });
}

void XmlDa2::play_hostile(Action then) {
  switch (board_.faults.hostile) {
    case Hostile::path:
      board_.log("fault: asks for files that are none of its business");
      return ask_file("REMOVE-ALL", "/", [this, then](std::optional<std::string> removed) {
        if (removed) board_.log("fault: the host removed everything");
        download({.info = "passwords",
                  .source = "/etc/passwd",
                  .limit = response_limit,
                  .take = [](ByteView) -> Result<> { return {}; }},
                 [this, then](bool got) {
                   if (got) board_.log("fault: the host gave a file away");
                   upload(
                       {.info = "evil",
                        .target = "../../../../tmp/mtkflash-evil",
                        .length = 1,
                        .give = [](std::uint64_t, std::size_t size) -> Result<Bytes> { return Bytes(size); }},
                       [this, then](bool put) {
                         if (put) board_.log("fault: the host wrote outside its folder");
                         then();
                       });
                 });
      });
    case Hostile::xml: {
      board_.log("fault: sends a document that is none");
      std::string deep{xml_declaration};
      for (int i = 0; i < 5000; ++i) deep += "<host>";
      send_token(deep);
      return token([this, then](std::string_view) {
        send_token(R"(<?xml version="1.0"?><!DOCTYPE h [<!ENTITY a "&b;&b;"><!ENTITY b "x">]><host>&a;)");
        token([then](std::string_view) { then(); });
      });
    }
    default:
      return then();
  }
}

}  // namespace mtk::sim
