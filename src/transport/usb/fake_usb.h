// SPDX-License-Identifier: Apache-2.0
// For tests: a USB device without a computer, packet by packet, in time that moves only when somebody waits.
#pragma once

#include "transport/usb/usb_bus.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>

namespace mtk::test {

/// The phone and its cable. Outlives the bus and the handles made of it.
struct FakeUsbPhone {
  FakeClock clock;
  std::optional<UsbDevice> device;
  std::vector<UsbInterface> interfaces{
      {.number = 1, .class_code = 0x0a, .endpoints = {{0x01, true, 512}, {0x81, true, 512}}},
      {.number = 0, .class_code = 0x02, .endpoints = {{0x83, false, 64}}}};
  std::optional<Error> refuses_open;
  UsbEnd control_end = UsbEnd::done;

  std::deque<Bytes> says;                  ///< packets for the host, a short one ends a transfer
  std::deque<UsbEnd> in_ends;              ///< how the next IN transfers end, instead of with packets
  std::map<std::size_t, UsbEnd> out_ends;  ///< how the n-th OUT transfer ends
  std::size_t takes = SIZE_MAX;            ///< OUT transfers from this one on stay under way
  std::vector<Bytes> heard;                ///< OUT transfers as they came
  std::vector<std::string> log;
  std::size_t most_reads = 0;
  std::size_t most_writes = 0;
  std::size_t odd_reads = 0;     ///< reads that a full packet would overrun
  bool keeps_cancelled = false;  ///< cancelled transfers stay under way
  Clock::Duration longest_control{};

  void plug_in(unsigned pid) {
    device = UsbDevice{"1-2", 0x0e8d, static_cast<std::uint16_t>(pid), ++numbers, ""};
    says.clear();
  }
  void unplug() { device.reset(); }
  void at(Clock::Duration later, std::function<void()> what) {
    events.emplace(clock.now() + later, std::move(what));
  }
  void run_events() {
    while (!events.empty() && events.begin()->first <= clock.now()) {
      const auto what = std::move(events.begin()->second);
      events.erase(events.begin());
      what();
    }
  }
  void say(ByteView answer) {
    for (std::size_t at = 0; at < answer.size(); at += 512) {
      const auto packet = answer.subspan(at, std::min<std::size_t>(512, answer.size() - at));
      says.emplace_back(packet.begin(), packet.end());
    }
  }

  std::uint16_t numbers = 0;
  std::multimap<Clock::TimePoint, std::function<void()>> events;
};

class FakeUsbHandle final : public UsbHandle {
 public:
  explicit FakeUsbHandle(FakeUsbPhone& phone) : phone_(phone), number_(phone.device->number) {}
  ~FakeUsbHandle() override { phone_.log.emplace_back("released"); }

  const std::vector<UsbInterface>& interfaces() const override { return phone_.interfaces; }
  Result<> claim(std::uint8_t interface) override {
    phone_.log.push_back(fmt::format("claim {}", interface));
    return {};
  }
  UsbEnd control(const UsbControl& request, Clock::Duration timeout) override {
    phone_.longest_control = std::max(phone_.longest_control, timeout);
    phone_.log.push_back(fmt::format("control {:02x} {:02x} {} {} [{}]", request.request_type,
                                     request.request, request.value, request.index,
                                     hex_compact(request.data)));
    return phone_.control_end;
  }
  Result<> submit(UsbTransfer& transfer) override {
    if (!present()) return fail(Errc::disconnected, "gone");
    const bool in = (transfer.endpoint & 0x80) != 0;
    auto& queue = in ? reads_ : writes_;
    if (in && (transfer.into.empty() || transfer.into.size() % 512 != 0)) ++phone_.odd_reads;
    if (!in) phone_.heard.emplace_back(transfer.sent.begin(), transfer.sent.end());
    queue.push_back(&transfer);
    phone_.most_reads = std::max(phone_.most_reads, reads_.size());
    phone_.most_writes = std::max(phone_.most_writes, writes_.size());
    return {};
  }
  void cancel(UsbTransfer& transfer) override {
    phone_.log.emplace_back("cancel");
    if (phone_.keeps_cancelled) return;
    std::erase(reads_, &transfer);
    std::erase(writes_, &transfer);
    finish(transfer, UsbEnd::cancelled);
  }
  Result<> wait(Clock::TimePoint deadline, const std::stop_token& stop) override {
    for (;;) {
      phone_.run_events();
      move();
      if (std::exchange(any_ended_, false)) return {};
      if (stop.stop_requested()) return fail(Errc::cancelled, "stopped");
      const bool something = !phone_.events.empty();
      if (something && phone_.events.begin()->first <= deadline) {
        phone_.clock.advance_to(phone_.events.begin()->first);
        continue;
      }
      if (deadline == Clock::TimePoint::max()) return fail(Errc::internal, "the test would hang here");
      phone_.clock.advance_to(deadline);
      return fail(Errc::timeout, "late");
    }
  }
  void clear_stall(std::uint8_t endpoint) override {
    phone_.log.push_back(fmt::format("clear {:02x}", endpoint));
  }
  bool present() const override {
    phone_.run_events();
    return phone_.device && phone_.device->number == number_;
  }

 private:
  void finish(UsbTransfer& transfer, UsbEnd end) {
    transfer.end = end;
    any_ended_ = true;
  }
  void move() {
    if (!present()) {
      for (auto* transfer : reads_) finish(*transfer, UsbEnd::gone);
      for (auto* transfer : writes_) finish(*transfer, UsbEnd::gone);
      reads_.clear();
      writes_.clear();
    }
    for (; !writes_.empty() && written_ < phone_.takes; ++written_) {
      const auto special = phone_.out_ends.find(written_);
      const UsbEnd end = special == phone_.out_ends.end() ? UsbEnd::done : special->second;
      if (end == UsbEnd::done) writes_.front()->actual = writes_.front()->sent.size();
      finish(*writes_.front(), end);
      writes_.pop_front();
    }
    while (!reads_.empty() && !phone_.in_ends.empty()) {
      finish(*reads_.front(), phone_.in_ends.front());
      reads_.pop_front();
      phone_.in_ends.pop_front();
    }
    while (!reads_.empty() && !phone_.says.empty()) {
      UsbTransfer& read = *reads_.front();
      const Bytes packet = std::move(phone_.says.front());
      phone_.says.pop_front();
      std::ranges::copy(packet, read.into.begin() + static_cast<std::ptrdiff_t>(read.actual));
      read.actual += packet.size();
      if (packet.size() == 512 && read.actual < read.into.size()) continue;
      finish(read, UsbEnd::done);
      reads_.pop_front();
    }
  }

  FakeUsbPhone& phone_;
  std::uint16_t number_;
  std::deque<UsbTransfer*> reads_;
  std::deque<UsbTransfer*> writes_;
  std::size_t written_ = 0;
  bool any_ended_ = false;
};

class FakeUsbBus final : public UsbBus {
 public:
  explicit FakeUsbBus(FakeUsbPhone& phone) : phone_(phone) {}
  std::optional<UsbDevice> look_at(const std::string& usb_path) override {
    phone_.run_events();
    return phone_.device && phone_.device->usb_path == usb_path ? phone_.device : std::nullopt;
  }
  Result<std::unique_ptr<UsbHandle>> open(const UsbDevice&) override {
    if (phone_.refuses_open) return fail(*phone_.refuses_open);
    return std::make_unique<FakeUsbHandle>(phone_);
  }
  Clock& clock() override { return phone_.clock; }

 private:
  FakeUsbPhone& phone_;
};

}  // namespace mtk::test
