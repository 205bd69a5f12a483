// SPDX-License-Identifier: Apache-2.0
// usb_well SOCKET: a USB device for a virtual machine that takes whatever is written to it and never runs
// dry. It describes itself as a preloader; no phone is behind it, so what is measured is the way there.
#include "apps/phone/usb_face.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <usbredirparser.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <string_view>

namespace {

using namespace mtk;
namespace usb = phone::usb;

class Well {
 public:
  explicit Well(int link) : link_(link), parser_(usbredirparser_create()) {
    usbredirparser& p = *parser_;
    p.priv = this;
    p.log_func = [](void*, int, const char*) {};
    p.read_func = [](void* me, std::uint8_t* data, int size) {
      const ssize_t got = ::recv(of(me).link_, data, static_cast<std::size_t>(size), MSG_DONTWAIT);
      return got > 0 ? static_cast<int>(got) : got < 0 && errno == EAGAIN ? 0 : -1;
    };
    p.write_func = [](void* me, std::uint8_t* data, int size) {
      const ssize_t put =
          ::send(of(me).link_, data, static_cast<std::size_t>(size), MSG_DONTWAIT | MSG_NOSIGNAL);
      return put >= 0 ? static_cast<int>(put) : errno == EAGAIN ? 0 : -1;
    };
    p.hello_func = [](void* me, usb_redir_hello_header*) { of(me).show(); };
    p.reset_func = [](void*) {};
    p.set_configuration_func = [](void* me, std::uint64_t id, usb_redir_set_configuration_header* head) {
      usb_redir_configuration_status_header done{usb_redir_success, head->configuration};
      usbredirparser_send_configuration_status(of(me).parser_, id, &done);
    };
    p.get_configuration_func = [](void* me, std::uint64_t id) {
      usb_redir_configuration_status_header answer{usb_redir_success, 1};
      usbredirparser_send_configuration_status(of(me).parser_, id, &answer);
    };
    p.get_alt_setting_func = [](void* me, std::uint64_t id, usb_redir_get_alt_setting_header* head) {
      usb_redir_alt_setting_status_header answer{usb_redir_success, head->interface, 0};
      usbredirparser_send_alt_setting_status(of(me).parser_, id, &answer);
    };
    p.set_alt_setting_func = [](void* me, std::uint64_t id, usb_redir_set_alt_setting_header* head) {
      usb_redir_alt_setting_status_header done{usb_redir_success, head->interface, 0};
      usbredirparser_send_alt_setting_status(of(me).parser_, id, &done);
    };
    p.start_interrupt_receiving_func = [](void* me, std::uint64_t id,
                                          usb_redir_start_interrupt_receiving_header* head) {
      of(me).tell_interrupt(id, head->endpoint);
    };
    p.stop_interrupt_receiving_func = [](void* me, std::uint64_t id,
                                         usb_redir_stop_interrupt_receiving_header* head) {
      of(me).tell_interrupt(id, head->endpoint);
    };
    p.cancel_data_packet_func = [](void*, std::uint64_t) {};  // everything has been answered
    p.control_packet_func = [](void* me, std::uint64_t id, usb_redir_control_packet_header* head,
                               std::uint8_t* data, int) { of(me).control(id, *head, data); };
    p.bulk_packet_func = [](void* me, std::uint64_t id, usb_redir_bulk_packet_header* head,
                            std::uint8_t* data, int) { of(me).bulk(id, *head, data); };
    std::array<std::uint32_t, USB_REDIR_CAPS_SIZE> can{};
    for (const int one : {usb_redir_cap_ep_info_max_packet_size, usb_redir_cap_64bits_ids,
                          usb_redir_cap_32bits_bulk_length, usb_redir_cap_connect_device_version})
      usbredirparser_caps_set_cap(can.data(), one);
    usbredirparser_init(&p, "usb_well", can.data(), USB_REDIR_CAPS_SIZE, usbredirparser_fl_usb_host);
  }
  ~Well() { usbredirparser_destroy(parser_); }
  Well(const Well&) = delete;
  Well& operator=(const Well&) = delete;

  void serve() {
    for (bool open = true; open;) {
      if (usbredirparser_has_data_to_write(parser_) != 0 && usbredirparser_do_write(parser_) < 0) return;
      const bool unsent = usbredirparser_has_data_to_write(parser_) != 0;
      pollfd wait{
          .fd = link_, .events = static_cast<short>(unsent ? POLLIN | POLLOUT : POLLIN), .revents = 0};
      if (::poll(&wait, 1, -1) < 0 && errno != EINTR) return;
      open = usbredirparser_do_read(parser_) == 0;
    }
  }

 private:
  static Well& of(void* me) { return *static_cast<Well*>(me); }

  void show() {
    usb_redir_ep_info_header endpoints{};
    std::ranges::fill(endpoints.type, std::uint8_t{usb_redir_type_invalid});
    const auto set = [&](std::uint8_t address, std::uint8_t type, std::uint8_t interface,
                         std::uint16_t packet) {
      const std::size_t at = (address & 0x80U) >> 3 | (address & 0x0fU);
      endpoints.type[at] = type;
      endpoints.interface[at] = interface;
      endpoints.interval[at] = type == usb_redir_type_interrupt ? usb::event_interval : 0;
      endpoints.max_packet_size[at] = packet;
    };
    set(0x00, usb_redir_type_control, 0, usb::control_packet);
    set(0x80, usb_redir_type_control, 0, usb::control_packet);
    set(usb::bulk_out, usb_redir_type_bulk, usb::data_interface, face_.bulk_packet());
    set(usb::bulk_in, usb_redir_type_bulk, usb::data_interface, face_.bulk_packet());
    set(usb::event_in, usb_redir_type_interrupt, usb::control_interface, usb::event_packet);
    usb_redir_interface_info_header interfaces{};
    interfaces.interface_count = 2;
    interfaces.interface[0] = usb::data_interface;
    interfaces.interface_class[0] = 0x0a;
    interfaces.interface[1] = usb::control_interface;
    interfaces.interface_class[1] = 0x02;
    usbredirparser_send_ep_info(parser_, &endpoints);
    usbredirparser_send_interface_info(parser_, &interfaces);
    usb_redir_device_connect_header device{};
    device.speed = usb_redir_speed_high;
    device.device_class = 2;
    device.vendor_id = face_.id().vendor;
    device.product_id = face_.id().product;
    device.device_version_bcd = 0x0100;
    usbredirparser_send_device_connect(parser_, &device);
  }

  void tell_interrupt(std::uint64_t id, std::uint8_t endpoint) {
    usb_redir_interrupt_receiving_status_header done{usb_redir_success, endpoint};
    usbredirparser_send_interrupt_receiving_status(parser_, id, &done);
  }

  void control(std::uint64_t id, usb_redir_control_packet_header head, std::uint8_t* data) {
    usbredirparser_free_packet_data(parser_, data);
    auto answer = face_.control({head.requesttype, head.request, head.value, head.index, head.length});
    head.status = answer ? usb_redir_success : usb_redir_stall;
    if (!answer) answer.emplace();
    if ((head.endpoint & 0x80) != 0) head.length = static_cast<std::uint16_t>(answer->size());
    auto* bytes = answer->empty() ? nullptr : static_cast<std::uint8_t*>(static_cast<void*>(answer->data()));
    usbredirparser_send_control_packet(parser_, id, &head, bytes, static_cast<int>(answer->size()));
  }

  void bulk(std::uint64_t id, usb_redir_bulk_packet_header head, std::uint8_t* data) {
    usbredirparser_free_packet_data(parser_, data);
    const std::size_t size = head.length | static_cast<std::size_t>(head.length_high) << 16;
    const bool in = (head.endpoint & 0x80) != 0;
    if (in && water_.size() < size) water_.resize(size);
    head.status = usb_redir_success;
    usbredirparser_send_bulk_packet(parser_, id, &head, in ? water_.data() : nullptr,
                                    in ? static_cast<int>(size) : 0);
  }

  int link_;
  usbredirparser* parser_;
  phone::UsbFace face_{sim::Bus::preloader, {0x0e8d, 0x2000}};
  std::vector<std::uint8_t> water_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::string_view path = argc == 2 ? argv[1] : "";
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof name.sun_path) return 2;
  std::ranges::copy(path, std::begin(name.sun_path));
  const int door = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  // The C interface takes every kind of address through this one type.
  const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&name));
  if (::bind(door, generic, sizeof name) != 0 || ::listen(door, 1) != 0) return 1;
  std::puts("listening");
  std::fflush(stdout);
  const int link = ::accept(door, nullptr, nullptr);
  if (link < 0) return 1;
  Well{link}.serve();
  return 0;
}
