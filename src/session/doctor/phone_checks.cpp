// SPDX-License-Identifier: Apache-2.0
// What is looked at of a phone that is plugged in: may it be opened, and who else has it.
#include "session/doctor/checks.h"
#include "session/doctor/rule.h"
#include "transport/holders.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>

namespace mtk::doctor {

namespace {

namespace fs = std::filesystem;
using fmt::arg;

/// What udev keeps of a device node: `c189:6`, named by its number.
fs::path udev_record(const Computer& computer, const fs::path& device) {
  return computer.root / "run/udev/data" / ("c" + first_line(device / "dev"));
}

bool is_marked(const fs::path& record) {
  std::ifstream file{record};
  for (std::string line; std::getline(file, line);)
    if (line == "E:ID_MM_DEVICE_IGNORE=1") return true;
  return false;
}

struct BoundInterface {
  std::string name;    ///< `1-2:1.1`
  std::string driver;  ///< empty: none
};

std::vector<BoundInterface> interfaces_of(const Computer& computer, const UsbDevice& phone) {
  const fs::path device = computer.roots.sys / "bus/usb/devices" / phone.usb_path;
  std::vector<BoundInterface> found;
  std::error_code error;
  for (fs::directory_iterator entry{device, error}, end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(phone.usb_path + ":")) continue;
    std::error_code unbound;
    const fs::path driver = fs::read_symlink(entry->path() / "driver", unbound);
    found.push_back({name, unbound ? "" : driver.filename().string()});
  }
  std::ranges::sort(found, {}, &BoundInterface::name);
  return found;
}

}  // namespace

Check check_permission(const Computer& computer, const UsbDevice& phone) {
  const std::vector<fs::path> nodes = nodes_of(computer, phone);
  if (nodes.empty())
    return answer(name::permission, Verdict::cannot_tell, say(Text::doctor_permission_no_node));
  for (const fs::path& node : nodes) {
    if (computer.may_open(node))
      return answer(name::permission, Verdict::fine,
                    say(Text::doctor_permission_given, arg("node", node.string())));
  }
  std::vector<std::string> names;
  for (const fs::path& node : nodes) names.push_back(node.string());
  const bool has_rule = installed_rule(computer).state == RuleState::same;
  return answer(
      name::permission, Verdict::problem,
      say(Text::doctor_permission_denied, arg("nodes", fmt::format("{}", fmt::join(names, ", ")))),
      has_rule ? say(Text::doctor_permission_replug) : say(Text::doctor_run, arg("command", fix_command)));
}

Check check_rule_applied(const Computer& computer, const UsbDevice& phone) {
  if (!has_udev(computer))
    return answer(name::rule_applied, Verdict::not_applicable, say(Text::doctor_rule_no_udev));
  const fs::path device = computer.roots.sys / "bus/usb/devices" / phone.usb_path;
  std::error_code unknown;
  if (first_line(device / "dev").empty() || !fs::exists(computer.root / "run/udev/data", unknown))
    return answer(name::rule_applied, Verdict::cannot_tell, say(Text::doctor_applied_unknown));
  if (is_marked(udev_record(computer, device)))
    return answer(name::rule_applied, Verdict::fine, say(Text::doctor_applied));
  const bool has_rule = installed_rule(computer).state == RuleState::same;
  return answer(name::rule_applied, Verdict::problem, say(Text::doctor_not_applied),
                has_rule ? say(Text::doctor_fix_replug) : say(Text::doctor_run, arg("command", fix_command)));
}

Check check_holder(const Computer& computer, const UsbDevice& phone) {
  const Holders holders = holders_of(computer.roots, nodes_of(computer, phone));
  if (!holders.found.empty()) {
    const Holder& first = holders.found.front();
    return answer(name::holder, Verdict::problem,
                  say(Text::doctor_holder, arg("program", first.program), arg("process", first.process),
                      arg("node", first.node.string())),
                  first.program == "ModemManager"
                      ? say(Text::doctor_run, arg("command", fix_command))
                      : say(Text::doctor_holder_next, arg("program", first.program)));
  }
  if (!holders.all_seen)
    return answer(name::holder, Verdict::cannot_tell, say(Text::doctor_holder_unseen),
                  say(Text::doctor_holder_as_root));
  return answer(name::holder, Verdict::fine, say(Text::doctor_holder_none));
}

Check check_port_driver(const Computer& computer, const UsbDevice& phone) {
  const auto interfaces = interfaces_of(computer, phone);
  if (interfaces.empty())
    return answer(name::port_driver, Verdict::cannot_tell, say(Text::doctor_bound_no_interface));
  std::string bound;
  for (const BoundInterface& interface : interfaces) {
    if (interface.driver.empty()) continue;
    if (interface.driver == "usbfs")
      return answer(name::port_driver, Verdict::problem, say(Text::doctor_bound_by_program),
                    say(Text::doctor_bound_by_program_next));
    bound = interface.driver;
  }
  if (bound.empty()) return answer(name::port_driver, Verdict::fine, say(Text::doctor_bound_free));
  return answer(
      name::port_driver, Verdict::fine,
      say(Text::doctor_bound, arg("driver", bound), arg("port", phone.tty.empty() ? "-" : phone.tty)));
}

}  // namespace mtk::doctor
