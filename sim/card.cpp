// SPDX-License-Identifier: Apache-2.0
#include "sim/card.h"

#include "base/checked.h"
#include "sim/contents.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::sim {

namespace {

/// Written last, so a folder whose first use was interrupted starts again.
constexpr std::string_view label_file = "model";

std::string label(const Model& model) {
  const auto& storage = model.storage;
  std::string text = fmt::format("format 1\nmodel {}\nsizes {:x} {:x} {:x} {:x}\n", model.name, storage.boot1,
                                 storage.boot2, storage.rpmb, storage.user);
  for (std::size_t i = 0; i < storage.gp.size(); ++i) {
    if (storage.gp[i] != 0) text += fmt::format("gp{} {:x}\n", i + 1, storage.gp[i]);
  }
  return text;
}

}  // namespace

Result<Card> Card::open(const Model& model, const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) return fail(Errc::io, fmt::format("cannot make {}: {}", folder.string(), problem.message()));

  const auto label_path = folder / label_file;
  const bool used = std::filesystem::exists(label_path, problem);
  if (used) {
    MTK_TRY_LET(const Bytes found, read_file(label_path, 0x1000));
    if (found != to_bytes(label(model)))
      return fail(Errc::usage, fmt::format("{} holds another phone than {}", folder.string(), model.name));
  }
  std::vector<Area> areas;
  const bool ufs = model.storage.kind == StorageKind::ufs;
  struct Kind {
    std::uint8_t part;
    std::string name;
    std::uint64_t size;
  };
  std::vector<Kind> kinds = {{part_boot1, ufs ? "lu0" : "boot1", model.storage.boot1},
                             {part_boot2, ufs ? "lu1" : "boot2", model.storage.boot2},
                             {part_rpmb, "rpmb", model.storage.rpmb},
                             {part_user, ufs ? "lu2" : "user", model.storage.user}};
  for (std::size_t i = 0; i < model.storage.gp.size(); ++i) {
    const std::uint64_t size = model.storage.gp[i];
    if (size != 0)
      kinds.push_back(
          {static_cast<std::uint8_t>(part_gp1 + i), ufs ? "lu3" : fmt::format("gp{}", i + 1), size});
  }
  for (const auto& kind : kinds) {
    MTK_TRY_LET(File file,
                used ? File::open_or_create(folder / kind.name) : File::create(folder / kind.name));
    MTK_TRY(file.resize(kind.size));
    areas.push_back({.part = kind.part, .size = kind.size, .file = std::move(file)});
  }
  Card card{model.storage, std::move(areas)};
  if (!used) {
    MTK_TRY(fill_new_card(model, card));
    MTK_TRY(write_file_atomically(label_path, to_bytes(label(model))));
  }
  return card;
}

const Card::Area* Card::find(std::uint8_t part) const {
  const auto found = std::ranges::find(areas_, part, &Area::part);
  return found == areas_.end() ? nullptr : &*found;
}

std::uint64_t Card::size(std::uint8_t part) const {
  const Area* area = find(part);
  return area == nullptr ? 0 : area->size;
}

Result<const Card::Area*> Card::range(std::uint8_t part, std::uint64_t offset, std::uint64_t length) const {
  const Area* area = find(part);
  if (area == nullptr || !fits(offset, length, area->size))
    return fail(Errc::out_of_range, fmt::format("0x{:x}+0x{:x} is outside area {}", offset, length, part));
  return area;
}

Result<> Card::read(std::uint8_t part, std::uint64_t offset, std::span<std::byte> into) const {
  MTK_TRY_LET(const Area* area, range(part, offset, into.size()));
  return area->file.read_at(offset, into);
}

Result<Bytes> Card::read(std::uint8_t part, std::uint64_t offset, std::size_t length) const {
  MTK_TRY(range(part, offset, length));
  Bytes data(length);
  MTK_TRY(read(part, offset, data));
  return data;
}

Result<> Card::write(std::uint8_t part, std::uint64_t offset, ByteView data) {
  MTK_TRY(range(part, offset, data.size()));
  return std::ranges::find(areas_, part, &Area::part)->file.write_at(offset, data);
}

Result<> Card::erase(std::uint8_t part, std::uint64_t offset, std::uint64_t length) {
  MTK_TRY(range(part, offset, length));
  if (length == 0) return {};
  return std::ranges::find(areas_, part, &Area::part)->file.punch_hole(offset, length);
}

}  // namespace mtk::sim
