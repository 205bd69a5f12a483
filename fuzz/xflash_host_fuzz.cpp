// SPDX-License-Identifier: Apache-2.0
// A phone that says anything to an XFlash host: it is started and used. Whatever comes, every call ends, and
// nothing is read or allocated that was not announced and believed.
//
// The input is a row of answers, each a length of two bytes, big-endian, and that many bytes; every write of
// the host releases one. Where the highest bit of a length is set, the bytes are the payload of a packet,
// whose header is put before them, so that the input need not guess it.
#include "da/bytes_sink.h"
#include "da/framed_link.h"
#include "da/xflash/start.h"
#include "fuzz/anything_phone.h"

#include <algorithm>

namespace {

using namespace mtk;

class XflashPhone final : public fuzz::AnythingPhone {
 public:
  using AnythingPhone::AnythingPhone;

  void host_wrote(ByteView transfer, TimePoint) override {
    // The word after SWITCH_USB_SPEED: the phone leaves as soon as its answer was read.
    leave_when_read(std::ranges::equal(last_, switch_usb_speed) && transfer.size() == 4);
    if (transfer.size() == 4) last_.assign(transfer.begin(), transfer.end());
    const std::uint16_t word = input().remaining() > 1 ? input().be<std::uint16_t>() : std::uint16_t{0};
    const ByteView answer = next(word & 0x7fff);
    if ((word & 0x8000) != 0) say(encode(PacketHeader{.length = static_cast<std::uint32_t>(answer.size())}));
    say(answer);
  }

 private:
  static constexpr std::array switch_usb_speed{std::byte{0x0b}, std::byte{0x00}, std::byte{0x01},
                                               std::byte{0x00}};

  Bytes last_;
};

void use(xflash::XflashAgent& agent, OpContext& op) {
  BytesSink sink;
  fuzz::ZeroSource source;
  const Area area = agent.facts().storage == StorageKind::ufs ? Area::lu2 : Area::user;
  (void)agent.read({area, 0, 2048}, sink, "x", op);
  (void)agent.write({area, 0, 1025}, source, "x", op);
  (void)agent.erase({area, 0, 4096}, "x", op);
  (void)agent.read_partition("boot", sink, op);
  (void)agent.write_partition("boot", source, op);
  (void)agent.erase_partition("boot", op);
  (void)agent.read_register32(0x10000000, op);
  (void)agent.battery_voltage(op);
  (void)agent.further_facts(op);
  (void)agent.finish(BootMode::normal, op);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  XflashPhone phone{std::as_bytes(std::span{data, size})};
  FakeClock clock;
  MemoryTransport link{phone, clock};
  Observer nobody;
  OpContext op{{}, nobody};

  xflash::XflashOptions options;
  options.tuning = {.write_packet = 512};
  options.memory_settings = [](const FlashIds&) -> Result<EmiSettings> {
    return EmiSettings{.version = 37, .block = to_bytes("MTK_BLOADER_INFO_v37")};
  };
  options.signer = [](const Challenge& challenge) -> Result<Bytes> { return challenge.data; };
  const AgentStages stages{.stage1 = {.data = Bytes(16)}, .stage2 = {.data = Bytes(16)}};
  auto agent = xflash::start_agent(link, {.stage = BootStage::preloader}, stages, options, op);
  if (agent) use(**agent, op);
  return 0;
}
