// SPDX-License-Identifier: Apache-2.0
// Any host against the virtual phone's XFlash agent: from the announcement, or from the loop of either stage;
// on eMMC, UFS and NAND, open, secured and behind a login.
#include "base/hash.h"
#include "fuzz/sim_host.h"
#include "sim/contents.h"

#include <algorithm>

namespace {

using namespace mtk;

constexpr std::size_t input_limit = 0x4000;
constexpr std::uint32_t sync = 0x434e5953;

/// Which phone: bits 5 and 6 of the first byte, and on eMMC bit 0.
enum class Kind { emmc, secured, ufs, nand, login };
constexpr std::size_t kinds = 5;

Kind kind_of(unsigned choice) {
  switch (choice >> 5 & 3) {
    case 1:
      return Kind::ufs;
    case 2:
      return Kind::nand;
    case 3:
      return Kind::login;
    default:
      return (choice & 1) != 0 ? Kind::secured : Kind::emmc;
  }
}

constexpr std::string_view phone_text = R"(
format = 1
name = "fuzz"
[chip]
name = "MT6765"
hw_code = 0x0766
family = "xflash"
registers = [[8, 1]]
[preloader]
generation = "C"
image_size = 0x800
[scatter]
project = "x"
[[partition]]
name = "preloader"
start = 0
size = 0x2000
region = "{boot}"
content = "preloader"
[[partition]]
name = "lk"
start = 0x8000
size = 0x4000
[[partition]]
name = "boot"
start = 0xC000
size = 0x4000
)";

constexpr std::string_view emmc_text = R"(
[storage]
cid = "150100513832334D42075A351122A501"
boot1 = 0x2000
boot2 = 0x1000
rpmb = 0x2000
gp2 = 0x1000
user = 0x20000
gpt_slots = 4
)";

constexpr std::string_view ufs_text = R"(
[storage]
kind = "UFS"
cid = "54494E59205546532030303030303031"
lu0 = 0x2000
lu1 = 0x1000
lu2 = 0x20000
gpt_slots = 4
)";

constexpr std::string_view older_text = R"(
[agent]
profile = "2019"
readable_registers = [8]
writable_registers = [0x10007014]
)";

constexpr std::string_view secured_text = R"(
[security]
sbc = true
key = "k"
signed = ["boot", "preloader"]
deny = ["lk"]
[agent]
profile = "newer"
joined_ack = true
gp_sections = true
verify_limit = 0x3000
writable_registers = [0x10007014]
)";

constexpr std::string_view login_text = R"(
[security]
da_sla = true
key = "k"
[agent]
profile = "newer"
expire_date = "2027-01-31"
)";

std::string description(Kind kind) {
  const bool ufs = kind == Kind::ufs;
  std::string text{phone_text};
  constexpr std::string_view place = "{boot}";
  text.replace(text.find(place), place.size(), ufs ? "UFS_LU0" : "EMMC_BOOT_1");
  text += ufs ? ufs_text : emmc_text;
  text += kind == Kind::secured ? secured_text : kind == Kind::login ? login_text : older_text;
  if (kind == Kind::nand) text += "nand_type = 0x11\nnand_block = 0x1000\n";
  return text;
}

const sim::Model& model_of(Kind kind) {
  static const std::vector<sim::Model> models = [] {
    std::vector<sim::Model> out;
    for (std::size_t i = 0; i < kinds; ++i)
      out.push_back(*sim::parse_model(description(static_cast<Kind>(i)), "fuzz"));
    return out;
  }();
  return models[static_cast<std::size_t>(kind)];
}

Bytes word(std::uint32_t value) {
  ByteWriter out;
  out.le(value);
  return std::move(out).take();
}

class XflashHost : public fuzz::Host {
 public:
  using Host::Host;
  Bytes packet(ByteView payload) {
    ByteWriter out;
    out.le<std::uint32_t>(0xfeeeeeef).le<std::uint32_t>(1).le(static_cast<std::uint32_t>(payload.size()));
    return say(out.bytes(payload).view());
  }
  void reach_da1() {
    const Bytes da1 = sha256(da2_);
    ByteWriter upload;
    upload.u8(0xd7)
        .be<std::uint32_t>(0x200000)
        .be(static_cast<std::uint32_t>(da1.size()))
        .be<std::uint32_t>(0);
    say(upload.bytes(da1).view());
    say(to_bytes({0xd5, 0, 0x20, 0, 0}));
  }
  void start(std::uint32_t log_channel) {
    packet(word(sync));
    packet(word(0x010100));
    ByteWriter environment;
    environment.le<std::uint32_t>(2).le(log_channel).le<std::uint32_t>(1).fill(8);
    packet(environment.view());
    packet(word(0x010101));
    packet(word(0));
  }
  void reach_da2() {
    packet(word(0x010008));
    ByteWriter parameter;
    parameter.le<std::uint64_t>(0x40000000).le<std::uint64_t>(da2_.size());
    packet(parameter.view());
    packet(da2_);
  }
  /// Asks the second stage for its challenge and gives the maker's answer.
  void log_in() {
    packet(word(0x010009));
    const Bytes answer = packet(word(0x040013));
    // A status, then 4 bytes and the challenge behind the header of their packet.
    ByteReader in{answer};
    in.skip(16 + 12 + 4);
    Bytes keyed = to_bytes("k");
    const ByteView challenge = in.bytes(16);
    keyed.insert(keyed.end(), challenge.begin(), challenge.end());
    Bytes response = sha256(keyed);
    response.resize(0x100);
    packet(word(0x010009));
    packet(word(0x02000b));
    packet(response);
  }

 private:
  const Bytes da2_ = sim::pattern(0x40);
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > input_limit) return 0;
  const unsigned choice = data[0];
  const Kind which = kind_of(choice);
  static const fuzz::Folder folder;
  const auto phone = sim::Phone::create(model_of(which), folder.fresh(),
                                        {.entry = (choice & 2) != 0 ? sim::Entry::brom : sim::Entry::cold});
  if (!phone) std::abort();
  XflashHost host{**phone};
  host.plug();
  host.reach_commands();
  host.reach_da1();
  if ((choice & 4) != 0) host.start((choice & 8) != 0 ? 3 : 1);
  if ((choice & 16) != 0) host.reach_da2();
  if (which == Kind::login && (choice & 1) != 0) host.log_in();
  // The rest is what the host does: a kind, a length and the bytes.
  ByteReader in{std::as_bytes(std::span{data, size}).subspan(1)};
  while (in.remaining() > 0) {
    const unsigned kind = in.u8();
    const ByteView bytes = in.bytes(std::min<std::size_t>(in.u8(), in.remaining()));
    if ((kind & 3) == 0) {
      host.wait(sim::milliseconds{10});
    } else if ((kind & 3) == 1) {
      host.say(bytes);
    } else {
      host.packet(bytes);
    }
  }
  return 0;
}
