// SPDX-License-Identifier: Apache-2.0
// Which checks there are, in the order in which they are told; and what stands for them on other systems.
#include "session/doctor/checks.h"

#include <array>

namespace mtk::doctor {

namespace {

using ComputerCheck = Check (*)(const Computer&);
using PhoneCheck = Check (*)(const Computer&, const UsbDevice&);

struct NamedPhoneCheck {
  CheckName name;
  PhoneCheck look;
};

constexpr std::array<ComputerCheck, 5> computer_checks{check_udev_rule, check_groups, check_modem_manager,
                                                       check_usb_access, check_serial_driver};
constexpr std::array<NamedPhoneCheck, 6> phone_checks{{{name::permission, check_permission},
                                                       {name::rule_applied, check_rule_applied},
                                                       {name::holder, check_holder},
                                                       {name::port_driver, check_port_driver},
                                                       {name::speed, check_speed},
                                                       {name::power_saving, check_power_saving}}};

struct Advice {
  CheckName name;
  Text text;
  Text next;
};

constexpr std::array<Advice, 4> for_windows{
    {{{"driver", Text::doctor_name_driver}, Text::doctor_windows_driver, Text::doctor_windows_driver_next},
     {{"device_codes", Text::doctor_name_device_codes},
      Text::doctor_windows_codes,
      Text::doctor_windows_codes_next},
     {{"holder", Text::doctor_name_holder}, Text::doctor_windows_holder, Text::doctor_windows_holder_next},
     {{"power_saving", Text::doctor_name_power_saving},
      Text::doctor_windows_power,
      Text::doctor_windows_power_next}}};

constexpr std::array<Advice, 2> for_macos{
    {{{"driver", Text::doctor_name_driver}, Text::doctor_macos_driver, Text::doctor_macos_driver_next},
     {{"holder", Text::doctor_name_holder}, Text::doctor_macos_holder, Text::doctor_macos_holder_next}}};

std::span<const Advice> advice_of(Platform platform) {
  switch (platform) {
    case Platform::windows:
      return for_windows;
    case Platform::macos:
      return for_macos;
    case Platform::gnu_linux:
      break;
  }
  return {};
}

}  // namespace

std::vector<Check> examine(const Computer& computer) {
  std::vector<Check> checks;
  for (const ComputerCheck look : computer_checks) checks.push_back(look(computer));
  const std::vector<UsbDevice> phones = phones_of(computer);
  for (const UsbDevice& phone : phones) {
    for (const NamedPhoneCheck& check : phone_checks) {
      checks.push_back(check.look(computer, phone));
      checks.back().subject = "usb:" + phone.usb_path;
    }
  }
  if (phones.empty()) {
    for (const NamedPhoneCheck& check : phone_checks)
      checks.push_back(answer(check.name, Verdict::not_applicable, say(Text::doctor_no_phone)));
  }
  checks.push_back(check_history(computer));
  return checks;
}

std::vector<Check> advice_for(Platform platform) {
  std::vector<Check> checks;
  for (const Advice& advice : advice_of(platform))
    checks.push_back(answer(advice.name, Verdict::cannot_tell, say(advice.text), say(advice.next)));
  return checks;
}

}  // namespace mtk::doctor
