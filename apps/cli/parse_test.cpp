// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/habits.h"
#include "apps/cli/invocation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

Invocation parsed(std::vector<std::string> words) {
  auto run = parse(std::move(words));
  EXPECT_TRUE(run) << run.error().what;
  return run ? *run
             : Invocation{.command = &all_commands().front(), .arguments = {""}, .values = {}, .remarks = {}};
}

std::string refused(std::vector<std::string> words) {
  const auto run = parse(std::move(words));
  EXPECT_FALSE(run);
  if (run) return "";
  EXPECT_EQ(run.error().code, Errc::usage);
  return run.error().what;
}

TEST(Parse, a_flash_with_its_options) {
  const auto run = parsed(
      {"flash",  "rom",      "--port", "unix:/tmp/p", "--timeout",    "2.5",          "--stage-timeout",
       "3",      "--auth",   "a.auth", "--signer",    "sign --key k", "--only",       "boot,lk",
       "--only", "logo",     "--skip", "userdata",    "--image",      "boot=a,b.img", "--battery",
       "no",     "--verify", "device", "--next",      "off",          "--json",       "-v"});
  EXPECT_EQ(run.command->id, Command::flash);
  EXPECT_TRUE(run.has(Option::json));
  EXPECT_TRUE(run.has(Option::verbose));
  EXPECT_FALSE(run.has(Option::dry_run));
  const auto connect = connect_options(run);
  EXPECT_EQ(connect.port, "unix:/tmp/p");
  EXPECT_EQ(connect.timeout, 2500ms);
  EXPECT_EQ(connect.stage_timeout, 3000ms);
  EXPECT_EQ(connect.auth, "a.auth");
  EXPECT_EQ(connect.signer, "sign --key k");
  EXPECT_EQ(connect.battery, false);
  const auto job = flash_job(run);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->firmware, "rom");
  EXPECT_THAT(job->only, ElementsAre("boot", "lk", "logo"));
  EXPECT_THAT(job->skip, ElementsAre("userdata"));
  EXPECT_EQ(job->images.at("boot"), "a,b.img");
  EXPECT_EQ(job->verify, VerifyBy::device);
  EXPECT_EQ(job->next, BootMode::off);
}

TEST(Parse, what_nobody_says_is_safe) {
  const auto run = parsed({"flash", "rom"});
  const auto job = flash_job(run);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->verify, VerifyBy::read_back);
  EXPECT_TRUE(job->erase_identity.empty());
  EXPECT_EQ(job->next, BootMode::normal);
  const auto connect = connect_options(run);
  EXPECT_FALSE(connect.timeout);
  EXPECT_FALSE(connect.battery);
  EXPECT_FALSE(connect.record_payload);
}

TEST(Parse, verification_is_switched_off_either_way) {
  EXPECT_EQ(verify_by(parsed({"flash", "rom", "--no-verify"})), VerifyBy::none);
  EXPECT_EQ(verify_by(parsed({"flash", "rom", "--verify", "off"})), VerifyBy::none);
  EXPECT_EQ(verify_by(parsed({"flash", "rom", "--verify=full"})), VerifyBy::read_back);
}

TEST(Parse, options_may_stand_before_the_command) {
  const auto run = parsed({"--port", "tty:/dev/ttyACM0", "--json", "info"});
  EXPECT_EQ(run.command->id, Command::info);
  EXPECT_EQ(run.value(Option::port), "tty:/dev/ttyACM0");
}

TEST(Parse, a_word_of_a_list_is_taken_in_any_case) {
  EXPECT_EQ(parsed({"scatter", "s.xml", "--to", "V1", "--storage", "UFS"}).value(Option::storage), "ufs");
}

TEST(Parse, a_near_word_is_suggested) {
  EXPECT_EQ(refused({"flahs", "rom"}), "There is no command flahs. Did you mean flash?");
  EXPECT_EQ(refused({"exp", "4032"}), "There is no command exp. Did you mean explain?");
  EXPECT_EQ(refused({"conquer"}), "There is no command conquer.");
  EXPECT_EQ(refused({"flash", "rom", "--tiemout", "3"}),
            "flash has no option --tiemout. Did you mean --timeout?");
}

TEST(Parse, wrong_lines_are_named) {
  EXPECT_EQ(refused({}), "No command was given.");
  EXPECT_EQ(refused({"flash"}), "flash needs: FIRMWARE.");
  EXPECT_EQ(refused({"info", "extra"}), "info does not know what to do with extra.");
  EXPECT_EQ(refused({"flash", "rom", "--battery", "maybe"}),
            "--battery cannot be maybe; it can be: auto, yes, no.");
  EXPECT_EQ(refused({"info", "--timeout", "soon"}), "--timeout wants a number of seconds, not soon.");
  EXPECT_EQ(refused({"info", "--timeout", "-1"}), "--timeout wants a number of seconds, not -1.");
  EXPECT_EQ(refused({"reboot", "sideways"}),
            "reboot cannot be sideways; it can be: normal, off, fastboot, preloader, meta, home.");
  EXPECT_THAT(refused({"info", "--port"}), HasSubstr("--port"));
  EXPECT_THAT(refused({"parts", "--only", "boot"}), HasSubstr("parts has no option --only"));
}

TEST(Parse, scenes_that_do_not_exist_yet_are_answered_honestly) {
  for (const char* scene : {"firmware-upgrade", "format-all-download"}) {
    const auto job = flash_job(parsed({"flash", "rom", "--scene", scene}));
    ASSERT_FALSE(job);
    EXPECT_EQ(job.error().code, Errc::usage);
    EXPECT_THAT(job.error().what, HasSubstr(scene));
  }
  EXPECT_TRUE(flash_job(parsed({"flash", "rom", "--scene", "download-only"})));
}

TEST(Parse, an_image_needs_a_partition_and_a_file) {
  for (const char* value : {"boot", "=boot.img", "boot="}) {
    const auto job = flash_job(parsed({"flash", "rom", "--image", value}));
    ASSERT_FALSE(job) << value;
    EXPECT_EQ(job.error().code, Errc::usage);
  }
}

TEST(Parse, codes_of_old_logs_may_be_negative) {
  EXPECT_THAT(parsed({"explain", "-1073283068"}).arguments, ElementsAre("-1073283068"));
  EXPECT_THAT(parsed({"explain", "--json", "-1073283068"}).arguments, ElementsAre("-1073283068"));
}

TEST(Parse, pairs_to_read) {
  const auto job = read_job(parsed({"read", "boot", "b.img", "user+0x1000:0x200", "u.bin"}));
  ASSERT_TRUE(job);
  ASSERT_EQ(job->items.size(), 2U);
  EXPECT_EQ(job->items[1].place, "user+0x1000:0x200");
  EXPECT_EQ(job->items[1].file, "u.bin");
  EXPECT_FALSE(read_job(parsed({"read", "boot", "b.img", "lk"})));
}

TEST(Parse, verbs_of_mtk_py_mean_the_same) {
  EXPECT_EQ(parsed({"r", "boot", "b.img"}).command->id, Command::read);
  EXPECT_EQ(parsed({"w", "boot", "b.img"}).command->id, Command::write);
  EXPECT_EQ(parsed({"e", "cache"}).command->id, Command::erase);
  EXPECT_EQ(parsed({"printgpt"}).command->id, Command::parts);
  EXPECT_EQ(parsed({"reset"}).command->id, Command::reboot);
  const auto run =
      parsed({"r", "boot,lk", "b.img,l.bin", "--loader", "da.bin", "--serialport", "/dev/ttyACM0"});
  const auto job = read_job(run);
  ASSERT_TRUE(job);
  ASSERT_EQ(job->items.size(), 2U);
  EXPECT_EQ(job->items[0].place, "boot");
  EXPECT_EQ(job->items[1].file, "l.bin");
  EXPECT_EQ(connect_options(run).da, "da.bin");
  EXPECT_EQ(connect_options(run).port, "/dev/ttyACM0");
  EXPECT_THAT(erase_job(parsed({"e", "cache,userdata", "para"})).places,
              ElementsAre("cache", "userdata", "para"));
}

TEST(FlashTool, a_download_line_is_understood) {
  const auto run = parsed({"-s", "MT6580_Android_scatter.txt", "-c", "download", "-d", "DA.bin", "-p",
                           "/dev/ttyACM0", "-t", "without", "-b"});
  EXPECT_EQ(run.command->id, Command::flash);
  EXPECT_THAT(run.arguments, ElementsAre("MT6580_Android_scatter.txt"));
  EXPECT_EQ(connect_options(run).da, "DA.bin");
  EXPECT_EQ(connect_options(run).port, "/dev/ttyACM0");
  EXPECT_EQ(connect_options(run).battery, false);
  EXPECT_THAT(run.remarks,
              ElementsAre("Understood as: mtkflash flash MT6580_Android_scatter.txt --da DA.bin --port "
                          "/dev/ttyACM0 --battery no"));
}

TEST(FlashTool, of_two_ports_the_first_is_taken_and_said) {
  const auto run = parsed({"--scatter", "s.txt", "--operation", "download", "--com_port", "5-2+1-6"});
  EXPECT_EQ(run.value(Option::port), "5-2");
  EXPECT_THAT(run.remarks.front(), HasSubstr("only 5-2 is used"));
}

TEST(FlashTool, what_is_not_there_yet_is_said) {
  EXPECT_THAT(refused({"-s", "s.txt", "-c", "format-download"}), HasSubstr("format-download"));
  EXPECT_THAT(refused({"-i", "config.xml"}), HasSubstr("Configuration files"));
  EXPECT_THAT(refused({"-c", "download"}), HasSubstr("-s SCATTER"));
  EXPECT_THAT(refused({"-s", "s.txt", "-x"}), HasSubstr("-x"));
  EXPECT_THAT(refused({"-s"}), HasSubstr("wants a value"));
  EXPECT_THAT(refused({"-s", "s.txt", "-t", "perhaps"}), HasSubstr("--battery cannot be perhaps"));
}

TEST(Habits, near_words_are_sorted_by_nearness) {
  EXPECT_THAT(near_words("falsh", {"check", "flash", "plan"}), ElementsAre("flash"));
  EXPECT_THAT(near_words("inf", {"info", "plan"}), ElementsAre("info"));
  EXPECT_TRUE(near_words("zzzz", {"info", "plan"}).empty());
}

}  // namespace
}  // namespace mtk::cli
