// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/start.h"

#include "da/legacy/emi_exchange.h"
#include "da/legacy/facts.h"
#include "da/legacy/protocol.h"
#include "da/legacy/stage2.h"

#include <fmt/format.h>

namespace mtk::legacy {
namespace {

/// One start of one phone.
class Starter {
 public:
  Starter(Transport& link, const PhoneInfo& phone, const LegacyOptions& options, OpContext& op)
      : rom_(link, phone.stage), phone_(phone), options_(options), op_(op), link_(link) {
    link_.set_stop(op.stop);
  }

  Result<std::unique_ptr<LegacyAgent>> start(const AgentStages& stages) {
    MTK_TRY(rom_.send_da(stages.stage1, op_));
    rom_.link().clock().sleep(wait_for::before_jump, op_.stop);
    MTK_TRY(rom_.jump_da(stages.stage1.load_address, op_));
    rom_.link().end_transfers_with(ZeroLengthPacket::never);

    op_.observer.stage(Stage::da1);
    MTK_TRY_LET(const Greeting greeting, at(Stage::da1, read_greeting(link_, options_.patience, op_)));
    MTK_TRY_LET(const std::uint32_t status, at(Stage::da1, in(configure(), "CONFIGURATION")));
    if (status != 0) MTK_TRY(at(Stage::dram, set_up_memory(status)));
    MTK_TRY(at(Stage::da1, send_stage2(link_, stages.stage2, op_)));

    op_.observer.stage(Stage::da2);
    MTK_TRY(at(Stage::da2, in(link_.send(ack), "REPORT")));
    MTK_TRY_LET(const Report report, at(Stage::da2, read_report(link_, greeting.flash.nand_ids.size())));
    if (greeting.flash.emmc_status == 0 && !is_same_card(greeting, report))
      op_.observer.write(LogLevel::warning, "the two stages of the agent name different storage ids");
    link_.set_stop({});
    auto agent = std::make_unique<LegacyAgent>(link_, facts_of(greeting, report), options_.tuning);
    MTK_TRY(settle_usb_speed(*agent));
    return agent;
  }

 private:
  Configuration configuration() const {
    Configuration configuration;
    configuration.brom_version = phone_.brom_version;
    configuration.bl_version = phone_.bl_version;
    configuration.bmt_flag = options_.chip.bmt_flag;
    configuration.bmt_pool_size = options_.chip.bmt_pool_bytes;
    configuration.force_charge = static_cast<std::uint8_t>(options_.force_charge);
    return configuration;
  }

  /// Yields the status word of stage 1.
  Result<std::uint32_t> configure() {
    const Bytes tail = options_.agent_takes_no_tail ? Bytes{} : tail_bytes(options_.chip.tail);
    const Clock::Duration patience =
        phone_.stage == BootStage::brom ? wait_for::status_with_calibration : wait_for::status;
    MTK_TRY_LET(const ConfigurationReply reply, send_configuration(link_, configuration(), tail, patience));
    if (reply.status != 0) return reply.status;
    const AfterStatus expected{.tail_was_sent = reply.tail_was_sent,
                               .calibration_words = options_.chip.calibration_words};
    MTK_TRY_LET(const TailTaken taken, settle_after_status(link_, expected));
    if (taken == TailTaken::yes) return reply.status;
    if (options_.on_tail_refused) options_.on_tail_refused();
    return fail(link_.out_of_step(
        "this agent file takes no configuration tail and is out of step now: turn the phone off (hold power "
        "for 15 s or take the battery out) and start again without the tail"));
  }

  /// The agent's codes for missing memory settings are answered; everything else is an error.
  Result<> set_up_memory(std::uint32_t status) {
    if (!asks_for_memory_settings(status)) {
      return fail(link_.status_error(status, fmt::format("stage 1 of the agent stopped with {}", status))
                      .in("CONFIGURATION"));
    }
    op_.observer.stage(Stage::dram);
    MTK_TRY_LET(const FlashIds ids, read_memory_request(link_));
    if (!options_.memory_settings) {
      return fail(link_.status_error(
          status,
          "phone memory is not set up (4032): started from the boot ROM, this phone needs the preloader "
          "file of its own firmware"));
    }
    MTK_TRY_LET(const EmiSettings settings, options_.memory_settings(ids));
    MTK_TRY_LET(const MemoryFacts memory,
                enable_dram(link_, settings, {.sends_length = options_.chip.emi_sends_length}));
    op_.observer.write(LogLevel::info, fmt::format("phone memory runs: {} MiB", memory.size >> 20));
    return {};
  }

  /// An agent that does not know the question is left at the speed it has.
  Result<> settle_usb_speed(LegacyAgent& agent) {
    const auto speed = agent.usb_speed();
    if (!speed && speed.error().code == Errc::unsupported) return {};
    if (!speed) return fail(speed.error());
    if (*speed != UsbSpeed::full || !options_.raise_usb_speed) return {};
    return agent.raise_usb_speed(op_.stop);
  }

  brom::BootRom rom_;
  const PhoneInfo& phone_;
  const LegacyOptions& options_;
  OpContext& op_;
  AgentLink link_;
};

}  // namespace

Result<std::unique_ptr<LegacyAgent>> start_agent(Transport& link, const PhoneInfo& phone,
                                                 const AgentStages& stages, const LegacyOptions& options,
                                                 OpContext& op) {
  return Starter{link, phone, options, op}.start(stages);
}

}  // namespace mtk::legacy
