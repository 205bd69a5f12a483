// SPDX-License-Identifier: Apache-2.0
#include "brom/testing/scripted_phone.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

namespace mtk {
namespace {

std::uint64_t number(std::string_view text, int base) {
  std::uint64_t value = 0;
  if (base == 16 && text.starts_with("0x")) text.remove_prefix(2);
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value, base);
  MTK_ASSERT(end.ec == std::errc{} && end.ptr == text.data() + text.size());
  return value;
}

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream in{std::string{text}};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

/// The user area of the recorded phone: each of the first 1024 blocks of a partition names itself.
Bytes user_area_block(std::string_view partition, std::uint32_t block) {
  struct Start {
    std::string_view name;
    std::uint32_t first_block;
  };
  constexpr std::array<Start, 5> starts{
      {{"proinfo", 0x800}, {"nvram", 0x2000}, {"lk", 0x2800}, {"boot", 0x3000}, {"userdata", 0x8000}}};
  const auto start = std::ranges::find(starts, partition, &Start::name);
  MTK_ASSERT(start != starts.end());
  ByteWriter out;
  std::string name{partition};
  name.resize(8, '.');
  out.text(name, 8).le(block).le(start->first_block + block).fill(512 - 16);
  return std::move(out).take();
}

}  // namespace

ScriptedPhone::ScriptedPhone(std::string_view script) {
  std::istringstream in{std::string{script}};
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    line.resize(std::min(line.find('#'), std::min(line.find(';'), line.size())));
    const std::size_t start = line.find_first_not_of(' ');
    if (!words_of(line).empty()) lines.push_back(line.substr(start));
  }
  std::vector<std::string> played;
  for (auto line = lines.begin(); line != lines.end(); ++line) {
    const std::vector<std::string> words = words_of(*line);
    if (words[0] != "repeat") {
      played.push_back(*line);
      continue;
    }
    const auto end =
        std::find_if(line, lines.end(), [](const auto& other) { return words_of(other)[0] == "end"; });
    MTK_ASSERT(end != lines.end());
    for (std::uint64_t times = number(words[1], 10); times > 0; --times)
      played.insert(played.end(), line + 1, end);
    line = end;
  }
  parse(std::move(played));
}

void ScriptedPhone::parse(std::vector<std::string> lines) {
  for (std::string& line : lines) {
    // A token in braces holds blanks of its own.
    bool inside = false;
    for (char& c : line) {
      if (c == '{') inside = true;
      if (c == '}') inside = false;
      if (inside && c == ' ') c = '_';
    }
    const std::vector<std::string> words = words_of(line);
    Step step{.kind = Kind::phone, .line = line, .bytes = {}, .any = {}};
    if (words[0] == "wait") {
      step.kind = Kind::wait;
      step.time = std::chrono::milliseconds{number(words[1], 10)};
    } else if (words[0] == "leave" || words[0] == "gone") {
      step.kind = words[0] == "leave" ? Kind::leave : Kind::gone;
    } else {
      MTK_ASSERT(words[0] == "H>" || words[0] == "T>" || words[0] == "D>");
      if (words[0] == "H>") step.kind = Kind::host;
      if (words[0] == "T>") step.kind = Kind::transfer;
      for (std::size_t i = 1; i < words.size(); ++i) append(step, words[i]);
    }
    steps_.push_back(std::move(step));
  }
}

void ScriptedPhone::append(Step& step, std::string_view token) {
  Bytes bytes;
  bool any = false;
  if (token.front() == '{') {
    std::string text{token.substr(1, token.size() - 2)};
    std::ranges::replace(text, '_', ' ');
    const std::vector<std::string> words = words_of(text);
    if (words[0] == "code") {
      bytes.resize(number(words[1], 16));
      any = true;
    } else if (words[0] == "pattern") {
      const std::uint64_t offset = number(words[3], 16);
      for (std::uint64_t i = offset; i < offset + number(words[1], 16); ++i)
        bytes.push_back(static_cast<std::byte>((7 * i + i / 256) & 0xff));
    } else {
      MTK_ASSERT(words[0] == "partition");
      const auto first = static_cast<std::uint32_t>(number(words[3], 10));
      for (std::uint32_t i = 0; i < number(words[5], 10); ++i) {
        const Bytes block = user_area_block(words[1], first + i);
        bytes.insert(bytes.end(), block.begin(), block.end());
      }
    }
  } else {
    const std::size_t star = token.find('*');
    const std::uint64_t count = star == token.npos ? 1 : number(token.substr(star + 1), 10);
    bytes.assign(count, static_cast<std::byte>(number(token.substr(0, std::min(star, token.size())), 16)));
  }
  step.any.insert(step.any.end(), bytes.size(), any);
  step.bytes.insert(step.bytes.end(), bytes.begin(), bytes.end());
}

bool ScriptedPhone::connect(TimePoint now) {
  if (!left_for_good_) on_bus_ = true;
  advance(now);
  return on_bus_;
}

void ScriptedPhone::advance(TimePoint now) {
  while (on_bus_ && !steps_.empty()) {
    const Step& step = steps_.front();
    if (step.kind == Kind::host || step.kind == Kind::transfer) return;
    if (step.kind == Kind::wait) {
      if (!due_) due_ = now + step.time;
      if (now < *due_) return;
      due_.reset();
    } else if (step.kind == Kind::phone) {
      unread_.insert(unread_.end(), step.bytes.begin(), step.bytes.end());
    } else {
      if (!unread_.empty()) return;
      on_bus_ = false;
      left_for_good_ = step.kind == Kind::gone;
    }
    steps_.pop_front();
  }
}

void ScriptedPhone::compare(Step& step, ByteView& data) {
  while (matched_ < step.bytes.size() && !data.empty()) {
    if (!step.any[matched_] && data.front() != step.bytes[matched_]) {
      fault_ = fmt::format("host sent {} where byte {} of `{}` was due",
                           hex(data.first(std::min<std::size_t>(data.size(), 16))), matched_, step.line);
      on_bus_ = false;
      left_for_good_ = true;
      return;
    }
    data = data.subspan(1);
    ++matched_;
  }
}

void ScriptedPhone::host_wrote(ByteView transfer, TimePoint now) {
  advance(now);
  ByteView data = transfer;
  while (!data.empty() && fault_.empty()) {
    if (steps_.empty() || (steps_.front().kind != Kind::host && steps_.front().kind != Kind::transfer)) {
      fault_ = fmt::format("host sent {} while {}", hex(data.first(std::min<std::size_t>(data.size(), 16))),
                           steps_.empty() ? "nothing was due" : "`" + steps_.front().line + "` was due");
      on_bus_ = false;
      left_for_good_ = true;
      return;
    }
    Step& step = steps_.front();
    if (step.kind == Kind::transfer && transfer.size() != step.bytes.size()) {
      fault_ = fmt::format("a transfer of {} bytes where `{}` was due", transfer.size(), step.line);
      on_bus_ = false;
      left_for_good_ = true;
      return;
    }
    compare(step, data);
    if (!fault_.empty() || matched_ < step.bytes.size()) return;
    matched_ = 0;
    steps_.pop_front();
    advance(now);
  }
}

std::size_t ScriptedPhone::take(std::span<std::byte> into, TimePoint now) {
  advance(now);
  const std::size_t size = std::min(into.size(), unread_.size());
  std::copy_n(unread_.begin(), size, into.begin());
  unread_.erase(unread_.begin(), unread_.begin() + static_cast<std::ptrdiff_t>(size));
  if (unread_.empty()) advance(now);
  return size;
}

std::optional<Device::TimePoint> ScriptedPhone::next_event() const { return due_; }

std::string ScriptedPhone::state() const {
  if (!fault_.empty()) return fault_;
  if (!unread_.empty()) return fmt::format("{} bytes of the phone were not read", unread_.size());
  return steps_.empty() ? "finished" : "`" + steps_.front().line + "` is still due";
}

}  // namespace mtk
