// SPDX-License-Identifier: Apache-2.0
#include "session/doctor/computer.h"

#include "base/home.h"
#include "chip/usb_ids.h"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace mtk::doctor {

namespace {

namespace fs = std::filesystem;

Account this_account() {
  Account account{.uid = geteuid(), .name = {}, .groups = {getegid()}};
  if (const passwd* entry = getpwuid(account.uid)) account.name = entry->pw_name;
  if (const int count = getgroups(0, nullptr); count > 0) {
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    if (getgroups(count, groups.data()) >= 0)
      account.groups.insert(account.groups.end(), groups.begin(), groups.end());
  }
  return account;
}

bool may_open(const fs::path& node) {
  return faccessat(AT_FDCWD, node.c_str(), R_OK | W_OK, AT_EACCESS) == 0;
}

std::string kernel_release() {
  utsname name{};
  return uname(&name) == 0 ? name.release : "";
}

/// What it prints goes to stderr: stdout is for results.
Result<> run_program(std::span<const std::string> words) {
  std::vector<std::string> copies(words.begin(), words.end());
  std::vector<char*> arguments;
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  pid_t process = -1;
  const int problem = posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0) {
    const Errc kind = problem == ENOENT ? Errc::not_found : Errc::io;
    return fail(kind, fmt::format("cannot run {}: {}", words[0], std::generic_category().message(problem)));
  }
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return fail(Errc::io, fmt::format("{} failed", fmt::join(words, " ")));
}

}  // namespace

Platform this_platform() {
#if defined(_WIN32)
  return Platform::windows;
#elif defined(__APPLE__)
  return Platform::macos;
#else
  return Platform::gnu_linux;
#endif
}

Computer this_computer() {
  return {.roots = {},
          .root = "/",
          .data = home_data_folder(),
          .user = this_account(),
          .kernel = kernel_release(),
          .may_open = may_open,
          .run = run_program};
}

std::string first_line(const fs::path& file) {
  std::ifstream in{file};
  std::string line;
  std::getline(in, line);
  return line;
}

std::vector<UsbDevice> phones_of(const Computer& computer) {
  std::vector<UsbDevice> phones;
  for (UsbDevice& device : list_usb_devices(computer.roots)) {
    const UsbId* id = find_usb_id(device.vid, device.pid);
    if (id != nullptr && is_download_port(id->role)) phones.push_back(std::move(device));
  }
  return phones;
}

std::vector<fs::path> nodes_of(const Computer& computer, const UsbDevice& phone) {
  std::vector<fs::path> nodes{usb_node_of(computer.roots, phone)};
  if (!phone.tty.empty()) nodes.push_back(computer.roots.dev / phone.tty);
  std::error_code unknown;
  std::erase_if(nodes, [&](const fs::path& node) { return !fs::exists(node, unknown); });
  return nodes;
}

}  // namespace mtk::doctor
