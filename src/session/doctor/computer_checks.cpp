// SPDX-License-Identifier: Apache-2.0
// What is looked at on the computer itself: rule, groups, ModemManager, access to USB, the serial driver.
#include "session/doctor/checks.h"
#include "session/doctor/rule.h"
#include "transport/holders.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>

namespace mtk::doctor {

namespace {

namespace fs = std::filesystem;
using fmt::arg;

std::string fix() { return say(Text::doctor_run, arg("command", fix_command)); }

struct Group {
  std::string name;
  unsigned gid = 0;
  std::vector<std::string> members;
};

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

/// Those of /etc/group that open phones: of the rule, and of serial ports on Debian and on Arch.
std::vector<Group> useful_groups(const Computer& computer) {
  constexpr std::array<std::string_view, 3> useful{"plugdev", "dialout", "uucp"};
  std::vector<Group> groups;
  std::ifstream file{computer.root / "etc/group"};
  for (std::string line; std::getline(file, line);) {
    const auto fields = split(line, ':');
    if (fields.size() != 4 || std::ranges::find(useful, fields[0]) == useful.end()) continue;
    Group group{.name = fields[0], .members = split(fields[3], ',')};
    std::from_chars(fields[2].data(), fields[2].data() + fields[2].size(), group.gid);
    groups.push_back(std::move(group));
  }
  return groups;
}

/// Whether logind sees the user at a screen of this computer, so that `uaccess` means them.
bool sits_at_a_screen(const Computer& computer) {
  std::ifstream file{computer.root / fmt::format("run/systemd/users/{}", computer.user.uid)};
  constexpr std::string_view seats = "ACTIVE_SEATS=";
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(seats) && line.size() > seats.size()) return true;
  return false;
}

std::string names_of(const std::vector<Group>& groups) {
  std::vector<std::string> names;
  for (const Group& group : groups) names.push_back(group.name);
  return fmt::format("{}", fmt::join(names, ","));
}

}  // namespace

Check answer(const CheckName& name, Verdict verdict, std::string text, std::string next_action) {
  return {.id = std::string{name.id},
          .label = std::string{mtk::text(name.label)},
          .subject = {},
          .verdict = verdict,
          .text = std::move(text),
          .next_action = std::move(next_action)};
}

Check check_udev_rule(const Computer& computer) {
  if (!has_udev(computer))
    return answer(name::udev_rule, Verdict::not_applicable, say(Text::doctor_rule_no_udev));
  const InstalledRule rule = installed_rule(computer);
  const std::string path = rule.file.string();
  const auto file = arg("file", path);
  switch (rule.state) {
    case RuleState::same:
      return answer(name::udev_rule, Verdict::fine, say(Text::doctor_rule_same, file));
    case RuleState::differs:
      return answer(name::udev_rule, Verdict::problem, say(Text::doctor_rule_differs, file), fix());
    case RuleState::unreadable:
      return answer(name::udev_rule, Verdict::cannot_tell, say(Text::doctor_rule_unreadable, file), fix());
    case RuleState::missing:
      break;
  }
  return answer(name::udev_rule, Verdict::problem, say(Text::doctor_rule_missing), fix());
}

Check check_groups(const Computer& computer) {
  const Account& user = computer.user;
  if (user.uid == 0) return answer(name::groups, Verdict::fine, say(Text::doctor_groups_root));
  if (sits_at_a_screen(computer))
    return answer(name::groups, Verdict::not_applicable, say(Text::doctor_groups_at_screen));
  const std::vector<Group> useful = useful_groups(computer);
  if (useful.empty()) return answer(name::groups, Verdict::cannot_tell, say(Text::doctor_groups_none));
  std::vector<Group> in_force;
  std::vector<Group> entered;
  for (const Group& group : useful) {
    if (std::ranges::find(user.groups, group.gid) != user.groups.end()) {
      in_force.push_back(group);
    } else if (std::ranges::find(group.members, user.name) != group.members.end()) {
      entered.push_back(group);
    }
  }
  if (!in_force.empty()) {
    return answer(name::groups, Verdict::fine,
                  say(Text::doctor_groups_member, arg("user", user.name), arg("groups", names_of(in_force))));
  }
  if (!entered.empty()) {
    return answer(name::groups, Verdict::problem,
                  say(Text::doctor_groups_entered, arg("user", user.name), arg("groups", names_of(entered))),
                  say(Text::doctor_groups_log_in));
  }
  return answer(name::groups, Verdict::problem,
                say(Text::doctor_groups_no_member, arg("user", user.name), arg("groups", names_of(useful))),
                say(Text::doctor_groups_join, arg("user", user.name), arg("groups", names_of(useful))));
}

Check check_modem_manager(const Computer& computer) {
  const auto running = running_programs(computer.roots, "ModemManager");
  if (running.empty())
    return answer(name::modem_manager, Verdict::fine, say(Text::doctor_modem_manager_absent));
  const auto process = arg("process", running.front().process);
  if (installed_rule(computer).state == RuleState::same)
    return answer(name::modem_manager, Verdict::fine, say(Text::doctor_modem_manager_told, process));
  return answer(name::modem_manager, Verdict::problem, say(Text::doctor_modem_manager_probes, process),
                fix());
}

Check check_usb_access(const Computer& computer) {
  std::error_code unknown;
  if (!fs::is_directory(computer.roots.sys / "bus/usb/devices", unknown)) {
    return answer(name::usb_access, Verdict::problem, say(Text::doctor_usb_absent),
                  say(Text::doctor_usb_absent_next));
  }
  const fs::path nodes = computer.roots.dev / "bus/usb";
  if (!fs::is_directory(nodes, unknown)) {
    return answer(name::usb_access, Verdict::problem,
                  say(Text::doctor_usb_hidden, arg("folder", nodes.string())),
                  say(Text::doctor_usb_hidden_next));
  }
  return answer(name::usb_access, Verdict::fine, say(Text::doctor_usb_there));
}

Check check_serial_driver(const Computer& computer) {
  std::error_code unknown;
  if (fs::exists(computer.roots.sys / "bus/usb/drivers/cdc_acm", unknown))
    return answer(name::serial_driver, Verdict::fine, say(Text::doctor_driver_loaded));
  const auto lists_driver = [&](std::string_view list) {
    std::ifstream file{computer.root / "lib/modules" / computer.kernel / list};
    for (std::string line; std::getline(file, line);)
      if (line.find("/cdc-acm.ko") != std::string::npos) return true;
    return false;
  };
  if (lists_driver("modules.dep") || lists_driver("modules.builtin"))
    return answer(name::serial_driver, Verdict::fine, say(Text::doctor_driver_available));
  // Nothing is lost where the device itself can be opened.
  return answer(name::serial_driver, Verdict::not_applicable, say(Text::doctor_driver_absent));
}

}  // namespace mtk::doctor
