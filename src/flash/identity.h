// SPDX-License-Identifier: Apache-2.0
// Partitions that hold what makes a phone this phone: IMEI, radio calibration, serial number, lock state.
// No image replaces them and no other phone's copy helps.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mtk {

/// Names are compared in any case and with the older spellings (`PRO_INFO`, `PROTECT_F`).
bool is_identity(std::string_view partition);

/// What the user has agreed to lose, by name (`--erase-identity nvram,nvdata`). Only names listed count.
class IdentityConsent {
 public:
  IdentityConsent() = default;
  explicit IdentityConsent(std::vector<std::string> partitions) : partitions_(std::move(partitions)) {}
  bool covers(std::string_view partition) const;

 private:
  std::vector<std::string> partitions_;
};

}  // namespace mtk
