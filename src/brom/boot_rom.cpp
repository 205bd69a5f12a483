// SPDX-License-Identifier: Apache-2.0
// The executor, and the questions that tell who the phone is.
#include "brom/boot_rom.h"

#include "brom/timing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk::brom {
namespace {

constexpr std::uint8_t version_of_brom = 0xfe;  // the boot ROM does not know GET_BL_VER and echoes it
constexpr std::uint8_t first_version_with_ids = 3;

/// A phone that does not know a question, or refuses it, may still be flashed. Silence without an echo is the
/// same for GET_VERSION; where an echo is due, nobody is there.
bool is_left_open(std::string_view question, const Error& error) {
  if (error.code == Errc::timeout) return question == GetVersion::name;
  return error.code == Errc::unsupported || error.code == Errc::device_status;
}

}  // namespace

Result<> BootRom::echoed(ByteView field, OpContext& op) {
  MTK_TRY(link_.write(field, Wait{write_time, op.stop}));
  Bytes back(field.size());
  MTK_TRY(link_.read_exactly(back, Wait{answer_time, op.stop}));
  if (std::ranges::equal(back, field)) return {};
  return fail(Errc::protocol, fmt::format("phone echoed {} instead of {}", hex(back), hex(field)));
}

Result<> BootRom::start(std::uint8_t opcode, const Arguments& arguments, OpContext& op) {
  if (op.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
  const std::array code{static_cast<std::byte>(opcode)};
  MTK_TRY(echoed(code, op));
  for (const Bytes& field : arguments.fields()) MTK_TRY(echoed(field, op));
  return {};
}

Result<std::uint16_t> BootRom::status_word(Clock::Duration timeout, OpContext& op) {
  MTK_TRY_LET(const Bytes raw, link_.read_bytes(2, Wait{timeout, op.stop}));
  return ByteReader{raw}.be<std::uint16_t>();
}

Result<> BootRom::success(Clock::Duration timeout, OpContext& op) {
  MTK_TRY_LET(const std::uint16_t status, status_word(timeout, op));
  return accept(status);
}

Result<Bytes> BootRom::exchange(const Request& request, const Arguments& arguments, OpContext& op) {
  const auto ask = [&]() -> Result<Bytes> {
    if (request.echo == OpcodeEcho::yes) {
      MTK_TRY(start(request.opcode, arguments, op));
    } else {
      const std::array code{static_cast<std::byte>(request.opcode)};
      MTK_TRY(link_.write(code, Wait{write_time, op.stop}));
    }
    auto reply = link_.read_bytes(request.reply_size, Wait{answer_time, op.stop});
    if (!reply && reply.error().code == Errc::timeout) {
      MTK_TRY(link_.drain(quiet_time, drain_limit));
      if (request.echo == OpcodeEcho::yes)
        return fail(Errc::unsupported, "phone does not know this command: it only echoed it");
    }
    return reply;
  };
  return named(ask(), request.name);
}

Result<Bytes> BootRom::read_block(const BlockCommand& command, Content content, OpContext& op) {
  const auto ask = [&]() -> Result<Bytes> {
    MTK_TRY(start(command.opcode, {}, op));
    auto head = link_.read_bytes(4, Wait{answer_time, op.stop});
    if (!head && head.error().code == Errc::timeout) {
      MTK_TRY(link_.drain(quiet_time, drain_limit));
      return fail(Errc::unsupported, "phone does not know this command: it only echoed it");
    }
    if (!head) return fail(std::move(head.error()));
    const auto length = ByteReader{*head}.be<std::uint32_t>();
    if (length > command.max_length)
      return fail(Errc::protocol, fmt::format("phone announces {} bytes", length));
    MTK_TRY_LET(Bytes data, link_.read_bytes(length, Wait{answer_time, op.stop}, content));
    if (command.has_status) MTK_TRY(success(answer_time, op));
    return data;
  };
  return named(ask(), command.name);
}

/// READY of the beacon may still be under way; no preloader has a version that looks like its letters.
Result<BootStage> BootRom::ask_stage(PhoneInfo& info, OpContext& op) {
  MTK_TRY_LET(GetBlVer::Reply reply, run(GetBlVer{}, op));
  for (int skipped = 0; is_ready_letter(reply.version) && skipped < 64; ++skipped) {
    MTK_TRY_LET(const Bytes next, named(link_.read_bytes(1, Wait{answer_time, op.stop}), GetBlVer::name));
    reply.version = static_cast<std::uint8_t>(next[0]);
  }
  info.bl_version = reply.version;
  return reply.version == version_of_brom ? BootStage::brom : BootStage::preloader;
}

Result<> BootRom::ask_ids(const IdentifyOptions& options, PhoneInfo& info, OpContext& op) {
  const bool knows_ids = info.stage == BootStage::brom || info.bl_version >= first_version_with_ids;
  const auto ask = [&](const BlockCommand& command, Bytes& into) -> Result<> {
    auto id = read_block(command, Content::withheld, op);
    if (id) {
      into = std::move(*id);
    } else if (is_left_open(command.name, id.error())) {
      info.notes.push_back(fmt::format("{}: {}", command.name, id.error().what));
    } else {
      return fail(std::move(id.error()));
    }
    return {};
  };
  if (options.ask_me_id && knows_ids && (!info.capabilities || info.capabilities->me_id()))
    MTK_TRY(ask(get_me_id, info.me_id));
  if (options.ask_soc_id && knows_ids && (!info.capabilities || info.capabilities->soc_id()))
    MTK_TRY(ask(get_soc_id, info.soc_id));
  return {};
}

Result<PhoneInfo> BootRom::identify(const IdentifyOptions& options, OpContext& op) {
  PhoneInfo info;
  MTK_TRY_LET(info.stage, ask_stage(info, op));
  stage_ = stage_of(info.stage);

  MTK_TRY_LET(const GetHwCode::Reply chip, run(GetHwCode{}, op));
  info.hw_code = chip.hw_code;

  // Runs a question that may stay open; its answer is taken by `keep`.
  const auto optional = [&](const auto& command, auto keep) -> Result<> {
    auto reply = run(command, op);
    if (reply) {
      keep(*reply);
    } else if (is_left_open(command.name, reply.error())) {
      info.notes.push_back(fmt::format("{}: {}", command.name, reply.error().what));
    } else {
      return fail(std::move(reply.error()));
    }
    return {};
  };
  MTK_TRY(optional(GetHwSwVersion{}, [&](const GetHwSwVersion::Reply& reply) {
    info.hw_subcode = reply.hw_subcode;
    info.hw_version = reply.hw_version;
    info.sw_version = reply.sw_version;
  }));
  MTK_TRY(optional(GetTargetConfig{},
                   [&](const GetTargetConfig::Reply& reply) { info.target_config = reply.config; }));
  MTK_TRY(optional(GetVersion{}, [&](const GetVersion::Reply& reply) { info.brom_version = reply.version; }));
  if (info.stage == BootStage::preloader && info.bl_version >= first_version_with_ids) {
    MTK_TRY(optional(GetPlCap{}, [&](const GetPlCap::Reply& reply) {
      info.capabilities = PreloaderCapabilities{.flags = reply.capabilities};
    }));
  }
  MTK_TRY(ask_ids(options, info, op));
  return info;
}

Result<> BootRom::jump_da(std::uint32_t address, OpContext& op) {
  MTK_TRY(run(JumpDa{.address = address}, op));
  return {};
}

}  // namespace mtk::brom
