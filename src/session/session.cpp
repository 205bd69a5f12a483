// SPDX-License-Identifier: Apache-2.0
// The public face of a session: a thread, its jobs, and the way to stop them.
#include <mtk/session.h>

#include "session/device_thread.h"
#include "session/job_run.h"

#include <future>

namespace mtk {

class Session::Impl {
 public:
  Impl(ConnectOptions options, SessionObserver& observer)
      : options_(std::move(options)), observer_(observer) {}

  void start(Job job, std::function<void(Outcome)> done) {
    thread_.post([this, job = std::move(job), done = std::move(done)] {
      std::stop_token stop;
      {
        const std::scoped_lock lock{mutex_};
        stop_ = std::stop_source{};
        stop = stop_.get_token();
      }
      done(run_job(job, options_, observer_, stop));
    });
  }

  void stop() {
    const std::scoped_lock lock{mutex_};
    stop_.request_stop();
  }

 private:
  ConnectOptions options_;
  SessionObserver& observer_;
  std::mutex mutex_;
  std::stop_source stop_;  ///< of the running job
  DeviceThread thread_;    ///< last: its jobs use everything above
};

Session::Session(ConnectOptions options, SessionObserver& observer)
    : impl_(std::make_unique<Impl>(std::move(options), observer)) {}

Session::~Session() {
  if (impl_) impl_->stop();
}

void Session::start(Job job, std::function<void(Outcome)> done) {
  impl_->start(std::move(job), std::move(done));
}

Outcome Session::run(Job job) {
  std::promise<Outcome> promise;
  auto outcome = promise.get_future();
  start(std::move(job), [&](Outcome ended) { promise.set_value(std::move(ended)); });
  return outcome.get();
}

void Session::stop() { impl_->stop(); }

}  // namespace mtk
