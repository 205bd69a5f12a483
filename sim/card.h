// SPDX-License-Identifier: Apache-2.0
// The phone's eMMC: its areas are the sparse files boot1, boot2, rpmb and user of a state folder, kept from
// one life to the next.
#pragma once

#include "base/file.h"
#include "sim/model.h"

namespace mtk::sim {

/// Area numbers as the card and the agents count them.
constexpr std::uint8_t part_boot1 = 1;
constexpr std::uint8_t part_boot2 = 2;
constexpr std::uint8_t part_rpmb = 3;
constexpr std::uint8_t part_user = 8;

constexpr std::uint64_t block_size = 512;

class Card {
 public:
  /// Opens the card in `folder`; a folder without one gets the model's new phone.
  /// Errors: io; usage when the folder holds a phone of another model.
  static Result<Card> open(const Model& model, const std::filesystem::path& folder);

  /// Bytes of an area, 0 for one the card does not have.
  std::uint64_t size(std::uint8_t part) const;
  /// Errors: out_of_range, io.
  Result<> read(std::uint8_t part, std::uint64_t offset, std::span<std::byte> into) const;
  Result<Bytes> read(std::uint8_t part, std::uint64_t offset, std::size_t length) const;
  Result<> write(std::uint8_t part, std::uint64_t offset, ByteView data);
  /// What is erased reads as zeros.
  Result<> erase(std::uint8_t part, std::uint64_t offset, std::uint64_t length);

 private:
  struct Area {
    std::uint8_t part;
    std::uint64_t size;
    File file;
  };
  explicit Card(std::vector<Area> areas) : areas_(std::move(areas)) {}
  const Area* find(std::uint8_t part) const;
  Result<const Area*> range(std::uint8_t part, std::uint64_t offset, std::uint64_t length) const;

  std::vector<Area> areas_;
};

}  // namespace mtk::sim
