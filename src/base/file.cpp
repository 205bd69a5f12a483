// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace mtk {

namespace {

auto system_failure(const std::filesystem::path& path, std::string_view doing) {
  const bool missing = errno == ENOENT || errno == ENOTDIR;
  return fail(missing ? Errc::not_found : Errc::io,
              fmt::format("cannot {} {}: {}", doing, path.string(), std::generic_category().message(errno)));
}

}  // namespace

Result<File> File::open(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return system_failure(path, "open");
  File file{fd, path};
  struct stat info {};
  if (::fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
    errno = EISDIR;
    return system_failure(path, "open");
  }
  return file;
}

Result<File> File::create(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return system_failure(path, "create");
  return File{fd, path};
}

Result<File> File::open_or_create(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) return system_failure(path, "open");
  return File{fd, path};
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}
File::File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}
File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  return *this;
}

Result<std::uint64_t> File::size() const {
  struct stat info {};
  if (::fstat(fd_, &info) != 0) return system_failure(path_, "measure");
  return static_cast<std::uint64_t>(info.st_size);
}

Result<> File::read_at(std::uint64_t offset, std::span<std::byte> into) const {
  while (!into.empty()) {
    const ssize_t got = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failure(path_, "read");
    if (got == 0)
      return fail(Errc::io, fmt::format("{} ends before byte {}", path_.string(), offset + into.size()));
    offset += static_cast<std::uint64_t>(got);
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

Result<> File::write_at(std::uint64_t offset, ByteView data) {
  while (!data.empty()) {
    const ssize_t put = ::pwrite(fd_, data.data(), data.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return system_failure(path_, "write");
    offset += static_cast<std::uint64_t>(put);
    data = data.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

Result<> File::resize(std::uint64_t size) {
  if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return system_failure(path_, "resize");
  return {};
}

Result<> File::punch_hole(std::uint64_t offset, std::uint64_t length) {
  const int mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  if (::fallocate(fd_, mode, static_cast<off_t>(offset), static_cast<off_t>(length)) == 0) return {};
  if (errno != EOPNOTSUPP && errno != ENOSYS) return system_failure(path_, "free part of");
  const Bytes zeros(std::min<std::uint64_t>(length, 1U << 20));
  while (length > 0) {
    const auto part = std::min<std::uint64_t>(length, zeros.size());
    MTK_TRY(write_at(offset, ByteView{zeros}.first(part)));
    offset += part;
    length -= part;
  }
  return {};
}

Result<> File::sync() {
  if (::fsync(fd_) != 0) return system_failure(path_, "save");
  return {};
}

Result<Bytes> read_file(const std::filesystem::path& path, std::uint64_t limit) {
  MTK_TRY_LET(const File file, File::open(path));
  MTK_TRY_LET(const auto size, file.size());
  if (size > limit) {
    return fail(Errc::out_of_range,
                fmt::format("{} has {} bytes, at most {} are taken", path.string(), size, limit));
  }
  Bytes data(size);
  MTK_TRY(file.read_at(0, data));
  return data;
}

Result<> write_file_atomically(const std::filesystem::path& path, ByteView data) {
  auto draft = path;
  draft += ".new";
  MTK_TRY_LET(File file, File::create(draft));
  MTK_TRY(file.write_at(0, data));
  MTK_TRY(file.sync());
  std::error_code problem;
  std::filesystem::rename(draft, path, problem);
  if (problem) return fail(Errc::io, fmt::format("cannot save {}: {}", path.string(), problem.message()));
  return {};
}

}  // namespace mtk
