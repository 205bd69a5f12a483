// SPDX-License-Identifier: Apache-2.0
// A serial port of the operating system: ttyACM, ttyUSB or a pseudo terminal.
#pragma once

#include "transport/fd_stream.h"

#include <functional>
#include <optional>

namespace mtk {

/// Where a phone's port is right now.
struct TtyPlace {
  std::string path;
  UsbIdentity identity = UsbIdentity::unknown;
};

struct SerialOptions {
  std::string name;  ///< as the user may name it: `tty:/dev/ttyACM0`
  /// Asked before every attempt to open, so that a phone may come back under another number.
  std::function<std::optional<TtyPlace>()> locate;
  std::uint32_t baud = 921600;  ///< USB ports ignore it
};

class SerialTransport final : public Transport {
 public:
  /// Waits for the port to appear and opens it for this program alone. A port that is refused is tried again
  /// for two seconds: the rules that grant access run after it appeared, and so do programs that probe it.
  /// Errors: timeout (no such port in time), busy (no permission, or held by another program), usage (not a
  /// serial port), io, cancelled.
  static Result<std::unique_ptr<SerialTransport>> open(SerialOptions options, const Wait& wait);
  /// The port at a fixed path.
  static Result<std::unique_ptr<SerialTransport>> open(const std::string& path, const Wait& wait);
  ~SerialTransport() override;

  Result<std::size_t> read_some(std::span<std::byte> into, const Wait& wait, Content content) override;
  using Transport::write;
  Result<> write(std::span<const ByteView> parts, const Wait& wait, Content content) override;
  Result<> reopen(UsbIdentity expected, const Wait& wait) override;
  Clock& clock() override { return clock_; }
  std::string name() const override { return options_.name; }
  UsbIdentity identity() const override { return identity_; }
  /// Linux holds 640 KiB of what a serial port has received and drops the rest, also where the port could
  /// wait.
  std::size_t answer_limit() const override { return 256 * 1024; }

 private:
  explicit SerialTransport(SerialOptions options) : options_(std::move(options)) {}
  Result<> open_within(Clock::TimePoint deadline, const std::stop_token& stop);
  Result<> try_to_open();

  SerialOptions options_;
  SystemClock clock_;
  FdStream stream_{FdStream::Kind::tty};
  UsbIdentity identity_ = UsbIdentity::unknown;
};

}  // namespace mtk
