// SPDX-License-Identifier: Apache-2.0
#include "flash/keep_store.h"

#include <fmt/format.h>

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

}  // namespace

Result<> FolderKeepStore::FileSink::write(ByteView data) {
  MTK_TRY(file_.write_at(size_, data));
  size_ += data.size();
  hasher_.update(data);
  return {};
}

Result<std::string> FolderKeepStore::FileSink::finish() {
  MTK_TRY(file_.sync());
  return hex_compact(hasher_.finish());
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
  MTK_TRY_LET(const std::string sha256, sink_->finish());
  sink_.reset();
  const std::string stem = file_stem(partition_);
  const std::string name = fmt::format("{}-{}.img", stem, sha256.substr(0, 16));
  std::error_code problem;
  fs::rename(folder_ / (stem + ".part"), folder_ / name, problem);
  if (problem) return fail(Errc::io, fmt::format("cannot keep {}: {}", name, problem.message()));
  MTK_TRY_LET(std::string manifest, read_manifest(folder_ / manifest_name));
  const std::string line = fmt::format("{}  {}\n", sha256, name);
  if (manifest.find(line) == std::string::npos) {
    manifest += line;
    MTK_TRY(write_file_atomically(folder_ / manifest_name, to_bytes(manifest)));
  }
  return sha256;
}

}  // namespace mtk
