// SPDX-License-Identifier: Apache-2.0
// What both stages of the legacy agent share, and E8, which older agents know in the second and newer ones in
// the first.
#include "sim/legacy.h"

#include "base/hash.h"

#include <algorithm>

namespace mtk::sim {

namespace {

constexpr std::uint32_t development_record = 0xb0;
constexpr std::uint32_t settings_limit = 0x10000;
constexpr std::size_t compared_id_bytes = 9;
constexpr std::size_t signature_slot = 0x100;
constexpr std::uint8_t type_dram = 2;
/// After this much silence, records of unannounced length are over.
constexpr milliseconds records_gap{50};
constexpr std::uint32_t calibration_dump[] = {3, 0x1c004004, 0xaa080033, 0x13, 0x10};

std::uint32_t record_size_of(std::uint32_t version) {
  switch (version) {
    case legacy::no_version:
      return development_record;
    case 10:
      return 184;
    case 11:
    case 14:
      return 168;
    default:
      return 188;
  }
}

}  // namespace

bool holds_digest_of(ByteView da1, ByteView da2) {
  const auto holds = [&](ByteView part) {
    for (const HashKind kind : {HashKind::md5, HashKind::sha1, HashKind::sha256}) {
      const Bytes digest = hash(kind, part);
      if (std::search(da1.begin(), da1.end(), digest.begin(), digest.end()) != da1.end()) return true;
    }
    return false;
  };
  if (holds(da2)) return true;
  return da2.size() > signature_slot && holds(da2.first(da2.size() - signature_slot));
}

bool emi_knows(std::uint32_t version, std::uint32_t record_size, ByteView records, ByteView id) {
  const bool old_layout = version == 11 || version == 14;
  const std::size_t type_at = old_layout ? 0 : 4;
  const std::size_t id_at = old_layout ? 4 : 0x10;
  Bytes wanted{id.begin(), id.begin() + compared_id_bytes};
  Bytes swapped(16);
  for (std::size_t i = 0; i < 16; ++i) swapped[i] = id[(i & ~std::size_t{3}) + 3 - (i & 3)];
  swapped.resize(compared_id_bytes);
  while (records.size() >= record_size && record_size >= id_at + compared_id_bytes) {
    const ByteView record = records.first(record_size);
    records = records.subspan(record_size);
    const auto placement = static_cast<std::uint8_t>(record[type_at + 1]);
    if (placement == 0 || placement == 0x0f) return true;  // discrete memory has no id
    const ByteView found = record.subspan(id_at, compared_id_bytes);
    if (std::ranges::equal(found, wanted) || std::ranges::equal(found, swapped)) return true;
  }
  return false;
}

void LegacyStage::refuse(std::uint32_t word) {
  board_.log("{}: refused with {} ({:08X})", name(), word, word);
  board_.send_u8(legacy::nack);
  board_.send_be(word);
}

const legacy::Codes& LegacyStage::codes() const {
  return board_.model.agent.numbering == 3 ? legacy::codes_v3 : legacy::codes_v5;
}

const Bytes& LegacyStage::memory_id() const {
  return board_.faults.memory_id ? *board_.faults.memory_id : board_.model.storage.cid;
}

void LegacyStage::run_enable_dram(std::vector<std::uint32_t> versions, std::function<void()> done,
                                  std::function<void()> again) {
  emi_done_ = std::move(done);
  field(4, [this, versions = std::move(versions), again = std::move(again)](ByteView bytes) {
    const auto version = ByteReader{bytes}.be<std::uint32_t>();
    const std::uint32_t size = record_size_of(version);
    if (std::ranges::find(versions, version) == versions.end()) {
      board_.log("{}: memory settings version {} is not one this agent takes", name(), version);
      board_.send_u8(legacy::nack);
      if (board_.model.agent.emi_in_da2) board_.send_be(development_record);
      if (board_.model.agent.emi_refused == EmiRefused::again && !board_.model.agent.emi_in_da2)
        return again();
      return hang("waits inside ENABLE_DRAM after refusing the version");
    }
    send_ack();
    if (version == 10 || version == 11) board_.send(ByteView{memory_id()});
    board_.send_be(size);
    field(1, [this, version, size](ByteView answer) {
      if (answer[0] != std::byte{legacy::ack}) return hang("the record size was not acknowledged");
      take_emi_length(version, size);
    });
  });
}

void LegacyStage::take_emi_length(std::uint32_t version, std::uint32_t record_size) {
  const auto take = [this, version, record_size](ByteView records) {
    take_emi_records(version, record_size, records);
  };
  if (version == 12 || version == 13) return field(record_size, take);
  const bool announced =
      version >= 14 && (board_.model.agent.emi_total_length || version == legacy::no_version);
  if (!announced) return gather_emi_records(version, record_size);
  field(4, [this, take](ByteView bytes) {
    const auto size = ByteReader{bytes}.be<std::uint32_t>();
    if (size == 0 || size > settings_limit) return hang(fmt::format("0x{:x} bytes of memory settings", size));
    field(size, take);
  });
}

/// Nothing tells how many records come: they end when the host falls silent.
void LegacyStage::gather_emi_records(std::uint32_t version, std::uint32_t record_size) {
  emi_records_.clear();
  emi_gathered_ = [this, version, record_size] { take_emi_records(version, record_size, emi_records_); };
  gather_next();
}

void LegacyStage::gather_next() {
  field(1, [this](ByteView byte) {
    if (emi_records_.size() >= settings_limit) return hang("memory settings without end");
    emi_records_.push_back(byte[0]);
    silence_at_ = board_.now + records_gap;
    gather_next();
  });
}

void LegacyStage::advance() {
  if (!silence_at_ || board_.now < *silence_at_) return;
  silence_at_.reset();
  const auto gathered = std::move(emi_gathered_);
  gathered();
}

void LegacyStage::take_emi_records(std::uint32_t version, std::uint32_t record_size, ByteView records) {
  // A file may have another record size than the agent announces; its own preloader's is then the right one.
  const bool known = version == legacy::no_version || emi_knows(version, record_size, records, memory_id()) ||
                     emi_knows(version, board_.model.memory.record_size, records, memory_id());
  board_.send_be(byte_sum(records));
  field(1, [this, version, known](ByteView answer) {
    if (answer[0] != std::byte{legacy::ack})
      return hang("the host does not accept the sum of the memory settings");
    field(4, [this, version, known](ByteView) { finish_emi(version, known); });
  });
}

void LegacyStage::finish_emi(std::uint32_t version, bool known) {
  if (!known) {
    board_.log("{}: no record for memory id {}", name(), hex(memory_id()));
    board_.send_be(codes().no_device);
    return hang("memory did not start");
  }
  board_.send_be<std::uint32_t>(0);
  board_.send_u8(type_dram);
  board_.send_u8(0);
  board_.send_be(board_.model.memory.size);
  if (version == 13) {
    for (const auto word : calibration_dump) board_.send_be(word);
  }
  const auto done = std::move(emi_done_);
  done();
}

}  // namespace mtk::sim
