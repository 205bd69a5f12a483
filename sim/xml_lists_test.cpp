// SPDX-License-Identifier: Apache-2.0
// Lists that a scatter file arranges, and the phone that means harm.
#include "sim/test_xml_host.h"
#include "sim/test_xml_scatter.h"

namespace mtk::sim {
namespace {

using Asked = std::vector<std::string>;

const std::string two_images = "<pt name=\"boot\">rom/boot.img</pt><pt name=\"lk\">rom/lk.bin</pt>";

class XmlLists : public testing::Test {
 protected:
  void SetUp() override {
    phone_.reach_da2();
    set_scatter(scatter_of(model()));
    host().files["rom/lk.bin"] = mtk_image("lk", 0x800);
    host().files["rom/boot.img"] = android_image(0x2000);
    host().files["rom/recovery.img"] = android_image(0x2000);
    host().files["rom/logo.bin"] = mtk_image("logo", 0x400);
    host().files["rom/system.img"] = pattern(0x8000);
    host().files["rom/preloader_tinyxml.bin"] = preloader_image(model());
  }
  XmlHost& host() { return phone_.host; }
  const Model& model() { return phone_.bench.phone().model(); }
  void set_scatter(const std::string& text) { host().files["rom/s.xml"] = to_bytes(text); }
  Bytes content(std::string_view partition, std::size_t size) {
    return *phone_.card().read(part_user, model().partition(partition)->start, size);
  }
  bool erase_everything() {
    return host()
        .run("ERASE-FLASH", "<partition>ALL</partition><offset>0x0</offset><length>MAX</length>")
        .ok();
  }

  XmlBench phone_{model_named("tiny-xml")};
};

TEST_F(XmlLists, a_list_is_written_in_the_order_of_the_table) {
  ASSERT_TRUE(host().run("WRITE-PARTITIONS", list_arguments(two_images)).ok()) << phone_.bench.log();
  EXPECT_EQ(host().asked,
            (Asked{"download rom/s.xml (scatter-file, CHK_NO)", "progress lk", "EXISTS rom/lk.sig",
                   "EXISTS rom/lk-verified.bin", "download rom/lk.bin (lk [1/2], CHK_NO)", "progress boot",
                   "EXISTS rom/boot.sig", "EXISTS rom/boot-verified.img",
                   "download rom/boot.img (boot [2/2], CHK_NO)"}));
  EXPECT_EQ(host().statuses[0], "OK") << "the scatter file goes to memory";
  EXPECT_EQ(host().statuses[1], "OK@0x0");
  EXPECT_EQ(content("lk", 0x800), mtk_image("lk", 0x800));
}

TEST_F(XmlLists, a_changed_layout_ends_the_command_before_anything_is_written) {
  std::string text = scatter_of(model());
  text.replace(text.find("0x70000"), 7, "0x60000");
  set_scatter(text);
  const Bytes before = content("lk", 0x2000);
  EXPECT_EQ(host().run("WRITE-PARTITIONS", list_arguments(two_images)).message, "GPT layout is changed.");
  EXPECT_EQ(host().run("FLASH-ALL", list_arguments(two_images), "2.0").message, "GPT layout is changed.");
  EXPECT_EQ(content("lk", 0x2000), before);
}

TEST_F(XmlLists, an_erased_phone_gets_its_tables_and_its_images_and_starts) {
  ASSERT_TRUE(erase_everything());
  EXPECT_EQ(host().run("WRITE-PARTITIONS", list_arguments(two_images)).result, "ERR") << "no table to go by";
  host().asked.clear();
  ASSERT_TRUE(host().run("FLASH-ALL", list_arguments(""), "1.0").ok()) << phone_.bench.log();
  EXPECT_EQ((Asked{host().asked.begin(), host().asked.begin() + 4}),
            (Asked{"download rom/s.xml (scatter-file, CHK_NO)", "progress PGPT", "progress SGPT",
                   "progress preloader"}));
  EXPECT_EQ(phone_.bench.phone().boot_report().reached, BootStage::android)
      << phone_.bench.phone().boot_report().why;
  EXPECT_FALSE(phone_.bench.phone().boot_report().radio) << "who formats everything loses the identity";
}

TEST_F(XmlLists, tables_need_their_rows_and_rows_need_their_room) {
  ASSERT_TRUE(erase_everything());
  std::string text = scatter_of(model());
  text.replace(text.find(">sgpt<"), 6, ">tail<");
  set_scatter(text);
  EXPECT_EQ(host().run("FLASH-ALL", list_arguments(two_images), "2.0").message,
            "The scatter file lacks pgpt or sgpt.");
  text = scatter_of(model());
  text.replace(text.find("0x70000"), 7, "0xffffffffffff0000");
  set_scatter(text);
  EXPECT_NE(host().run("FLASH-ALL", list_arguments(two_images), "2.0").message.find("does not fit"),
            std::string::npos);
}

TEST_F(XmlLists, version_2_needs_its_list_and_a_separator_is_a_slash) {
  EXPECT_NE(host().run("FLASH-ALL", list_arguments(""), "2.0").message.find("flash_list"), std::string::npos);
  EXPECT_EQ(
      host()
          .run("FLASH-ALL", "<path_separator>:</path_separator><source_file>rom/s.xml</source_file>", "1.0")
          .result,
      "ERR");
  EXPECT_EQ(host().run("WRITE-PARTITIONS", list_arguments(two_images), "2.0").answer, "ERR!UNSUPPORTED");
}

TEST_F(XmlLists, an_update_erases_what_has_no_file_and_is_not_protected) {
  const Bytes proinfo = content("proinfo", 0x1000);
  const Bytes nvram = content("nvram", 0x1000);
  ASSERT_TRUE(phone_.card().write(part_user, model().partition("userdata")->start, to_bytes({1})));
  ASSERT_TRUE(host().run("FLASH-UPDATE", list_arguments(two_images, true), "2.0").ok()) << phone_.bench.log();
  const std::string folder = "bak/54494e5900112233445566778899aabb";
  EXPECT_EQ(host().asked[1], "EXISTS " + folder + "/record_history.bin");
  EXPECT_EQ(host().asked[2], "MKDIR " + folder);
  EXPECT_NE(std::ranges::find(host().asked, "progress userdata"), host().asked.end());
  EXPECT_EQ(content("userdata", 1), Bytes(1));
  EXPECT_EQ(content("seccfg", 0x200), Bytes(0x200)) << "INVISIBLE and without a file";
  EXPECT_EQ(content("proinfo", 0x1000), proinfo);
  EXPECT_EQ(content("nvram", 0x1000), nvram) << "BINREGION stays";
}

TEST_F(XmlLists, an_update_may_move_the_rest_but_not_what_is_protected) {
  std::string text = scatter_of(model());
  text.replace(text.find("0x70000"), 7, "0x60000");
  set_scatter(text);
  EXPECT_TRUE(host().run("FLASH-UPDATE", list_arguments(two_images, true), "2.0").ok());
  EXPECT_EQ(read_gpt(phone_.card())->entries[10].last,
            (model().partition("userdata")->start + 0x60000) / 0x1000 - 1);
  text.replace(text.find("0x8000<"), 7, "0x7000<");  // pgpt's size is not judged, proinfo's start is
  const auto at = text.find("<partition_name>proinfo");
  text.replace(text.find("0x8000", at), 6, "0xf000");
  set_scatter(text);
  EXPECT_NE(host().run("FLASH-UPDATE", list_arguments(two_images, true), "2.0").message.find("proinfo"),
            std::string::npos);
}

TEST_F(XmlLists, a_scatter_file_that_is_none_is_refused) {
  for (const std::string text :
       {"", "<root/>", "no xml", "<root><storage_type name=\"NAND\"/></root>",
        "<root><partition_index name=\"S\"/></root>",
        "<root><partition_index name=\"S\"><partition_name>x</partition_name>"
        "<physical_start_addr>0</physical_start_addr><partition_size>1</partition_size>"
        "<region>MOON</region></partition_index></root>"}) {
    set_scatter(text);
    EXPECT_EQ(host().run("WRITE-PARTITIONS", list_arguments(two_images)).result, "ERR") << text;
  }
  set_scatter(scatter_of(model()));
  EXPECT_EQ(host().run("WRITE-PARTITIONS", list_arguments("<pt name=\"moon\">m</pt>")).message,
            "Cannot find [moon].");
}

TEST_F(XmlLists, a_phone_with_nand_has_a_list_of_its_own_without_regions) {
  Model nand = model();
  nand.xml.nand = {.type = 0x11, .block = 0x1000};
  XmlBench phone{nand};
  phone.reach_da2();
  std::string text =
      fmt::format("{}<root><storage_type name=\"UFS\"/><storage_type name=\"NAND\">", xml_declaration);
  for (const auto& part : nand.partitions) {
    if (part.name != "preloader") text += scatter_row(part, part.operation_type, "NONE");
  }
  phone.host.files = {{"rom/s.xml", to_bytes(text + "</storage_type></root>")},
                      {"rom/lk.bin", mtk_image("lk", 0x800)},
                      {"rom/boot.img", android_image(0x2000)}};
  ASSERT_TRUE(phone.host.run("WRITE-PARTITIONS", list_arguments(two_images)).ok()) << phone.bench.log();
  EXPECT_EQ(*phone.card().read(part_user, nand.partition("lk")->start, 0x800), mtk_image("lk", 0x800));
  phone.host.files["rom/s.xml"] = to_bytes(scatter_of(nand));
  EXPECT_EQ(phone.host.run("WRITE-PARTITIONS", list_arguments(two_images)).result, "ERR") << "none for NAND";
}

class XmlHostile : public testing::Test {
 protected:
  static PhoneOptions options(const std::string& fault) {
    PhoneOptions out = Bench::keys_held();
    EXPECT_TRUE(out.faults.add(fault));
    return out;
  }
};

TEST_F(XmlHostile, asks_for_files_that_are_none_of_its_business) {
  XmlBench phone{model_named("tiny-xml"), options("hostile=path")};
  phone.reach_da1();
  ASSERT_TRUE(phone.host.run("NOTIFY-INIT-HW").ok());
  ASSERT_TRUE(phone.boot_to().ok());
  phone.host.asked.clear();
  phone.host.instead["REMOVE-ALL"] = "ERR";
  phone.host.instead["UPLOAD document"] = "ERR";
  EXPECT_TRUE(phone.host.run("NOTIFY-INIT-HW").ok()) << "a host that refuses gets on";
  EXPECT_EQ(phone.host.asked, (Asked{"REMOVE-ALL /", "download /etc/passwd (passwords, CHK_NO)",
                                     "upload ../../../../tmp/mtkflash-evil (evil)", "progress init-hw"}));
  EXPECT_EQ(phone.bench.log().find("fault: the host"), std::string::npos);
}

TEST_F(XmlHostile, tells_lengths_nobody_has_room_for) {
  XmlBench phone{model_named("tiny-xml"), options("hostile")};
  phone.reach_da1();
  phone.host.take_turn();
  phone.host.say(XmlHost::command("GET-HW-INFO", "<target_file>t</target_file>"));
  EXPECT_EQ(phone.host.text(), "OK");
  EXPECT_NE(phone.host.text().find("<packet_length>0xffffffff</packet_length>"), std::string::npos);
  phone.host.say("OK");
  EXPECT_EQ(phone.host.text(), "OK@0xffffffffffffffff");
}

TEST_F(XmlHostile, reports_progress_for_ever) {
  XmlBench phone{model_named("tiny-xml"), options("hostile=progress")};
  phone.reach_da1();
  phone.host.take_turn();
  phone.host.say(XmlHost::command("NOTIFY-INIT-HW", ""));
  EXPECT_EQ(phone.host.text(), "OK");
  phone.host.text();
  for (int i = 0; i < 1000; ++i) {
    phone.host.say("OK");
    ASSERT_TRUE(phone.host.text().starts_with("OK!PROGRESS@"));
  }
}

TEST_F(XmlHostile, sends_documents_that_are_none) {
  XmlBench phone{model_named("tiny-xml"), options("hostile=xml")};
  phone.reach_da1();
  ASSERT_TRUE(phone.host.run("NOTIFY-INIT-HW").ok());
  ASSERT_TRUE(phone.boot_to().ok());
  phone.host.take_turn();
  phone.host.say(XmlHost::command("NOTIFY-INIT-HW", ""));
  EXPECT_EQ(phone.host.text(), "OK");
  EXPECT_FALSE(parse_xml(phone.host.text()));
  phone.host.say("ERR!UNSUPPORTED");
  EXPECT_FALSE(parse_xml(phone.host.text()));
  phone.host.say("ERR!UNSUPPORTED");
  EXPECT_TRUE(parse_xml(phone.host.text()));
}

TEST_F(XmlHostile, an_unknown_way_to_be_hostile_is_no_fault) {
  Faults faults;
  EXPECT_FALSE(faults.add("hostile=kindness"));
}

}  // namespace
}  // namespace mtk::sim
