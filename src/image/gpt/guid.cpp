// SPDX-License-Identifier: Apache-2.0
// GUIDs as text. On disk the first three groups are little-endian, the last two as written.
#include "image/gpt/gpt.h"

#include <fmt/format.h>

namespace mtk {

namespace {
/// Position on disk of each byte of the text form.
constexpr std::array<std::size_t, 16> text_order{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
constexpr std::string_view pattern = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
}  // namespace

Guid basic_data_guid() { return parse_guid("EBD0A0A2-B9E5-4433-87C0-68B6B72699C7").value(); }

std::string to_string(const Guid& guid) {
  std::string digits;
  for (const std::size_t at : text_order)
    digits += fmt::format("{:02X}", std::to_integer<unsigned>(guid.bytes[at]));
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) digits.insert(dash, 1, '-');
  return digits;
}

Result<Guid> parse_guid(std::string_view text) {
  const auto refuse = [&] { return fail(Errc::out_of_range, fmt::format("'{}' is no GUID", text)); };
  if (text.size() != pattern.size()) return refuse();
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((pattern[i] == '-') != (text[i] == '-')) return refuse();
    if (text[i] != '-') digits += text[i];
  }
  const auto bytes = parse_hex(digits);
  if (!bytes || bytes->size() != text_order.size()) return refuse();
  Guid guid;
  for (std::size_t i = 0; i < text_order.size(); ++i) guid.bytes[text_order[i]] = (*bytes)[i];
  return guid;
}

}  // namespace mtk
