// SPDX-License-Identifier: Apache-2.0
// USB devices by libusb; the only file that names it. Devices are found in /sys and opened by their node, so
// that nothing depends on a running udevd, and a refusal is known by its reason.
#include "transport/fd.h"
#include "transport/usb/usb_bus.h"

#include <fmt/format.h>
#include <libusb-1.0/libusb.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include <fcntl.h>

namespace mtk {
namespace {
using namespace std::chrono_literals;

/// Longer waits are cut into such, as timeval holds no more on every system.
constexpr auto longest_turn = std::chrono::hours{1};
constexpr auto closing_turn = 100ms;
/// The kernel gives cancelled transfers back at once. Those it keeps are left to it: closing the node ends
/// them.
constexpr auto closing_time = 1s;

timeval to_timeval(Clock::Duration duration) {
  const auto limited = std::clamp<Clock::Duration>(duration, Clock::Duration::zero(), longest_turn);
  // Rounded up: a wait that is too short by less than a microsecond would spin.
  const auto micros = std::chrono::ceil<std::chrono::microseconds>(limited).count();
  return {.tv_sec = micros / 1'000'000, .tv_usec = micros % 1'000'000};
}

Error usb_error(std::string_view action, int code, Errc otherwise) {
  const bool gone = code == LIBUSB_ERROR_NO_DEVICE || code == LIBUSB_ERROR_NOT_FOUND;
  return Error{.code = gone ? Errc::disconnected : otherwise,
               .what = fmt::format("{}: {}", action, libusb_strerror(code))};
}

UsbEnd end_of(libusb_transfer_status status) {
  switch (status) {
    case LIBUSB_TRANSFER_COMPLETED:
      return UsbEnd::done;
    case LIBUSB_TRANSFER_STALL:
      return UsbEnd::stalled;
    case LIBUSB_TRANSFER_OVERFLOW:
      return UsbEnd::babbled;
    case LIBUSB_TRANSFER_CANCELLED:
      return UsbEnd::cancelled;
    case LIBUSB_TRANSFER_NO_DEVICE:
      return UsbEnd::gone;
    default:
      return UsbEnd::failed;
  }
}

struct CloseContext {
  void operator()(libusb_context* context) const { libusb_exit(context); }
};
struct CloseHandle {
  void operator()(libusb_device_handle* handle) const { libusb_close(handle); }
};
using Context = std::unique_ptr<libusb_context, CloseContext>;
using DeviceHandle = std::unique_ptr<libusb_device_handle, CloseHandle>;

std::vector<UsbInterface> interfaces_of(libusb_device_handle* handle) {
  libusb_config_descriptor* config = nullptr;
  std::vector<UsbInterface> found;
  if (libusb_get_config_descriptor(libusb_get_device(handle), 0, &config) != LIBUSB_SUCCESS) return found;
  for (const libusb_interface& all : std::span{config->interface, config->bNumInterfaces}) {
    if (all.num_altsetting < 1) continue;
    const libusb_interface_descriptor& first = all.altsetting[0];
    UsbInterface interface {
      .number = first.bInterfaceNumber, .class_code = first.bInterfaceClass, .endpoints = {}
    };
    for (const libusb_endpoint_descriptor& endpoint : std::span{first.endpoint, first.bNumEndpoints})
      interface.endpoints.push_back(
          {.address = endpoint.bEndpointAddress,
           .bulk = (endpoint.bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) == LIBUSB_TRANSFER_TYPE_BULK,
           .packet_size = endpoint.wMaxPacketSize});
    found.push_back(std::move(interface));
  }
  libusb_free_config_descriptor(config);
  return found;
}

class LibusbHandle final : public UsbHandle {
 public:
  LibusbHandle(SystemRoots roots, UsbDevice device, UniqueFd node, Context context, DeviceHandle handle)
      : roots_(std::move(roots)),
        device_(std::move(device)),
        node_(std::move(node)),
        context_(std::move(context)),
        handle_(std::move(handle)),
        interfaces_(interfaces_of(handle_.get())) {}

  ~LibusbHandle() override {
    for (const auto& [raw, transfer] : under_way_) libusb_cancel_transfer(raw);
    const auto give_up = SystemClock{}.now() + closing_time;
    while (!under_way_.empty() && SystemClock{}.now() < give_up) {
      timeval turn = to_timeval(closing_turn);
      libusb_handle_events_timeout_completed(context_.get(), &turn, nullptr);
    }
    // Data before communication: the serial driver wants both when it is asked to come back.
    for (auto number = claimed_.rbegin(); number != claimed_.rend(); ++number)
      libusb_release_interface(handle_.get(), *number);
    for (const int number : taken_from_driver_) libusb_attach_kernel_driver(handle_.get(), number);
  }

  const std::vector<UsbInterface>& interfaces() const override { return interfaces_; }

  Result<> claim(std::uint8_t interface) override {
    if (libusb_kernel_driver_active(handle_.get(), interface) == 1 &&
        libusb_detach_kernel_driver(handle_.get(), interface) == LIBUSB_SUCCESS)
      taken_from_driver_.push_back(interface);
    const int code = libusb_claim_interface(handle_.get(), interface);
    if (code == LIBUSB_ERROR_BUSY)
      return fail(Errc::busy, fmt::format("another program holds usb:{}", device_.usb_path));
    if (code != LIBUSB_SUCCESS) return fail(usb_error("claim the data port", code, Errc::busy));
    claimed_.push_back(interface);
    return {};
  }

  UsbEnd control(const UsbControl& request, Clock::Duration timeout) override {
    Bytes data{request.data.begin(), request.data.end()};  // the library's pointer is not const
    const auto limit = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
    const int code = libusb_control_transfer(
        handle_.get(), request.request_type, request.request, request.value, request.index, bytes_of(data),
        static_cast<std::uint16_t>(data.size()), static_cast<unsigned>(limit));
    if (code >= 0) return UsbEnd::done;
    if (code == LIBUSB_ERROR_PIPE) return UsbEnd::stalled;
    return code == LIBUSB_ERROR_NO_DEVICE ? UsbEnd::gone : UsbEnd::failed;
  }

  Result<> submit(UsbTransfer& transfer) override {
    libusb_transfer* raw = libusb_alloc_transfer(0);
    if (raw == nullptr) return fail(Errc::io, "no memory for a USB transfer");
    constexpr unsigned no_timeout = 0;  // wait() has the deadline
    const bool in = (transfer.endpoint & LIBUSB_ENDPOINT_IN) != 0;
    // What is sent is not written to; the library has one type for both ways.
    auto* sent = const_cast<std::byte*>(transfer.sent.data());
    auto* bytes = static_cast<unsigned char*>(static_cast<void*>(in ? transfer.into.data() : sent));
    const std::size_t size = in ? transfer.into.size() : transfer.sent.size();
    libusb_fill_bulk_transfer(raw, handle_.get(), transfer.endpoint, bytes, static_cast<int>(size),
                              &LibusbHandle::ended, this, no_timeout);
    if (const int code = libusb_submit_transfer(raw); code != LIBUSB_SUCCESS) {
      libusb_free_transfer(raw);
      return fail(usb_error("start a USB transfer", code, Errc::io));
    }
    under_way_.emplace(raw, &transfer);
    return {};
  }

  void cancel(UsbTransfer& transfer) override {
    for (const auto& [raw, known] : under_way_)
      if (known == &transfer) libusb_cancel_transfer(raw);
  }

  Result<> wait(Clock::TimePoint deadline, const std::stop_token& stop) override {
    any_ended_ = 0;
    const std::stop_callback wake{stop, [this] { libusb_interrupt_event_handler(context_.get()); }};
    for (;;) {
      timeval left = to_timeval(deadline - SystemClock{}.now());
      const int code = libusb_handle_events_timeout_completed(context_.get(), &left, &any_ended_);
      if (any_ended_ != 0) return {};
      if (stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
      if (code != LIBUSB_SUCCESS && code != LIBUSB_ERROR_INTERRUPTED)
        return fail(usb_error("wait for the phone", code, Errc::io));
      if (SystemClock{}.now() >= deadline) return fail(Errc::timeout, "nothing happened before the deadline");
    }
  }

  void clear_stall(std::uint8_t endpoint) override { libusb_clear_halt(handle_.get(), endpoint); }

  bool present() const override {
    const auto there = usb_device_at(roots_, device_.usb_path);
    return there && there->number == device_.number;
  }

 private:
  static unsigned char* bytes_of(Bytes& data) {
    return static_cast<unsigned char*>(static_cast<void*>(data.data()));
  }

  static void LIBUSB_CALL ended(libusb_transfer* raw) {
    auto& self = *static_cast<LibusbHandle*>(raw->user_data);
    const auto known = self.under_way_.find(raw);
    UsbTransfer& transfer = *known->second;
    transfer.actual = static_cast<std::size_t>(raw->actual_length);
    transfer.end = end_of(raw->status);
    self.under_way_.erase(known);
    self.any_ended_ = 1;
    libusb_free_transfer(raw);
  }

  SystemRoots roots_;
  UsbDevice device_;
  UniqueFd node_;  // closed after the library has let go of it
  Context context_;
  DeviceHandle handle_;
  std::vector<UsbInterface> interfaces_;
  std::vector<int> claimed_;
  std::vector<int> taken_from_driver_;
  std::map<libusb_transfer*, UsbTransfer*> under_way_;
  int any_ended_ = 0;
};

class SystemUsb final : public UsbBus {
 public:
  explicit SystemUsb(SystemRoots roots) : roots_(std::move(roots)) {}

  std::optional<UsbDevice> look_at(const std::string& usb_path) override {
    if (!has_data_interface(roots_, usb_path)) return std::nullopt;
    return usb_device_at(roots_, usb_path);
  }

  Result<std::unique_ptr<UsbHandle>> open(const UsbDevice& device) override {
    MTK_TRY_LET(UniqueFd node, open_node(usb_node_of(roots_, device)));
    // A default for contexts made from now on: nothing scans the bus, the device is known.
    libusb_set_option(nullptr, LIBUSB_OPTION_NO_DEVICE_DISCOVERY);
    libusb_context* raw_context = nullptr;
    if (const int code = libusb_init(&raw_context); code != LIBUSB_SUCCESS)
      return fail(Errc::io, fmt::format("start libusb: {}", libusb_strerror(code)));
    Context context{raw_context};
    libusb_device_handle* raw_handle = nullptr;
    if (const int code = libusb_wrap_sys_device(context.get(), node.get(), &raw_handle);
        code != LIBUSB_SUCCESS)
      return fail(usb_error(fmt::format("open usb:{}", device.usb_path), code, Errc::busy));
    return std::make_unique<LibusbHandle>(roots_, device, std::move(node), std::move(context),
                                          DeviceHandle{raw_handle});
  }

  Clock& clock() override { return clock_; }

 private:
  static Result<UniqueFd> open_node(const std::string& path) {
    UniqueFd node{::open(path.c_str(), O_RDWR | O_CLOEXEC)};
    if (node) return node;
    switch (errno) {
      case EACCES:
      case EPERM:
        return fail(Errc::denied, fmt::format("no permission to open {}", path));
      case EBUSY:
        return fail(Errc::busy, fmt::format("another program holds {}", path));
      case ENOENT:
      case ENXIO:
      case ENODEV:
        return fail(Errc::disconnected, fmt::format("no phone at {}", path));
      default:
        return fail(Errc::io, system_error_text("open " + path, errno));
    }
  }

  SystemRoots roots_;
  SystemClock clock_;
};

}  // namespace

std::unique_ptr<UsbBus> system_usb(SystemRoots roots) {
  return std::make_unique<SystemUsb>(std::move(roots));
}

std::string usb_library_version() {
  const libusb_version& version = *libusb_get_version();
  return fmt::format("{}.{}.{}", version.major, version.minor, version.micro);
}

}  // namespace mtk
