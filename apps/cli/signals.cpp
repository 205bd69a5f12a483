// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/signals.h"

#include <unistd.h>
#include <csignal>

#include <atomic>
#include <initializer_list>

namespace mtk::cli {

namespace {

std::atomic<int> requests{0};
static_assert(std::atomic<int>::is_always_lock_free, "used in a signal handler");

extern "C" void count_request(int) { requests.fetch_add(1); }

void install(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
}

}  // namespace

StopRequests::StopRequests() {
  requests = 0;
  install(count_request);
}
StopRequests::~StopRequests() { install(SIG_DFL); }
int StopRequests::count() const { return requests.load(); }

void leave_at_once(int exit_code) { ::_exit(exit_code); }

void ignore_closed_pipes() { std::signal(SIGPIPE, SIG_IGN); }

}  // namespace mtk::cli
