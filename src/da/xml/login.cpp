// SPDX-License-Identifier: Apache-2.0
#include "da/xml/login.h"

#include "base/ascii.h"
#include "da/xml/questions.h"
#include "da/xml/replies.h"

#include <algorithm>

namespace mtk::xml {
namespace {

constexpr std::size_t max_response = 4096;

class ResponseSource final : public Source {
 public:
  explicit ResponseSource(Bytes bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<> read(std::span<std::byte> into) override {
    if (into.size() > bytes_.size() - position_) return fail(Errc::internal, "read past the response");
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(position_), into.size(), into.begin());
    position_ += into.size();
    return {};
  }
  Result<> rewind() override {
    position_ = 0;
    return {};
  }

 private:
  Bytes bytes_;
  std::size_t position_ = 0;
};

Result<bool> login_is_wanted(Conversation& conversation, OpContext& op) {
  GetSysProperty question;
  question.key = GetSysProperty::da_sla;
  auto file = ask(conversation, question, Content::open, op);
  if (!file && file.error().code == Errc::unsupported) return false;
  if (!file) return fail(std::move(file.error()));
  if (file->empty()) return false;
  MTK_TRY_LET(const auto value, parse_sys_property(*file, GetSysProperty::da_sla));
  return value && same_ignoring_case(*value, "ENABLED");
}

Bytes challenge_of(const LoginInfo& info, XmlChallenge form) {
  ByteWriter challenge;
  if (form == XmlChallenge::hrid_random) challenge.bytes(info.hrid);
  if (form == XmlChallenge::socid_random) challenge.bytes(info.soc_id);
  challenge.bytes(info.random);
  return std::move(challenge).take();
}

Result<> answer_challenge(Conversation& conversation, const Signer& signer, const XmlFacts& variant,
                          OpContext& op) {
  MTK_TRY_LET(const Bytes file, ask(conversation, GetDeviceFirmwareInfo{}, Content::withheld, op));
  MTK_TRY_LET(const LoginInfo info, parse_login_info(file));
  MTK_TRY_LET(Bytes response, signer({.from = Challenger::agent,
                                      .data = challenge_of(info, variant.challenge),
                                      .soc_id = info.soc_id}));
  if (response.empty() || response.size() > max_response)
    return fail(Errc::out_of_range, "signer answered with no or too many bytes");
  ResponseSource source{std::move(response)};
  return give<SetFlashPolicy>(conversation, source, op);
}

Result<> log_in_if_wanted(Conversation& conversation, const Signer& signer, const XmlFacts& variant,
                          OpContext& op) {
  MTK_TRY_LET(const bool is_wanted, login_is_wanted(conversation, op));
  if (!is_wanted) return {};
  if (!signer)
    return fail(Errc::unsupported,
                "this phone's agent wants a login: it needs the maker's answer to its challenge (--signer)");
  auto answered = answer_challenge(conversation, signer, variant, op);
  if (answered || answered.error().code != Errc::unsupported || !answered.error().device_status)
    return answered;
  op.observer.write(LogLevel::warning, "the agent wants a login and does not know how to take one");
  return {};
}

}  // namespace

Result<> log_in(Conversation& conversation, const Signer& signer, const XmlFacts& variant, OpContext& op) {
  return in(log_in_if_wanted(conversation, signer, variant, op), "DA_SLA");
}

}  // namespace mtk::xml
