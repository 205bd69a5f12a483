// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/option_table.h"

#include <mtk/boot_mode.h>

#include <algorithm>
#include <array>
#include <limits>

namespace mtk::cli {

namespace {

using Words = std::string_view;

constexpr std::array<Words, 3> battery_words{"auto", "yes", "no"};
constexpr std::array<Words, 3> verify_words{"full", "device", "off"};
constexpr std::array<Words, 6> reboot_words{"normal", "off", "fastboot", "preloader", "meta", "home"};
constexpr std::array<Words, 3> scene_words{"download-only", "firmware-upgrade", "format-all-download"};
constexpr std::array<Words, 3> form_words{"v1", "v2", "xml"};
constexpr std::array<Words, 4> storage_words{"emmc", "ufs", "nand", "nor"};
constexpr std::array<Words, 3> shell_words{"bash", "zsh", "fish"};

constexpr std::array<Words, 1> port_habits{"--serialport"};
constexpr std::array<Words, 1> da_habits{"--loader"};

constexpr std::array option_table{
    OptionSpec{Option::port, "--port", "-p", "PORT", Takes::text, Text::option_port, {}, port_habits},
    OptionSpec{Option::timeout, "--timeout", "", "SECONDS", Takes::seconds, Text::option_timeout},
    OptionSpec{Option::stage_timeout, "--stage-timeout", "", "SECONDS", Takes::seconds,
               Text::option_stage_timeout},
    OptionSpec{Option::da, "--da", "", "FILE", Takes::file, Text::option_da, {}, da_habits},
    OptionSpec{Option::preloader, "--preloader", "", "FILE", Takes::file, Text::option_preloader},
    OptionSpec{Option::auth, "--auth", "", "FILE", Takes::file, Text::option_auth},
    OptionSpec{Option::cert, "--cert", "", "FILE", Takes::file, Text::option_cert},
    OptionSpec{Option::signer, "--signer", "", "COMMAND", Takes::text, Text::option_signer},
    OptionSpec{Option::chip_file, "--chip-file", "", "FILE", Takes::file, Text::option_chip_file},
    OptionSpec{Option::battery, "--battery", "", "auto|yes|no", Takes::word, Text::option_battery,
               battery_words},
    OptionSpec{Option::record, "--record", "", "FILE", Takes::file, Text::option_record},
    OptionSpec{Option::trace_payload, "--trace-payload", "", "", Takes::nothing, Text::option_trace_payload},
    OptionSpec{Option::only, "--only", "", "LIST", Takes::list, Text::option_only},
    OptionSpec{Option::skip, "--skip", "", "LIST", Takes::list, Text::option_skip},
    OptionSpec{Option::image, "--image", "", "PARTITION=FILE", Takes::text, Text::option_image},
    OptionSpec{Option::against, "--against", "", "OTHER", Takes::file, Text::option_against},
    OptionSpec{Option::erase_identity, "--erase-identity", "", "LIST", Takes::list,
               Text::option_erase_identity},
    OptionSpec{Option::scene, "--scene", "", "SCENE", Takes::word, Text::option_scene, scene_words},
    OptionSpec{Option::to, "--to", "", "v1|v2|xml", Takes::word, Text::option_to, form_words},
    OptionSpec{Option::storage, "--storage", "", "STORAGE", Takes::word, Text::option_storage, storage_words},
    OptionSpec{Option::verify, "--verify", "", "full|device|off", Takes::word, Text::option_verify,
               verify_words},
    OptionSpec{Option::no_verify, "--no-verify", "", "", Takes::nothing, Text::option_no_verify},
    OptionSpec{Option::next, "--next", "", "normal|off|stay|...", Takes::word, Text::option_next,
               boot_mode_words},
    OptionSpec{Option::dry_run, "--dry-run", "", "", Takes::nothing, Text::option_dry_run},
    OptionSpec{Option::force, "--force", "", "", Takes::nothing, Text::option_force},
    OptionSpec{Option::fix, "--fix", "", "", Takes::nothing, Text::option_fix},
    OptionSpec{Option::json, "--json", "", "", Takes::nothing, Text::option_json},
    OptionSpec{Option::log, "--log", "", "FILE", Takes::file, Text::option_log},
    OptionSpec{Option::output, "--output", "-o", "FILE", Takes::file, Text::option_output},
    OptionSpec{Option::verbose, "--verbose", "-v", "", Takes::nothing, Text::option_verbose},
    OptionSpec{Option::help, "--help", "-h", "", Takes::nothing, Text::option_help},
};

constexpr Options of(auto... options) { return (bit(options) | ... | Options{0}); }

constexpr Options spoken = of(Option::json, Option::help);
constexpr Options with_phone =
    spoken | of(Option::port, Option::timeout, Option::stage_timeout, Option::da, Option::preloader,
                Option::auth, Option::cert, Option::signer, Option::chip_file, Option::battery,
                Option::record, Option::trace_payload, Option::log, Option::verbose);
constexpr Options verifying = of(Option::verify, Option::no_verify);
constexpr Options planning =
    of(Option::only, Option::skip, Option::image, Option::erase_identity, Option::scene, Option::next) |
    verifying;

constexpr std::size_t many = std::numeric_limits<std::size_t>::max();

constexpr std::array<Words, 1> read_habits{"r"};
constexpr std::array<Words, 1> write_habits{"w"};
constexpr std::array<Words, 1> erase_habits{"e"};
constexpr std::array<Words, 1> parts_habits{"printgpt"};
constexpr std::array<Words, 1> reboot_habits{"reset"};

constexpr std::array command_table{
    CommandSpec{Command::flash, "flash", "FIRMWARE", 1, 1, Takes::folder, Text::command_flash,
                Text::details_flash, with_phone | planning | of(Option::dry_run)},
    CommandSpec{Command::plan, "plan", "FIRMWARE", 1, 1, Takes::folder, Text::command_plan,
                Text::details_plan, with_phone | planning},
    CommandSpec{Command::check, "check", "FIRMWARE", 1, 1, Takes::folder, Text::command_check,
                Text::details_check, spoken | of(Option::against)},
    CommandSpec{Command::info, "info", "", 0, 0, Takes::nothing, Text::command_info, Text::details_info,
                with_phone},
    CommandSpec{Command::parts,
                "parts",
                "",
                0,
                0,
                Takes::nothing,
                Text::command_parts,
                Text::details_parts,
                with_phone,
                {},
                parts_habits},
    CommandSpec{Command::read,
                "read",
                "PLACE FILE [PLACE FILE ...]",
                2,
                many,
                Takes::file,
                Text::command_read,
                Text::details_read,
                with_phone | of(Option::force),
                {},
                read_habits},
    CommandSpec{Command::write,
                "write",
                "PLACE FILE",
                2,
                2,
                Takes::file,
                Text::command_write,
                Text::details_write,
                with_phone | verifying | of(Option::erase_identity),
                {},
                write_habits},
    CommandSpec{Command::erase,
                "erase",
                "PLACE [PLACE ...]",
                1,
                many,
                Takes::text,
                Text::command_erase,
                Text::details_erase,
                with_phone | of(Option::erase_identity),
                {},
                erase_habits},
    CommandSpec{Command::reboot, "reboot", "[normal|off|...]", 0, 1, Takes::word, Text::command_reboot,
                Text::details_reboot, with_phone, reboot_words, reboot_habits},
    CommandSpec{Command::wait, "wait", "", 0, 0, Takes::nothing, Text::command_wait, Text::details_wait,
                with_phone},
    CommandSpec{Command::da, "da", "FILE", 1, 1, Takes::file, Text::command_da, Text::details_da, spoken},
    CommandSpec{Command::scatter, "scatter", "FILE", 1, 1, Takes::file, Text::command_scatter,
                Text::details_scatter, spoken | of(Option::to, Option::storage)},
    CommandSpec{Command::explain, "explain", "CODE", 1, 1, Takes::text, Text::command_explain,
                Text::details_explain, spoken},
    CommandSpec{Command::doctor, "doctor", "", 0, 0, Takes::nothing, Text::command_doctor,
                Text::details_doctor, spoken | of(Option::fix)},
    CommandSpec{Command::trace, "trace", "FILE", 1, 1, Takes::file, Text::command_trace, Text::details_trace,
                of(Option::help)},
    CommandSpec{Command::report, "report", "[FILE.log]", 0, 1, Takes::file, Text::command_report,
                Text::details_report, of(Option::output, Option::force, Option::help)},
    CommandSpec{Command::help, "help", "[COMMAND]", 0, 1, Takes::text, Text::command_help, Text::details_help,
                of(Option::help)},
    CommandSpec{Command::completion,
                "completion",
                "bash|zsh|fish",
                1,
                1,
                Takes::word,
                Text::command_completion,
                Text::details_completion,
                of(Option::help),
                shell_words,
                {},
                true},
    CommandSpec{Command::man,
                "man",
                "",
                0,
                0,
                Takes::nothing,
                Text::command_man,
                Text::details_man,
                of(Option::help),
                {},
                {},
                true},
};

}  // namespace

std::span<const OptionSpec> all_options() { return option_table; }
std::span<const CommandSpec> all_commands() { return command_table; }

const OptionSpec& option_spec(Option option) { return option_table.at(static_cast<std::size_t>(option)); }

const CommandSpec* find_command(std::string_view name) {
  const auto found = std::ranges::find_if(command_table, [&](const CommandSpec& command) {
    return command.name == name || std::ranges::find(command.habits, name) != command.habits.end();
  });
  return found == command_table.end() ? nullptr : &*found;
}

}  // namespace mtk::cli
