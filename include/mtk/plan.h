// SPDX-License-Identifier: Apache-2.0
// What a flash will do to a phone, as plain data: made by the planner, printed for --dry-run, walked by the
// executor. Part of the public API.
#pragma once

#include <mtk/boot_mode.h>
#include <mtk/region.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mtk {

/// How a file becomes what the phone stores.
enum class ImageForm : std::uint8_t {
  as_is,          ///< byte for byte, sparse files expanded
  boot_area,      ///< a preloader, with the device header of eMMC boot areas in front
  raw_file,       ///< as the file stands: sparse files stay sparse
  bare_preloader  ///< a preloader without device header: the agent writes it by name and adds one itself
};

/// The image of a step. `bytes` is what it takes on the phone, holes included.
struct ImageRef {
  std::string file;
  ImageForm form = ImageForm::as_is;
  std::uint64_t bytes = 0;
  std::uint64_t content_bytes = 0;  ///< without holes: what is really sent
};

enum class Interruptible : std::uint8_t { yes, no };
enum class VerifyBy : std::uint8_t { read_back, device, none };
std::string_view to_string(VerifyBy by);

/// Reads, hashes and keeps a partition on the computer before anything is written.
struct KeepStep {
  std::string partition;
  Region from;
};
/// Leaves the region as it reads afterwards: erased.
struct EraseStep {
  std::string partition;
  Region target;
};
struct WriteStep {
  std::string partition;
  Region target;
  ImageRef image;
  Interruptible stop = Interruptible::yes;
  bool skip_if_same = false;  ///< compare first; nothing is written when the phone already holds it
};
/// Compares what the phone holds with the image. Always follows the write of the same region.
struct VerifyStep {
  std::string partition;
  Region target;
  ImageRef image;
  VerifyBy by = VerifyBy::read_back;
};
struct RebootStep {
  BootMode into = BootMode::normal;
};

using Step = std::variant<KeepStep, EraseStep, WriteStep, VerifyStep, RebootStep>;

/// Something the user should know that does not stop the flash.
struct Warning {
  std::string id;       ///< stable name, as `file_missing`
  std::string subject;  ///< partition or file
  std::string text;
};

struct Plan {
  std::vector<Step> steps;
  std::vector<Warning> warnings;

  /// Bytes that will be written, holes left out.
  std::uint64_t bytes_to_write() const;
};

/// One line a step: what `--dry-run` prints and tests compare.
std::string to_string(const Plan& plan);

}  // namespace mtk
