// SPDX-License-Identifier: Apache-2.0
#include "transport/holders.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>

#include <unistd.h>

namespace mtk {
namespace {

namespace fs = std::filesystem;

/// Listens to every modem that appears on Linux desktops, and to what looks like one.
constexpr std::string_view usual_holder = "ModemManager";

std::optional<int> process_number(const std::string& name) {
  int number = 0;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
  if (parsed.ec != std::errc{} || parsed.ptr != name.data() + name.size()) return std::nullopt;
  return number;
}

std::string program_of(const fs::path& process) {
  std::ifstream file{process / "comm"};
  std::string name;
  std::getline(file, name);
  return name;
}

/// Calls `look(number, folder)` for every process but this one, by number.
template <class Look>
void for_each_process(const SystemRoots& roots, const Look& look) {
  std::vector<int> numbers;
  std::error_code error;
  for (fs::directory_iterator entry{roots.proc, error}, end; !error && entry != end; entry.increment(error)) {
    const auto number = process_number(entry->path().filename().string());
    if (number && *number != getpid()) numbers.push_back(*number);
  }
  std::ranges::sort(numbers);
  for (const int number : numbers) look(number, roots.proc / std::to_string(number));
}

}  // namespace

Holders holders_of(const SystemRoots& roots, std::span<const fs::path> nodes) {
  Holders holders;
  for_each_process(roots, [&](int number, const fs::path& process) {
    std::error_code error;
    fs::directory_iterator open_file{process / "fd", error};
    if (error == std::errc::permission_denied) holders.all_seen = false;
    for (const fs::directory_iterator end; !error && open_file != end; open_file.increment(error)) {
      std::error_code closed;
      const fs::path target = fs::read_symlink(open_file->path(), closed);
      if (closed || std::ranges::find(nodes, target) == nodes.end()) continue;
      holders.found.push_back({number, program_of(process), target});
      return;
    }
  });
  return holders;
}

std::vector<Holder> running_programs(const SystemRoots& roots, std::string_view name) {
  std::vector<Holder> found;
  for_each_process(roots, [&](int number, const fs::path& process) {
    if (program_of(process) == name) found.push_back({number, std::string{name}, {}});
  });
  return found;
}

std::string who_holds(const SystemRoots& roots, std::vector<fs::path> nodes) {
  for (fs::path& node : nodes) {
    std::error_code unknown;
    fs::path open_as = fs::canonical(node, unknown);  // the kernel knows no links
    if (!unknown) node = std::move(open_as);
  }
  const Holders holders = holders_of(roots, nodes);
  if (!holders.found.empty()) {
    const Holder& first = holders.found.front();
    return fmt::format("{} (process {}) holds {}", first.program, first.process, first.node.string());
  }
  const bool usual = !holders.all_seen && !running_programs(roots, usual_holder).empty();
  return fmt::format("another program{} holds {}", usual ? ", most likely ModemManager," : "",
                     nodes.front().string());
}

}  // namespace mtk
