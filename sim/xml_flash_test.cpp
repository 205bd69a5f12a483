// SPDX-License-Identifier: Apache-2.0
// Reading, writing and erasing through the XML agent, by place and by name.
#include "sim/test_xml_host.h"

namespace mtk::sim {
namespace {

using Asked = std::vector<std::string>;

Model variant(const std::string& name) {
  auto loaded = load_model(std::filesystem::path{MTK_SOURCE_DIR} / "data/phones/tiny-xml.toml", name);
  if (!loaded) ADD_FAILURE() << to_string(loaded.error());
  loaded->security.sla = loaded->security.daa = loaded->security.da_sla = false;
  return std::move(*loaded);
}

std::string place(std::string_view partition, std::string_view offset, std::string_view more) {
  return fmt::format("<partition>{}</partition><offset>{}</offset>{}", partition, offset, more);
}
std::string length(std::string_view text) {
  return fmt::format("<length>{}</length><target_file>t</target_file>", text);
}
std::string source(std::string_view path) { return fmt::format("<source_file>{}</source_file>", path); }
std::string named(std::string_view partition, std::string_view path) {
  return fmt::format("<partition>{}</partition>{}", partition, source(path));
}

class XmlFlash : public testing::Test {
 protected:
  XmlFlash() : XmlFlash(model_named("tiny-xml")) {}
  explicit XmlFlash(Model model) : phone_(std::move(model)) {}
  void SetUp() override { phone_.reach_da2(); }
  XmlHost& host() { return phone_.host; }
  Bytes content(std::uint64_t offset, std::size_t size, std::uint8_t part = part_user) {
    return *phone_.card().read(part, offset, size);
  }
  std::uint64_t start_of(std::string_view name) {
    return phone_.bench.phone().model().partition(name)->start;
  }

  XmlBench phone_;
};

TEST_F(XmlFlash, reads_any_range_of_a_region_and_whole_partitions) {
  ASSERT_TRUE(host().run("READ-FLASH", place("UFS-LUA2", "0x8003", length("0x101"))).ok());
  EXPECT_EQ(host().files["t"], content(0x8003, 0x101));
  EXPECT_EQ(host().asked, Asked{"upload t (UFS-LUA2)"});
  ASSERT_TRUE(host().run("READ-FLASH", place("UFS-LUA0", "4096", length("MAX"))).ok());
  EXPECT_EQ(host().files["t"], content(4096, 0xf000, part_boot1));
  ASSERT_TRUE(
      host().run("READ-PARTITION", "<partition>PROINFO</partition><target_file>t</target_file>").ok());
  EXPECT_EQ(host().files["t"], content(start_of("proinfo"), 0x1000));
}

TEST_F(XmlFlash, a_length_of_nothing_is_an_upload_of_nothing) {
  ASSERT_TRUE(host().run("READ-FLASH", place("UFS-LUA2", "0", length("0"))).ok());
  EXPECT_EQ(host().lengths, Asked{"OK@0x0"});
}

TEST_F(XmlFlash, refuses_ranges_and_names_that_are_not_there) {
  host().files["f"] = Bytes(0x1000);
  for (const auto& [name, arguments] :
       {std::pair{"READ-FLASH", place("UFS-LUA2", "0x100000", length("1"))},
        {"READ-FLASH", place("UFS-LUA2", "0xffffffffffffffff", length("2"))},
        {"READ-FLASH", place("UFS-LUA9", "0", length("1"))},
        {"READ-FLASH", place("EMMC-USER", "0", length("1"))},
        {"READ-FLASH", place("UFS-LUA2", "zero", length("1"))},
        {"ERASE-FLASH", place("UFS-LUA2", "0x1000", length("0x100000"))},
        {"WRITE-FLASH", place("UFS-LUA2", "0x100000", source("f"))},
        {"WRITE-FLASH", place("UFS-LUA2", "0xff001", source("f"))},
        {"WRITE-FLASH", place("UFS-LUA2", "0", source("missing"))},
        {"READ-PARTITION", std::string{"<partition>moon</partition><target_file>t</target_file>"}},
        {"ERASE-PARTITION", std::string{"<partition>moon</partition>"}},
        {"WRITE-PARTITION", named("moon", "f")}}) {
    const auto outcome = host().run(name, arguments);
    EXPECT_EQ(outcome.answer, "OK") << arguments;
    EXPECT_EQ(outcome.result, "ERR") << arguments;
    EXPECT_FALSE(outcome.message.empty());
  }
}

TEST_F(XmlFlash, a_write_asks_for_the_size_erases_the_range_and_pulls_the_file) {
  host().files["f"] = pattern(0x1803);
  host().packet_limit = 0x700;
  ASSERT_TRUE(host().run("WRITE-FLASH", place("UFS-LUA2", "0x90000", source("f"))).ok());
  EXPECT_EQ(host().asked, (Asked{"FILE-SIZE f", "progress UFS-LUA2", "download f (UFS-LUA2, CHK_NO)"}));
  EXPECT_EQ(content(0x90000, 0x1803), pattern(0x1803));
  EXPECT_EQ(host().statuses, Asked(4, "OK@0x0")) << "short packets are added up";
}

TEST_F(XmlFlash, erases_whole_blocks_and_rounds_down) {
  ASSERT_TRUE(phone_.card().write(part_user, 0x90000, Bytes(0x3000, std::byte{0x55})));
  ASSERT_TRUE(host().run("ERASE-FLASH", place("UFS-LUA2", "0x91800", length("0x1fff"))).ok());
  EXPECT_EQ(content(0x90fff, 1), to_bytes({0x55}));
  EXPECT_EQ(content(0x91000, 0x1000), Bytes(0x1000));
  EXPECT_EQ(content(0x92000, 1), to_bytes({0x55}));
  ASSERT_TRUE(host().run("ERASE-FLASH", place("UFS-LUA2", "0x92000", length("0xfff"))).ok());
  EXPECT_EQ(content(0x92000, 1), to_bytes({0x55})) << "less than a block erases nothing";
}

TEST_F(XmlFlash, erasing_everything_reports_every_unit) {
  ASSERT_TRUE(host().run("ERASE-FLASH", place("ALL", "0x0", length("MAX"))).ok());
  EXPECT_EQ(host().asked, (Asked{"progress UFS-LUA0", "progress UFS-LUA1", "progress UFS-LUA2"}));
  EXPECT_EQ(content(0, 0x100000), Bytes(0x100000));
  EXPECT_EQ(host().run("READ-PARTITION-TABLE", "<target_file>t</target_file>").result, "ERR");
}

TEST_F(XmlFlash, a_partition_is_erased_whole_before_its_image_is_asked_for) {
  host().files["in/boot.img"] = pattern(0x1000);
  const std::uint64_t boot = start_of("boot");
  ASSERT_TRUE(phone_.card().write(part_user, boot + 0x5000, to_bytes({1})));
  ASSERT_TRUE(host().run("WRITE-PARTITION", named("BOOT", "in/boot.img")).ok());
  EXPECT_EQ(host().asked, (Asked{"progress boot", "EXISTS in/boot.sig", "EXISTS in/boot-verified.img",
                                 "download in/boot.img (boot, CHK_NO)"}));
  EXPECT_EQ(content(boot, 0x1000), pattern(0x1000));
  EXPECT_EQ(content(boot + 0x5000, 1), Bytes(1));
  ASSERT_TRUE(host().run("GET-DOWNLOADED-IMAGE-FEEDBACK", "<target_file>t</target_file>").ok());
  EXPECT_TRUE(text_of(host().files["t"])
                  .ends_with("<item pt=\"boot\" image_chksum=\"0x0\" file=\"in/boot.img\"/></feedback>"));
}

TEST_F(XmlFlash, without_erase_only_the_image_changes) {
  host().files["boot.img"] = pattern(0x1000);
  const std::uint64_t boot = start_of("boot");
  ASSERT_TRUE(phone_.card().write(part_user, boot + 0x5000, to_bytes({1})));
  ASSERT_TRUE(host().run("WRITE-PARTITION", named("boot", "boot.img") + "<pre_erase>NO</pre_erase>").ok());
  EXPECT_EQ(host().asked[0], "EXISTS boot.sig");
  EXPECT_EQ(content(boot + 0x5000, 1), to_bytes({1}));
}

TEST_F(XmlFlash, a_name_without_extension_leads_to_one_question) {
  host().files["MEM://0x1000:0x200"] = pattern(0x200);
  ASSERT_TRUE(host().run("WRITE-PARTITION", named("para", "MEM://0x1000:0x200")).ok());
  EXPECT_EQ(host().asked, (Asked{"progress para", "EXISTS MEM://0x1000:0x200",
                                 "download MEM://0x1000:0x200 (para, CHK_NO)"}));
}

TEST_F(XmlFlash, a_verified_neighbour_is_taken_instead_of_the_image) {
  host().files["boot.img"] = pattern(0x100);
  host().files["boot-verified.img"] = pattern(0x100, 7);
  ASSERT_TRUE(host().run("WRITE-PARTITION", named("boot", "boot.img")).ok());
  EXPECT_EQ(content(start_of("boot"), 0x100), pattern(0x100, 7));
}

TEST_F(XmlFlash, a_missing_image_has_cost_the_partition_already) {
  EXPECT_EQ(host().run("WRITE-PARTITION", named("boot", "gone.img")).result, "ERR");
  EXPECT_EQ(content(start_of("boot"), 0x8000), Bytes(0x8000));
}

TEST_F(XmlFlash, an_image_larger_than_its_partition_is_refused_at_its_length) {
  host().files["para.img"] = Bytes(0x1001);
  EXPECT_EQ(host().run("WRITE-PARTITION", named("para", "para.img")).result, "ERR");
}

TEST_F(XmlFlash, a_sparse_image_is_unpacked_by_name_and_not_by_place) {
  ByteWriter sparse;
  sparse.le<std::uint32_t>(0xed26ff3a).le<std::uint16_t>(1).le<std::uint16_t>(0).le<std::uint16_t>(28);
  sparse.le<std::uint16_t>(12).le<std::uint32_t>(0x1000).le<std::uint32_t>(3).le<std::uint32_t>(3);
  sparse.le<std::uint32_t>(0);
  sparse.le<std::uint16_t>(0xcac1).le<std::uint16_t>(0).le<std::uint32_t>(1).le<std::uint32_t>(0x100c);
  sparse.bytes(pattern(0x1000));
  sparse.le<std::uint16_t>(0xcac3).le<std::uint16_t>(0).le<std::uint32_t>(1).le<std::uint32_t>(12);
  sparse.le<std::uint16_t>(0xcac2).le<std::uint16_t>(0).le<std::uint32_t>(1).le<std::uint32_t>(16);
  sparse.le<std::uint32_t>(0x04030201);
  host().files["system.img"] = Bytes{sparse.view().begin(), sparse.view().end()};
  host().packet_limit = 0x301;
  const std::uint64_t system = start_of("system");
  ASSERT_TRUE(host().run("WRITE-PARTITION", named("system", "system.img")).ok()) << phone_.bench.log();
  EXPECT_EQ(content(system, 0x1000), pattern(0x1000));
  EXPECT_EQ(content(system + 0x1000, 0x1000), Bytes(0x1000));
  EXPECT_EQ(content(system + 0x2ffc, 4), to_bytes({1, 2, 3, 4}));
  ASSERT_TRUE(
      host().run("WRITE-FLASH", place("UFS-LUA2", fmt::format("{}", system), source("system.img"))).ok());
  EXPECT_EQ(content(system, 4), to_bytes({0x3a, 0xff, 0x26, 0xed}));
  host().files["system.img"].resize(100);
  EXPECT_EQ(host().run("WRITE-PARTITION", named("system", "system.img")).result, "ERR") << "cut";
}

TEST_F(XmlFlash, a_preloader_by_name_gets_its_boot_header_in_both_units) {
  ASSERT_TRUE(host().run("ERASE-PARTITION", "<partition>preloader</partition>").ok());
  EXPECT_EQ(phone_.bench.phone().boot_report().reached, BootStage::rom);
  host().files["p.bin"] = preloader_image(phone_.bench.phone().model());
  ASSERT_TRUE(host().run("WRITE-PARTITION", named("preloader", "p.bin")).ok()) << phone_.bench.log();
  EXPECT_EQ(content(0, 8, part_boot1), to_bytes("UFS_BOOT"));
  EXPECT_EQ(content(0, 0x1800, part_boot1), content(0, 0x1800, part_boot2));
  EXPECT_EQ(phone_.bench.phone().boot_report().reached, BootStage::android);
}

TEST_F(XmlFlash, a_host_that_stops_or_fails_leaves_a_phone_that_answers) {
  host().files["f"] = pattern(0x1000);
  for (const auto& [where, answer] : {std::pair{"FILE-SIZE", "ERR"},
                                      {"FILE-SIZE", "OK@many"},
                                      {"DOWNLOAD document", "ERR!CANCEL"},
                                      {"DOWNLOAD length", "OK@0x10"},
                                      {"DOWNLOAD checksum", "ERR!CANCEL"}}) {
    host().instead[where] = answer;
    EXPECT_EQ(host().run("WRITE-FLASH", place("UFS-LUA2", "0x90000", source("f"))).result, "ERR") << where;
  }
  host().instead["PROGRESS"] = "ERR!CANCEL";
  EXPECT_TRUE(host().run("ERASE-FLASH", place("UFS-LUA2", "0x90000", length("0x1000"))).ok())
      << "the agent of 2022 takes a cancel like an OK";
  EXPECT_TRUE(host().run("WRITE-FLASH", place("UFS-LUA2", "0x90000", source("f"))).ok());
}

TEST_F(XmlFlash, tokens_with_two_nuls_and_a_surplus_ok_carry_a_host_through) {
  EXPECT_EQ(host().text(), XmlHost::start_document());
  host().say("OK", 2);
  host().say(XmlHost::command("ERASE-PARTITION", "<partition>para</partition>"), 2);
  EXPECT_TRUE(host().to_the_end().ok());
  host().text();
  host().say("OK");
  host().say("OK");
  EXPECT_EQ(host().to_the_end().answer, "ERR!UNSUPPORTED");
  EXPECT_TRUE(host().run("SET-HOST-INFO", "<info>x</info>").ok());
}

Model on_nand() {
  Model model = model_named("tiny-xml");
  model.xml.nand = {.type = 0x12,
                    .page = 0x800,
                    .block = 0x2000,
                    .spare = 0x40,
                    .parity = 0x1c,
                    .bmt = true,
                    .id = Bytes(12, std::byte{0xc8})};
  return model;
}

class XmlNand : public XmlFlash {
 protected:
  XmlNand() : XmlFlash(on_nand()) {}
};

TEST_F(XmlNand, is_told_with_its_geometry) {
  ASSERT_TRUE(host().run("GET-HW-INFO", "<target_file>t</target_file>").ok());
  EXPECT_NE(
      text_of(host().files["t"])
          .find("<storage>NAND</storage><nand><block_size>0x2000</block_size><page_size>0x800</page_size>"
                "<spare_size>0x40</spare_size><total_size>0x100000</total_size>"
                "<id>c8c8c8c8c8c8c8c8c8c8c8c8</id><page_parity_size>0x1c</page_parity_size>"
                "<sub_type>MLC</sub_type></nand>"),
      std::string::npos)
      << text_of(host().files["t"]);
}

TEST_F(XmlNand, is_one_region_and_has_no_other) {
  ASSERT_TRUE(host().run("READ-FLASH", place("NAND-WHOLE", "0x8000", length("0x1001"))).ok());
  EXPECT_EQ(host().files["t"], content(0x8000, 0x1001));
  EXPECT_EQ(host().asked, Asked{"upload t (NAND-WHOLE)"});
  host().files["f"] = pattern(0x2000);
  ASSERT_TRUE(host().run("WRITE-FLASH", place("NAND-WHOLE", "0x90000", source("f"))).ok());
  EXPECT_EQ(content(0x90000, 0x2000), pattern(0x2000));
  for (const auto* name : {"UFS-LUA2", "EMMC-USER", "NAND-AREA9"})
    EXPECT_EQ(host().run("READ-FLASH", place(name, "0", length("4"))).message,
              fmt::format("Cannot find [{}].", name));
  host().asked.clear();
  ASSERT_TRUE(host().run("ERASE-FLASH", place("ALL", "0x0", length("MAX"))).ok());
  EXPECT_EQ(host().asked, Asked{"progress NAND-WHOLE"});
  EXPECT_EQ(content(0x90000, 0x2000), Bytes(0x2000));
}

TEST_F(XmlNand, has_partitions_that_are_written_and_erased_in_whole_blocks) {
  host().files["in/boot.img"] = pattern(0x1800);
  ASSERT_TRUE(host().run("WRITE-PARTITION", named("boot", "in/boot.img")).ok()) << phone_.bench.log();
  EXPECT_EQ(content(start_of("boot"), 0x1800), pattern(0x1800));
  ASSERT_TRUE(host().run("ERASE-PARTITION", "<partition>boot</partition>").ok());
  EXPECT_EQ(content(start_of("boot"), 0x8000), Bytes(0x8000));
  ASSERT_TRUE(phone_.card().write(part_user, 0x90000, Bytes(0x4000, std::byte{0x55})));
  ASSERT_TRUE(host().run("ERASE-FLASH", place("NAND-WHOLE", "0x91000", length("0x3fff"))).ok());
  EXPECT_EQ(content(0x90000, 0x2000), Bytes(0x2000)) << "the block it begins in";
  EXPECT_EQ(content(0x92000, 1), to_bytes({0x55})) << "not the one it ends in";
}

TEST(XmlMoreAreas, one_more_of_each_storage_is_a_region) {
  Model emmc = model_named("mt6789-emmc");
  emmc.storage.gp = {0x400000, 0x200000, 0, 0};
  Model ufs = model_named("tiny-xml");
  ufs.storage.gp[0] = 0x10000;
  for (const auto& [model, name, end] :
       {std::tuple{&emmc, "EMMC-GP1", 0x400000U}, {&ufs, "UFS-LUA3", 0x10000U}}) {
    XmlBench phone{*model};
    phone.reach_da2();
    phone.host.files["f"] = pattern(0x1000);
    const std::string offset = fmt::format("{}", end - 0x1000);
    ASSERT_TRUE(phone.host.run("WRITE-FLASH", place(name, offset, source("f"))).ok()) << name;
    EXPECT_EQ(*phone.card().read(part_gp1, end - 0x1000, 0x1000), pattern(0x1000));
    ASSERT_TRUE(phone.host.run("READ-FLASH", place(name, offset, length("MAX"))).ok());
    EXPECT_EQ(phone.host.files["t"], pattern(0x1000));
    EXPECT_EQ(phone.host.run("READ-FLASH", place(name, offset, length("0x1001"))).result, "ERR");
    phone.host.asked.clear();
    ASSERT_TRUE(phone.host.run("ERASE-FLASH", place("ALL", "0x0", length("MAX"))).ok());
    EXPECT_EQ(phone.host.asked.back(), fmt::format("progress {}", name));
    EXPECT_EQ(*phone.card().read(part_gp1, end - 0x1000, 0x1000), Bytes(0x1000));
  }
}

TEST(XmlMoreAreas, those_a_card_lacks_and_those_no_build_knows_are_not_found) {
  Model model = model_named("mt6789-emmc");
  model.storage.gp = {0, 0x200000, 0x200000, 0x200000};
  XmlBench phone{model};
  phone.reach_da2();
  for (const auto* name : {"EMMC-GP1", "EMMC-GP2", "EMMC-GP4", "EMMC-RPMB", "UFS-LUA3", "NAND-WHOLE"})
    EXPECT_EQ(phone.host.run("READ-FLASH", place(name, "0", length("4"))).message,
              fmt::format("Cannot find [{}].", name));
}

TEST(XmlNewerFlash, a_cancel_stops_the_erase_where_it_is) {
  XmlBench phone{model_named("mt6886-ufs")};
  phone.reach_da2();
  ASSERT_TRUE(phone.card().write(part_user, 0x10000, Bytes(0x10000, std::byte{0x55})));
  phone.host.instead["PROGRESS"] = "ERR!CANCEL";
  EXPECT_EQ(phone.host.run("ERASE-FLASH", place("UFS-LUA2", "0x10000", length("0x10000"))).message,
            "Cancelled by the host.");
  EXPECT_EQ(*phone.card().read(part_user, 0x10000, 1), Bytes(1));
  EXPECT_EQ(*phone.card().read(part_user, 0x1f000, 1), to_bytes({0x55}));
}

TEST(XmlNewerFlash, an_agent_may_skip_an_image_that_does_not_exist) {
  Model model = model_named("tiny-xml");
  model.xml.skips_missing_image = true;
  XmlBench phone{model};
  phone.reach_da2();
  EXPECT_TRUE(phone.host.run("WRITE-PARTITION", named("boot", "gone.img")).ok());
  EXPECT_EQ(phone.host.asked.back(), "EXISTS gone.img");
}

TEST(XmlFlashFaults, a_refused_packet_and_a_rotten_byte) {
  PhoneOptions options = Bench::keys_held();
  ASSERT_TRUE(options.faults.add("nack=0xC0010001@2"));
  ASSERT_TRUE(options.faults.add("flip=card:0x90010"));
  XmlBench phone{model_named("tiny-xml"), std::move(options)};
  phone.reach_da2();
  phone.host.files["f"] = pattern(0x100);
  EXPECT_TRUE(phone.host.run("WRITE-FLASH", place("UFS-LUA2", "0x90000", source("f"))).ok());
  EXPECT_NE(*phone.card().read(part_user, 0x90000, 0x100), pattern(0x100));
  EXPECT_EQ(phone.host.run("WRITE-FLASH", place("UFS-LUA2", "0x90000", source("f"))).message,
            "Storage error 0xc0010001.");
  EXPECT_EQ(phone.host.statuses.back(), "ERR");
}

class XmlLocked : public XmlFlash {
 protected:
  XmlLocked() : XmlFlash(variant("locked")) {}
  Bytes signature_of(const Bytes& image) {
    ByteWriter keyed;
    keyed.bytes(to_bytes("tiny maker")).bytes(image);
    Bytes out = sha256(keyed.view());
    out.resize(0x100);
    return out;
  }
};

TEST_F(XmlLocked, protected_places_take_no_raw_write_and_no_erase) {
  host().files["f"] = Bytes(0x1000);
  const Bytes before = content(0, 0x10000);
  EXPECT_EQ(host().run("WRITE-FLASH", place("UFS-LUA0", "0", source("f"))).message,
            "Security deny for [UFS-LUA0].");
  const std::string seccfg = fmt::format("{}", start_of("seccfg"));
  EXPECT_EQ(host().run("WRITE-FLASH", place("UFS-LUA2", seccfg, source("f"))).result, "ERR");
  EXPECT_EQ(host().run("ERASE-FLASH", place("UFS-LUA2", seccfg, length("0x1000"))).result, "ERR");
  EXPECT_EQ(host().run("ERASE-FLASH", place("ALL", "0", length("MAX"))).result, "ERR");
  EXPECT_EQ(host().run("ERASE-PARTITION", "<partition>seccfg</partition>").message,
            "Security deny for [seccfg].");
  EXPECT_EQ(content(0, 0x10000), before);
  EXPECT_TRUE(host().run("WRITE-FLASH", place("UFS-LUA2", "0x90000", source("f"))).ok());
}

TEST_F(XmlLocked, an_image_without_its_signature_is_refused) {
  host().files["lk.img"] = pattern(0x400);
  EXPECT_EQ(host().run("WRITE-PARTITION", named("lk", "lk.img")).message, "Security deny for [lk].");
  host().files["lk.sig"] = signature_of(host().files["lk.img"]);
  EXPECT_TRUE(host().run("WRITE-PARTITION", named("lk", "lk.img")).ok());
  EXPECT_EQ(content(start_of("lk"), 0x400), pattern(0x400));
  host().files["lk.img"][5] ^= std::byte{1};
  EXPECT_EQ(host().run("WRITE-PARTITION", named("lk", "lk.img")).result, "ERR");
}

TEST_F(XmlLocked, a_signature_for_all_serves_too) {
  host().files["all.sig"] = signature_of(pattern(0x400));
  ASSERT_TRUE(host().run("SECURITY-SET-ALLINONE-SIGNATURE", source("all.sig")).ok());
  host().files["lk"] = pattern(0x400);
  EXPECT_TRUE(host().run("WRITE-PARTITION", named("lk", "lk")).ok());
}

}  // namespace
}  // namespace mtk::sim
