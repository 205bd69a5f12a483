// SPDX-License-Identifier: Apache-2.0
// mtkflash-phone: a virtual phone on a pseudo-terminal, socket or USB, or a look at how far one would start.
#include "announce.h"
#include "models.h"
#include "runner.h"
#include "usbredir.h"

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>

namespace {

using namespace mtk;

constexpr int exit_usage = 2;
constexpr int exit_bad_model = 4;
constexpr int exit_port = 6;
constexpr int exit_disk = 14;
/// Exit codes of --boot: 0 starts Android, then one for each place where it stops.
constexpr int exit_stays_in_rom = 21;
constexpr int exit_stops_in_preloader = 22;
constexpr int exit_stuck_at_logo = 23;
constexpr int exit_no_radio = 24;
constexpr int exit_no_memory = 25;

constexpr std::string_view usbredir_prefix = "usbredir:";

struct Arguments {
  std::string model;
  std::string state;
  std::string entry = "preloader";
  std::string listen;
  std::vector<std::string> faults;
  std::string log;
  bool boot = false;
};

int complain(const Error& error) {
  fmt::print(stderr, "mtkflash-phone: {}\n", to_string(error));
  switch (error.code) {
    case Errc::usage:
      return exit_usage;
    case Errc::bad_image:
      return exit_bad_model;
    case Errc::busy:
      return exit_port;
    default:
      return exit_disk;
  }
}

class LogFile {
 public:
  Result<> open(const std::string& path) {
    file_ = std::fopen(path.c_str(), "ae");
    if (file_ == nullptr) return fail(phone::system_error("open the log " + path));
    return {};
  }
  LogFile() = default;
  ~LogFile() {
    if (file_ != nullptr) std::fclose(file_);
  }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  void write(std::string_view line) {
    if (file_ == nullptr) return;
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - start_);
    fmt::print(file_, "{:8} {}\n", passed.count(), line);
    std::fflush(file_);
  }

 private:
  std::FILE* file_ = nullptr;
  SystemClock clock_;
  Clock::TimePoint start_ = clock_.now();
};

int boot_exit_code(const sim::BootReport& report) {
  switch (report.reached) {
    case sim::BootStage::rom:
      return exit_stays_in_rom;
    case sim::BootStage::memory:
      return exit_no_memory;
    case sim::BootStage::preloader:
      return exit_stops_in_preloader;
    case sim::BootStage::logo:
      return exit_stuck_at_logo;
    case sim::BootStage::android:
      break;
  }
  return report.radio ? 0 : exit_no_radio;
}

Result<int> show_boot(const sim::Model& model, const std::string& state) {
  MTK_TRY_LET(const sim::Card card, sim::Card::open(model, state));
  const sim::BootReport report = sim::check_boot(model, card);
  phone::announce(model.name, report);
  fmt::print(stderr, "{}", report.text());
  return boot_exit_code(report);
}

int stop_pipe[2] = {-1, -1};
void ask_to_stop(int) {
  const char byte = 0;
  if (::write(stop_pipe[1], &byte, 1) < 0) return;
}

Result<int> live(const Arguments& arguments, sim::Model model) {
  LogFile log;
  if (!arguments.log.empty()) MTK_TRY(log.open(arguments.log));
  const bool on_usb = arguments.listen.starts_with(usbredir_prefix);
  sim::PhoneOptions options{.entry = arguments.entry == "brom" ? sim::Entry::brom : sim::Entry::cold,
                            .transfer_borders = false,
                            .waits_for_open = !on_usb};
  for (const auto& spec : arguments.faults) MTK_TRY(options.faults.add(spec));
  const phone::PhoneLog write_log = [&log](std::string_view line) { log.write(line); };
  options.log = write_log;
  const std::string name = model.name;
  MTK_TRY_LET(const auto phone, sim::Phone::create(std::move(model), arguments.state, std::move(options)));
  MTK_TRY_LET(const auto carrier,
              phone::listen_on(on_usb ? "unix:" + arguments.listen.substr(usbredir_prefix.size())
                                      : arguments.listen));

  if (::pipe(stop_pipe) != 0) return fail(phone::system_error("make a pipe"));
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);
  std::signal(SIGPIPE, SIG_IGN);
  phone::announce(name, on_usb ? arguments.listen : carrier->address());
  MTK_TRY(on_usb ? phone::run_on_usbredir(*phone, *carrier, stop_pipe[0], write_log)
                 : phone::run(*phone, *carrier, stop_pipe[0]));
  return 0;
}

Result<int> run(const Arguments& arguments) {
  MTK_TRY_LET(const auto found, phone::find_model(arguments.model));
  MTK_TRY_LET(sim::Model model, sim::load_model(found.file, found.variant));
  if (arguments.boot) return show_boot(model, arguments.state);
  if (arguments.listen.empty()) return fail(Errc::usage, "--listen or --boot is needed");
  return live(arguments, std::move(model));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"A virtual phone: boot ROM, preloader, download agent and flash, without hardware."};
  Arguments arguments;
  app.add_option("--model", arguments.model, "name or file of a phone description, with :VARIANT if wanted")
      ->required();
  app.add_option("--state", arguments.state, "folder that holds the phone's flash; made on first use")
      ->required();
  app.add_option("--entry", arguments.entry, "preloader, or brom for keys held at plug-in")
      ->check(CLI::IsMember({"preloader", "brom"}));
  app.add_option(
      "--listen", arguments.listen,
      "pty:LINK, tcp:HOST:PORT (port 0: any free one), unix:PATH, or usbredir:PATH for a virtual machine");
  app.add_option(
      "--fault", arguments.faults,
      "cut=N silence=N flip=N nack=STATUS[@PACKET] ids=HEX battery=in|low|out[:MS] face=VVVV:PPPP|dead "
      "slow=MIB_S hostile[=path|length|xml|progress]");
  app.add_option("--log", arguments.log, "file that gets the reason for every byte the phone rejects");
  app.add_flag("--boot", arguments.boot, "say how far the phone in the state folder would start");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : exit_usage;
  }
  const auto code = run(arguments);
  return code ? *code : complain(code.error());
}
