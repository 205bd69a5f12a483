// SPDX-License-Identifier: Apache-2.0
// The second stage of the XML agent: what it tells of the phone, and the small commands.
#include "sim/test_xml_host.h"

namespace mtk::sim {
namespace {

using Asked = std::vector<std::string>;
using namespace std::string_literals;

class XmlSecondStage : public testing::Test {
 protected:
  void SetUp() override { phone_.reach_da2(); }
  XmlHost& host() { return phone_.host; }
  /// What a command uploads.
  std::string told(std::string_view name, std::string_view arguments = "") {
    host().files.erase("t");
    const auto outcome = host().run(name, fmt::format("{}<target_file>t</target_file>", arguments));
    EXPECT_TRUE(outcome.ok()) << outcome.answer << " " << outcome.message;
    return text_of(host().files["t"]);
  }

  XmlBench phone_{model_named("tiny-xml")};
};

TEST_F(XmlSecondStage, refuses_what_only_the_first_stage_or_newer_agents_know) {
  for (const auto* name :
       {"HOST-SUPPORTED-COMMANDS", "SET-RUNTIME-PARAMETER", "BOOT-TO", "CAN-HIGHER-USB-SPEED",
        "SWITCH-HIGHER-USB-SPEED", "SECURITY-GET-DEV-FW-INFO", "SECURITY-SET-FLASH-POLICY"})
    EXPECT_EQ(host().run(name).answer, "ERR!UNSUPPORTED") << name;
}

TEST_F(XmlSecondStage, tells_the_hardware_of_a_ufs_phone) {
  const std::string text = told("GET-HW-INFO");
  for (const auto* part :
       {"<version>1.2</version>", "<storage>UFS</storage>", "<block_size>0x1000</block_size>",
        "<lua0_size>0x10000</lua0_size>", "<lua2_size>0x100000</lua2_size>", "<lua3_size>0</lua3_size>",
        "<ufs_vendor_id>0x1ce</ufs_vendor_id>", "<ufs_cid>54494e5920554653203030303030303100000000</ufs_cid>",
        "<product_id>TINY</product_id><storage>"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  EXPECT_EQ(host().lengths[0], fmt::format("OK@0x{:x}", text.size()));
}

TEST_F(XmlSecondStage, tells_its_table_its_build_and_its_properties) {
  EXPECT_NE(told("READ-PARTITION-TABLE")
                .find("<pt><name>proinfo</name><start>0x8000</start><size>0x1000</size></pt>"),
            std::string::npos);
  EXPECT_NE(told("GET-DA-INFO").find("<da_version>2021</da_version>"), std::string::npos);
  const std::string login = told("GET-SYS-PROPERTY", "<key>DA.SLA</key>");
  EXPECT_TRUE(login.ends_with("<item key=\"DA.SLA\">DISABLED</item></sys_prop>")) << "no NUL: " << login;
  EXPECT_TRUE(
      told("GET-SYS-PROPERTY", "<key>DA.HRID</key>").ends_with("<sys_prop version=\"1.0\"></sys_prop>"));
}

TEST_F(XmlSecondStage, tells_the_health_of_the_storage) {
  EXPECT_EQ(told("EMMC-CONTROL", "<function>LIFE-CYCLE-STATUS</function>"), "OK\0"s);
  EXPECT_EQ(told("EMMC-CONTROL", "<function>GET-RPMB-KEY-STATUS</function>"), "EXIST\0"s);
  host().asked.clear();
  EXPECT_TRUE(
      host().run("EMMC-CONTROL", "<function>GET-RPMB-STATUS</function><target_file>t</target_file>").ok());
  EXPECT_TRUE(host().asked.empty()) << "an unknown function passes without an upload";
}

TEST_F(XmlSecondStage, only_open_registers_are_read_and_written) {
  host().files["v"] = to_bytes({0x78, 0x56, 0x34, 0x12});
  const std::string open = "<bit_width>32</bit_width><base_address>0x1C007000</base_address>";
  EXPECT_TRUE(host().run("WRITE-REGISTER", open + "<source_file>v</source_file>").ok());
  EXPECT_EQ(told("READ-REGISTER", open), "\x78\x56\x34\x12");
  const auto outcome =
      host().run("READ-REGISTER", "<bit_width>32</bit_width><base_address>0x0</base_address>");
  EXPECT_EQ(outcome.message, "R/W on this address is forbidden.");
}

TEST_F(XmlSecondStage, takes_files_it_keeps_for_itself) {
  host().files["f"] = Bytes(100);
  for (const auto* name : {"SET-RSC", "WRITE-PRIVATE-CERT", "SECURITY-SET-ALLINONE-SIGNATURE"})
    EXPECT_TRUE(host().run(name, "<key>k</key><source_file>f</source_file>").ok()) << name;
  EXPECT_EQ(host().run("WRITE-EFUSE", "<source_file>f</source_file>").result, "ERR");
  EXPECT_NE(told("READ-EFUSE").find("EFUSE[0x60] = 0x00000000"), std::string::npos);
}

TEST_F(XmlSecondStage, a_failure_leaves_its_text_in_later_successes) {
  const auto failed = host().run("READ-FLASH", "<partition>EMMC-USER</partition>");
  EXPECT_EQ(failed.message, "Cannot find [EMMC-USER].");
  EXPECT_EQ(host().run("SET-HOST-INFO", "<info>x</info>").message, failed.message);
}

TEST_F(XmlSecondStage, boots_as_it_was_told) {
  EXPECT_EQ(host().run("SET-BOOT-MODE", "<mode>PARTY</mode>").result, "ERR");
  EXPECT_TRUE(host().run("SET-BOOT-MODE", "<mode>META</mode><connect_type>USB</connect_type>").ok());
  EXPECT_TRUE(host().run("REBOOT", "<action>COLD-RESET</action>").ok());
  EXPECT_TRUE(host().silent()) << "no new turn";
  phone_.bench.wait(milliseconds{10000});
  EXPECT_EQ(phone_.bench.phone().bus(), Bus::android);
  EXPECT_EQ(phone_.bench.phone().boot_mode(), "meta");
}

TEST_F(XmlSecondStage, disconnects_without_a_reset_and_refuses_unknown_ways) {
  EXPECT_EQ(host().run("REBOOT", "<action>JUMP</action>").message, "Unknown reboot action.");
  EXPECT_TRUE(host().run("REBOOT", "<action>DISCONNECT</action>").ok());
  phone_.bench.wait(milliseconds{10000});
  EXPECT_EQ(phone_.bench.phone().bus(), Bus::off);
}

TEST_F(XmlSecondStage, an_exists_question_answered_with_a_bare_ok_is_the_end) {
  host().files["in/boot.img"] = Bytes(0x1000);
  host().take_turn();
  host().say(XmlHost::command("WRITE-PARTITION",
                              "<partition>boot</partition><source_file>in/boot.img</source_file>"));
  EXPECT_EQ(host().text(), "OK");
  host().text();  // the erase
  host().say("OK");
  EXPECT_EQ(host().text(), "OK!EOT");
  host().say("OK");
  EXPECT_NE(host().text().find("in/boot.sig"), std::string::npos);
  host().say("OK");
  host().say("OK");
  EXPECT_TRUE(host().silent());
  EXPECT_NE(phone_.bench.log().find("null pointer"), std::string::npos) << phone_.bench.log();
}

TEST_F(XmlSecondStage, starts_anew_after_a_warm_reset) {
  EXPECT_TRUE(host().run("REBOOT", "<action>WARM-RESET</action>").ok());
  EXPECT_TRUE(host().silent()) << "no new turn";
  phone_.bench.wait(milliseconds{5});
  EXPECT_EQ(phone_.bench.phone().bus(), Bus::off);
  phone_.bench.wait(milliseconds{1000});
  EXPECT_EQ(phone_.bench.phone().bus(), Bus::preloader);
}

TEST(XmlBuilds, a_code_of_the_segment_is_told_where_there_is_one) {
  Model model = model_named("tiny-xml");
  for (const auto& [code, item] :
       {std::pair{"", ""}, {"EU&1", "<item key=\"DA.SEG_CODE\">EU&amp;1</item>"}}) {
    model.xml.seg_code = code;
    XmlBench phone{model};
    phone.reach_da2();
    ASSERT_TRUE(
        phone.host.run("GET-SYS-PROPERTY", "<key>DA.SEG_CODE</key><target_file>t</target_file>").ok());
    EXPECT_TRUE(text_of(phone.host.files["t"]).ends_with(fmt::format(">{}</sys_prop>", item)));
  }
}

TEST(XmlBuilds, areas_beside_the_usual_ones_are_told_by_some) {
  Model emmc = model_named("mt6789-emmc");
  emmc.storage.gp = {0x400000, 0, 0x200000, 0};
  Model ufs = model_named("tiny-xml");
  ufs.storage.gp[0] = 0x10000;
  for (const auto& [model, told, literal] :
       {std::tuple{&emmc, "<gp1_size>0x400000</gp1_size><gp2_size>0</gp2_size><gp3_size>0x200000</gp3_size>",
                   "<gp1_size>0</gp1_size><gp2_size>0</gp2_size><gp3_size>0</gp3_size>"},
        {&ufs, "<lua3_size>0x10000</lua3_size>", "<lua3_size>0</lua3_size>"}}) {
    for (const bool tells : {false, true}) {
      model->xml.extra_sizes = tells;
      XmlBench phone{*model};
      phone.reach_da2();
      ASSERT_TRUE(phone.host.run("GET-HW-INFO", "<target_file>t</target_file>").ok());
      const std::string text = text_of(phone.host.files["t"]);
      EXPECT_NE(text.find(tells ? told : literal), std::string::npos) << text;
    }
  }
}

TEST(XmlBuilds, an_emmc_phone_and_a_phone_of_2023_tell_the_same_in_their_words) {
  XmlBench emmc{model_named("mt6789-emmc")};
  emmc.reach_da2();
  ASSERT_TRUE(emmc.host.run("GET-HW-INFO", "<target_file>t</target_file>").ok());
  const std::string text = text_of(emmc.host.files["t"]);
  EXPECT_NE(text.find("<storage>EMMC</storage><emmc><block_size>0x200</block_size>"), std::string::npos)
      << text;
  EXPECT_NE(text.find("<id>15010044563644"), std::string::npos);
  EXPECT_EQ(
      emmc.host.run("DEBUG:UFS", "<function>UPDATE-FIRMWARE</function><source_file>f</source_file>").result,
      "ERR");
  XmlBench ufs{model_named("mt6886-ufs")};
  ufs.reach_da2();
  ASSERT_TRUE(ufs.host.run("GET-HW-INFO", "<target_file>t</target_file>").ok());
  EXPECT_NE(text_of(ufs.host.files["t"]).find("<id>4b4d"), std::string::npos);
  EXPECT_NE(text_of(ufs.host.files["t"]).find("</ufs><product_id>MT6886UFS0001</product_id>"),
            std::string::npos);
}

TEST(XmlBuilds, the_port_comes_back_faster_under_another_identity) {
  Model model = model_named("tiny-xml");
  model.xml.higher_speed = HigherSpeed::yes;
  XmlBench phone{model};
  phone.reach_da2();
  ASSERT_TRUE(phone.host.run("CAN-HIGHER-USB-SPEED", "<target_file>t</target_file>").ok());
  EXPECT_EQ(text_of(phone.host.files["t"]), "YES\0"s);
  const unsigned before = phone.bench.phone().generation();
  ASSERT_TRUE(phone.host.run("SWITCH-HIGHER-USB-SPEED").ok());
  phone.bench.wait(milliseconds{1000});
  EXPECT_GT(phone.bench.phone().generation(), before);
  EXPECT_EQ(phone.bench.phone().usb_id(), model.usb.agent);
  EXPECT_TRUE(phone.host.silent());
  phone.bench.open();
  EXPECT_TRUE(phone.host.run("SET-HOST-INFO", "<info>x</info>").ok());
}

TEST(XmlBuilds, packets_for_linux_are_smaller_than_for_windows) {
  for (const auto& [os, packets] : {std::pair{"LINUX", 2U}, {"WINDOWS", 1U}}) {
    XmlBench phone{model_named("mt6886-ufs")};
    phone.reach_da2(XmlBench::runtime("NONE", "UART", os));
    ASSERT_TRUE(phone.host
                    .run("READ-FLASH",
                         "<partition>UFS-LUA2</partition><offset>0</offset><length>0x10001</length>"
                         "<target_file>t</target_file>")
                    .ok());
    EXPECT_EQ(phone.host.statuses.size(), packets) << os;
    EXPECT_EQ(phone.host.statuses[0], "OK@0x0");
    EXPECT_EQ(phone.host.lengths[0], "OK@0x0000000000010001");
  }
}

TEST(XmlPhones, every_new_one_starts_android_whole) {
  for (const auto* name : {"tiny-xml", "mt6886-ufs", "mt6789-emmc", "mt6582"}) {
    Bench bench{model_named(name)};
    const BootReport report = bench.phone().boot_report();
    EXPECT_EQ(report.reached, BootStage::android) << name << ": " << report.why;
    EXPECT_TRUE(report.radio) << name;
  }
}

TEST(XmlPhones, a_secured_boot_rom_wants_the_makers_signature_on_the_first_stage) {
  auto model = load_model(std::filesystem::path{MTK_SOURCE_DIR} / "data/phones/mt6886-ufs.toml", "locked");
  ASSERT_TRUE(model) << to_string(model.error());
  XmlBench phone{std::move(*model)};
  phone.agent = stand_in(0x2345, HashKind::sha256, 0);
  ByteWriter keyed;
  keyed.bytes(to_bytes("mt6886 maker")).bytes(phone.agent.da1);
  Bytes signature = sha256(keyed.view());
  signature.resize(0x100);
  Bytes first_stage = phone.agent.da1;
  first_stage.insert(first_stage.end(), signature.begin(), signature.end());
  phone.bench.reach_commands();
  phone.bench.upload(first_stage, 0x200000, 0x100);
  const Bytes heard = phone.bench.jump();
  ASSERT_GE(heard.size(), 7u) << phone.bench.log();
  phone.host.hear(ByteView{heard}.subspan(7));
  EXPECT_TRUE(phone.host.run("NOTIFY-INIT-HW").ok()) << phone.bench.log();

  XmlBench other{phone.bench.phone().model()};
  other.bench.reach_commands();
  first_stage[0] ^= std::byte{1};
  const Bytes refused = other.bench.upload(first_stage, 0x200000, 0x100);
  EXPECT_NE((Bytes{refused.end() - 2, refused.end()}), Bytes(2)) << hex(refused);
}

class XmlLogin : public testing::Test {
 protected:
  void SetUp() override { phone_.reach_da2(); }
  static Model model() {
    auto loaded = load_model(std::filesystem::path{MTK_SOURCE_DIR} / "data/phones/tiny-xml.toml", "secured");
    if (!loaded) ADD_FAILURE() << to_string(loaded.error());
    // The boot ROM's own login and signature have tests of their own.
    loaded->security.sla = loaded->security.daa = false;
    return std::move(*loaded);
  }
  XmlHost& host() { return phone_.host; }
  std::string property() {
    EXPECT_TRUE(host().run("GET-SYS-PROPERTY", "<key>DA.SLA</key><target_file>p</target_file>").ok());
    return text_of(host().files["p"]);
  }
  Bytes challenge() {
    EXPECT_TRUE(host().run("SECURITY-GET-DEV-FW-INFO", "<target_file>i</target_file>").ok());
    const auto root = parse_xml(text_of(host().files["i"]));
    EXPECT_TRUE(root);
    EXPECT_EQ(root->text_of("hrid").size(), 32u);
    EXPECT_EQ(root->text_of("socid").size(), 64u);
    return *parse_hex(root->text_of("rnd"));
  }

  XmlBench phone_{model()};
};

TEST_F(XmlLogin, nothing_is_read_before_it) {
  EXPECT_NE(property().find(">ENABLED<"), std::string::npos);
  EXPECT_EQ(host().run("READ-PARTITION-TABLE", "<target_file>t</target_file>").message,
            "Security deny for [READ-PARTITION-TABLE].");
  EXPECT_TRUE(host().run("GET-HW-INFO", "<target_file>t</target_file>").ok());
}

TEST_F(XmlLogin, the_makers_answer_opens_the_phone) {
  ByteWriter answer;
  answer.bytes(to_bytes("tiny maker")).bytes(challenge());
  host().files["r"] = sha256(answer.view());
  host().files["r"].resize(0x100);
  ASSERT_TRUE(host().run("SECURITY-SET-FLASH-POLICY", "<source_file>r</source_file>").ok());
  EXPECT_NE(property().find(">DISABLED<"), std::string::npos);
  EXPECT_TRUE(host().run("READ-PARTITION-TABLE", "<target_file>t</target_file>").ok());
}

TEST_F(XmlLogin, a_placeholder_or_an_answer_without_a_question_does_not) {
  host().files["r"] = Bytes(4);
  EXPECT_EQ(host().run("SECURITY-SET-FLASH-POLICY", "<source_file>r</source_file>").result, "ERR");
  EXPECT_EQ(challenge().size(), 16u);
  EXPECT_EQ(host().run("SECURITY-SET-FLASH-POLICY", "<source_file>r</source_file>").message,
            "Security deny for [DA.SLA].");
}

}  // namespace
}  // namespace mtk::sim
