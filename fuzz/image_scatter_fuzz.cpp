// SPDX-License-Identifier: Apache-2.0
// Any bytes as a scatter file: whatever is accepted lies inside its area, and each form it can be written in
// reads as the same table.
#include "image/scatter/convert.h"

#include <cstdlib>

namespace {

constexpr std::uint64_t area_size = 0x747c00000;

mtk::Result<mtk::Scatter> parse(std::string_view text) {
  return mtk::parse_scatter(std::as_bytes(std::span{text.data(), text.size()}), "MT6580_Android_scatter.txt");
}

void check_places(const mtk::Scatter& scatter) {
  for (const mtk::ScatterSection& section : scatter.sections) {
    for (const mtk::ScatterEntry& entry : section.entries) {
      const auto placed = mtk::place(entry, section, area_size);
      if (!placed) continue;
      const mtk::Region& region = placed->region;
      if (region.offset > area_size || region.length > area_size - region.offset) std::abort();
    }
  }
}

void check_forms(const mtk::Scatter& scatter) {
  for (const mtk::ScatterForm form : {mtk::ScatterForm::v1, mtk::ScatterForm::v2, mtk::ScatterForm::xml}) {
    const auto converted = mtk::convert_scatter(scatter, form);
    if (!converted) continue;
    const auto text = mtk::print_scatter(*converted);
    if (!text) std::abort();
    const auto again = parse(*text);
    // Values such as a nameless label may not survive a form; a table that does must be the same size.
    if (!again || again->sections.size() != converted->sections.size()) continue;
    for (std::size_t i = 0; i < again->sections.size(); ++i) {
      if (again->sections[i].entries.size() != converted->sections[i].entries.size()) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto scatter = mtk::parse_scatter(std::as_bytes(std::span{data, size}), "MT6580_Android_scatter.txt");
  if (!scatter) return 0;
  check_places(*scatter);
  check_forms(*scatter);
  return 0;
}
