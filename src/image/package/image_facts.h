// SPDX-License-Identifier: Apache-2.0
// What the content of one image tells: Android version, signature, what it holds, whether it is whole.
#pragma once

#include "image/android/avb.h"
#include "image/android/properties.h"
#include "image/kind.h"

namespace mtk {

/// Ids are stable: `android`, `patch`, `board`, `cmdline`, `recovery`, `signed` ...; values are as in the
/// image.
struct ImageFact {
  std::string id;
  std::string value;
};

struct ImageFacts {
  FileKind kind = FileKind::unknown;  ///< of the expanded content
  std::vector<ImageFact> facts = {};
  std::optional<bool> is_signed = {};    ///< nothing where the kind has no signature, or it does not show
  bool changed_after_signing = false;    ///< differs from the hash its own metadata states
  std::vector<std::string> damage = {};  ///< cut short and the like; sentences without a full stop
  BuildFacts build = {};
  std::optional<AvbInfo> avb = {};

  bool has(std::string_view id) const;
};

/// How much is read: `quick` looks at headers, and at properties in file systems and ramdisks; `deep` also
/// compares images with their verified boot hash, which reads all of them.
enum class Look : std::uint8_t { quick, deep };

/// Never fails: what cannot be read says nothing, and damage is told.
ImageFacts look_at_image(const ImagePtr& content, Look look);

}  // namespace mtk
