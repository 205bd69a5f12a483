// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/stage_look.h"

#include "base/ascii.h"

namespace mtk::cli {

// The hues of the vendor's bars, softer: red agent, green format, purple boot loader, yellow images, blue
// read-back, magenta checksum.
StageLook look_of(Stage stage, std::string_view item) {
  switch (stage) {
    case Stage::host:
      return {"prepare", Text::stage_host, 245, "·", "."};
    case Stage::connect:
      return {"connect", Text::stage_connect, 245, "…", "."};
    case Stage::brom:
      return {"brom", Text::stage_brom, 137, "◇", "*"};
    case Stage::preloader:
      return {"preloader", Text::stage_preloader, 137, "◇", "*"};
    case Stage::da1:
      return {"agent", Text::stage_da1, 167, "◆", "*"};
    case Stage::dram:
      return {"memory", Text::stage_dram, 137, "◆", "*"};
    case Stage::da2:
      return {"agent 2", Text::stage_da2, 167, "◆", "*"};
    case Stage::backup:
      return {"read back", Text::stage_backup, 68, "↑", "<"};
    case Stage::erase:
      return {"erase", Text::stage_erase, 71, "○", "o"};
    case Stage::write:
      if (starts_ignoring_case(item, "preloader")) return {"write", Text::bar_boot_loader, 133, "↓", ">"};
      return {"write", Text::stage_write, 178, "↓", ">"};
    case Stage::verify:
      return {"verify", Text::stage_verify, 176, "=", "="};
    case Stage::reboot:
      return {"reboot", Text::stage_reboot, 71, "↻", "@"};
  }
  return {"?", Text::stage_host, 245, "·", "."};
}

}  // namespace mtk::cli
