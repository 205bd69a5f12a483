// SPDX-License-Identifier: Apache-2.0
#include "session/signer_command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <array>
#include <cerrno>
#include <cstdlib>

extern char** environ;

namespace mtk {

namespace {

constexpr std::size_t max_response = 0x1000;
constexpr std::chrono::milliseconds look_around{
    50};  ///< how late a stop or the end of the program is noticed

/// An end of a pipe; closed with the object.
class End {
 public:
  explicit End(int fd) : fd_(fd) {}
  End(End&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  End& operator=(End&&) = delete;
  ~End() { close(); }
  int fd() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

struct Pipe {
  End out;
  End in;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(Errc::usage, "no pipe for the signer");
  return Pipe{End{ends[0]}, End{ends[1]}};
}

std::vector<std::string> environment(const Challenge& challenge) {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.emplace_back(*variable);
  variables.push_back(challenge.from == Challenger::brom ? "MTKFLASH_CHALLENGER=brom"
                                                         : "MTKFLASH_CHALLENGER=agent");
  variables.push_back("MTKFLASH_SOC_ID=" + hex_compact(challenge.soc_id));
  return variables;
}

/// A running program; killed with its whole group unless it ended.
class Program {
 public:
  explicit Program(pid_t id) : id_(id) {}
  Program(Program&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Program& operator=(Program&&) = delete;
  ~Program() {
    if (id_ < 0) return;
    ::kill(-id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
  /// The exit status once it has ended.
  std::optional<int> ended() {
    int status = 0;
    if (::waitpid(id_, &status, WNOHANG) != id_) return std::nullopt;
    id_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  }

 private:
  pid_t id_;
};

Result<Program> start(const std::string& command, const Challenge& challenge, int input, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);

  std::array<std::string, 3> words{"sh", "-c", command};
  std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};
  auto variables = environment(challenge);
  std::vector<char*> pointers;
  for (auto& variable : variables) pointers.push_back(variable.data());
  pointers.push_back(nullptr);
  pid_t id = -1;
  const int problem = ::posix_spawn(&id, "/bin/sh", &actions, &attributes, arguments.data(), pointers.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0) return fail(Errc::usage, "the signer cannot be run");
  return Program{id};
}

Result<Bytes> ask(const std::string& command, const Challenge& challenge, Clock::Duration limit,
                  const std::stop_token& stop) {
  SystemClock clock;
  const auto deadline = clock.now() + limit;
  MTK_TRY_LET(Pipe question, make_pipe());
  MTK_TRY_LET(Pipe answer, make_pipe());
  // A challenge is smaller than any pipe, so this cannot block, and a program that never reads cannot hurt.
  const bool asked = ::write(question.in.fd(), challenge.data.data(), challenge.data.size()) ==
                     static_cast<ssize_t>(challenge.data.size());
  if (!asked) return fail(Errc::usage, "the challenge does not fit the signer's input");
  MTK_TRY_LET(Program program, start(command, challenge, question.out.fd(), answer.in.fd()));
  question.in.close();
  answer.in.close();

  Bytes response;
  std::array<std::byte, max_response> part{};
  for (bool open = true; open;) {
    if (stop.stop_requested()) return fail(Errc::cancelled, "stopped");
    if (clock.now() >= deadline) return fail(Errc::timeout, "the signer did not answer in time");
    pollfd wait{answer.out.fd(), POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(look_around.count())) <= 0) continue;
    const auto got = ::read(answer.out.fd(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    open = got > 0;
    if (got > 0) response.insert(response.end(), part.begin(), part.begin() + got);
    if (response.size() > max_response) return fail(Errc::usage, "the signer answered with too many bytes");
  }
  std::optional<int> status = program.ended();
  while (!status) {
    if (stop.stop_requested()) return fail(Errc::cancelled, "stopped");
    if (clock.now() >= deadline) return fail(Errc::timeout, "the signer did not end in time");
    ::poll(nullptr, 0, static_cast<int>(look_around.count()));
    status = program.ended();
  }
  if (*status != 0) return fail(Errc::usage, fmt::format("the signer failed with exit status {}", *status));
  if (response.empty()) return fail(Errc::usage, "the signer answered with nothing");
  return response;
}

}  // namespace

Signer signer_command(std::string command, Clock::Duration limit, std::stop_token stop) {
  if (command.empty()) return {};
  return [command = std::move(command), limit, stop = std::move(stop)](const Challenge& challenge) {
    return in(ask(command, challenge, limit, stop), "signer");
  };
}

}  // namespace mtk
