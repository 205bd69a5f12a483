// SPDX-License-Identifier: Apache-2.0
// The exit codes scripts rely on; docs/user/exit-codes.md lists them.
#include "session/no_phone.h"

#include <mtk/session.h>

#include <algorithm>

namespace mtk {

namespace {

/// Status words by which boot ROM and preloader refuse for want of a signature, login or certificate.
bool is_security_word(std::uint32_t code) {
  return code == 0x1d0d || code == 0x1d15 || code == 0x1d17 || code == 0x5a5b ||
         (code >= 0x2000 && code <= 0x2006) || (code >= 0x6000 && code <= 0x7fff);
}

int before_writing(const Error& error) {
  const bool by_word = error.device_status && error.device_status->kind == StatusKind::brom16;
  switch (error.stage) {
    case Stage::connect:
      if (error.code == Errc::timeout && std::ranges::find(error.during, no_phone_step) != error.during.end())
        return 5;
      if (error.code == Errc::busy || error.code == Errc::io) return 6;
      return 7;
    case Stage::brom:
    case Stage::preloader:
      return by_word && is_security_word(error.device_status->code) ? 8 : 7;
    case Stage::dram:
      return 9;
    case Stage::host:
      return 1;
    default:
      return 10;
  }
}

}  // namespace

int exit_code(const Error& error, bool began_writing) {
  switch (error.code) {
    case Errc::cancelled:
      return 13;
    case Errc::internal:
      return 1;
    case Errc::verify:
      return 12;
    default:
      break;
  }
  if (began_writing) return 11;
  switch (error.code) {
    case Errc::usage:
      return 2;
    case Errc::refused:
      return 3;
    case Errc::bad_image:
      return 4;
    case Errc::io:
      return error.stage == Stage::connect ? 6 : 14;
    default:
      break;
  }
  // An agent file without this chip, a chip file with a wrong value: files that do not fit.
  if (error.stage == Stage::host && (error.code == Errc::unsupported || error.code == Errc::out_of_range))
    return 4;
  return before_writing(error);
}

}  // namespace mtk
