// SPDX-License-Identifier: Apache-2.0
// Any bytes as a firmware package, taken through the whole of `check`: scatter files, and zip archives with
// whatever lies in them. Archives that have to be unpacked are image_archive's.
#include "base/file.h"
#include "image/kind.h"

#include <mtk/firmware.h>

#include <unistd.h>

#include <cstdlib>

namespace {

namespace fs = std::filesystem;

/// A folder of this process: the package of one scatter file is the folder around it.
const fs::path& folder() {
  static const fs::path path = [] {
    const fs::path made = fs::temp_directory_path() / ("mtk-package-fuzz-" + std::to_string(getpid()));
    fs::create_directories(made);
    setenv("MTKFLASH_HOME", (made / "home").c_str(), 1);
    std::atexit([] { fs::remove_all(folder()); });
    return made;
  }();
  return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  const mtk::FileKind kind = mtk::kind_of(bytes);
  if (mtk::is_archive(kind) && kind != mtk::FileKind::zip) return 0;
  const fs::path file = folder() / "package";
  {
    auto written = mtk::File::create(file);
    if (!written || !written->write_at(0, bytes)) return 0;
  }
  const mtk::FirmwareCard card = mtk::describe_firmware(file);
  if (card.error) return 0;
  for (const mtk::FirmwareEntry& entry : card.entries) {
    if (entry.name.empty() && entry.present) std::abort();
  }
  if (mtk::compare_firmware(card, card).verdict == "foreign") std::abort();
  return 0;
}
