// SPDX-License-Identifier: Apache-2.0
// usb_bench PLACE ours|bare write|read MIB [TRANSFER_KIB UNDER_WAY]: moves packets of 1 MiB, each to its end
// before the next as agents have it, by this project's transport or by libusb alone. Prints MiB/s and CPU
// seconds per GiB.
#include "transport/transport.h"
#include "transport/usb/usb_bus.h"

#include <fcntl.h>
#include <libusb-1.0/libusb.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

using namespace mtk;

constexpr std::size_t packet_size = 1 << 20;
constexpr std::uint8_t bulk_out = 0x01;
constexpr std::uint8_t bulk_in = 0x81;

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// Calls `packet` once per MiB and prints what that cost.
template <class Packet>
int measure(unsigned packets, const Packet& packet) {
  SystemClock clock;
  if (!packet()) return 1;  // buffers and caches
  const auto start = clock.now();
  const double cpu = cpu_seconds();
  for (unsigned i = 0; i < packets; ++i)
    if (!packet()) return 1;
  const std::chrono::duration<double> passed = clock.now() - start;
  std::printf("%.1f %.3f\n", packets / passed.count(), (cpu_seconds() - cpu) * 1024 / packets);
  return 0;
}

int ours(const std::string& place, bool writes, unsigned packets) {
  auto link = open_port("usb:" + place, std::chrono::seconds{20});
  if (!link) {
    std::fprintf(stderr, "%s\n", to_string(link.error()).c_str());
    return 1;
  }
  Bytes data(packet_size);
  const Wait patience{std::chrono::seconds{60}};
  return measure(packets, [&] {
    const bool done = writes ? (*link)->write(data, patience).has_value()
                             : (*link)->read_exactly(data, patience, Content::withheld).has_value();
    return done;
  });
}

class Bare {
 public:
  Bare(libusb_device_handle* handle, bool writes, std::size_t transfer, std::size_t under_way)
      : handle_(handle), writes_(writes), transfer_(transfer), under_way_(under_way), data_(packet_size) {}

  bool packet() {
    started_ = 0;
    ended_ = 0;
    for (std::size_t i = 0; i < under_way_ && started_ < packet_size; ++i) start(libusb_alloc_transfer(0));
    while (ended_ < packet_size && !failed_) libusb_handle_events(nullptr);
    return !failed_;
  }

 private:
  void start(libusb_transfer* transfer) {
    const std::size_t size = std::min(transfer_, packet_size - started_);
    libusb_fill_bulk_transfer(transfer, handle_, writes_ ? bulk_out : bulk_in, data_.data() + started_,
                              static_cast<int>(size), &Bare::ended, this, 0);
    started_ += size;
    if (libusb_submit_transfer(transfer) != LIBUSB_SUCCESS) failed_ = true;
  }
  static void LIBUSB_CALL ended(libusb_transfer* transfer) {
    auto& me = *static_cast<Bare*>(transfer->user_data);
    me.ended_ += static_cast<std::size_t>(transfer->actual_length);
    if (transfer->status != LIBUSB_TRANSFER_COMPLETED) me.failed_ = true;
    if (!me.failed_ && me.started_ < packet_size) return me.start(transfer);
    libusb_free_transfer(transfer);
  }

  libusb_device_handle* handle_;
  bool writes_;
  std::size_t transfer_;
  std::size_t under_way_;
  std::vector<unsigned char> data_;
  std::size_t started_ = 0;
  std::size_t ended_ = 0;
  bool failed_ = false;
};

int bare(const std::string& place, bool writes, unsigned packets, std::size_t transfer,
         std::size_t under_way) {
  const auto device = usb_device_at({}, place);
  if (!device) return 1;
  const int node = ::open(usb_node_of({}, *device).c_str(), O_RDWR | O_CLOEXEC);
  libusb_device_handle* handle = nullptr;
  libusb_set_option(nullptr, LIBUSB_OPTION_NO_DEVICE_DISCOVERY);
  if (node < 0 || libusb_init(nullptr) != 0 || libusb_wrap_sys_device(nullptr, node, &handle) != 0) return 1;
  libusb_set_auto_detach_kernel_driver(handle, 1);
  if (libusb_claim_interface(handle, 0) != 0 || libusb_claim_interface(handle, 1) != 0) return 1;
  Bare loop{handle, writes, transfer, under_way};
  const int code = measure(packets, [&] { return loop.packet(); });
  libusb_release_interface(handle, 1);
  libusb_release_interface(handle, 0);
  libusb_close(handle);
  libusb_exit(nullptr);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto number = [&](std::size_t at) {
    return static_cast<unsigned>(std::strtoul(words[at].c_str(), nullptr, 10));
  };
  if (words.size() == 4 && words[1] == "ours") return ours(words[0], words[2] == "write", number(3));
  if (words.size() == 6 && words[1] == "bare")
    return bare(words[0], words[2] == "write", number(3), std::size_t{number(4)} * 1024, number(5));
  std::fputs("usb_bench PLACE ours|bare write|read MIB [TRANSFER_KIB UNDER_WAY]\n", stderr);
  return 2;
}
