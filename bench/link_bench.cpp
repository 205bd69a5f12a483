// SPDX-License-Identifier: Apache-2.0
// What a link carries by itself: packets of the agent's size one way, one byte back for each. No protocol, no
// files, no sums; the numbers of mtkflash are compared with these.
#include "transport/memory.h"

#include <benchmark/benchmark.h>

#include <pty.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>

namespace {

using namespace mtk;

constexpr std::size_t packet_size = 0x100000;  // as the legacy agent's
constexpr std::size_t packets = 256;
constexpr std::byte taken{0x69};

enum class Way { write, read };

struct Ends {
  int host = -1;
  int phone = -1;
  ~Ends() {
    ::close(host);
    ::close(phone);
  }
};

bool make_unix(Ends& ends) {
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) return false;
  ends.host = pair[0];
  ends.phone = pair[1];
  return true;
}

bool make_pty(Ends& ends) {
  termios raw{};
  ::cfmakeraw(&raw);
  raw.c_cflag |= CREAD | CLOCAL;
  raw.c_cc[VMIN] = 1;
  return ::openpty(&ends.phone, &ends.host, nullptr, &raw, nullptr) == 0;
}

bool put_all(int fd, ByteView data) {
  while (!data.empty()) {
    const ssize_t put = ::write(fd, data.data(), data.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    data = data.subspan(static_cast<std::size_t>(put));
  }
  return true;
}

bool take_all(int fd, std::span<std::byte> into) {
  while (!into.empty()) {
    const ssize_t got = ::read(fd, into.data(), into.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

bool send_packets(int fd) {
  const Bytes packet(packet_size, std::byte{0x5a});
  std::array<std::byte, 1> answer{};
  for (std::size_t i = 0; i < packets; ++i)
    if (!put_all(fd, packet) || !take_all(fd, answer)) return false;
  return true;
}

bool take_packets(int fd) {
  Bytes packet(packet_size);
  const std::array answer{taken};
  for (std::size_t i = 0; i < packets; ++i)
    if (!take_all(fd, packet) || !put_all(fd, answer)) return false;
  return true;
}

void bare_descriptors(benchmark::State& state, bool (*make)(Ends&), Way way) {
  Ends ends;
  if (!make(ends)) return state.SkipWithError("the link cannot be made");
  for (auto round : state) {
    static_cast<void>(round);
    bool phone_done = false;
    std::thread phone{
        [&] { phone_done = way == Way::write ? take_packets(ends.phone) : send_packets(ends.phone); }};
    const bool host_done = way == Way::write ? send_packets(ends.host) : take_packets(ends.host);
    phone.join();
    if (!host_done || !phone_done) return state.SkipWithError("the link broke");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * packets * packet_size));
}

/// Copies what comes and acknowledges whole packets; or sends a packet for every byte it hears.
class CopyingDevice final : public Device {
 public:
  explicit CopyingDevice(Way way) : way_(way) {}

  bool connect(TimePoint) override { return true; }
  bool on_bus() const override { return true; }
  void host_wrote(ByteView transfer, TimePoint) override {
    if (way_ == Way::write) std::ranges::copy(transfer, packet_.begin());
    unsaid_ += way_ == Way::write ? 1 : packet_size;
  }
  std::size_t take(std::span<std::byte> into, TimePoint) override {
    const std::size_t size = std::min(into.size(), unsaid_);
    std::copy_n(packet_.begin(), size, into.begin());
    unsaid_ -= size;
    return size;
  }
  std::optional<TimePoint> next_event() const override { return std::nullopt; }

 private:
  Way way_;
  Bytes packet_ = Bytes(packet_size, taken);
  std::size_t unsaid_ = 0;
};

void bare_memory(benchmark::State& state, Way way) {
  CopyingDevice phone{way};
  FakeClock clock;
  MemoryTransport link{phone, clock};
  Bytes packet(packet_size);
  std::array one{taken};
  const Wait wait{std::chrono::seconds{1}};
  for (auto round : state) {
    static_cast<void>(round);
    for (std::size_t i = 0; i < packets; ++i) {
      const bool writes = way == Way::write;
      const bool passed = link.write(writes ? ByteView{packet} : ByteView{one}, wait) &&
                          link.read_exactly(writes ? std::span<std::byte>{one} : std::span{packet}, wait);
      if (!passed) return state.SkipWithError("the link broke");
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * packets * packet_size));
}

void once(benchmark::internal::Benchmark* bench) {
  bench->Iterations(1)->UseRealTime()->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(bare_memory, write, Way::write)->Apply(once);
BENCHMARK_CAPTURE(bare_memory, read, Way::read)->Apply(once);
BENCHMARK_CAPTURE(bare_descriptors, unix_write, make_unix, Way::write)->Apply(once);
BENCHMARK_CAPTURE(bare_descriptors, unix_read, make_unix, Way::read)->Apply(once);
BENCHMARK_CAPTURE(bare_descriptors, pty_write, make_pty, Way::write)->Apply(once);
BENCHMARK_CAPTURE(bare_descriptors, pty_read, make_pty, Way::read)->Apply(once);

}  // namespace
