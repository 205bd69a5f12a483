// SPDX-License-Identifier: Apache-2.0
// What every stage of the phone finds around it: card, registers, the wire to the host, and the ways to end.
#pragma once

#include "base/clock.h"
#include "sim/card.h"

#include <fmt/format.h>

#include <deque>
#include <functional>
#include <map>
#include <optional>

namespace mtk::sim {

using TimePoint = Clock::TimePoint;
using Duration = Clock::Duration;
using std::chrono::milliseconds;

/// What the phone shows on its port.
enum class Bus {
  off,
  brom,
  preloader,
  agent,
  android,  ///< runs, and takes no part in the download protocol
  dead      ///< plugged in, and answers nothing
};

/// Where a stage leads to when it is over.
enum class Exit {
  reset,         ///< watchdog reset: starts anew, keys released
  boot,          ///< goes on to lk and the system
  agent,         ///< JUMP_DA: the uploaded agent runs, the port stays
  second_stage,  ///< the agent's first stage starts the second
  reenumerate,   ///< the agent stays, its port comes back under another identity
  off            ///< leaves the bus for good: powered off or charging
};

/// What an XML agent does that is out to harm its host.
enum class Hostile {
  no,
  path,     ///< asks for files and folders that are not the firmware's
  length,   ///< absurd packet lengths and totals
  xml,      ///< documents that are none
  progress  ///< reports progress for ever
};

/// Faults that a stage itself has to play; those of the wire are in fault.h.
struct StageFaults {
  std::optional<std::uint32_t> nack_status = {};  ///< refuse one packet of a write with this word
  std::uint64_t nack_packet = 1;                  ///< which, counted over all writes of a life
  std::optional<Bytes> memory_id = {};            ///< id the agent sees instead of the card's
  std::optional<std::uint64_t> rotten_byte = {};  ///< byte of the user area in which bit 0 is stored wrong
  bool hostile_counts = false;                    ///< absurd counts and lengths in the agent's answers
  Hostile hostile = Hostile::no;
};

/// Bytes on their way to the host, each with the moment it leaves.
struct OutPiece {
  TimePoint at;
  Bytes data;
};

/// What the first stage of an XFlash agent hands to the second.
struct AgentSettings {
  bool memory_runs = false;
  std::uint32_t checksum_level = 2;  ///< bit 0: packets are summed, bit 1: storage is read back
  std::uint32_t log_channel = 1;     ///< bit 1: USB
  std::uint32_t host_os = 0;         ///< 1 Linux
};

class Board {
 public:
  Board(const Model& phone, Card storage) : model(phone), card(std::move(storage)) {}

  const Model& model;
  Card card;
  TimePoint now{};
  bool transfer_borders = true;  ///< the carrier keeps the host's transfers apart
  bool from_preloader = false;   ///< who started the agent
  bool high_speed = true;
  UsbId agent_id = {};
  Bytes da1;  ///< the uploaded first stage
  Battery battery = Battery::in;
  StageFaults faults;
  std::uint64_t packets_written = 0;
  /// A weak battery lets the phone fall over when the card begins to work.
  bool battery_gives_out() const { return battery == Battery::low && packets_written >= 4; }
  std::string boot_mode = "normal";       ///< where a boot leads: normal, meta, fastboot, ...
  std::string next_boot_mode = "normal";  ///< the same for a boot no tool interferes with, once
  bool preloader_waits = false;           ///< the next preloader listens for ever
  AgentSettings agent;
  std::function<void(std::string_view)> log_line;

  template <class... Args>
  void log(fmt::format_string<Args...> text, Args&&... args) {
    if (log_line) log_line(fmt::format(text, std::forward<Args>(args)...));
  }

  void send(Bytes data);
  void send(ByteView data) { send(Bytes{data.begin(), data.end()}); }
  template <std::unsigned_integral T>
  void send_be(T value) {
    ByteWriter bytes;
    bytes.be(value);
    send(std::move(bytes).take());
  }
  void send_u8(unsigned value) { send_be(static_cast<std::uint8_t>(value)); }

  /// Everything sent from here on leaves that much later.
  void take_time(Duration duration);
  /// The time the card needs for so many bytes.
  void take_card_time(std::uint64_t bytes);

  /// Ends the running stage after `delay`. Only the first call counts until it has happened.
  void leave(Exit where, Duration delay = {});

  /// The id the agent sees on the memory chip, card order.
  const Bytes& memory_id() const { return faults.memory_id ? *faults.memory_id : model.storage.cid; }

  std::uint32_t read_register(std::uint32_t address) const;
  void write_register(std::uint32_t address, std::uint32_t value);
  /// True once when the download flag asks the boot ROM to stay; its window goes to `rom_window`.
  bool take_download_flag();
  void power_off();

  struct Leaving {
    Exit where;
    TimePoint at;
  };
  std::optional<Leaving> leaving;
  std::optional<milliseconds> rom_window;
  std::deque<OutPiece> out;
  std::size_t queued = 0;  ///< bytes in `out`

 private:
  std::map<std::uint32_t, std::uint32_t> registers_;
  TimePoint busy_until_{};
};

}  // namespace mtk::sim
