// SPDX-License-Identifier: Apache-2.0
// Commands whose whole point is one small file, asked before there is an agent object and after.
#pragma once

#include "da/bytes_sink.h"
#include "da/xml/commands.h"
#include "da/xml/conversation.h"

namespace mtk::xml {

/// Where replies go; agents cut nothing that is shorter.
inline constexpr std::string_view reply_file = "MEM://0x2000:0x200000";
inline constexpr std::string_view setting_file = "MEM://0x3000:0x1000";

/// The agent's answer; empty when it ended the command without sending one.
template <class Question>
Result<Bytes> ask(Conversation& conversation, Question question, Content content, OpContext& op) {
  BytesSink sink;
  Services services{
      .awaited = AwaitedFile{
          .name = std::string{reply_file}, .sink = sink, .content = content, .transfer = Transfer::optional}};
  question.target_file = reply_file;
  MTK_TRY(conversation.run(to_command(question), services, op));
  return std::move(sink.bytes);
}

/// Gives the agent a file that is a setting.
template <class Setting>
Result<> give(Conversation& conversation, Source& file, OpContext& op) {
  Services services{.offered = {{.name = std::string{setting_file}, .source = file}}};
  Setting setting;
  setting.source_file = setting_file;
  return conversation.run(to_command(setting), services, op);
}

}  // namespace mtk::xml
