// SPDX-License-Identifier: Apache-2.0
// A whole phone behind its USB port, in virtual time: whoever drives it says what the host wrote and how late
// it is. No threads, no sleeping. Front ends: in-process tests, mtkflash-phone.
#pragma once

#include "sim/boot_check.h"
#include "sim/fault.h"
#include "sim/stage.h"

namespace mtk::sim {

/// What is pressed when the cable goes in.
enum class Entry {
  cold,  ///< nothing: the preloader when it is good, otherwise the boot ROM
  brom   ///< the keys for the boot ROM
};

struct PhoneOptions {
  Entry entry = Entry::cold;
  /// Whether host_wrote() sees each transfer of the host as one call; over pty and sockets it does not.
  bool transfer_borders = true;
  /// After a change of identity the phone's time stands still until open() or plug(): for carriers whose
  /// next connection is the new device.
  bool waits_for_open = false;
  Faults faults = {};
  std::function<void(std::string_view)> log = {};
};

class Phone {
 public:
  /// Errors: io, usage (the folder holds another phone).
  static Result<std::unique_ptr<Phone>> create(Model model, const std::filesystem::path& state_folder,
                                               PhoneOptions options = {});
  Phone(Model model, Card card, PhoneOptions options);
  Phone(const Phone&) = delete;
  Phone& operator=(const Phone&) = delete;

  /// The cable goes in and the host opens the port (SET_LINE_CODING). A phone that is off starts.
  void plug(TimePoint now);
  /// The cable goes in; nobody has opened the port yet. A phone that is off starts.
  void connect(TimePoint now);
  /// The host opens the port of the identity that is there now.
  void open(TimePoint now);
  /// The cable comes out; the phone is switched off.
  void unplug(TimePoint now);
  void insert_battery(TimePoint now);

  /// One transfer of the host.
  void host_wrote(ByteView transfer, TimePoint now);
  /// What has left the phone by now, in order.
  Bytes take_output(TimePoint now);
  /// When advance() or take_output() has something to do, if ever.
  std::optional<TimePoint> next_event() const;
  void advance(TimePoint now);

  Bus bus() const { return bus_; }
  /// Meaningful while the bus is not off.
  UsbId usb_id() const { return usb_id_; }
  /// Grows whenever the port goes or another one comes.
  unsigned generation() const { return generation_; }
  /// Whether the phone is between two identities and the next one takes part in this protocol.
  bool port_comes_back() const { return pending_ && pending_->what != Appear::android; }
  /// What the phone is up to outside of the bus: normal, meta, fastboot, ...
  const std::string& boot_mode() const { return board_.boot_mode; }
  const Model& model() const { return model_; }
  Card& card() { return board_.card; }
  BootReport boot_report() const { return check_boot(model_, board_.card); }

 private:
  enum class Appear { start, android, agent };
  struct Pending {
    Appear what;
    TimePoint at;
  };

  void settle();
  void come_out(Appear what);
  void go(Exit where);
  void start_up();
  void run(std::unique_ptr<Stage> stage, Bus bus, UsbId id);
  void leave_bus();
  void come_back_as(Appear what);
  bool play_wire_faults(Bytes& bytes, bool from_host);

  Model model_;
  PhoneOptions options_;
  Board board_;
  std::unique_ptr<Stage> stage_;
  Bus bus_ = Bus::off;
  UsbId usb_id_;
  unsigned generation_ = 0;
  bool cable_ = false;
  bool open_ = false;
  bool keys_held_ = false;
  bool silent_ = false;
  std::optional<Pending> pending_;
  std::optional<TimePoint> battery_at_;
  std::uint64_t host_bytes_ = 0;
  std::uint64_t phone_bytes_ = 0;
};

}  // namespace mtk::sim
