// SPDX-License-Identifier: Apache-2.0
// Any host against the virtual phone's XFlash agent: from the announcement, or from the loop of either stage,
// open and secured.
#include "base/hash.h"
#include "fuzz/sim_host.h"
#include "sim/contents.h"

#include <algorithm>

namespace {

using namespace mtk;

constexpr std::size_t input_limit = 0x4000;
constexpr std::uint32_t sync = 0x434e5953;

std::string description(bool secured) {
  return std::string{R"(
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
[storage]
cid = "150100513832334D42075A351122A501"
boot1 = 0x2000
boot2 = 0x1000
rpmb = 0x2000
user = 0x20000
gpt_slots = 4
[scatter]
project = "x"
[[partition]]
name = "preloader"
start = 0
size = 0x2000
region = "EMMC_BOOT_1"
content = "preloader"
[[partition]]
name = "lk"
start = 0x8000
size = 0x4000
[[partition]]
name = "boot"
start = 0xC000
size = 0x4000
)"} + (secured
           ? R"(
[security]
sbc = true
key = "k"
signed = ["boot", "preloader"]
deny = ["lk"]
[agent]
profile = "newer"
joined_ack = true
verify_limit = 0x3000
writable_registers = [0x10007014]
)"
           : "[agent]\nprofile = \"2019\"\nreadable_registers = [8]\nwritable_registers = [0x10007014]\n");
}

Bytes word(std::uint32_t value) {
  ByteWriter out;
  out.le(value);
  return std::move(out).take();
}

class XflashHost : public fuzz::Host {
 public:
  using Host::Host;
  void packet(ByteView payload) {
    ByteWriter out;
    out.le<std::uint32_t>(0xfeeeeeef).le<std::uint32_t>(1).le(static_cast<std::uint32_t>(payload.size()));
    say(out.bytes(payload).view());
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

 private:
  const Bytes da2_ = sim::pattern(0x40);
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > input_limit) return 0;
  const unsigned choice = data[0];
  static const sim::Model models[2] = {*sim::parse_model(description(false), "open"),
                                       *sim::parse_model(description(true), "secured")};
  static const fuzz::Folder folder;
  const auto phone = sim::Phone::create(models[choice & 1], folder.fresh(),
                                        {.entry = (choice & 2) != 0 ? sim::Entry::brom : sim::Entry::cold});
  if (!phone) std::abort();
  XflashHost host{**phone};
  host.plug();
  host.reach_commands();
  host.reach_da1();
  if ((choice & 4) != 0) host.start((choice & 8) != 0 ? 3 : 1);
  if ((choice & 16) != 0) host.reach_da2();
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
