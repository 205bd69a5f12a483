// SPDX-License-Identifier: Apache-2.0
#include "da/xflash/stage1.h"

#include "da/first_word.h"
#include "da/xflash/replies.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace mtk::xflash {
namespace {

constexpr std::uint32_t log_level_info = 2;
constexpr std::uint32_t os_windows = 0;  // the agent then reads in packets of 2 MiB
constexpr std::uint32_t os_linux = 1;
constexpr std::uint32_t no_parameters = 0;
constexpr std::string_view block_magic = "MTK_BLOADER_INFO_v";

Result<> expect_sync(AgentLink& link, Clock::Duration timeout, Observer& log) {
  MTK_TRY_LET(const auto word, link.status(timeout, log));
  if (word == sync_word) return {};
  if (status::is_error(word)) return fail(AgentLink::status_error(word));
  return fail(link.packets().out_of_step(fmt::format("agent said 0x{:08X} instead of SYNC", word)));
}

Result<> take_announcement(AgentLink& link, Clock::Duration patience, OpContext& op) {
  const auto ask = [&](Clock::Duration timeout) { return link.packets().raw_byte_if_any(timeout); };
  MTK_TRY_LET(const auto byte, await_first_word(ask, patience, op));
  if (byte != announcement)
    return fail(link.packets().out_of_step(fmt::format("agent began with {:02X} instead of C0", byte)));
  return link.send_word(sync_word);
}

/// Unlike all other commands these two are not answered before their parameter.
Result<> set_environment(AgentLink& link, const Environment& environment, Observer& log) {
  MTK_TRY(link.send_word(command::setup_environment.value));
  ByteWriter parameter;
  parameter.le(log_level_info).le(environment.log_channel);
  parameter.le(environment.large_read_packets ? os_windows : os_linux);
  parameter.fill(2 * sizeof(std::uint32_t));
  MTK_TRY(link.packets().send(parameter.view()));
  return link.expect_ok(wait_for::command, log);
}

Result<> set_up_hardware(AgentLink& link, Observer& log) {
  MTK_TRY(link.send_word(command::setup_hw_init.value));
  MTK_TRY(link.send_word(no_parameters));
  MTK_TRY(link.expect_ok(wait_for::hardware, log));
  return expect_sync(link, wait_for::hardware, log);
}

Result<> send_settings(AgentLink& link, const EmiSettings& settings, Observer& log) {
  if (!std::ranges::equal(ByteView{settings.block}.first(std::min(settings.block.size(), block_magic.size())),
                          to_bytes(block_magic)))
    return fail(Errc::bad_image, "preloader file has no memory settings of the kind this agent takes");
  MTK_TRY(link.begin(command::init_ext_ram, log));
  MTK_TRY(link.send_word(static_cast<std::uint32_t>(settings.block.size())));
  MTK_TRY(link.packets().send(settings.block));
  auto started = link.expect_ok(wait_for::memory, log);
  if (!started && started.error().device_status &&
      started.error().device_status->code == status::memory_settings_version) {
    started.error().what = fmt::format("agent does not know memory settings of version {}", settings.version);
  }
  return started;
}

Result<> hand_over(AgentLink& link, const AgentImage& image, OpContext& op) {
  const ByteView code = ByteView{image.data}.first(image.data.size() - image.signature_length);
  Progress progress{.stage = Stage::da1, .item = "agent, stage 2", .total = code.size()};
  op.observer.progress(progress);
  MTK_TRY(link.begin(command::boot_to, op.observer));
  ByteWriter place;
  place.le(std::uint64_t{image.load_address}).le(std::uint64_t{code.size()});
  MTK_TRY(link.packets().send(place.view()));
  MTK_TRY(link.packets().send(code, Content::withheld));
  progress.done = code.size();
  op.observer.progress(progress);
  MTK_TRY_LET(const auto word, link.status(wait_for::stage2_running, op.observer));
  if (word == status::wrong_stage2) {
    Error error = AgentLink::status_error(word);
    error.what = "stage 1 refused stage 2: mixed or damaged agent file";
    return fail(std::move(error));
  }
  if (word != status::ok) return fail(AgentLink::status_error(word));
  MTK_TRY_LET(const auto running, link.status(wait_for::stage2_running, op.observer));
  if (running == sync_word || running == status::ok) return {};
  return fail(AgentLink::status_error(running));
}

}  // namespace

Result<> greet(AgentLink& link, const Environment& environment, Clock::Duration patience, OpContext& op) {
  MTK_TRY(in(take_announcement(link, patience, op), "SYNC"));
  MTK_TRY(in(set_environment(link, environment, op.observer), std::string{command::setup_environment.name}));
  return in(set_up_hardware(link, op.observer), std::string{command::setup_hw_init.name});
}

Result<std::string> ask_connection_agent(AgentLink& link, Observer& log) {
  MTK_TRY_LET(const auto answer, link.ask(control::connection_agent, log));
  return answer ? printable_text(*answer) : std::string{};
}

Result<FlashIds> ask_flash_ids(AgentLink& link, Observer& log) {
  constexpr std::uint32_t none = 1;
  FlashIds ids{.emmc_status = none, .nand_status = none};
  MTK_TRY_LET(const auto emmc, link.ask(control::emmc_info, log, Content::withheld));
  if (emmc) {
    const EmmcInfo info = read_emmc_info(*emmc);
    if (info.type != 0) {
      ids.emmc_status = 0;
      ids.emmc_id.assign(info.cid.begin(), info.cid.end());
    }
  }
  MTK_TRY_LET(const auto ufs, link.ask(control::ufs_info, log, Content::withheld));
  if (ufs) {
    const UfsInfo info = read_ufs_info(*ufs);
    if (info.type != 0) ids.ufs_id.assign(info.cid.begin(), info.cid.end());
  }
  return ids;
}

Result<> start_memory(AgentLink& link, const EmiSettings& settings, Observer& log) {
  return in(send_settings(link, settings, log), std::string{command::init_ext_ram.name});
}

Result<> check_stage2(const AgentImage& image) {
  if (image.data.size() <= image.signature_length)
    return fail(Errc::bad_image, "stage 2 of the agent is empty or shorter than its signature");
  if (image.data.size() > std::numeric_limits<std::uint32_t>::max())
    return fail(Errc::bad_image, "stage 2 of the agent is larger than 4 GiB");
  return {};
}

Result<> boot_to(AgentLink& link, const AgentImage& image, OpContext& op) {
  return in(hand_over(link, image, op), std::string{command::boot_to.name});
}

}  // namespace mtk::xflash
