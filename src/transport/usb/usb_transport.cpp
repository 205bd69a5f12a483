// SPDX-License-Identifier: Apache-2.0
#include "transport/usb/usb_transport.h"

#include "transport/retry.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace mtk {
namespace {
using namespace std::chrono_literals;

/// Few large transfers carry more than many small ones and cost less (docs/howto/measure.md, bench/usb); full
/// at any packet size.
constexpr std::size_t transfer_size = 256 * 1024;
constexpr std::size_t transfers_under_way = 4;
constexpr std::size_t packets_read_ahead = 2;
/// Endpoint 0 answers in microseconds; a phone that does not is left to the handshake.
constexpr auto control_timeout = 1s;
/// A hub tells of a pulled plug this long after the transfers have failed.
constexpr auto unplug_notice = 500ms;
constexpr auto look_interval = 5ms;
/// A short packet ends an answer, or only a piece of it that the phone passed on by itself; then more
/// follows. What is in the middle of coming is not cancelled.
constexpr auto more_may_follow = 100ms;
/// Cancelled transfers end at once; a device that keeps them is given up.
constexpr auto cancel_time = 1s;

constexpr std::uint8_t class_communication = 0x02;
constexpr std::uint8_t class_data = 0x0a;
constexpr std::uint8_t to_interface = 0x21;  // class request, host to phone
constexpr std::uint8_t set_line_coding = 0x20;
constexpr std::uint8_t set_control_line_state = 0x22;
constexpr std::uint16_t dtr_and_rts = 3;
/// 921600 baud, 8N1.
constexpr std::array line_coding{std::byte{0x00}, std::byte{0x10}, std::byte{0x0e}, std::byte{0},
                                 std::byte{0},    std::byte{0},    std::byte{8}};

bool is_in(const UsbEndpoint& endpoint) { return (endpoint.address & 0x80) != 0; }

std::optional<UsbEndpoint> first_bulk(const UsbInterface& interface, bool in) {
  for (const UsbEndpoint& endpoint : interface.endpoints)
    if (endpoint.bulk && endpoint.packet_size > 0 && is_in(endpoint) == in) return endpoint;
  return std::nullopt;
}

/// The communication interface that belongs to a data interface: its neighbour, in either order.
std::uint8_t control_of(std::uint8_t data, const std::vector<UsbInterface>& interfaces) {
  for (const int neighbour : {data - 1, data + 1})
    for (const UsbInterface& interface : interfaces)
      if (interface.number == neighbour && interface.class_code == class_communication)
        return interface.number;
  return data;
}

std::size_t whole_packets(std::size_t size, const UsbEndpoint& endpoint) {
  const std::size_t packet = endpoint.packet_size;
  return (size + packet - 1) / packet * packet;
}

/// Not ranges::copy: from const bytes it is a loop over single ones in libstdc++ 12.
void copy_bytes(const std::byte* from, std::size_t size, std::byte* to) { std::copy_n(from, size, to); }

/// Takes what is to be sent piece by piece; only over the borders of its parts bytes are put together.
class Pieces {
 public:
  explicit Pieces(std::span<const ByteView> parts) : parts_(parts) { skip_empty(); }

  /// At most `size` bytes; in `joined`, where they come from several parts.
  ByteView next(std::size_t size, Bytes& joined) {
    if (parts_.empty() || parts_.front().size() - offset_ >= size || parts_.size() == 1) return take(size);
    while (joined.size() < size && !parts_.empty()) {
      const ByteView here = take(size - joined.size());
      joined.insert(joined.end(), here.begin(), here.end());
    }
    return joined;
  }

 private:
  ByteView take(std::size_t size) {
    if (parts_.empty()) return {};
    const ByteView rest = parts_.front().subspan(offset_);
    const ByteView here = rest.first(std::min(rest.size(), size));
    offset_ += here.size();
    skip_empty();
    return here;
  }
  void skip_empty() {
    while (!parts_.empty() && offset_ == parts_.front().size()) {
      parts_ = parts_.subspan(1);
      offset_ = 0;
    }
    while (!parts_.empty() && parts_.back().empty()) parts_ = parts_.first(parts_.size() - 1);
  }

  std::span<const ByteView> parts_;
  std::size_t offset_ = 0;
};

}  // namespace

std::optional<UsbDataPort> find_data_port(const std::vector<UsbInterface>& interfaces) {
  for (const UsbInterface& interface : interfaces) {
    const auto in = first_bulk(interface, true);
    const auto out = first_bulk(interface, false);
    if (interface.class_code != class_data || !in || !out) continue;
    return UsbDataPort{control_of(interface.number, interfaces), interface.number, *in, *out};
  }
  return std::nullopt;
}

UsbTransport::UsbTransport(std::unique_ptr<UsbBus> bus, UsbOptions options)
    : bus_(std::move(bus)), options_(std::move(options)) {}

UsbTransport::~UsbTransport() = default;

Result<std::unique_ptr<UsbTransport>> UsbTransport::open(std::unique_ptr<UsbBus> bus, UsbOptions options,
                                                         const Wait& wait) {
  std::unique_ptr<UsbTransport> port{new UsbTransport{std::move(bus), std::move(options)}};
  MTK_TRY(port->open_within(wait.deadline(port->clock().now()), wait.stop));
  return port;
}

Result<> UsbTransport::open_within(Clock::TimePoint deadline, const std::stop_token& stop) {
  return retry_until_there([this] { return try_to_open(); }, deadline, stop, clock());
}

Result<> UsbTransport::try_to_open() {
  const auto none = [this] { return fail(Errc::disconnected, fmt::format("no phone at {}", name())); };
  const auto device = bus_->look_at(options_.usb_path);
  if (!device) return none();
  const auto identity = options_.identify(device->vid, device->pid);
  if (!identity) return none();
  auto opened = open_device(*device);
  if (!opened && opened.error().code == Errc::disconnected && bus_->look_at(options_.usb_path) == device) {
    // Whoever waits for a phone waits long: one that is there and cannot be used must end that.
    opened.error().code = Errc::io;
    opened.error().what = fmt::format("{} is there but cannot be used: {}", name(), opened.error().what);
  }
  if (opened) identity_ = *identity;
  return opened;
}

Result<> UsbTransport::open_device(const UsbDevice& device) {
  MTK_TRY_LET(auto handle, bus_->open(device));
  const auto port = find_data_port(handle->interfaces());
  if (!port) return fail(Errc::disconnected, "it has no data port");
  // The serial driver sits on both interfaces and leaves both when the first is taken.
  MTK_TRY(handle->claim(port->control_interface));
  if (port->data_interface != port->control_interface) MTK_TRY(handle->claim(port->data_interface));
  // A preloader says nothing before it. A boot ROM may refuse it and needs none.
  for (const UsbControl& request :
       {UsbControl{to_interface, set_line_coding, 0, port->control_interface, line_coding},
        UsbControl{to_interface, set_control_line_state, dtr_and_rts, port->control_interface, {}}})
    if (handle->control(request, control_timeout) == UsbEnd::gone)
      return fail(Errc::disconnected, "it left while the line was set");
  handle_ = std::move(handle);
  port_ = *port;
  return {};
}

/// Hands out what has come; 0 while the oldest transfer is under way.
Result<std::size_t> UsbTransport::take(std::span<std::byte> into) {
  std::size_t size = 0;
  while (size < into.size() && !reads_.empty() && reads_.front()->end) {
    const UsbTransfer& read = *reads_.front();
    const std::size_t here = std::min(into.size() - size, read.actual - taken_);
    copy_bytes(read.into.data() + taken_, here, into.data() + size);
    size += here;
    taken_ += here;
    if (taken_ < read.actual) break;
    const UsbEnd end = *read.end;
    if (end != UsbEnd::done && end != UsbEnd::cancelled) {
      if (size > 0) break;  // what came before is told first
      drop_read();
      return fail(failure(end, port_.in.address));
    }
    drop_read();
  }
  return size;
}

/// Done with the oldest read; its room is used again, as filling new room with zeros costs as much as a copy.
void UsbTransport::drop_read() {
  taken_ = 0;
  if (spent_.size() < transfers_under_way) spent_.push_back(std::move(reads_.front()));
  reads_.pop_front();
}

Result<> UsbTransport::start_read(std::size_t room) {
  const auto known = std::ranges::find(spent_, room, [](const auto& read) { return read->room.size(); });
  auto read = known == spent_.end() ? std::make_unique<UsbTransfer>() : std::move(*known);
  if (known != spent_.end()) spent_.erase(known);
  read->endpoint = port_.in.address;
  read->room.resize(room);
  read->into = read->room;
  read->actual = 0;
  read->end.reset();
  MTK_TRY(handle_->submit(*read));
  reads_.push_back(std::move(read));
  return {};
}

Result<> UsbTransport::ask_for(std::size_t wanted) {
  const std::size_t room =
      std::accumulate(reads_.begin(), reads_.end(), std::size_t{0},
                      [](std::size_t sum, const auto& read) { return sum + read->room.size(); });
  if (room < wanted) MTK_TRY(start_read(whole_packets(wanted - room, port_.in)));
  while (reads_.size() < packets_read_ahead) MTK_TRY(start_read(port_.in.packet_size));
  return {};
}

Result<std::size_t> UsbTransport::read_some(std::span<std::byte> into, const Wait& wait, Content) {
  if (into.empty()) return std::size_t{0};
  const auto deadline = wait.deadline(clock().now());
  for (bool late = false;; late = clock().now() >= deadline) {
    MTK_TRY_LET(const std::size_t size, take(into));
    if (size > 0) return size;
    if (!handle_) return fail(lose());
    if (late) return fail(Errc::timeout, "phone silent");  // or sends empty packets for ever
    const bool is_much = into.size() >= transfer_size;
    if (is_much && reads_.empty()) {
      MTK_TRY_LET(const std::size_t straight, read_straight(into, deadline, wait.stop));
      if (straight > 0) return straight;
      continue;
    }
    if (auto asked = is_much ? Result<>{} : ask_for(into.size()); !asked)
      return fail(asked.error().code == Errc::disconnected ? lose() : std::move(asked.error()));
    if (auto ended = handle_->wait(deadline, wait.stop); !ended) {
      if (ended.error().code == Errc::timeout) ended.error().what = "phone silent";
      return fail(std::move(ended.error()));
    }
  }
}

/// Nothing is under way in the reader's memory when this returns. 0: an empty packet came.
Result<std::size_t> UsbTransport::read_straight(std::span<std::byte> into, Clock::TimePoint deadline,
                                                const std::stop_token& stop) {
  Transfers reads;
  std::size_t asked = 0;
  const std::size_t whole = into.size() - into.size() % port_.in.packet_size;
  while (reads.size() < transfers_under_way && asked < whole) {
    auto read = std::make_unique<UsbTransfer>();
    read->endpoint = port_.in.address;
    read->into = into.subspan(asked, std::min(whole - asked, whole_packets(transfer_size, port_.in)));
    auto submitted = handle_->submit(*read);
    if (!submitted && !reads.empty()) break;
    if (!submitted)
      return fail(submitted.error().code == Errc::disconnected ? lose() : std::move(submitted.error()));
    asked += read->into.size();
    reads.push_back(std::move(read));
  }
  const auto is_over = [](const auto& read) { return read->end.has_value(); };
  const auto is_short = [](const auto& read) { return read->end && read->actual < read->into.size(); };
  Result<> waited;
  while (waited && !std::ranges::all_of(reads, is_over)) {
    const bool may_be_all = std::ranges::any_of(reads, is_short);
    const auto until = may_be_all ? std::min(deadline, clock().now() + more_may_follow) : deadline;
    waited = handle_->wait(until, stop);
    if (waited || waited.error().code != Errc::timeout || until == deadline) continue;
    waited = {};
    break;
  }
  abandon(reads);
  if (!handle_) return fail(lose());

  std::size_t size = 0;
  for (auto& read : reads) {
    copy_bytes(read->into.data(), read->actual, into.data() + size);
    size += read->actual;
    if (*read->end == UsbEnd::done || *read->end == UsbEnd::cancelled) continue;
    if (size == 0) return fail(failure(*read->end, port_.in.address));
    read->actual = 0;  // what came before is told first
    reads_.push_back(std::move(read));
    return size;
  }
  if (size > 0 || waited) return size;
  if (waited.error().code == Errc::timeout) waited.error().what = "phone silent";
  return fail(std::move(waited.error()));
}

Result<> UsbTransport::start_write(ByteView piece, Bytes joined) {
  auto write = std::make_unique<UsbTransfer>();
  write->endpoint = port_.out.address;
  write->room = std::move(joined);  // keeps its place in memory
  write->sent = piece;
  auto submitted = handle_->submit(*write);
  if (!submitted) {
    if (submitted.error().code == Errc::disconnected) return fail(lose());
    return submitted;
  }
  writes_.push_back(std::move(write));
  return {};
}

/// Sees to the transfers that have ended, oldest first; yields the bytes they carried.
Result<std::size_t> UsbTransport::collect_written() {
  std::size_t size = 0;
  while (!writes_.empty() && writes_.front()->end) {
    const UsbEnd end = *writes_.front()->end;
    if (end != UsbEnd::done) return fail(failure(end, port_.out.address));
    size += writes_.front()->actual;
    writes_.pop_front();
  }
  return size;
}

Result<> UsbTransport::write(std::span<const ByteView> parts, const Wait& wait, Content) {
  const auto deadline = wait.deadline(clock().now());
  if (!handle_) return fail(lose());
  std::size_t total = 0;
  for (const ByteView part : parts) total += part.size();
  bool empty_packet = zero_length_packet_ == ZeroLengthPacket::after_full_packet && total > 0 &&
                      total % port_.out.packet_size == 0;
  Pieces pieces{parts};
  std::size_t started = 0;
  std::size_t sent = 0;
  const auto give_up = [&](Error error) {
    abandon(writes_);
    writes_.clear();
    return fail(std::move(error));
  };
  for (;;) {
    while (writes_.size() < transfers_under_way && (started < total || empty_packet)) {
      if (started == total) empty_packet = false;
      Bytes joined;
      const ByteView piece = pieces.next(whole_packets(transfer_size, port_.out), joined);
      started += piece.size();
      if (auto submitted = start_write(piece, std::move(joined)); !submitted)
        return give_up(std::move(submitted.error()));
    }
    if (writes_.empty()) return {};
    if (!writes_.front()->end) {
      if (auto ended = handle_->wait(deadline, wait.stop); !ended) {
        if (ended.error().code == Errc::timeout)
          ended.error().what = fmt::format("phone takes no data, {} bytes were taken", sent);
        return give_up(std::move(ended.error()));
      }
    }
    auto collected = collect_written();
    if (!collected) return give_up(std::move(collected.error()));
    sent += *collected;
  }
}

/// Until none of them is under way any more.
void UsbTransport::abandon(Transfers& transfers) {
  if (!handle_) return;
  for (const auto& transfer : transfers)
    if (!transfer->end) handle_->cancel(*transfer);
  const auto deadline = clock().now() + cancel_time;
  while (std::ranges::any_of(transfers, [](const auto& transfer) { return !transfer->end; }))
    if (!handle_->wait(deadline, {})) return void(lose());
}

/// What the end of a transfer means to the caller.
Error UsbTransport::failure(UsbEnd end, std::uint8_t endpoint) {
  switch (end) {
    case UsbEnd::gone:
      return lose();
    case UsbEnd::stalled:
      handle_->clear_stall(endpoint);
      return Error{.code = Errc::io, .what = "the phone refused a transfer (stall)"};
    case UsbEnd::babbled:
      return Error{.code = Errc::io, .what = "the phone sent more than a packet holds (babble)"};
    default:
      break;
  }
  for (const auto until = clock().now() + unplug_notice; handle_->present(); clock().sleep(look_interval))
    if (clock().now() >= until) return Error{.code = Errc::io, .what = "a transfer broke on the cable"};
  return lose();
}

Error UsbTransport::lose() {
  handle_.reset();
  reads_.clear();
  writes_.clear();
  taken_ = 0;
  return Error{.code = Errc::disconnected, .what = "the phone has left the bus"};
}

Result<> UsbTransport::wait_until_gone(Clock::TimePoint deadline, const std::stop_token& stop) {
  Bytes dropped(transfer_size);
  while (handle_) {
    const auto left = std::max(deadline - clock().now(), Clock::Duration::zero());
    const auto got = read_some(dropped, Wait{left, stop}, Content::withheld);
    if (!got && got.error().code == Errc::cancelled) return fail(got.error());
    if (handle_ && clock().now() >= deadline) return fail(Errc::timeout, "phone did not leave the port");
    if (!got && got.error().code == Errc::io) clock().sleep(look_interval, stop);
  }
  return {};
}

Result<> UsbTransport::reopen(UsbIdentity, const Wait& wait) {
  const auto deadline = wait.deadline(clock().now());
  MTK_TRY(wait_until_gone(deadline, wait.stop));
  return open_within(deadline, wait.stop);
}

}  // namespace mtk
