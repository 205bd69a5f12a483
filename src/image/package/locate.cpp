// SPDX-License-Identifier: Apache-2.0
#include "image/package/locate.h"

#include "base/file.h"
#include "image/kind.h"
#include "image/package/firmware.h"
#include "image/scatter/lines.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largest_package_file = 1 << 20;

/// Packages keep flash.xml one folder below the scatter, so the way up is one step.
fs::path package_of(const fs::path& file) { return file.parent_path() / ".."; }

fs::path folder_of(const fs::path& file) {
  const fs::path parent = file.parent_path();
  return parent.empty() ? fs::path{"."} : parent;
}

Result<FirmwareFiles> from_flash_xml(const fs::path& file, std::string_view text) {
  MTK_TRY_LET(const FlashXml about, parse_flash_xml(text));
  const fs::path folder = folder_of(file);
  FirmwareFiles out;
  MTK_TRY_LET(out.scatter, package_path(about.scatter, folder, package_of(folder / file.filename())));
  if (!about.agent.empty()) {
    const auto agent = package_path(about.agent, folder, package_of(folder / file.filename()));
    if (agent) out.agents.push_back(*agent);  // the user may bring another
  }
  return out;
}

Result<FirmwareFiles> from_list(const fs::path& file, std::string_view text) {
  MTK_TRY_LET(const DownloadList list, parse_download_list(text));
  if (list.scatter.empty()) return fail(Errc::bad_image, "the list names no scatter file");
  const fs::path folder = folder_of(file);
  FirmwareFiles out;
  MTK_TRY_LET(out.scatter, package_path(list.scatter, folder, folder));
  out.list.emplace();
  for (const auto& [partition, path] : list.images) {
    MTK_TRY_LET(const fs::path image, package_path(path, folder, folder));
    out.list->emplace_back(partition, image);
  }
  return out;
}

Result<FirmwareFiles> from_file(const fs::path& file) {
  const auto kind = file_kind(file);
  if (!kind || *kind != FileKind::xml) return FirmwareFiles{.scatter = file};
  MTK_TRY_LET(const Bytes content, read_file(file, largest_package_file));
  const std::string text = scatter_text(content);
  const std::string name = file.filename().string();
  if (text.find("<flash_list") != std::string::npos) return in(from_list(file, text), name);
  if (text.find("<flash-mode") != std::string::npos) return in(from_flash_xml(file, text), name);
  return FirmwareFiles{.scatter = file};
}

bool same_table(const Scatter& a, const Scatter& b) {
  return std::ranges::equal(a.sections, b.sections, [](const auto& x, const auto& y) {
    return x.storage == y.storage &&
           std::ranges::equal(x.entries, y.entries, [](ScatterEntry p, const ScatterEntry& q) {
             p.line = q.line;
             return p == q;
           });
  });
}

/// The file to take when all hold the same table; nothing when they do not.
std::optional<fs::path> one_of_twins(std::vector<fs::path> files) {
  const auto rank = [](const fs::path& file) {
    return std::tuple(std::distance(file.begin(), file.end()), file.extension() == ".xml", file);
  };
  std::ranges::sort(files, {}, rank);
  const auto first = load_scatter(files.front());
  if (!first) return std::nullopt;
  const bool same = std::all_of(files.begin() + 1, files.end(), [&](const fs::path& file) {
    const auto other = load_scatter(file);
    return other && same_table(*first, *other);
  });
  return same ? std::optional{files.front()} : std::nullopt;
}

Result<FirmwareFiles> from_folder(const fs::path& folder) {
  MTK_TRY_LET(auto scatters, find_scatters(folder));
  // Lists of update packages lie beside the real file in some dumps.
  const auto is_bare = [](const fs::path& file) {
    const auto kind = file_kind(file);
    return kind && *kind == FileKind::bare_scatter;
  };
  if (!std::ranges::all_of(scatters, is_bare)) std::erase_if(scatters, is_bare);
  if (scatters.empty()) {
    std::error_code failed;
    if (fs::is_regular_file(folder / "flash.xml", failed)) return from_file(folder / "flash.xml");
    return fail(Errc::bad_image, fmt::format("no scatter file in {}", folder.string()));
  }
  if (scatters.size() == 1) return FirmwareFiles{.scatter = scatters.front()};
  if (auto twin = one_of_twins(scatters)) return FirmwareFiles{.scatter = std::move(*twin)};
  std::string list;
  for (const auto& scatter : scatters) list += (list.empty() ? "" : ", ") + scatter.string();
  return fail(Errc::usage, "several scatter files, name one of them: " + list);
}

}  // namespace

Result<FirmwareFiles> locate_firmware(const fs::path& path) {
  std::error_code failed;
  return fs::is_directory(path, failed) ? from_folder(path) : from_file(path);
}

}  // namespace mtk
