// SPDX-License-Identifier: Apache-2.0
// What the agent asks of the host: it offers a command, ends one, and in between uses the host as its files.
// Source: docs/protocol/da-xml.md#documents-of-the-agent
#pragma once

#include "base/xml.h"

#include <variant>

namespace mtk::xml {

/// The agent waits for a command.
struct Start {};
/// The command is over.
struct End {
  std::string result;   ///< `OK`, `ERR`, `ERR!UNSUPPORTED`
  std::string message;  ///< of a failed command; stale otherwise
};
/// "Download" and "upload" are named from the host: download is what the agent fetches.
struct DownloadFile {
  static constexpr std::string_view name = "DOWNLOAD-FILE";
  std::string source_file;
  std::uint64_t packet_length = 0;
  bool wants_sums = false;
};
struct UploadFile {
  static constexpr std::string_view name = "UPLOAD-FILE";
  std::string target_file;
};
struct ProgressReport {
  static constexpr std::string_view name = "PROGRESS-REPORT";
  std::string message;
};
struct FileSystemOperation {
  static constexpr std::string_view name = "FILE-SYS-OPERATION";
  std::string key;
  std::string file_path;
};
/// Something this host does not know.
struct UnknownRequest {
  std::string command;
};

using AgentRequest =
    std::variant<Start, End, DownloadFile, UploadFile, ProgressReport, FileSystemOperation, UnknownRequest>;

/// Errors: protocol (not a document of an agent, or one whose numbers are none).
Result<AgentRequest> parse_request(std::string_view document);

}  // namespace mtk::xml
