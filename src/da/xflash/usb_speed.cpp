// SPDX-License-Identifier: Apache-2.0
#include "da/xflash/usb_speed.h"

namespace mtk::xflash {
namespace {

/// The agent then shows the vendor's own USB id.
constexpr std::uint32_t default_usb_id = 0;

Result<> switch_speed(AgentLink& link, OpContext& op) {
  MTK_TRY(link.begin(command::switch_usb_speed, op.observer));
  MTK_TRY(link.send_word(default_usb_id));
  MTK_TRY(link.expect_ok(wait_for::command, op.observer));
  Transport& transport = link.packets().transport();
  auto back = transport.reopen(UsbIdentity::agent, Wait{wait_for::new_usb_speed, op.stop});
  if (!back) {
    link.packets().give_up();
    back.error().what = "phone did not come back at high USB speed: " + back.error().what;
    return back;
  }
  transport.end_transfers_with(ZeroLengthPacket::never);
  return {};
}

Result<std::string> ask_speed(AgentLink& link, OpContext& op) {
  MTK_TRY_LET(const auto speed, link.ask(control::usb_speed, op.observer));
  return speed ? printable_text(*speed) : std::string{};
}

}  // namespace

/// An agent that does not know the command is left at the speed it has.
Result<std::string> settle_usb_speed(AgentLink& link, bool raise, OpContext& op) {
  MTK_TRY_LET(const std::string speed, ask_speed(link, op));
  if (speed != full_speed || !raise) return speed;
  const auto raised = in(switch_speed(link, op), std::string{command::switch_usb_speed.name});
  if (raised) return ask_speed(link, op);
  if (is_refusal(raised.error())) return speed;
  return fail(raised.error());
}

}  // namespace mtk::xflash
