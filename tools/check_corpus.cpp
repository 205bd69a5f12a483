// SPDX-License-Identifier: Apache-2.0
// Runs every parser over the files of a folder and its sub-folders and prints what each makes of them.
// For collections that cannot be part of this project. Exits with 1 when a file that was recognised could
// not be read.
#include "base/ascii.h"
#include "base/file.h"
#include "image/da_file/da_file.h"
#include "image/kind.h"
#include "image/package/checksum.h"
#include "image/package/flash_xml.h"
#include "image/package/image_facts.h"
#include "image/package/nature.h"
#include "image/preloader/preloader.h"
#include "image/scatter/convert.h"
#include "image/source.h"
#include "image/table/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace {

using namespace mtk;
namespace fs = std::filesystem;

void report(const fs::path& file, std::string_view what) { fmt::print("{}: {}\n", file.string(), what); }
void note(std::string_view text) { fmt::print("    {}\n", text); }

/// Whether the table can be written in another form and reads as it was.
void check_forms(const Scatter& scatter, const std::string& name) {
  for (const auto& [form, word] : {std::pair{ScatterForm::v1, "V1"}, std::pair{ScatterForm::xml, "XML"}}) {
    for (const ScatterSection& section : scatter.sections) {
      const auto converted = convert_scatter(scatter, form, section.storage);
      const auto text = converted ? print_scatter(*converted) : fail(converted.error());
      const auto back = text ? parse_scatter(to_bytes(*text), name) : fail(text.error());
      if (!back) {
        note(fmt::format("cannot be written as {}: {}", word, back.error().what));
      } else if (back->sections.front().entries.size() != section.entries.size()) {
        note(fmt::format("loses entries when written as {}", word));
      }
    }
  }
}

Result<> check_scatter(const fs::path& file) {
  MTK_TRY_LET(const Scatter scatter, load_scatter(file));
  for (const ScatterSection& section : scatter.sections) {
    report(file, fmt::format("{} {} {} {}: {} entries", to_string(scatter.generation), scatter.config_version,
                             scatter.platform, to_string(section.storage), section.entries.size()));
  }
  for (const Diagnostic& warning : scatter.warnings) note(to_string(warning, file.filename().string()));
  check_forms(scatter, file.filename().string());
  return {};
}

/// A disk larger than any phone's: table files do not say how large theirs is.
constexpr std::uint64_t some_disk = std::uint64_t{1} << 44;

void list_table(const fs::path& file, const PartitionTable& table) {
  report(file, fmt::format("{}, {} partitions", to_string(table.form), table.partitions.size()));
  for (const TableEntry& entry : table.partitions)
    note(fmt::format("{} {}", entry.name, to_string(entry.region)));
  for (const std::string& problem : table.problems) note(problem);
}

Result<> check_gpt(const fs::path& file) {
  MTK_TRY_LET(const ImagePtr image, open_raw_image(file));
  MTK_TRY_LET(const Bytes head, read_all(*image, std::uint64_t{1} << 30));
  auto table = read_gpt_copy(head, GptCopy::primary, {.sector_size = 512, .disk_size = some_disk});
  if (!table) table = read_gpt_copy(head, GptCopy::primary, {.sector_size = 4096, .disk_size = some_disk});
  if (!table) return fail(table.error());
  list_table(file, table_of(*table));
  return {};
}

/// An MBR alone, or a whole storage; of a lone MBR the chain cannot be followed, which is told.
Result<> check_mbr(const fs::path& file) {
  MTK_TRY_LET(const File disk, File::open(file));
  MTK_TRY_LET(const std::uint64_t size, disk.size());
  const auto read = [&](std::uint64_t offset) -> Result<Bytes> {
    Bytes sector(mbr_sector_size);
    if (offset < size && size - offset >= sector.size()) MTK_TRY(disk.read_at(offset, sector));
    return sector;
  };
  const auto mbr = read_mbr(read, some_disk);
  if (mbr) {
    list_table(file, table_of(*mbr));
  } else {
    // A file system may end its first sector as an MBR does.
    report(file, "ends its first sector as an MBR does; " + mbr.error().what);
  }
  return {};
}

Result<> check_xml(const fs::path& file) {
  MTK_TRY_LET(const Bytes content, read_file(file, 1 << 20));
  std::string text;
  for (const std::byte byte : content) text += static_cast<char>(byte);
  if (text.find("<flash_list") != std::string::npos) {
    MTK_TRY_LET(const DownloadList list, parse_download_list(text));
    report(file, fmt::format("download list of {} images", list.images.size()));
  } else if (text.find("<flash-mode") != std::string::npos) {
    MTK_TRY_LET(const FlashXml about, parse_flash_xml(text));
    report(file, fmt::format("V6 package {}, scatter {}", about.project, about.scatter));
  } else {
    report(file, to_string(FileKind::xml));
  }
  return {};
}

Result<> check_preloader(const fs::path& file) {
  MTK_TRY_LET(const Preloader preloader, load_preloader(file));
  report(file, fmt::format("{}, project {}", to_string(preloader.form), preloader.project()));
  for (const std::string& warning : preloader.warnings) note(warning);
  if (!preloader.emi) {
    note(preloader.emi_problem);
    return {};
  }
  const EmiBlock& emi = *preloader.emi;
  note(fmt::format("memory settings v{:02} at 0x{:x}, {} of {} records of {} bytes", emi.version, emi.offset,
                   emi.records.size(), emi.count, emi.record_size));
  for (const EmiRecord& record : emi.records) {
    note(fmt::format("  {}: {}", describe_memory(record), describe_id(record)));
  }
  for (const std::string& warning : emi.warnings) note(warning);
  return {};
}

Result<> check_agent(const fs::path& file) {
  MTK_TRY_LET(const DaFile agent, DaFile::load(file));
  report(file, fmt::format("{}: {}", agent.version_text(), chips_in(agent)));
  for (const std::string& warning : agent.warnings()) note(warning);
  for (const DaEntry& entry : agent.entries()) {
    const auto stages = agent.stages(entry);
    if (!stages) note(fmt::format("chip 0x{:04x}: {}", entry.hw_code, stages.error().what));
  }
  return {};
}

Result<> check_sparse(const fs::path& file) {
  MTK_TRY_LET(const ImagePtr image, open_image(file));
  report(file, fmt::format("sparse, 0x{:x} bytes expanded, {} extents, {} writes", image->size(),
                           image->extent_count(), ranges_to_write(*image).size()));
  return {};
}

Result<> check_image(const fs::path& file, FileKind kind) {
  report(file, to_string(kind));
  if (same_ignoring_case(file.extension().string(), ".ini")) {
    constexpr std::uint64_t largest_list = 1 << 20;
    MTK_TRY_LET(const Bytes bytes, read_file(file, largest_list));
    std::string text;
    for (const std::byte byte : bytes) text += std::to_integer<char>(byte);
    MTK_TRY_LET(const ChecksumList sums, parse_checksums(text));
    note(fmt::format("{} sums", sums.sums.size()));
  }
  MTK_TRY_LET(const ImagePtr image, open_raw_image(file));
  const ImageFacts facts = look_at_image(image, Look::deep);
  for (const ImageFact& fact : facts.facts) note(fmt::format("{} {}", fact.id, fact.value));
  for (const std::string& damage : facts.damage) note("damaged: " + damage);
  if (!facts.build.empty())
    note(fmt::format("{} {}, Android {}", facts.build.brand, facts.build.model, facts.build.android));
  return {};
}

Result<> check_archive(const fs::path& file) {
  MTK_TRY_LET(const PackagePtr package, open_package(file));
  const PackageSight sight = recognise_package(*package);
  report(file, fmt::format("{} files, {}, {}", package->files().size(), to_string(package->form()),
                           to_string(sight.nature)));
  for (const std::string& remark : package->remarks()) note(remark);
  return {};
}

Result<> check_file(const fs::path& file) {
  MTK_TRY_LET(const FileKind kind, file_kind(file));
  if (kind == FileKind::zip || kind == FileKind::seven_zip || kind == FileKind::rar || kind == FileKind::tar)
    return check_archive(file);
  switch (kind) {
    case FileKind::scatter:
    case FileKind::bare_scatter:
      return check_scatter(file);
    case FileKind::gfh_preloader:
    case FileKind::emmc_boot:
    case FileKind::ufs_boot:
    case FileKind::other_boot:
    case FileKind::emi_block:
      return check_preloader(file);
    case FileKind::da_container:
      return check_agent(file);
    case FileKind::sparse:
      return check_sparse(file);
    case FileKind::gpt:
      return check_gpt(file);
    case FileKind::mbr:
      return check_mbr(file);
    case FileKind::xml:
      return check_xml(file);
    default:
      return check_image(file, kind);
  }
}

std::vector<fs::path> files_below(const fs::path& folder, std::error_code& failed) {
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored)) files.push_back(entry->path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    fmt::print(stderr, "usage: check-corpus FOLDER\n");
    return 2;
  }
  std::error_code failed;
  const std::vector<fs::path> files = files_below(arguments[1], failed);
  if (failed) {
    fmt::print(stderr, "{}: {}\n", arguments[1], failed.message());
    return 2;
  }
  std::size_t refused = 0;
  for (const fs::path& file : files) {
    if (const auto checked = check_file(file); !checked) {
      report(file, "REFUSED: " + to_string(checked.error()));
      ++refused;
    }
  }
  fmt::print("{} files, {} refused\n", files.size(), refused);
  return refused == 0 ? 0 : 1;
}
