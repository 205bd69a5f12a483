// SPDX-License-Identifier: Apache-2.0
#include "transport/usb/usb_place.h"

#include "transport/holders.h"
#include "transport/retry.h"
#include "transport/serial.h"

namespace mtk {
namespace {
/// Looked up once, at the end: every process is asked for what it has open.
void name_holder(Error& error, const std::string& usb_path, const SystemRoots& roots) {
  const auto device = usb_device_at(roots, usb_path);
  if (!device) return;
  std::vector<std::filesystem::path> nodes{usb_node_of(roots, *device)};
  if (const auto tty = usb_tty_at(roots, usb_path)) nodes.push_back(roots.dev / tty->name);
  error.what = who_holds(roots, std::move(nodes));
}

}  // namespace

SerialOptions serial_port_at(const UsbOptions& options, const SystemRoots& roots) {
  const auto locate = [options, roots]() -> std::optional<TtyPlace> {
    const auto tty = usb_tty_at(roots, options.usb_path);
    if (!tty) return std::nullopt;
    const auto identity = options.identify(tty->vid, tty->pid);
    if (!identity) return std::nullopt;
    return TtyPlace{(roots.dev / tty->name).string(), *identity};
  };
  return SerialOptions{.name = "usb:" + options.usb_path, .locate = locate};
}

Result<std::unique_ptr<Transport>> open_usb_place(const UsbOptions& options, const SystemRoots& roots,
                                                  const Wait& wait) {
  using namespace std::chrono_literals;
  std::unique_ptr<Transport> link;
  const auto attempt = [&]() -> Result<> {
    auto usb = UsbTransport::open(system_usb(roots), options, 0s);
    if (usb) {
      link = std::move(*usb);
      return {};
    }
    auto tty = SerialTransport::open(serial_port_at(options, roots), 0s);
    if (tty) {
      link = std::move(*tty);
      return {};
    }
    Error error = std::move(usb.error().code == Errc::timeout ? tty.error() : usb.error());
    if (error.code == Errc::timeout) error.code = Errc::disconnected;  // not there yet
    return fail(std::move(error));
  };
  auto opened = retry_until_there(attempt, wait.deadline(SystemClock{}.now()), wait.stop);
  if (!opened && opened.error().code == Errc::busy) name_holder(opened.error(), options.usb_path, roots);
  MTK_TRY(std::move(opened));
  return link;
}

}  // namespace mtk
