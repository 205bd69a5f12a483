// SPDX-License-Identifier: Apache-2.0
// For tests: the conversation that starts an agent, in pieces that tests replace.
#pragma once

#include "da/xflash/start.h"
#include "da/xflash/testing.h"

namespace mtk::xflash {

/// What boot ROM and host say to upload stage 1, `11 22` at 0x200000, and to start it; not framed.
constexpr std::string_view upload_of_stage1 =
    "H> D7\n D> D7\n H> 00 20 00 00\n D> 00 20 00 00\n H> 00 00 00 02\n D> 00 00 00 02\n H> 00 00 00 00\n"
    "D> 00 00 00 00 00 00\n H> 11 22\n D> 22 11 00 00\n"
    "H> D5\n D> D5\n H> 00 20 00 00\n D> 00 20 00 00 00 00\n";

/// A code that the agent does not know.
inline std::string unknown(std::string_view code) {
  return script({"H> 09 00 01 00\n D> 00 00 00 00\n H> ", code, "\n D> 04 00 01 C0\n"});
}
inline std::string answered(std::string_view code, std::string_view answer) {
  return script({control_of(code), "D> ", answer, "\n D> 00 00 00 00\n"});
}
inline std::string taken(std::string_view code, std::string_view parameter) {
  return script({control_of(code), "H> ", parameter, "\n D> 00 00 00 00\n"});
}

/// The start of a small healthy phone, entered through the preloader. Every piece may be replaced.
struct StartScript {
  std::string handshake =
      "D> raw C0\n H> 53 59 4E 43\n H> 00 01 01 00\n H> 02 00 00 00 01 00 00 00 01 00*11\n D> 00 00 00 00\n"
      "H> 01 01 01 00\n H> 00 00 00 00\n D> 00 00 00 00\n D> 53 59 4E 43\n";
  std::string expire_date = unknown("11 00 04 00");
  std::string host_info = "";
  std::string battery = taken("02 00 02 00", "02 00 00 00");
  std::string reset_key = taken("04 00 02 00", "68 00 00 00");
  std::string checksum_level = taken("03 00 02 00", "01 00 00 00");
  std::string connection_agent = answered("0A 00 04 00", "`preloader`");
  std::string memory = "";
  std::string boot_to =
      "H> 08 00 01 00\n D> 00 00 00 00\n H> 00 00 00 40 00*4 03 00*7\n H> 33 44 55\n D> 00 00 00 00\n"
      "D> 53 59 4E 43\n";
  std::string login = unknown("16 00 04 00");
  std::string usb_speed = answered("0B 00 04 00", "`high-speed`");
  std::string emmc = answered("01 00 04 00",
                              "01 00 00 00 00 02 00 00 00 00 40 00*5 00 00 40 00*5 00 00 40 00*5 00*32 00 00 "
                              "00 04 00*4 15 01 00 4F 52 41 "
                              "43 4C 45 01 12 34 56 78 A5 01 00*16");
  std::string other_storage =
      unknown("02 00 04 00") + unknown("03 00 04 00") + answered("04 00 04 00", "00*208");
  std::string questions = answered("0C 00 04 00", "00*48") + answered("0D 00 04 00", "66 07 00*10") +
                          answered("05 00 04 00", "`1.0`") + answered("08 00 04 00", "11*16") +
                          unknown("14 00 04 00");
  std::string packet_length = answered("07 00 04 00", "00 00 20 00 00 00 01 00");
  std::string optional_questions =
      unknown("09 00 04 00") + unknown("12 00 04 00") + unknown("10 00 04 00") + unknown("0F 00 04 00");
  std::string storage_life = "";
  std::string after = "";

  std::string stage1() const {
    return handshake + expire_date + host_info + battery + reset_key + checksum_level + connection_agent +
           memory;
  }
  std::string stage2() const {
    return login + usb_speed + emmc + other_storage + questions + packet_length + optional_questions +
           storage_life;
  }
  std::string text() const {
    return std::string{upload_of_stage1} + framed(stage1() + boot_to + stage2() + after);
  }
};

struct StartBench : ScriptBench {
  explicit StartBench(const StartScript& conversation) : ScriptBench(conversation.text()) {}

  Result<std::unique_ptr<XflashAgent>> start() {
    const AgentStages stages{
        .stage1 = {.load_address = 0x00200000, .data = to_bytes({0x11, 0x22})},
        .stage2 = {
            .load_address = 0x40000000, .data = to_bytes({0x33, 0x44, 0x55, 0x99}), .signature_length = 1}};
    return start_agent(link, phone_info, stages, options, op);
  }

  PhoneInfo phone_info{.stage = BootStage::preloader, .hw_code = 0x0766};
  XflashOptions options;
};

}  // namespace mtk::xflash
