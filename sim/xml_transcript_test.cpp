// SPDX-License-Identifier: Apache-2.0
// The host's side of conversations with a genuine XML agent is replayed; the phone must answer byte for byte.
#include "sim/test_transcript.h"

namespace mtk::sim {
namespace {

constexpr std::size_t stage2_size = 0x51114;

class XmlTranscript : public testing::Test {
 protected:
  void SetUp() override {
    auto model = load_model(trace("transcript-6895.toml"));
    ASSERT_TRUE(model) << to_string(model.error());
    const StandIn agent = stand_in(stage2_size, HashKind::sha256, 0);
    bench_.emplace(std::move(*model), Bench::keys_held());
    bench_->reach_commands();
    bench_->upload(agent.da1);
    Bytes heard = bench_->jump();
    ASSERT_GE(heard.size(), 7u);
    heard.erase(heard.begin(), heard.begin() + 7);
    replay_.emplace(*bench_, agent.da2, heard);
  }
  void play(const std::string& name, AtEnd end) {
    replay_->play(name, Framed::yes, end);
    ASSERT_FALSE(HasFailure()) << name;
  }

  std::optional<Bench> bench_;
  std::optional<Replay> replay_;
};

TEST_F(XmlTranscript, starting_asking_reading_writing) {
  for (const auto* name : {"xml_start.txt", "xml_partition_table.txt", "xml_read.txt", "xml_write.txt"})
    play(name, AtEnd::next_turn);
  EXPECT_EQ(replay_->code_sent(), stage2_size);
  EXPECT_EQ(*bench_->phone().card().read(part_user, 0x600000, 0x3000), pattern(0x3000));
}

TEST_F(XmlTranscript, nothing_follows_a_reboot) {
  play("xml_start.txt", AtEnd::next_turn);
  play("xml_reboot.txt", AtEnd::silence);
  bench_->wait(milliseconds{50});
  EXPECT_EQ(bench_->phone().bus(), Bus::off);
  bench_->wait(milliseconds{400});
  EXPECT_EQ(bench_->phone().bus(), Bus::preloader);
}

}  // namespace
}  // namespace mtk::sim
