// SPDX-License-Identifier: Apache-2.0
// A run that was stopped or killed leaves an agent on the phone, and the next run goes on without anybody
// touching the cable.
#include "base/home.h"
#include "base/testing/slow_build.h"
#include "flow/bench.h"
#include "session/agent_record.h"

#include <gmock/gmock.h>

#include <fstream>

namespace mtk {
namespace {

using testing::firmware_folder;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::PhoneBench;

constexpr std::uint64_t usb_packet = 512;

/// What the record of the only port of these tests says.
std::optional<AgentRecord> record() {
  const auto records = agent_records(home_data_folder());
  return records.empty() ? std::nullopt : std::optional{records.front()};
}
FlashJob flash(const std::string& model) {
  return {.firmware = firmware_folder(model), .only = {"logo", "system", "preloader"}};
}

/// A legacy agent cannot prove which phone it is on, so the phone is restarted.
std::string expected_notice(const std::string& model) {
  return model == "tiny-6580" ? "agent_restarted: " : "agent_adopted: ";
}

/// Calls on a link, of which the last is broken off.
struct Calls {
  unsigned last = std::numeric_limits<unsigned>::max();
  unsigned made = 0;
};

/// The link of a program that is killed while it waits for the phone, or in the middle of a long transfer,
/// which then ends with a packet of USB. The phone notices nothing.
class KilledProgram final : public Transport {
 public:
  KilledProgram(std::unique_ptr<Transport> link, Calls& calls) : link_(std::move(link)), calls_(calls) {}

  Result<std::size_t> read_some(std::span<std::byte> into, const Wait& wait, Content content) override {
    if (++calls_.made >= calls_.last) return fail(Errc::io, "program was killed");
    return link_->read_some(into, wait, content);
  }
  using Transport::write;
  Result<> write(std::span<const ByteView> parts, const Wait& wait, Content content) override {
    const ByteView whole = parts.back();
    const bool is_dead = calls_.made >= calls_.last;
    // Short transfers follow each other at once, and are gone before anybody can stop the program.
    if (is_dead || whole.size() < 2 * usb_packet)
      return is_dead ? killed() : link_->write(parts, wait, content);
    if (++calls_.made < calls_.last) return link_->write(parts, wait, content);
    MTK_TRY(link_->write(whole.first(whole.size() / 2 / usb_packet * usb_packet), wait, content));
    return killed();
  }
  Result<> reopen(UsbIdentity expected, const Wait& wait) override {
    if (++calls_.made >= calls_.last) return killed();
    return link_->reopen(expected, wait);
  }
  void end_transfers_with(ZeroLengthPacket policy) override { link_->end_transfers_with(policy); }
  Clock& clock() override { return link_->clock(); }
  std::string name() const override { return link_->name(); }

 private:
  static Result<> killed() { return fail(Errc::io, "program was killed"); }

  std::unique_ptr<Transport> link_;
  Calls& calls_;
};

class Adopt : public ::testing::TestWithParam<const char*> {
 protected:
  /// The run after the one that ended early.
  void expect_flash_goes_on(PhoneBench& bench, const std::string& notice) {
    const Outcome again = bench.run(flash(GetParam()));
    ASSERT_FALSE(again.error) << to_string(*again.error) << "\n" << bench.said() << bench.log();
    EXPECT_THAT(bench.said(), HasSubstr(notice));
    EXPECT_EQ(again.phone.hw_code, bench.model().chip.hw_code);
    EXPECT_EQ(again.phone.entry, "preloader");
    EXPECT_NE(again.phone.agent, "");
    EXPECT_EQ(bench.phone().boot_report().reached, sim::BootStage::android);
    EXPECT_FALSE(record()) << "the phone was restarted at the end";
  }

  /// Runs a job that is stopped at the first progress of this stage.
  void stop_at(PhoneBench& bench, const Job& job, Stage stage) {
    std::stop_source stop;
    bench.watch([&](const Progress& progress) {
      if (progress.stage == stage && progress.done > 0) stop.request_stop();
    });
    const Outcome stopped = bench.run(job, {}, {}, stop.get_token());
    bench.watch({});
    ASSERT_TRUE(stopped.error);
    ASSERT_EQ(stopped.error->code, Errc::cancelled) << to_string(*stopped.error);
  }
};

TEST_P(Adopt, after_a_stop_while_writing) {
  PhoneBench bench{GetParam()};
  stop_at(bench, flash(GetParam()), Stage::write);
  ASSERT_TRUE(record());
  EXPECT_EQ(record()->work, LastWork::idle) << "a stop ends with an agent in step";
  expect_flash_goes_on(bench, expected_notice(GetParam()));
}

TEST_P(Adopt, after_a_stop_while_reading) {
  PhoneBench bench{GetParam()};
  stop_at(bench, flash(GetParam()), Stage::backup);
  ASSERT_TRUE(record());
  expect_flash_goes_on(bench, expected_notice(GetParam()));
}

TEST_P(Adopt, no_record_is_looked_for_once_the_port_is_open) {
  PhoneBench bench{GetParam()};
  stop_at(bench, flash(GetParam()), Stage::write);
  bench.wrap_link([](auto link) {
    std::filesystem::remove_all(home_data_folder() / "agents");
    return link;
  });
  expect_flash_goes_on(bench, expected_notice(GetParam()));
}

TEST_P(Adopt, an_agent_on_record_of_another_port_is_not_looked_for) {
  PhoneBench bench{GetParam()};
  FlashJob job = flash(GetParam());
  job.next = BootMode::stay;
  ASSERT_FALSE(bench.run(job).error);
  AgentRecord elsewhere = *record();
  elsewhere.port = "elsewhere";
  std::filesystem::remove_all(home_data_folder() / "agents");
  ASSERT_TRUE((AgentRecordFile{home_data_folder(), elsewhere.port}.save(elsewhere)));
  EXPECT_TRUE(bench.run(job).error) << "nobody knows that an agent runs";
  EXPECT_EQ(record(), elsewhere);
}

TEST_P(Adopt, after_a_run_that_left_the_agent_on_purpose) {
  PhoneBench bench{GetParam()};
  FlashJob job = flash(GetParam());
  job.next = BootMode::stay;
  ASSERT_FALSE(bench.run(job).error) << bench.log();
  ASSERT_TRUE(record());
  expect_flash_goes_on(bench, expected_notice(GetParam()));
}

constexpr unsigned stride = slow_build ? 3 : 1;

TEST_P(Adopt, after_a_program_that_was_killed_anywhere) {
  PhoneBench bench{GetParam()};
  Calls calls;
  bench.wrap_link([&](auto link) { return std::make_unique<KilledProgram>(std::move(link), calls); });
  ASSERT_FALSE(bench.run(flash(GetParam())).error) << bench.log();
  const unsigned length = calls.made;
  unsigned in_work = 0;
  std::string lost;
  for (unsigned at = 1; at < length; at += stride) {
    bench.power_cycle();
    calls = {.last = at};
    if (!bench.run(flash(GetParam())).error) break;  // shorter than the first: the preloader is there already
    if (!record()) continue;  // the agent was only starting, or told to restart the phone
    ++in_work;
    const auto work = record()->work;
    calls = {};
    const std::size_t said = bench.said().size();
    const Outcome again = bench.run(flash(GetParam()));
    const bool is_picked_up = bench.said().find(expected_notice(GetParam()), said) != std::string::npos;
    if (again.error || !is_picked_up)
      lost += fmt::format("call {} work {}: {}\n", at, static_cast<int>(work),
                          again.error ? to_string(*again.error) : "");
    ASSERT_EQ(again.error.has_value(), !is_picked_up) << at;
  }
  EXPECT_GT(in_work, 30 / stride);
  EXPECT_EQ(lost, "");
}

/// The description of a phone like this one with other ids.
std::string twin_of(const std::string& model, const std::filesystem::path& folder) {
  std::ifstream file{std::filesystem::path{MTK_SOURCE_DIR} / "data/phones" / (model + ".toml")};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  // The serial number of the card, which the settings of its memory do not depend on.
  for (const std::string_view id : {"01 A5 01\"", "AA BB\""}) {
    if (const auto at = text.find(id); at != text.npos) text.replace(at, 2, "77");
  }
  auto path = folder / "twin.toml";
  std::ofstream{path} << text;
  return path;
}

TEST_P(Adopt, another_phone_on_the_same_port_is_not_mistaken) {
  PhoneBench first{GetParam()};
  FlashJob job = flash(GetParam());
  job.next = BootMode::stay;
  ASSERT_FALSE(first.run(job).error);
  PhoneBench second{twin_of(GetParam(), first.folder())};
  const Outcome other = second.run(job);
  ASSERT_FALSE(other.error) << to_string(*other.error) << second.log();
  first.use_own_home();
  ASSERT_TRUE(record());
  expect_flash_goes_on(second, "agent_restarted: ");
}

TEST_P(Adopt, an_agent_that_cannot_be_brought_back_is_named) {
  PhoneBench bench{GetParam()};
  FlashJob job = flash(GetParam());
  job.next = BootMode::stay;
  ASSERT_FALSE(bench.run(job).error);
  // A packet's header, and nothing after it: whatever comes is its contents.
  const auto now = FakeClock::TimePoint{} + std::chrono::hours{1};
  ByteWriter broken;
  broken.le(std::uint32_t{0xfeeeeeef}).le(std::uint32_t{1}).le(std::uint32_t{0x7fffffff});
  bench.phone().host_wrote(
      GetParam() == std::string_view{"tiny-6580"} ? to_bytes({0xd6}) : ByteView{broken.view()}, now);
  const Outcome again = bench.run(job);
  ASSERT_TRUE(again.error);
  EXPECT_THAT(bench.said(), HasSubstr("agent_left_over: "));
  EXPECT_FALSE(record()) << "the run after the power cycle does not look for it";
  bench.power_cycle();
  EXPECT_FALSE(bench.run(flash(GetParam())).error);
}

TEST_P(Adopt, a_record_whose_agent_is_gone_is_harmless) {
  for (const auto entry : {sim::Entry::cold, sim::Entry::brom}) {
    PhoneBench bench{GetParam()};
    FlashJob job = flash(GetParam());
    job.next = BootMode::stay;
    ASSERT_FALSE(bench.run(job).error);
    for (const auto work : {LastWork::idle, LastWork::reading, LastWork::writing, LastWork::erasing}) {
      AgentRecord stale = *record();
      stale.work = work;
      ASSERT_TRUE((AgentRecordFile{home_data_folder(), "memory"}.save(stale)));
      bench.hold_keys(entry);
      bench.power_cycle();
      const Outcome again = bench.run(job);
      ASSERT_FALSE(again.error) << static_cast<int>(work) << to_string(*again.error) << "\n" << bench.log();
      EXPECT_EQ(again.phone.entry, entry == sim::Entry::brom ? "brom" : "preloader");
      EXPECT_THAT(bench.said(), Not(HasSubstr("agent_adopted")));
      EXPECT_THAT(bench.said(), Not(HasSubstr("agent_restarted")));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Phones, Adopt, ::testing::ValuesIn(testing::small_phones),
                         [](const auto& phone) { return testing::test_name(phone.param); });

}  // namespace
}  // namespace mtk
