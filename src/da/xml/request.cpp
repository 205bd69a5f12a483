// SPDX-License-Identifier: Apache-2.0
#include "da/xml/request.h"

#include "da/xml/protocol.h"
#include "da/xml/token.h"

#include <fmt/format.h>

namespace mtk::xml {
namespace {

constexpr XmlLimits request_limits{.bytes = max_text, .elements = 256, .depth = 8};

Result<AgentRequest> parse_download(const XmlElement& arg) {
  const std::string_view checksum = arg.text_of("checksum");
  if (checksum != "CHK_NO" && checksum != "CHK_ADD")
    return fail(Errc::protocol, fmt::format("agent wants sums of an unknown kind, `{}`", checksum));
  const auto packet_length = parse_number(arg.text_of("packet_length"));
  if (!packet_length || *packet_length == 0)
    return fail(Errc::protocol,
                fmt::format("agent wants packets of `{}` bytes", arg.text_of("packet_length")));
  return DownloadFile{.source_file = std::string{arg.text_of("source_file")},
                      .packet_length = *packet_length,
                      .wants_sums = checksum == "CHK_ADD"};
}

}  // namespace

Result<AgentRequest> parse_request(std::string_view document) {
  MTK_TRY_LET(const XmlElement root, parse_xml(document, request_limits, Errc::protocol));
  if (root.name != "host")
    return fail(Errc::protocol, fmt::format("agent sent a document `{}` instead of `host`", root.name));
  const std::string_view command = root.text_of("command");
  const XmlElement none;
  const XmlElement* found = root.child("arg");
  const XmlElement& arg = found == nullptr ? none : *found;
  const auto text = [&](std::string_view name) { return std::string{arg.text_of(name)}; };

  if (command == "CMD:START") return Start{};
  if (command == "CMD:END") return End{.result = text("result"), .message = text("message")};
  if (command == "CMD:DOWNLOAD-FILE") return parse_download(arg);
  if (command == "CMD:UPLOAD-FILE") return UploadFile{.target_file = text("target_file")};
  if (command == "CMD:PROGRESS-REPORT") return ProgressReport{.message = text("message")};
  if (command == "CMD:FILE-SYS-OPERATION")
    return FileSystemOperation{.key = text("key"), .file_path = text("file_path")};
  return UnknownRequest{.command = std::string{command}};
}

}  // namespace mtk::xml
