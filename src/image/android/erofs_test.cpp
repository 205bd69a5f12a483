// SPDX-License-Identifier: Apache-2.0
#include "image/android/erofs.h"

#include "image/android/fixture.h"
#include "image/android/properties.h"
#include "image/oracle.h"
#include "image/package/image_facts.h"

#include <gtest/gtest.h>

#include <random>

namespace mtk {
namespace {

namespace fs = std::filesystem;

/// Longer than several blocks and neither random nor all alike.
std::string long_properties() {
  std::string out = "ro.build.version.release=12\nro.product.system.model=Acme Two\n";
  std::uint32_t seed = 1;
  while (out.size() < 70'000) {
    seed = seed * 1664525U + 1013904223U;
    out += fmt::format("ro.vendor.key{}=value {:x} {}\n", out.size(), seed, std::string(seed >> 28, 'x'));
  }
  return out;
}

/// A file system made by mkfs.erofs out of a folder.
Bytes erofs_with(const std::string& test, std::string_view content, const std::string& options,
                 int fillers = 5) {
  const fs::path folder = oracle::folder("erofs-" + test);
  fs::create_directories(folder / "tree/system/etc");
  for (int i = 0; i < fillers; ++i)
    oracle::write(folder / "tree/system" / ("filler" + std::to_string(i)), to_bytes({1, 2, 3}));
  oracle::write(folder / "tree/system/build.prop", to_bytes(content));
  oracle::write(folder / "tree/system/empty", {});
  EXPECT_EQ(oracle::run("mkfs.erofs " + options + " '" + (folder / "fs.img").string() + "' '" +
                        (folder / "tree").string() + "' >/dev/null 2>&1"),
            0)
      << options;
  return read_file(folder / "fs.img", 16 << 20).value();
}

std::string as_text(const Bytes& bytes) {
  std::string out;
  for (const std::byte byte : bytes) out += std::to_integer<char>(byte);
  return out;
}

TEST(Erofs, files_are_read_however_they_were_laid_out) {
  const std::string large = long_properties();
  std::string dense;  // nothing to pack: stands as it is, between pieces that were packed
  std::mt19937 random{7};
  while (dense.size() < 30'000) dense += static_cast<char>(random());
  const std::string mixed = large.substr(0, 9000) + dense + large.substr(0, 7000);
  for (const std::string_view content : {std::string_view{large}, std::string_view{large}.substr(0, 4096),
                                         std::string_view{large}.substr(0, 900), std::string_view{mixed}}) {
    for (const std::string options :
         {"", "-Enoinline_data", "--chunksize=4096", "-Eforce-inode-compact", "-Eforce-inode-extended",
          "-zlz4", "-zlz4hc,9", "-zlz4hc -C16384", "-zlz4hc -C65536 -Eforce-inode-compact",
          "-zlz4hc -Eztailpacking", "-zlz4hc -C65536 -Eztailpacking"}) {
      const ImagePtr image = memory_image(erofs_with("layouts", content, options));
      const auto found = read_erofs_file(*image, "system/build.prop", 1 << 20);
      ASSERT_TRUE(found) << options << ", " << content.size() << ": " << found.error().what;
      ASSERT_TRUE(*found) << options;
      EXPECT_TRUE(as_text(**found) == content) << options << ", " << content.size();
    }
  }
}

TEST(Erofs, a_missing_file_is_nothing_and_a_large_one_is_refused) {
  const ImagePtr image =
      memory_image(erofs_with("missing", std::string(5000, 'x'), "", 400));  // a folder of several blocks
  EXPECT_EQ(read_erofs_file(*image, "system/empty", 10).value().value(), Bytes{});
  EXPECT_EQ(read_erofs_file(*image, "system/filler399", 10).value().value(), to_bytes({1, 2, 3}));
  EXPECT_FALSE(read_erofs_file(*image, "system/filler400", 10).value());
  EXPECT_FALSE(read_erofs_file(*image, "system", 10).value());
  EXPECT_FALSE(read_erofs_file(*image, "system/empty/x", 10).value());
  EXPECT_EQ(read_erofs_file(*image, "system/build.prop", 4999).error().code, Errc::out_of_range);
  EXPECT_EQ(read_erofs_file(*memory_image(Bytes(4096)), "a", 10).error().code, Errc::bad_image);
}

TEST(Erofs, what_is_packed_in_the_old_way_is_said_to_be_unsupported) {
  const ImagePtr image = memory_image(erofs_with("old", long_properties(), "-zlz4 -Elegacy-compress"));
  EXPECT_EQ(read_erofs_file(*image, "system/build.prop", 1 << 20).error().code, Errc::unsupported);
}

TEST(Erofs, damage_is_an_error_and_nothing_worse) {
  for (const std::string options : {"", "-zlz4hc -C65536 -Eztailpacking", "-zlz4hc"}) {
    const Bytes whole = erofs_with("damage", long_properties(), options);
    for (std::size_t size = 0; size < whole.size(); size += 8192) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      static_cast<void>(read_erofs_file(*memory_image(cut), "system/build.prop", 1 << 20));
    }
    for (std::size_t at = 1024; at < whole.size(); at += at < 1200 ? 1 : 997) {
      Bytes damaged = whole;
      damaged.at(at) ^= std::byte{0xff};
      static_cast<void>(read_erofs_file(*memory_image(damaged), "system/build.prop", 1 << 20));
    }
  }
}

TEST(Erofs, tells_the_build_of_a_system_image_and_of_a_logical_partition) {
  const Bytes system = erofs_with("build", long_properties(), "-zlz4hc");
  EXPECT_EQ(look_at_image(memory_image(system), Look::deep).build.model, "Acme Two");
  const ImagePtr super = memory_image(fixture::super_image({{"system_a", system}}));
  EXPECT_EQ(look_at_image(super, Look::deep).build.android, "12");
}

}  // namespace
}  // namespace mtk
