// SPDX-License-Identifier: Apache-2.0
// A virtual phone, firmware made for it, and a session between them: all in one process and in virtual time.
#pragma once

#include "session/job_run.h"
#include "support/sim_device.h"
#include "transport/faulty.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <array>

namespace mtk::testing {

inline std::filesystem::path firmware_folder(const std::string& model) {
  return std::filesystem::path{MTK_BINARY_DIR} / "tests/firmware" / model;
}

/// The small phones, one for each family of agents.
inline constexpr std::array small_phones{"tiny-6580", "tiny-xflash", "tiny-xml"};

/// `NAME` or `NAME:VARIANT` of data/phones, or the path of a description.
inline Result<sim::Model> load_phone(const std::string& name) {
  if (name.find('/') != name.npos) return sim::load_model(name, "");
  const auto colon = std::min(name.find(':'), name.size());
  return sim::load_model(
      std::filesystem::path{MTK_SOURCE_DIR} / "data/phones" / (name.substr(0, colon) + ".toml"),
      name.substr(std::min(colon + 1, name.size())));
}

/// For the names of tests: letters and digits.
inline std::string test_name(std::string_view text) {
  std::string name{text};
  std::ranges::replace_if(
      name, [](char c) { return c == '-' || c == ':'; }, '_');
  return name;
}

/// One phone over many sessions; its flash lives as long as this object.
class PhoneBench {
 public:
  explicit PhoneBench(const std::string& model, sim::Entry entry = sim::Entry::cold) : entry_(entry) {
    std::string folder = (std::filesystem::temp_directory_path() / "mtk-flow-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) ADD_FAILURE() << "no temporary folder";
    folder_ = folder;
    use_own_home();
    auto loaded = load_phone(model);
    if (!loaded) ADD_FAILURE() << to_string(loaded.error());
    model_ = std::move(*loaded);
    power_cycle();
  }
  ~PhoneBench() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  PhoneBench(const PhoneBench&) = delete;
  PhoneBench& operator=(const PhoneBench&) = delete;

  /// What runs keep on the computer goes to a folder of this phone from now on.
  void use_own_home() { setenv("MTKFLASH_HOME", (folder_ / "home").c_str(), 1); }

  /// Off, with the cable out. The log starts anew.
  void power_cycle() {
    log_.clear();
    auto made = sim::Phone::create(*model_, folder_, {.entry = entry_, .log = [this](std::string_view line) {
                                                        log_ += std::string{line} + "\n";
                                                      }});
    if (!made) ADD_FAILURE() << to_string(made.error());
    phone_ = std::move(*made);
    device_ = std::make_unique<SimDevice>(*phone_);
  }
  void hold_keys(sim::Entry entry) { entry_ = entry; }
  /// What sessions get instead of the link to the phone.
  void wrap_link(std::function<std::unique_ptr<Transport>(std::unique_ptr<Transport>)> wrap) {
    wrap_ = std::move(wrap);
  }
  /// Called with every progress event.
  void watch(std::function<void(const Progress&)> watcher) { watcher_ = std::move(watcher); }

  /// Runs a job over a link with these faults; the phone is unplugged when the link is cut.
  Outcome run(const Job& job, std::vector<Fault> faults = {}, const ConnectOptions& options = {},
              std::stop_token stop = {}) {
    const OpenLink open = [&](const Wait&) -> Result<std::unique_ptr<Transport>> {
      auto link = std::make_unique<FaultyTransport>(std::make_unique<MemoryTransport>(*device_, clock_),
                                                    faults, [this] { phone_->unplug(clock_.now()); });
      faulty_ = link.get();
      return wrap_ ? wrap_(std::move(link)) : std::move(link);
    };
    Watcher watcher{*this};
    // A wait without limit has no end on a clock that only waiting moves.
    ConnectOptions limited = options;
    if (!limited.timeout) limited.timeout = std::chrono::hours{1};
    const Outcome outcome = run_job(job, limited, watcher, stop, open);
    faulty_ = nullptr;
    return outcome;
  }

  /// What answers this phone's challenges.
  std::string signer() const {
    return fmt::format("'{}/tools/sign-challenge' '{}'", MTK_SOURCE_DIR, model_->security.key);
  }
  Bytes content(std::uint8_t part) {
    const auto size = phone_->card().size(part);
    return phone_->card().read(part, 0, static_cast<std::size_t>(size)).value();
  }
  sim::Phone& phone() { return *phone_; }
  const sim::Model& model() const { return *model_; }
  const std::string& log() const { return log_; }
  /// What the session told its observer, over all runs.
  const std::string& said() const { return said_; }
  const std::filesystem::path& folder() const { return folder_; }
  /// Bytes that had passed when the session last looked.
  std::uint64_t bytes_passed() const { return passed_; }

 private:
  struct Watcher final : SessionObserver {
    explicit Watcher(PhoneBench& owner) : bench(owner) {}
    void stage(Stage) override { look(); }
    void progress(const Progress& progress) override {
      look();
      if (bench.watcher_) bench.watcher_(progress);
    }
    void finding(const Notice& notice) override { bench.said_ += notice.id + ": " + notice.text + "\n"; }
    void write(LogLevel, std::string_view line) override { bench.said_ += std::string{line} + "\n"; }
    void look() {
      if (bench.faulty_ == nullptr) return;
      bench.passed_ = bench.faulty_->passed(Direction::to_phone) + bench.faulty_->passed(Direction::to_host);
    }
    PhoneBench& bench;
  };

  sim::Entry entry_;
  std::function<std::unique_ptr<Transport>(std::unique_ptr<Transport>)> wrap_;
  std::function<void(const Progress&)> watcher_;
  std::filesystem::path folder_;
  std::optional<sim::Model> model_;
  FakeClock clock_;
  std::string log_;
  std::string said_;
  std::unique_ptr<sim::Phone> phone_;
  std::unique_ptr<SimDevice> device_;
  FaultyTransport* faulty_ = nullptr;
  std::uint64_t passed_ = 0;
};

}  // namespace mtk::testing
