// SPDX-License-Identifier: Apache-2.0
#include "image/archive/entry_name.h"

#include "base/ascii.h"

#include <algorithm>

namespace mtk {

namespace {

constexpr std::size_t longest_part = 255;
constexpr std::size_t longest_name = 1024;

}  // namespace

Result<std::string> safe_entry_name(std::string_view name) {
  if (name.size() > longest_name) return fail(Errc::bad_image, "its name is too long");
  std::string slashed{name};
  std::ranges::replace(slashed, '\\', '/');
  if (slashed.starts_with('/')) return fail(Errc::bad_image, "its name is an absolute path");
  // A colon is a drive letter or a stream on Windows, and in no file name of a firmware.
  if (slashed.find(':') != std::string::npos) return fail(Errc::bad_image, "its name holds a colon");
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; };
  if (std::ranges::any_of(slashed, is_control))
    return fail(Errc::bad_image, "its name holds control characters");
  std::string out;
  for (std::size_t at = 0; at < slashed.size();) {
    const std::size_t end = std::min(slashed.find('/', at), slashed.size());
    const std::string part = slashed.substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == ".") continue;
    if (part == "..") return fail(Errc::bad_image, "its name leads out of the archive");
    if (part.size() > longest_part) return fail(Errc::bad_image, "its name is too long");
    out += (out.empty() ? "" : "/") + part;
  }
  if (out.empty()) return fail(Errc::bad_image, "it has no name");
  return out;
}

Result<std::string> EntryNames::take(std::string_view name) {
  MTK_TRY_LET(std::string safe, safe_entry_name(name));
  if (!seen_.insert(to_lower(safe)).second) return fail(Errc::bad_image, "another file has the same name");
  return safe;
}

}  // namespace mtk
