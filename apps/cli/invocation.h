// SPDX-License-Identifier: Apache-2.0
// A command line that was understood: the command, its arguments and options, and what they mean to a
// session.
#pragma once

#include "apps/cli/option_table.h"
#include "base/result.h"

#include <mtk/session.h>

#include <map>
#include <string>
#include <vector>

namespace mtk::cli {

struct Invocation {
  const CommandSpec* command = nullptr;
  std::vector<std::string> arguments;
  std::map<Option, std::vector<std::string>> values;  ///< every occurrence, in order
  std::vector<std::string> remarks;                   ///< how a habit of another tool was understood

  bool has(Option option) const { return values.contains(option); }
  /// The last value given; empty when there is none.
  std::string value(Option option) const;
  /// All values, split at commas.
  std::vector<std::string> list(Option option) const;
};

/// Errors: usage, with a sentence for the user.
Result<Invocation> parse(std::vector<std::string> arguments);

/// `a,b` and `a` `b` alike; empty names are dropped.
std::vector<std::string> split_list(std::string_view text);

ConnectOptions connect_options(const Invocation& run);
VerifyBy verify_by(const Invocation& run);
/// Errors: usage (an --image without `=`, a scene that does not exist yet).
Result<FlashJob> flash_job(const Invocation& run);
/// Pairs of place and file; lists on both sides are taken apart, as in mtk.py's `r boot,lk boot.img,lk.bin`.
/// Errors: usage (a place without a file).
Result<ReadJob> read_job(const Invocation& run);
WriteJob write_job(const Invocation& run);
EraseJob erase_job(const Invocation& run);
RebootJob reboot_job(const Invocation& run);

}  // namespace mtk::cli
