// SPDX-License-Identifier: Apache-2.0
// The only file that names libarchive.
#include "image/archive/stream.h"

#include "image/archive/memory_need.h"
#include "image/kind.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

constexpr std::size_t block_size = std::size_t{256} * 1024;

void allow_filters(archive* reader) {
  archive_read_support_filter_gzip(reader);
  archive_read_support_filter_xz(reader);
  archive_read_support_filter_lzma(reader);
  archive_read_support_filter_lz4(reader);
  archive_read_support_filter_zstd(reader);
  archive_read_support_filter_bzip2(reader);
}

/// Only what reads this kind of file: one that can be read in two ways would be judged by the first and
/// unpacked by the second.
void allow_readers(archive* reader, ArchiveFormats formats, FileKind kind) {
  if (formats == ArchiveFormats::single_file) {
    allow_filters(reader);
    archive_read_support_format_raw(reader);
    return;
  }
  switch (kind) {
    case FileKind::zip:
      archive_read_support_format_zip_seekable(reader);  // goes by the list at its end
      break;
    case FileKind::seven_zip:
      archive_read_support_format_7zip(reader);
      break;
    case FileKind::rar:
      archive_read_support_format_rar(reader);
      archive_read_support_format_rar5(reader);
      break;
    default:
      allow_filters(reader);
      archive_read_support_format_tar(reader);
  }
}

}  // namespace

struct ArchiveStream::State {
  ImagePtr image;
  std::uint64_t position = 0;
  Bytes block = Bytes(block_size);
  archive* reader = nullptr;
  std::optional<Error> read_error;  ///< of the file below: more telling than what the library makes of it

  explicit State(ImagePtr source) : image(std::move(source)), reader(archive_read_new()) {}
  ~State() { archive_read_free(reader); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Error problem() const;
};

Error ArchiveStream::State::problem() const {
  if (read_error) return *read_error;
  const char* said = archive_error_string(reader);
  std::string text = said == nullptr ? "damaged archive" : said;
  const bool encrypted =
      text.find("ncrypt") != std::string::npos || text.find("assphrase") != std::string::npos;
  if (text.starts_with("Unrecognized archive format"))
    return Error{.code = Errc::bad_image,
                 .what = "packed, but with no archive of files inside: unpack it first"};
  if (encrypted) return Error{.code = Errc::unsupported, .what = "the archive is protected by a password"};
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return Error{.code = Errc::bad_image, .what = "the archive cannot be read: " + text};
}

ArchiveStream::ArchiveStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
ArchiveStream::~ArchiveStream() = default;
ArchiveStream::ArchiveStream(ArchiveStream&&) noexcept = default;
ArchiveStream& ArchiveStream::operator=(ArchiveStream&&) noexcept = default;

Result<ArchiveStream> ArchiveStream::open(ImagePtr source, ArchiveFormats formats) {
  MTK_TRY(check_memory_need(source));
  Bytes head(static_cast<std::size_t>(std::min<std::uint64_t>(source->size(), kind_head_size)));
  MTK_TRY(source->read_at(0, head));
  const FileKind kind = kind_of(head);
  auto state = std::make_unique<State>(std::move(source));
  archive* reader = state->reader;
  if (reader == nullptr) return fail(Errc::internal, "no memory for the archive reader");
  allow_readers(reader, formats, kind);
  // The library calls back with the State; nothing may be thrown through it.
  const auto read = [](archive*, void* data, const void** bytes) -> la_ssize_t {
    auto& self = *static_cast<State*>(data);
    const std::uint64_t left = self.image->size() - self.position;
    const auto part = std::span{self.block}.first(
        static_cast<std::size_t>(std::min<std::uint64_t>(left, self.block.size())));
    if (auto done = self.image->read_at(self.position, part); !done) {
      self.read_error = std::move(done.error());
      return ARCHIVE_FATAL;
    }
    self.position += part.size();
    *bytes = self.block.data();
    return static_cast<la_ssize_t>(part.size());
  };
  const auto seek = [](archive*, void* data, la_int64_t offset, int whence) -> la_int64_t {
    auto& self = *static_cast<State*>(data);
    const auto size = static_cast<la_int64_t>(self.image->size());
    la_int64_t base = 0;
    if (whence == SEEK_CUR) base = static_cast<la_int64_t>(self.position);
    if (whence == SEEK_END) base = size;
    if (offset < -base || offset > size - base) return ARCHIVE_FATAL;
    self.position = static_cast<std::uint64_t>(base + offset);
    return base + offset;
  };
  const auto skip = [](archive*, void* data, la_int64_t count) -> la_int64_t {
    auto& self = *static_cast<State*>(data);
    const std::uint64_t left = self.image->size() - self.position;
    const std::uint64_t skipped = std::min(left, static_cast<std::uint64_t>(std::max<la_int64_t>(count, 0)));
    self.position += skipped;
    return static_cast<la_int64_t>(skipped);
  };
  archive_read_set_callback_data(reader, state.get());
  archive_read_set_read_callback(reader, read);
  archive_read_set_seek_callback(reader, seek);
  archive_read_set_skip_callback(reader, skip);
  if (archive_read_open1(reader) != ARCHIVE_OK) return fail(state->problem());
  // Only the outer packing was looked at for what memory it wants. The library counts the file itself, too.
  if (archive_filter_count(reader) > 2)
    return fail(Errc::unsupported, "the archive is packed several times over");
  return ArchiveStream{std::move(state)};
}

Result<std::optional<ArchiveEntry>> ArchiveStream::next() {
  archive_entry* entry = nullptr;
  const int status = archive_read_next_header(state_->reader, &entry);
  if (status == ARCHIVE_EOF) return std::optional<ArchiveEntry>{};
  // A warning is about names in foreign encodings; the entry is whole.
  if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return fail(state_->problem());
  if (archive_entry_is_encrypted(entry) != 0)
    return fail(Errc::unsupported, "the archive is protected by a password");
  ArchiveEntry out;
  const char* name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = archive_entry_pathname(entry);
  if (name != nullptr) out.name = name;
  const auto type = archive_entry_filetype(entry);
  const bool is_link = archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr;
  out.kind = is_link            ? ArchiveEntry::Kind::link
             : type == AE_IFREG ? ArchiveEntry::Kind::file
             : type == AE_IFDIR ? ArchiveEntry::Kind::folder
                                : ArchiveEntry::Kind::other;
  if (archive_entry_size_is_set(entry) != 0)
    out.size = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
  return std::optional{std::move(out)};
}

Result<std::size_t> ArchiveStream::read(std::span<std::byte> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const la_ssize_t got = archive_read_data(state_->reader, into.data() + done, into.size() - done);
    if (got < 0) return fail(state_->problem());
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::uint64_t ArchiveStream::consumed() const { return state_->position; }

namespace {

Result<Bytes> read_entry(ArchiveStream& stream, std::uint64_t limit) {
  Bytes content;
  Bytes part(block_size);
  while (true) {
    MTK_TRY_LET(const std::size_t got, stream.read(part));
    if (got == 0) return content;
    if (content.size() + got > limit) {
      return fail(Errc::out_of_range, fmt::format("unpacks to more than {} bytes", limit));
    }
    content.insert(content.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(got));
  }
}

}  // namespace

Result<Bytes> unpack_single_file(ImagePtr packed, std::uint64_t limit) {
  MTK_TRY_LET(ArchiveStream stream, ArchiveStream::open(std::move(packed), ArchiveFormats::single_file));
  MTK_TRY_LET(const auto entry, stream.next());
  if (!entry) return Bytes{};
  return read_entry(stream, limit);
}

Result<Bytes> unpack_lz4_block(ByteView packed, std::uint64_t limit) {
  // The older framing is a magic number and the length of each block.
  ByteWriter framed;
  framed.le(std::uint32_t{0x184c2102}).le(static_cast<std::uint32_t>(packed.size())).bytes(packed);
  return unpack_single_file(memory_image(std::move(framed).take()), limit);
}

std::string archive_library_version() {
  const int number = archive_version_number();
  return fmt::format("{}.{}.{}", number / 1'000'000, number / 1000 % 1000, number % 1000);
}

}  // namespace mtk
