// SPDX-License-Identifier: Apache-2.0
// Writes a firmware folder to the next phone that appears and says how it ended: a front end in one page.
#include <mtk/session.h>

#include <cstdio>
#include <string>

namespace {

/// Called on the thread of the phone while the main thread waits.
class Printer final : public mtk::SessionObserver {
 public:
  void stage(mtk::Stage stage) override { std::printf("%s\n", std::string{mtk::to_string(stage)}.c_str()); }
  void progress(const mtk::Progress& p) override {
    if (p.done == p.total)
      std::printf("  %s: %llu bytes\n", p.item.c_str(), static_cast<unsigned long long>(p.total));
  }
  void finding(const mtk::Notice& notice) override { std::printf("! %s\n", notice.text.c_str()); }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3 || argv[1][0] == '-') {
    std::printf("use: flash_folder FIRMWARE_FOLDER [PORT]\n");
    return argc == 2 && std::string{argv[1]} == "--help" ? 0 : 2;
  }
  mtk::ConnectOptions connect;
  if (argc == 3) connect.port = argv[2];

  Printer printer;
  mtk::Session session{connect, printer};
  mtk::FlashJob job;
  job.firmware = argv[1];
  const mtk::Outcome outcome = session.run(job);

  for (const auto& part : outcome.partitions)
    std::printf("%s: %s\n", part.name.c_str(), std::string{mtk::to_string(part.outcome)}.c_str());
  for (const auto& reason : outcome.refusals) std::printf("refused: %s\n", reason.c_str());
  if (outcome.failure) {
    std::printf("%s\n%s\n", outcome.failure->what.c_str(), outcome.failure->device_state.c_str());
    for (const auto& action : outcome.failure->next_actions) std::printf("- %s\n", action.c_str());
  }
  return outcome.exit_code;
}
