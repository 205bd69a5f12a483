// SPDX-License-Identifier: Apache-2.0
// A phone on the test bench: its folder, its clock, and a host that says bytes and looks at the answer.
#pragma once

#include "base/hash.h"
#include "sim/contents.h"
#include "sim/legacy.h"
#include "sim/phone.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace mtk::sim {

inline Model model_named(const std::string& name) {
  auto model = load_model(std::filesystem::path{MTK_SOURCE_DIR} / "data/phones" / (name + ".toml"));
  if (!model) ADD_FAILURE() << to_string(model.error());
  return std::move(*model);
}

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "mtk-sim-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "no temporary folder";
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A stand-in agent: DA1 carries the SHA-1 of DA2 without its last 0x100 bytes.
struct StandIn {
  Bytes da1;
  Bytes da2;
};
inline StandIn stand_in(std::size_t da2_size = 0x400, HashKind kind = HashKind::sha1,
                        std::size_t slot = 0x100) {
  StandIn agent{.da1 = pattern(0x100), .da2 = pattern(da2_size)};
  const Bytes digest = hash(kind, ByteView{agent.da2}.first(da2_size - slot));
  agent.da1.insert(agent.da1.end(), digest.begin(), digest.end());
  agent.da1.resize(0x200);
  return agent;
}

class Bench {
 public:
  explicit Bench(Model model, PhoneOptions options = {}) {
    options.log = [this](std::string_view line) { log_ += std::string{line} + "\n"; };
    auto made = Phone::create(std::move(model), folder_.path(), std::move(options));
    if (!made) ADD_FAILURE() << to_string(made.error());
    phone_ = std::move(*made);
  }
  static PhoneOptions keys_held() { return {.entry = Entry::brom}; }

  Phone& phone() { return *phone_; }
  TimePoint now() const { return clock_.now(); }
  const std::string& log() const { return log_; }
  const std::filesystem::path& folder() const { return folder_.path(); }

  void plug() { phone_->plug(clock_.now()); }
  void unplug() { phone_->unplug(clock_.now()); }
  void open() { phone_->open(clock_.now()); }

  /// One transfer, and everything that comes back at once.
  Bytes say(ByteView bytes) {
    phone_->host_wrote(bytes, clock_.now());
    return phone_->take_output(clock_.now());
  }
  Bytes say(std::initializer_list<unsigned> bytes) { return say(to_bytes(bytes)); }
  Bytes say(std::string_view text) { return say(to_bytes(text)); }

  /// Lets time pass and returns what came meanwhile.
  Bytes wait(Duration duration) {
    const TimePoint end = clock_.now() + duration;
    Bytes out = phone_->take_output(clock_.now());
    while (true) {
      const auto next = phone_->next_event();
      if (!next || *next > end) break;
      clock_.advance_to(*next);
      phone_->advance(clock_.now());
      const Bytes part = phone_->take_output(clock_.now());
      out.insert(out.end(), part.begin(), part.end());
    }
    clock_.advance_to(end);
    phone_->advance(end);
    return out;
  }

  /// From the cable to a phone that takes commands.
  void reach_commands() {
    plug();
    if (phone_->bus() == Bus::preloader) {
      wait(milliseconds{1});
      say({0xa0});
    }
    for (const unsigned byte : {0xa0U, 0x0aU, 0x50U, 0x05U}) {
      ASSERT_EQ(say({byte}), to_bytes({0xffU & ~byte})) << log_;
    }
  }
  Bytes upload(ByteView da, std::uint32_t address = 0x200000, std::uint32_t signature = 0) {
    ByteWriter header;
    header.be(address).be(static_cast<std::uint32_t>(da.size())).be(signature);
    Bytes out = say({0xd7});
    const Bytes echo = say(header.view());
    out.insert(out.end(), echo.begin(), echo.end());
    const Bytes answer = say(da);
    out.insert(out.end(), answer.begin(), answer.end());
    return out;
  }
  Bytes jump(std::uint32_t address = 0x200000) {
    ByteWriter command;
    command.u8(0xd5).be(address);
    return say(command.view());
  }
  static Bytes configuration() {
    return to_bytes({0x05, 0xfe, 0x00, 0x08, 0x00, 0x70, 0x07, 0xff, 0xff, 0, 0, 0, 0, 0, 1, 1, 2, 0});
  }
  static Bytes tail() {
    ByteWriter out;
    out.be<std::uint32_t>(1).text("FF", 16).le<std::uint32_t>(255);
    return std::move(out).take();
  }
  /// The stage 2 header and all chunks; returns the answer to the last chunk.
  Bytes send_stage2(ByteView da2, std::uint32_t address = 0x80000000) {
    ByteWriter header;
    header.be(address).be(static_cast<std::uint32_t>(da2.size())).be<std::uint32_t>(0x1000);
    Bytes out = say(header.view());
    for (std::size_t at = 0; at < da2.size(); at += 0x1000)
      out = say(da2.subspan(at, std::min<std::size_t>(0x1000, da2.size() - at)));
    return out;
  }
  /// From the cable to an agent that takes commands, without memory settings.
  void reach_agent() {
    reach_commands();
    const StandIn agent = stand_in();
    upload(agent.da1);
    jump();
    say({0x5a});
    Bytes status = say(configuration());
    if (status.empty()) status = say(tail());
    ASSERT_EQ(status, Bytes(4)) << log_;
    ASSERT_EQ(send_stage2(agent.da2), to_bytes({0x5a, 0x5a})) << log_;
    ASSERT_FALSE(say({0x5a}).empty());
  }

 private:
  Folder folder_;
  FakeClock clock_;
  std::string log_;
  std::unique_ptr<Phone> phone_;
};

}  // namespace mtk::sim
