// SPDX-License-Identifier: Apache-2.0
// Any host against the virtual phone's XML agent: in its first stage, or in the second of either build.
#include "base/hash.h"
#include "fuzz/sim_host.h"
#include "sim/contents.h"

namespace {

using namespace mtk;

constexpr std::size_t input_limit = 0x4000;

std::string description(bool newer) {
  return std::string{R"(
format = 1
name = "fuzz"
[chip]
name = "MT6895"
hw_code = 0x1172
family = "xml"
[preloader]
generation = "C"
image_size = 0x800
[storage]
kind = "UFS"
cid = "54494E59205546532030303030303031"
lu0 = 0x2000
lu1 = 0x2000
lu2 = 0x20000
gpt_slots = 4
[scatter]
project = "x"
[security]
signed = ["lk"]
deny = ["nvram"]
[[partition]]
name = "lk"
start = 0x8000
size = 0x4000
[[partition]]
name = "nvram"
start = 0xC000
size = 0x1000
[agent]
open_registers = [0x10007000]
)"} + (newer ? "build = \"2023\"\nskips_missing_image = true\nhigher_speed = \"yes\"\n"
             : "build = \"2022\"\n");
}

class XmlHost : public fuzz::Host {
 public:
  using Host::Host;
  void packet(ByteView payload) {
    ByteWriter out;
    out.le<std::uint32_t>(0xfeeeeeef).le<std::uint32_t>(1).le(static_cast<std::uint32_t>(payload.size()));
    out.bytes(payload);
    say(out.view());
  }
  void text(std::string_view line) { packet(to_bytes(line)); }
  void command(std::string_view name, std::string_view arguments) {
    text("OK");
    text(fmt::format(
        "<?xml version=\"1.0\"?><da><version>1.0</version><command>CMD:{}</command><arg>{}</arg></da>", name,
        arguments));
  }

  void reach_agent() {
    plug();
    reach_commands();
    const Bytes da1 = sha256(second_stage_);
    say(to_bytes({0xd7, 0, 0x20, 0, 0, 0, 0, 0, 32, 0, 0, 0, 0}));
    say(da1);
    say(to_bytes({0xd5, 0, 0x20, 0, 0}));
  }
  void reach_second_stage(bool newer) {
    command("NOTIFY-INIT-HW", "");
    for (int i = 0; i < (newer ? 7 : 3); ++i) text("OK");
    command("BOOT-TO",
            "<at_address>0x40000000</at_address><jmp_address>0x40000000</jmp_address><source_file>a</"
            "source_file>");
    for (const auto* line : {"OK", "OK@0x40", "OK@0x0"}) text(line);
    packet(second_stage_);
    text("OK");
  }

 private:
  Bytes second_stage_ = sim::pattern(0x40);
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > input_limit) return 0;
  const unsigned choice = data[0];
  const bool newer = (choice & 1) != 0;
  static const sim::Model models[2] = {*sim::parse_model(description(false), "old"),
                                       *sim::parse_model(description(true), "newer")};
  static const fuzz::Folder folder;
  const auto phone = sim::Phone::create(models[newer ? 1 : 0], folder.fresh(), {.entry = sim::Entry::brom});
  if (!phone) std::abort();
  XmlHost host{**phone};
  host.reach_agent();
  if ((choice & 2) != 0) host.reach_second_stage(newer);
  // The rest is packets: a length byte and the bytes; 0 lets time pass, 255 sends bytes without a packet
  // around them.
  ByteReader in{std::as_bytes(std::span{data, size}).subspan(1)};
  while (in.remaining() > 0) {
    const std::size_t wanted = in.u8();
    const std::size_t length = std::min(wanted, in.remaining());
    if (wanted == 0) {
      host.wait(sim::milliseconds{400});
      host.open();
    } else if (wanted == 255) {
      host.say(in.bytes(length));
    } else {
      host.packet(in.bytes(length));
    }
  }
  return 0;
}
