// SPDX-License-Identifier: Apache-2.0
#include "sim/policy.h"

#include "base/ascii.h"
#include "base/hash.h"
#include "sim/boot_check.h"
#include "sim/commands.h"

#include <algorithm>

namespace mtk::sim {

namespace {

std::optional<std::uint8_t> region_named(std::string_view name) {
  const struct {
    std::string_view name;
    std::uint8_t part;
  } regions[] = {{"EMMC-BOOT1", part_boot1}, {"EMMC-BOOT2", part_boot2}, {"EMMC-USER", part_user},
                 {"EMMC-GP1", part_gp1},     {"UFS-LUA0", part_boot1},   {"UFS-LUA1", part_boot2},
                 {"UFS-LUA2", part_user},    {"UFS-LUA3", part_gp1},     {"NAND-WHOLE", part_user}};
  for (const auto& region : regions) {
    if (same_ignoring_case(region.name, name)) return region.part;
  }
  return std::nullopt;
}

bool overlap(const Place& a, const Place& b) {
  return a.part == b.part && a.offset < b.offset + b.size && b.offset < a.offset + a.size;
}

}  // namespace

Result<Place> find_place(const Board& board, std::string_view name) {
  const std::uint64_t sector = board.card.sector();
  const std::uint64_t size = board.card.size(part_user);
  if (same_ignoring_case(name, "pgpt"))
    return Place{
        .part = part_user, .offset = 0, .size = std::min(size, board.model.storage.first_usable * sector)};
  if (same_ignoring_case(name, "sgpt")) {
    const std::uint64_t length = std::min(size, board.model.storage.last_usable_from_end * sector);
    return Place{.part = part_user, .offset = size - length, .size = length};
  }
  MTK_TRY_LET(const GptView gpt, read_gpt(board.card));
  for (const GptEntry& entry : gpt.entries) {
    if (entry.name.empty() || !same_ignoring_case(entry.name, name)) continue;
    if (entry.last < entry.first || entry.last >= size / sector) break;
    return Place{
        .part = part_user, .offset = entry.first * sector, .size = (entry.last - entry.first + 1) * sector};
  }
  return fail(Errc::out_of_range, "no such partition");
}

bool is_listed(const std::vector<std::string>& list, std::string_view name) {
  return std::ranges::any_of(list, [&](const std::string& one) { return same_ignoring_case(one, name); });
}

std::optional<std::string> touches_listed(const Board& board, const std::vector<std::string>& list,
                                          Place place) {
  for (const std::string& name : list) {
    if (const auto region = region_named(name); region && *region == place.part) return name;
    const bool boot_area = place.part == part_boot1 || place.part == part_boot2;
    if (boot_area && same_ignoring_case(name, "preloader")) return name;
    const auto found = find_place(board, name);
    if (found && overlap(*found, place)) return name;
  }
  return std::nullopt;
}

bool image_is_signed(const Board& board, ByteView image, ByteView blob) {
  const std::string& key = board.model.security.key;
  if (!blob.empty()) {
    Bytes keyed = to_bytes(key);
    keyed.insert(keyed.end(), image.begin(), image.end());
    const Bytes digest = sha256(keyed);
    if (std::search(blob.begin(), blob.end(), digest.begin(), digest.end()) != blob.end()) return true;
  }
  if (image.size() <= signature_slot) return false;
  const ByteView data = image.first(image.size() - signature_slot);
  return signature_fits(key, data, image.subspan(data.size()));
}

}  // namespace mtk::sim
