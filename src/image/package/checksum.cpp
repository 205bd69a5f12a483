// SPDX-License-Identifier: Apache-2.0
#include "image/package/checksum.h"

#include "base/ascii.h"
#include "base/hash.h"
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace mtk {

namespace {

constexpr std::uint64_t list_size_limit = 1U << 20;
constexpr std::size_t chunk_size = 1U << 20;
constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<std::uint16_t> parse_sum(std::string_view text) {
  if (starts_ignoring_case(text, "0x")) text.remove_prefix(2);
  std::uint16_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::uint16_t> ChecksumList::expected(std::string_view partition) const {
  if (!enabled) return std::nullopt;
  const auto found =
      std::ranges::find_if(sums, [&](const auto& sum) { return same_ignoring_case(sum.first, partition); });
  if (found == sums.end() || found->second == 0) return std::nullopt;
  return found->second;
}

Result<ChecksumList> parse_checksums(std::string_view file) {
  ChecksumList list;
  std::string_view section;
  for (std::size_t number = 1; !file.empty(); ++number) {
    const auto end = std::min(file.find('\n'), file.size());
    const std::string_view line = trimmed(file.substr(0, end));
    file.remove_prefix(std::min(end + 1, file.size()));
    if (line.size() >= 2 && line.front() == '[' && line.back() == ']') {
      section = line.substr(1, line.size() - 2);
      continue;
    }
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = trimmed(line.substr(0, equals));
    const std::string_view value = trimmed(line.substr(equals + 1));
    if (same_ignoring_case(section, "IsEnableChecksum") && same_ignoring_case(key, "CHECKSUM_SWITCH"))
      list.enabled = value != "0";
    if (!same_ignoring_case(section, "CheckSum")) continue;
    const auto sum = parse_sum(value);
    if (!sum) {
      return fail(Errc::bad_image, fmt::format("Checksum.ini:{}: not a 16-bit sum after =", number));
    }
    list.sums.insert_or_assign(std::string{key}, *sum);
  }
  return list;
}

Result<std::optional<ChecksumList>> load_checksums(const FirmwareFolder& folder) {
  const auto found = folder.find("Checksum.ini", {ImageVariant::plain});
  if (!found) return std::optional<ChecksumList>{};
  MTK_TRY_LET(const ImagePtr file, folder.package().open(found->file));
  MTK_TRY_LET(const Bytes bytes, read_all(*file, list_size_limit));
  std::string text;
  std::ranges::transform(bytes, std::back_inserter(text), [](std::byte b) { return static_cast<char>(b); });
  MTK_TRY_LET(ChecksumList list, parse_checksums(text));
  return std::optional{std::move(list)};
}

Result<ContentSums> sum_content(const ImageSource& stored, std::string_view name, const OpContext& op,
                                WithCrc crc) {
  Progress progress{.item = say(Text::files_reading, fmt::arg("file", name)), .total = stored.size()};
  const std::uint64_t size = stored.size();
  Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(size, chunk_size)));
  ContentSums out;
  Hasher hasher;
  std::uint64_t sum = 0;
  for (std::uint64_t offset = 0; offset < size; offset += buffer.size()) {
    const auto part = std::span{buffer}.first(
        static_cast<std::size_t>(std::min<std::uint64_t>(size - offset, buffer.size())));
    if (op.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
    progress.done = offset;
    op.observer.progress(progress);
    MTK_TRY(stored.read_at(offset, part));
    // A block of this size cannot overflow 32 bits, which processors add faster.
    std::uint32_t block_sum = 0;
    for (const std::byte b : part) block_sum += std::to_integer<std::uint32_t>(b);
    sum += block_sum;
    hasher.update(part);
    if (crc == WithCrc::yes) out.crc = crc32(part, out.crc);
  }
  out.byte_sum = static_cast<std::uint16_t>(sum & 0xffff);
  out.sha256 = hasher.finish();
  return out;
}

}  // namespace mtk
