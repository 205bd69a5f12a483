// SPDX-License-Identifier: Apache-2.0
// The phone's eMMC or UFS: its areas are sparse files of a state folder, kept from one life to the next:
// boot1, boot2, rpmb and user, or lu0, lu1, rpmb and lu2; besides gp1 to gp4 or lu3 where the model has them.
#pragma once

#include "base/file.h"
#include "sim/model.h"

namespace mtk::sim {

/// Area numbers as an eMMC counts them; on UFS boot1 is LU0, boot2 LU1, user LU2 and gp1 LU3.
constexpr std::uint8_t part_boot1 = 1;
constexpr std::uint8_t part_boot2 = 2;
constexpr std::uint8_t part_rpmb = 3;
constexpr std::uint8_t part_gp1 = 4;
constexpr std::uint8_t part_gp4 = 7;
constexpr std::uint8_t part_user = 8;

/// A block of an eMMC, and the unit of what this project puts on new phones.
constexpr std::uint64_t block_size = 512;

class Card {
 public:
  /// Opens the card in `folder`; a folder without one gets the model's new phone.
  /// Errors: io; usage when the folder holds a phone of another model.
  static Result<Card> open(const Model& model, const std::filesystem::path& folder);

  StorageKind kind() const { return kind_; }
  /// Bytes of a logical block, in which the partition table counts.
  std::uint32_t sector() const { return sector_; }
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
  Card(const StorageModel& storage, std::vector<Area> areas)
      : kind_(storage.kind), sector_(storage.sector), areas_(std::move(areas)) {}
  const Area* find(std::uint8_t part) const;
  Result<const Area*> range(std::uint8_t part, std::uint64_t offset, std::uint64_t length) const;

  StorageKind kind_;
  std::uint32_t sector_;
  std::vector<Area> areas_;
};

}  // namespace mtk::sim
