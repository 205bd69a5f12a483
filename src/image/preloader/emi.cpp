// SPDX-License-Identifier: Apache-2.0
#include "image/preloader/emi.h"

#include "base/checked.h"
#include "image/preloader/emi_layout.h"
#include "image/preloader/gfh.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

constexpr std::string_view identifier = "MTK_BLOADER_INFO_v";
constexpr std::size_t name_offset = 0x1b;
constexpr std::size_t name_size = 0x3d;
constexpr std::size_t bin_offset = 0x64;
constexpr std::size_t count_offset = 0x6c;
/// Some images have this much padding after the block.
constexpr std::size_t trailer_size = 0x800;
/// No phone maker lists more memory chips; a larger count is a damaged block.
constexpr std::uint32_t max_count = 64;

/// The block's bytes and where they stand.
struct Found {
  ByteView bytes;
  std::size_t offset = 0;
};

bool has_identifier(ByteView bytes) {
  return bytes.size() >= identifier.size() &&
         std::ranges::equal(bytes.first(identifier.size()), to_bytes(identifier));
}

/// The last word before the signature is the block's length.
std::optional<Found> find_by_length(ByteView file, std::size_t image_offset) {
  const auto info = read_file_info(file.subspan(image_offset));
  if (!info) return std::nullopt;
  const ByteView content =
      file.subspan(image_offset, std::size_t{info->file_length} - std::size_t{info->signature_length});
  for (const std::size_t padding : {std::size_t{0}, trailer_size}) {
    if (content.size() < padding + 4) break;
    const std::size_t end = content.size() - padding - 4;
    const std::size_t length = ByteReader{content.subspan(end)}.le<std::uint32_t>();
    if (length <= end && has_identifier(content.subspan(end - length, length))) {
      return Found{content.subspan(end - length, length), image_offset + end - length};
    }
  }
  return std::nullopt;
}

std::optional<Found> find_by_text(ByteView file) {
  const Bytes text = to_bytes(identifier);
  const auto found = std::search(file.begin(), file.end(), text.begin(), text.end());
  if (found == file.end()) return std::nullopt;
  const auto offset = static_cast<std::size_t>(found - file.begin());
  return Found{file.subspan(offset), offset};
}

std::optional<Found> find_block(ByteView file) {
  const auto image = find_gfh(file);
  if (image) {
    if (const auto found = find_by_length(file, *image)) return found;
  }
  return find_by_text(file);
}

/// Settles the record size and says what does not fit.
std::size_t choose_record_size(EmiBlock& block, std::size_t body) {
  const std::vector<std::size_t> sizes = emi_record_sizes(block.version);
  for (const std::size_t size : sizes) {
    if (body == size * block.count) return size;
  }
  if (!sizes.empty()) return sizes.front();
  if (body != 0 && body % block.count == 0) {
    const std::size_t size = body / block.count;
    block.warnings.push_back(
        fmt::format("version {} is not known; {} bytes per record fit", block.version, size));
    return size;
  }
  block.warnings.push_back(fmt::format("version {} is not known", block.version));
  return 0;
}

/// Collected blocks may carry the length word and the start of the signature behind the records.
void cut_tail(EmiBlock& block) {
  const std::size_t end = emi_records_offset + block.record_size * block.count;
  if (block.bytes.size() <= end) return;
  const ByteView tail = ByteView(block.bytes).subspan(end);
  if (tail.size() >= 4 && ByteReader{tail}.le<std::uint32_t>() == end) {
    block.bytes.resize(end);
    return;
  }
  block.warnings.push_back(fmt::format("{} bytes after the last record", tail.size()));
}

void read_records(EmiBlock& block) {
  if (block.count == 0 || block.count > max_count) {
    block.warnings.push_back(fmt::format("a count of {} records is not believable", block.count));
    return;
  }
  block.record_size = choose_record_size(block, block.bytes.size() - emi_records_offset);
  if (block.record_size == 0) return;
  cut_tail(block);
  const ByteView body = ByteView(block.bytes).subspan(emi_records_offset);
  const std::size_t whole = std::min<std::size_t>(block.count, body.size() / block.record_size);
  for (std::size_t i = 0; i < whole; ++i) {
    block.records.push_back(
        read_emi_record(block.version, body.subspan(i * block.record_size, block.record_size)));
  }
  if (whole < block.count) {
    block.warnings.push_back(fmt::format("cut short: {} of {} records are complete", whole, block.count));
  }
}

}  // namespace

ByteView EmiBlock::legacy_payload(std::size_t payload_offset) const {
  if (payload_offset > bytes.size()) return {};
  return ByteView(bytes).subspan(payload_offset);
}
ByteView EmiBlock::legacy_payload() const { return legacy_payload(emi_records_offset); }

Result<EmiBlock> read_emi(ByteView file) {
  const auto found = find_block(file);
  if (!found) return fail(Errc::bad_image, "no memory settings (MTK_BLOADER_INFO) in the file");
  if (found->bytes.size() < emi_records_offset) {
    return fail(Errc::bad_image, "the memory settings are cut inside their head");
  }
  EmiBlock block;
  block.offset = found->offset;
  block.bytes.assign(found->bytes.begin(), found->bytes.end());
  for (std::size_t i = 0; i < 2; ++i) {
    const auto digit = static_cast<unsigned char>(block.bytes[identifier.size() + i]);
    if (digit < '0' || digit > '9') return fail(Errc::bad_image, "memory settings without a version");
    block.version = block.version * 10 + (digit - '0');
  }
  ByteReader reader{block.bytes};
  reader.seek(name_offset);
  block.preloader_name = reader.text(name_size);
  block.preloader_name.erase(block.preloader_name.find_last_not_of(' ') + 1);
  reader.seek(bin_offset);
  if (reader.text(8) != "MTK_BIN") {
    block.warnings.emplace_back("the MTK_BIN mark is missing: changed by a text tool?");
  }
  reader.seek(count_offset);
  block.count = reader.le<std::uint32_t>();
  read_records(block);
  return block;
}

}  // namespace mtk
