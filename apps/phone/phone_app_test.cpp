// SPDX-License-Identifier: Apache-2.0
// The real program on real carriers. Nothing here waits for time to pass, only for bytes and ends of file.
#include "base/bytes.h"
#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>

namespace mtk::phone {
namespace {

constexpr int patience_ms = 20000;

/// Up to `size` bytes that come before the deadline; less when the other end closes.
std::string read_from(int fd, std::size_t size) {
  std::string out;
  while (out.size() < size) {
    pollfd wait{.fd = fd, .events = POLLIN, .revents = 0};
    if (::poll(&wait, 1, patience_ms) <= 0) break;
    std::array<char, 4096> part;
    const ssize_t got = ::read(fd, part.data(), std::min(part.size(), size - out.size()));
    if (got <= 0) break;
    out.append(part.data(), static_cast<std::size_t>(got));
  }
  return out;
}

bool is_closed(int fd) {
  while (true) {
    pollfd wait{.fd = fd, .events = POLLIN, .revents = 0};
    if (::poll(&wait, 1, patience_ms) <= 0) return false;
    std::array<char, 4096> part;
    if (::read(fd, part.data(), part.size()) <= 0) return true;
  }
}

std::string say(int fd, std::initializer_list<unsigned> bytes, std::size_t answer) {
  const Bytes data = to_bytes(bytes);
  if (::write(fd, data.data(), data.size()) != static_cast<ssize_t>(data.size())) ADD_FAILURE() << "write";
  return read_from(fd, answer);
}

class Program {
 public:
  explicit Program(std::vector<std::string> arguments) {
    int out[2];
    if (::pipe(out) != 0) ADD_FAILURE() << "pipe";
    arguments.insert(arguments.begin(), MTK_PHONE_PROGRAM);
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(out[1], STDOUT_FILENO);
      ::close(out[0]);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(out[1]);
    stdout_ = out[0];
  }
  ~Program() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(stdout_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  std::string line() {
    std::string text;
    while (text.empty() || text.back() != '\n') {
      const std::string letter = read_from(stdout_, 1);
      if (letter.empty()) break;
      text += letter;
    }
    return text;
  }
  int stop() {
    ::kill(pid_, SIGTERM);
    return exit_code();
  }
  int exit_code() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = -1;
  int stdout_ = -1;
};

class PhoneApp : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "mtk-phone-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) { return (folder_ / name).string(); }
  std::vector<std::string> arguments(std::vector<std::string> more) {
    std::vector<std::string> all = {"--model", "tiny-6580", "--state", path("state")};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  int connect_unix(const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string file = path(name);
    std::memcpy(address.sun_path, file.data(), file.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    EXPECT_EQ(::connect(fd, static_cast<const sockaddr*>(static_cast<const void*>(&address)), sizeof address),
              0);
    return fd;
  }
  void start_sequence(int fd) {
    for (const unsigned byte : {0xa0U, 0x0aU, 0x50U, 0x05U})
      EXPECT_EQ(say(fd, {byte}, 1), std::string(1, static_cast<char>(~byte)));
  }

  std::filesystem::path folder_;
};

TEST_F(PhoneApp, announces_its_port_and_lives_several_lives_on_a_unix_socket) {
  Program program{arguments({"--entry", "brom", "--listen", "unix:" + path("port"), "--log", path("log")})};
  EXPECT_EQ(program.line(),
            fmt::format("{{\"v\":1,\"event\":\"listening\",\"port\":\"unix:{}\",\"model\":\"tiny-6580\"}}\n",
                        path("port")));
  {
    const int link = connect_unix("port");
    start_sequence(link);
    EXPECT_EQ(say(link, {0xfe}, 1), "\xfe") << "the boot ROM";
    EXPECT_EQ(say(link, {0x33}, 1), "\x33");
    // Writing the software reset register is a change of identity.
    say(link, {0xd4, 0x10, 0x00, 0x70, 0x14, 0, 0, 0, 1}, 11);
    say(link, {0, 0, 0x12, 0x09}, 6);
    EXPECT_TRUE(is_closed(link));
    ::close(link);
  }
  {
    const int link = connect_unix("port");
    EXPECT_EQ(read_from(link, 10), "READYREADY") << "the next connection is the new device, keys released";
    ::close(link);
  }
  const int link = connect_unix("port");
  start_sequence(link);
  ::close(link);
  EXPECT_EQ(program.stop(), 0);
  EXPECT_FALSE(std::filesystem::exists(path("port")));
  std::ifstream log{path("log")};
  std::stringstream text;
  text << log.rdbuf();
  EXPECT_NE(text.str().find("opcode 33 is unknown here"), std::string::npos) << text.str();
}

TEST_F(PhoneApp, closing_the_connection_pulls_the_cable) {
  Program program{arguments({"--listen", "unix:" + path("port")})};
  program.line();
  for (int life = 0; life < 3; ++life) {
    const int link = connect_unix("port");
    EXPECT_EQ(read_from(link, 5), "READY");
    ::close(link);
  }
}

TEST_F(PhoneApp, tells_the_real_tcp_port) {
  Program program{arguments({"--listen", "tcp:127.0.0.1:0"})};
  const std::string line = program.line();
  const auto at = line.find("tcp:127.0.0.1:");
  ASSERT_NE(at, std::string::npos) << line;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(line.substr(at + 14))));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int link = ::socket(AF_INET, SOCK_STREAM, 0);
  ASSERT_EQ(::connect(link, static_cast<const sockaddr*>(static_cast<const void*>(&address)), sizeof address),
            0);
  EXPECT_EQ(read_from(link, 5), "READY");
  ::close(link);
}

TEST_F(PhoneApp, a_pseudo_terminal_goes_and_comes_back_with_another_identity) {
  Program program{arguments({"--entry", "brom", "--listen", "pty:" + path("tty")})};
  program.line();
  const auto first = std::filesystem::read_symlink(path("tty"));
  const int link = ::open(path("tty").c_str(), O_RDWR | O_NOCTTY);
  ASSERT_GE(link, 0);
  termios settings{};
  ASSERT_EQ(::tcgetattr(link, &settings), 0);
  EXPECT_EQ(settings.c_lflag & static_cast<tcflag_t>(ECHO | ICANON), 0u) << "raw from the start";
  start_sequence(link);
  say(link, {0xd4, 0x10, 0x00, 0x70, 0x14, 0, 0, 0, 1}, 11);
  say(link, {0, 0, 0x12, 0x09}, 6);
  EXPECT_TRUE(is_closed(link));
  int again = -1;
  for (int attempt = 0; attempt < 2000 && again < 0; ++attempt) {
    again = ::open(path("tty").c_str(), O_RDWR | O_NOCTTY);
    if (again < 0) ::poll(nullptr, 0, 1);
  }
  ASSERT_GE(again, 0);
  EXPECT_EQ(read_from(again, 5), "READY");
  EXPECT_NE(std::filesystem::read_symlink(path("tty")), first);
  ::close(again);
  ::close(link);
  EXPECT_EQ(program.stop(), 0);
  EXPECT_FALSE(std::filesystem::is_symlink(path("tty")));
}

TEST_F(PhoneApp, a_pseudo_terminal_can_be_closed_and_opened_again) {
  Program program{arguments({"--entry", "brom", "--listen", "pty:" + path("tty")})};
  program.line();
  for (int life = 0; life < 3; ++life) {
    const int link = ::open(path("tty").c_str(), O_RDWR | O_NOCTTY);
    ASSERT_GE(link, 0);
    // The phone may not have noticed yet that the cable was out: like any host, begin again until it answers.
    std::string answer;
    while (answer != "\x5f") {
      const Bytes start = to_bytes({0xa0});
      ASSERT_EQ(::write(link, start.data(), 1), 1);
      pollfd wait{.fd = link, .events = POLLIN, .revents = 0};
      if (::poll(&wait, 1, 20) > 0) answer = read_from(link, 1);
    }
    ::tcflush(link, TCIFLUSH);
    EXPECT_EQ(say(link, {0x0a, 0x50, 0x05}, 3), "\xf5\xaf\xfa") << life;
    say(link, {0xd8}, 1);  // the rest of the answer is left unread
    ::close(link);
  }
}

TEST_F(PhoneApp, a_phone_that_cannot_start_closes_the_connection_at_once) {
  Program program{
      {"--model", "archos-40-titanium", "--state", path("state"), "--listen", "unix:" + path("port")}};
  program.line();
  for (int attempt = 0; attempt < 2; ++attempt) {
    const int link = connect_unix("port");
    EXPECT_TRUE(is_closed(link));
    ::close(link);
  }
}

TEST_F(PhoneApp, a_cut_on_demand_closes_the_connection) {
  Program program{arguments({"--listen", "unix:" + path("port"), "--fault", "cut=phone:7"})};
  program.line();
  const int link = connect_unix("port");
  EXPECT_EQ(read_from(link, 100), "READYRE");
  EXPECT_TRUE(is_closed(link));
  ::close(link);
}

TEST_F(PhoneApp, says_how_far_the_phone_would_start) {
  const auto boot = [&](int code, const std::string& word) {
    Program program{arguments({"--boot"})};
    const std::string line = program.line();
    EXPECT_NE(line.find("\"reaches\":\"" + word + "\""), std::string::npos) << line;
    EXPECT_EQ(program.exit_code(), code);
  };
  const auto wipe = [&](const std::string& area, std::uint64_t offset, std::uint64_t size) {
    auto file = File::open_or_create(path("state/" + area));
    ASSERT_TRUE(file && file->punch_hole(offset, size));
  };
  boot(0, "android");
  wipe("user", 0xa000, 0x2000);  // nvram
  boot(24, "android");
  wipe("user", 0x10000, 0x200);  // boot
  boot(23, "lk");
  wipe("user", 0xe000, 0x200);  // lk
  boot(22, "preloader");
  {
    // The id of the only record in the preloader's settings; the hash over it is made to fit no more, so a
    // type that is judged by structure alone is set first.
    auto file = File::open_or_create(path("state/boot1"));
    ASSERT_TRUE(file && file->write_at(0x800 + 0x1b, to_bytes({3})));
    Bytes area(0x1000);
    ASSERT_TRUE(file->read_at(0, area));
    const Bytes cid = to_bytes({0x15, 0x01, 0x00, 0x54, 0x49, 0x4e, 0x59});
    const auto found = std::search(area.begin(), area.end(), cid.begin(), cid.end());
    ASSERT_NE(found, area.end());
    ASSERT_TRUE(file->write_at(static_cast<std::uint64_t>(found - area.begin()), to_bytes({0x90})));
  }
  boot(25, "memory");
  wipe("boot1", 0, 0x200);
  boot(21, "brom");
}

TEST_F(PhoneApp, wrong_use_has_its_own_exit_codes) {
  EXPECT_EQ(Program({"--state", path("state")}).exit_code(), 2);
  EXPECT_EQ(Program(arguments({})).exit_code(), 2);
  EXPECT_EQ(Program(arguments({"--listen", "carrier-pigeon:1"})).exit_code(), 2);
  EXPECT_EQ(Program(arguments({"--listen", "unix:" + path("p"), "--fault", "fire"})).exit_code(), 2);
  EXPECT_EQ(Program({"--model", "no-such-phone", "--state", path("state"), "--boot"}).exit_code(), 2);
  std::ofstream{path("bad.toml")} << "format = 2\n";
  EXPECT_EQ(Program({"--model", path("bad.toml"), "--state", path("state"), "--boot"}).exit_code(), 4);
}

}  // namespace
}  // namespace mtk::phone
