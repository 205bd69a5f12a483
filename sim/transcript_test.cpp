// SPDX-License-Identifier: Apache-2.0
// The host's side of conversations with a genuine legacy agent is replayed; the phone must answer byte for
// byte.
#include "sim/test_transcript.h"

namespace mtk::sim {
namespace {

constexpr std::size_t stage2_size = 0x2bca8;

class LegacyTranscript : public testing::Test {
 protected:
  static Model model() {
    auto model = load_model(trace("transcript-6580.toml"));
    if (!model) ADD_FAILURE() << to_string(model.error());
    return std::move(*model);
  }

  void SetUp() override {
    const StandIn agent = stand_in(stage2_size);
    bench_.reach_commands();
    bench_.upload(agent.da1);
    Bytes heard = bench_.jump();
    const Bytes echo_and_status = to_bytes({0xd5, 0x00, 0x20, 0x00, 0x00, 0x00, 0x00});
    ASSERT_GE(heard.size(), echo_and_status.size());
    ASSERT_TRUE(std::equal(echo_and_status.begin(), echo_and_status.end(), heard.begin()));
    heard.erase(heard.begin(), heard.begin() + static_cast<std::ptrdiff_t>(echo_and_status.size()));
    replay_.emplace(bench_, agent.da2, heard);
  }

  Bench bench_{model(), Bench::keys_held()};
  std::optional<Replay> replay_;
};

TEST_F(LegacyTranscript, one_session_of_connecting_reading_writing_and_asking) {
  replay_->play("legacy_connect.txt", Framed::no);
  ASSERT_FALSE(HasFailure());
  EXPECT_EQ(replay_->code_sent(), stage2_size);
  replay_->play("legacy_read.txt", Framed::no);
  replay_->play("legacy_write.txt", Framed::no);
  replay_->play("legacy_queries.txt", Framed::no);
}

TEST_F(LegacyTranscript, finishing_in_a_session_of_its_own) {
  replay_->play("legacy_connect.txt", Framed::no);
  ASSERT_FALSE(HasFailure());
  replay_->play("legacy_finish.txt", Framed::no);
  bench_.wait(milliseconds{100});
  EXPECT_EQ(bench_.phone().bus(), Bus::off);
}

}  // namespace
}  // namespace mtk::sim
