// SPDX-License-Identifier: Apache-2.0
#include "transport/tty_settings.h"

#include "transport/test_pty.h"

#include <gtest/gtest.h>

#include <asm/termbits.h>
#include <sys/ioctl.h>

namespace mtk {

TEST(TtySettings, any_rate_can_be_set) {
  test::TempFolder folder;
  test::PtyPhone phone{folder / "phone"};
  const UniqueFd tty{::open(phone.path().c_str(), O_RDWR | O_NOCTTY)};
  for (const std::uint32_t baud : {115200u, 921600u, 1'234'567u}) {
    ASSERT_TRUE(make_raw(tty, baud));
    termios2 settings{};
    ASSERT_EQ(ioctl(tty.get(), TCGETS2, &settings), 0);
    EXPECT_EQ(settings.c_ospeed, baud);
    EXPECT_EQ(settings.c_ispeed, baud);
    EXPECT_EQ(settings.c_lflag & (ICANON | ECHO | ISIG), 0u);
    EXPECT_EQ(settings.c_oflag & OPOST, 0u);
  }
}

TEST(TtySettings, only_a_terminal_can_be_set_up) {
  const UniqueFd file{::open("/dev/null", O_RDWR)};
  EXPECT_EQ(make_raw(file, 115200).error().code, Errc::usage);
}

}  // namespace mtk
