// SPDX-License-Identifier: Apache-2.0
#include "image/android/properties.h"

#include "image/android/ext4.h"
#include "image/android/fixture.h"
#include "image/oracle.h"

#include <gtest/gtest.h>

namespace mtk {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view system_props =
    "# begin build properties\r\nro.build.id=RP1A.200720.011\nro.build.version.release=11\n"
    "ro.build.version.security_patch=2021-05-05\nro.build.fingerprint=Acme/one/one:11/RP1A/1:user/"
    "release-keys\n"
    "ro.product.system.brand=Acme\nro.product.system.model=Acme One\nro.product.system.device=one\n"
    "ro.build.version.release=99\nno equals sign\n";

std::string text(const Bytes& bytes) { return printable_text(bytes); }

/// A file system made by mke2fs out of a folder.
Bytes ext4_with(const std::string& test, const std::string& path, std::string_view content,
                const std::string& options = "-b 4096") {
  const fs::path folder = oracle::folder("ext4-" + test);
  fs::create_directories(folder / "tree" / fs::path{path}.parent_path());
  for (int i = 0; i < 300; ++i)
    oracle::write(folder / "tree" / fs::path{path}.parent_path() / ("filler" + std::to_string(i)),
                  to_bytes({1}));
  oracle::write(folder / "tree" / path, to_bytes(content));
  EXPECT_EQ(oracle::run("mke2fs -q -t ext4 " + options + " -d '" + (folder / "tree").string() + "' '" +
                        (folder / "fs.img").string() + "' 8M"),
            0);
  return read_file(folder / "fs.img", 16 << 20).value();
}

TEST(Properties, lines_are_read_and_the_first_of_a_key_counts) {
  const Properties all = parse_properties(to_bytes(system_props));
  EXPECT_EQ(all.at("ro.build.version.release"), "11");
  EXPECT_EQ(all.at("ro.build.id"), "RP1A.200720.011");
  EXPECT_EQ(all.size(), 7u);
}

TEST(Properties, facts_are_found_whatever_partition_names_them) {
  const BuildFacts facts = build_facts(parse_properties(to_bytes(system_props)));
  EXPECT_EQ(facts.brand, "Acme");
  EXPECT_EQ(facts.model, "Acme One");
  EXPECT_EQ(facts.android, "11");
  EXPECT_EQ(facts.security_patch, "2021-05-05");
  EXPECT_EQ(facts.build, "RP1A.200720.011");
  const BuildFacts avb = build_facts({{"com.android.build.system.os_version", "12"},
                                      {"com.android.build.system.security_patch", "2022-01-01"}});
  EXPECT_EQ(avb.android, "12");
  EXPECT_EQ(avb.security_patch, "2022-01-01");
  EXPECT_TRUE(build_facts({}).empty());
}

TEST(Properties, what_is_known_is_not_overwritten) {
  BuildFacts facts{.android = "11"};
  facts.fill_from({.model = "One", .android = "12"});
  EXPECT_EQ(facts.android, "11");
  EXPECT_EQ(facts.model, "One");
}

TEST(Properties, are_read_out_of_a_system_image) {
  for (const std::string options :
       {"-b 4096", "-b 1024 -O ^64bit", "-b 4096 -O 64bit,^has_journal", "-b 2048 -I 128"}) {
    const Bytes image = ext4_with("system", "system/build.prop", system_props, options);
    EXPECT_EQ(build_facts(properties_of_filesystem(*memory_image(image)).value()).model, "Acme One")
        << options;
  }
}

TEST(Properties, are_read_through_a_super_image) {
  const Bytes vendor = ext4_with("vendor", "build.prop",
                                 "ro.product.vendor.model=Vendor One\nro.vendor.build.version.release=11\n");
  const Bytes system = ext4_with("in-super", "system/build.prop", system_props);
  const ImagePtr super = memory_image(fixture::super_image({{"vendor_a", vendor}, {"system_a", system}}));
  const BuildFacts facts = build_facts(properties_of_super(super));
  EXPECT_EQ(facts.model, "Acme One");
  EXPECT_EQ(facts.android, "11");
  const Bytes odm = ext4_with("odm", "etc/build.prop", "ro.product.odm.model=Odm One\n");
  const ImagePtr late = memory_image(fixture::super_image({{"system_a", Bytes(4096)}, {"odm_a", odm}}));
  EXPECT_EQ(build_facts(properties_of_super(late)).model, "Odm One");
}

TEST(Properties, are_read_out_of_packed_ramdisks) {
  const fs::path folder = oracle::folder("ramdisk");
  oracle::write(folder / "prop.default", to_bytes("ro.bootimage.build.fingerprint=Acme/x:10/y\n"));
  for (const std::string packer : {"gzip -n", "lz4 -l -q -", "xz --check=crc32", "cat"}) {
    ASSERT_EQ(oracle::run("cd '" + folder.string() + "' && echo prop.default | cpio -o -H newc --quiet | " +
                          packer + " > ramdisk"),
              0);
    const Bytes ramdisk = read_file(folder / "ramdisk", 1 << 20).value();
    const Bytes boot = fixture::boot_image({.ramdisk = ramdisk});
    EXPECT_EQ(build_facts(properties_of_boot_image(memory_image(boot))).fingerprint, "Acme/x:10/y") << packer;
  }
  EXPECT_TRUE(properties_of_boot_image(memory_image(fixture::boot_image())).empty());
}

TEST(Ext4, a_missing_file_is_nothing_and_a_large_one_is_refused) {
  const ImagePtr image = memory_image(ext4_with("missing", "a/b/file", std::string(5000, 'x')));
  EXPECT_EQ(text(read_ext4_file(*image, "a/b/file", 5000).value().value()), std::string(5000, 'x'));
  EXPECT_FALSE(read_ext4_file(*image, "a/b/none", 5000).value());
  EXPECT_FALSE(read_ext4_file(*image, "a/b", 5000).value());
  EXPECT_FALSE(read_ext4_file(*image, "a/b/file/c", 5000).value());
  EXPECT_EQ(read_ext4_file(*image, "a/b/file", 4999).error().code, Errc::out_of_range);
  EXPECT_EQ(read_ext4_file(*memory_image(Bytes(4096)), "a", 10).error().code, Errc::bad_image);
}

TEST(Ext4, a_cut_or_damaged_file_system_is_an_error_and_nothing_worse) {
  const Bytes whole = ext4_with("damaged", "system/build.prop", system_props);
  for (std::size_t size = 0; size < whole.size(); size += 40'000) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    static_cast<void>(read_ext4_file(*memory_image(cut), "system/build.prop", 1 << 20));
  }
  for (std::size_t at = 1024; at < 1024 + 256; ++at) {
    Bytes damaged = whole;
    damaged.at(at) ^= std::byte{0xff};
    static_cast<void>(read_ext4_file(*memory_image(damaged), "system/build.prop", 1 << 20));
  }
  Bytes no_root = whole;
  std::fill(no_root.begin() + 4096, no_root.begin() + 8192, std::byte{0xff});  // group descriptors
  EXPECT_EQ(read_ext4_file(*memory_image(no_root), "system/build.prop", 1 << 20).error().code,
            Errc::bad_image);
}

}  // namespace
}  // namespace mtk
