// SPDX-License-Identifier: Apache-2.0
#include "transport/record.h"

#include "transport/memory.h"
#include "transport/replay.h"
#include "transport/test_pty.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace mtk {
namespace {
using namespace std::chrono_literals;

struct Recording {
  std::string text;
  TraceSink sink = [this](std::string_view line) -> Result<> {
    text += line;
    return {};
  };

  Trace trace() const {
    auto parsed = parse_trace(text);
    EXPECT_TRUE(parsed) << text;
    return parsed ? *parsed : Trace{};
  }
};

std::unique_ptr<Transport> phone(std::vector<Exchange> conversation) {
  return std::make_unique<ReplayTransport>(std::move(conversation));
}

TraceEntry transfer(Direction direction, Bytes bytes) { return {TraceTransfer{direction, std::move(bytes)}}; }

/// The host of a trace: says and reads what its entries say. Error when the phone differs.
Result<> talk_as_recorded(const Trace& script, Transport& link, Content content) {
  for (const TraceEntry& entry : script.entries) {
    const auto& what = std::get<TraceTransfer>(entry.what);
    const auto& bytes = std::get<Bytes>(what.content);
    if (what.direction == Direction::to_phone) {
      MTK_TRY(link.write(bytes, 1s, content));
    } else {
      MTK_TRY_LET(const Bytes heard, link.read_bytes(bytes.size(), 1s, content));
      if (content == Content::open && heard != bytes) return fail(Errc::verify, "phone says something else");
    }
  }
  return {};
}

rc::Gen<Trace> some_conversation() {
  return rc::gen::exec([] {
    Trace script;
    const int length = *rc::gen::inRange(0, 20);
    for (int i = 0; i < length; ++i) {
      const auto direction = *rc::gen::element(Direction::to_phone, Direction::to_host);
      Bytes bytes;
      for (const std::uint8_t byte : *rc::gen::nonEmpty<std::vector<std::uint8_t>>())
        bytes.push_back(static_cast<std::byte>(byte));
      script.entries.push_back(transfer(direction, std::move(bytes)));
    }
    return script;
  });
}
}  // namespace

RC_GTEST_PROP(Record, a_recorded_conversation_can_be_replayed, ()) {
  const Trace script = *some_conversation();
  const auto content = *rc::gen::element(Content::open, Content::withheld);
  const auto keep = *rc::gen::element(KeepPayload::no, KeepPayload::yes);
  Recording recording;
  {
    RecordingTransport link{std::make_unique<ReplayTransport>(script), recording.sink, {}, keep};
    RC_ASSERT(talk_as_recorded(script, link, content).has_value());
  }
  ReplayTransport again{recording.trace()};
  RC_ASSERT(talk_as_recorded(script, again, content).has_value());
  RC_ASSERT(again.finished().has_value());
}

TEST(Record, keeps_time_direction_and_bytes) {
  Trace script{
      {}, {transfer(Direction::to_phone, to_bytes({0xfd})), transfer(Direction::to_host, to_bytes({0x65}))}};
  script.entries[1].waited = 3ms;
  Recording recording;
  RecordingTransport link{std::make_unique<ReplayTransport>(script),
                          recording.sink,
                          {{"tool", "mtkflash"}, {"date", "2024-05-01T00:00:00Z"}},
                          KeepPayload::no};
  link.note("GET_HW_CODE");
  ASSERT_TRUE(talk_as_recorded(script, link, Content::open));
  EXPECT_EQ(
      recording.text,
      R"({"format":"mtkflash-trace","version":1,"about":{"date":"2024-05-01T00:00:00Z","port":"replay","tool":"mtkflash"}})"
      "\n"
      R"({"at":0,"waited":0,"note":"GET_HW_CODE"})"
      "\n"
      R"({"at":0,"waited":0,"host":"fd"})"
      "\n"
      R"({"at":3000,"waited":3000,"phone":"65"})"
      "\n");
}

TEST(Record, withheld_bytes_leave_length_digest_and_sum) {
  Recording recording;
  {
    RecordingTransport link{phone({{.phone = {1, 2, 0xff}}, {.phone = {3}}, {.phone = {4}}}),
                            recording.sink,
                            {},
                            KeepPayload::no};
    ASSERT_TRUE(link.read_bytes(4, 1s, Content::withheld));  // two reads, one line
    ASSERT_TRUE(link.read_bytes(1, 1s, Content::open));
  }
  const Trace trace = recording.trace();
  ASSERT_EQ(trace.entries.size(), 2u);
  EXPECT_EQ(std::get<TraceTransfer>(trace.entries[0].what).content,
            (std::variant<Bytes, WithheldBytes>{WithheldBytes{4, sha256(to_bytes({1, 2, 0xff, 3})), 261}}));
  EXPECT_EQ(recording.text.find("0102ff"), std::string::npos);
}

class NoPhone final : public Device {
 public:
  bool connect(TimePoint) override { return true; }
  bool on_bus() const override { return true; }
  void host_wrote(ByteView, TimePoint) override {}
  std::size_t take(std::span<std::byte>, TimePoint) override { return 0; }
  std::optional<TimePoint> next_event() const override { return std::nullopt; }
};

TEST(Record, what_the_link_can_hold_is_passed_on) {
  FakeClock clock;
  NoPhone nobody;
  auto memory = std::make_unique<MemoryTransport>(nobody, clock);
  memory->set_answer_limit(7);
  Recording recording;
  const RecordingTransport link{std::move(memory), recording.sink, {}, KeepPayload::no};
  EXPECT_EQ(link.answer_limit(), 7u);
}

TEST(Record, payload_is_kept_when_asked) {
  Recording recording;
  RecordingTransport link{phone({{.host = {1, 2}}}), recording.sink, {}, KeepPayload::yes};
  ASSERT_TRUE(link.Transport::write(to_bytes({1, 2}), 1s, Content::withheld));
  EXPECT_NE(recording.text.find("\"0102\""), std::string::npos);
}

TEST(Record, long_withheld_data_is_described_in_blocks) {
  Recording recording;
  {
    RecordingTransport link{
        phone({{.host = std::vector<std::uint8_t>(3'000'000)}}), recording.sink, {}, KeepPayload::no};
    const Bytes piece(500'000);
    for (int i = 0; i < 6; ++i) ASSERT_TRUE(link.Transport::write(piece, 1s, Content::withheld));
  }
  EXPECT_EQ(recording.trace().entries.size(), 2u);
}

TEST(Record, silence_loss_and_return_of_the_phone_are_recorded_and_replayed) {
  const auto run = [](Transport& link) {
    std::vector<Errc> errors;
    const auto note = [&](auto&& result) {
      if (!result) errors.push_back(result.error().code);
    };
    note(link.read_bytes(1, 20ms));
    note(link.write(to_bytes({0xa0}), 1s));
    note(link.read_bytes(1, 1s));
    note(link.write(to_bytes({0xa0}), 1s));
    note(link.reopen(UsbIdentity::brom, 5s));
    note(link.reopen(UsbIdentity::brom, 5s));
    note(link.read_bytes(1, 1s));
    return errors;
  };
  Trace script{{},
               {transfer(Direction::to_phone, to_bytes({0xa0})),
                {TraceFailure{Direction::to_host, Errc::disconnected}},
                {TraceReopen{UsbIdentity::brom, Errc::timeout}},
                {TraceReopen{UsbIdentity::brom}},
                transfer(Direction::to_host, to_bytes({0x5f}))}};
  const std::vector<Errc> expected{Errc::timeout, Errc::disconnected, Errc::disconnected, Errc::timeout};
  Recording recording;
  RecordingTransport link{std::make_unique<ReplayTransport>(script), recording.sink, {}, KeepPayload::no};
  EXPECT_EQ(run(link), expected);
  ReplayTransport again{recording.trace()};
  EXPECT_EQ(run(again), expected);
  EXPECT_TRUE(again.finished());
}

TEST(Record, a_failing_sink_does_not_stop_the_conversation) {
  int lines = 0;
  const TraceSink full = [&](std::string_view) -> Result<> {
    if (++lines > 1) return fail(Errc::io, "disk full");
    return {};
  };
  RecordingTransport link{phone({{.host = {1}, .phone = {2}}}), full, {}, KeepPayload::no};
  ASSERT_TRUE(link.Transport::write(to_bytes({1}), 1s));
  ASSERT_TRUE(link.read_bytes(1, 1s));
  EXPECT_EQ(link.finish().error().code, Errc::io);
  EXPECT_EQ(lines, 2);
}

TEST(Record, a_trace_file_holds_every_line_at_once) {
  test::TempFolder folder;
  auto sink = trace_file(folder / "a.trace");
  ASSERT_TRUE(sink);
  RecordingTransport link{phone({{.host = {0xa0}}}), *sink, {{"chip", "MT6580"}}, KeepPayload::no};
  ASSERT_TRUE(link.Transport::write(to_bytes({0xa0}), 1s));
  const auto trace = read_trace(folder / "a.trace");
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->entries.size(), 1u);
  EXPECT_EQ(trace->about.at("chip"), "MT6580");
  EXPECT_EQ(trace->about.count("date"), 1u);
}

}  // namespace mtk
