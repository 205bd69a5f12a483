// SPDX-License-Identifier: Apache-2.0
// Conversations with genuine agents as test input (docs/format/transcript.md); repeats are unrolled, and a
// line of a framed conversation has got its packet header.
#pragma once

#include "sim/test_bench.h"

#include <fstream>
#include <sstream>

namespace mtk::sim {

inline std::filesystem::path trace(const std::string& name) {
  return std::filesystem::path{MTK_SOURCE_DIR} / "tests/trace" / name;
}

enum class Framed { no, yes };

class Transcript {
 public:
  struct Line {
    bool from_host = false;
    Bytes bytes;
    bool is_code = false;
    bool is_raw = false;
    std::size_t number = 0;
  };

  Transcript(const std::string& name, Framed framed) {
    std::ifstream in{trace(name)};
    if (!in) ADD_FAILURE() << "no " << name;
    std::string text;
    std::size_t number = 0;
    std::size_t repeat_from = 0;
    std::size_t repeats = 0;
    while (std::getline(in, text)) {
      ++number;
      text = text.substr(0, text.find(" ;"));
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
        lines.emplace_back();
        lines.back().from_host = word == "H>";
        lines.back().number = number;
        while (words >> word) take(word, words);
        if (framed == Framed::yes && !lines.back().is_raw) frame(lines.back().bytes);
      }
    }
  }

  std::vector<Line> lines;

 private:
  static void frame(Bytes& payload) {
    ByteWriter out;
    out.le<std::uint32_t>(0xfeeeeeef).le<std::uint32_t>(1).le(static_cast<std::uint32_t>(payload.size()));
    payload.insert(payload.begin(), out.view().begin(), out.view().end());
  }

  void take(const std::string& word, std::istringstream& words) {
    Line& line = lines.back();
    ByteWriter out;
    out.bytes(line.bytes);
    if (word == "raw") {
      line.is_raw = true;
    } else if (word[0] == '`') {
      std::string rest;
      if (word.size() == 1 || word.back() != '`') std::getline(words, rest, '`');
      std::string all = word + rest;
      std::erase(all, '`');
      out.bytes(to_bytes(all));
    } else if (word == "{code") {
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

  /// Skips words like "at", "block", "count" and reads the number behind them, and the closing brace.
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

/// What a phone says behind the last line: nothing, or the next turn of an agent that asks for commands.
enum class AtEnd { silence, next_turn };

/// Says the host's lines to a phone and compares what it answers.
class Replay {
 public:
  /// `code` stands for the vendor's; `heard` is what the phone has said already.
  Replay(Bench& bench, Bytes code, Bytes heard)
      : bench_(bench), code_(std::move(code)), heard_(std::move(heard)) {}

  void play(const std::string& name, Framed framed, AtEnd end_of_file = AtEnd::silence) {
    SCOPED_TRACE(name);
    for (Transcript::Line& line : Transcript{name, framed}.lines) {
      if (line.from_host) {
        ASSERT_TRUE(heard_.empty()) << "line " << line.number << ": the phone said more: " << hex(heard_);
        if (line.is_code) fill_code(line.bytes, framed == Framed::yes ? 12 : 0);
        heard_ = bench_.say(line.bytes);
        continue;
      }
      ASSERT_GE(heard_.size(), line.bytes.size()) << "line " << line.number << "\n" << bench_.log();
      const auto end = heard_.begin() + static_cast<std::ptrdiff_t>(line.bytes.size());
      ASSERT_EQ(hex(Bytes(heard_.begin(), end)), hex(line.bytes)) << "line " << line.number;
      heard_.erase(heard_.begin(), end);
    }
    EXPECT_EQ(heard_.empty(), end_of_file == AtEnd::silence) << "the phone said more: " << hex(heard_);
  }
  std::size_t code_sent() const { return code_sent_; }

 private:
  void fill_code(Bytes& bytes, std::size_t from) {
    ASSERT_LE(code_sent_ + bytes.size() - from, code_.size());
    std::copy_n(code_.begin() + static_cast<std::ptrdiff_t>(code_sent_), bytes.size() - from,
                bytes.begin() + static_cast<std::ptrdiff_t>(from));
    code_sent_ += bytes.size() - from;
  }

  Bench& bench_;
  Bytes code_;
  Bytes heard_;
  std::size_t code_sent_ = 0;
};

}  // namespace mtk::sim
