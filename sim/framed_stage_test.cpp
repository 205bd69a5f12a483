// SPDX-License-Identifier: Apache-2.0
// Packets as the agents take and send them.
#include "sim/framed_stage.h"
#include "sim/test_bench.h"

namespace mtk::sim {
namespace {

/// Answers every packet of up to 8 bytes with its payload, and one that is too long with EE.
class Parrot final : public FramedStage {
 public:
  Parrot(Board& board, TooLong too_long) : FramedStage(board, "parrot", too_long) { listen(); }
  using FramedStage::hangs;
  using FramedStage::send_message;
  using FramedStage::send_word;
  using FramedStage::switch_messages;

 private:
  void listen() {
    packet(8, [this](Packet packet) {
      listen();
      send_packet(packet.fits ? packet.payload : ByteView{too_long_mark_});
    });
  }
  Bytes too_long_mark_ = to_bytes({0xee});
};

class Framed : public testing::Test {
 protected:
  void say(std::initializer_list<unsigned> bytes) { parrot().receive(to_bytes(bytes)); }
  Parrot& parrot() {
    if (!parrot_) parrot_.emplace(board_, too_long_);
    return *parrot_;
  }
  std::string heard() {
    Bytes all;
    for (const OutPiece& piece : board_.out) all.insert(all.end(), piece.data.begin(), piece.data.end());
    board_.out.clear();
    return hex_compact(all);
  }

  FramedStage::TooLong too_long_ = FramedStage::TooLong::stays_in_stream;

 private:
  Folder folder_;
  Model model_ = model_named("tiny-6580");
  Board board_{model_, *Card::open(model_, folder_.path())};
  std::optional<Parrot> parrot_;
};

TEST_F(Framed, header_and_payload_may_come_in_any_pieces) {
  const auto packet = to_bytes({0xef, 0xee, 0xee, 0xfe, 1, 0, 0, 0, 2, 0, 0, 0, 0xab, 0xcd});
  for (const std::byte byte : packet) parrot().receive(ByteView{&byte, 1});
  EXPECT_EQ(heard(), "efeeeefe0100000002000000abcd");
  say({0xef, 0xee, 0xee, 0xfe, 1, 0, 0, 0, 1, 0, 0, 0, 0x11,
       0xef, 0xee, 0xee, 0xfe, 1, 0, 0, 0, 1, 0, 0, 0, 0x22});
  EXPECT_EQ(heard(), "efeeeefe010000000100000011efeeeefe010000000100000022");
}

TEST_F(Framed, the_type_of_a_packet_is_not_looked_at) {
  say({0xef, 0xee, 0xee, 0xfe, 9, 9, 9, 9, 1, 0, 0, 0, 0x33});
  EXPECT_EQ(heard(), "efeeeefe010000000100000033");
}

TEST_F(Framed, an_empty_packet_is_a_packet) {
  say({0xef, 0xee, 0xee, 0xfe, 1, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_EQ(heard(), "efeeeefe0100000000000000");
}

TEST_F(Framed, a_wrong_magic_ends_the_session) {
  say({0xef, 0xee, 0xee, 0xff, 1, 0, 0, 0, 1, 0, 0, 0});
  EXPECT_TRUE(parrot().hangs());
  say({0xef, 0xee, 0xee, 0xfe, 1, 0, 0, 0, 1, 0, 0, 0, 0x11});
  EXPECT_EQ(heard(), "");
}

TEST_F(Framed, a_packet_that_is_too_long_is_answered_and_its_payload_taken_for_a_header) {
  say({0xef, 0xee, 0xee, 0xfe, 1, 0, 0, 0, 9, 0, 0, 0});
  EXPECT_EQ(heard(), "efeeeefe0100000001000000ee");
  EXPECT_FALSE(parrot().hangs());
  say({1, 2, 3, 4, 5, 6, 7, 8, 9, 0xef, 0xee, 0xee});
  EXPECT_TRUE(parrot().hangs());
  EXPECT_EQ(heard(), "");
}

TEST_F(Framed, a_packet_that_is_too_long_ends_the_session_of_an_agent_of_that_kind) {
  too_long_ = FramedStage::TooLong::ends_session;
  say({0xef, 0xee, 0xee, 0xfe, 1, 0, 0, 0, 9, 0, 0, 0});
  EXPECT_TRUE(parrot().hangs());
  EXPECT_EQ(heard(), "");
}

TEST_F(Framed, a_length_of_four_gigabytes_takes_no_memory) {
  say({0xef, 0xee, 0xee, 0xfe, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff});
  EXPECT_EQ(heard(), "efeeeefe0100000001000000ee");
}

TEST_F(Framed, messages_are_sent_only_when_switched_on) {
  parrot().send_message("hi");
  EXPECT_EQ(heard(), "");
  parrot().switch_messages(true);
  parrot().send_message("hi");
  EXPECT_EQ(heard(),
            "efeeeefe020000000800000001000000"
            "68690d0a");
}

TEST_F(Framed, a_word_is_a_packet_of_four_bytes) {
  parrot().send_word(0xc0010003);
  EXPECT_EQ(heard(), "efeeeefe0100000004000000030001c0");
}

TEST(Padded, fills_with_zeros) { EXPECT_EQ(padded(to_bytes({1, 2}), 4), to_bytes({1, 2, 0, 0})); }

}  // namespace
}  // namespace mtk::sim
