// SPDX-License-Identifier: Apache-2.0
#include <mtk/report.h>

#include "base/ascii.h"

#include <fmt/format.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace mtk {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Row {
  std::string_view text;
  std::string_view blanked;
};

TEST(BlankPrivate, leaves_out_what_identifies_and_keeps_the_rest) {
  constexpr std::array rows{
      Row{"IMEI 352099001761481", "IMEI <blanked>"},
      Row{"352099 00 176148 1", "<blanked>"},
      Row{"35-209900-176148-1", "<blanked>"},
      Row{"35 209900 176148 23", "<blanked>"},
      Row{"imei1=352099001761481,imei2=352099001761499", "imei1=<blanked>,imei2=<blanked>"},
      Row{"phone me_id = 54494e59580102030405060708090a0b", "phone me_id = <blanked>"},
      Row{"54494E59580102030405060708090A0B is it", "<blanked> is it"},
      Row{"id 0x54494e59580102030405060708090A0B", "id 0x<blanked>"},
      Row{"CID 15 01 00 54 49 4E 59 58 31 01", "CID <blanked>"},
      Row{"mac 00:0C:E7:01:02:03 end", "mac <blanked> end"},
      Row{"disk 1C7F5E3A-02aa-4b5c-9d00-0123456789ab here", "disk <blanked> here"},
      Row{"phone Random id = 54494E59", "phone Random id = <blanked>"},
      Row{"Serial number: S3XYNX0K", "Serial number: <blanked>"},
      Row{R"({"serial":"S3XYNX0K","chip":"MT6765"})", R"({"serial":"<blanked>","chip":"MT6765"})"},
      Row{R"({"id":"serial","label":"Serial number","value":"S3XY 0K"},{"id":"ram","value":"2 GiB"})",
          R"({"id":"serial","label":"Serial number","value":"<blanked>"},{"id":"ram","value":"2 GiB"})"},
      Row{R"({"id":"me_id","label":"ME_ID","value":"5449"})",
          R"({"id":"me_id","label":"ME_ID","value":"<blanked>"})"},
      Row{R"({"imei": "352099 00 176148 1"})", R"({"imei": "<blanked>"})"},
      Row{"iSerial                 3 0123ABC rest", "iSerial                 3 <blanked> rest"},
      Row{"tty:/dev/serial/by-id/usb-MediaTek_Inc_MT65xx_9F3-if00", "tty:/dev/serial/by-id/<blanked>"},
      Row{"E: ID_SERIAL_SHORT=9F3", "E: ID_SERIAL_SHORT=<blanked>"},
      Row{"/home/maria/fw/MT6765_scatter.txt", "/home/<blanked>/fw/MT6765_scatter.txt"},
      Row{"open '/home/maria'", "open '/home/<blanked>'"},
      Row{"/Users/Maria/fw", "/Users/<blanked>/fw"},
      Row{"/run/media/maria/STICK/a.zip", "/run/media/<blanked>/STICK/a.zip"},
      Row{R"(C:\Users\Maria Silva\Downloads\fw)", R"(C:\Users\<blanked>\Downloads\fw)"},
      Row{R"({"file":"C:\\Users\\Maria\\fw"})", R"({"file":"C:\\Users\\<blanked>\\fw"})"},
      Row{R"(C:\Users\Maria is there)", R"(C:\Users\<blanked> is there)"},
      Row{"~maria/fw", "~<blanked>/fw"},
      Row{"maria@example.org wrote", "<blanked> wrote"},
      Row{"MARIA's computer, mariachi", "<blanked>'s computer, mariachi"},
      // What helpers need.
      Row{"     1.204 stage da2", "     1.204 stage da2"},
      Row{"begin write system, 1932735283 bytes", "begin write system, 1932735283 bytes"},
      Row{"plan  write  boot  user+0x1400000:0x2000000", "plan  write  boot  user+0x1400000:0x2000000"},
      Row{"phone hw_code = 0x0766", "phone hw_code = 0x0766"},
      Row{"at offset 0x0000000001400000", "at offset 0x0000000001400000"},
      Row{"status 0xC0070004 DA_HASH_MISMATCH", "status 0xC0070004 DA_HASH_MISMATCH"},
      Row{"usb:1-2.3 0e8d:2000 MediaTek preloader", "usb:1-2.3 0e8d:2000 MediaTek preloader"},
      Row{"MTK_AllInOne_DA_v5.2152.bin of 2021-12-24", "MTK_AllInOne_DA_v5.2152.bin of 2021-12-24"},
      Row{"OK@0x2000", "OK@0x2000"},
  };
  for (const Row& row : rows) EXPECT_EQ(blank_private(row.text, {"maria"}), row.blanked) << row.text;
}

TEST(BlankPrivate, is_the_same_when_done_twice) {
  const std::string text =
      "phone me_id = 54494e59580102030405060708090a0b\n/home/maria/x imei: 352099001761481\n";
  EXPECT_EQ(blank_private(blank_private(text)), blank_private(text));
}

/// Ways in which a log, a JSON line or a person may write the id.
std::string written(const std::string& id, unsigned way) {
  std::string apart;
  for (std::size_t i = 0; i < id.size(); i += 2) apart += (i > 0 ? " " : "") + id.substr(i, 2);
  switch (way % 6) {
    case 0:
      return id;
    case 1:
      return "0x" + id;
    case 2:
      return apart;
    case 3:
      return "\"value\":\"" + id + "\"";
    case 4:
      return "/dev/serial/by-id/usb-MediaTek_" + id + "-if00";
    default:
      return "(" + id + "),";
  }
}

RC_GTEST_PROP(BlankPrivate, no_hexadecimal_id_comes_out, ()) {
  const auto size = *rc::gen::element(10, 12, 16, 20, 32);
  const auto bytes =
      *rc::gen::container<std::vector<unsigned>>(static_cast<std::size_t>(size), rc::gen::inRange(0U, 256U));
  const bool upper = *rc::gen::arbitrary<bool>();
  std::string id;
  for (const unsigned byte : bytes) id += upper ? fmt::format("{:02X}", byte) : fmt::format("{:02x}", byte);
  const std::string text = "soc " + written(id, *rc::gen::inRange(0U, 6U)) + " end";
  std::string rest;
  for (const char c : to_lower(blank_private(text))) rest += c == ' ' ? "" : std::string(1, c);
  RC_ASSERT(rest.find(to_lower(id)) == rest.npos);
  // Not in pieces either.
  RC_ASSERT(rest.find(to_lower(id).substr(4, 12)) == rest.npos);
}

RC_GTEST_PROP(BlankPrivate, no_imei_comes_out, ()) {
  std::string imei;
  for (const unsigned digit : *rc::gen::container<std::vector<unsigned>>(15, rc::gen::inRange(0U, 10U)))
    imei += fmt::format("{}", digit);
  const char sign = *rc::gen::element(' ', '-', '/', '.');
  const auto forms = {imei,
                      fmt::format("{}{}{}{}{}{}{}", imei.substr(0, 2), sign, imei.substr(2, 6), sign,
                                  imei.substr(8, 6), sign, imei.substr(14)),
                      fmt::format("{}{}{}{}{}{}{}", imei.substr(0, 6), sign, imei.substr(6, 2), sign,
                                  imei.substr(8, 6), sign, imei.substr(14))};
  for (const std::string& form : forms) {
    for (const std::string_view around : {"{}", "imei: {}", "\"{}\"", "the phone ({}) x", "IMEI={};"}) {
      const std::string text = blank_private(fmt::format(fmt::runtime(around), form));
      RC_ASSERT(text.find(imei.substr(8, 6)) == text.npos);
    }
  }
}

RC_GTEST_PROP(BlankPrivate, no_name_of_a_user_comes_out, ()) {
  const auto name = "q" + *rc::gen::container<std::string>(6, rc::gen::inRange('a', 'z'));
  for (const std::string_view path :
       {"/home/{}/fw/x.txt", "in /Users/{}/x", R"(C:\Users\{}\x)", R"("c:\\users\\{}\\x")",
        "'/media/{}/STICK'", "file:///home/{}/x", "ls ~{}"}) {
    RC_ASSERT(blank_private(fmt::format(fmt::runtime(path), name)).find(name) == std::string::npos);
  }
}

RC_GTEST_PROP(BlankPrivate, takes_any_bytes_and_keeps_the_lines, (const std::string& text)) {
  RC_ASSERT(std::ranges::count(blank_private(text), '\n') == std::ranges::count(text, '\n'));
}

constexpr std::string_view log =
    "     0.000 mtkflash 0.9.0, flash\n"
    "     0.001 stage connect\n"
    "     0.150 bus usb:1-2 MediaTek preloader appeared\n"
    "     0.320 phone chip = MT6765\n"
    "     0.320 phone me_id = 54494e59580102030405060708090a0b\n"
    "     0.321 stage da1\n"
    "     0.900 phone chip = MT6765\n"
    "     0.900 phone agent = xflash 1.0\n"
    "     1.000 failure what: the agent did not take stage 2\n"
    "     1.000 failure next: use the agent of the same firmware, /home/maria/fw/DA.bin\n"
    "     1.000 error BOOT_TO: device status: agent refused with 0xC0070004\n"
    "     1.001 exit 10\n";

TEST(Report, holds_what_a_helper_asks_for_first) {
  const Report report = make_report({.log = std::string{log},
                                     .log_name = "20260419-142233-4711.log",
                                     .computer = {"system = Debian GNU/Linux 12"},
                                     .checks = {"fine udev_rule: the rule is there"}});
  const std::string expected =
      "mtkflash report 1\n"
      "run   mtkflash 0.9.0, flash\n"
      "log   20260419-142233-4711.log\n"
      "exit  10\n"
      "\n== error ==\n"
      "failure what: the agent did not take stage 2\n"
      "failure next: use the agent of the same firmware, /home/<blanked>/fw/DA.bin\n"
      "error BOOT_TO: device status: agent refused with 0xC0070004\n"
      "\n== phone ==\n"
      "chip = MT6765\n"
      "me_id = <blanked>\n"
      "agent = xflash 1.0\n"
      "\n== stages ==\n"
      "     0.001 stage connect\n"
      "     0.321 stage da1\n"
      "\n== usb ==\n"
      "     0.150 bus usb:1-2 MediaTek preloader appeared\n"
      "\n== computer ==\n"
      "system = Debian GNU/Linux 12\n"
      "\n== checks ==\n"
      "fine udev_rule: the rule is there\n"
      "\n== last lines ==\n";
  EXPECT_EQ(report.text.substr(0, expected.size()), expected);
  EXPECT_THAT(report.text, HasSubstr("     1.001 exit 10\n"));
  EXPECT_THAT(report.text, Not(HasSubstr("54494e59")));
  EXPECT_EQ(report.blanked, 4u);
}

TEST(Report, of_a_long_run_has_its_last_lines) {
  std::string text{log};
  for (int i = 0; i < 1000; ++i) text += fmt::format("{:10.3f} info line {}.\n", 2.0, i);
  const Report report = make_report({.log = text, .log_name = "a.log"});
  EXPECT_THAT(report.text, HasSubstr("line 999."));
  EXPECT_THAT(report.text, HasSubstr("line 940."));
  EXPECT_THAT(report.text, Not(HasSubstr("line 939.")));
}

TEST(Report, of_a_run_that_was_killed_says_so) {
  EXPECT_THAT(make_report({.log = "     0.000 mtkflash 0.9.0, flash\n"}).text,
              HasSubstr("did not come to its end"));
  EXPECT_THAT(make_report({}).text, HasSubstr("mtkflash report 1"));
}

}  // namespace
}  // namespace mtk
