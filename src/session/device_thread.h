// SPDX-License-Identifier: Apache-2.0
// The one thread of a phone: runs its jobs in order and owns everything they touch.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace mtk {

class DeviceThread {
 public:
  using Job = std::function<void()>;

  void post(Job job) {
    {
      const std::scoped_lock lock{mutex_};
      jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
  }

 private:
  void loop(const std::stop_token& stop) {
    for (;;) {
      Job job;
      {
        std::unique_lock lock{mutex_};
        if (!wake_.wait(lock, stop, [this] { return !jobs_.empty(); })) return;
        job = std::move(jobs_.front());
        jobs_.pop_front();
      }
      job();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Job> jobs_;
  std::jthread thread_{[this](const std::stop_token& stop) { loop(stop); }};  // last member: stops first
};

}  // namespace mtk
