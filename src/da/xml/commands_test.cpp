// SPDX-License-Identifier: Apache-2.0
#include "da/xml/bench_commands.h"

#include <gtest/gtest.h>

namespace mtk::xml {
namespace {

/// Version, name and everything after them.
template <class T>
std::string sent(const T& command) {
  const std::string head = "<?xml version=\"1.0\" encoding=\"utf-8\"?><da><version>";
  const std::string text = to_command(command).document;
  EXPECT_EQ(text.substr(0, head.size()), head);
  EXPECT_TRUE(text.ends_with("</da>"));
  std::string rest = text.substr(head.size(), text.size() - head.size() - 5);
  const std::string between = "</version><command>CMD:";
  rest.replace(rest.find(between), between.size(), " ");
  const std::string after = "</command>";
  rest.replace(rest.find(after), after.size(), " ");
  return rest;
}

template <class Question>
std::string asked(Question question) {
  question.target_file = "T";
  return sent(question);
}
template <class Setting>
std::string given(Setting setting) {
  setting.source_file = "S";
  return sent(setting);
}

TEST(XmlCommands, of_both_stages) {
  EXPECT_EQ(sent(NotifyInitHw{}), "1.0 NOTIFY-INIT-HW ");
  EXPECT_EQ(sent(SetHostInfo{.info = "a<b"}), "1.0 SET-HOST-INFO <arg><info>a&lt;b</info></arg>");
  EXPECT_EQ(sent(HostSupportedCommands{}),
            "1.0 HOST-SUPPORTED-COMMANDS <arg><host_capability>CMD:DOWNLOAD-FILE^1@CMD:FILE-SYS-OPERATION^1@"
            "CMD:PROGRESS-REPORT^1@CMD:UPLOAD-FILE^1@</host_capability></arg>");
  EXPECT_EQ(sent(Reboot{}), "1.0 REBOOT <arg><action>IMMEDIATE</action></arg>");
  EXPECT_EQ(sent(Reboot{.action = Reboot::disconnect}), "1.0 REBOOT <arg><action>DISCONNECT</action></arg>");
}

TEST(XmlCommands, of_stage_1) {
  EXPECT_EQ(sent(SetRuntimeParameter{}),
            "1.1 SET-RUNTIME-PARAMETER <arg><checksum_level>NONE</checksum_level>"
            "<battery_exist>AUTO-DETECT</battery_exist><da_log_level>INFO</da_log_level>"
            "<log_channel>UART</log_channel><system_os>LINUX</system_os></arg>"
            "<adv><initialize_dram>YES</initialize_dram></adv>");
  EXPECT_EQ(sent(SetRuntimeParameter{.checksum_level = ChecksumLevel::usb_and_storage,
                                     .battery = BatteryExists::no,
                                     .log_level = LogLevelOfAgent::error,
                                     .log_channel = LogChannel::usb,
                                     .system = HostSystem::windows,
                                     .initialize_dram = false}),
            "1.1 SET-RUNTIME-PARAMETER <arg><checksum_level>USB-STORAGE</checksum_level>"
            "<battery_exist>NO</battery_exist><da_log_level>ERROR</da_log_level>"
            "<log_channel>USB</log_channel><system_os>WINDOWS</system_os></arg>"
            "<adv><initialize_dram>NO</initialize_dram></adv>");
  EXPECT_EQ(sent(BootTo{.at_address = 0x40000000, .jump_address = 0x40000000, .source_file = "S"}),
            "1.0 BOOT-TO <arg><at_address>0x40000000</at_address><jmp_address>0x40000000</jmp_address>"
            "<source_file>S</source_file></arg>");
}

TEST(XmlCommands, of_storage) {
  EXPECT_EQ(sent(ReadFlash{.area = "UFS-LUA2", .offset = 0, .length = 0x8000, .target_file = "T"}),
            "1.0 READ-FLASH <arg><partition>UFS-LUA2</partition><offset>0x0</offset><length>0x8000</length>"
            "<target_file>T</target_file></arg>");
  EXPECT_EQ(sent(WriteFlash{.area = "EMMC-USER", .offset = 0x8000, .source_file = "S"}),
            "1.0 WRITE-FLASH <arg><partition>EMMC-USER</partition><offset>0x8000</offset>"
            "<source_file>S</source_file></arg>");
  EXPECT_EQ(
      sent(EraseFlash{.area = "EMMC-USER"}),
      "1.0 ERASE-FLASH <arg><partition>EMMC-USER</partition><offset>0x0</offset><length>MAX</length></arg>");
  EXPECT_EQ(sent(ReadPartition{.partition = "boot_a", .target_file = "T"}),
            "1.0 READ-PARTITION <arg><partition>boot_a</partition><target_file>T</target_file></arg>");
  EXPECT_EQ(sent(WritePartition{.partition = "boot_a", .source_file = "S"}),
            "1.0 WRITE-PARTITION <arg><partition>boot_a</partition><source_file>S</source_file></arg>");
  EXPECT_EQ(sent(WritePartition{.partition = "a", .source_file = "S", .erase_first = EraseFirst::no}),
            "1.0 WRITE-PARTITION <arg><partition>a</partition><source_file>S</source_file>"
            "<pre_erase>NO</pre_erase></arg>");
  EXPECT_EQ(sent(ErasePartition{.partition = "cache"}),
            "1.0 ERASE-PARTITION <arg><partition>cache</partition></arg>");
}

TEST(XmlCommands, questions) {
  const std::string target = " <arg><target_file>T</target_file></arg>";
  EXPECT_EQ(asked(GetHwInfo{}), "1.0 GET-HW-INFO" + target);
  EXPECT_EQ(asked(GetDaInfo{}), "1.0 GET-DA-INFO" + target);
  EXPECT_EQ(asked(ReadPartitionTable{}), "1.0 READ-PARTITION-TABLE" + target);
  EXPECT_EQ(asked(CanHigherUsbSpeed{}), "1.0 CAN-HIGHER-USB-SPEED" + target);
  EXPECT_EQ(asked(GetDownloadedImageFeedback{}), "1.0 GET-DOWNLOADED-IMAGE-FEEDBACK" + target);
  EXPECT_EQ(asked(GetDeviceFirmwareInfo{}), "1.0 SECURITY-GET-DEV-FW-INFO" + target);
  EXPECT_EQ(asked(ReadEfuse{}), "1.0 READ-EFUSE" + target);
  EXPECT_EQ(sent(GetSysProperty{.key = GetSysProperty::da_sla, .target_file = "T"}),
            "1.0 GET-SYS-PROPERTY <arg><key>DA.SLA</key><target_file>T</target_file></arg>");
  EXPECT_EQ(sent(EmmcControl{.function = EmmcControl::life_cycle, .target_file = "T"}),
            "1.0 EMMC-CONTROL <arg><function>LIFE-CYCLE-STATUS</function><target_file>T</target_file></arg>");
  EXPECT_EQ(sent(ReadRegister{.address = 0x10007000, .target_file = "T"}),
            "1.0 READ-REGISTER <arg><bit_width>32</bit_width><base_address>0x10007000</base_address>"
            "<target_file>T</target_file></arg>");
}

TEST(XmlCommands, settings) {
  const std::string source = " <arg><source_file>S</source_file></arg>";
  EXPECT_EQ(given(SetFlashPolicy{}), "1.0 SECURITY-SET-FLASH-POLICY" + source);
  EXPECT_EQ(given(SetAllInOneSignature{}), "1.0 SECURITY-SET-ALLINONE-SIGNATURE" + source);
  EXPECT_EQ(given(WritePrivateCert{}), "1.0 WRITE-PRIVATE-CERT" + source);
  EXPECT_EQ(given(WriteEfuse{}), "1.0 WRITE-EFUSE" + source);
  EXPECT_EQ(sent(SwitchHigherUsbSpeed{}), "1.0 SWITCH-HIGHER-USB-SPEED <arg></arg>");
  EXPECT_EQ(sent(SetBootMode{.mode = SetBootMode::fastboot}),
            "1.0 SET-BOOT-MODE <arg><mode>FASTBOOT</mode></arg>");
  EXPECT_EQ(
      sent(SetBootMode{.mode = SetBootMode::meta, .mobile_log = true}),
      "1.0 SET-BOOT-MODE <arg><mode>META</mode><connect_type>USB</connect_type><mobile_log>ON</mobile_log>"
      "<adb>OFF</adb></arg>");
  EXPECT_EQ(sent(SetRsc{.key = "k", .source_file = "S"}),
            "1.0 SET-RSC <arg><key>k</key><source_file>S</source_file></arg>");
  EXPECT_EQ(sent(WriteRegister{.address = 0x10007000, .source_file = "S"}),
            "1.0 WRITE-REGISTER <arg><bit_width>32</bit_width><base_address>0x10007000</base_address>"
            "<source_file>S</source_file></arg>");
}

TEST(XmlCommands, tests_and_repairs_of_memory) {
  EXPECT_EQ(sent(RamTestFlip{.start_address = 0x40000000, .length = 0x1000, .repeat = 3}),
            "1.0 RAM-TEST <arg><function>FLIP</function><start_address>0x40000000</start_address>"
            "<length>0x1000</length><repeat>0x3</repeat></arg>");
  EXPECT_EQ(sent(RamTestCalibration{.target_file = "T"}),
            "1.0 RAM-TEST <arg><function>CALIBRATION</function><target_file>T</target_file></arg>");
  EXPECT_EQ(sent(RamTestSram{}), "1.0 RAM-TEST <arg><function>SRAM</function></arg>");
  EXPECT_EQ(sent(DramRepair{.param_file = "P", .target_file = "T"}),
            "1.0 DEBUG:DRAM-REPAIR <arg><param_file>P</param_file><target_file>T</target_file></arg>");
}

TEST(XmlCommands, setting_up_a_ufs_names_what_is_on) {
  EXPECT_EQ(sent(UfsUpdateFirmware{.source_file = "S"}),
            "1.0 DEBUG:UFS <arg><function>UPDATE-FIRMWARE</function><source_file>S</source_file></arg>");
  EXPECT_EQ(
      sent(UfsSetting{.write_turbo = {.size = 0x10}, .hpb = {}, .split_last = {.type = "NORMAL"}}),
      "1.2 DEBUG:UFS <arg><function>SETTING</function><write_turbo><size>0x10</size></write_turbo>"
      "<hpb></hpb><split_last_lua><type>NORMAL</type></split_last_lua>"
      "<switch wt_size=\"on\" wt_reduction=\"off\" hpb_size=\"off\" hpb_pinned_region_start_index=\"off\" "
      "hpb_pinned_region_count=\"off\" hpb_ctrl_mode=\"off\" sll_size=\"off\" sll_type=\"on\"></switch>"
      "</arg>");
}

}  // namespace
}  // namespace mtk::xml
