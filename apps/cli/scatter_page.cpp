// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/scatter_page.h"

#include "apps/cli/page.h"
#include "apps/cli/units.h"
#include "base/text.h"

#include <fmt/ranges.h>

namespace mtk::cli {

namespace {

void add_rows(Page& page, const ScatterCard& card, const std::string& storage) {
  constexpr std::size_t wide_table = 110;
  const bool wide = !page.style().terminal || page.style().width >= wide_table;
  const auto title = [](Text id) { return std::string{text(id)}; };
  std::vector<Page::Column> heads{{""},
                                  {title(Text::card_partition)},
                                  {title(Text::card_area)},
                                  {title(Text::card_start), Page::Align::right},
                                  {title(Text::card_room), Page::Align::right},
                                  {title(Text::card_file)}};
  if (wide) {
    heads.push_back({title(Text::card_kind)});
    heads.push_back({title(Text::scatter_operation)});
  }
  std::vector<std::vector<std::string>> rows;
  for (const ScatterRow& row : card.rows) {
    if (row.storage != storage) continue;
    std::vector<std::string> cells{
        row.selected ? "x" : "",
        row.name + (row.identity ? " *" : ""),
        row.region,
        fmt::format("{:#x}", row.physical_start),
        row.size == 0 ? std::string{text(Text::check_rest)} : human_bytes(row.size),
        row.file};
    if (wide) {
      cells.push_back(row.type);
      cells.push_back(row.operation);
    }
    rows.push_back(std::move(cells));
  }
  page.table(heads, rows);
}

}  // namespace

std::string scatter_page(const ScatterCard& card, const Style& style) {
  Page page{style};
  const std::string version = card.version.empty() ? "" : " " + card.version;
  page.fact(text(Text::check_scatter),
            fmt::format("{} ({}{})", card.file.string(), card.generation, version));
  page.fact(text(Text::check_platform), card.platform);
  if (!card.project.empty()) page.fact(text(Text::check_project), card.project);
  page.fact(text(Text::fact_storage), fmt::format("{}", fmt::join(card.storages, ", ")));
  for (const auto& storage : card.storages) {
    page.gap();
    if (card.storages.size() > 1) page.heading(Ink::strong, storage);
    add_rows(page, card, storage);
  }
  page.small(text(Text::scatter_legend));
  if (!card.remarks.empty()) {
    page.gap();
    page.heading(Ink::strong, text(Text::check_remarks));
    for (const auto& remark : card.remarks) page.item("-", remark);
  }
  return std::move(page).text();
}

}  // namespace mtk::cli
