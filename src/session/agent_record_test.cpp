// SPDX-License-Identifier: Apache-2.0
#include "session/agent_record.h"

#include <gmock/gmock.h>

#include <fstream>

namespace mtk {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

AgentRecord some_record() {
  AgentRecord record;
  record.port = "usb:1-2";
  record.family = "xflash";
  record.version = "1.0";
  record.agent_sha256 = std::string(64, 'a');
  record.phone = std::string(64, 'b');
  record.boot = {.stage = BootStage::brom,
                 .hw_code = 0x766,
                 .hw_subcode = 0x8a00,
                 .hw_version = 0xca00,
                 .sw_version = 1,
                 .brom_version = 5,
                 .bl_version = 0xfe,
                 .target_config = {.flags = 0x57}};
  return record;
}

AgentFacts facts_with(StorageKind storage, Bytes id, Bytes random_id) {
  AgentFacts facts;
  facts.storage = storage;
  facts.storage_id = std::move(id);
  facts.random_id = std::move(random_id);
  return facts;
}

class Record : public ::testing::Test {
 protected:
  void SetUp() override { fs::remove_all(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_ = fs::path{::testing::TempDir()} / "agent_record";
};

TEST_F(Record, is_read_as_it_was_saved) {
  AgentRecordFile file{folder_, "usb:1-2"};
  EXPECT_THAT(agent_records(folder_), IsEmpty());
  ASSERT_TRUE(file.save(some_record()));
  EXPECT_THAT(agent_records(folder_), ElementsAre(some_record()));
  file.remove();
  EXPECT_THAT(agent_records(folder_), IsEmpty());
}

TEST_F(Record, says_what_the_agent_does_now) {
  AgentRecordFile file{folder_, "usb:1-2"};
  ASSERT_TRUE(file.save(some_record()));
  for (const auto work : {LastWork::writing, LastWork::idle, LastWork::erasing, LastWork::reading}) {
    file.note(work);
    EXPECT_THAT(agent_records(folder_), ElementsAre(Field(&AgentRecord::work, work)));
  }
}

TEST_F(Record, every_port_has_its_own) {
  AgentRecord other = some_record();
  other.port = "tty:/tmp/Jörgs phone";
  for (const AgentRecord& record : {some_record(), other})
    ASSERT_TRUE((AgentRecordFile{folder_, record.port}.save(record)));
  EXPECT_THAT(agent_records(folder_), UnorderedElementsAre(some_record(), other));
}

TEST_F(Record, a_copy_is_none) {
  AgentRecordFile file{folder_, "usb:1-2"};
  ASSERT_TRUE(file.save(some_record()));
  fs::copy_file(file.path(), fs::path{file.path()} += ".old");
  EXPECT_THAT(agent_records(folder_), ElementsAre(some_record()));
}

TEST_F(Record, names_nobody) {
  const AgentFacts facts =
      facts_with(StorageKind::emmc,
                 to_bytes({0x15, 1, 0, 0x54, 0x49, 0x4e, 0x59, 0x58, 0x31, 1, 2, 3, 4, 1, 0xa5, 1}), {});
  AgentRecord record = some_record();
  record.phone = proof_of(facts);
  record.boot.me_id = to_bytes("ME_ID of a phone");
  AgentRecordFile file{folder_, "usb:1-2"};
  ASSERT_TRUE(file.save(record));
  const Bytes bytes = read_file(file.path(), 4096).value();
  const std::string text = printable_text(bytes);
  EXPECT_EQ(text.find(hex_compact(facts.storage_id)), text.npos);
  EXPECT_EQ(text.find("ME_ID of"), text.npos);
}

TEST_F(Record, a_file_that_is_not_one_is_no_record) {
  AgentRecordFile file{folder_, "usb:1-2"};
  ASSERT_TRUE(file.save(some_record()));
  const Bytes bytes = read_file(file.path(), 4096).value();
  std::string good;
  for (const std::byte byte : bytes) good += static_cast<char>(byte);
  const auto with = [&](std::string_view old, std::string_view now) {
    std::string text = good;
    text.replace(text.find(old), old.size(), now);
    return text;
  };
  for (const std::string& text : {std::string{}, with("agent 2", "agent 1"), with("idle   ", "dancing"),
                                  with("hw-code 766", "hw-code 10000"), with("hw-code 766", "hw-code x"),
                                  with("entry brom", "entry home"), with("version", "versions"),
                                  good + "more\n", good.substr(0, good.size() - 1)}) {
    std::ofstream{file.path(), std::ios::trunc} << text;
    EXPECT_THAT(agent_records(folder_), IsEmpty()) << text;
  }
}

TEST(ProofOfPhone, needs_an_id_that_no_other_phone_has) {
  const Bytes cid(16, std::byte{7});
  const Bytes random(16, std::byte{8});
  const auto proof = [](StorageKind storage, Bytes id, Bytes random_id) {
    return proof_of(facts_with(storage, std::move(id), std::move(random_id)));
  };
  EXPECT_EQ(proof(StorageKind::emmc, {}, {}), "");
  EXPECT_EQ(proof(StorageKind::ufs, cid, {}), "") << "the id of a UFS names its model";
  EXPECT_EQ(proof(StorageKind::nand, cid, {}), "");
  EXPECT_NE(proof(StorageKind::emmc, cid, {}), "");
  EXPECT_NE(proof(StorageKind::ufs, cid, random), "");
  EXPECT_NE(proof(StorageKind::ufs, Bytes(32, std::byte{7}), {}), "") << "with its serial number";
  EXPECT_NE(proof(StorageKind::emmc, cid, random), proof(StorageKind::emmc, cid, {}));
}

}  // namespace
}  // namespace mtk
