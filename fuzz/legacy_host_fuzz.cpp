// SPDX-License-Identifier: Apache-2.0
// A phone that says anything: the host greets it, identifies it, starts an agent and uses it. Whatever comes,
// every call ends, and nothing is read or allocated that was not announced and believed.
//
// The input is a row of answers, each a length of two bytes, big-endian, and that many bytes; every write of
// the host releases one.
#include "brom/boot_rom.h"
#include "da/bytes_sink.h"
#include "da/legacy/start.h"
#include "fuzz/anything_phone.h"

#include <algorithm>

namespace {

using namespace mtk;

class LegacyPhone final : public fuzz::AnythingPhone {
 public:
  using AnythingPhone::AnythingPhone;

  void host_wrote(ByteView transfer, TimePoint) override {
    leave_when_read(transfer.size() == 2 && transfer[0] == usb_set_up);
    say(next(input().remaining() > 1 ? input().be<std::uint16_t>() : 0));
  }

 private:
  static constexpr std::byte usb_set_up{0x70};
};

void use(legacy::LegacyAgent& agent, OpContext& op) {
  BytesSink sink;
  fuzz::ZeroSource source;
  (void)agent.read({Area::user, 0, 2048}, sink, "x", op);
  (void)agent.write({Area::user, 0, 1025}, source, "x", op);
  (void)agent.erase({Area::user, 0, 1024}, "x", op);
  (void)agent.partition_list(op);
  (void)agent.bad_blocks();
  (void)agent.project_id();
  (void)agent.finish(BootMode::off, op);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  LegacyPhone phone{std::as_bytes(std::span{data, size})};
  FakeClock clock;
  MemoryTransport link{phone, clock};
  Observer nobody;
  OpContext op{{}, nobody};

  brom::BootRom rom{link};
  if (!rom.connect(std::chrono::seconds{1})) return 0;
  const auto info = rom.identify({.ask_soc_id = true}, op);
  if (!info) return 0;
  (void)rom.turn_watchdog_off({.address = 0x10007000, .value = 0x22000064}, op);

  legacy::LegacyOptions options;
  options.chip.tail.kind = TailKind::tlc24;
  options.tuning = {.packet_size = 512, .read_piece = 1024};
  options.memory_settings = [](const FlashIds& ids) -> Result<EmiSettings> {
    // The version follows the phone, so that every form of the exchange is reached.
    return EmiSettings{.version = static_cast<std::uint32_t>(ids.emmc_id.at(0)) % 24, .payload = Bytes(64)};
  };
  const AgentStages stages{.stage1 = {.data = Bytes(16)}, .stage2 = {.data = Bytes(16)}};
  auto agent = legacy::start_agent(link, *info, stages, options, op);
  if (agent) use(**agent, op);
  return 0;
}
