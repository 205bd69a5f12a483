// SPDX-License-Identifier: Apache-2.0
// The only file that names the library of the redirection protocol.
#include "usbredir.h"

#include "usb_face.h"

#include <poll.h>
#include <sys/socket.h>
#include <usbredirparser.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <deque>
#include <utility>

namespace mtk::phone {

namespace {

/// A change that nothing announces costs no more than this.
constexpr std::chrono::milliseconds idle_turn{250};
/// How long bytes may wait for a host that does not read, once the phone has gone.
constexpr std::chrono::milliseconds last_words{1000};
/// A phone counts its windows from SET_CONFIGURATION, and waits no longer than this for it.
/// Source: docs/protocol/brom.md, Preloader timing.
constexpr std::chrono::seconds enumeration_window{8};
constexpr const char* our_name = "mtkflash-phone";

struct PendingRead {
  std::uint64_t id;
  usb_redir_bulk_packet_header head;
};

std::size_t room_of(const usb_redir_bulk_packet_header& head) {
  return head.length | static_cast<std::size_t>(head.length_high) << 16;
}

void set_length(usb_redir_bulk_packet_header& head, std::size_t size) {
  head.length = static_cast<std::uint16_t>(size);
  head.length_high = static_cast<std::uint16_t>(size >> 16);
}

/// One connection: the cable between the phone and a virtual machine.
class Cable {
 public:
  Cable(sim::Phone& phone, int link, const PhoneLog& log)
      : phone_(phone), link_(link), log_(log), parser_(usbredirparser_create()) {
    usbredirparser& p = *parser_;
    p.priv = this;
    p.log_func = [](void*, int, const char*) {};
    p.read_func = [](void* me, std::uint8_t* data, int size) { return of(me).receive(data, size); };
    p.write_func = [](void* me, std::uint8_t* data, int size) { return of(me).send(data, size); };
    p.hello_func = [](void* me, usb_redir_hello_header*) { of(me).greeted_ = true; };
    p.reset_func = [](void* me) { of(me).reads_.clear(); };
    p.set_configuration_func = [](void* me, std::uint64_t id, usb_redir_set_configuration_header* head) {
      of(me).set_configuration(id, head->configuration);
    };
    p.get_configuration_func = [](void* me, std::uint64_t id) { of(me).tell_configuration(id); };
    p.set_alt_setting_func = [](void* me, std::uint64_t id, usb_redir_set_alt_setting_header* head) {
      of(me).tell_alt_setting(id, head->interface, head->alt);
    };
    p.get_alt_setting_func = [](void* me, std::uint64_t id, usb_redir_get_alt_setting_header* head) {
      of(me).tell_alt_setting(id, head->interface, 0);
    };
    p.start_interrupt_receiving_func = [](void* me, std::uint64_t id,
                                          usb_redir_start_interrupt_receiving_header* head) {
      of(me).tell_interrupt(id, head->endpoint);
    };
    p.stop_interrupt_receiving_func = [](void* me, std::uint64_t id,
                                         usb_redir_stop_interrupt_receiving_header* head) {
      of(me).tell_interrupt(id, head->endpoint);
    };
    p.cancel_data_packet_func = [](void* me, std::uint64_t id) { of(me).cancel(id); };
    p.control_packet_func = [](void* me, std::uint64_t id, usb_redir_control_packet_header* head,
                               std::uint8_t* data, int) { of(me).control(id, *head, data); };
    p.bulk_packet_func = [](void* me, std::uint64_t id, usb_redir_bulk_packet_header* head,
                            std::uint8_t* data, int size) { of(me).bulk(id, *head, data, size); };
    // QEMU's xHCI wants the first three. Bulk receiving is left out on purpose: with it QEMU would read
    // ahead.
    std::array<std::uint32_t, USB_REDIR_CAPS_SIZE> can{};
    for (const int one : {usb_redir_cap_ep_info_max_packet_size, usb_redir_cap_64bits_ids,
                          usb_redir_cap_32bits_bulk_length, usb_redir_cap_connect_device_version})
      usbredirparser_caps_set_cap(can.data(), one);
    usbredirparser_init(&p, our_name, can.data(), USB_REDIR_CAPS_SIZE, usbredirparser_fl_usb_host);
  }
  ~Cable() { usbredirparser_destroy(parser_); }
  Cable(const Cable&) = delete;
  Cable& operator=(const Cable&) = delete;

  /// False when the phone is gone for good or the virtual machine has closed the connection.
  bool turn() {
    if (greeted_ && !plugged_) {
      plugged_ = true;
      phone_.connect(now());
    }
    if (plugged_) {
      pump();  // before the phone may leave
      phone_.advance(now());
      follow();
      pump();
    }
    if (usbredirparser_has_data_to_write(parser_) != 0 && usbredirparser_do_write(parser_) < 0) return false;
    const bool over = plugged_ && phone_.generation() == generation_ && phone_.bus() == sim::Bus::off &&
                      !phone_.next_event();
    return !closed_ && (!over || usbredirparser_has_data_to_write(parser_) != 0);
  }

  void readable() {
    if (usbredirparser_do_read(parser_) != 0) closed_ = true;
  }
  bool wants_to_write() const { return usbredirparser_has_data_to_write(parser_) != 0; }
  /// The phone's time, which stands still while its face is not configured.
  sim::TimePoint now() {
    if (shown_at_ && clock_.now() - *shown_at_ >= enumeration_window) let_time_run();
    return (shown_at_ ? *shown_at_ : clock_.now()) - held_;
  }
  /// Whether the phone waits for the host to read.
  bool has_unsent() const { return sent_ < said_.size(); }

 private:
  static Cable& of(void* me) { return *static_cast<Cable*>(me); }

  int receive(std::uint8_t* data, int size) {
    const ssize_t got = ::recv(link_, data, static_cast<std::size_t>(size), MSG_DONTWAIT);
    if (got > 0) return static_cast<int>(got);
    return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
  }
  int send(const std::uint8_t* data, int size) {
    const ssize_t put = ::send(link_, data, static_cast<std::size_t>(size), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (put >= 0) return static_cast<int>(put);
    return errno == EAGAIN || errno == EINTR ? 0 : -1;
  }

  /// Shows on the bus what the phone has become.
  void follow() {
    if (phone_.generation() == generation_) return;
    if (!over_since_) over_since_ = clock_.now();
    if (has_unsent() && clock_.now() - *over_since_ < last_words) return;
    over_since_.reset();
    generation_ = phone_.generation();
    if (face_) usbredirparser_send_device_disconnect(parser_);
    let_time_run();
    face_.reset();
    reads_.clear();
    said_.clear();
    sent_ = 0;
    if (phone_.bus() == sim::Bus::off) return;
    face_.emplace(phone_.bus(), phone_.usb_id());
    if (face_->has_data_port()) shown_at_ = clock_.now();
    heard_ = false;
    show();
  }

  void let_time_run() {
    if (shown_at_) held_ += clock_.now() - *shown_at_;
    shown_at_.reset();
  }

  void show() {
    usb_redir_ep_info_header endpoints{};
    std::ranges::fill(endpoints.type, std::uint8_t{usb_redir_type_invalid});
    const auto set = [&](std::uint8_t address, std::uint8_t type, std::uint8_t interface,
                         std::uint8_t interval, std::uint16_t packet) {
      const std::size_t at = (address & 0x80U) >> 3 | (address & 0x0fU);
      endpoints.type[at] = type;
      endpoints.interface[at] = interface;
      endpoints.interval[at] = interval;
      endpoints.max_packet_size[at] = packet;
    };
    set(0x00, usb_redir_type_control, 0, 0, usb::control_packet);
    set(0x80, usb_redir_type_control, 0, 0, usb::control_packet);
    usb_redir_interface_info_header interfaces{};
    interfaces.interface_count = 1;
    interfaces.interface_class[0] = 0xff;
    if (face_->has_data_port()) {
      set(usb::bulk_out, usb_redir_type_bulk, usb::data_interface, 0, face_->bulk_packet());
      set(usb::bulk_in, usb_redir_type_bulk, usb::data_interface, 0, face_->bulk_packet());
      set(usb::event_in, usb_redir_type_interrupt, usb::control_interface, usb::event_interval,
          usb::event_packet);
      interfaces.interface_count = 2;
      interfaces.interface[0] = usb::data_interface;
      interfaces.interface_class[0] = 0x0a;
      interfaces.interface[1] = usb::control_interface;
      interfaces.interface_class[1] = 0x02;
      interfaces.interface_subclass[1] = 2;
      interfaces.interface_protocol[1] = 1;
    }
    usbredirparser_send_ep_info(parser_, &endpoints);
    usbredirparser_send_interface_info(parser_, &interfaces);
    usb_redir_device_connect_header device{};
    device.speed = face_->speed() == UsbSpeed::high ? usb_redir_speed_high : usb_redir_speed_full;
    device.device_class = face_->has_data_port() ? 2 : 0;
    device.vendor_id = face_->id().vendor;
    device.product_id = face_->id().product;
    device.device_version_bcd = 0x0100;
    usbredirparser_send_device_connect(parser_, &device);
  }

  /// Gives what the phone says to the reads that wait for it. A read ends where the phone falls silent.
  void pump() {
    while (face_) {
      if (!has_unsent()) {
        said_ = phone_.take_output(now());
        sent_ = 0;
      }
      if (!has_unsent() || reads_.empty()) return;
      PendingRead read = reads_.front();
      reads_.pop_front();
      Bytes piece(said_.begin() + static_cast<std::ptrdiff_t>(sent_),
                  said_.begin() + static_cast<std::ptrdiff_t>(
                                      sent_ + std::min(room_of(read.head), said_.size() - sent_)));
      sent_ += piece.size();
      read.head.status = usb_redir_success;
      set_length(read.head, piece.size());
      usbredirparser_send_bulk_packet(parser_, read.id, &read.head,
                                      static_cast<std::uint8_t*>(static_cast<void*>(piece.data())),
                                      static_cast<int>(piece.size()));
    }
  }

  void set_configuration(std::uint64_t id, std::uint8_t configuration) {
    if (face_) {
      face_->configure(configuration);
      if (shown_at_) log_("usb: configured");
      let_time_run();
    }
    tell_configuration(id);
  }
  void tell_configuration(std::uint64_t id) {
    usb_redir_configuration_status_header answer{};
    answer.status = face_ ? usb_redir_success : usb_redir_ioerror;
    answer.configuration = face_ ? face_->configuration() : 0;
    usbredirparser_send_configuration_status(parser_, id, &answer);
  }
  void tell_alt_setting(std::uint64_t id, std::uint8_t interface, std::uint8_t alt) {
    usb_redir_alt_setting_status_header answer{};
    answer.status = alt == 0 ? usb_redir_success : usb_redir_stall;
    answer.interface = interface;
    usbredirparser_send_alt_setting_status(parser_, id, &answer);
  }
  void tell_interrupt(std::uint64_t id, std::uint8_t endpoint) {
    usb_redir_interrupt_receiving_status_header answer{};
    answer.status = usb_redir_success;
    answer.endpoint = endpoint;
    usbredirparser_send_interrupt_receiving_status(parser_, id, &answer);
  }

  void control(std::uint64_t id, usb_redir_control_packet_header head, std::uint8_t* data) {
    usbredirparser_free_packet_data(parser_, data);
    std::optional<Bytes> answer;
    if (face_) {
      answer = face_->control({head.requesttype, head.request, head.value, head.index, head.length});
      if (face_->line_is_set()) phone_.open(now());
    }
    const bool from_phone = (head.endpoint & 0x80) != 0;
    head.status = answer ? usb_redir_success : usb_redir_stall;
    if (!answer) {
      answer.emplace();
      head.length = 0;
    }
    if (from_phone) head.length = static_cast<std::uint16_t>(answer->size());
    auto* bytes = answer->empty() ? nullptr : static_cast<std::uint8_t*>(static_cast<void*>(answer->data()));
    usbredirparser_send_control_packet(parser_, id, &head, bytes, static_cast<int>(answer->size()));
  }

  void bulk(std::uint64_t id, usb_redir_bulk_packet_header head, std::uint8_t* data, int size) {
    const ByteView bytes{static_cast<const std::byte*>(static_cast<const void*>(data)),
                         static_cast<std::size_t>(size)};
    if ((head.endpoint & 0x80) != 0) {
      reads_.push_back({id, head});
    } else if (face_ && phone_.generation() == generation_) {
      if (!bytes.empty()) {
        if (!std::exchange(heard_, true)) log_("usb: the host speaks");
        phone_.host_wrote(bytes, now());
      }
      // A transfer in which the phone left never ends.
      if (phone_.generation() == generation_) {
        head.status = usb_redir_success;
        usbredirparser_send_bulk_packet(parser_, id, &head, nullptr, 0);
      }
    }
    usbredirparser_free_packet_data(parser_, data);
  }

  void cancel(std::uint64_t id) {
    const auto read = std::ranges::find(reads_, id, &PendingRead::id);
    if (read == reads_.end()) return;
    usb_redir_bulk_packet_header head = read->head;
    reads_.erase(read);
    head.status = usb_redir_cancelled;
    set_length(head, 0);
    usbredirparser_send_bulk_packet(parser_, id, &head, nullptr, 0);
  }

  sim::Phone& phone_;
  int link_;
  const PhoneLog& log_;
  usbredirparser* parser_;
  SystemClock clock_;
  bool greeted_ = false;
  bool plugged_ = false;
  bool closed_ = false;
  unsigned generation_ = 0;
  std::optional<UsbFace> face_;
  std::deque<PendingRead> reads_;
  Bytes said_;
  std::size_t sent_ = 0;
  std::optional<sim::TimePoint> over_since_;
  std::optional<sim::TimePoint> shown_at_;  // a face that is not configured yet
  Clock::Duration held_{};                  // how long the phone's time has stood still
  bool heard_ = false;
};

/// False when it is time to end.
Result<bool> wait_for_something(int stop_fd, int fd, short events, std::chrono::nanoseconds limit) {
  std::array<pollfd, 2> waits{pollfd{.fd = stop_fd, .events = POLLIN, .revents = 0},
                              pollfd{.fd = fd, .events = events, .revents = 0}};
  const timespec left{.tv_sec = 0, .tv_nsec = static_cast<long>(limit.count())};
  if (::ppoll(waits.data(), waits.size(), &left, nullptr) < 0 && errno != EINTR)
    return fail(system_error("wait for the virtual machine"));
  return (waits[0].revents & POLLIN) == 0;
}

}  // namespace

Result<> run_on_usbredir(sim::Phone& phone, Carrier& door, int stop_fd, const PhoneLog& log) {
  SystemClock clock;
  while (true) {
    MTK_TRY_LET(const auto link, door.let_in());
    if (!link) {
      MTK_TRY_LET(const bool go_on, wait_for_something(stop_fd, door.door(), POLLIN, idle_turn));
      if (!go_on) return {};
      continue;
    }
    Cable cable{phone, *link, log};
    while (cable.turn()) {
      auto limit = std::chrono::duration_cast<std::chrono::nanoseconds>(idle_turn);
      if (const auto next = phone.next_event(); next && !cable.has_unsent())
        limit = std::clamp(*next - cable.now(), std::chrono::nanoseconds{0}, limit);
      const auto events = static_cast<short>(cable.wants_to_write() ? POLLIN | POLLOUT : POLLIN);
      MTK_TRY_LET(const bool go_on, wait_for_something(stop_fd, *link, events, limit));
      if (!go_on) return {};
      cable.readable();
    }
    phone.unplug(clock.now());
    MTK_TRY(door.drop());
  }
}

}  // namespace mtk::phone
