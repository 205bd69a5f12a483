// SPDX-License-Identifier: Apache-2.0
#include <mtk/doctor.h>

#include "image/archive/stream.h"
#include "session/doctor/checks.h"
#include "session/doctor/rule.h"
#include "transport/usb/usb_bus.h"

#include <algorithm>
#include <array>

namespace mtk {

namespace {

std::vector<Fact> versions(std::string_view program_version, const doctor::Computer& computer) {
  const auto fact = [](std::string_view id, std::string value) {
    return Fact{.id = std::string{id}, .label = std::string{id}, .value = std::move(value)};
  };
  return {fact("mtkflash", std::string{program_version}), fact("kernel", computer.kernel),
          fact("libusb", usb_library_version()), fact("libarchive", archive_library_version())};
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  constexpr std::array<std::string_view, 4> names{"fine", "problem", "not_applicable", "cannot_tell"};
  return names.at(static_cast<std::size_t>(verdict));
}

std::string_view to_string(RepairState state) {
  constexpr std::array<std::string_view, 5> names{"done", "unchanged", "needs_root", "failed", "not_here"};
  return names.at(static_cast<std::size_t>(state));
}

bool Examination::healthy() const {
  return std::ranges::find(checks, Verdict::problem, &Check::verdict) == checks.end();
}

Examination examine_computer(std::string_view program_version) {
  const doctor::Computer computer = doctor::this_computer();
  const doctor::Platform platform = doctor::this_platform();
  return {.checks = platform == doctor::Platform::gnu_linux ? doctor::examine(computer)
                                                            : doctor::advice_for(platform),
          .versions = versions(program_version, computer)};
}

Repair repair_computer() {
  if (doctor::this_platform() != doctor::Platform::gnu_linux)
    return {.state = RepairState::not_here,
            .text = say(Text::doctor_fix_not_here),
            .next_actions = {},
            .file = {},
            .error = {}};
  return doctor::install_rule(doctor::this_computer());
}

}  // namespace mtk
