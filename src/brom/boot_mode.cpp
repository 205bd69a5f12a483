// SPDX-License-Identifier: Apache-2.0
#include "brom/boot_mode.h"

#include "brom/timing.h"

#include <algorithm>
#include <array>
#include <string>

namespace mtk::brom {
namespace {

struct Mode {
  BootMode mode;
  std::string_view word;
  std::string_view answer;
};
constexpr std::array modes{
    Mode{BootMode::normal, "AT+NBOOT", "AT+OK"},     Mode{BootMode::fastboot, "FASTBOOT", "TOOBTSAF"},
    Mode{BootMode::meta, "METAMETA", "ATEMATEM"},    Mode{BootMode::advanced_meta, "ADVEMETA", "ATEMEVDX"},
    Mode{BootMode::factory, "FACTFACT", "TCAFTCAF"}, Mode{BootMode::ate, "FACTORYM", "MYROTCAF"},
};

constexpr std::string_view forbidden = "METAFORB";
constexpr std::string_view maker_login = "METASLA";
constexpr std::string_view wants_parameters_1 = "ATEM0001";
constexpr std::string_view wants_parameters_2 = "ATEM0002";
constexpr std::string_view meta_then_disconnect = "ATEMATEX";
constexpr std::string_view disconnect = "DISCONNECT";
/// A preloader first waits 2 s for parameters of an old kind, which nobody has to send.
constexpr std::chrono::seconds mode_answer_time{8};
/// No answer is longer; a phone that talks on is not listened to.
constexpr std::size_t max_heard = 256;
constexpr int max_parameter_requests = 4;

/// Length, version, USB type, number of ports, two modem types; the later form ends in a word of its own.
Bytes parameters(std::uint32_t version) {
  ByteWriter out;
  out.le(version == 1 ? 4u : 6u).le(1u).u8(3).fill(3);
  if (version == 2) out.le(1u);
  return std::move(out).take();
}

/// Listens until one of the words was said. READY may be in between, in fragments.
class Listener {
 public:
  Listener(Transport& link, const Wait& wait) : link_(link), wait_(wait) {}

  Result<std::string_view> hear(std::span<const std::string_view> words, Clock::Duration time) {
    const auto deadline = Wait{time}.deadline(link_.clock().now());
    while (heard_.size() < max_heard) {
      for (const std::string_view word : words) {
        if (const auto at = heard_.find(word); at != heard_.npos) {
          heard_.erase(0, at + word.size());
          return word;
        }
      }
      std::array<std::byte, 1> byte{};
      const auto left = std::max(deadline - link_.clock().now(), Clock::Duration::zero());
      MTK_TRY(link_.read_some(byte, Wait{left, wait_.stop}, Content::open));
      heard_ += static_cast<char>(byte[0]);
    }
    return fail(Errc::protocol, "phone says something else than an answer");
  }
  Result<> say(std::string_view word) { return say(to_bytes(word)); }
  Result<> say(const Bytes& bytes) { return link_.write(bytes, Wait{write_time, wait_.stop}); }

 private:
  Transport& link_;
  const Wait& wait_;
  std::string heard_;
};

Result<> request(Transport& link, const Mode& mode, const Wait& wait) {
  Listener phone{link, wait};
  constexpr std::array beacon{std::string_view{"READY"}};
  MTK_TRY(phone.hear(beacon, wait.timeout));
  MTK_TRY(phone.say(mode.word));
  const std::array answers{mode.answer,        forbidden,          maker_login,
                           wants_parameters_1, wants_parameters_2, meta_then_disconnect};
  for (int asked = 0; asked < max_parameter_requests; ++asked) {
    MTK_TRY_LET(const std::string_view answer, phone.hear(answers, mode_answer_time));
    if (answer == forbidden) return fail(Errc::refused, "phone is secured and forbids this mode");
    if (answer == maker_login) return fail(Errc::unsupported, "this mode needs the maker's authorisation");
    if (answer == wants_parameters_1) {
      MTK_TRY(phone.say(parameters(1)));
    } else if (answer == wants_parameters_2) {
      MTK_TRY(phone.say(parameters(2)));
    } else if (answer == meta_then_disconnect || mode.mode == BootMode::advanced_meta) {
      return phone.say(disconnect);
    } else {
      return {};
    }
  }
  return fail(Errc::protocol, "phone asks for parameters again and again");
}

}  // namespace

Result<> request_boot_mode(Transport& link, BootMode mode, const Wait& wait) {
  const auto entry = std::ranges::find(modes, mode, &Mode::mode);
  MTK_ASSERT(entry != modes.end());
  return at(Stage::preloader, in(request(link, *entry, wait), std::string{entry->word}));
}

}  // namespace mtk::brom
