// SPDX-License-Identifier: Apache-2.0
// Shell completion scripts and the man page, made from the option table.
#pragma once

#include <string>
#include <string_view>

namespace mtk::cli {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();
/// `shell` is one of the words of the command `completion`.
std::string completion(std::string_view shell);

/// mtkflash.1 in man macros.
std::string man_page();

}  // namespace mtk::cli
