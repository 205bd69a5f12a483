// SPDX-License-Identifier: Apache-2.0
// `mtkflash check`: what a firmware package holds, what is wrong with it, and whether it is for the same
// phone as another one.
#include "apps/cli/commands.h"
#include "apps/cli/file_work.h"
#include "apps/cli/firmware_page.h"
#include "base/file.h"
#include "base/text.h"

namespace mtk::cli {

namespace {

constexpr std::uint64_t largest_saved_phone = 16 << 20;

int exit_for(const Error& error) {
  if (error.code == Errc::usage) return exit_usage;
  if (error.code == Errc::cancelled) return exit_stopped;
  return error.code == Errc::io || error.code == Errc::not_found ? exit_host_file : exit_bad_file;
}

FirmwareCard described(const Context& context, const std::filesystem::path& package, ReadImages images) {
  FirmwareCard card;
  run_on_files(context, [&](const OpContext& op) { card = describe_firmware(package, images, op); });
  return card;
}

/// Saved events begin with a brace, which no package does.
bool is_saved_phone(const std::filesystem::path& path) {
  const auto file = File::open(path);
  std::array<std::byte, 1> first{};
  return file && file->read_at(0, first) && first[0] == std::byte{'{'};
}

Result<FirmwareComparison> compare_with(const Context& context, const FirmwareCard& card,
                                        const std::filesystem::path& other) {
  if (is_saved_phone(other)) {
    MTK_TRY_LET(const Bytes bytes, read_file(other, largest_saved_phone));
    std::string lines;
    for (const std::byte byte : bytes) lines += std::to_integer<char>(byte);
    const auto phone = read_phone(lines);
    if (!phone) return fail(Errc::bad_image, say(Text::compare_phone_file, fmt::arg("file", other.string())));
    return compare_firmware(card, *phone);
  }
  const FirmwareCard second = described(context, other, ReadImages::no);
  if (second.error) return fail(*second.error);
  return compare_firmware(card, second);
}

/// Comparing needs no sums; what stands in the way of a flash is another question.
int compare(const Context& context) {
  const std::filesystem::path other = context.run.value(Option::against);
  const FirmwareCard card = described(context, context.run.arguments.front(), ReadImages::no);
  if (card.error) return context.fail(*card.error, exit_for(*card.error));
  auto comparison = compare_with(context, card, other);
  if (!comparison) return context.fail(comparison.error(), exit_for(comparison.error()));
  const ComparedWith with{.comparison = std::move(*comparison), .name = other.string()};
  const int exit = with.comparison.usable ? 0 : exit_refused;
  if (context.json()) context.console.out(context.events.firmware(card, exit, &with));
  context.print(comparison_page(with, card, context.style()));
  return exit;
}

}  // namespace

int run_check(const Context& context) {
  if (context.run.has(Option::against)) return compare(context);
  const FirmwareCard card = described(context, context.run.arguments.front(), ReadImages::yes);
  if (card.error) return context.fail(*card.error, exit_for(*card.error));
  const int exit = card.problems.empty() ? 0 : exit_bad_file;
  if (context.json()) context.console.out(context.events.firmware(card, exit));
  context.print(firmware_page(card, context.style()));
  return exit;
}

}  // namespace mtk::cli
