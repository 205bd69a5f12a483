// SPDX-License-Identifier: Apache-2.0
#include "flash/keep_store.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view manifest_name = "SHA256SUMS";
constexpr std::string_view manifest_head = "# mtkflash identity 1\n";
constexpr std::uint64_t manifest_limit = 1U << 20;

/// A partition name from a phone is no path.
std::string file_stem(std::string_view partition) {
  std::string stem;
  for (const char c : partition) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    stem += plain ? c : '_';
  }
  return stem.empty() ? "unnamed" : stem;
}

Result<std::string> read_manifest(const fs::path& path) {
  std::error_code problem;
  if (!fs::exists(path, problem)) return std::string{manifest_head};
  MTK_TRY_LET(const Bytes bytes, read_file(path, manifest_limit));
  std::string text;
  for (const std::byte byte : bytes) text += static_cast<char>(byte);
  if (!text.starts_with(manifest_head)) {
    return fail(Errc::unsupported,
                fmt::format("{} is of another version than this tool writes", path.string()));
  }
  return text;
}

/// Whether the file holds what its manifest line says; a file that cannot be read does not.
bool still_holds(const fs::path& path, std::string_view sha256) {
  auto file = File::open(path);
  if (!file) return false;
  const auto size = file->size();
  if (!size) return false;
  Hasher hasher;
  Bytes part(1U << 20);
  for (std::uint64_t at = 0; at < *size; at += part.size()) {
    const auto span = std::span{part}.first(std::min<std::uint64_t>(part.size(), *size - at));
    if (!file->read_at(at, span)) return false;
    hasher.update(span);
  }
  return hex_compact(hasher.finish()) == sha256;
}

}  // namespace

Result<> FolderKeepStore::FileSink::write(ByteView data) {
  MTK_TRY(file_.write_at(size_, data));
  size_ += data.size();
  hasher_.update(data);
  return {};
}

Result<FolderKeepStore> FolderKeepStore::open(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) return fail(Errc::io, fmt::format("cannot create {}: {}", folder.string(), problem.message()));
  MTK_TRY(read_manifest(folder / manifest_name));
  return FolderKeepStore{folder};
}

Result<Sink*> FolderKeepStore::begin(const std::string& partition) {
  MTK_TRY_LET(File file, File::create(folder_ / (file_stem(partition) + ".part")));
  partition_ = partition;
  sink_ = std::make_unique<FileSink>(std::move(file));
  return sink_.get();
}

Result<std::string> FolderKeepStore::commit() {
  const std::string sha256 = sink_->sha256();
  const std::string stem = file_stem(partition_);
  const std::string name = fmt::format("{}-{}.img", stem, sha256.substr(0, 16));
  const std::string line = fmt::format("{}  {}\n", sha256, name);
  MTK_TRY_LET(std::string manifest, read_manifest(folder_ / manifest_name));
  std::error_code problem;
  if (manifest.find(line) != std::string::npos && still_holds(folder_ / name, sha256)) {
    sink_.reset();
    fs::remove(folder_ / (stem + ".part"), problem);
    return sha256;
  }
  MTK_TRY(sink_->sync());
  sink_.reset();
  fs::rename(folder_ / (stem + ".part"), folder_ / name, problem);
  if (problem) return fail(Errc::io, fmt::format("cannot keep {}: {}", name, problem.message()));
  if (manifest.find(line) == std::string::npos) {
    manifest += line;
    MTK_TRY(write_file_atomically(folder_ / manifest_name, to_bytes(manifest)));
  }
  return sha256;
}

}  // namespace mtk
