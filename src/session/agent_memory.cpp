// SPDX-License-Identifier: Apache-2.0
#include "session/agent_memory.h"

#include "base/file.h"
#include "base/hash.h"

#include <fmt/format.h>

namespace mtk {

namespace {
constexpr std::string_view first_line = "# mtkflash agents-without-tail 1\n";
constexpr std::uint64_t list_limit = 1U << 20;
}  // namespace

Result<std::string> AgentMemory::list() const {
  std::error_code problem;
  if (!std::filesystem::exists(file_, problem)) return std::string{first_line};
  MTK_TRY_LET(const Bytes bytes, read_file(file_, list_limit));
  std::string text;
  for (const std::byte byte : bytes) text += static_cast<char>(byte);
  if (!text.starts_with(first_line)) {
    return fail(Errc::unsupported,
                fmt::format("{} is of another version than this tool writes", file_.string()));
  }
  return text;
}

bool AgentMemory::takes_no_tail(ByteView agent_file) const {
  const auto text = list();
  return text && text->find(hex_compact(sha256(agent_file))) != std::string::npos;
}

Result<> AgentMemory::remember_no_tail(ByteView agent_file) {
  if (takes_no_tail(agent_file)) return {};
  MTK_TRY_LET(std::string text, list());
  text += hex_compact(sha256(agent_file)) + "\n";
  std::error_code problem;
  std::filesystem::create_directories(file_.parent_path(), problem);
  return write_file_atomically(file_, to_bytes(text));
}

}  // namespace mtk
