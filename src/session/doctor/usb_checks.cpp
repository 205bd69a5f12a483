// SPDX-License-Identifier: Apache-2.0
// What is looked at between computer and phone: controller, hubs, speed, power saving.
#include "chip/usb_ids.h"
#include "session/doctor/checks.h"

#include <fmt/format.h>

#include <charconv>

namespace mtk::doctor {

namespace {

namespace fs = std::filesystem;
using fmt::arg;

constexpr unsigned full_speed = 12;
constexpr unsigned high_speed = 480;

fs::path device_folder(const Computer& computer, const std::string& usb_path) {
  return computer.roots.sys / "bus/usb/devices" / usb_path;
}

/// In Mbit/s; low speed (1.5) counts as 1. Nothing when the kernel does not say.
std::optional<unsigned> speed_of(const Computer& computer, const std::string& usb_path) {
  const std::string text = first_line(device_folder(computer, usb_path) / "speed");
  unsigned speed = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), speed);
  if (parsed.ec != std::errc{}) return std::nullopt;
  return speed;
}

/// The hubs between computer and phone, the computer's own left out: `1-2` for `1-2.3`.
std::vector<std::string> hubs_above(const std::string& usb_path) {
  std::vector<std::string> hubs;
  for (auto dot = usb_path.find('.'); dot != std::string::npos; dot = usb_path.find('.', dot + 1))
    hubs.push_back(usb_path.substr(0, dot));
  return hubs;
}

/// `xhci_hcd`; empty when the kernel does not say.
std::string controller_of(const Computer& computer, const std::string& usb_path) {
  std::error_code error;
  const std::string root_hub = "usb" + usb_path.substr(0, usb_path.find('-'));
  const fs::path hub = fs::canonical(device_folder(computer, root_hub), error);
  if (error) return {};
  const fs::path driver = fs::read_symlink(hub.parent_path() / "driver", error);
  return error ? "" : driver.filename().string();
}

}  // namespace

Check check_speed(const Computer& computer, const UsbDevice& phone) {
  const auto speed = speed_of(computer, phone.usb_path);
  if (!speed) return answer(name::speed, Verdict::cannot_tell, say(Text::doctor_speed_unknown));
  const auto hubs = hubs_above(phone.usb_path);
  std::string controller = controller_of(computer, phone.usb_path);
  if (controller.empty()) controller = "USB";
  const auto sentence = [&](Text text) {
    return say(text, arg("speed", *speed), arg("controller", controller), arg("hubs", hubs.size()));
  };
  for (const std::string& hub : hubs) {
    if (speed_of(computer, hub).value_or(high_speed) <= full_speed)
      return answer(name::speed, Verdict::problem, say(Text::doctor_speed_slow_hub, arg("hub", hub)),
                    say(Text::doctor_speed_other_port));
  }
  const UsbId* id = find_usb_id(phone.vid, phone.pid);
  const bool boot_rom = id != nullptr && id->role == UsbRole::brom;
  if (*speed < high_speed && !boot_rom)
    return answer(name::speed, Verdict::cannot_tell, sentence(Text::doctor_speed_low),
                  say(Text::doctor_speed_other_port));
  return answer(name::speed, Verdict::fine,
                sentence(hubs.empty() ? Text::doctor_speed : Text::doctor_speed_hubs));
}

Check check_power_saving(const Computer& computer, const UsbDevice& phone) {
  const fs::path power = device_folder(computer, phone.usb_path) / "power";
  const std::string control = first_line(power / "control");
  if (control.empty())
    return answer(name::power_saving, Verdict::not_applicable, say(Text::doctor_power_absent));
  // A hub sleeps only when everything behind it does, so the phone decides.
  const bool never = first_line(power / "autosuspend_delay_ms").starts_with('-');
  if (control == "on" || never)
    return answer(name::power_saving, Verdict::fine, say(Text::doctor_power_stays_on));
  return answer(name::power_saving, Verdict::problem, say(Text::doctor_power_sleeps),
                say(Text::doctor_power_next, arg("file", (power / "control").string())));
}

}  // namespace mtk::doctor
