// SPDX-License-Identifier: Apache-2.0
// The host's side of conversations with a genuine XFlash agent is replayed; the phone must answer byte for
// byte.
#include "sim/test_transcript.h"

namespace mtk::sim {
namespace {

constexpr std::size_t stage2_size = 0x4871c;

class XflashTranscript : public testing::Test {
 protected:
  static Model model() {
    auto model = load_model(trace("transcript-6765.toml"));
    if (!model) ADD_FAILURE() << to_string(model.error());
    return std::move(*model);
  }

  void connect(PhoneOptions options) {
    const StandIn agent = stand_in(stage2_size, HashKind::sha256, 0);
    bench_.emplace(model(), std::move(options));
    bench_->reach_commands();
    bench_->upload(agent.da1);
    Bytes heard = bench_->jump();
    ASSERT_GE(heard.size(), 7u);
    heard.erase(heard.begin(), heard.begin() + 7);
    replay_.emplace(*bench_, agent.da2, heard);
  }
  void play(const std::string& name) { replay_->play(name, Framed::yes); }

  std::optional<Bench> bench_;
  std::optional<Replay> replay_;
};

TEST_F(XflashTranscript, one_session_through_the_preloader) {
  connect({});
  for (const auto* name : {"xflash_start_preloader.txt", "xflash_queries_da2.txt", "xflash_read.txt",
                           "xflash_write.txt", "xflash_shutdown.txt"}) {
    play(name);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_EQ(replay_->code_sent(), stage2_size);
  bench_->wait(milliseconds{200});
  EXPECT_EQ(bench_->phone().bus(), Bus::off);
  bench_->wait(milliseconds{300});
  EXPECT_EQ(bench_->phone().bus(), Bus::preloader);
}

TEST_F(XflashTranscript, a_start_from_the_boot_rom_wants_memory_settings) {
  connect(Bench::keys_held());
  play("xflash_start_brom.txt");
  ASSERT_FALSE(HasFailure());
  EXPECT_EQ(replay_->code_sent(), stage2_size);
}

}  // namespace
}  // namespace mtk::sim
