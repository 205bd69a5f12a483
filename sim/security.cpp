// SPDX-License-Identifier: Apache-2.0
// The boot ROM's log, certificate, authentication file and login. The signature scheme is this project's own.
#include "base/hash.h"
#include "sim/commands.h"

namespace mtk::sim {

namespace {

constexpr unsigned no_authentication_needed = 0x1d0c;
constexpr unsigned login_failed = 0x1d0d;
constexpr unsigned signature_refused = 0x2001;
constexpr unsigned already_passed = 0x7017;
constexpr std::uint32_t credential_limit = 0x10000;
constexpr std::uint32_t response_limit = 0x1000;
constexpr std::uint32_t little_endian_0x100 = 0x00010000;

}  // namespace

void Commands::rom_log(bool with_status) {
  const std::string& text = board_.model.brom.log;
  board_.send_be(static_cast<std::uint32_t>(text.size()));
  board_.send(to_bytes(text));
  if (with_status) status(0);
}

void Commands::take_file(std::string what, bool& taken) {
  echoed({4}, [this, what = std::move(what), &taken](ByteView length) {
    next_command();
    const auto& security = board_.model.security;
    const auto size = ByteReader{length}.be<std::uint32_t>();
    if (!security.sla && !security.daa && !security.cert && !security.auth) {
      board_.log("{}: {} of 0x{:x} bytes is not needed", name(), what, size);
      return status(no_authentication_needed);
    }
    if (size <= 0x20 || size > credential_limit) {
      board_.log("{}: {} of 0x{:x} bytes is refused", name(), what, size);
      return status(signature_refused);
    }
    status(0);
    field(size, [this, what, &taken](ByteView file) {
      next_command();
      board_.send_be(xor16(file));
      const ByteView data = file.first(file.size() - 0x20);
      taken = signature_fits(board_.model.security.key, data, file.subspan(data.size()));
      board_.log("{}: {} {}", name(), what, taken ? "accepted" : "refused: its signature is wrong");
      status(taken ? 0 : signature_refused);
    });
  });
}

void Commands::sla_challenge() {
  if (!board_.model.security.sla || sla_passed_) {
    board_.log("{}: login is not needed", name());
    return status(already_passed);
  }
  status(0);
  ByteWriter seed;
  seed.bytes(board_.model.chip.me_id).bytes(to_bytes("challenge"));
  challenge_ = sha256(seed.view());
  challenge_.resize(16);
  board_.send_be(static_cast<std::uint32_t>(challenge_.size()));
  board_.send(ByteView{challenge_});
  echoed({4}, [this](ByteView length) { take_sla_response(length); });
}

void Commands::take_sla_response(ByteView length_field) {
  next_command();
  auto length = ByteReader{length_field}.be<std::uint32_t>();
  if (length == little_endian_0x100) {
    board_.log("{}: response length is little-endian, taken as 0x100", name());
    length = 0x100;
  }
  if (length < 0x20 || length > response_limit) {
    board_.log("{}: response of 0x{:x} bytes is refused", name(), length);
    return status(login_failed);
  }
  status(0);
  field(length, [this](ByteView response) {
    next_command();
    sla_passed_ = signature_fits(board_.model.security.key, challenge_, response);
    board_.log("{}: login {}", name(), sla_passed_ ? "accepted" : "refused");
    status(sla_passed_ ? 0 : login_failed);
  });
}

}  // namespace mtk::sim
