// SPDX-License-Identifier: Apache-2.0
#include "runner.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

namespace mtk::phone {

namespace {

constexpr std::size_t read_size = 0x100000;
/// With that much unread the phone stops listening, as a real one whose endpoint is full.
constexpr std::size_t unread_limit = 0x400000;
/// A missed event at the door costs no more than this.
constexpr std::chrono::milliseconds idle_turn{250};
/// How long bytes already sent may wait for a host that does not read, once the phone has gone.
constexpr std::chrono::milliseconds last_words{1000};

class Runner {
 public:
  Runner(sim::Phone& phone, Carrier& carrier, int stop_fd)
      : phone_(phone), carrier_(carrier), stop_fd_(stop_fd) {}

  Result<> run() {
    while (true) {
      if (link_ < 0) MTK_TRY(begin_life());
      phone_.advance(clock_.now());
      pump();
      if (link_ >= 0 && identity_is_over()) MTK_TRY(end_life());
      MTK_TRY_LET(const bool go_on, turn());
      if (!go_on) return {};
    }
  }

 private:
  std::size_t unsent() const { return out_.size() - sent_; }

  /// The phone has another identity, and its last words are sent or the host had time enough for them.
  bool identity_is_over() {
    if (phone_.generation() == generation_) return false;
    if (!over_since_) over_since_ = clock_.now();
    return unsent() == 0 || clock_.now() - *over_since_ > last_words;
  }

  /// Takes what the phone has said and sends as much as goes.
  void pump() {
    while (link_ >= 0) {
      if (unsent() == 0) {
        out_ = phone_.take_output(clock_.now());
        sent_ = 0;
        if (out_.empty()) return;
      }
      const ssize_t put = ::write(link_, out_.data() + sent_, unsent());
      if (put < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (put <= 0) {
        host_gone_ = true;
        out_.clear();
        sent_ = 0;
        return;
      }
      sent_ += static_cast<std::size_t>(put);
    }
  }

  /// Waits for the link, the door, the phone's next moment or the end. False at the end.
  Result<bool> turn() {
    // A negative descriptor is left out by poll.
    std::array<pollfd, 3> waits{
        pollfd{.fd = stop_fd_, .events = POLLIN, .revents = 0},
        pollfd{.fd = link_, .events = POLLIN, .revents = 0},
        pollfd{.fd = link_ >= 0 ? carrier_.exit() : carrier_.door(), .events = POLLIN, .revents = 0}};
    if (link_ >= 0 && unsent() > 0) {
      waits[1].events = POLLOUT;
      if (unsent() < unread_limit && phone_.generation() == generation_) waits[1].events |= POLLIN;
    }
    auto wait = std::chrono::duration_cast<std::chrono::nanoseconds>(idle_turn);
    if (const auto next = phone_.next_event(); next && unsent() == 0)
      wait = std::clamp(*next - clock_.now(), std::chrono::nanoseconds{0}, wait);
    const timespec limit{.tv_sec = 0, .tv_nsec = static_cast<long>(wait.count())};
    const int ready = ::ppoll(waits.data(), waits.size(), &limit, nullptr);
    if (ready < 0 && errno != EINTR) return fail(system_error("wait for the host"));
    if ((waits[0].revents & POLLIN) != 0) return false;
    if (link_ >= 0 && (waits[2].revents & POLLIN) != 0 && carrier_.host_has_left()) {
      host_gone_ = true;
    } else if (link_ >= 0 && (waits[1].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
      hear();
    }
    if (host_gone_) MTK_TRY(end_life());
    return true;
  }

  Result<> begin_life() {
    MTK_TRY_LET(const auto link, carrier_.let_in());
    if (!link) return {};
    link_ = *link;
    host_gone_ = false;
    phone_.plug(clock_.now());
    generation_ = phone_.generation();
    // A phone that cannot start shows no port: whoever plugged it in sees it go at once.
    if (phone_.bus() == sim::Bus::off) return end_life();
    return {};
  }

  void hear() {
    const ssize_t got = ::read(link_, in_.data(), in_.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
      host_gone_ = true;
      return;
    }
    phone_.host_wrote(ByteView{in_}.first(static_cast<std::size_t>(got)), clock_.now());
  }

  Result<> end_life() {
    // Without a port to come back with, the next connection is the next time the cable goes in.
    if (host_gone_ || !phone_.port_comes_back()) phone_.unplug(clock_.now());
    const bool by_host = host_gone_;
    link_ = -1;
    host_gone_ = false;
    over_since_.reset();
    out_.clear();
    sent_ = 0;
    return by_host ? carrier_.let_go() : carrier_.drop();
  }

  sim::Phone& phone_;
  Carrier& carrier_;
  int stop_fd_;
  SystemClock clock_;
  int link_ = -1;
  bool host_gone_ = false;
  unsigned generation_ = 0;
  std::optional<sim::TimePoint> over_since_;
  Bytes in_ = Bytes(read_size);
  Bytes out_;
  std::size_t sent_ = 0;
};

}  // namespace

Result<> run(sim::Phone& phone, Carrier& carrier, int stop_fd) {
  return Runner{phone, carrier, stop_fd}.run();
}

}  // namespace mtk::phone
