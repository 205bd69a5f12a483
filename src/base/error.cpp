// SPDX-License-Identifier: Apache-2.0
#include <mtk/error.h>

#include "base/result.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace mtk {

std::string_view to_string(Errc code) {
  constexpr std::array names{"timeout",      "disconnected",  "not found", "io",
                             "busy",         "no permission", "protocol",  "device status",
                             "unsupported",  "bad image",     "refused",   "verify",
                             "out of range", "usage",         "cancelled", "internal"};
  return names.at(static_cast<std::size_t>(code));
}

std::string_view to_string(Stage stage) {
  constexpr std::array names{"host", "connect", "brom",  "preloader", "da1",    "dram",
                             "da2",  "backup",  "erase", "write",     "verify", "reboot"};
  return names.at(static_cast<std::size_t>(stage));
}

std::string_view to_string(StatusKind kind) {
  constexpr std::array names{"brom16", "legacy-v3", "legacy-v5", "legacy", "xflash", "xml"};
  return names.at(static_cast<std::size_t>(kind));
}

std::string to_string(const Error& error) {
  std::string text;
  for (auto step = error.during.rbegin(); step != error.during.rend(); ++step) text += *step + ": ";
  text += fmt::format("{}: {}", to_string(error.code), error.what);
  if (error.device_status) {
    const auto& status = *error.device_status;
    text += status.text.empty() ? fmt::format(" (phone said 0x{:x})", status.code)
                                : fmt::format(" (phone said 0x{:x} {})", status.code, status.text);
  }
  return text;
}

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: broken promise: %s\n", file, line, condition);
  std::abort();
}

}  // namespace mtk
