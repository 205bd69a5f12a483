// SPDX-License-Identifier: Apache-2.0
// What the USB transport needs of the computer: devices by their place, and transfers that run by themselves.
// The seam below which tests put a phone of their own.
#pragma once

#include "base/bytes.h"
#include "base/clock.h"
#include "transport/sysfs.h"

#include <memory>

namespace mtk {

struct UsbEndpoint {
  std::uint8_t address = 0;  ///< bit 7: from the phone to the host
  bool bulk = false;
  std::uint16_t packet_size = 0;
};

struct UsbInterface {
  std::uint8_t number = 0;
  std::uint8_t class_code = 0;
  std::vector<UsbEndpoint> endpoints;
};

struct UsbControl {
  std::uint8_t request_type;
  std::uint8_t request;
  std::uint16_t value;
  std::uint16_t index;
  ByteView data;  ///< from the host
};

/// How a transfer came to its end.
enum class UsbEnd : std::uint8_t {
  done,
  stalled,    ///< the phone refused it; the endpoint is shut until clear_stall()
  babbled,    ///< the phone sent more than it was asked for; the rest is lost
  cancelled,  ///< `actual` bytes had gone through before
  gone,       ///< the phone has left the bus
  failed      ///< broken on the wire, as when a plug is half out
};

/// One bulk transfer. It stays where it is while it is under way.
struct UsbTransfer {
  std::uint8_t endpoint = 0;
  ByteView sent;                   ///< what goes to the phone; stays the caller's
  std::span<std::byte> into = {};  ///< for what comes from it: whole packets, in `room` or the caller's
  Bytes room = {};
  std::size_t actual = 0;  ///< bytes that went through
  std::optional<UsbEnd> end = {};
};

/// An open device. Destruction ends what is under way, releases the interfaces and gives them back to the
/// driver they were taken from.
class UsbHandle {
 public:
  virtual ~UsbHandle() = default;

  virtual const std::vector<UsbInterface>& interfaces() const = 0;
  /// Takes an interface for this program alone, from the system's driver if need be.
  /// Errors: busy (another program has it), disconnected, io.
  virtual Result<> claim(std::uint8_t interface) = 0;
  /// Endpoint 0, waiting for the answer.
  virtual UsbEnd control(const UsbControl& request, Clock::Duration timeout) = 0;

  /// Starts a transfer; those of one endpoint end in the order in which they were started.
  /// Errors: disconnected, io.
  virtual Result<> submit(UsbTransfer& transfer) = 0;
  /// Asks for an early end, which comes during a later wait().
  virtual void cancel(UsbTransfer& transfer) = 0;
  /// Waits until a transfer ends. Errors: timeout, cancelled, io.
  virtual Result<> wait(Clock::TimePoint deadline, const std::stop_token& stop) = 0;
  virtual void clear_stall(std::uint8_t endpoint) = 0;
  /// Whether the device is still plugged in and has not enumerated anew.
  virtual bool present() const = 0;
};

class UsbBus {
 public:
  virtual ~UsbBus() = default;
  /// The device at a place, if it has a data port; the device is not spoken to.
  virtual std::optional<UsbDevice> look_at(const std::string& usb_path) = 0;
  /// Errors: disconnected, busy (no permission), io.
  virtual Result<std::unique_ptr<UsbHandle>> open(const UsbDevice& device) = 0;
  virtual Clock& clock() = 0;
};

/// The computer's own.
std::unique_ptr<UsbBus> system_usb(SystemRoots roots = {});
/// `1.0.26`
std::string usb_library_version();

}  // namespace mtk
