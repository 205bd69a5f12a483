// SPDX-License-Identifier: Apache-2.0
// The host's side of conversations with a genuine agent is replayed; the phone must answer byte for byte.
#include "sim/test_bench.h"

#include <fstream>
#include <sstream>

namespace mtk::sim {
namespace {

constexpr std::size_t stage2_size = 0x2bca8;

std::filesystem::path trace(const std::string& name) {
  return std::filesystem::path{MTK_SOURCE_DIR} / "tests/trace" / name;
}

struct Line {
  bool from_host = false;
  Bytes bytes;
  bool is_code = false;
  std::size_t number = 0;
};

/// Reads the format of the transcripts; repeats are unrolled.
class Transcript {
 public:
  explicit Transcript(const std::string& name) {
    std::ifstream in{trace(name)};
    if (!in) ADD_FAILURE() << "no " << name;
    std::string text;
    std::size_t number = 0;
    std::size_t repeat_from = 0;
    std::size_t repeats = 0;
    while (std::getline(in, text)) {
      ++number;
      text = text.substr(0, text.find(';'));
      if (text.empty() || text[0] == '#') continue;
      std::istringstream words{text};
      std::string word;
      words >> word;
      if (word == "repeat") {
        words >> repeats;
        repeat_from = lines.size();
      } else if (word == "end") {
        const std::vector<Line> body{lines.begin() + static_cast<std::ptrdiff_t>(repeat_from), lines.end()};
        for (std::size_t i = 1; i < repeats; ++i) lines.insert(lines.end(), body.begin(), body.end());
      } else if (word == "H>" || word == "D>") {
        lines.push_back({.from_host = word == "H>", .bytes = {}, .is_code = false, .number = number});
        while (words >> word) take(word, words);
      }
    }
  }

  std::vector<Line> lines;

 private:
  void take(const std::string& word, std::istringstream& words) {
    Line& line = lines.back();
    ByteWriter out;
    out.bytes(line.bytes);
    if (word == "{code") {
      line.is_code = true;
      out.fill(number(words, 16));
    } else if (word == "{pattern") {
      const std::size_t size = number(words, 16);
      const std::size_t first = number(words, 16);
      out.bytes(pattern(size, first));
    } else if (word == "{partition") {
      std::string name;
      words >> name;
      const std::size_t block = number(words, 10);
      blocks(out, name, block, number(words, 10));
    } else if (const auto star = word.find('*'); star != std::string::npos) {
      out.fill(std::stoul(word.substr(star + 1)),
               static_cast<std::byte>(std::stoul(word.substr(0, star), nullptr, 16)));
    } else {
      out.u8(static_cast<std::uint8_t>(std::stoul(word, nullptr, 16)));
    }
    line.bytes = std::move(out).take();
  }

  /// Skips words like "at", "block", "count" and reads the number behind them.
  static std::size_t number(std::istringstream& words, int base) {
    std::string word;
    while (words >> word) {
      if (word == "at" || word == "block" || word == "count") continue;
      return std::stoul(word, nullptr, base);
    }
    ADD_FAILURE() << "no number";
    return 0;
  }

  static void blocks(ByteWriter& out, std::string name, std::size_t block, std::size_t count) {
    const std::size_t start = name == "proinfo" ? 0x800 : 0;
    if (start == 0) ADD_FAILURE() << "unknown partition " << name;
    name.resize(8, '.');
    for (std::size_t i = block; i < block + count; ++i)
      out.text(name, 8).le(static_cast<std::uint32_t>(i)).le(static_cast<std::uint32_t>(start + i)).fill(496);
  }
};

class LegacyTranscript : public testing::Test {
 protected:
  static Model model() {
    auto model = load_model(trace("transcript-6580.toml"));
    if (!model) ADD_FAILURE() << to_string(model.error());
    return std::move(*model);
  }

  void SetUp() override {
    agent_ = stand_in(stage2_size);
    bench_.reach_commands();
    bench_.upload(agent_.da1);
    ByteWriter command;
    command.u8(0xd5).be<std::uint32_t>(0x200000);
    bench_.phone().host_wrote(command.view(), bench_.now());
    heard_ = bench_.phone().take_output(bench_.now());
    const Bytes echo_and_status = to_bytes({0xd5, 0x00, 0x20, 0x00, 0x00, 0x00, 0x00});
    ASSERT_GE(heard_.size(), echo_and_status.size());
    ASSERT_TRUE(std::equal(echo_and_status.begin(), echo_and_status.end(), heard_.begin()));
    heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(echo_and_status.size()));
  }

  void replay(const std::string& name) {
    SCOPED_TRACE(name);
    for (Line& line : Transcript{name}.lines) {
      if (line.from_host) {
        ASSERT_TRUE(heard_.empty()) << "line " << line.number << ": the phone said more: " << hex(heard_);
        if (line.is_code) fill_code(line.bytes);
        heard_ = bench_.say(line.bytes);
        continue;
      }
      ASSERT_GE(heard_.size(), line.bytes.size()) << "line " << line.number << "\n" << bench_.log();
      const auto end = heard_.begin() + static_cast<std::ptrdiff_t>(line.bytes.size());
      ASSERT_EQ(hex(Bytes(heard_.begin(), end)), hex(line.bytes)) << "line " << line.number;
      heard_.erase(heard_.begin(), end);
    }
    EXPECT_TRUE(heard_.empty()) << "the phone said more: " << hex(heard_);
  }

  void fill_code(Bytes& bytes) {
    ASSERT_LE(code_sent_ + bytes.size(), agent_.da2.size());
    std::copy_n(agent_.da2.begin() + static_cast<std::ptrdiff_t>(code_sent_), bytes.size(), bytes.begin());
    code_sent_ += bytes.size();
  }

  Bench bench_{model(), Bench::keys_held()};
  StandIn agent_;
  Bytes heard_;
  std::size_t code_sent_ = 0;
};

TEST_F(LegacyTranscript, one_session_of_connecting_reading_writing_and_asking) {
  replay("legacy_connect.txt");
  ASSERT_FALSE(HasFailure());
  EXPECT_EQ(code_sent_, stage2_size);
  replay("legacy_read.txt");
  replay("legacy_write.txt");
  replay("legacy_queries.txt");
}

TEST_F(LegacyTranscript, finishing_in_a_session_of_its_own) {
  replay("legacy_connect.txt");
  ASSERT_FALSE(HasFailure());
  replay("legacy_finish.txt");
  bench_.wait(milliseconds{100});
  EXPECT_EQ(bench_.phone().bus(), Bus::off);
}

}  // namespace
}  // namespace mtk::sim
