// SPDX-License-Identifier: Apache-2.0
// Habits of hosts that exist: each must get through with our phone as it does with a genuine one
// (docs/protocol/da-xml.md, hosts in the wild).
#include "sim/test_xml_host.h"

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

TEST_F(XmlHosts, one_leaves_without_a_word_and_the_next_finds_a_phone) {
  phone_.bench.unplug();
  XmlBench next{phone_.bench.phone().model()};
  next.reach_da2();
  EXPECT_TRUE(next.host.run("SET-HOST-INFO", "<info>x</info>").ok());
}

}  // namespace
}  // namespace mtk::sim
