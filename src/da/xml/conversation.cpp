// SPDX-License-Identifier: Apache-2.0
#include "da/xml/conversation.h"

#include "da/first_word.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::xml {
namespace {

/// Longer than any message worth reading.
constexpr std::size_t longest_line = 400;

Error refusal(std::string what, std::string text) {
  return Error{.code = Errc::device_status,
               .what = std::move(what),
               .device_status = DeviceStatus{.kind = StatusKind::xml_text, .text = std::move(text)}};
}

/// A text of the phone for an error: agents put line breaks into theirs, and a hostile one anything.
std::string one_line(std::string_view message) {
  std::string line;
  message = message.substr(0, longest_line);
  for (const char c : message) {
    const bool is_visible = c > ' ' && c <= '~';
    if (is_visible) line += c;
    if (!is_visible && !line.empty() && line.back() != ' ') line += ' ';
  }
  if (line.ends_with(' ')) line.pop_back();
  return line;
}

/// What stands before the final zero.
std::string text_of(ByteView packet) {
  std::string text;
  for (const std::byte byte : packet) {
    if (byte == std::byte{0}) break;
    text += static_cast<char>(byte);
  }
  return text;
}

/// Agents end some commands as if all were well after they skipped a file.
Result<> check_transfers(const Services& services) {
  for (const OfferedFile& file : services.offered) {
    if (!file.fetched && file.transfer == Transfer::required)
      return fail(Errc::protocol, fmt::format("agent ended the command without fetching {}", file.name));
  }
  const auto& file = services.awaited;
  if (file && !file->delivered && file->transfer == Transfer::required)
    return fail(Errc::protocol, "agent ended the command without sending anything");
  return {};
}

}  // namespace

Result<> Conversation::run(const Command& command, Services& services, OpContext& op) {
  failure_.reset();
  asked_to_cancel_ = false;
  const auto go = [&]() -> Result<> {
    if (link_.lost()) return fail(Errc::disconnected, "agent does not answer any more");
    if (op.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
    MTK_TRY(await_start(op));
    return converse(command, services, op);
  };
  auto done = go();
  kept_.reset();
  return in(std::move(done), std::string{command.name});
}

Result<> Conversation::await_first_document(Clock::Duration patience, OpContext& op) {
  const auto ask = [&](Clock::Duration timeout) {
    return link_.receive_if_any(max_text, timeout, op.observer);
  };
  MTK_TRY_LET(const Bytes packet, await_first_word(ask, patience, op));
  if (!packet.empty()) kept_ = text_of(packet);
  return {};
}

Result<> Conversation::await_start(OpContext& op) {
  if (start_ == StartState::awaited) {
    MTK_TRY_LET(const AgentRequest offer, next_request(start_patience_, op));
    start_patience_ = wait_for::start;
    if (!std::holds_alternative<Start>(offer))
      return fail(link_.out_of_step("agent does not offer to take a command"));
    start_ = StartState::offered;
  }
  if (start_ == StartState::offered) MTK_TRY(say(token::ok));
  start_ = StartState::awaited;
  return {};
}

Result<> Conversation::converse(const Command& command, Services& services, OpContext& op) {
  MTK_TRY(say(command.document));
  MTK_TRY_LET(const auto answer, next_token(answer_patience_, op));
  answer_patience_ = wait_for::token;
  const bool is_refused = answer && answer->is_error();
  if (is_refused) remember(refusal(fmt::format("agent answered {}", answer->word), answer->word));
  for (int requests = 0; requests < max_services; ++requests) {
    MTK_TRY_LET(const AgentRequest request, next_request(services.patience, op));
    if (const auto* last = std::get_if<End>(&request)) return end(*last, services);
    // A command that did not arrive whole is refused without an end.
    if (is_refused && std::holds_alternative<Start>(request)) {
      start_ = StartState::offered;
      return fail(*failure_);
    }
    MTK_TRY(serve(request, services, op));
  }
  return fail(link_.out_of_step("agent does not come to the end of the command"));
}

Result<> Conversation::serve(const AgentRequest& request, Services& services, OpContext& op) {
  if (const auto* fetch = std::get_if<DownloadFile>(&request))
    return in(send_file(*fetch, services, op), std::string{DownloadFile::name});
  if (const auto* delivery = std::get_if<UploadFile>(&request))
    return in(receive_file(*delivery, services, op), std::string{UploadFile::name});
  if (std::holds_alternative<ProgressReport>(request))
    return in(follow_progress(services, op), std::string{ProgressReport::name});
  if (const auto* question = std::get_if<FileSystemOperation>(&request))
    return in(answer_question(*question, services), std::string{FileSystemOperation::name});
  if (const auto* unknown = std::get_if<UnknownRequest>(&request)) {
    remember({.code = Errc::protocol,
              .what = fmt::format("agent asked for `{}`, which this program does not know",
                                  one_line(unknown->command))});
    return say(token::unsupported);
  }
  return fail(link_.out_of_step("agent offers a command in the middle of one"));
}

/// An error of ours explains a refusal better than the agent's message, which only repeats that we gave up.
Result<> Conversation::end(const End& end, const Services& services) {
  auto acknowledged = say(token::ok);
  if (!acknowledged && !(services.phone_leaves && acknowledged.error().code == Errc::disconnected))
    return acknowledged;
  const std::string message = one_line(end.message);
  if (end.result == token::ok) {
    if (failure_) return fail(std::move(*failure_));
    return check_transfers(services);
  }
  if (end.result == token::unsupported)
    return fail(Error{.code = Errc::unsupported,
                      .what = "agent does not know this command",
                      .device_status = DeviceStatus{.kind = StatusKind::xml_text, .text = end.result}});
  if (failure_ && failure_->code != Errc::device_status) return fail(std::move(*failure_));
  const std::string text = message.empty() ? one_line(end.result) : message;
  Error refused = refusal(fmt::format("agent refused: {}", text), text);
  if (failure_) refused.during = std::move(failure_->during);
  if (asked_to_cancel_) {
    refused.code = Errc::cancelled;
    refused.what = "stopped by the user";
  }
  return fail(std::move(refused));
}

Result<> Conversation::say(std::string_view text) {
  Bytes packet = to_bytes(text);
  packet.push_back(std::byte{0});
  return link_.send(packet);
}

/// Empty packets mean nothing; the vendor's host passes over them too.
Result<std::string> Conversation::hear(Clock::Duration patience, OpContext& op) {
  for (int packets = 0; packets < max_empty_packets; ++packets) {
    MTK_TRY_LET(const Bytes packet, link_.receive(max_text, patience, op.observer));
    if (!packet.empty()) return text_of(packet);
  }
  return fail(link_.out_of_step("agent sends empty packets only"));
}

Result<AgentRequest> Conversation::next_request(Clock::Duration patience, OpContext& op) {
  std::string text;
  if (kept_) {
    text = std::move(*kept_);
    kept_.reset();
  } else {
    MTK_TRY_LET(text, hear(patience, op));
  }
  auto request = parse_request(text);
  if (!request) return fail(link_.out_of_step(request.error().what));
  return request;
}

Result<std::optional<Token>> Conversation::next_token(Clock::Duration patience, OpContext& op) {
  MTK_TRY_LET(std::string text, hear(patience, op));
  if (text.starts_with('<')) {
    kept_ = std::move(text);
    return std::nullopt;
  }
  auto token = parse_token(one_line(text));
  if (!token) return fail(link_.out_of_step(token.error().what));
  return *token;
}

Result<bool> Conversation::agreed(std::string_view to_what, Clock::Duration patience, OpContext& op) {
  MTK_TRY_LET(const auto token, next_token(patience, op));
  if (token && token->is_ok()) return true;
  remember(refusal(token ? fmt::format("agent answered {} to {}", token->word, to_what)
                         : fmt::format("agent broke off at {}", to_what),
                   token ? token->word : ""));
  return false;
}

Result<> Conversation::refuse(Error why) {
  remember(std::move(why));
  return say(token::error);
}

Result<> Conversation::cancel() {
  asked_to_cancel_ = true;
  remember({.code = Errc::cancelled, .what = "stopped by the user"});
  return say(token::cancel);
}

Error Conversation::foreign(std::string_view what, std::string_view name) {
  (void)say(token::error);
  link_.give_up();
  return {.code = Errc::protocol,
          .what = fmt::format("{}: {} `{}`", foreign_file, what, one_line(name)),
          .during = {std::string{foreign_file_step}}};
}

void Conversation::remember(Error why) {
  if (!failure_) failure_ = std::move(why);
}

}  // namespace mtk::xml
