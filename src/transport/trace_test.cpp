// SPDX-License-Identifier: Apache-2.0
#include "transport/trace.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <fstream>
#include <iterator>

namespace mtk {
namespace {

const std::string head = R"({"format":"mtkflash-trace","version":1,"about":{"chip":"MT6580"}})"
                         "\n";

Errc code_of(const std::string& text) {
  const auto trace = parse_trace(text);
  EXPECT_FALSE(trace) << text;
  return trace ? Errc::internal : trace.error().code;
}

rc::Gen<Bytes> some_bytes() {
  return rc::gen::map(rc::gen::nonEmpty<std::vector<std::uint8_t>>(), [](const auto& values) {
    Bytes bytes;
    for (const std::uint8_t value : values) bytes.push_back(static_cast<std::byte>(value));
    return bytes;
  });
}

rc::Gen<TraceEntry> some_entry() {
  return rc::gen::exec([] {
    const auto direction = *rc::gen::element(Direction::to_phone, Direction::to_host);
    TraceEntry entry{.what = TraceNote{},
                     .at = std::chrono::microseconds{*rc::gen::inRange(0, 1'000'000'000)},
                     .waited = std::chrono::microseconds{*rc::gen::inRange(0, 1'000'000'000)}};
    const auto code = *rc::gen::element(Errc::timeout, Errc::disconnected, Errc::io);
    switch (*rc::gen::inRange(0, 6)) {
      case 0:
        entry.what = TraceTransfer{direction, *some_bytes()};
        break;
      case 1:
        entry.what = TraceTransfer{direction, WithheldBytes{7, Bytes(32, std::byte{0xab}), 1785}};
        break;
      case 2:
        entry.what = TraceFailure{direction, code};
        break;
      case 3:
        entry.what = TraceReopen{UsbIdentity::preloader, code};
        break;
      case 4:
        entry.what = TraceReopen{UsbIdentity::agent};
        break;
      default:
        entry.what = TraceNote{*rc::gen::element<std::string>("", "\"GET_HW_CODE\"\n", "\xc3\xa9")};
    }
    return entry;
  });
}
}  // namespace

RC_GTEST_PROP(Trace, what_is_written_is_read_back, ()) {
  Trace trace{{{"tool", "mtkflash"}, {"chip", "MT6580"}},
              *rc::gen::container<std::vector<TraceEntry>>(some_entry())};
  std::string text = trace_head(trace.about);
  for (const TraceEntry& entry : trace.entries) text += trace_line(entry);
  const auto parsed = parse_trace(text);
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(*parsed == trace);
}

TEST(Trace, times_may_be_left_out_of_a_trace_written_by_hand) {
  const auto trace = parse_trace(head + R"({"host":"A0 0A"})"
                                        "\n\n"
                                        R"({"phone":"5ff5"})");
  ASSERT_TRUE(trace);
  ASSERT_EQ(trace->entries.size(), 2u);
  EXPECT_EQ(std::get<TraceTransfer>(trace->entries[0].what),
            (TraceTransfer{Direction::to_phone, to_bytes({0xa0, 0x0a})}));
  EXPECT_EQ(trace->about.at("chip"), "MT6580");
}

TEST(Trace, an_unknown_version_is_refused_and_named) {
  const auto trace = parse_trace(R"({"format":"mtkflash-trace","version":2})");
  ASSERT_FALSE(trace);
  EXPECT_EQ(trace.error().code, Errc::bad_image);
  EXPECT_EQ(trace.error().what, "trace format version 2; this program reads version 1");
}

TEST(Trace, fields_of_later_programs_are_passed_over) {
  EXPECT_TRUE(parse_trace(head + R"({"host":"a0","endpoint":1})"));
}

TEST(Trace, what_is_no_trace_is_refused) {
  for (const char* text : {"", "\n", "{}", "[]", "null", "x", R"({"format":"other","version":1})",
                           R"({"format":"mtkflash-trace"})", R"({"format":"mtkflash-trace","version":"1"})",
                           R"({"format":"mtkflash-trace","version":1,"about":[]})",
                           R"({"format":"mtkflash-trace","version":1,"about":{"chip":1}})"})
    EXPECT_EQ(code_of(text), Errc::bad_image) << text;
}

TEST(Trace, a_damaged_line_is_refused_and_named) {
  for (const char* line :
       {"x", "{}", "[]", R"({"host":1})", R"({"host":"a"})", R"({"host":"zz"})", R"({"phone":{}})",
        R"({"phone":{"size":1,"sum":1}})", R"({"phone":{"size":1,"sum":1,"sha256":"00"}})",
        R"({"phone":{"size":-1,"sum":1,"sha256":"00"}})", R"({"host":"a0","at":-1})",
        R"({"host":"a0","waited":1e300})", R"({"host_failed":"tired"})", R"({"reopen":"moon"})",
        R"({"reopen":"brom","failed":1})", R"({"note":1})"}) {
    const auto trace = parse_trace(head + line);
    ASSERT_FALSE(trace) << line;
    EXPECT_EQ(trace.error().code, Errc::bad_image);
    EXPECT_EQ(trace.error().during.front(), "line 2");
  }
}

TEST(Trace, a_sum_that_the_bytes_cannot_have_is_refused) {
  const std::string digest(64, '0');
  const auto withheld = [&](const char* size, const char* sum) {
    return head + R"({"phone":{"size":)" + size + R"(,"sum":)" + sum + R"(,"sha256":")" + digest + "\"}}";
  };
  EXPECT_TRUE(parse_trace(withheld("2", "510")));
  EXPECT_EQ(code_of(withheld("2", "511")), Errc::bad_image);
  EXPECT_EQ(code_of(withheld("0", "0")), Errc::bad_image);
}

TEST(Trace, deep_nesting_is_refused_without_harm) {
  EXPECT_EQ(code_of(head + std::string(100'000, '[')), Errc::bad_image);
  EXPECT_EQ(code_of(std::string(100'000, '[') + std::string(100'000, ']')), Errc::bad_image);
}

TEST(Trace, the_documented_example_is_a_trace) {
  std::ifstream page{MTK_SOURCE_DIR "/docs/format/trace.md"};
  const std::string text{std::istreambuf_iterator<char>{page}, {}};
  const auto begin = text.find("```json\n") + 8;
  const auto trace = parse_trace(text.substr(begin, text.find("```", begin) - begin));
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->entries.size(), 6u);
}

TEST(Trace, a_missing_file_is_an_io_error) {
  EXPECT_EQ(read_trace("/nonexistent/file.trace").error().code, Errc::not_found);
}

}  // namespace mtk
