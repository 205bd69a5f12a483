// SPDX-License-Identifier: Apache-2.0
#include "flash/executor.h"

#include "flash/keep_store.h"
#include "flash/testing.h"

#include <gmock/gmock.h>

#include <array>
#include <map>

namespace mtk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Storage that does what it is told, and misbehaves on demand.
class MemoryAgent final : public Agent {
 public:
  MemoryAgent() {
    facts_.storage = StorageKind::emmc;
    facts_.areas = {{Area::boot1, 0x400000}, {Area::boot2, 0x400000}, {Area::user, testing::user_size}};
  }
  const AgentFacts& facts() const override { return facts_; }
  AgentState state() const override { return AgentState::answering; }
  void set_writes_by_name() { facts_.writes_by_name = true; }
  void set_checks_storage() { facts_.checks_storage = true; }

  Result<> read(const Region& region, Sink& sink, std::string_view item, OpContext& op) override {
    log.push_back(fmt::format("read {}", item));
    op.observer.progress({.item = std::string{item}, .done = region.length, .total = region.length});
    Bytes& area = content(region);
    return sink.write(ByteView{area}.subspan(region.offset, region.length));
  }
  Result<> write(const Region& region, Source& source, std::string_view item, OpContext& op) override {
    log.push_back(fmt::format("write {}", item));
    if (op.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
    if (protects == item) return fail(Error{.code = Errc::device_status, .what = "protected"});
    if (fail_writing == item) return fail(Errc::disconnected, "the cable is out");
    Bytes& area = content(region);
    const auto target = std::span{area}.subspan(region.offset, region.length);
    MTK_TRY(source.read(target));
    if (corrupt == item) target[target.size() / 2] ^= std::byte{1};
    op.observer.progress(
        {.stage = Stage::write, .item = std::string{item}, .done = region.length, .total = region.length});
    return {};
  }
  Result<> erase(const Region& region, std::string_view item, OpContext&) override {
    log.push_back(fmt::format("erase {}", item));
    if (protects == item) return fail(Error{.code = Errc::device_status, .what = "protected"});
    Bytes& area = content(region);
    std::ranges::fill(std::span{area}.subspan(region.offset, region.length), std::byte{0});
    return {};
  }
  Result<> write_partition(std::string_view partition, Source& image, OpContext&) override {
    log.push_back(fmt::format("write by name {}", partition));
    Bytes bytes(image.size());
    MTK_TRY(image.read(bytes));
    if (partition == "preloader") {
      // A header of this agent's own making, not that of other hosts.
      std::ranges::copy(bytes, content({Area::boot1, 0, 0}).begin() + 0x1000);
    } else {
      by_name[std::string{partition}] = bytes;
      std::ranges::copy(bytes, content({Area::user, 0, 0}).begin() + 0x300000);
    }
    return {};
  }
  Result<> erase_partition(std::string_view partition, OpContext&) override {
    log.push_back(fmt::format("erase by name {}", partition));
    return {};
  }
  bool wants_name(const Error& error) const override { return error.code == Errc::device_status; }
  Result<> finish(BootMode, OpContext&) override {
    log.emplace_back("finish");
    return {};
  }

  Bytes& content(const Region& region) {
    Bytes& area = areas[region.area];
    if (area.empty()) area.resize(testing::user_size);
    return area;
  }

  std::map<Area, Bytes> areas;
  std::vector<std::string> log;
  std::string corrupt;
  std::string fail_writing;
  std::string protects;
  std::map<std::string, Bytes> by_name;

 private:
  AgentFacts facts_;
};

struct Watcher final : Observer {
  void progress(const Progress& p) override {
    last = p;
    EXPECT_LE(p.done, p.total);
    EXPECT_LE(p.all_done, p.all_total);
  }
  Progress last;
};

class ExecutorTest : public ::testing::Test {
 protected:
  Execution run(const Plan& steps, std::stop_token stop = {}) {
    OpContext op{std::move(stop), watcher};
    auto store = FolderKeepStore::open(folder);
    EXPECT_TRUE(store) << to_string(store.error());
    return execute(steps, agent, open, &*store, op);
  }
  static std::string short_report(const Execution& done) {
    std::string text;
    for (const auto& step : done.steps) {
      constexpr std::array names{"kept", "erased", "written", "same", "verified", "checked"};
      text += fmt::format("{} {}; ", names.at(static_cast<std::size_t>(step.done)), step.partition);
    }
    return text;
  }

  std::filesystem::path folder = std::filesystem::path{::testing::TempDir()} / "mtk-executor";
  Firmware firmware = testing::firmware();
  PhoneFacts phone = testing::phone();
  Plan plan = plan_download(firmware, &phone, {}).plan;
  OpenImage open = [this](const ImageRef& image) -> Result<ImagePtr> {
    const FirmwareImage* found = firmware.find(std::filesystem::path{image.file}.stem().string());
    if (image.form != ImageForm::boot_area) return found->content;
    MTK_TRY_LET(const Bytes bare, read_all(*found->content, 1U << 20));
    MTK_TRY_LET(Bytes whole, add_emmc_header(bare));
    return memory_image(std::move(whole));
  };
  MemoryAgent agent;
  Watcher watcher;

  void SetUp() override { std::filesystem::remove_all(folder); }
};

TEST_F(ExecutorTest, writes_and_verifies_everything_and_keeps_identity) {
  agent.content({Area::user, 0, 0});
  const Execution done = run(plan);
  ASSERT_FALSE(done.error) << to_string(*done.error);
  EXPECT_EQ(
      short_report(done),
      "kept nvram; written boot; verified boot; written system; verified system; written lk; verified lk; "
      "written preloader; verified preloader; written preloader (boot2); verified preloader (boot2); ");
  EXPECT_TRUE(done.began_writing);
  EXPECT_FALSE(done.interrupted);
  EXPECT_EQ(watcher.last.all_done, watcher.last.all_total);
  const auto boot = testing::boot_image();
  EXPECT_TRUE(std::ranges::equal(boot, std::span{agent.areas[Area::user]}.subspan(0x300000, boot.size())));
}

TEST(ImagesOf, come_from_the_opened_firmware_whether_or_not_they_have_a_file) {
  const Firmware fw = testing::firmware();
  const OpenImage opener = images_of(fw);
  const ImagePtr boot = opener({.file = "fw/boot.img", .form = ImageForm::as_is}).value();
  EXPECT_EQ(read_all(*boot, 1 << 20).value(), testing::boot_image());
  EXPECT_EQ(opener({.file = "fw/none.img", .form = ImageForm::as_is}).error().code, Errc::not_found);
}

TEST_F(ExecutorTest, keeps_what_the_phone_held_before_the_first_write) {
  Bytes& user = agent.content({Area::user, 0, 0});
  const Bytes nvram = testing::pattern(0x100000, 77);
  std::ranges::copy(nvram, user.begin() + 0x100000);
  const Execution done = run(plan);
  ASSERT_FALSE(done.error);
  EXPECT_EQ(agent.log.front(), "read nvram");
  const std::string hash = hex_compact(sha256(nvram));
  EXPECT_EQ(done.steps.front().sha256, hash);
  const auto kept = read_file(folder / ("nvram-" + hash.substr(0, 16) + ".img"), 1U << 24);
  ASSERT_TRUE(kept);
  EXPECT_EQ(*kept, nvram);
  const auto manifest = read_file(folder / "SHA256SUMS", 1U << 20);
  ASSERT_TRUE(manifest);
  EXPECT_EQ(*manifest,
            to_bytes("# mtkflash identity 1\n" + hash + "  nvram-" + hash.substr(0, 16) + ".img\n"));
}

TEST_F(ExecutorTest, keeps_once_what_is_kept_already_and_again_what_was_damaged) {
  ASSERT_FALSE(run(plan).error);
  const auto kept = [&] {
    for (const auto& file : std::filesystem::directory_iterator{folder})
      if (file.path().extension() == ".img") return file.path();
    return std::filesystem::path{};
  }();
  const auto written = std::filesystem::last_write_time(kept);
  std::filesystem::last_write_time(kept, written - std::chrono::hours{1});
  ASSERT_FALSE(run(plan).error);
  EXPECT_EQ(std::filesystem::last_write_time(kept), written - std::chrono::hours{1});
  EXPECT_FALSE(std::filesystem::exists(folder / "nvram.part"));

  std::filesystem::resize_file(kept, 100);
  ASSERT_FALSE(run(plan).error);
  EXPECT_EQ(std::filesystem::file_size(kept), 0x100000u);
}

TEST_F(ExecutorTest, leaves_a_preloader_alone_that_is_there_already) {
  ASSERT_FALSE(run(plan).error);
  agent.log.clear();
  const Execution again = run(plan);
  ASSERT_FALSE(again.error);
  EXPECT_THAT(short_report(again), HasSubstr("same preloader; verified preloader; same preloader (boot2)"));
  EXPECT_EQ(std::ranges::count(agent.log, "write preloader"), 0);
}

TEST_F(ExecutorTest, writes_a_preloader_by_name_where_the_agent_adds_the_header) {
  phone.preloader_by_name = true;
  const Plan by_name = plan_download(firmware, &phone, {}).plan;
  const Execution done = run(by_name);
  ASSERT_FALSE(done.error) << to_string(*done.error);
  EXPECT_THAT(short_report(done), HasSubstr("written preloader; verified preloader; "));
  EXPECT_EQ(std::ranges::count(agent.log, "write by name preloader"), 1);
  EXPECT_EQ(std::ranges::count(agent.log, "write preloader"), 0);
  EXPECT_THAT(short_report(run(by_name)), HasSubstr("same preloader; verified preloader; "));

  agent.areas[Area::boot1][0x1000 + 0x180] ^= std::byte{1};
  EXPECT_THAT(short_report(run(by_name)), HasSubstr("written preloader; verified preloader; "));
}

TEST_F(ExecutorTest, an_agent_that_lost_the_preloader_does_not_verify) {
  phone.preloader_by_name = true;
  Plan by_name = plan_download(firmware, &phone, {}).plan;
  std::erase_if(by_name.steps, [](const Step& step) { return std::holds_alternative<WriteStep>(step); });
  std::erase_if(by_name.steps, [](const Step& step) {
    const auto* verify = std::get_if<VerifyStep>(&step);
    return verify != nullptr && verify->partition != "preloader";
  });
  const Execution done = run(by_name);
  ASSERT_TRUE(done.error);
  EXPECT_EQ(done.error->code, Errc::verify);
}

TEST_F(ExecutorTest, writes_by_name_what_the_phone_protects_from_raw_writes) {
  agent.protects = "boot";
  const Execution done = run(plan);
  ASSERT_FALSE(done.error) << to_string(*done.error);
  EXPECT_EQ(agent.by_name.at("boot"), testing::boot_image());
  EXPECT_THAT(short_report(done), HasSubstr("written boot; verified boot; "));
}

TEST_F(ExecutorTest, erases_by_name_what_the_phone_protects_from_raw_erases) {
  agent.protects = "boot";
  Plan erase;
  erase.steps.emplace_back(EraseStep{.partition = "boot", .target = {Area::user, 0x300000, 0x1000}});
  const Execution done = run(erase);
  ASSERT_FALSE(done.error) << to_string(*done.error);
  EXPECT_THAT(agent.log, ::testing::ElementsAre("erase boot", "erase by name boot"));
}

TEST_F(ExecutorTest, changes_nothing_by_place_where_the_agent_knows_names_only) {
  agent.set_writes_by_name();
  Plan named;
  named.steps.emplace_back(EraseStep{.partition = "system", .target = {Area::user, 0x500000, 0x1000}});
  for (const Step& step : plan.steps) {
    const auto* write = std::get_if<WriteStep>(&step);
    const auto* verify = std::get_if<VerifyStep>(&step);
    if ((write != nullptr && write->partition == "boot") ||
        (verify != nullptr && verify->partition == "boot"))
      named.steps.push_back(step);
  }
  const Execution done = run(named);
  ASSERT_FALSE(done.error) << to_string(*done.error);
  EXPECT_EQ(short_report(done), "erased system; written boot; verified boot; ");
  EXPECT_THAT(agent.log, ::testing::ElementsAre("erase by name system", "write by name boot", "read boot"));
}

TEST_F(ExecutorTest, leaves_checking_to_an_agent_that_can) {
  const Plan by_agent = plan_download(firmware, &phone, {.verify = VerifyBy::device}).plan;
  const Execution refused = run(by_agent);
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(refused.error->code, Errc::unsupported);
  agent.set_checks_storage();
  agent.log.clear();
  const Execution done = run(by_agent);
  ASSERT_FALSE(done.error) << to_string(*done.error);
  EXPECT_THAT(short_report(done), HasSubstr("written boot; checked boot; "));
  EXPECT_EQ(std::ranges::count(agent.log, "read boot"), 0);
}

TEST_F(ExecutorTest, stops_at_the_first_partition_that_does_not_verify) {
  agent.corrupt = "system";
  const Execution done = run(plan);
  ASSERT_TRUE(done.error);
  EXPECT_EQ(done.error->code, Errc::verify);
  EXPECT_EQ(done.error->stage, Stage::verify);
  EXPECT_EQ(done.interrupted, "system");
  EXPECT_EQ(std::ranges::count(agent.log, "write preloader"), 0);
  EXPECT_EQ(std::ranges::count(agent.log, "finish"), 0);
}

TEST_F(ExecutorTest, says_what_is_half_written_when_the_cable_goes) {
  agent.fail_writing = "lk";
  const Execution done = run(plan);
  ASSERT_TRUE(done.error);
  EXPECT_EQ(done.error->code, Errc::disconnected);
  EXPECT_EQ(done.error->stage, Stage::write);
  EXPECT_THAT(done.error->during, ElementsAre("write lk"));
  EXPECT_EQ(done.interrupted, "lk");
}

TEST_F(ExecutorTest, finishes_the_preloader_after_a_stop) {
  Plan only_preloader;
  for (const Step& step : plan.steps) {
    const auto* write = std::get_if<WriteStep>(&step);
    if (write != nullptr && write->stop == Interruptible::no) only_preloader.steps.push_back(step);
  }
  ASSERT_EQ(only_preloader.steps.size(), 2u);
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_FALSE(run(only_preloader, stopped.get_token()).error);
  const Execution boot = run(plan, stopped.get_token());
  ASSERT_TRUE(boot.error);
  EXPECT_EQ(boot.error->code, Errc::cancelled);
}

TEST_F(ExecutorTest, refuses_a_file_that_changed_after_planning) {
  for (auto& image : firmware.images) {
    if (image.partition == "boot") image.content = memory_image(testing::pattern(0x4000, 1));
  }
  const Execution done = run(plan);
  ASSERT_TRUE(done.error);
  EXPECT_EQ(done.error->code, Errc::bad_image);
  EXPECT_FALSE(done.began_writing);
}

TEST(KeepStore, refuses_a_manifest_of_another_version) {
  const auto folder = std::filesystem::path{::testing::TempDir()} / "mtk-keep-version";
  std::filesystem::create_directories(folder);
  ASSERT_TRUE(write_file_atomically(folder / "SHA256SUMS", to_bytes("# mtkflash identity 2\n")));
  const auto store = FolderKeepStore::open(folder);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::unsupported);
}

}  // namespace
}  // namespace mtk
