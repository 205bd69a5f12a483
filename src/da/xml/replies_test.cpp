// SPDX-License-Identifier: Apache-2.0
#include "da/xml/replies.h"

#include "da/xml/agent.h"

#include <gtest/gtest.h>

namespace mtk::xml {
namespace {

using Label = std::pair<std::string, std::string>;

HwInfo hardware(std::string_view inner) {
  const auto info = parse_hw_info(to_bytes("<da_hw_info>" + std::string{inner} + "</da_hw_info>"));
  EXPECT_TRUE(info) << to_string(info.error());
  return info.value_or(HwInfo{});
}

TEST(XmlReplies, a_ufs_phone_of_the_later_agents) {
  const HwInfo info = hardware(
      "<version>1.2</version><ram_size>0x200000000</ram_size><battery_voltage>3900</battery_voltage>"
      "<random_id>00112233445566778899aabbccddeeff</random_id><storage>UFS</storage><ufs>"
      "<block_size>0x1000</block_size><lua0_size>0x400000</lua0_size><lua1_size>0x400000</lua1_size>"
      "<lua2_size>0x1dcb000000</lua2_size><lua3_size>0</lua3_size><id>53414d53554e47</id></ufs>"
      "<product_id>serial</product_id>");
  const AgentFacts facts = facts_of(info, {.version = "2023", .build = "Dec"});
  EXPECT_EQ(facts.storage, StorageKind::ufs);
  EXPECT_EQ(facts.sector_size, 4096u);
  EXPECT_EQ(facts.write_unit, 4096u);
  ASSERT_EQ(facts.areas.size(), 3u);
  EXPECT_EQ(facts.area(Area::lu2)->size, 0x1dcb000000u);
  EXPECT_EQ(facts.ram_size, 0x200000000u);
  EXPECT_EQ(hex_compact(facts.storage_id), "53414d53554e47");
  EXPECT_EQ(hex_compact(facts.random_id), "00112233445566778899aabbccddeeff");
  EXPECT_EQ(facts.more, (std::vector<Label>{{"Agent build", "Dec"},
                                            {"Random id", "00112233445566778899aabbccddeeff"},
                                            {"Storage block", "4096 bytes"},
                                            {"Report version", "1.2"},
                                            {"Battery", "3900 mV"},
                                            {"Product id", "serial"}}));
}

TEST(XmlReplies, a_ufs_phone_of_the_earlier_agents) {
  const HwInfo info = hardware(
      "<product_id></product_id><storage>UFS</storage><ufs><block_size>0x200</block_size>"
      "<lua2_size>0x4000000</lua2_size><ufs_vendor_id>0x1ce</ufs_vendor_id><ufs_cid>0a0b</ufs_cid>"
      "<ufs_fwver>0001</ufs_fwver></ufs>");
  EXPECT_EQ(hex_compact(info.storage_id), "0a0b");
  EXPECT_EQ(facts_of(info, {}).more,
            (std::vector<Label>{
                {"Storage block", "512 bytes"}, {"UFS vendor", "0x1ce"}, {"UFS firmware", "0001"}}));
  EXPECT_EQ(facts_of(info, {}).write_unit, 4096u);
}

TEST(XmlReplies, an_emmc_phone) {
  const HwInfo info = hardware(
      "<storage>EMMC</storage><emmc><block_size>0x200</block_size><boot1_size>0x400000</boot1_size>"
      "<boot2_size>0x400000</boot2_size><rpmb_size>0x1000000</rpmb_size><user_size>0xe8f800000</user_size>"
      "<gp1_size>0</gp1_size><emmc_cid>1501004f</emmc_cid></emmc>");
  const AgentFacts facts = facts_of(info, {});
  EXPECT_EQ(facts.storage, StorageKind::emmc);
  EXPECT_EQ(facts.write_unit, 512u);
  EXPECT_EQ(facts.area(Area::user)->size, 0xe8f800000u);
  EXPECT_EQ(facts.area(Area::rpmb)->size, 0x1000000u);
  EXPECT_EQ(facts.area(Area::gp1), nullptr);
  EXPECT_EQ(hex_compact(facts.storage_id), "1501004f");
}

TEST(XmlReplies, a_nand_phone) {
  const HwInfo info = hardware(
      "<storage>NAND</storage><nand><block_size>0x40000</block_size><page_size>0x1000</page_size>"
      "<spare_size>0x100</spare_size><total_size>0x20000000</total_size><id>c2</id>"
      "<page_parity_size>0x80</page_parity_size><sub_type>SLC</sub_type></nand>");
  EXPECT_EQ(info.storage, StorageKind::nand);
  EXPECT_EQ(info.areas.at(0).size, 0x20000000u);
  EXPECT_EQ(facts_of(info, {}).more, (std::vector<Label>{{"Storage block", "262144 bytes"},
                                                         {"NAND page", "4096 bytes"},
                                                         {"NAND spare", "256 bytes"},
                                                         {"NAND page parity", "128 bytes"},
                                                         {"NAND kind", "SLC"}}));
}

TEST(XmlReplies, what_is_not_known_keeps_its_name) {
  const HwInfo info = hardware(
      "<battery_voltage>low</battery_voltage><colour>red</colour><empty/><storage>NOR</storage>"
      "<nor><total_size>0x100</total_size></nor>");
  const auto about =
      parse_da_info(to_bytes("<da_info><version>1.0</version><da_version>2021</da_version><build>Apr</build>"
                             "<branch>main</branch></da_info>"));
  ASSERT_TRUE(about);
  EXPECT_EQ(facts_of(info, *about).more, (std::vector<Label>{{"Agent build", "Apr"},
                                                             {"Agent report version", "1.0"},
                                                             {"branch", "main"},
                                                             {"Battery", "low"},
                                                             {"colour", "red"},
                                                             {"storage", "NOR"},
                                                             {"total_size", "0x100"}}));
}

TEST(XmlReplies, a_storage_element_beside_the_one_in_use_is_kept) {
  const HwInfo info = hardware(
      "<storage>UFS</storage><ufs><lua2_size>0x4000000</lua2_size><lua4_size>0x10</lua4_size>"
      "<id>0a</id><ufs_cid>0b</ufs_cid></ufs><emmc><emmc_cid>0c</emmc_cid></emmc>");
  EXPECT_EQ(hex_compact(info.storage_id), "0a");
  EXPECT_EQ(info.more, (std::vector<Label>{{"lua4_size", "0x10"}, {"ufs_cid", "0b"}, {"emmc_cid", "0c"}}));
}

TEST(XmlReplies, stage_1_does_not_look_at_storage) {
  const HwInfo info = hardware("<version>1.0</version><ram_size>0x1</ram_size><storage>NONE</storage>");
  EXPECT_EQ(info.storage, StorageKind::unknown);
  EXPECT_TRUE(info.areas.empty());
}

TEST(XmlReplies, an_id_of_zeros_is_none_and_another_text_is_kept) {
  EXPECT_TRUE(hardware("<random_id>00000000</random_id>").random_id.empty());
  EXPECT_EQ(hardware("<random_id>KM8V7001</random_id>").random_id, to_bytes("KM8V7001"));
  EXPECT_LE(hardware("<random_id>" + std::string(100000, 'A') + "</random_id>").random_id.size(), 64u);
}

TEST(XmlReplies, a_final_nul_is_no_part_of_a_reply) {
  Bytes file = to_bytes("<da_info><da_version>2021</da_version></da_info>");
  file.push_back(std::byte{0});
  ASSERT_TRUE(parse_da_info(file));
  EXPECT_EQ(parse_da_info(file)->version, "2021");
  EXPECT_EQ(reply_text(to_bytes({0x4f, 0x4b, 0x00})), "OK");
  EXPECT_EQ(reply_text(to_bytes({0x4f, 0x00, 0x4b})).error().code, Errc::protocol);
}

TEST(XmlReplies, a_partition_table_in_bytes) {
  const auto table = parse_partition_table(
      to_bytes("<partition_table version=\"1.0\"><pt><name>boot_a</name><start>0x8800000</start>"
               "<size>0x4000000</size></pt><note/><pt><name>userdata</name><start>0x10000000</start>"
               "<size>0x1000</size></pt></partition_table>"));
  ASSERT_TRUE(table);
  EXPECT_EQ(*table,
            (std::vector<ListedPartition>{{.name = "boot_a", .offset = 0x8800000, .size = 0x4000000},
                                          {.name = "userdata", .offset = 0x10000000, .size = 0x1000}}));
}

TEST(XmlReplies, an_entry_that_lacks_something_damages_the_table) {
  for (const std::string_view entry : {"<start>0x1</start><size>0x1</size>", "<name>a</name><size>0x1</size>",
                                       "<name>a</name><start>-1</start><size>0x1</size>"}) {
    const auto table = parse_partition_table(
        to_bytes("<partition_table><pt>" + std::string{entry} + "</pt></partition_table>"));
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().code, Errc::protocol);
  }
}

TEST(XmlReplies, a_missing_property_is_not_known) {
  const Bytes file = to_bytes("<sys_prop version=\"1.0\"><item key=\"DA.SLA\">ENABLED</item></sys_prop>");
  EXPECT_EQ(*parse_sys_property(file, "DA.SLA"), "ENABLED");
  EXPECT_EQ(*parse_sys_property(file, "DA.HRID"), std::nullopt);
  EXPECT_EQ(*parse_sys_property(to_bytes("<sys_prop/>"), "DA.SLA"), std::nullopt);
}

TEST(XmlReplies, what_a_login_is_made_of) {
  const auto info =
      parse_login_info(to_bytes("<sla version=\"1.0\"><rnd>0102</rnd><hrid>03</hrid><socid/></sla>"));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->random, to_bytes({1, 2}));
  EXPECT_EQ(info->hrid, to_bytes({3}));
  EXPECT_TRUE(info->soc_id.empty());
  EXPECT_EQ(parse_login_info(to_bytes("<sla/>")).error().code, Errc::protocol);
  EXPECT_EQ(parse_login_info(to_bytes("<sla><rnd>xyz</rnd></sla>")).error().code, Errc::protocol);
}

TEST(XmlReplies, what_arrived) {
  const auto images = parse_feedback(to_bytes(
      "<feedback version=\"1.0\"><item pt=\"lk\" image_chksum=\"0x12\" file=\"lk.img\"/></feedback>"));
  ASSERT_TRUE(images);
  ASSERT_EQ(images->size(), 1u);
  EXPECT_EQ(images->front().partition, "lk");
  EXPECT_EQ(images->front().file, "lk.img");
  EXPECT_EQ(images->front().checksum, 0x12u);
}

TEST(XmlReplies, other_documents_and_numbers_are_not_believed) {
  for (const std::string_view bad :
       {"", "OK", "<partition_table/>", "<da_hw_info><ram_size>lots</ram_size></da_hw_info>",
        "<da_hw_info><storage>UFS</storage><ufs><block_size>0x100000000</block_size></ufs></da_hw_info>",
        "<!DOCTYPE a><da_hw_info/>"}) {
    const auto info = parse_hw_info(to_bytes(bad));
    ASSERT_FALSE(info) << bad;
    EXPECT_EQ(info.error().code, Errc::protocol);
  }
}

}  // namespace
}  // namespace mtk::xml
