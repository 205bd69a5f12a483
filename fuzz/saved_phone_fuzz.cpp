// SPDX-License-Identifier: Apache-2.0
// Any text as the saved events of a phone: what is read can be compared with a firmware and written as a
// scatter.
#include "apps/cli/json.h"

#include <mtk/scatter.h>

#include <cstdlib>

namespace {

mtk::FirmwareCard firmware() {
  mtk::FirmwareCard card;
  card.platform = "MT6580";
  card.storages = {"EMMC"};
  card.chips = {{"MT6580", 0x6580, "exact"}};
  card.entries = {{.name = "boot", .storage = "EMMC", .offset = 0x200000, .size = 0x100000}};
  return card;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(data[i]);
  if (const auto phone = mtk::cli::read_phone(text)) {
    if (mtk::compare_firmware(firmware(), *phone).verdict.empty()) std::abort();
  }
  const auto table = mtk::cli::read_saved_table(text);
  if (!table) return 0;
  if (table->partitions.empty()) std::abort();
  for (const char* form : {"v1", "v2", "xml"}) {
    const auto scatter = mtk::scatter_of_phone(table->chip, table->partitions, form);
    if (scatter.text.empty() != scatter.error.has_value()) std::abort();
  }
  return 0;
}
