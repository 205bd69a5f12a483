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
#include "transport/memory.h"

#include <algorithm>

namespace {

using namespace mtk;

class AnythingPhone final : public Device {
 public:
  explicit AnythingPhone(ByteView answers) : answers_(answers) {}

  bool connect(TimePoint) override { return on_bus_ = true; }
  bool on_bus() const override { return on_bus_; }
  void host_wrote(ByteView transfer, TimePoint) override {
    // The word after SWITCH_USB_SPEED: the phone leaves as soon as its answer was read.
    left_ = std::ranges::equal(last_, switch_usb_speed) && transfer.size() == 4;
    if (transfer.size() == 4) last_.assign(transfer.begin(), transfer.end());
    const std::uint16_t word = answers_.remaining() > 1 ? answers_.be<std::uint16_t>() : std::uint16_t{0};
    const ByteView answer = answers_.bytes(std::min<std::size_t>(word & 0x7fff, answers_.remaining()));
    if ((word & 0x8000) != 0) say(encode(PacketHeader{.length = static_cast<std::uint32_t>(answer.size())}));
    say(answer);
  }
  std::size_t take(std::span<std::byte> into, TimePoint) override {
    const std::size_t size = std::min(into.size(), unread_.size());
    std::copy_n(unread_.begin(), size, into.begin());
    unread_.erase(unread_.begin(), unread_.begin() + static_cast<std::ptrdiff_t>(size));
    if (unread_.empty() && left_) on_bus_ = left_ = false;
    return size;
  }
  std::optional<TimePoint> next_event() const override { return {}; }

 private:
  static constexpr std::array switch_usb_speed{std::byte{0x0b}, std::byte{0x00}, std::byte{0x01},
                                               std::byte{0x00}};

  void say(ByteView bytes) { unread_.insert(unread_.end(), bytes.begin(), bytes.end()); }

  ByteReader answers_;
  Bytes unread_;
  Bytes last_;
  bool on_bus_ = false;
  bool left_ = false;
};

class ZeroSource final : public Source {
 public:
  std::uint64_t size() const override { return 1025; }
  Result<> read(std::span<std::byte> into) override {
    std::ranges::fill(into, std::byte{0});
    return {};
  }
  Result<> rewind() override { return {}; }
};

void use(xflash::XflashAgent& agent, OpContext& op) {
  BytesSink sink;
  ZeroSource source;
  const Area area = agent.facts().storage == StorageKind::ufs ? Area::lu2 : Area::user;
  (void)agent.read({area, 0, 2048}, sink, "x", op);
  (void)agent.write({area, 0, 1025}, source, "x", op);
  (void)agent.erase({area, 0, 4096}, "x", op);
  (void)agent.read_partition("boot", sink, op);
  (void)agent.write_partition("boot", source, op);
  (void)agent.erase_partition("boot", op);
  (void)agent.read_register32(0x10000000, op);
  (void)agent.battery_voltage(op);
  (void)agent.finish(NextBoot::normal, op);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  AnythingPhone phone{std::as_bytes(std::span{data, size})};
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
