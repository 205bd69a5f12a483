// SPDX-License-Identifier: Apache-2.0
#include "da/xflash/start.h"

#include "da/xflash/login.h"
#include "da/xflash/questions.h"
#include "da/xflash/stage1.h"
#include "da/xflash/usb_speed.h"

namespace mtk::xflash {
namespace {

constexpr std::uint32_t reset_by_two_keys = 0x68;
/// Bits of the checksum level.
constexpr std::uint32_t check_packets = 1;
constexpr std::uint32_t check_storage = 2;
constexpr std::string_view started_by_brom = "brom";
constexpr std::string_view started_by_preloader = "preloader";

/// One start of one phone.
class Starter {
 public:
  Starter(Transport& transport, const PhoneInfo& phone, const XflashOptions& options, OpContext& op)
      : rom_(transport, phone.stage),
        phone_(phone),
        options_(options),
        op_(op),
        link_(transport, options.chip) {
    link_.packets().set_stop(op.stop);
  }

  Result<std::unique_ptr<XflashAgent>> start(const AgentStages& stages) {
    MTK_TRY(in(check_stage2(stages.stage2), std::string{command::boot_to.name}));
    MTK_TRY(rom_.send_da(stages.stage1, op_));
    rom_.link().clock().sleep(wait_for::before_jump, op_.stop);
    MTK_TRY(rom_.jump_da(stages.stage1.load_address, op_));
    rom_.link().end_transfers_with(ZeroLengthPacket::never);

    op_.observer.stage(Stage::da1);
    const Environment environment{
        .log_channel = static_cast<std::uint32_t>(options_.log_channel),
        .large_read_packets = options_.chip.large_read_packets && large_reads_fit()};
    MTK_TRY(at(Stage::da1, greet(link_, environment, options_.patience, op_)));
    MTK_TRY(at(Stage::da1, settle_stage1()));
    if (needs_memory()) MTK_TRY(at(Stage::dram, set_up_memory()));
    MTK_TRY(at(Stage::da1, boot_to(link_, stages.stage2, op_)));

    op_.observer.stage(Stage::da2);
    MTK_TRY(at(Stage::da2, settle_stage2()));
    link_.packets().set_stop({});
    return std::make_unique<XflashAgent>(std::move(link_), facts(), options_.tuning, answers_.nand.type);
  }

 private:
  /// Whether the link can hold a large packet, which comes whole once it is asked for.
  bool large_reads_fit() { return link_.packets().transport().answer_limit() >= max_packet_size; }

  /// Settings that only the first stage takes. An agent that does not know one goes without.
  Result<> settle_stage1() {
    MTK_TRY_LET(const auto expires, link_.ask(control::expire_date, op_.observer));
    if (expires) answers_.expire_date = printable_text(*expires);
    if (!options_.host_info.empty()) {
      const Bytes text = to_bytes(options_.host_info);
      MTK_TRY(known(link_.set(control::set_host_info, text, op_.observer)));
    }
    MTK_TRY(setting(control::set_battery, static_cast<std::uint32_t>(options_.power)));
    MTK_TRY(setting(control::set_reset_key, reset_by_two_keys));
    const std::uint32_t level = check_packets | (options_.check_storage ? check_storage : 0);
    MTK_TRY_LET(const bool checks, setting(control::set_checksum_level, level));
    checks_storage_ = checks && options_.check_storage;
    MTK_TRY_LET(answers_.connection_agent, ask_connection_agent(link_, op_.observer));
    return {};
  }

  Result<bool> setting(const Code& code, std::uint32_t word) {
    return known(link_.set(code, word, op_.observer));
  }

  /// Whether the agent took it; a refusal is for the log.
  Result<bool> known(Result<> result) {
    if (result) return true;
    if (!is_refusal(result.error())) return fail(std::move(result.error()));
    op_.observer.write(LogLevel::debug, to_string(result.error()));
    return false;
  }

  /// The agent knows better than the boot stage who set up memory.
  bool needs_memory() const {
    if (answers_.connection_agent == started_by_brom) return true;
    if (answers_.connection_agent == started_by_preloader) return false;
    return phone_.stage == BootStage::brom;
  }

  Result<> set_up_memory() {
    op_.observer.stage(Stage::dram);
    MTK_TRY_LET(const FlashIds ids, ask_flash_ids(link_, op_.observer));
    if (!options_.memory_settings)
      return fail(
          Errc::unsupported,
          "phone memory is not set up: started from the boot ROM, this phone needs the preloader file "
          "of its own firmware");
    MTK_TRY_LET(const EmiSettings settings, options_.memory_settings(ids));
    MTK_TRY(start_memory(link_, settings, op_.observer));
    op_.observer.write(LogLevel::info, "phone memory runs");
    return {};
  }

  Result<> settle_stage2() {
    MTK_TRY(log_in(link_, options_.signer, op_.observer));
    MTK_TRY_LET(answers_.usb_speed, settle_usb_speed(link_, options_.raise_usb_speed, op_));
    return ask_stage2(link_, answers_, op_.observer);
  }

  AgentFacts facts() const {
    AgentFacts facts = facts_of(answers_);
    facts.checks_storage = checks_storage_;
    if (is_worn(answers_))
      op_.observer.write(LogLevel::warning, "the phone says that its storage is near the end of its life");
    return facts;
  }

  brom::BootRom rom_;
  const PhoneInfo& phone_;
  const XflashOptions& options_;
  OpContext& op_;
  AgentLink link_;
  Answers answers_;
  bool checks_storage_ = false;
};

}  // namespace

Result<std::unique_ptr<XflashAgent>> start_agent(Transport& link, const PhoneInfo& phone,
                                                 const AgentStages& stages, const XflashOptions& options,
                                                 OpContext& op) {
  return Starter{link, phone, options, op}.start(stages);
}

}  // namespace mtk::xflash
