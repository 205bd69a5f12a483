// SPDX-License-Identifier: Apache-2.0
// A phone that says anything: the host greets it, identifies it, starts an agent and uses it. Whatever comes,
// every call ends, and nothing is read or allocated that was not announced and believed.
//
// The input is a row of answers, each a length of two bytes, big-endian, and that many bytes; every write of
// the host releases one.
#include "brom/boot_rom.h"
#include "da/bytes_sink.h"
#include "da/legacy/start.h"
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
    left_ = transfer.size() == 2 && transfer[0] == usb_set_up;
    const std::size_t announced = answers_.remaining() > 1 ? answers_.be<std::uint16_t>() : 0;
    const ByteView answer = answers_.bytes(std::min(announced, answers_.remaining()));
    unread_.insert(unread_.end(), answer.begin(), answer.end());
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
  static constexpr std::byte usb_set_up{0x70};

  ByteReader answers_;
  Bytes unread_;
  bool on_bus_ = false;
  bool left_ = false;  // leaves as soon as its answer was read
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

void use(legacy::LegacyAgent& agent, OpContext& op) {
  BytesSink sink;
  ZeroSource source;
  (void)agent.read({Area::user, 0, 2048}, sink, "x", op);
  (void)agent.write({Area::user, 0, 1025}, source, "x", op);
  (void)agent.erase({Area::user, 0, 1024}, "x", op);
  (void)agent.partition_list(op);
  (void)agent.bad_blocks();
  (void)agent.project_id();
  (void)agent.finish(NextBoot::off, op);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  AnythingPhone phone{std::as_bytes(std::span{data, size})};
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
