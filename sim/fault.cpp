// SPDX-License-Identifier: Apache-2.0
#include "sim/fault.h"

#include <charconv>

namespace mtk::sim {

namespace {

Result<std::uint64_t> number(std::string_view text) {
  const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
  if (is_hex) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), value, is_hex ? 16 : 10);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size())
    return fail(Errc::usage, fmt::format("\"{}\" is not a number", text));
  return value;
}

Result<std::uint32_t> small_number(std::string_view text) {
  MTK_TRY_LET(const std::uint64_t value, number(text));
  if (value > 0xffffffff) return fail(Errc::usage, fmt::format("{} is too large", text));
  return static_cast<std::uint32_t>(value);
}

Result<WireFault> wire_fault(WireFault::Kind kind, std::string_view text) {
  WireFault fault{.kind = kind};
  for (const auto& [prefix, wire] :
       {std::pair{std::string_view{"host:"}, Wire::host}, {"phone:", Wire::phone}}) {
    if (!text.starts_with(prefix)) continue;
    fault.wire = wire;
    text.remove_prefix(prefix.size());
    break;
  }
  MTK_TRY_LET(fault.at, number(text));
  return fault;
}

Result<> battery_fault(Faults& faults, std::string_view value) {
  if (value == "in") {
    faults.battery = Battery::in;
  } else if (value == "low") {
    faults.battery = Battery::low;
  } else if (value == "out" || value.starts_with("out:")) {
    faults.battery = Battery::out;
    if (value != "out") {
      MTK_TRY_LET(const std::uint32_t after, small_number(value.substr(4)));
      faults.battery_in_after = milliseconds{after};
    }
  } else {
    return fail(Errc::usage, fmt::format("battery is in, low, out or out:MS, not {}", value));
  }
  return {};
}

/// Vendor and product in hexadecimal, as everybody writes them.
Result<> face_fault(Faults& faults, std::string_view value) {
  if (value == "dead") {
    faults.face = FaceFault{};
    return {};
  }
  const auto colon = value.find(':');
  if (colon != 4 || value.size() != 9)
    return fail(Errc::usage, fmt::format("face is dead or VVVV:PPPP, not {}", value));
  MTK_TRY_LET(const std::uint64_t vendor, number("0x" + std::string{value.substr(0, colon)}));
  MTK_TRY_LET(const std::uint64_t product, number("0x" + std::string{value.substr(colon + 1)}));
  faults.face = FaceFault{
      .bus = Bus::android,
      .id = {.vendor = static_cast<std::uint16_t>(vendor), .product = static_cast<std::uint16_t>(product)}};
  return {};
}

Result<> nack_fault(StageFaults& faults, std::string_view value) {
  const auto packet = value.find('@');
  if (packet != std::string_view::npos) {
    MTK_TRY_LET(faults.nack_packet, number(value.substr(packet + 1)));
  }
  MTK_TRY_LET(faults.nack_status, small_number(value.substr(0, packet)));
  return {};
}

Result<> hostile_fault(StageFaults& faults, std::string_view value) {
  if (value.empty()) {
    faults.hostile_counts = true;
    faults.hostile = Hostile::length;
    return {};
  }
  for (const auto& [word, kind] : {std::pair{std::string_view{"path"}, Hostile::path},
                                   {"length", Hostile::length},
                                   {"xml", Hostile::xml},
                                   {"progress", Hostile::progress}}) {
    if (value != word) continue;
    faults.hostile = kind;
    return {};
  }
  return fail(Errc::usage, fmt::format("hostile is path, length, xml or progress, not {}", value));
}

}  // namespace

Result<> Faults::add(std::string_view spec) {
  const auto equal = spec.find('=');
  const std::string_view name = spec.substr(0, equal);
  const std::string_view value =
      equal == std::string_view::npos ? std::string_view{} : spec.substr(equal + 1);
  if (name == "flip" && value.starts_with("card:")) {
    MTK_TRY_LET(stage.rotten_byte, number(value.substr(5)));
    return {};
  }
  for (const auto& [word, kind] : {std::pair{std::string_view{"cut"}, WireFault::Kind::cut},
                                   {"silence", WireFault::Kind::silence},
                                   {"flip", WireFault::Kind::flip}}) {
    if (name != word) continue;
    MTK_TRY_LET(const WireFault fault, wire_fault(kind, value));
    wire.push_back(fault);
    return {};
  }
  if (name == "nack") return nack_fault(stage, value);
  if (name == "face") return face_fault(*this, value);
  if (name == "battery") return battery_fault(*this, value);
  if (name == "slow") {
    MTK_TRY_LET(write_mib_s, small_number(value));
    return {};
  }
  if (name == "ids") {
    MTK_TRY_LET(const Bytes id, parse_hex(value));
    if (id.size() != 16) return fail(Errc::usage, "a memory id has 16 bytes");
    stage.memory_id = id;
    return {};
  }
  if (name == "hostile") return hostile_fault(stage, value);
  return fail(
      Errc::usage,
      fmt::format("\"{}\" is not a fault: cut, silence, flip, nack, battery, face, slow, ids, hostile",
                  name));
}

}  // namespace mtk::sim
