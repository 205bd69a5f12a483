// SPDX-License-Identifier: Apache-2.0
#include "image/archive/unpack.h"

#include "base/file.h"
#include "base/text.h"
#include "base/units.h"
#include "image/archive/entry_name.h"
#include "image/archive/stream.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace mtk {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view prefix = "unpacked-";
constexpr std::size_t unpacked_at_once = std::size_t{1} << 20;

/// Whether the run that made a folder `unpacked-PID-N` is gone.
bool is_left_over(std::string_view name) {
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  pid_t pid = 0;
  const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (problem != std::errc{} || pid <= 0) return false;
  return kill(pid, 0) != 0 && errno == ESRCH;
}

void remove_left_overs(const fs::path& cache) {
  std::error_code ignored;
  for (fs::directory_iterator entry(cache, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    std::error_code failed;
    if (is_left_over(entry->path().filename().string())) fs::remove_all(entry->path(), failed);
  }
}

class Unpacker {
 public:
  Unpacker(const fs::path& into, Progress progress, const OpContext& op, const UnpackLimits& limits)
      : into_(into),
        progress_(std::move(progress)),
        op_(op),
        limits_(limits),
        by_ratio_(progress_.total * limits.ratio + limits.always) {}

  Result<Unpacked> run(ArchiveStream& stream) {
    while (true) {
      MTK_TRY_LET(const auto entry, stream.next());
      if (!entry) {
        tell(progress_.total);
        return std::move(out_);
      }
      if (entry->kind == ArchiveEntry::Kind::folder) continue;
      if (++seen_ > limits_.files)
        return fail(Errc::out_of_range, fmt::format("an archive of more than {} files", limits_.files));
      auto name = entry->kind == ArchiveEntry::Kind::file
                      ? names_.take(entry->name)
                      : Result<std::string>{fail(Errc::bad_image, "it is a link or a device")};
      if (!name) {
        out_.remarks.push_back(
            fmt::format("{} is left out: {}", printable_text(to_bytes(entry->name)), name.error().what));
        continue;
      }
      if (entry->size) MTK_TRY(make_room(*entry->size));
      MTK_TRY(in(write(stream, *name), *name));
    }
  }

 private:
  /// Whether `more` bytes may still be written.
  Result<> make_room(std::uint64_t more) const {
    if (more > by_ratio_ || written_ > by_ratio_ - more)
      return fail(Errc::bad_image,
                  "the archive unpacks to far more than its size: it is made to fill the disk");
    std::uint64_t free = 0;
    if (limits_.free) {
      free = *limits_.free < written_ ? 0 : *limits_.free - written_;
    } else {
      std::error_code failed;
      free = fs::space(into_, failed).available;
      if (failed) return fail(Errc::io, "cannot ask for the room on the disk: " + failed.message());
    }
    if (free >= more && free - more >= limits_.leave_free) return {};
    return fail(Errc::io,
                fmt::format("not enough room to unpack the archive in {}: {} MiB more are needed, {} "
                            "MiB are free",
                            into_.string(), (more + limits_.leave_free) / mib, free / mib));
  }

  void tell(std::uint64_t consumed) {
    progress_.done = consumed;
    op_.observer.progress(progress_);
  }

  Result<> write(ArchiveStream& stream, const std::string& name) {
    const fs::path path = into_ / name;
    std::error_code failed;
    fs::create_directories(path.parent_path(), failed);
    if (failed) return fail(Errc::io, "cannot make the folder: " + failed.message());
    MTK_TRY_LET(File file, File::create(path));
    std::uint64_t size = 0;
    while (true) {
      if (op_.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
      tell(stream.consumed());
      MTK_TRY_LET(const std::size_t got, stream.read(block_));
      if (got == 0) break;
      MTK_TRY(make_room(got));
      MTK_TRY(file.write_at(size, ByteView(block_).first(got)));
      size += got;
      written_ += got;
    }
    out_.files.push_back({.name = name, .size = size});
    return {};
  }

  const fs::path& into_;
  Progress progress_;
  const OpContext& op_;
  const UnpackLimits& limits_;
  std::uint64_t by_ratio_;
  std::uint64_t written_ = 0;
  std::size_t seen_ = 0;
  Bytes block_ = Bytes(unpacked_at_once);
  EntryNames names_;
  Unpacked out_;
};

}  // namespace

Result<std::shared_ptr<const CacheFolder>> CacheFolder::create(const fs::path& cache) {
  remove_left_overs(cache);
  std::error_code failed;
  fs::create_directories(cache, failed);
  if (failed) return fail(Errc::io, fmt::format("cannot make {}: {}", cache.string(), failed.message()));
  std::string path = (cache / fmt::format("{}{}-XXXXXX", prefix, getpid())).string();
  if (mkdtemp(path.data()) == nullptr)
    return fail(Errc::io,
                fmt::format("cannot make a folder in {}: {}", cache.string(), std::strerror(errno)));
  return std::shared_ptr<const CacheFolder>(new CacheFolder(path));
}

CacheFolder::~CacheFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Result<Unpacked> unpack_archive(ImagePtr archive, std::string_view name, const fs::path& into,
                                const OpContext& op, const UnpackLimits& limits) {
  Progress progress{.item = say(Text::files_unpacking, fmt::arg("file", name)), .total = archive->size()};
  MTK_TRY_LET(ArchiveStream stream, ArchiveStream::open(std::move(archive), ArchiveFormats::packages));
  return Unpacker{into, std::move(progress), op, limits}.run(stream);
}

}  // namespace mtk
