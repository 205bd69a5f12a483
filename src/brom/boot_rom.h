// SPDX-License-Identifier: Apache-2.0
// The host's side of boot ROM and preloader: one executor for all commands, and the conversations that are
// more than question and answer.
#pragma once

#include "brom/agent_image.h"
#include "brom/commands.h"
#include "brom/handshake.h"
#include "brom/signer.h"
#include "transport/transport.h"

#include <mtk/progress.h>

#include <functional>

namespace mtk::brom {

/// Where and how a chip's hardware watchdog is switched off; from the chip record.
struct WatchdogOff {
  std::uint32_t address = 0;
  std::uint32_t value = 0;
  unsigned width_bits = 32;  ///< 16 or 32
};
enum class WatchdogResult : std::uint8_t { off, refused };

struct IdentifyOptions {
  bool ask_me_id = true;    ///< asked of boot ROMs and of preloaders that know it
  bool ask_soc_id = false;  ///< legacy chips mostly echo it only, which costs a second
};

/// Not thread-safe. Errors carry the stage (connect, then brom or preloader) and the command's name. A
/// command that the phone echoes and does not answer is Errc::unsupported; the phone stays usable. Source:
/// docs/protocol/brom.md
class BootRom {
 public:
  explicit BootRom(Transport& link) : link_(link) {}
  /// For a phone that was identified already.
  BootRom(Transport& link, BootStage stage) : link_(link), stage_(stage_of(stage)) {}

  /// The start sequence; see shake_hands().
  Result<Handshake> connect(const Wait& wait) { return shake_hands(link_, wait); }

  /// Asks who the phone is. Only the hardware code must be answered; what else stays open is in the notes.
  Result<PhoneInfo> identify(const IdentifyOptions& options, OpContext& op);

  /// One question with a reply of fixed size. A reply with a bad status is Errc::device_status.
  template <class Command>
  Result<typename Command::Reply> run(const Command& command, OpContext& op);
  /// One question whose answer announces its own length.
  Result<Bytes> read_block(const BlockCommand& command, Content content, OpContext& op);

  /// `count` values from `address` on, at most 65536. Errors: device_status (refused region), out_of_range.
  Result<std::vector<std::uint32_t>> read32(std::uint32_t address, std::uint32_t count, OpContext& op);
  Result<std::vector<std::uint16_t>> read16(std::uint32_t address, std::uint32_t count, OpContext& op);
  Result<> write32(std::uint32_t address, std::span<const std::uint32_t> values, OpContext& op);
  Result<> write16(std::uint32_t address, std::span<const std::uint16_t> values, OpContext& op);
  /// A refusal is an answer, not an error: secured phones and newer preloaders may refuse.
  Result<WatchdogResult> turn_watchdog_off(const WatchdogOff& watchdog, OpContext& op);

  /// Sends the first stage. Errors: bad_image (empty, or signature longer than the data), device_status
  /// (refused, also when the signature is: a preloader resets then), protocol (checksum differs).
  Result<> send_da(const AgentImage& image, OpContext& op);
  /// Starts it; the next byte on the link is the agent's.
  Result<> jump_da(std::uint32_t address, OpContext& op);
  /// The same in AArch64 state, for boot ROMs of 64-bit chips.
  Result<> jump_da64(std::uint32_t address, OpContext& op);

  /// Root certificate and authentication file of secured phones, supplied by the user.
  Result<> send_certificate(ByteView file, OpContext& op);
  Result<> send_auth(ByteView file, OpContext& op);
  /// The login of phones with SLA.
  Result<> log_in(const Signer& signer, ByteView soc_id, OpContext& op);

  Transport& link() { return link_; }
  /// connect until GET_BL_VER was answered, then brom or preloader.
  Stage stage() const { return stage_; }

 private:
  /// What the executor has to know of a command.
  struct Request {
    std::uint8_t opcode;
    std::string_view name;
    OpcodeEcho echo;
    std::size_t reply_size;
  };

  static Stage stage_of(BootStage stage) { return stage == BootStage::brom ? Stage::brom : Stage::preloader; }

  Result<Bytes> exchange(const Request& request, const Arguments& arguments, OpContext& op);
  Result<> start(std::uint8_t opcode, const Arguments& arguments, OpContext& op);
  Result<> echoed(ByteView field, OpContext& op);
  Result<std::uint16_t> status_word(Clock::Duration timeout, OpContext& op);
  /// The status word that must be a success.
  Result<> success(Clock::Duration timeout, OpContext& op);
  Result<BootStage> ask_stage(PhoneInfo& info, OpContext& op);
  Result<> ask_ids(const IdentifyOptions& options, PhoneInfo& info, OpContext& op);
  Result<> upload(ByteView payload, OpContext& op);
  Result<> send_file(std::uint8_t opcode, ByteView file, OpContext& op);
  Result<> answer_challenge(const Signer& signer, ByteView soc_id, OpContext& op);
  template <class Word>
  Result<std::vector<Word>> read_words(std::uint8_t opcode, std::uint32_t address, std::uint32_t count,
                                       OpContext& op);
  template <class Word>
  Result<> write_words(std::uint8_t opcode, std::uint32_t address, std::span<const Word> values,
                       OpContext& op);
  template <class T>
  Result<T> named(Result<T> result, std::string_view name) const {
    return at(stage_, in(std::move(result), std::string{name}));
  }

  Transport& link_;
  Stage stage_ = Stage::connect;
};

template <class Command>
Result<typename Command::Reply> BootRom::run(const Command& command, OpContext& op) {
  Arguments arguments;
  command.encode(arguments);
  const Request request{Command::opcode, Command::name, Command::echo, Command::reply_size};
  MTK_TRY_LET(const Bytes raw, exchange(request, arguments, op));
  ByteReader in{raw};
  auto reply = named(Command::decode(in), Command::name);
  if constexpr (requires { reply->status; }) {
    if (reply) MTK_TRY(named(accept(reply->status), Command::name));
  }
  return reply;
}

}  // namespace mtk::brom
