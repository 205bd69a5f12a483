// SPDX-License-Identifier: Apache-2.0
#include "da/xflash/login.h"

#include "base/checked.h"
#include "da/xflash/replies.h"

namespace mtk::xflash {
namespace {

constexpr std::size_t max_response_size = 2 << 20;

Result<> answer_challenge(AgentLink& link, const Signer& signer, Observer& log) {
  MTK_TRY_LET(const auto enabled, link.ask(control::sla_enabled, log));
  if (!enabled || read_number(*enabled) == 0) return {};
  if (!signer)
    return fail(Errc::unsupported,
                "this phone's agent wants a login: it needs the maker's answer to its challenge (--signer)");
  MTK_TRY_LET(const Bytes info, link.get(control::dev_fw_info, log, Content::withheld));
  const std::size_t offset = link.chip().sla_challenge_offset;
  const std::size_t size = link.chip().sla_challenge_bytes;
  if (!fits(offset, size, info.size()))
    return fail(Errc::unsupported, "this phone's agent wants a login and gives no challenge for it");
  const ByteView challenge = ByteView{info}.subspan(offset, size);
  MTK_TRY_LET(const Bytes response,
              signer({.from = Challenger::agent, .data = Bytes{challenge.begin(), challenge.end()}}));
  if (response.empty() || response.size() > max_response_size)
    return fail(Errc::out_of_range, "signer answered with no or too many bytes");
  return link.set(control::set_remote_sec_policy, response, log, Content::withheld);
}

}  // namespace

Result<> log_in(AgentLink& link, const Signer& signer, Observer& log) {
  return in(answer_challenge(link, signer, log), "DA_SLA");
}

}  // namespace mtk::xflash
