// SPDX-License-Identifier: Apache-2.0
// What every line of --json has in common. For the sources that make such lines: the only place that names
// the JSON library.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace mtk::cli {

using Json = nlohmann::ordered_json;

inline constexpr int format_version = 1;

inline std::string line(const Json& object) {
  // Names from a phone need not be UTF-8.
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

inline Json event(std::uint64_t time, std::string_view name) {
  return {{"v", format_version}, {"t", time}, {"event", name}};
}

}  // namespace mtk::cli
