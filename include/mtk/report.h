// SPDX-License-Identifier: Apache-2.0
// One file about a run, for people who ask others for help: made from the run's log, with everything blanked
// that tells this phone or this person from others. Nothing is sent anywhere. Part of the public API.
#pragma once

#include <mtk/error.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mtk {

struct Report {
  std::string text;         ///< docs/format/report.md
  std::size_t blanked = 0;  ///< places where something was left out
};

/// The text without identifiers of phones (IMEI, serial numbers, ME_ID, SOC_ID, random and storage ids: every
/// long hexadecimal number), and without names of users, in paths or after a label that announces one.
/// \param words  what else is private, as names of this user; whole words, in any case
std::string blank_private(std::string_view text, const std::vector<std::string>& words = {});
/// What stands for whatever was left out.
inline constexpr std::string_view blanked_mark = "<blanked>";

/// Where a report comes from.
struct ReportRequest {
  std::string log = {};                    ///< the text of the log
  std::string log_name = {};               ///< its file name
  std::vector<std::string> computer = {};  ///< versions of this program, system and libraries, a line each
  std::vector<std::string> checks = {};    ///< what the doctor found, a line each
  std::vector<std::string> words = {};     ///< as for blank_private()
};
Report make_report(const ReportRequest& request);

/// The newest log of a run in the log folder; empty when there is none.
std::filesystem::path last_log(const std::filesystem::path& folder);
/// The names of this user and computer that are worth blanking.
std::vector<std::string> private_words();

}  // namespace mtk
