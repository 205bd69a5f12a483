// SPDX-License-Identifier: Apache-2.0
#include "sim/phone.h"

#include "sim/agents.h"
#include "sim/brom.h"
#include "sim/preloader.h"

#include <algorithm>

namespace mtk::sim {

Result<std::unique_ptr<Phone>> Phone::create(Model model, const std::filesystem::path& state_folder,
                                             PhoneOptions options) {
  if (options.faults.battery) model.power.battery = *options.faults.battery;
  if (options.faults.write_mib_s) model.storage.write_mib_s = *options.faults.write_mib_s;
  MTK_TRY_LET(Card card, Card::open(model, state_folder));
  return std::make_unique<Phone>(std::move(model), std::move(card), std::move(options));
}

Phone::Phone(Model model, Card card, PhoneOptions options)
    : model_(std::move(model)), options_(std::move(options)), board_(model_, std::move(card)) {
  board_.transfer_borders = options_.transfer_borders;
  board_.battery = model_.power.battery;
  board_.faults = options_.faults.stage;
  board_.log_line = options_.log;
}

void Phone::plug(TimePoint now) {
  if (cable_) return open(now);
  open_ = true;
  connect(now);
}

void Phone::connect(TimePoint now) {
  if (cable_) return;
  board_.now = now;
  cable_ = true;
  keys_held_ = options_.entry == Entry::brom;
  board_.log("phone: cable in{}", keys_held_ ? ", keys held" : "");
  if (options_.faults.face) {
    bus_ = options_.faults.face->bus;
    usb_id_ = options_.faults.face->id;
    ++generation_;
    board_.log("fault: {}", bus_ == Bus::dead ? "answers nothing" : "is not off");
    return;
  }
  start_up();
  settle();
}

void Phone::open(TimePoint now) {
  board_.now = now;
  if (!cable_ || open_) return;
  open_ = true;
  if (options_.waits_for_open && pending_) {
    const Appear what = pending_->what;
    pending_.reset();
    come_out(what);
  }
  if (stage_ && bus_ != Bus::off) stage_->port_opened();
  settle();
}

void Phone::unplug(TimePoint now) {
  if (!cable_) return;
  board_.now = now;
  board_.log("phone: cable out");
  if (bus_ != Bus::off) leave_bus();
  stage_.reset();
  pending_.reset();
  battery_at_.reset();
  board_.power_off();
  board_.battery = model_.power.battery;
  cable_ = false;
  open_ = false;
  silent_ = false;
}

void Phone::insert_battery(TimePoint now) {
  board_.now = now;
  battery_at_.reset();
  if (board_.battery != Battery::out) return;
  board_.battery = Battery::in;
  board_.log("phone: battery in");
  if (bus_ == Bus::agent && stage_) stage_->start();
}

void Phone::host_wrote(ByteView transfer, TimePoint now) {
  board_.now = std::max(now, board_.now);
  if (bus_ == Bus::off || bus_ == Bus::android || !stage_) {
    board_.log("phone: {} bytes for a phone that is not there", transfer.size());
    return;
  }
  if (options_.faults.wire.empty()) {
    stage_->receive(transfer);
    return settle();
  }
  Bytes bytes{transfer.begin(), transfer.end()};
  const bool cut = play_wire_faults(bytes, true);
  if (!bytes.empty()) {
    stage_->receive(bytes);
    settle();
  }
  if (cut) unplug(board_.now);
}

Bytes Phone::take_output(TimePoint now) {
  Bytes out;
  if (bus_ == Bus::off) return out;
  while (!board_.out.empty() && board_.out.front().at <= now) {
    Bytes& piece = board_.out.front().data;
    board_.queued -= piece.size();
    if (out.empty()) {
      out = std::move(piece);
    } else {
      out.insert(out.end(), piece.begin(), piece.end());
    }
    board_.out.pop_front();
  }
  if (!out.empty() && !options_.faults.wire.empty()) {
    board_.now = std::max(now, board_.now);
    if (play_wire_faults(out, false)) unplug(board_.now);
  }
  return out;
}

/// Counts bytes and changes them; true when the link breaks behind what is left of them.
bool Phone::play_wire_faults(Bytes& bytes, bool from_host) {
  std::uint64_t& own = from_host ? host_bytes_ : phone_bytes_;
  bool cut = false;
  std::size_t keep = silent_ ? 0 : bytes.size();
  for (WireFault& fault : options_.faults.wire) {
    if (fault.spent || (fault.wire == Wire::host && !from_host) || (fault.wire == Wire::phone && from_host))
      continue;
    const std::uint64_t before = fault.wire == Wire::both ? host_bytes_ + phone_bytes_ : own;
    if (fault.at < before || fault.at >= before + bytes.size()) continue;
    const auto index = static_cast<std::size_t>(fault.at - before);
    fault.spent = true;
    switch (fault.kind) {
      case WireFault::Kind::cut:
        board_.log("fault: link cut at byte {}", fault.at);
        cut = true;
        keep = std::min(keep, index);
        break;
      case WireFault::Kind::silence:
        board_.log("fault: silence from byte {}", fault.at);
        silent_ = true;
        keep = std::min(keep, index);
        break;
      case WireFault::Kind::flip:
        board_.log("fault: byte {} flipped", fault.at);
        bytes[index] ^= std::byte{1};
        break;
    }
  }
  own += bytes.size();
  bytes.resize(keep);
  return cut;
}

std::optional<TimePoint> Phone::next_event() const {
  std::optional<TimePoint> next;
  const auto consider = [&](std::optional<TimePoint> when) {
    if (when && (!next || *when < *next)) next = when;
  };
  if (bus_ != Bus::off && !board_.out.empty()) consider(board_.out.front().at);
  if (stage_ && bus_ != Bus::off) consider(stage_->next_event());
  if (board_.leaving) consider(board_.leaving->at);
  if (pending_ && !options_.waits_for_open) consider(pending_->at);
  consider(battery_at_);
  return next;
}

void Phone::advance(TimePoint now) {
  board_.now = std::max(now, board_.now);
  if (battery_at_ && board_.now >= *battery_at_) insert_battery(board_.now);
  if (stage_ && bus_ != Bus::off) stage_->advance();
  settle();
  if (pending_ && !options_.waits_for_open && board_.now >= pending_->at) {
    const Appear what = pending_->what;
    pending_.reset();
    come_out(what);
    settle();
  }
}

void Phone::settle() {
  while (board_.leaving && board_.leaving->at <= board_.now) {
    const Exit where = board_.leaving->where;
    board_.leaving.reset();
    go(where);
  }
}

void Phone::go(Exit where) {
  switch (where) {
    case Exit::agent:
      board_.high_speed = model_.agent.high_speed;
      board_.log("agent: first stage runs");
      run(make_first_stage(board_), Bus::agent, usb_id_);
      if (board_.battery == Battery::out && options_.faults.battery_in_after)
        battery_at_ = board_.now + *options_.faults.battery_in_after;
      return;
    case Exit::second_stage:
      return run(make_second_stage(board_), Bus::agent, usb_id_);
    case Exit::reenumerate:
      leave_bus();
      return come_back_as(Appear::agent);
    case Exit::reset:
      board_.log("phone: reset");
      leave_bus();
      stage_.reset();
      board_.da1.clear();
      board_.from_preloader = false;
      keys_held_ = board_.take_download_flag();
      return come_back_as(Appear::start);
    case Exit::boot: {
      leave_bus();
      stage_.reset();
      const BootReport report = boot_report();
      board_.log("phone: boots ({}): {}", board_.boot_mode, report.why);
      if (report.reached == BootStage::android) come_back_as(Appear::android);
      return;
    }
    case Exit::off:
      board_.log("phone: off the bus for good");
      leave_bus();
      stage_.reset();
      return;
  }
}

void Phone::leave_bus() {
  bus_ = Bus::off;
  open_ = false;
  ++generation_;
  board_.out.clear();
  board_.queued = 0;
}

void Phone::come_back_as(Appear what) {
  pending_ = Pending{.what = what, .at = board_.now + milliseconds{model_.usb.gap_ms}};
}

void Phone::come_out(Appear what) {
  switch (what) {
    case Appear::start:
      return start_up();
    case Appear::android:
      bus_ = Bus::android;
      usb_id_ = model_.usb.android;
      ++generation_;
      return;
    case Appear::agent:
      bus_ = Bus::agent;
      usb_id_ = board_.agent_id;
      ++generation_;
      return;
  }
}

void Phone::start_up() {
  const Check preloader = check_preloader(board_.card);
  ++generation_;
  if (keys_held_ || !preloader.ok) {
    board_.log("phone: boot ROM: {}", keys_held_ ? "asked for" : preloader.why);
    keys_held_ = false;
    return run(std::make_unique<Brom>(board_), Bus::brom, model_.usb.brom);
  }
  if (const Check memory = check_memory_settings(model_, board_.card); !memory.ok) {
    board_.log("phone: {}; it resets again and again and shows no port", memory.why);
    return;
  }
  board_.log("phone: preloader");
  run(std::make_unique<Preloader>(board_), Bus::preloader, model_.usb.preloader);
}

void Phone::run(std::unique_ptr<Stage> stage, Bus bus, UsbId id) {
  stage_ = std::move(stage);
  bus_ = bus;
  usb_id_ = id;
  stage_->start();
  if (open_) stage_->port_opened();
}

}  // namespace mtk::sim
