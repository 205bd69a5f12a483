// SPDX-License-Identifier: Apache-2.0
// Any host against the virtual phone's XML agent: in its first stage, or in the second of either build; on
// UFS, eMMC and NAND, and behind a login.
#include "base/hash.h"
#include "fuzz/sim_host.h"
#include "sim/contents.h"

namespace {

using namespace mtk;

constexpr std::size_t input_limit = 0x4000;

/// Which phone: bits 2 and 3 of the first byte; bit 0 takes the newer build.
enum class Kind { ufs, emmc, login, nand };
constexpr unsigned kinds = 4;

constexpr std::string_view phone_text = R"(
format = 1
name = "fuzz"
[chip]
name = "MT6895"
hw_code = 0x1172
family = "xml"
[preloader]
generation = "C"
image_size = 0x800
[scatter]
project = "x"
[[partition]]
name = "lk"
start = 0x8000
size = 0x4000
[[partition]]
name = "nvram"
start = 0xC000
size = 0x1000
[security]
signed = ["lk"]
deny = ["nvram"]
key = "k"
)";

constexpr std::string_view ufs_text = R"(
[storage]
kind = "UFS"
cid = "54494E59205546532030303030303031"
lu0 = 0x2000
lu1 = 0x2000
lu2 = 0x20000
lu3 = 0x1000
gpt_slots = 4
)";

constexpr std::string_view emmc_text = R"(
[storage]
cid = "150100513832334D42075A351122A501"
boot1 = 0x2000
boot2 = 0x2000
rpmb = 0x2000
gp1 = 0x1000
user = 0x20000
gpt_slots = 4
)";

std::string description(Kind kind, bool newer) {
  std::string text{phone_text};
  if (kind == Kind::login) text += "da_sla = true\n";
  text += kind == Kind::ufs || kind == Kind::login ? ufs_text : emmc_text;
  text += "[agent]\nopen_registers = [0x10007000]\n";
  text +=
      newer ? "build = \"2023\"\nskips_missing_image = true\nhigher_speed = \"yes\"\n" : "build = \"2022\"\n";
  if (kind == Kind::nand) text += "nand_type = 0x11\nnand_block = 0x1000\n";
  return text;
}

const sim::Model& model_of(unsigned kind, bool newer) {
  static const std::vector<sim::Model> models = [] {
    std::vector<sim::Model> out;
    for (unsigned i = 0; i < 2 * kinds; ++i)
      out.push_back(*sim::parse_model(description(static_cast<Kind>(i / 2), i % 2 != 0), "fuzz"));
    return out;
  }();
  return models[2 * kind + (newer ? 1 : 0)];
}

class XmlHost : public fuzz::Host {
 public:
  using Host::Host;
  Bytes packet(ByteView payload) {
    ByteWriter out;
    out.le<std::uint32_t>(0xfeeeeeef).le<std::uint32_t>(1).le(static_cast<std::uint32_t>(payload.size()));
    out.bytes(payload);
    return say(out.view());
  }
  Bytes text(std::string_view line) { return packet(to_bytes(line)); }
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
  /// Asks the second stage for its challenge and gives the maker's answer.
  void log_in() {
    command("SECURITY-GET-DEV-FW-INFO", "<target_file>c</target_file>");
    std::string told;
    for (int i = 0; i < 5; ++i) {
      for (const std::byte byte : text("OK")) told += static_cast<char>(byte);
    }
    Bytes keyed = to_bytes("k");
    if (const auto at = told.find("<rnd>"); at != std::string::npos) {
      const auto challenge = parse_hex(told.substr(at + 5, 32));
      if (challenge) keyed.insert(keyed.end(), challenge->begin(), challenge->end());
    }
    Bytes response = sha256(keyed);
    response.resize(0x100);
    command("SECURITY-SET-FLASH-POLICY", "<source_file>r</source_file>");
    for (const auto* line : {"OK", "OK@0x100", "OK@0x0"}) text(line);
    packet(response);
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
  const unsigned kind = choice >> 2 & 3;
  static const fuzz::Folder folder;
  const auto phone = sim::Phone::create(model_of(kind, newer), folder.fresh(), {.entry = sim::Entry::brom});
  if (!phone) std::abort();
  XmlHost host{**phone};
  host.reach_agent();
  if ((choice & 2) != 0) host.reach_second_stage(newer);
  if (static_cast<Kind>(kind) == Kind::login && (choice & 16) != 0) host.log_in();
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
