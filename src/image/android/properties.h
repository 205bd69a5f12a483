// SPDX-License-Identifier: Apache-2.0
// What build.prop files say about a firmware: brand, model, Android version, build.
#pragma once

#include "image/source.h"

#include <map>

namespace mtk {

/// `ro.build.version.release` -> `11`. The first of several lines for a key counts, as it does for Android.
using Properties = std::map<std::string, std::string>;

/// Lines that are no `key=value` are skipped; what is not printable ASCII becomes '?'.
Properties parse_properties(ByteView file);

/// The properties of a system, vendor or product file system, whichever build.prop files it has.
/// Errors: those of read_ext4_file and read_erofs_file, where no build.prop was read before.
Result<Properties> properties_of_filesystem(const ImageSource& image);
/// The same of the logical partitions of a super image.
Properties properties_of_super(const ImagePtr& super);
/// The properties in the ramdisk of a boot or recovery image; empty when there are none.
Properties properties_of_boot_image(ImagePtr image);

/// What people call the firmware. Empty where the properties do not say.
struct BuildFacts {
  std::string brand = {};
  std::string model = {};
  std::string device = {};
  std::string android = {};         ///< `11`
  std::string security_patch = {};  ///< `2021-05-05`
  std::string build = {};           ///< the display id
  std::string fingerprint = {};

  /// Takes what is still empty from other facts.
  void fill_from(const BuildFacts& other);
  bool empty() const { return model.empty() && android.empty() && build.empty() && fingerprint.empty(); }
};
/// Understands plain properties, those of single partitions (`ro.vendor.build...`) and those that verified
/// boot carries (`com.android.build.system...`).
BuildFacts build_facts(const Properties& properties);

}  // namespace mtk
