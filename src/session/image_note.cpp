// SPDX-License-Identifier: Apache-2.0
#include "session/image_note.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace mtk {

namespace {

struct Sentence {
  std::string_view id;
  Text text;
};
constexpr std::array sentences{Sentence{"android", Text::image_android},
                               Sentence{"patch", Text::image_patch},
                               Sentence{"board", Text::image_board},
                               Sentence{"header", Text::image_header},
                               Sentence{"cmdline", Text::image_cmdline},
                               Sentence{"recovery", Text::image_recovery},
                               Sentence{"signed", Text::image_signed},
                               Sentence{"unsigned", Text::image_unsigned},
                               Sentence{"certificates", Text::image_certificates},
                               Sentence{"old_signature", Text::image_old_signature},
                               Sentence{"changed", Text::image_changed},
                               Sentence{"intact", Text::image_intact},
                               Sentence{"verification_off", Text::image_verification_off},
                               Sentence{"covers", Text::image_covers},
                               Sentence{"contents", Text::image_contents},
                               Sentence{"partitions", Text::image_partitions},
                               Sentence{"pictures", Text::image_pictures},
                               Sentence{"parts", Text::image_parts},
                               Sentence{"fingerprint", Text::image_fingerprint},
                               Sentence{"packed", Text::image_packed},
                               Sentence{"memory", Text::image_memory},
                               Sentence{"not_read", Text::image_not_read}};

}  // namespace

ImageNote image_note(std::string_view id, std::string_view value) {
  const auto found = std::ranges::find(sentences, id, &Sentence::id);
  return {.id = std::string{id},
          .value = std::string{value},
          .text = found == sentences.end() ? std::string{value} : say(found->text, fmt::arg("value", value))};
}

}  // namespace mtk
