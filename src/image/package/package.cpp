// SPDX-License-Identifier: Apache-2.0
#include "image/package/package.h"

#include "base/ascii.h"
#include "base/file.h"
#include "base/home.h"
#include "image/archive/entry_name.h"
#include "image/archive/unpack.h"
#include "image/archive/zip.h"
#include "image/kind.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <mutex>

namespace mtk {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t folder_entry_limit = 20000;  // a firmware folder has dozens; this is somebody's home
constexpr std::uint64_t largest_copy = 64 << 20;   // agents and preloaders are smaller

/// Links followed, the file still lies below the folder.
bool leads_out(const fs::path& folder, const fs::path& file) {
  std::error_code failed;
  const fs::path real_file = fs::canonical(file, failed);
  if (failed) return true;
  const fs::path real_folder = fs::canonical(folder, failed);
  return failed || std::ranges::mismatch(real_folder, real_file).in1 != real_folder.end();
}

class FolderPackage : public Package {
 public:
  static Result<PackagePtr> list(const fs::path& folder, int depth) {
    auto out = std::make_shared<FolderPackage>();
    out->path_ = folder;
    std::error_code failed;
    std::size_t seen = 0;
    fs::recursive_directory_iterator entry{folder, failed};
    for (; !failed && entry != fs::recursive_directory_iterator{}; entry.increment(failed)) {
      if (++seen > folder_entry_limit)
        return fail(Errc::usage, fmt::format("{} is too large for a firmware folder", folder.string()));
      if (entry.depth() >= depth) entry.disable_recursion_pending();
      std::error_code ignored;
      if (!entry->is_regular_file(ignored)) continue;
      if (entry->is_symlink(ignored) && leads_out(folder, entry->path())) continue;
      out->files_.push_back({.name = entry->path().lexically_relative(folder).generic_string(),
                             .size = entry->file_size(ignored)});
    }
    if (failed) {
      const bool missing = failed == std::errc::no_such_file_or_directory;
      return fail(missing ? Errc::not_found : Errc::io,
                  fmt::format("cannot list {}: {}", folder.string(), failed.message()));
    }
    std::ranges::sort(out->files_, {}, &PackageFile::name);
    return out;
  }

  PackageForm form() const override { return PackageForm::folder; }
  Result<ImagePtr> open(std::size_t index) const override { return open_raw_image(shown(index)); }
  Result<fs::path> on_disk(std::size_t index) const override { return shown(index); }
};

class UnpackedPackage final : public Package {
 public:
  static Result<PackagePtr> unpack(ImagePtr archive, const fs::path& path, const PackageOptions& options,
                                   const fs::path& cache) {
    auto out = std::make_shared<UnpackedPackage>();
    out->path_ = path;
    MTK_TRY_LET(out->folder_, CacheFolder::create(cache));
    Observer nobody;
    const OpContext op{options.stop, options.observer == nullptr ? nobody : *options.observer};
    MTK_TRY_LET(Unpacked unpacked,
                unpack_archive(std::move(archive), path.filename().string(), out->folder_->path(), op));
    for (UnpackedFile& file : unpacked.files)
      out->files_.push_back({.name = std::move(file.name), .size = file.size});
    out->remarks_ = std::move(unpacked.remarks);
    std::ranges::sort(out->files_, {}, &PackageFile::name);
    return out;
  }

  PackageForm form() const override { return PackageForm::unpacked; }
  Result<ImagePtr> open(std::size_t index) const override { return open_raw_image(file(index)); }
  Result<fs::path> on_disk(std::size_t index) const override { return file(index); }

 private:
  fs::path file(std::size_t index) const { return folder_->path() / files_.at(index).name; }

  std::shared_ptr<const CacheFolder> folder_;
};

class ZipPackage final : public Package {
 public:
  /// Null when a member has to be unpacked by other means.
  static Result<PackagePtr> open_zip(ImagePtr zip, const fs::path& path, const fs::path& cache) {
    auto out = std::make_shared<ZipPackage>();
    MTK_TRY_LET(const auto members, read_zip_directory(*zip));
    out->path_ = path;
    out->cache_ = cache;
    out->zip_ = std::move(zip);
    EntryNames names;
    std::vector<std::pair<PackageFile, ZipMember>> found;
    for (const ZipMember& member : members) {
      if (member.is_folder) continue;
      if (member.encrypted) return fail(Errc::unsupported, "the archive is protected by a password");
      if (!member.in_place()) return PackagePtr{};
      auto name = member.is_link ? Result<std::string>{fail(Errc::bad_image, "it is a link or a device")}
                                 : names.take(member.name);
      if (!name) {
        out->remarks_.push_back(
            fmt::format("{} is left out: {}", printable_text(to_bytes(member.name)), name.error().what));
        continue;
      }
      found.emplace_back(PackageFile{.name = std::move(*name), .size = member.size, .crc = member.crc},
                         member);
    }
    std::ranges::sort(found, {}, [](const auto& one) { return one.first.name; });
    for (auto& [file, member] : found) {
      out->files_.push_back(std::move(file));
      out->members_.push_back(std::move(member));
    }
    return out;
  }

  PackageForm form() const override { return PackageForm::zip; }
  Result<ImagePtr> open(std::size_t index) const override {
    return in(open_zip_member(zip_, members_.at(index)), files_.at(index).name);
  }
  Result<fs::path> on_disk(std::size_t index) const override {
    const std::scoped_lock lock{mutex_};
    if (const auto found = copies_.find(index); found != copies_.end()) return found->second;
    MTK_TRY_LET(const ImagePtr content, open(index));
    MTK_TRY_LET(const Bytes bytes, in(read_all(*content, largest_copy), files_.at(index).name));
    if (!copies_folder_) {
      MTK_TRY_LET(copies_folder_, CacheFolder::create(cache_));
    }
    const fs::path path = copies_folder_->path() / files_.at(index).name;
    std::error_code failed;
    fs::create_directories(path.parent_path(), failed);
    MTK_TRY_LET(File file, File::create(path));
    MTK_TRY(file.write_at(0, bytes));
    copies_.emplace(index, path);
    return path;
  }

 private:
  ImagePtr zip_;
  std::vector<ZipMember> members_;  ///< beside files_
  fs::path cache_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const CacheFolder> copies_folder_;
  mutable std::map<std::size_t, fs::path> copies_;
};

Result<Bytes> head_of(const ImageSource& image) {
  Bytes head(static_cast<std::size_t>(std::min<std::uint64_t>(image.size(), kind_head_size)));
  MTK_TRY(image.read_at(0, head));
  return head;
}

Result<PackagePtr> open_archive(ImagePtr archive, const fs::path& path, const PackageOptions& options) {
  const fs::path cache = options.cache.empty() ? home_data_folder() / "cache" : options.cache;
  MTK_TRY_LET(const Bytes head, head_of(*archive));
  const FileKind kind = kind_of(head);
  if (!is_archive(kind)) {
    return fail(Errc::bad_image, fmt::format("neither a folder nor an archive, but: {}", to_string(kind)));
  }
  if (kind == FileKind::zip) {
    MTK_TRY_LET(PackagePtr zip, ZipPackage::open_zip(archive, path, cache));
    if (zip) return zip;
  }
  return UnpackedPackage::unpack(std::move(archive), path, options, cache);
}

}  // namespace

std::string_view to_string(PackageForm form) {
  switch (form) {
    case PackageForm::folder:
      return "folder";
    case PackageForm::zip:
      return "zip";
    case PackageForm::unpacked:
      return "unpacked";
  }
  return "?";
}

std::optional<std::size_t> Package::find(std::string_view name) const {
  const auto exact = std::ranges::lower_bound(files_, name, {}, &PackageFile::name);
  if (exact != files_.end() && exact->name == name) return static_cast<std::size_t>(exact - files_.begin());
  const auto alike = std::ranges::find_if(
      files_, [&](const PackageFile& file) { return same_ignoring_case(file.name, name); });
  if (alike == files_.end()) return std::nullopt;
  return static_cast<std::size_t>(alike - files_.begin());
}

std::string_view folder_of_name(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : name.substr(0, slash);
}

std::string_view base_name(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

Result<std::string> resolve_name(std::string_view written, std::string_view folder) {
  std::string text{written};
  std::ranges::replace(text, '\\', '/');
  const auto outside = [&] {
    return fail(Errc::bad_image, fmt::format("'{}' is no path inside the package", written));
  };
  if (text.starts_with('/')) return outside();
  std::vector<std::string> parts;
  const std::string whole = folder.empty() ? text : fmt::format("{}/{}", folder, text);
  for (std::size_t at = 0; at < whole.size();) {
    const std::size_t end = std::min(whole.find('/', at), whole.size());
    const std::string part = whole.substr(at, end - at);
    at = end + 1;
    if (part != "..") {
      parts.push_back(part);
    } else if (parts.empty()) {
      return outside();
    } else {
      parts.pop_back();
    }
  }
  return safe_entry_name(fmt::format("{}", fmt::join(parts, "/")));
}

Result<PackagePtr> open_folder_package(const fs::path& folder, int depth) {
  return FolderPackage::list(folder, depth);
}

Result<PackagePtr> open_package(const fs::path& path, const PackageOptions& options) {
  std::error_code failed;
  if (fs::is_directory(path, failed)) return open_folder_package(path);
  MTK_TRY_LET(ImagePtr file, open_raw_image(path));
  return in(open_archive(std::move(file), path, options), path.filename().string());
}

Result<PackagePtr> open_nested_package(const PackagePtr& outer, std::size_t index,
                                       const PackageOptions& options) {
  MTK_TRY_LET(ImagePtr file, outer->open(index));
  return in(open_archive(std::move(file), outer->shown(index), options), outer->files().at(index).name);
}

Result<Bytes> read_head(const Package& package, std::size_t index) {
  MTK_TRY_LET(const ImagePtr content, package.open(index));
  return head_of(*content);
}

}  // namespace mtk
