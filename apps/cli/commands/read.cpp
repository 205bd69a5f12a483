// SPDX-License-Identifier: Apache-2.0
// `mtkflash read`: partitions or stretches of storage into files. A file that exists is not overwritten.
#include "apps/cli/cards.h"
#include "apps/cli/commands.h"

namespace mtk::cli {

int run_read(const Context& context) {
  const auto job = read_job(context.run);
  if (!job) return context.fail(job.error(), exit_usage);
  for (const ReadItem& item : job->items) {
    std::error_code problem;
    if (context.run.has(Option::force) || !std::filesystem::exists(item.file, problem)) continue;
    return context.fail(Error{.code = Errc::usage,
                              .what = say(Text::usage_file_exists, fmt::arg("file", item.file.string()))},
                        exit_usage);
  }
  const Ended ended = run_on_phone(context, *job);
  if (!ended.outcome.error) context.print("\n" + read_card(ended.outcome, *job, ended.work, context.style()));
  return ended.outcome.exit_code;
}

}  // namespace mtk::cli
