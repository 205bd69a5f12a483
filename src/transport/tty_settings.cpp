// SPDX-License-Identifier: Apache-2.0
// Uses the kernel's own structure: the C library's cannot name every rate. Both cannot be included together.
#include "transport/tty_settings.h"

#include <cerrno>

#include <asm/termbits.h>
#include <sys/ioctl.h>

namespace mtk {

Result<> make_raw(const UniqueFd& tty, std::uint32_t baud) {
  termios2 settings{};
  if (ioctl(tty.get(), TCGETS2, &settings) == 0) {
    settings.c_iflag = 0;
    settings.c_oflag = 0;
    settings.c_lflag = 0;
    // HUPCL lowers DTR on close: a preloader waits for that after a boot-mode token.
    settings.c_cflag = BOTHER | CS8 | CREAD | CLOCAL | HUPCL;
    settings.c_ispeed = baud;
    settings.c_ospeed = baud;
    settings.c_cc[VMIN] = 1;  // with 0 an idle port would read like one that is gone
    settings.c_cc[VTIME] = 0;
    if (ioctl(tty.get(), TCSETS2, &settings) == 0) return {};
  }
  if (errno == ENOTTY) return fail(Errc::usage, "not a serial port");
  if (errno == EIO || errno == ENODEV || errno == ENXIO)
    return fail(Errc::disconnected, "port vanished while it was set up");
  return fail(Errc::io, system_error_text("set up the serial port", errno));
}

void claim_lines(const UniqueFd& tty) {
  const int lines = TIOCM_DTR | TIOCM_RTS;
  if (ioctl(tty.get(), TIOCMBIS, &lines) == 0) ioctl(tty.get(), TIOCEXCL);
}

bool is_claimed(const UniqueFd& tty) {
  int claimed = 0;
  return ioctl(tty.get(), TIOCGEXCL, &claimed) == 0 && claimed != 0;
}

void drop_unsent(const UniqueFd& tty) {
  if (tty) ioctl(tty.get(), TCFLSH, TCOFLUSH);
}

}  // namespace mtk
