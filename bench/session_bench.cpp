// SPDX-License-Identifier: Apache-2.0
// A session and the virtual phone in one process and on one thread, in virtual time: what both cost without a
// link between them. bench/run makes the files and names their folder in MTK_BENCH_FILES.
#include "session/job_run.h"
#include "support/sim_device.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <ctime>

namespace {

using namespace mtk;
namespace fs = std::filesystem;

constexpr const char* place = "user+0xa800000:0x10000000";  // 256 MiB of the partition system
constexpr double bytes_moved = 256.0 * 1024 * 1024;

/// Takes the time between two moments of a job; a write begins with its stage, a read with the phone's table.
class Stopwatch final : public SessionObserver {
 public:
  void stage(Stage stage) override {
    if (stage == Stage::write) begin_ = now();
    if (stage == Stage::reboot) end_ = now();
  }
  void phone(const PhoneCard& card) override {
    if (!card.partitions.empty() || !card.table_problem.empty()) begin_ = now();
  }
  void progress(const Progress& progress) override {
    if (progress.done == progress.total) end_ = now();
  }
  double seconds() const { return std::chrono::duration<double>(end_.time - begin_.time).count(); }
  double cpu_seconds() const { return static_cast<double>(end_.cpu - begin_.cpu) / CLOCKS_PER_SEC; }

 private:
  struct Moment {
    Clock::TimePoint time = {};
    std::clock_t cpu = 0;
  };
  Moment now() { return {clock_.now(), std::clock()}; }

  SystemClock clock_;
  Moment begin_;
  Moment end_;
};

Outcome run_on_new_phone(const Job& job, const fs::path& files, Stopwatch& watch) {
  Outcome failed{.exit_code = 1};
  auto model = sim::load_model(fs::path{MTK_SOURCE_DIR} / "data/phones/leagoo-z5.toml");
  if (!model) return failed;
  auto phone = sim::Phone::create(std::move(*model), files / "session-phone");
  if (!phone) return failed;
  testing::SimDevice device{**phone};
  FakeClock clock;
  const OpenLink open = [&](const Wait&) -> Result<std::unique_ptr<Transport>> {
    return std::make_unique<MemoryTransport>(device, clock);
  };
  return run_job(job, {.da = files / "legacy/MTK_AllInOne_DA.bin"}, watch, {}, open);
}

void session(benchmark::State& state, const Job& job) {
  const char* folder = std::getenv("MTK_BENCH_FILES");
  if (folder == nullptr) return state.SkipWithError("started without bench/run");
  const fs::path files{folder};
  Job with_paths = job;
  if (auto* write = std::get_if<WriteJob>(&with_paths)) write->file = files / write->file;
  if (auto* read = std::get_if<ReadJob>(&with_paths)) read->items[0].file = files / read->items[0].file;
  for (auto round : state) {
    static_cast<void>(round);
    Stopwatch watch;
    const Outcome outcome = run_on_new_phone(with_paths, files, watch);
    if (outcome.error) return state.SkipWithError(outcome.error->what.c_str());
    if (outcome.exit_code != 0) return state.SkipWithError("no virtual phone");
    state.SetIterationTime(watch.seconds());
    state.counters["cpu_seconds"] = watch.cpu_seconds();
  }
  state.counters["bytes_per_second"] =
      benchmark::Counter(bytes_moved * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

WriteJob write_of(const char* file) { return {.place = place, .file = file, .verify = VerifyBy::none}; }

void once(benchmark::internal::Benchmark* bench) {
  bench->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(session, write, write_of("256.raw"))->Apply(once);
BENCHMARK_CAPTURE(session, write_sparse, write_of("256.sparse"))->Apply(once);
BENCHMARK_CAPTURE(session, read, ReadJob{{{place, "256.back"}}})->Apply(once);

}  // namespace
