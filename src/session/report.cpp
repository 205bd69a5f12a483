// SPDX-License-Identifier: Apache-2.0
// Takes a log apart and puts together what a helper asks for first.
#include <mtk/report.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include <unistd.h>

namespace mtk {

namespace {

constexpr std::string_view head = "mtkflash report 1\n";
constexpr std::size_t last_lines = 60;
/// Seconds in front of each line of a log.
constexpr std::size_t time_width = 10;
/// Shorter names are words that stand everywhere.
constexpr std::size_t shortest_private_word = 3;

/// The line without its time.
std::string_view said(std::string_view line) {
  return line.size() > time_width && line[time_width] == ' ' ? line.substr(time_width + 1) : line;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// What stands behind one of the words that begin a line of the log.
struct Parts {
  std::vector<std::string> bus;
  std::vector<std::pair<std::string, std::string>> phone;  ///< the last word on each fact
  std::vector<std::string> stages;
  std::vector<std::string> failure;
  std::string begun;
  std::string exit;
};

void note_fact(std::string_view fact, Parts& parts) {
  const auto equals = fact.find(" = ");
  const std::string id{fact.substr(0, equals)};
  const std::string value{equals == fact.npos ? "" : fact.substr(equals + 3)};
  const auto known = std::ranges::find(parts.phone, id, &std::pair<std::string, std::string>::first);
  if (known == parts.phone.end()) {
    parts.phone.emplace_back(id, value);
  } else {
    known->second = value;
  }
}

Parts parts_of(const std::vector<std::string_view>& lines) {
  Parts parts;
  for (const std::string_view line : lines) {
    const std::string_view text = said(line);
    const auto rest = [&](std::string_view word) { return std::string{text.substr(word.size())}; };
    if (parts.begun.empty()) parts.begun = text;
    if (text.starts_with("bus ")) parts.bus.emplace_back(line);
    if (text.starts_with("stage ")) parts.stages.emplace_back(line);
    if (text.starts_with("phone ")) note_fact(text.substr(6), parts);
    for (const std::string_view word : {"failure ", "error ", "refused: ", "half written: "}) {
      if (text.starts_with(word)) parts.failure.emplace_back(text);
    }
    if (text.starts_with("exit ")) parts.exit = rest("exit ");
  }
  return parts;
}

void add(std::string& out, std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out += fmt::format("\n== {} ==\n", title);
  for (const std::string& line : lines) out += line + "\n";
}

std::size_t marks_in(std::string_view text) {
  std::size_t count = 0;
  for (auto at = text.find(blanked_mark); at != text.npos; at = text.find(blanked_mark, at + 1)) ++count;
  return count;
}

void add_word(std::vector<std::string>& words, std::string_view word) {
  constexpr std::array<std::string_view, 5> nobody{"root", "user", "localhost", "home", "mtkflash"};
  if (word.size() < shortest_private_word || std::ranges::find(nobody, word) != nobody.end()) return;
  if (std::ranges::find(words, word) == words.end()) words.emplace_back(word);
}

}  // namespace

Report make_report(const ReportRequest& request) {
  const auto lines = lines_of(request.log);
  const Parts parts = parts_of(lines);
  std::string out{head};
  out += fmt::format("run   {}\nlog   {}\nexit  {}\n", parts.begun, request.log_name,
                     parts.exit.empty() ? "none: the run did not come to its end" : parts.exit);
  add(out, "error", parts.failure);
  std::vector<std::string> phone;
  for (const auto& [id, value] : parts.phone) phone.push_back(fmt::format("{} = {}", id, value));
  add(out, "phone", phone);
  add(out, "stages", parts.stages);
  add(out, "usb", parts.bus);
  add(out, "computer", request.computer);
  add(out, "checks", request.checks);
  const std::size_t left_out = lines.size() - std::min(lines.size(), last_lines);
  add(out, "last lines", {lines.begin() + static_cast<std::ptrdiff_t>(left_out), lines.end()});
  Report report{.text = blank_private(out, request.words)};
  report.blanked = marks_in(report.text);
  return report;
}

std::filesystem::path last_log(const std::filesystem::path& folder) {
  std::filesystem::path newest;
  std::error_code problem;
  // Names begin with the time.
  for (const auto& file : std::filesystem::directory_iterator{folder, problem}) {
    if (file.path().extension() == ".log" && file.is_regular_file(problem))
      newest = std::max(newest, file.path());
  }
  return newest;
}

std::vector<std::string> private_words() {
  std::vector<std::string> words;
  for (const char* name : {"USER", "LOGNAME", "USERNAME"}) {
    if (const char* value = std::getenv(name)) add_word(words, value);
  }
  if (const char* home = std::getenv("HOME"))
    add_word(words, std::filesystem::path{home}.filename().string());
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) == 0) {
    const std::string_view name{host.data()};
    add_word(words, name.substr(0, name.find('.')));
  }
  return words;
}

}  // namespace mtk
