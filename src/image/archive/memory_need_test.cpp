// SPDX-License-Identifier: Apache-2.0
#include "image/archive/memory_need.h"

#include "base/hash.h"
#include "base/units.h"
#include "image/archive/fixture.h"
#include "image/archive/stream.h"
#include "image/oracle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace mtk {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::byte four_gib{40};  // the largest dictionary LZMA2 can state

/// Whether an archive wants about so much, and not just half of it.
void expect_need(std::uint64_t bytes, const Bytes& archive) {
  EXPECT_TRUE(check_memory_need(memory_image(archive), bytes)) << bytes;
  EXPECT_FALSE(check_memory_need(memory_image(archive), bytes / 2)) << bytes;
}

struct MemoryNeed : testing::Test {
  fs::path folder = oracle::folder("memory-need");

  void SetUp() override {
    oracle::write(folder / "a.bin", Bytes(200'000, std::byte{7}));
    oracle::write(folder / "b.bin", Bytes(100'000, std::byte{9}));
  }
  Bytes made(const std::string& command, const std::string& name) {
    EXPECT_EQ(oracle::run("cd '" + folder.string() + "' && rm -f " + name + " && " + command + " >/dev/null"),
              0)
        << command;
    return read_file(folder / name, 16 << 20).value();
  }
};

void put_crc(Bytes& bytes, std::size_t at, ByteView over) {
  ByteWriter sum;
  sum.le(crc32(over));
  std::ranges::copy(sum.view(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

std::size_t find(const Bytes& in, std::size_t from, std::initializer_list<unsigned> what) {
  const Bytes wanted = to_bytes(what);
  return static_cast<std::size_t>(
      std::search(in.begin() + static_cast<std::ptrdiff_t>(from), in.end(), wanted.begin(), wanted.end()) -
      in.begin());
}

/// The block that starts at `at` of an xz file, made to demand the largest dictionary.
Bytes greedy_xz(Bytes xz, std::size_t at) {
  const std::size_t head = (std::to_integer<std::size_t>(xz.at(at)) + 1) * 4;
  xz.at(find(xz, at, {0x21, 0x01}) + 2) = four_gib;
  put_crc(xz, at + head - 4, ByteView(xz).subspan(at, head - 4));
  return xz;
}

TEST_F(MemoryNeed, ordinary_archives_pass_and_say_what_they_want) {
  for (const std::string options :
       {"-m0=lzma", "-m0=lzma2 -mhc=off", "-m0=lzma -ms=off", "-m0=copy", "-m0=ppmd:mem=16m", "-m0=bzip2",
        "-m0=deflate", "-m0=bcj -m1=lzma", "-m0=bcj2 -m1=lzma -m2=lzma -m3=lzma -mb0:1 -mb0s1:2 -mb0s2:3",
        "-mx=9"}) {
    const Bytes archive = made("7z a " + options + " x.7z a.bin b.bin", "x.7z");
    EXPECT_TRUE(check_memory_need(memory_image(archive))) << options;
  }
  expect_need(64 * mib, made("xz -9 -k a.bin", "a.bin.xz"));
  EXPECT_TRUE(check_memory_need(memory_image(made("7z a -tzip -mm=lzma x.zip a.bin", "x.zip"))));
  EXPECT_TRUE(check_memory_need(memory_image(made("touch empty && 7z a x.7z empty", "x.7z"))));
  EXPECT_TRUE(check_memory_need(memory_image(to_bytes("no archive"))));
  EXPECT_TRUE(check_memory_need(memory_image({})));
}

TEST_F(MemoryNeed, an_xz_file_that_demands_gigabytes_is_refused_whichever_block_does) {
  const Bytes xz = made("xz -k --block-size=65536 -T1 a.bin", "a.bin.xz");
  const Bytes first = greedy_xz(xz, 12);
  auto refused = ArchiveStream::open(memory_image(first), ArchiveFormats::packages);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::unsupported);
  EXPECT_THAT(refused.error().what, HasSubstr("4096 MiB of memory"));
  // The second block begins on the multiple of 4 behind the first, as every block does.
  const std::size_t second = find(xz, 40, {0x21, 0x01}) - 2;
  std::size_t begin = second;
  while (begin % 4 != 0) --begin;
  EXPECT_EQ(check_memory_need(memory_image(greedy_xz(xz, begin))).error().code, Errc::unsupported);
}

TEST_F(MemoryNeed, a_7z_archive_that_demands_gigabytes_is_refused_although_its_list_is_whole) {
  struct Setting {
    std::string method;
    std::initializer_list<unsigned> record;  ///< method and properties, as the list has them
    std::size_t dictionary;                  ///< the dictionary's highest byte in it
  };
  for (const Setting& setting : {Setting{"lzma2:d=64k", {0x21, 0x21, 0x01}, 3},
                                 Setting{"lzma:d=64k", {0x23, 0x03, 0x01, 0x01, 0x05}, 9},
                                 Setting{"ppmd:mem=2m", {0x23, 0x03, 0x04, 0x01, 0x05}, 9}}) {
    Bytes archive = made("7z a -mhc=off -m0=" + setting.method + " x.7z a.bin", "x.7z");
    ASSERT_TRUE(check_memory_need(memory_image(archive)));
    ByteReader start{archive};
    start.seek(12);
    const auto list_at = static_cast<std::size_t>(start.le<std::uint64_t>() + 32);
    archive.at(find(archive, list_at, setting.record) + setting.dictionary) = four_gib;
    put_crc(archive, 28, ByteView(archive).subspan(list_at));
    put_crc(archive, 8, ByteView(archive).subspan(12, 20));
    const auto refused = check_memory_need(memory_image(archive));
    ASSERT_FALSE(refused) << setting.method;
    EXPECT_EQ(refused.error().code, Errc::unsupported);
  }
}

TEST_F(MemoryNeed, a_zip_member_that_demands_gigabytes_is_refused) {
  const Bytes head = to_bytes({9, 20, 5, 0, 0x5d, 0xff, 0xff, 0xff, 0xff, 0, 0});
  const Bytes zip = fixture::zip_archive({{.name = "a", .packed = head, .method = 14}});
  EXPECT_EQ(check_memory_need(memory_image(zip)).error().code, Errc::unsupported);
  Bytes in_disguise = zip;  // its list names another method than the member itself
  const std::size_t entry = find(zip, 0, {'P', 'K', 1, 2});
  in_disguise.at(entry + 10) = std::byte{99};
  EXPECT_EQ(check_memory_need(memory_image(in_disguise)).error().code, Errc::bad_image);
}

TEST_F(MemoryNeed, a_hidden_archive_is_not_unpacked) {
  const Bytes twice = made("xz -kf a.bin && gzip -kf a.bin.xz", "a.bin.xz.gz");
  EXPECT_EQ(ArchiveStream::open(memory_image(twice), ArchiveFormats::single_file).error().code,
            Errc::unsupported);
  const Bytes zip = made("zip -q x.zip a.bin && gzip -kf x.zip", "x.zip.gz");
  auto stream = ArchiveStream::open(memory_image(zip), ArchiveFormats::packages);
  EXPECT_EQ((stream ? stream->next().error() : stream.error()).code, Errc::bad_image);
}

TEST_F(MemoryNeed, a_zip_archive_has_one_list) {
  const Bytes head = to_bytes({9, 20, 5, 0, 0x5d, 0xff, 0xff, 0xff, 0xff, 0, 0});
  Bytes zip = fixture::zip_archive({{.name = "a", .packed = head, .method = 14}});
  // Behind the real end another one, of an empty list and in part of a longer one: the library's other reader
  // takes no list then, and what stands before it.
  zip.resize(zip.size() + 22);
  std::ranges::copy(to_bytes({'P', 'K', 5, 6, 0, 0, 0, 0, 1}), zip.end() - 22);
  auto stream = ArchiveStream::open(memory_image(zip), ArchiveFormats::packages);
  const auto entry = stream ? stream->next() : Result<std::optional<ArchiveEntry>>{fail(stream.error())};
  EXPECT_FALSE(entry && *entry);
}

TEST_F(MemoryNeed, damage_is_an_error_and_nothing_worse) {
  for (const std::string options : {"-mhc=off", "-m0=lzma2", "-m0=ppmd"}) {
    const Bytes whole = made("7z a " + options + " x.7z a.bin b.bin", "x.7z");
    for (std::size_t at = 0; at < whole.size(); ++at) {
      Bytes damaged = whole;
      damaged[at] ^= std::byte{0x55};
      static_cast<void>(check_memory_need(memory_image(damaged)));
      damaged.resize(at);
      static_cast<void>(check_memory_need(memory_image(damaged)));
    }
  }
  const Bytes xz = made("xz -kf a.bin", "a.bin.xz");
  for (std::size_t at = 0; at < xz.size(); ++at) {
    Bytes damaged = xz;
    damaged[at] ^= std::byte{0x55};
    static_cast<void>(check_memory_need(memory_image(damaged)));
    damaged.resize(at);
    const bool shows = at >= 6;  // its magic is there
    EXPECT_EQ(check_memory_need(memory_image(damaged)).has_value(), !shows) << at;
  }
}

}  // namespace
}  // namespace mtk
