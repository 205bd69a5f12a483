// SPDX-License-Identifier: Apache-2.0
// Habits of hosts that exist: each must get through with our phone as it does with a genuine one
// (docs/protocol/da-xml.md, hosts in the wild).
#include "sim/test_xml_host.h"
#include "sim/test_xml_scatter.h"

namespace mtk::sim {
namespace {

class XmlHosts : public testing::Test {
 protected:
  void SetUp() override { phone_.reach_da2(); }
  XmlHost& host() { return phone_.host; }

  XmlBench phone_{model_named("tiny-xml")};
};

TEST_F(XmlHosts, one_acknowledges_small_files_without_looking_and_with_two_nuls) {
  host().text();
  host().say("OK", 2);
  host().say(
      XmlHost::command("EMMC-CONTROL", "<function>LIFE-CYCLE-STATUS</function><target_file>t</target_file>"),
      2);
  for (int i = 0; i < 5; ++i) host().say("OK", 2);
  EXPECT_EQ(host().text(), "OK");
  EXPECT_NE(host().text().find("CMD:UPLOAD-FILE"), std::string::npos);
  EXPECT_EQ(host().text(), "OK@0x3");
  EXPECT_EQ(host().text(), "OK");
  EXPECT_EQ(host().text(), "OK") << "the file: OK and a NUL";
  EXPECT_NE(host().text().find("<result>OK</result>"), std::string::npos);
  EXPECT_EQ(host().text(), XmlHost::start_document());
}

TEST_F(XmlHosts, one_reads_the_table_in_small_overlapping_pieces) {
  for (const auto& [offset, length] :
       {std::pair{0x0, 0x400}, {0x600, 0x200}, {0x200, 0x400}, {0x0, 0x4200}}) {
    ASSERT_TRUE(host()
                    .run("READ-FLASH", fmt::format("<partition>UFS-LUA2</partition><offset>0x{:x}</offset>"
                                                   "<length>0x{:x}</length><target_file>ROM_0</target_file>",
                                                   offset, length))
                    .ok());
    EXPECT_EQ(host().files["ROM_0"], *phone_.card().read(part_user, static_cast<std::uint64_t>(offset),
                                                         static_cast<std::size_t>(length)));
  }
}

TEST_F(XmlHosts, one_prints_its_documents_on_many_lines_and_pads_its_numbers_or_not) {
  const std::string document = fmt::format(
      "{}\n<da>\n  <version>1.0</version>\n  <command>CMD:WRITE-FLASH</command>\n  <arg>\n"
      "    <partition>UFS-LUA2</partition>\n    <offset>589824</offset>\n"
      "    <source_file>/srv/roms/boot&amp;more.img</source_file>\n  </arg>\n</da>\n",
      xml_declaration);
  host().files["/srv/roms/boot&more.img"] = pattern(0x40);
  host().instead["FILE-SIZE"] = "OK@0x0000000000000040";
  host().instead["DOWNLOAD length"] = "OK@64";
  ASSERT_TRUE(host().run_document(document).ok()) << phone_.bench.log();
  EXPECT_EQ(*phone_.card().read(part_user, 0x90000, 0x40), pattern(0x40));
}

/// The order of a vendor library that says nothing of its own abilities and asks for no higher speed.
TEST(XmlVendor, the_older_library_from_the_cable_to_the_table) {
  XmlBench phone{model_named("tiny-xml")};
  phone.reach_da1();
  XmlHost& host = phone.host;
  const std::string nothing =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<da>\n  <version>1.0</version>\n"
      "  <command>CMD:NOTIFY-INIT-HW</command>\n  <arg></arg>\n</da>\n";
  ASSERT_TRUE(host.run_document(XmlBench::runtime()).ok());
  ASSERT_TRUE(host.run_document(nothing).ok());
  ASSERT_TRUE(host.run("SET-HOST-INFO", "<info>20261121T120000</info>").ok());
  ASSERT_TRUE(phone.boot_to().ok()) << phone.bench.log();
  ASSERT_TRUE(host.run_document(nothing).ok());
  ASSERT_TRUE(host.run("SET-HOST-INFO", "<info>20261121T120001</info>").ok());
  host.asked.clear();
  const std::string memory = "<target_file>MEM://0x7ffe3a10:0x200000</target_file>";
  ASSERT_TRUE(host.run("GET-SYS-PROPERTY", "<key>DA.SLA</key>" + memory).ok());
  ASSERT_TRUE(host.run("GET-HW-INFO", memory).ok());
  ASSERT_TRUE(host.run("READ-PARTITION-TABLE", memory).ok());
  EXPECT_EQ(host.asked, (std::vector<std::string>{"upload MEM://0x7ffe3a10:0x200000 (sys-prop)",
                                                  "upload MEM://0x7ffe3a10:0x200000 (HW-INFO)",
                                                  "upload MEM://0x7ffe3a10:0x200000 (partition-table)"}));
  EXPECT_EQ(phone.bench.log().find("not a command"), std::string::npos) << "nothing it says is refused";
}

TEST(XmlVendor, the_newer_library_is_refused_twice_and_goes_on) {
  XmlBench phone{model_named("tiny-xml")};
  phone.reach_da1();
  XmlHost& host = phone.host;
  const std::string abilities =
      "<host_capability>CMD:DOWNLOAD-FILE^1@CMD:FILE-SYS-OPERATION^1@CMD:PROGRESS-REPORT^1@CMD:UPLOAD-FILE^1@"
      "</host_capability>";
  ASSERT_TRUE(host.run_document(XmlBench::runtime()).ok());
  ASSERT_TRUE(host.run("HOST-SUPPORTED-COMMANDS", abilities).ok());
  ASSERT_TRUE(host.run("NOTIFY-INIT-HW").ok());
  ASSERT_TRUE(host.run("SET-HOST-INFO", "<info>20261121T120000</info>").ok());
  ASSERT_TRUE(phone.boot_to().ok());
  EXPECT_EQ(host.run("HOST-SUPPORTED-COMMANDS", abilities).result, "ERR!UNSUPPORTED");
  ASSERT_TRUE(host.run("NOTIFY-INIT-HW").ok());
  EXPECT_EQ(host.run("CAN-HIGHER-USB-SPEED", "<target_file>t</target_file>").result, "ERR!UNSUPPORTED");
  ASSERT_TRUE(host.run("GET-HW-INFO", "<target_file>t</target_file>").ok());
}

TEST_F(XmlHosts, one_formats_everything_and_downloads_in_one_go) {
  const Model& model = phone_.bench.phone().model();
  host().files = {{"rom/s.xml", to_bytes(scatter_of(model))},
                  {"/srv/rom/preloader_tinyxml.bin", preloader_image(model)},
                  {"/srv/rom/lk.bin", mtk_image("lk", 0x800)},
                  {"/srv/rom/boot.img", android_image(0x2000)},
                  {"/srv/rom/logo.bin", mtk_image("logo", 0x400)}};
  std::string images;
  for (const auto& [name, file] : {std::pair{"preloader", "preloader_tinyxml.bin"},
                                   {"lk", "lk.bin"},
                                   {"boot", "boot.img"},
                                   {"logo", "logo.bin"}})
    images += fmt::format("<pt name=\"{}\">/srv/rom/{}</pt>", name, file);

  ASSERT_TRUE(host()
                  .run("EMMC-CONTROL",
                       "<function>LIFE-CYCLE-STATUS</function><target_file>MEM://0x10:0x40</target_file>")
                  .ok());
  ASSERT_TRUE(
      host().run("ERASE-FLASH", "<partition>ALL</partition><offset>0x0</offset><length>MAX</length>").ok());
  EXPECT_EQ(phone_.bench.phone().boot_report().reached, BootStage::rom);
  host().asked.clear();
  ASSERT_TRUE(host().run("FLASH-ALL", list_arguments(images), "2.0").ok()) << phone_.bench.log();
  EXPECT_EQ((std::vector<std::string>{host().asked.begin(), host().asked.begin() + 3}),
            (std::vector<std::string>{"download rom/s.xml (scatter-file, CHK_NO)", "progress PGPT",
                                      "progress SGPT"}));
  EXPECT_EQ(host().asked.back(), "download /srv/rom/logo.bin (logo [4/4], CHK_NO)");
  ASSERT_TRUE(host().run("REBOOT", "<action>IMMEDIATE</action>").ok());
  EXPECT_TRUE(host().silent()) << "no turn after a reboot";
  EXPECT_EQ(phone_.bench.phone().boot_report().reached, BootStage::android)
      << phone_.bench.phone().boot_report().why;
  phone_.bench.wait(milliseconds{10000});
  EXPECT_EQ(phone_.bench.phone().bus(), Bus::android);
}

TEST_F(XmlHosts, one_downloads_and_later_upgrades_what_it_downloaded) {
  const Model& model = phone_.bench.phone().model();
  host().files = {{"rom/s.xml", to_bytes(scatter_of(model))},
                  {"/srv/rom/lk.bin", mtk_image("lk", 0x600)},
                  {"/srv/rom/boot.img", android_image(0x1000)}};
  const std::string images = "<pt name=\"boot\">/srv/rom/boot.img</pt><pt name=\"lk\">/srv/rom/lk.bin</pt>";
  const std::uint64_t lk = model.partition("lk")->start;
  const Bytes proinfo = *phone_.card().read(part_user, model.partition("proinfo")->start, 0x1000);
  for (const bool upgrades : {false, true}) {
    ASSERT_TRUE(host()
                    .run("EMMC-CONTROL", "<function>LIFE-CYCLE-STATUS</function><target_file>l</target_file>")
                    .ok());
    const auto outcome = upgrades ? host().run("FLASH-UPDATE", list_arguments(images, true), "2.0")
                                  : host().run("WRITE-PARTITIONS", list_arguments(images));
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    const Bytes& image = host().files["/srv/rom/lk.bin"];
    EXPECT_EQ(*phone_.card().read(part_user, lk, image.size()), image);
    host().files["/srv/rom/lk.bin"] = mtk_image("lk", 0x700);
  }
  EXPECT_EQ(*phone_.card().read(part_user, model.partition("proinfo")->start, 0x1000), proinfo);
  ASSERT_TRUE(host().run("REBOOT", "<action>IMMEDIATE</action>").ok());
  phone_.bench.wait(milliseconds{10000});
  EXPECT_EQ(phone_.bench.phone().bus(), Bus::android);
}

TEST_F(XmlHosts, one_leaves_without_a_word_and_the_next_finds_a_phone) {
  phone_.bench.unplug();
  XmlBench next{phone_.bench.phone().model()};
  next.reach_da2();
  EXPECT_TRUE(next.host.run("SET-HOST-INFO", "<info>x</info>").ok());
}

}  // namespace
}  // namespace mtk::sim
