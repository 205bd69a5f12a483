// SPDX-License-Identifier: Apache-2.0
#include "session/connection.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace mtk {
namespace {

constexpr std::uint64_t area_size = 8 << 20;

/// A phone's storage behind an agent: one area, and the list that the agent would make.
class StorageAgent final : public Agent {
 public:
  StorageAgent(StorageKind kind, Area area, std::uint32_t sector_size) : area_(area), bytes_(area_size) {
    facts_.storage = kind;
    facts_.areas = {{area, area_size}};
    facts_.sector_size = sector_size;
    facts_.erase_unit = 0x20000;
  }
  void put(std::uint64_t offset, ByteView content) {
    std::ranges::copy(content, bytes_.begin() + static_cast<std::ptrdiff_t>(offset));
  }
  void tell_table(std::vector<ListedPartition> table) { told_ = std::move(table); }
  void deny_reading(Error error) { denies_ = std::move(error); }
  void offer_list(Bytes list) { list_ = std::move(list); }

  const AgentFacts& facts() const override { return facts_; }
  AgentState state() const override { return AgentState::answering; }
  Result<> read(const Region& region, Sink& sink, std::string_view, OpContext&) override {
    if (denies_) return fail(*denies_);
    if (region.area != area_) return fail(Errc::out_of_range, "another area");
    return sink.write(ByteView(bytes_).subspan(region.offset, region.length));
  }
  Result<> write(const Region&, Source&, std::string_view, OpContext&) override { return not_here(); }
  Result<> erase(const Region&, std::string_view, OpContext&) override { return not_here(); }
  Result<> finish(BootMode, OpContext&) override { return {}; }
  Result<Bytes> partition_list(OpContext& op) override {
    return list_ ? Result<Bytes>{*list_} : Agent::partition_list(op);
  }

  Result<std::vector<ListedPartition>> partition_table(OpContext& op) override {
    return told_ ? Result<std::vector<ListedPartition>>{*told_} : Agent::partition_table(op);
  }

 private:
  static Result<> not_here() { return fail(Errc::unsupported, "a table is only read"); }

  Area area_;
  AgentFacts facts_;
  Bytes bytes_;
  std::optional<Bytes> list_;
  std::optional<std::vector<ListedPartition>> told_;
  std::optional<Error> denies_;
};

TableReading table_of_phone(Agent& agent) {
  Observer observer;
  OpContext op{{}, observer};
  return read_table(agent, op).value();
}

Error failure_of(Agent& agent) {
  Observer observer;
  OpContext op{{}, observer};
  return read_table(agent, op).error();
}

TEST(ReadTable, a_ufs_phone_keeps_its_table_in_lu2) {
  StorageAgent agent{StorageKind::ufs, Area::lu2, 4096};
  Gpt gpt;
  gpt.partitions.push_back({.name = "boot", .offset = 0x100000, .size = 0x1000, .type = basic_data_guid()});
  agent.put(0, encode_gpt(gpt, {.sector_size = 4096, .disk_size = area_size}).value().head);
  const TableReading reading = table_of_phone(agent);
  ASSERT_TRUE(reading.table) << reading.problem;
  EXPECT_EQ(reading.table->find("boot")->region, (Region{Area::lu2, 0x100000, 0x1000}));
}

TEST(ReadTable, a_phone_without_gpt_is_asked_for_its_list) {
  StorageAgent agent{StorageKind::emmc, Area::user, 512};
  ByteWriter list;
  list.text("PRELOADER", 64).le(std::uint64_t{0}).le(std::uint64_t{0x600000}).le(std::uint64_t{8});
  list.text("MBR", 64).le(std::uint64_t{0x600000}).le(std::uint64_t{0x80000}).le(std::uint64_t{8});
  list.text("UBOOT", 64).le(std::uint64_t{0x680000}).le(std::uint64_t{0x60000}).le(std::uint64_t{8});
  agent.offer_list(std::move(list).take());
  const TableReading reading = table_of_phone(agent);
  ASSERT_TRUE(reading.table) << reading.problem;
  EXPECT_EQ(reading.table->form, TableForm::pmt);
  PhoneCard card;
  describe_table(reading, card);
  ASSERT_EQ(card.partitions.size(), 3u);
  EXPECT_EQ(card.partitions[2].name, "UBOOT");
  EXPECT_EQ(card.partitions[2].region, (Region{Area::user, 0x80000, 0x60000}));
}

TEST(ReadTable, an_agent_that_reads_the_table_itself_is_asked_where_there_is_no_gpt) {
  StorageAgent agent{StorageKind::ufs, Area::lu2, 4096};
  agent.tell_table({{.name = "boot_a", .offset = 0x100000, .size = 0x1000},
                    {.name = "far", .offset = area_size, .size = 0x1000}});
  const TableReading reading = table_of_phone(agent);
  ASSERT_TRUE(reading.table) << reading.problem;
  EXPECT_EQ(reading.table->form, TableForm::told);
  EXPECT_EQ(reading.table->find("boot_a")->region, (Region{Area::lu2, 0x100000, 0x1000}));
  EXPECT_EQ(reading.table->find("far"), nullptr);
  EXPECT_EQ(reading.table->problems, std::vector<std::string>{"far lies outside its area"});
}

TEST(ReadTable, a_phone_that_denies_reading_its_table_may_still_tell_it) {
  StorageAgent agent{StorageKind::emmc, Area::user, 512};
  agent.deny_reading(Error{.code = Errc::device_status, .what = "Security deny"});
  EXPECT_EQ(failure_of(agent).code, Errc::device_status);
  agent.tell_table({{.name = "boot", .offset = 0x100000, .size = 0x1000}});
  EXPECT_TRUE(table_of_phone(agent).table);
  agent.deny_reading(Error{.code = Errc::disconnected, .what = "gone"});
  EXPECT_EQ(failure_of(agent).code, Errc::disconnected);
}

TEST(ReadTable, a_nand_phone_keeps_its_list_in_the_last_blocks) {
  StorageAgent agent{StorageKind::nand, Area::nand, 2048};
  const PmtBlock block{.mirror = true, .entries = {{.name = "lk", .offset = 0x40000, .size = 0x20000}}};
  agent.put(area_size - 0x20000, encode_pmt_block(block).value());
  EXPECT_EQ(table_of_phone(agent).table->find("lk")->region, (Region{Area::nand, 0x40000, 0x20000}));
}

TEST(ReadTable, an_empty_phone_says_why_it_has_no_table) {
  StorageAgent agent{StorageKind::emmc, Area::user, 512};
  const TableReading reading = table_of_phone(agent);
  EXPECT_FALSE(reading.table);
  EXPECT_NE(reading.problem.find("no table header"), std::string::npos) << reading.problem;
  StorageAgent other{StorageKind::unknown, Area::boot1, 512};
  EXPECT_EQ(table_of_phone(other).problem, "no user area");
}

}  // namespace
}  // namespace mtk
