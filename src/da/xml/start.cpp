// SPDX-License-Identifier: Apache-2.0
#include "da/xml/start.h"

#include "base/ascii.h"
#include "da/xml/login.h"
#include "da/xml/questions.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::xml {
namespace {

/// The second stage as a file; the signature at its end stays here.
class StageSource final : public Source {
 public:
  explicit StageSource(ByteView data) : data_(data) {}
  std::uint64_t size() const override { return data_.size(); }
  Result<> read(std::span<std::byte> into) override {
    if (into.size() > data_.size() - position_) return fail(Errc::internal, "read past the stage");
    std::ranges::copy(data_.subspan(position_, into.size()), into.begin());
    position_ += into.size();
    return {};
  }
  Result<> rewind() override {
    position_ = 0;
    return {};
  }

 private:
  ByteView data_;
  std::size_t position_ = 0;
};

/// One start of one phone.
class Starter {
 public:
  Starter(Transport& link, const PhoneInfo& phone, const XmlOptions& options, OpContext& op)
      : rom_(link, phone.stage), options_(options), op_(op), talk_(framed(link, op), options.variant) {}

  Result<std::unique_ptr<XmlAgent>> start(const AgentStages& stages) {
    MTK_TRY(rom_.send_da(stages.stage1, op_));
    MTK_TRY(jump(stages.stage1.load_address));
    rom_.link().end_transfers_with(ZeroLengthPacket::never);

    op_.observer.stage(Stage::da1);
    MTK_TRY(at(Stage::da1, in(talk_.await_first_document(options_.patience, op_), "SYNC")));
    MTK_TRY(at(Stage::da1, set_up_stage1()));
    op_.observer.stage(Stage::dram);
    MTK_TRY(at(Stage::dram, init_hardware()));
    MTK_TRY(at(Stage::da1, boot_stage2(stages.stage2)));

    op_.observer.stage(Stage::da2);
    MTK_TRY(at(Stage::da2, set_up_stage2()));
    MTK_TRY(at(Stage::da2, log_in(talk_, options_.signer, options_.variant, op_)));
    MTK_TRY_LET(const Bytes report, at(Stage::da2, ask(talk_, GetHwInfo{}, Content::withheld, op_)));
    MTK_TRY_LET(const HwInfo info, at(Stage::da2, in(parse_hw_info(report), std::string{GetHwInfo::name})));
    MTK_TRY_LET(const DaInfo about, at(Stage::da2, agent_info()));
    MTK_TRY_LET(const bool could_be_faster, at(Stage::da2, can_be_faster()));
    talk_.link().set_stop({});
    AgentFacts facts = facts_of(info, about);
    facts.usb_high_speed = !could_be_faster;
    auto agent = std::make_unique<XmlAgent>(std::move(talk_), std::move(facts), options_.variant);
    if (could_be_faster && options_.raise_usb_speed) MTK_TRY(raise_usb_speed(*agent));
    return agent;
  }

 private:
  static FramedLink framed(Transport& link, const OpContext& op) {
    FramedLink framed{link};
    framed.set_stop(op.stop);
    return framed;
  }

  Result<> jump(std::uint32_t address) {
    const bool is_64bit = options_.variant.starts_64bit && rom_.stage() == Stage::brom;
    return is_64bit ? rom_.jump_da64(address, op_) : rom_.jump_da(address, op_);
  }

  template <class T>
  Result<> run(const T& command) {
    Services services;
    return talk_.run(to_command(command), services, op_);
  }

  /// A command that agents may not know.
  template <class T>
  Result<> run_if_known(const T& command) {
    auto done = run(command);
    if (!done && done.error().code == Errc::unsupported) return {};
    return done;
  }

  Result<> set_up_stage1() {
    MTK_TRY(run(options_.settings));
    if (options_.variant.stage1_takes_host_commands) MTK_TRY(run_if_known(HostSupportedCommands{}));
    return {};
  }

  Result<> init_hardware() {
    Services services{.step_patience = wait_for::init_step};
    return talk_.run(to_command(NotifyInitHw{}), services, op_);
  }

  Result<> boot_stage2(const AgentImage& stage) {
    MTK_TRY(run(SetHostInfo{.info = options_.host_info}));
    if (stage.data.size() <= stage.signature_length)
      return fail(Errc::bad_image, "second stage of the agent is nothing but its signature");
    StageSource code{ByteView{stage.data}.first(stage.data.size() - stage.signature_length)};
    const std::string file = fmt::format("MEM://0x1000:{:#x}", code.size());
    Services services{.offered = {{.name = file, .source = code}}};
    const BootTo command{
        .at_address = stage.load_address, .jump_address = stage.load_address, .source_file = file};
    MTK_TRY(talk_.run(to_command(command), services, op_));
    talk_.expect_start_within(wait_for::stage2);
    return {};
  }

  Result<> set_up_stage2() {
    if (options_.variant.stage2_takes_host_commands) MTK_TRY(run_if_known(HostSupportedCommands{}));
    return init_hardware();
  }

  /// The agent's name of itself; an agent that does not tell is none the worse.
  Result<DaInfo> agent_info() {
    const auto file = ask(talk_, GetDaInfo{}, Content::open, op_);
    if (!file && talk_.link().lost()) return fail(file.error());
    if (!file) return DaInfo{};
    auto info = parse_da_info(*file);
    return info ? std::move(*info) : DaInfo{};
  }

  /// False when the agent does not know the question.
  Result<bool> can_be_faster() {
    const auto file = ask(talk_, CanHigherUsbSpeed{}, Content::open, op_);
    if (!file && talk_.link().lost()) return fail(file.error());
    if (!file) return false;
    const auto word = reply_text(*file);
    return word && same_ignoring_case(*word, "YES");
  }

  Result<> raise_usb_speed(XmlAgent& agent) {
    auto raised = agent.raise_usb_speed(op_);
    if (!raised && raised.error().code == Errc::unsupported) return {};
    return raised;
  }

  brom::BootRom rom_;
  const XmlOptions& options_;
  OpContext& op_;
  Conversation talk_;
};

}  // namespace

Result<std::unique_ptr<XmlAgent>> start_agent(Transport& link, const PhoneInfo& phone,
                                              const AgentStages& stages, const XmlOptions& options,
                                              OpContext& op) {
  return Starter{link, phone, options, op}.start(stages);
}

}  // namespace mtk::xml
