// SPDX-License-Identifier: Apache-2.0
// Any host against the virtual phone: from the cable, from the command loop, or from a running agent of
// either profile.
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
name = "MT6580"
hw_code = 0x6580
family = "legacy"
[brom]
log = "log"
soc_id_command = true
jump_da64 = true
[preloader]
generation = "A"
image_size = 0x800
[storage]
cid = "150100513832334D42075A351122A501"
boot1 = 0x2000
boot2 = 0x2000
rpmb = 0x2000
user = 0x20000
gpt_slots = 4
[scatter]
project = "x"
[[partition]]
name = "lk"
start = 0x8000
size = 0x4000
[agent]
)"} + (newer ? "profile = \"newer\"\ntail_list = true\nemi_versions = [10, 13, 20, 21]\n"
             : "profile = \"2015\"\n");
}

class LegacyHost : public fuzz::Host {
 public:
  using Host::Host;
  void reach_agent(bool newer) {
    const Bytes da2 = sim::pattern(0x180);
    const Bytes da1 = hash(HashKind::sha1, ByteView{da2}.first(0x80));
    say(to_bytes({0xd7, 0, 0x20, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0}));
    say(da1);
    say(to_bytes({0xd5, 0, 0x20, 0, 0}));
    say(to_bytes({0x5a}));
    say(Bytes(18));
    if (newer) say(Bytes(4));
    say(to_bytes({0x80, 0, 0, 0, 0, 0, 0x01, 0x80, 0, 0, 0x10, 0}));
    say(da2);
    say(to_bytes({0x5a}));
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > input_limit) return 0;
  const unsigned choice = data[0];
  const bool newer = (choice & 1) != 0;
  static const sim::Model models[2] = {*sim::parse_model(description(false), "old"),
                                       *sim::parse_model(description(true), "newer")};
  static const fuzz::Folder folder;
  const auto phone = sim::Phone::create(models[newer ? 1 : 0], folder.fresh(),
                                        {.entry = (choice & 2) != 0 ? sim::Entry::brom : sim::Entry::cold,
                                         .transfer_borders = (choice & 4) != 0});
  if (!phone) std::abort();
  LegacyHost host{**phone};
  host.plug();
  if ((choice & 8) != 0) host.reach_commands();
  if ((choice & 16) != 0) host.reach_agent(newer);
  // The rest is transfers: a length byte and the bytes; length 0 lets 10 ms pass.
  ByteReader in{std::as_bytes(std::span{data, size}).subspan(1)};
  while (in.remaining() > 0) {
    const std::size_t length = std::min<std::size_t>(in.u8(), in.remaining());
    if (length == 0) {
      host.wait(sim::milliseconds{10});
    } else {
      host.say(in.bytes(length));
    }
  }
  return 0;
}
