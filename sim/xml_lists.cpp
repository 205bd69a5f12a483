// SPDX-License-Identifier: Apache-2.0
// WRITE-PARTITIONS, FLASH-ALL, FLASH-UPDATE: the scatter file says what goes where, the phone pulls it.
#include "sim/contents.h"
#include "sim/xml_da2.h"

#include <algorithm>

namespace mtk::sim {

namespace {

constexpr std::size_t scatter_limit = 0x200000;

bool has_file(const XmlScatterRow& row) {
  return row.is_download && !row.file_name.empty() && row.file_name != "NONE";
}

/// The folder of `path` with its separator, empty when there is none.
std::string folder_of(const std::string& path, const std::string& separator) {
  const auto at = path.rfind(separator);
  return at == std::string::npos ? "" : path.substr(0, at + separator.size());
}

const std::string* file_for(const std::vector<std::pair<std::string, std::string>>& files,
                            const std::string& partition) {
  for (const auto& [name, file] : files) {
    if (name == partition) return &file;
  }
  return nullptr;
}

}  // namespace

void XmlDa2::run_list(ListKind kind) {
  const auto source = text_argument("source_file");
  if (!source) return;
  std::string separator = "/";
  if (kind != ListKind::write) {
    const auto told = text_argument("path_separator");
    if (!told) return;
    if (*told != "/" && *told != "\\") return refuse("path_separator is neither / nor \\.");
    separator = *told;
  }
  if (kind == ListKind::flash_update && !text_argument("backup_folder")) return;
  const bool wants_list = kind == ListKind::write || command().major == 2;
  if (wants_list && command().root.child("arg")->child("flash_list") == nullptr)
    return refuse("XML node da/arg/flash_list is required.");
  download_file("scatter-file", *source, scatter_limit,
                [this, kind, source = *source, separator](const Bytes& text) {
                  take_scatter(kind, source, separator, text);
                });
}

void XmlDa2::take_scatter(ListKind kind, const std::string& source, const std::string& separator,
                          const Bytes& text) {
  auto scatter = read_xml_scatter(xml_text(text), board_.model);
  if (!scatter) return refuse(fmt::format("Scatter file: {}.", scatter.error().what));
  List list{.kind = kind, .scatter = std::move(*scatter), .files = {}};
  if (const XmlElement* wanted = command().root.child("arg")->child("flash_list"); wanted != nullptr) {
    for (const auto& item : wanted->children) {
      const auto name = item.attribute("name");
      if (item.name != "pt" || !name) continue;
      if (list.scatter.row(*name) == nullptr) return refuse(fmt::format("Cannot find [{}].", *name));
      list.files.emplace_back(*name, item.text);
    }
  } else {
    const std::string folder = folder_of(source, separator);
    for (const auto& row : list.scatter.rows) {
      if (has_file(row)) list.files.emplace_back(row.name, folder + row.file_name);
    }
  }
  check_layout(std::move(list));
}

/// Whether the table on the card is exactly the scatter's.
bool XmlDa2::layout_is(const XmlScatter& scatter) const {
  const auto own = partitions();
  std::size_t matched = 0;
  for (const auto& row : scatter.rows) {
    if (!row.in_table()) continue;
    const auto found = std::ranges::find(own, row.name, &Target::name);
    if (found == own.end() || found->place.offset != row.start || found->place.size != row.size) return false;
    ++matched;
  }
  return matched == own.size();
}

void XmlDa2::check_layout(List list) {
  const bool has_table = read_gpt(board_.card).has_value();
  const bool same = has_table && layout_is(list.scatter);
  if (list.kind == ListKind::flash_update) {
    for (const auto& row : list.scatter.rows) {
      const auto own = row.in_table() ? partition(row.name) : std::nullopt;
      if (row.operation_type == "PROTECTED" && own &&
          (own->place.offset != row.start || own->place.size != row.size))
        return refuse(fmt::format("Protected partition [{}] is resized or moved.", row.name));
    }
    return make_backup_folder(std::move(list));
  }
  if (has_table && !same) return refuse("GPT layout is changed.");
  if (same) return next_row(std::move(list));
  if (list.kind == ListKind::write) return refuse("No valid GPT on storage.");
  write_tables(std::move(list));
}

void XmlDa2::make_backup_folder(List list) {
  const auto folder = text_argument("backup_folder");
  if (!folder) return;
  const std::string own = fmt::format("{}/{}", *folder, hex_compact(board_.model.agent.random_id));
  ask_file("EXISTS", own + "/record_history.bin", [this, own, list = std::move(list)](auto answer) {
    if (!answer) return ends_command()(false);
    ask_file("MKDIR", own, [this, list](auto made) {
      if (!made) return ends_command()(false);
      if (layout_is(list.scatter)) return next_row(list);
      write_tables(list);
    });
  });
}

void XmlDa2::write_tables(List list) {
  if (list.scatter.row("pgpt") == nullptr || list.scatter.row("sgpt") == nullptr)
    return refuse("The scatter file lacks pgpt or sgpt.");
  Model wanted = board_.model;
  wanted.partitions.clear();
  const std::uint64_t sector = board_.card.sector();
  for (const auto& row : list.scatter.rows) {
    if (!row.in_table()) continue;
    if (row.size == 0 || row.size % sector != 0 || row.start % sector != 0 ||
        row.start > board_.model.storage.user || row.size > board_.model.storage.user - row.start)
      return refuse(fmt::format("[{}] does not fit the storage.", row.name));
    wanted.partitions.push_back({.name = row.name, .start = row.start, .size = row.size, .in_gpt = true});
  }
  if (wanted.partitions.size() > wanted.storage.gpt_slots) return refuse("Too many partitions.");
  const auto gpt = std::make_shared<const GptImage>(make_gpt(wanted));
  const auto failed = std::make_shared<bool>(false);
  const auto put = [this, failed](std::uint64_t offset, const Bytes& table) {
    return [this, failed, offset, &table](std::uint32_t step, std::uint32_t) {
      if (step == 1 && !board_.card.write(part_user, offset, table)) *failed = true;
    };
  };
  progress(
      "PGPT", [gpt, work = put(0, gpt->head)](auto step, auto steps) { work(step, steps); },
      [this, gpt, failed, put, list = std::move(list)](bool) {
        progress(
            "SGPT",
            [gpt, work = put(gpt->tail_offset, gpt->tail)](auto step, auto steps) { work(step, steps); },
            [this, failed, list](bool) {
              if (*failed) return refuse("The partition table could not be written.");
              next_row(list);
            });
      });
}

void XmlDa2::next_row(List list) {
  const auto goes_on = [this](List rest) {
    return [this, rest = std::move(rest)](bool ok) {
      if (!ok) return ends_command()(false);
      next_row(rest);
    };
  };
  while (list.row < list.scatter.rows.size()) {
    const XmlScatterRow& row = list.scatter.rows[list.row++];
    const std::string* file = file_for(list.files, row.name);
    if (file != nullptr) {
      const auto target = partition(row.name);
      if (!target) return refuse(fmt::format("Cannot find [{}].", row.name));
      ++list.written;
      Job job{.target = *target,
              .source = *file,
              .info = fmt::format("{} [{}/{}]", row.name, list.written, list.files.size())};
      return write_image(std::move(job), goes_on(std::move(list)));
    }
    const bool is_erased = list.kind == ListKind::flash_update && row.in_table() &&
                           (row.operation_type == "UPDATE" || row.operation_type == "INVISIBLE");
    const auto target = is_erased ? partition(row.name) : std::nullopt;
    if (target) return erase_whole(*target, goes_on(std::move(list)));
  }
  finish();
}

}  // namespace mtk::sim
