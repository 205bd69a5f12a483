// SPDX-License-Identifier: Apache-2.0
#include "image/archive/zip.h"

#include "image/archive/entry_name.h"
#include "image/archive/fixture.h"
#include "image/archive/inflate.h"
#include "image/oracle.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

namespace mtk {
namespace {

namespace fs = std::filesystem;

/// Bytes that pack to about half.
Bytes half_random(std::size_t size, unsigned seed) {
  std::mt19937 random{seed};
  Bytes out(size);
  for (std::byte& byte : out) byte = static_cast<std::byte>(random() % 16);
  return out;
}

struct Packed {
  ImagePtr zip;
  std::vector<ZipMember> members;

  const ZipMember& member(std::string_view name) const {
    return *std::ranges::find(members, name, &ZipMember::name);
  }
};

Packed open_zip(const fs::path& file) {
  const ImagePtr zip = open_raw_image(file).value();
  return {zip, read_zip_directory(*zip).value()};
}

TEST(Zip, members_made_by_zip_are_read_in_place) {
  const fs::path folder = oracle::folder("zip");
  const Bytes large = half_random(20 << 20, 1);
  oracle::write(folder / "large.img", large);
  oracle::write(folder / "small.bin", to_bytes("hello"));
  oracle::write(folder / "empty", {});
  ASSERT_EQ(oracle::run("cd '" + folder.string() +
                        "' && zip -q d.zip large.img empty && zip -q -0 d.zip small.bin"),
            0);
  const Packed zip = open_zip(folder / "d.zip");
  ASSERT_EQ(zip.members.size(), 3u);
  EXPECT_EQ(zip.member("small.bin").method, 0u);
  EXPECT_EQ(read_all(*open_zip_member(zip.zip, zip.member("small.bin")).value(), 5).value(),
            to_bytes("hello"));
  EXPECT_EQ(open_zip_member(zip.zip, zip.member("empty")).value()->size(), 0u);
  ASSERT_EQ(zip.member("large.img").method, 8u);
  const ImagePtr image = open_zip_member(zip.zip, zip.member("large.img")).value();
  EXPECT_EQ(image->size(), large.size());
  EXPECT_LT(image->stored_size(), large.size());
  // Backwards, so that each read has to begin anew from the nearest place known.
  Bytes part(100'000);
  for (std::size_t at = large.size() - part.size(); at > 3'000'000; at -= 3'000'000) {
    ASSERT_TRUE(image->read_at(at, part)) << at;
    ASSERT_TRUE(std::equal(part.begin(), part.end(), large.begin() + static_cast<std::ptrdiff_t>(at))) << at;
  }
  EXPECT_EQ(image->read_at(large.size() - 1, part).error().code, Errc::out_of_range);
}

TEST(Zip, a_large_directory_in_the_wide_form_is_read) {
  const fs::path folder = oracle::folder("zip64");
  ASSERT_EQ(oracle::run("cd '" + folder.string() + "' && printf abc | zip -q -fz wide.zip -"), 0);
  const Packed zip = open_zip(folder / "wide.zip");
  ASSERT_EQ(zip.members.size(), 1u);
  EXPECT_EQ(zip.members[0].size, 3u);
  EXPECT_EQ(read_all(*open_zip_member(zip.zip, zip.members[0]).value(), 9).value(), to_bytes("abc"));
}

RC_GTEST_PROP(ZipProperty, any_reads_of_a_deflated_file_give_its_content, ()) {
  static const Bytes content = half_random(12 << 20, 7);
  static const Packed zip = [] {
    const fs::path folder = oracle::folder("zip-property");
    oracle::write(folder / "a", content);
    RC_ASSERT(oracle::run("cd '" + folder.string() + "' && zip -q -1 a.zip a") == 0);
    return open_zip(folder / "a.zip");
  }();
  static const ImagePtr image = open_zip_member(zip.zip, zip.members[0]).value();
  const auto at = *rc::gen::inRange<std::size_t>(0, content.size());
  Bytes part(*rc::gen::inRange<std::size_t>(0, std::min<std::size_t>(content.size() - at, 200'000)));
  RC_ASSERT(static_cast<bool>(image->read_at(at, part)));
  RC_ASSERT(std::equal(part.begin(), part.end(), content.begin() + static_cast<std::ptrdiff_t>(at)));
}

TEST(Zip, damage_is_found_while_reading) {
  const fs::path folder = oracle::folder("zip-damage");
  oracle::write(folder / "a", half_random(1 << 20, 3));
  ASSERT_EQ(oracle::run("cd '" + folder.string() + "' && zip -q a.zip a"), 0);
  Bytes file = read_file(folder / "a.zip", 8 << 20).value();
  const auto all = [](const Bytes& bytes) -> Result<Bytes> {
    const ImagePtr zip = memory_image(bytes);
    MTK_TRY_LET(const auto members, read_zip_directory(*zip));
    MTK_TRY_LET(const ImagePtr image, open_zip_member(zip, members.at(0)));
    return read_all(*image, 8 << 20);
  };
  ASSERT_TRUE(all(file));
  for (std::size_t at = 100; at + 200 < file.size(); at += file.size() / 23) {
    Bytes damaged = file;
    damaged[at] ^= std::byte{0x04};
    const auto content = all(damaged);
    ASSERT_FALSE(content) << at;
    EXPECT_EQ(content.error().code, Errc::bad_image);
  }
  file.resize(file.size() - 1);
  EXPECT_EQ(all(file).error().code, Errc::bad_image);
}

TEST(Zip, lies_about_sizes_are_found_before_anything_is_unpacked) {
  using fixture::ZipPart;
  const auto error = [](const std::vector<ZipPart>& parts) {
    const auto list = read_zip_directory(*memory_image(fixture::zip_archive(parts)));
    return list ? Errc::internal : list.error().code;
  };
  // A kilobyte that claims to unpack to 4 GiB, a stored file of another size.
  EXPECT_EQ(error({{.name = "bomb", .packed = Bytes(1000), .method = 8, .size = 0xfffffff0}}),
            Errc::bad_image);
  EXPECT_EQ(error({{.name = "stored", .packed = Bytes(10), .size = 11}}), Errc::bad_image);
  Bytes overlapping =
      fixture::zip_archive({{.name = "a", .packed = Bytes(100)}, {.name = "b", .packed = Bytes(100)}});
  // The second entry of the list now points to the first file.
  const std::size_t list = 2 * (30 + 1 + 100);
  for (std::size_t i = 0; i < 4; ++i) overlapping.at(list + 46 + 1 + 42 + i) = std::byte{0};
  EXPECT_EQ(read_zip_directory(*memory_image(overlapping)).error().code, Errc::bad_image);
}

TEST(Zip, a_cut_or_twisted_archive_is_an_error_at_every_byte) {
  const Bytes zip = fixture::zip_archive(
      {{.name = "boot.img", .packed = Bytes(40)}, {.name = "lk.bin", .packed = Bytes(9)}});
  for (std::size_t size = 0; size < zip.size(); ++size)
    EXPECT_FALSE(read_zip_directory(
        *memory_image(Bytes(zip.begin(), zip.begin() + static_cast<std::ptrdiff_t>(size)))));
  for (std::size_t at = 0; at < zip.size(); ++at) {
    Bytes twisted = zip;
    twisted[at] ^= std::byte{0xff};
    const ImagePtr image = memory_image(twisted);
    if (const auto list = read_zip_directory(*image)) {
      for (const ZipMember& member : *list) {
        if (const auto content = open_zip_member(image, member))
          static_cast<void>(read_all(**content, 1 << 20));
      }
    }
  }
}

TEST(Zip, an_extra_field_longer_than_its_room_ends_there) {
  // The last four bytes of the name become an extra field that claims 65535 bytes.
  Bytes zip = fixture::zip_archive({{.name = std::string("a\x02\x00\xff\xff", 5), .packed = Bytes(10)}});
  const std::size_t entry = 30 + 5 + 10;
  zip.at(entry + 28) = std::byte{1};
  zip.at(entry + 30) = std::byte{4};
  const auto members = read_zip_directory(*memory_image(zip));
  ASSERT_TRUE(members);
  EXPECT_EQ(members->at(0).name, "a");
}

TEST(Zip, encrypted_and_unknown_methods_are_told_apart) {
  const auto first = [](const fixture::ZipPart& part) {
    const ImagePtr zip = memory_image(fixture::zip_archive({part}));
    return open_zip_member(zip, read_zip_directory(*zip).value().at(0)).error();
  };
  EXPECT_EQ(first({.name = "a", .packed = Bytes(12), .flags = 1}).what,
            "the archive is protected by a password");
  EXPECT_EQ(first({.name = "a", .packed = Bytes(12), .method = 14}).code, Errc::unsupported);
}

TEST(EntryName, names_that_lead_out_or_mean_something_else_are_refused) {
  EXPECT_EQ(safe_entry_name("rom\\images/.//lk.bin"), "rom/images/lk.bin");
  EXPECT_EQ(safe_entry_name("固件/boot image.img"), "固件/boot image.img");
  for (const std::string& name :
       {std::string{"../x"}, std::string{"a/../../x"}, std::string{"..\\x"}, std::string{"/etc/x"},
        std::string{"\\\\host\\x"}, std::string{"C:\\x"}, std::string{"a/b:stream"}, std::string{"a\nb"},
        std::string("a\0b", 3), std::string{""}, std::string{"./."}, std::string(300, 'a'),
        std::string(2000, '/')}) {
    EXPECT_FALSE(safe_entry_name(name)) << name;
  }
}

TEST(EntryName, a_name_counts_once_in_whatever_case) {
  EntryNames names;
  EXPECT_TRUE(names.take("rom/lk.bin"));
  EXPECT_FALSE(names.take("rom/lk.bin"));
  EXPECT_FALSE(names.take("ROM\\LK.bin"));
  EXPECT_TRUE(names.take("rom/lk2.bin"));
}

/// Where readers differ, one would judge an archive and the other unpack it.
TEST(Zip, an_end_that_readers_take_differently_is_refused) {
  const Bytes zip = fixture::zip_archive({{.name = "a", .packed = to_bytes({1}), .size = 1}});
  ASSERT_TRUE(read_zip_directory(*memory_image(zip)));
  const Bytes locator = to_bytes({'P', 'K', 6, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  Bytes not_needed = zip;
  not_needed.insert(not_needed.end() - 22, locator.begin(), locator.end());
  EXPECT_EQ(read_zip_directory(*memory_image(not_needed)).error().code, Errc::bad_image);
  Bytes second = zip;
  second.resize(zip.size() + 22);
  std::ranges::copy(to_bytes({'P', 'K', 5, 6}), second.end() - 22);
  second.back() = std::byte{0xff};  // its comment is longer than the file
  EXPECT_EQ(read_zip_directory(*memory_image(second)).error().code, Errc::bad_image);
}

}  // namespace
}  // namespace mtk
