// SPDX-License-Identifier: Apache-2.0
#include "transport/serial.h"

#include "transport/holders.h"
#include "transport/retry.h"
#include "transport/tty_settings.h"

#include <fmt/format.h>

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>

namespace mtk {
namespace {

/// Errors: disconnected (nothing there now), busy, usage, io.
Result<UniqueFd> open_exclusively(const std::string& path, std::uint32_t baud) {
  UniqueFd tty{::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
  if (!tty) {
    switch (errno) {
      case EACCES:
      case EPERM:
        return fail(Errc::denied, fmt::format("no permission to open {}", path));
      case EBUSY:
        return fail(Errc::busy, fmt::format("another program holds {}", path));
      case ENOENT:
      case ENXIO:
      case ENODEV:
      case EIO:
        return fail(Errc::disconnected, fmt::format("no phone at {}", path));
      case EISDIR:
      case ENOTDIR:
        return fail(Errc::usage, fmt::format("{} is not a serial port", path));
      default:
        return fail(Errc::io, system_error_text("open " + path, errno));
    }
  }
  if (flock(tty.get(), LOCK_EX | LOCK_NB) != 0)
    return fail(Errc::busy, fmt::format("another program holds {}", path));
  if (is_claimed(tty)) return fail(Errc::busy, fmt::format("another program holds {}", path));
  MTK_TRY(in(make_raw(tty, baud), "open " + path));
  claim_lines(tty);
  return tty;
}

}  // namespace

Result<std::unique_ptr<SerialTransport>> SerialTransport::open(SerialOptions options, const Wait& wait) {
  std::unique_ptr<SerialTransport> port{new SerialTransport{std::move(options)}};
  MTK_TRY(port->open_within(wait.deadline(port->clock_.now()), wait.stop));
  return port;
}

Result<std::unique_ptr<SerialTransport>> SerialTransport::open(const std::string& path, const Wait& wait) {
  return open(SerialOptions{.name = "tty:" + path, .locate = [path] { return TtyPlace{path}; }}, wait);
}

SerialTransport::~SerialTransport() = default;

Result<> SerialTransport::try_to_open() {
  const auto place = options_.locate();
  if (!place) return fail(Errc::disconnected, fmt::format("no phone at {}", options_.name));
  MTK_TRY_LET(UniqueFd tty, open_exclusively(place->path, options_.baud));
  stream_.attach(std::move(tty));
  identity_ = place->identity;
  return {};
}

Result<> SerialTransport::open_within(Clock::TimePoint deadline, const std::stop_token& stop) {
  auto opened = retry_until_there([this] { return try_to_open(); }, deadline, stop);
  if (!opened && opened.error().code == Errc::busy) {
    if (const auto place = options_.locate()) opened.error().what = who_holds({}, {place->path});
  }
  return opened;
}

Result<std::size_t> SerialTransport::read_some(std::span<std::byte> into, const Wait& wait, Content) {
  return stream_.read_some(into, wait);
}

Result<> SerialTransport::write(std::span<const ByteView> parts, const Wait& wait, Content) {
  auto written = stream_.write(parts, wait);
  if (!written) drop_unsent(stream_.fd());
  return written;
}

Result<> SerialTransport::reopen(UsbIdentity, const Wait& wait) {
  const auto deadline = wait.deadline(clock_.now());
  MTK_TRY(stream_.wait_until_gone(wait));
  return open_within(deadline, wait.stop);
}

}  // namespace mtk
