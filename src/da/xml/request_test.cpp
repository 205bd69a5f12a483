// SPDX-License-Identifier: Apache-2.0
#include "da/xml/request.h"

#include <gtest/gtest.h>

namespace mtk::xml {
namespace {

std::string document(std::string_view command, std::string_view arg = "") {
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?><host><version>1.0</version><command>" +
         std::string{command} + "</command>" + std::string{arg} + "</host>";
}

template <class T>
T parsed(const std::string& text) {
  const auto request = parse_request(text);
  EXPECT_TRUE(request) << to_string(request.error());
  const T* wanted = request ? std::get_if<T>(&*request) : nullptr;
  EXPECT_NE(wanted, nullptr);
  return wanted == nullptr ? T{} : *wanted;
}

TEST(XmlRequest, understands_start_and_end) {
  parsed<Start>(document("CMD:START"));
  const End end = parsed<End>(
      document("CMD:END", "<arg><result>ERR</result><message>Security deny for\r\n[boot].</message></arg>"));
  EXPECT_EQ(end.result, "ERR");
  EXPECT_EQ(end.message, "Security deny for\n[boot].");
}

TEST(XmlRequest, understands_a_fetch) {
  const DownloadFile fetch = parsed<DownloadFile>(
      document("CMD:DOWNLOAD-FILE",
               "<arg><checksum>CHK_ADD</checksum><info>2nd-DA</info><source_file>S&amp;x</source_file>"
               "<packet_length>0x1000</packet_length></arg>"));
  EXPECT_EQ(fetch.source_file, "S&x");
  EXPECT_EQ(fetch.packet_length, 0x1000u);
  EXPECT_TRUE(fetch.wants_sums);
}

TEST(XmlRequest, understands_the_other_services) {
  EXPECT_EQ(
      parsed<UploadFile>(document("CMD:UPLOAD-FILE", "<arg><target_file>T</target_file></arg>")).target_file,
      "T");
  EXPECT_EQ(parsed<ProgressReport>(document("CMD:PROGRESS-REPORT", "<arg><message>init-hw</message></arg>"))
                .message,
            "init-hw");
  const auto question = parsed<FileSystemOperation>(
      document("CMD:FILE-SYS-OPERATION", "<arg><key>EXISTS</key><file_path>a.sig</file_path></arg>"));
  EXPECT_EQ(question.key, "EXISTS");
  EXPECT_EQ(question.file_path, "a.sig");
  EXPECT_EQ(parsed<UnknownRequest>(document("CMD:COFFEE")).command, "CMD:COFFEE");
}

TEST(XmlRequest, believes_no_other_document) {
  const std::string too_long = document("CMD:START", "<arg>" + std::string(0x10000, 'x') + "</arg>");
  for (const std::string& bad :
       {std::string{"<da><command>CMD:START</command></da>"}, std::string{"OK"}, std::string{"<host>"},
        document("CMD:DOWNLOAD-FILE"),
        document("CMD:DOWNLOAD-FILE",
                 "<arg><checksum>CHK_NO</checksum><packet_length>0</packet_length></arg>"),
        document("CMD:DOWNLOAD-FILE",
                 "<arg><checksum>CHK_MD5</checksum><packet_length>0x1000</packet_length></arg>")}) {
    const auto request = parse_request(bad);
    ASSERT_FALSE(request) << bad;
    EXPECT_EQ(request.error().code, Errc::protocol);
  }
  EXPECT_EQ(parse_request(too_long).error().code, Errc::out_of_range);
}

}  // namespace
}  // namespace mtk::xml
