// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/view.h"

#include "apps/cli/json.h"
#include "apps/cli/log_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <future>
#include <utility>

namespace mtk::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

TEST(Views, work_is_timed_from_the_first_byte_on_the_storage) {
  FakeClock clock;
  Views views{clock, {}};
  views.stage(Stage::connect);
  clock.advance(60s);
  EXPECT_EQ(views.work_time(), 0ms);
  views.stage(Stage::backup);
  clock.advance(3s);
  views.stage(Stage::write);
  clock.advance(4s);
  EXPECT_EQ(views.work_time(), 7s);
}

/// Its flush() begins when `begun` is ready and ends when `end` is set.
struct SlowView final : View {
  std::promise<void> begun;
  std::promise<void> end;
  bool is_first = true;
  void flush() override {
    if (!std::exchange(is_first, false)) return;
    begun.set_value();
    end.get_future().wait();
  }
};

TEST(Views, one_whose_output_is_stuck_keeps_nobody_waiting) {
  FakeClock clock;
  std::array<SlowView*, 2> slow{};
  std::vector<std::unique_ptr<View>> shown;
  for (SlowView*& view : slow) {
    auto made = std::make_unique<SlowView>();
    view = made.get();
    shown.push_back(std::move(made));
  }
  Views views{clock, std::move(shown)};
  views.tick();
  for (SlowView* view : slow) view->begun.get_future().wait();
  views.stage(Stage::write);
  views.tick();
  for (SlowView* view : slow) view->end.set_value();
  views.ended({});
}

TEST(Views, all_is_written_in_the_end) {
  FakeClock clock;
  const EventLines lines{clock};
  std::string out;
  std::vector<std::unique_ptr<View>> shown;
  shown.push_back(std::make_unique<JsonView>(clock, lines, [&](std::string_view text) { out += text; }));
  Views views{clock, std::move(shown)};
  views.stage(Stage::connect);
  views.ended({});
  EXPECT_EQ(out, lines.stage(Stage::connect) + lines.outcome({}));
}

std::filesystem::path fresh_folder(const std::string& name) {
  const auto folder = std::filesystem::path{::testing::TempDir()} / ("mtk-cli-" + name);
  std::filesystem::remove_all(folder);
  return folder;
}

std::string contents(const std::filesystem::path& path) {
  std::ifstream in{path};
  return {std::istreambuf_iterator<char>{in}, {}};
}

TEST(LogFile, holds_every_stage_finding_and_the_end_with_its_time) {
  FakeClock clock;
  const auto folder = fresh_folder("log");
  std::filesystem::create_directories(folder);
  auto log = LogFile::create(folder / "run.log", clock);
  ASSERT_TRUE(log);
  (*log)->stage(Stage::connect);
  clock.advance(1500ms);
  (*log)->write(LogLevel::debug, "echo\x1b[0m differs");
  (*log)->finding({.id = "plug_in", .level = LogLevel::info, .text = "Plug in.", .actions = {}});
  EXPECT_EQ(contents(folder / "run.log"), "") << "a disk may block";
  Outcome outcome;
  outcome.exit_code = 7;
  outcome.error = Error{.code = Errc::timeout, .what = "silent", .stage = Stage::brom};
  (*log)->ended(outcome);
  (*log)->flush();
  EXPECT_EQ(contents(folder / "run.log"),
            "     0.000 stage connect\n"
            "     1.500 debug echo?[0m differs\n"
            "     1.500 finding info plug_in: Plug in.\n"
            "     1.500 error timeout: silent\n"
            "     1.500 exit 7\n");
}

TEST(LogFile, only_the_newest_are_kept) {
  const auto folder = fresh_folder("logs");
  std::filesystem::create_directories(folder);
  for (int i = 10; i < 45; ++i) std::ofstream{folder / fmt::format("202601{}-000000-1.log", i)} << "x";
  std::ofstream{folder / "notes.txt"} << "mine";
  remove_old_logs(folder, 30);
  EXPECT_FALSE(std::filesystem::exists(folder / "20260114-000000-1.log"));
  EXPECT_TRUE(std::filesystem::exists(folder / "20260115-000000-1.log"));
  EXPECT_TRUE(std::filesystem::exists(folder / "20260144-000000-1.log"));
  EXPECT_TRUE(std::filesystem::exists(folder / "notes.txt"));
}

TEST(LogFile, a_folder_that_cannot_be_made_is_an_error) {
  FakeClock clock;
  const auto folder = fresh_folder("blocked");
  std::ofstream{folder} << "a file";
  const auto log = LogFile::create_in(folder / "log", clock);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, Errc::io);
  std::filesystem::remove(folder);
}

}  // namespace
}  // namespace mtk::cli
