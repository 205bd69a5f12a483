// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/stage2.h"

#include "da/legacy/protocol.h"

#include <algorithm>
#include <limits>

namespace mtk::legacy {
namespace {

Result<> hand_over(AgentLink& link, const AgentImage& image, OpContext& op) {
  if (image.data.empty() || image.data.size() > std::numeric_limits<std::uint32_t>::max())
    return fail(Errc::bad_image, "stage 2 of the agent is empty or larger than 4 GiB");
  const ByteView data{image.data};
  ByteWriter header;
  header.be(image.load_address).be(static_cast<std::uint32_t>(data.size())).be(stage2_packet_size);
  MTK_TRY(link.send(header.view()));
  MTK_TRY(link.expect_ack(wait_for::stage2_chunk));

  Progress progress{.stage = Stage::da1, .item = "agent, stage 2", .total = data.size()};
  for (std::size_t offset = 0; offset < data.size(); offset += stage2_packet_size) {
    const ByteView packet =
        data.subspan(offset, std::min<std::size_t>(stage2_packet_size, data.size() - offset));
    MTK_TRY(link.send(packet, Content::withheld));
    MTK_TRY(link.expect_ack(wait_for::stage2_chunk));
    progress.done += packet.size();
    op.observer.progress(progress);
  }
  // Stage 1 checks the whole and starts it; the next word is stage 2's own.
  auto running = link.expect_ack(wait_for::stage2_running);
  if (!running && running.error().code == Errc::timeout) {
    running.error().what =
        "stage 2 refused by stage 1 (mixed or damaged agent file, or phone memory not set up: start from the "
        "preloader, or use a newer agent)";
  }
  return running;
}

}  // namespace

Result<> send_stage2(AgentLink& link, const AgentImage& image, OpContext& op) {
  return in(hand_over(link, image, op), "STAGE_2");
}

}  // namespace mtk::legacy
