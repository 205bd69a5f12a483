// SPDX-License-Identifier: Apache-2.0
#include "transport/faulty.h"

#include <algorithm>

namespace mtk {

FaultyTransport::FaultyTransport(std::unique_ptr<Transport> link, std::vector<Fault> faults,
                                 std::function<void()> on_cut)
    : link_(std::move(link)), faults_(std::move(faults)), on_cut_(std::move(on_cut)) {}

/// Bytes that pass before the fault strikes; one that was overtaken strikes at once.
std::uint64_t FaultyTransport::distance(const Fault& fault) const {
  const std::uint64_t counted =
      fault.direction ? passed(*fault.direction) : passed(Direction::to_phone) + passed(Direction::to_host);
  return fault.at_byte - std::min(fault.at_byte, counted);
}

std::vector<Fault>::iterator FaultyTransport::next_fault(Direction direction) {
  auto nearest = faults_.end();
  for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
    if (fault->direction.value_or(direction) != direction) continue;
    if (nearest == faults_.end() || distance(*fault) < distance(*nearest)) nearest = fault;
  }
  return nearest;
}

void FaultyTransport::pass(Direction direction, std::uint64_t size) {
  passed_[static_cast<std::size_t>(direction)] += size;
}

Error FaultyTransport::cut() {
  lost_ = true;
  if (on_cut_) on_cut_();
  return {.code = Errc::disconnected, .what = "cut on demand"};
}

Result<std::size_t> FaultyTransport::read_some(std::span<std::byte> into, const Wait& wait, Content content) {
  if (into.empty()) return std::size_t{0};
  if (again_) {
    into.front() = *again_;
    again_.reset();
    return std::size_t{1};
  }
  if (lost_) return fail(Errc::disconnected, "cut on demand");
  const auto next = next_fault(Direction::to_host);
  if (next != faults_.end() && distance(*next) == 0) {
    const Fault fault = *next;
    faults_.erase(next);
    return read_through(fault, into, wait, content);
  }
  // Not past the next fault, so that it strikes at the start of a read.
  const auto until = next == faults_.end() ? into.size() : distance(*next);
  const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), until));
  MTK_TRY_LET(const std::size_t got, link_->read_some(into.first(room), wait, content));
  pass(Direction::to_host, got);
  return got;
}

/// Reads where a fault strikes. What the link did not deliver in time is waited for by the next call, with
/// the rest of the fault.
Result<std::size_t> FaultyTransport::read_through(Fault fault, std::span<std::byte> into, const Wait& wait,
                                                  Content content) {
  const auto deadline = wait.deadline(clock().now());
  const auto left = [&] { return Wait{deadline - clock().now(), wait.stop}; };
  if (fault.kind == Fault::Kind::cut) return fail(cut());
  if (fault.kind == Fault::Kind::delay) {
    const auto now = std::min(fault.delay, left().timeout);
    clock().sleep(now, wait.stop);
    fault.delay -= now;
    if (fault.delay > Clock::Duration::zero() || wait.stop.stop_requested()) {
      faults_.push_back(fault);
      return wait.stop.stop_requested() ? fail(Errc::cancelled, "stopped by the user")
                                        : fail(Errc::timeout, "phone silent");
    }
    return read_some(into, left(), content);
  }

  std::byte byte{};
  do {
    const auto got = link_->read_some(std::span{&byte, 1}, left(), content);
    if (!got) {
      faults_.push_back(fault);
      return got;
    }
    pass(Direction::to_host, 1);
    // The rest of a shortened transfer counts from here, wherever the fault began.
    fault.at_byte = 0;
  } while (fault.kind == Fault::Kind::shorten && --fault.count > 0);
  if (fault.kind == Fault::Kind::shorten) return read_some(into, left(), content);

  if (fault.kind == Fault::Kind::flip) byte ^= fault.mask;
  if (fault.kind == Fault::Kind::duplicate) again_ = byte;
  into.front() = byte;
  return std::size_t{1};
}

/// Changes an outgoing transfer where a fault strikes it; what lies before `position` has passed.
void FaultyTransport::strike(const Fault& fault, Bytes& transfer, std::size_t& position) {
  const auto here = transfer.begin() + static_cast<std::ptrdiff_t>(position);
  std::uint64_t passes = 1;
  switch (fault.kind) {
    case Fault::Kind::cut:
      transfer.erase(here, transfer.end());
      return;
    case Fault::Kind::delay:
      return;
    case Fault::Kind::shorten:
      passes = std::min<std::uint64_t>(fault.count, transfer.size() - position);
      transfer.erase(here, here + static_cast<std::ptrdiff_t>(passes));
      break;
    case Fault::Kind::flip:
      *here ^= fault.mask;
      position += 1;
      break;
    case Fault::Kind::duplicate:
      transfer.insert(here, std::byte{*here});
      position += 2;
      break;
  }
  pass(Direction::to_phone, passes);
}

Result<> FaultyTransport::write(std::span<const ByteView> parts, const Wait& wait, Content content) {
  if (lost_) return fail(Errc::disconnected, "cut on demand");
  const auto deadline = wait.deadline(clock().now());
  ByteWriter joined;
  for (const ByteView part : parts) joined.bytes(part);
  Bytes transfer = std::move(joined).take();

  bool is_cut = false;
  std::size_t position = 0;
  for (auto next = next_fault(Direction::to_phone);
       !is_cut && next != faults_.end() && distance(*next) < transfer.size() - position;
       next = next_fault(Direction::to_phone)) {
    const Fault fault = *next;
    faults_.erase(next);
    const std::uint64_t before = distance(fault);
    pass(Direction::to_phone, before);
    position += static_cast<std::size_t>(before);
    clock().sleep(std::min(fault.delay, deadline - clock().now()), wait.stop);
    strike(fault, transfer, position);
    is_cut = fault.kind == Fault::Kind::cut;
  }
  pass(Direction::to_phone, transfer.size() - position);

  if (!transfer.empty()) {
    const std::array<ByteView, 1> changed{transfer};
    MTK_TRY(link_->write(changed, Wait{deadline - clock().now(), wait.stop}, content));
  }
  if (is_cut) return fail(cut());
  return {};
}

Result<> FaultyTransport::reopen(UsbIdentity expected, const Wait& wait) {
  MTK_TRY(link_->reopen(expected, wait));
  lost_ = false;
  again_.reset();
  return {};
}

}  // namespace mtk
