// SPDX-License-Identifier: Apache-2.0
#include "session/doctor/rule.h"

#include "base/file.h"
#include "base/text.h"
#include "chip/usb_ids.h"
#include "session/doctor/shipped_rule.h"

#include <fmt/format.h>

#include <array>

namespace mtk::doctor {

namespace {

namespace fs = std::filesystem;
using fmt::arg;

/// In the order in which udev prefers them; a file hides those of the same name further down.
constexpr std::array<std::string_view, 5> rule_folders{"etc/udev/rules.d", "run/udev/rules.d",
                                                       "usr/local/lib/udev/rules.d", "usr/lib/udev/rules.d",
                                                       "lib/udev/rules.d"};
constexpr std::uint64_t largest_rule = 1 << 20;

Repair failed(Error error, Text what) {
  return {.state = RepairState::failed,
          .text = say(what, arg("reason", error.what)),
          .next_actions = {},
          .file = {},
          .error = std::move(error)};
}

Result<> write_rule(const fs::path& file, bool keep_old) {
  std::error_code problem;
  fs::create_directories(file.parent_path(), problem);
  // The old one stays in force until the new one is complete.
  if (!problem && keep_old)
    fs::copy_file(file, file.string() + ".old", fs::copy_options::overwrite_existing, problem);
  if (problem) return mtk::fail(Errc::io, fmt::format("{}: {}", file.string(), problem.message()));
  MTK_TRY(write_file_atomically(file, to_bytes(rule_text())));
  fs::permissions(
      file, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read | fs::perms::others_read,
      problem);
  return {};
}

/// Rules are read anew, and phones that are plugged in get them at once. Serial ports carry no ids of their
/// own; there are few.
Result<> tell_udev(const Computer& computer) {
  const std::vector<std::string> reload{"udevadm", "control", "--reload"};
  MTK_TRY(computer.run(reload));
  for (const UsbDevice& phone : phones_of(computer)) {
    const std::vector<std::string> usb{"udevadm", "trigger", "--action=change",
                                       (computer.roots.sys / "bus/usb/devices" / phone.usb_path).string()};
    MTK_TRY(computer.run(usb));
    if (phone.tty.empty()) continue;
    const std::vector<std::string> tty{"udevadm", "trigger", "--action=change",
                                       (computer.roots.sys / "class/tty" / phone.tty).string()};
    MTK_TRY(computer.run(tty));
  }
  return {};
}

}  // namespace

std::string_view rule_text() { return shipped_rule; }

InstalledRule installed_rule(const Computer& computer) {
  for (const std::string_view folder : rule_folders) {
    const fs::path file = computer.root / folder / rule_name;
    std::error_code unknown;
    if (!fs::exists(file, unknown)) continue;
    const auto content = read_file(file, largest_rule);
    if (!content) return {RuleState::unreadable, file};
    return {*content == to_bytes(rule_text()) ? RuleState::same : RuleState::differs, file};
  }
  return {};
}

bool has_udev(const Computer& computer) {
  std::error_code unknown;
  return fs::exists(computer.root / "run/udev/control", unknown);
}

Repair install_rule(const Computer& computer) {
  if (computer.user.uid != 0) {
    return {.state = RepairState::needs_root,
            .text = say(Text::doctor_fix_needs_root),
            .next_actions = {say(Text::doctor_fix_as_root, arg("command", fix_command))},
            .file = {},
            .error = {}};
  }
  const fs::path file = computer.root / rule_folders.front() / rule_name;
  const InstalledRule before = installed_rule(computer);
  const bool there = before.state == RuleState::same;
  if (!there) {
    if (auto written = write_rule(file, before.state != RuleState::missing && before.file == file); !written)
      return failed(std::move(written.error()), Text::doctor_fix_not_written);
  }
  Repair repair{.state = there ? RepairState::unchanged : RepairState::done,
                .text = say(there ? Text::doctor_fix_there : Text::doctor_fix_done,
                            arg("file", (there ? before.file : file).string())),
                .next_actions = {},
                .file = there ? before.file : file,
                .error = {}};
  if (auto told = tell_udev(computer); !told) {
    Repair untold = failed(std::move(told.error()), Text::doctor_fix_not_told);
    untold.file = repair.file;
    untold.next_actions = {say(Text::doctor_fix_restart)};
    return untold;
  }
  repair.next_actions = {say(Text::doctor_fix_replug)};
  return repair;
}

}  // namespace mtk::doctor
