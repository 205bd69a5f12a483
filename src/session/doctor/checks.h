// SPDX-License-Identifier: Apache-2.0
// The checks of `mtkflash doctor`. Each looks at one thing and answers with one sentence; none opens a port.
#pragma once

#include "base/text.h"
#include "session/doctor/computer.h"

#include <mtk/doctor.h>

namespace mtk::doctor {

/// What a check is called, by programs and by people.
struct CheckName {
  std::string_view id;
  Text label;
};
namespace name {
inline constexpr CheckName udev_rule{"udev_rule", Text::doctor_name_udev_rule};
inline constexpr CheckName groups{"groups", Text::doctor_name_groups};
inline constexpr CheckName modem_manager{"modem_manager", Text::doctor_name_modem_manager};
inline constexpr CheckName usb_access{"usb_access", Text::doctor_name_usb_access};
inline constexpr CheckName serial_driver{"serial_driver", Text::doctor_name_serial_driver};
inline constexpr CheckName permission{"permission", Text::doctor_name_permission};
inline constexpr CheckName rule_applied{"rule_applied", Text::doctor_name_rule_applied};
inline constexpr CheckName holder{"holder", Text::doctor_name_holder};
inline constexpr CheckName port_driver{"port_driver", Text::doctor_name_port_driver};
inline constexpr CheckName speed{"speed", Text::doctor_name_speed};
inline constexpr CheckName power_saving{"power_saving", Text::doctor_name_power_saving};
inline constexpr CheckName history{"history", Text::doctor_name_history};
}  // namespace name

Check answer(const CheckName& name, Verdict verdict, std::string text, std::string next_action = {});

// About the computer
Check check_udev_rule(const Computer& computer);
Check check_groups(const Computer& computer);
Check check_modem_manager(const Computer& computer);
Check check_usb_access(const Computer& computer);
Check check_serial_driver(const Computer& computer);

// About a phone that is plugged in
Check check_permission(const Computer& computer, const UsbDevice& phone);
Check check_rule_applied(const Computer& computer, const UsbDevice& phone);
Check check_holder(const Computer& computer, const UsbDevice& phone);
Check check_port_driver(const Computer& computer, const UsbDevice& phone);
Check check_speed(const Computer& computer, const UsbDevice& phone);
Check check_power_saving(const Computer& computer, const UsbDevice& phone);

// About what was before
Check check_history(const Computer& computer);

/// Every check of a computer with Linux.
std::vector<Check> examine(const Computer& computer);
/// What there is to know where nothing can be looked at.
std::vector<Check> advice_for(Platform platform);

}  // namespace mtk::doctor
