// SPDX-License-Identifier: Apache-2.0
// A small session with an XML agent, cut and flipped all over: the phone must stay a phone.
#include "sim/test_xml_host.h"

namespace mtk::sim {
namespace {

constexpr std::size_t small_stage2 = 0x100;
/// Prime, so that every place of a packet is hit sooner or later; each step makes two new phones.
constexpr std::uint64_t every = 11;

/// A host that says its part whatever comes back.
std::vector<Bytes> conversation(const StandIn& agent) {
  std::vector<Bytes> out;
  const auto packet = [&](ByteView payload) {
    ByteWriter header;
    header.le<std::uint32_t>(0xfeeeeeef).le<std::uint32_t>(1).le(static_cast<std::uint32_t>(payload.size()));
    out.emplace_back(header.view().begin(), header.view().end());
    out.emplace_back(payload.begin(), payload.end());
  };
  const auto text = [&](std::string_view line) {
    Bytes payload = to_bytes(line);
    payload.push_back(std::byte{0});
    packet(payload);
  };
  const auto say = [&](std::initializer_list<std::string_view> lines) {
    for (const auto line : lines) text(line);
  };
  const std::string init = XmlHost::command("NOTIFY-INIT-HW", "");
  const std::string boot_to = XmlHost::command("BOOT-TO",
                                               "<at_address>0x40000000</at_address><jmp_address>0x40000000"
                                               "</jmp_address><source_file>a</source_file>");
  const std::string write = XmlHost::command(
      "WRITE-FLASH", "<partition>UFS-LUA2</partition><offset>0x90000</offset><source_file>f</source_file>");
  say({"OK", init, "OK", "OK", "OK"});
  say({"OK", boot_to, "OK", "OK@0x100", "OK@0x0"});
  packet(agent.da2);
  say({"OK"});
  say({"OK", init, "OK", "OK", "OK"});
  say({"OK", write, "OK", "OK@0x40", "OK", "OK", "OK", "OK@0x40", "OK@0x0"});
  packet(pattern(0x40));
  say({"OK"});
  return out;
}

/// Runs the conversation on a new phone; yields how far it would start afterwards.
BootStage play(const std::string& fault, std::uint64_t* host_bytes = nullptr) {
  PhoneOptions options = Bench::keys_held();
  if (!fault.empty()) {
    EXPECT_TRUE(options.faults.add(fault));
  }
  Bench bench{model_named("tiny-xml"), std::move(options)};
  const StandIn agent = stand_in(small_stage2, HashKind::sha256, 0);
  bench.plug();
  std::uint64_t sent = 0;
  const auto say = [&](ByteView bytes) {
    sent += bytes.size();
    bench.say(bytes);
  };
  for (const unsigned byte : {0xa0U, 0x0aU, 0x50U, 0x05U}) say(to_bytes({byte}));
  ByteWriter header;
  header.u8(0xd7).be<std::uint32_t>(0x200000).be(static_cast<std::uint32_t>(agent.da1.size()));
  header.be<std::uint32_t>(0);
  say(header.view());
  say(agent.da1);
  say(to_bytes({0xd5, 0, 0x20, 0, 0}));
  for (const Bytes& piece : conversation(agent)) say(piece);
  bench.wait(milliseconds{100});
  if (host_bytes != nullptr) {
    *host_bytes = sent;
    EXPECT_EQ(*bench.phone().card().read(part_user, 0x90000, 0x40), pattern(0x40)) << bench.log();
  }
  return bench.phone().boot_report().reached;
}

TEST(XmlWire, nothing_that_happens_to_the_wire_costs_the_boot_chain) {
  std::uint64_t total = 0;
  ASSERT_EQ(play("", &total), BootStage::android);
  ASSERT_GT(total, 0x700u);
  for (std::uint64_t at = 0; at < total; at += every) {
    EXPECT_EQ(play(fmt::format("cut=host:{}", at)), BootStage::android) << at;
    EXPECT_EQ(play(fmt::format("flip=host:{}", at)), BootStage::android) << at;
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace mtk::sim
