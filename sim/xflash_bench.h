// SPDX-License-Identifier: Apache-2.0
// A host for tests of the XFlash agent: says packets, and shows what comes back as a list of payloads.
#pragma once

#include "sim/test_bench.h"

namespace mtk::sim {

inline Bytes word(std::uint32_t value) {
  ByteWriter out;
  out.le(value);
  return std::move(out).take();
}

inline Bytes framed(ByteView payload) {
  ByteWriter out;
  out.le<std::uint32_t>(0xfeeeeeef).le<std::uint32_t>(1).le(static_cast<std::uint32_t>(payload.size()));
  out.bytes(payload);
  return std::move(out).take();
}

/// One payload in hexadecimal, or "log" for a message; `raw ...` for bytes that are no packet.
inline std::vector<std::string> packets(ByteView bytes) {
  std::vector<std::string> out;
  while (!bytes.empty()) {
    ByteReader in{bytes};
    const auto magic = in.le<std::uint32_t>();
    const auto type = in.le<std::uint32_t>();
    const auto length = in.le<std::uint32_t>();
    if (in.failed() || magic != 0xfeeeeeef || length > in.remaining()) {
      out.push_back("raw " + hex_compact(bytes));
      break;
    }
    out.push_back(type == 2 ? "log" : hex_compact(in.bytes(length)));
    bytes = bytes.subspan(12 + length);
  }
  return out;
}

struct RangeParameter {
  std::uint32_t storage = 1;
  std::uint32_t section = 8;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  Bytes bytes() const {
    ByteWriter out;
    out.le(storage).le(section).le(offset).le(length).fill(32);
    return std::move(out).take();
  }
};

inline std::uint32_t agent_sum(ByteView data) {
  return static_cast<std::uint16_t>(byte_sum(data) + (data.size() % 2 != 0 ? 0xff : 0));
}

class XflashBench : public Bench {
 public:
  using Bench::Bench;
  using Packets = std::vector<std::string>;

  /// Says these packets in one transfer.
  Packets tell(const std::vector<Bytes>& payloads) {
    Bytes all;
    for (const Bytes& payload : payloads) {
      const Bytes one = framed(payload);
      all.insert(all.end(), one.begin(), one.end());
    }
    return packets(say(all));
  }
  Packets tell(std::uint32_t value) { return tell({word(value)}); }
  /// A device-control code and what belongs to it, without the two statuses when both are good.
  Packets control(std::uint32_t code, const std::vector<Bytes>& parameters = {}) {
    std::vector<Bytes> all = {word(0x010009), word(code)};
    all.insert(all.end(), parameters.begin(), parameters.end());
    Packets answers = tell(all);
    if (answers.size() > 1 && answers[0] == "00000000") answers.erase(answers.begin());
    if (answers.size() > 1 && answers[0] == "00000000") answers.erase(answers.begin());
    return answers;
  }

  /// From the cable to the announcement of the first stage.
  void start_da1() {
    reach_commands();
    agent_ = stand_in(0x400, HashKind::sha256, 0);
    upload(agent_.da1, 0x200000, 0);
    ASSERT_EQ(jump().back(), std::byte{0xc0}) << log();
  }
  static Bytes environment(std::uint32_t log_channel = 1, std::uint32_t host_os = 1) {
    ByteWriter out;
    out.le<std::uint32_t>(2).le(log_channel).le(host_os).fill(8);
    return std::move(out).take();
  }
  void reach_da1(std::uint32_t log_channel = 1, std::uint32_t host_os = 1) {
    start_da1();
    tell(0x434e5953);
    tell({word(0x010100), environment(log_channel, host_os)});
    const Packets answer = tell({word(0x010101), word(0)});
    ASSERT_NE(std::ranges::find(answer, "53594e43"), answer.end()) << log();
  }
  Packets boot_to(ByteView stage, std::uint64_t address = 0x40000000) {
    ByteWriter parameter;
    parameter.le(address).le(static_cast<std::uint64_t>(stage.size()));
    return tell({word(0x010008), std::move(parameter).take(), Bytes{stage.begin(), stage.end()}});
  }
  /// The settings block of this phone's own preloader.
  Bytes settings() {
    const Bytes image = preloader_image(phone().model());
    const Bytes marker = to_bytes("MTK_BLOADER_INFO_v");
    const auto begin = std::search(image.begin(), image.end(), marker.begin(), marker.end());
    return {begin, image.end() - 0x20 - 4};
  }
  Packets init_ext_ram(const Bytes& block) {
    return tell({word(0x01000a), word(static_cast<std::uint32_t>(block.size())), block});
  }
  /// From the cable to the command loop of the second stage.
  void reach_da2(std::uint32_t checksum_level = 1, std::uint32_t log_channel = 1, std::uint32_t host_os = 1) {
    reach_da1(log_channel, host_os);
    ASSERT_EQ(control(0x020003, {word(checksum_level)}).back(), "00000000") << log();
    if (phone().bus() == Bus::agent && hex_of_agent() == "62726f6d") init_ext_ram(settings());
    const Packets answer = boot_to(agent_.da2);
    ASSERT_NE(std::ranges::find(answer, "53594e43"), answer.end()) << log();
  }
  const StandIn& agent() const { return agent_; }

  Packets read(RangeParameter range) { return tell({word(0x010005), range.bytes()}); }
  /// WRITE_DATA in packets of at most `packet` bytes; everything that comes back.
  Packets write(RangeParameter range, ByteView data, std::size_t packet) {
    range.length = data.size();
    Packets out = tell({word(0x010004), range.bytes()});
    append(out, send(data, packet));
    return out;
  }
  Packets download(const std::string& name, ByteView data, std::size_t packet) {
    ByteWriter length;
    length.le(static_cast<std::uint64_t>(data.size()));
    Packets out = tell({word(0x010001), to_bytes(name), std::move(length).take()});
    if (out.back() == "00000000") append(out, send(data, packet));
    return out;
  }
  Packets send(ByteView data, std::size_t packet) {
    Packets out;
    for (std::size_t at = 0; at < data.size(); at += packet) {
      const ByteView part = data.subspan(at, std::min(packet, data.size() - at));
      append(out, tell({word(0), word(agent_sum(part)), Bytes{part.begin(), part.end()}}));
    }
    return out;
  }
  void expect_in_step() { EXPECT_EQ(control(0x040005), (Packets{"312e30", "00000000"})) << log(); }
  void expect_dead() {
    EXPECT_TRUE(tell(0x010009).empty()) << log();
    EXPECT_TRUE(tell(0x040005).empty());
  }

 private:
  std::string hex_of_agent() {
    const Packets answer = control(0x04000a);
    return answer.empty() ? "" : answer[0];
  }
  static void append(Packets& all, const Packets& more) { all.insert(all.end(), more.begin(), more.end()); }

  StandIn agent_;
};

}  // namespace mtk::sim
