// SPDX-License-Identifier: Apache-2.0
// `mtkflash scatter`: what a scatter file holds, or the same table in another form.
#include "apps/cli/commands.h"
#include "apps/cli/scatter_page.h"
#include "base/ascii.h"
#include "base/file.h"

namespace mtk::cli {

namespace {

constexpr std::uint64_t largest_table_file = 4 << 20;

int exit_for(const Error& error) {
  if (error.code == Errc::usage) return exit_usage;
  return error.code == Errc::io || error.code == Errc::not_found ? exit_host_file : exit_bad_file;
}

/// What `parts --json` printed begins with a brace, which no scatter file does.
bool is_saved_table(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

ScatterText converted(const Context& context, const std::filesystem::path& file) {
  const std::string form = context.run.value(Option::to);
  const auto content = read_file(file, largest_table_file);
  if (!content) return {.text = {}, .error = content.error()};
  std::string text;
  for (const std::byte byte : *content) text += static_cast<char>(byte);
  if (!is_saved_table(text)) return convert_scatter_file(file, form, context.run.value(Option::storage));
  auto table = read_saved_table(text);
  if (!table) return {.text = {}, .error = std::move(table.error()).in(file.filename().string())};
  return scatter_of_phone(table->chip, table->partitions, form);
}

int convert(const Context& context, const std::filesystem::path& file) {
  const ScatterText text = converted(context, file);
  if (text.error) return context.fail(*text.error, exit_for(*text.error));
  context.console.out(context.json() ? context.events.scatter_text(text.text, 0) : text.text);
  return 0;
}

}  // namespace

int run_scatter(const Context& context) {
  const std::filesystem::path file = context.run.arguments.front();
  if (context.run.has(Option::to)) return convert(context, file);
  ScatterCard card = describe_scatter(file);
  if (card.error) return context.fail(*card.error, exit_for(*card.error));
  if (context.run.has(Option::storage)) {
    const auto is_other = [&](std::string_view storage) {
      return !same_ignoring_case(storage, context.run.value(Option::storage));
    };
    std::erase_if(card.storages, is_other);
    std::erase_if(card.rows, [&](const ScatterRow& row) { return is_other(row.storage); });
  }
  if (context.json()) context.console.out(context.events.scatter(card, 0));
  context.print(scatter_page(card, context.style()));
  return 0;
}

}  // namespace mtk::cli
