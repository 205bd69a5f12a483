// SPDX-License-Identifier: Apache-2.0
#include "session/connection_log.h"

#include "base/file.h"
#include "base/home.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace mtk {

namespace {

using Json = nlohmann::ordered_json;

constexpr int format_version = 1;
constexpr std::uint64_t largest_file = 32 << 10;
/// What stays when the file has grown too large.
constexpr std::uint64_t kept = largest_file / 2;

constexpr std::array<std::string_view, 5> end_names{"caught", "left", "silent", "not_opened", "no_phone"};

std::optional<AttemptEnd> end_named(std::string_view name) {
  const auto found = std::ranges::find(end_names, name);
  if (found == end_names.end()) return std::nullopt;
  return static_cast<AttemptEnd>(found - end_names.begin());
}

std::string to_line(const Attempt& attempt) {
  const Json object{{"v", format_version},
                    {"end", to_string(attempt.end)},
                    {"way", attempt.way},
                    {"entry", attempt.entry},
                    {"ms", attempt.took.count()}};
  return object.dump() + "\n";
}

std::optional<Attempt> from_line(std::string_view line) {
  const Json object = Json::parse(line, nullptr, false);
  if (!object.is_object() || object.value("v", Json{}) != format_version) return std::nullopt;
  const auto text = [&](const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
  };
  const auto end = end_named(text("end"));
  const auto took = object.find("ms");
  if (!end || took == object.end() || !took->is_number_integer()) return std::nullopt;
  return Attempt{.end = *end,
                 .way = text("way"),
                 .entry = text("entry"),
                 .took = std::chrono::milliseconds{took->get<std::int64_t>()}};
}

std::string text_of(const std::filesystem::path& file) {
  const auto bytes = read_file(file, 2 * largest_file);
  std::string text;
  if (bytes)
    for (const std::byte byte : *bytes) text += std::to_integer<char>(byte);
  return text;
}

std::string_view way_of(const std::string& port) {
  if (port.starts_with("unix:") || port.starts_with("tcp:")) return {};
  return port.starts_with("tty:") || port.starts_with('/') ? "tty" : "usb";
}

std::optional<AttemptEnd> end_of(const Error& error, bool lost) {
  switch (error.code) {
    case Errc::busy:
    case Errc::denied:
      return AttemptEnd::not_opened;
    case Errc::disconnected:
      return AttemptEnd::left;
    case Errc::timeout: {
      const bool greeted = std::ranges::find(error.during, "HANDSHAKE") != error.during.end();
      if (greeted || error.stage != Stage::connect) return AttemptEnd::silent;
      return lost ? AttemptEnd::left : AttemptEnd::no_phone;
    }
    case Errc::protocol:
    case Errc::device_status:
      return AttemptEnd::silent;
    case Errc::cancelled:
      return lost ? std::optional{AttemptEnd::left} : std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string_view to_string(AttemptEnd end) { return end_names.at(static_cast<std::size_t>(end)); }

std::optional<Attempt> attempt_of(const std::string& port, const Error* error, bool lost,
                                  const PhoneCard& phone, std::chrono::milliseconds took) {
  Attempt attempt{.way = std::string{way_of(port)}, .took = took};
  if (attempt.way.empty()) return std::nullopt;
  if (error == nullptr) {
    attempt.entry = phone.entry;
    return attempt;
  }
  const auto end = end_of(*error, lost);
  if (!end) return std::nullopt;
  attempt.end = *end;
  return attempt;
}

ConnectionLog ConnectionLog::usual() { return ConnectionLog{home_data_folder() / "connections.jsonl"}; }

Result<> ConnectionLog::add(const Attempt& attempt) const {
  std::string text = text_of(file_);
  if (!text.empty() && !text.ends_with('\n')) text += '\n';  // an earlier run was cut off
  text += to_line(attempt);
  if (text.size() > largest_file) text.erase(0, text.find('\n', text.size() - kept) + 1);
  std::error_code problem;
  std::filesystem::create_directories(file_.parent_path(), problem);
  return write_file_atomically(file_, to_bytes(text));
}

std::vector<Attempt> ConnectionLog::attempts() const {
  const std::string text = text_of(file_);
  std::vector<Attempt> found;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (auto attempt = from_line(rest.substr(0, end))) found.push_back(std::move(*attempt));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return found;
}

}  // namespace mtk
