// SPDX-License-Identifier: Apache-2.0
// Questions about phone, storage and agent, and the speed of the link.
// Source: docs/protocol/da-xml.md#replies
#include "da/xml/agent.h"
#include "da/xml/questions.h"

namespace mtk::xml {
namespace {

constexpr std::size_t register_size = 4;

/// An agent that does not know what is asked for ends the command as if all were well, and sends nothing.
std::optional<std::string> known_word(Result<std::string> text) {
  if (!text || text->empty()) return std::nullopt;
  return std::move(*text);
}

}  // namespace

template <class Question>
Result<Bytes> XmlAgent::ask(Question question, Content content, OpContext& op) {
  return at(Stage::da2, xml::ask(conversation_, question, content, op));
}

Result<std::vector<ListedPartition>> XmlAgent::partition_table(OpContext& op) {
  MTK_TRY_LET(const Bytes file, ask(ReadPartitionTable{}, Content::open, op));
  return at(Stage::da2, in(parse_partition_table(file), std::string{ReadPartitionTable::name}));
}

Result<HwInfo> XmlAgent::hardware(OpContext& op) {
  MTK_TRY_LET(const Bytes file, ask(GetHwInfo{}, Content::withheld, op));
  return at(Stage::da2, in(parse_hw_info(file), std::string{GetHwInfo::name}));
}

Result<DaInfo> XmlAgent::agent_info(OpContext& op) {
  MTK_TRY_LET(const Bytes file, ask(GetDaInfo{}, Content::open, op));
  return at(Stage::da2, in(parse_da_info(file), std::string{GetDaInfo::name}));
}

Result<std::optional<std::string>> XmlAgent::property(std::string_view key, OpContext& op) {
  GetSysProperty question;
  question.key = key;
  MTK_TRY_LET(const Bytes file, ask(question, Content::withheld, op));
  return at(Stage::da2, in(parse_sys_property(file, key), std::string{GetSysProperty::name}));
}

Result<std::optional<std::string>> XmlAgent::storage_life(OpContext& op) {
  EmmcControl question;
  question.function = EmmcControl::life_cycle;
  MTK_TRY_LET(const Bytes file, ask(question, Content::open, op));
  return known_word(reply_text(file));
}

Result<std::optional<bool>> XmlAgent::has_rpmb_key(OpContext& op) {
  EmmcControl question;
  question.function = EmmcControl::rpmb_key;
  MTK_TRY_LET(const Bytes file, ask(question, Content::open, op));
  const auto word = known_word(reply_text(file));
  if (!word) return std::nullopt;
  return *word == "EXIST";
}

/// An agent that refuses one of these questions answers the next.
Result<FactTexts> XmlAgent::further_facts(OpContext& op) {
  FactTexts facts;
  const auto add = [&](std::string label, const auto& answer, auto in_words) -> Result<> {
    if (!answer && conversation_.link().lost()) return fail(answer.error());
    if (answer && *answer) facts.emplace_back(std::move(label), in_words(**answer));
    return {};
  };
  const auto as_it_is = [](const std::string& text) { return text; };
  MTK_TRY(add("Storage life", storage_life(op), as_it_is));
  MTK_TRY(add("RPMB key", has_rpmb_key(op),
              [](bool has) { return std::string{has ? "programmed" : "not programmed"}; }));
  MTK_TRY(add("Hardware random id", property(GetSysProperty::da_hrid, op), as_it_is));
  MTK_TRY(add("Segment code", property(GetSysProperty::da_seg_code, op), as_it_is));
  return facts;
}

Result<std::uint32_t> XmlAgent::read_register(std::uint64_t address, OpContext& op) {
  ReadRegister question;
  question.address = address;
  MTK_TRY_LET(const Bytes file, ask(question, Content::open, op));
  if (file.size() != register_size)
    return at(Stage::da2, Result<std::uint32_t>{fail(Errc::protocol, "a register of another size")});
  return ByteReader{file}.le<std::uint32_t>();
}

Result<std::vector<ImageFeedback>> XmlAgent::downloaded_images(OpContext& op) {
  MTK_TRY_LET(const Bytes file, ask(GetDownloadedImageFeedback{}, Content::open, op));
  return at(Stage::da2, in(parse_feedback(file), std::string{GetDownloadedImageFeedback::name}));
}

Result<> XmlAgent::set_signature(Source& signature, OpContext& op) {
  return at(Stage::da2, give<SetAllInOneSignature>(conversation_, signature, op));
}

Result<> XmlAgent::raise_usb_speed(OpContext& op) {
  const auto raise = [&]() -> Result<> {
    Services services{.phone_leaves = true};
    MTK_TRY(conversation_.run(to_command(SwitchHigherUsbSpeed{}), services, op));
    FramedLink& link = conversation_.link();
    auto back = link.transport().reopen(UsbIdentity::agent, Wait{wait_for::new_usb_speed, op.stop});
    if (!back) {
      link.give_up();
      return in(std::move(back), std::string{SwitchHigherUsbSpeed::name});
    }
    facts_.usb_high_speed = true;
    if (!variant_.starts_again_after_speed_switch) conversation_.start_is_agreed();
    return {};
  };
  return at(Stage::da2, raise());
}

}  // namespace mtk::xml
