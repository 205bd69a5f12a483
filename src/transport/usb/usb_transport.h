// SPDX-License-Identifier: Apache-2.0
// A phone's USB data port, driven directly: no serial driver of the system in between.
#pragma once

#include "transport/transport.h"
#include "transport/usb/usb_bus.h"

#include <deque>
#include <functional>

namespace mtk {

/// Interfaces and endpoints of a CDC data port.
struct UsbDataPort {
  std::uint8_t control_interface = 0;
  std::uint8_t data_interface = 0;
  UsbEndpoint in;
  UsbEndpoint out;
};

/// The first interface of class 0A with a bulk endpoint either way, wherever it stands.
/// Source: docs/protocol/brom.md, Preloader USB descriptors.
std::optional<UsbDataPort> find_data_port(const std::vector<UsbInterface>& interfaces);

struct UsbOptions {
  std::string usb_path;  ///< `1-2.3`: the same for every identity a phone takes on
  /// What an identity says of the phone; nothing when it is no download port.
  std::function<std::optional<UsbIdentity>(std::uint16_t vid, std::uint16_t pid)> identify;
};

/// Asks for no more than the reader wants, in whole packets: a phone need not end its answers with a short
/// packet. Beyond that two packets are read ahead, and none where much is wanted: that goes straight into the
/// reader's memory. Several transfers are under way in either direction.
class UsbTransport final : public Transport {
 public:
  /// Waits for the phone to appear at its place. A device that is there and cannot be used is tried again for
  /// two seconds: the rules that grant access run after it appeared, and so do programs that probe it.
  /// Errors: timeout (none in time), denied, busy (held by another program), io, cancelled.
  static Result<std::unique_ptr<UsbTransport>> open(std::unique_ptr<UsbBus> bus, UsbOptions options,
                                                    const Wait& wait);
  ~UsbTransport() override;

  Result<std::size_t> read_some(std::span<std::byte> into, const Wait& wait, Content content) override;
  using Transport::write;
  Result<> write(std::span<const ByteView> parts, const Wait& wait, Content content) override;
  Result<> reopen(UsbIdentity expected, const Wait& wait) override;
  void end_transfers_with(ZeroLengthPacket policy) override { zero_length_packet_ = policy; }
  Clock& clock() override { return bus_->clock(); }
  std::string name() const override { return "usb:" + options_.usb_path; }
  UsbIdentity identity() const override { return identity_; }

 private:
  using Transfers = std::deque<std::unique_ptr<UsbTransfer>>;

  UsbTransport(std::unique_ptr<UsbBus> bus, UsbOptions options);
  Result<> open_within(Clock::TimePoint deadline, const std::stop_token& stop);
  Result<> try_to_open();
  Result<> open_device(const UsbDevice& device);
  Result<std::size_t> take(std::span<std::byte> into);
  Result<std::size_t> read_straight(std::span<std::byte> into, Clock::TimePoint deadline,
                                    const std::stop_token& stop);
  Result<> ask_for(std::size_t wanted);
  Result<> start_read(std::size_t room);
  void drop_read();
  Result<> start_write(ByteView piece, Bytes joined);
  Result<std::size_t> collect_written();
  void abandon(Transfers& transfers);
  Result<> wait_until_gone(Clock::TimePoint deadline, const std::stop_token& stop);
  Error failure(UsbEnd end, std::uint8_t endpoint);
  Error lose();

  std::unique_ptr<UsbBus> bus_;
  UsbOptions options_;
  UsbDataPort port_;
  UsbIdentity identity_ = UsbIdentity::unknown;
  ZeroLengthPacket zero_length_packet_ = ZeroLengthPacket::never;
  Transfers reads_;
  std::size_t taken_ = 0;  // bytes of reads_.front() that were handed out
  Transfers writes_;
  Transfers spent_;                    // reads that are over
  std::unique_ptr<UsbHandle> handle_;  // ends before the transfers it works on
};

}  // namespace mtk
