// SPDX-License-Identifier: Apache-2.0
#include "sim/image_sink.h"

#include "sim/contents.h"
#include "sim/image_writer.h"

#include <algorithm>

namespace mtk::sim {

namespace {

class PlainSink final : public ImageSink {
 public:
  PlainSink(Board& board, Place place, ReadBack read_back)
      : writer_(board, place, read_back), place_(place) {}
  Stored take(ByteView data) override {
    const std::uint64_t room = place_.size - std::min(place_.size, at_);
    const auto fitting = static_cast<std::size_t>(std::min<std::uint64_t>(room, data.size()));
    if (fitting < data.size()) too_large_ = true;
    const Stored stored = writer_.write(at_, data.first(fitting));
    at_ += data.size();
    return stored;
  }
  Stored end() override { return too_large_ ? Stored::too_large : Stored::good; }

 private:
  PlaceWriter writer_;
  Place place_;
  std::uint64_t at_ = 0;
  bool too_large_ = false;
};

class UnpackingSink final : public ImageSink {
 public:
  UnpackingSink(Board& board, Place place, ReadBack read_back)
      : place_writer_(board, place, read_back),
        writer_(place.size, [this](std::uint64_t at, ByteView data) { return store(at, data); }) {}
  Stored take(ByteView data) override { return too_large_ ? Stored::good : judge(writer_.take(data)); }
  Stored end() override {
    if (too_large_) return Stored::too_large;
    const auto finished = writer_.finish();
    if (!finished && finished.error().code == Errc::bad_image) return Stored::sparse_incomplete;
    const Stored stored = judge(finished);
    return too_large_ ? Stored::too_large : stored;
  }

 private:
  Result<> store(std::uint64_t at, ByteView data) {
    stored_ = place_writer_.write(at, data);
    if (stored_ != Stored::good) return fail(Errc::io, "the card refuses");
    return {};
  }
  /// What is too large is taken to its end and refused there.
  Stored judge(const Result<>& result) {
    if (result) return Stored::good;
    switch (result.error().code) {
      case Errc::out_of_range:
        too_large_ = true;
        return Stored::good;
      case Errc::unsupported:
        return Stored::sparse_unknown;
      case Errc::io:
        return stored_;
      default:
        return Stored::sparse_damaged;
    }
  }

  PlaceWriter place_writer_;
  ImageWriter writer_;
  Stored stored_ = Stored::good;
  bool too_large_ = false;
};

class PreloaderSink final : public ImageSink {
 public:
  explicit PreloaderSink(Board& board) : board_(board) {}
  Stored take(ByteView data) override {
    if (image_.size() + data.size() > board_.card.size(part_boot1)) {
      too_large_ = true;
    } else {
      image_.insert(image_.end(), data.begin(), data.end());
    }
    return Stored::good;
  }
  Stored end() override {
    constexpr std::string_view magic = "MMM";
    if (image_.size() < magic.size() || ByteReader{image_}.text(magic.size()) != magic)
      return Stored::not_a_preloader;
    const Bytes area = boot_area(image_, board_.card.kind());
    if (too_large_ || area.size() > board_.card.size(part_boot1)) return Stored::too_large;
    for (const std::uint8_t part : {part_boot1, part_boot2}) {
      if (part == part_boot2 && (!in_both() || area.size() > board_.card.size(part_boot2))) break;
      PlaceWriter writer{board_, {.part = part, .offset = 0, .size = board_.card.size(part)}, ReadBack::no};
      if (const Stored stored = writer.write(0, area); stored != Stored::good) return stored;
    }
    return Stored::good;
  }

 private:
  bool in_both() const {
    return std::ranges::any_of(board_.model.partitions, [](const PartitionModel& part) {
      return part.content == Content::preloader && part.region == Region::both_boots;
    });
  }

  Board& board_;
  Bytes image_;
  bool too_large_ = false;
};

class VerifyingSink final : public ImageSink {
 public:
  VerifyingSink(std::unique_ptr<ImageSink> next, std::uint64_t limit, std::function<bool(ByteView)> fits)
      : next_(std::move(next)), limit_(limit), fits_(std::move(fits)) {}
  Stored take(ByteView data) override {
    if (image_.size() + data.size() > limit_) {
      too_large_ = true;
    } else {
      image_.insert(image_.end(), data.begin(), data.end());
    }
    return Stored::good;
  }
  Stored end() override {
    if (too_large_) return Stored::too_large_to_verify;
    if (!fits_(image_)) return Stored::not_verified;
    if (const Stored stored = next_->take(image_); stored != Stored::good) return stored;
    return next_->end();
  }

 private:
  std::unique_ptr<ImageSink> next_;
  std::uint64_t limit_;
  std::function<bool(ByteView)> fits_;
  Bytes image_;
  bool too_large_ = false;
};

}  // namespace

Stored PlaceWriter::write(std::uint64_t at, ByteView data) {
  if (data.empty()) return Stored::good;
  MTK_ASSERT(at <= place_.size && data.size() <= place_.size - at);
  board_.take_card_time(data.size());
  const std::uint64_t offset = place_.offset + at;
  Bytes changed;
  ByteView stored = data;
  const auto rotten = board_.faults.rotten_byte;
  if (rotten && place_.part == part_user && *rotten >= offset && *rotten - offset < data.size()) {
    board_.log("fault: the card stores byte 0x{:x} wrong", *rotten);
    changed.assign(data.begin(), data.end());
    changed[static_cast<std::size_t>(*rotten - offset)] ^= std::byte{1};
    stored = changed;
  }
  if (!board_.card.write(place_.part, offset, stored)) return Stored::card_error;
  if (read_back_ == ReadBack::no) return Stored::good;
  const auto found = board_.card.read(place_.part, offset, data.size());
  return found && std::ranges::equal(*found, data) ? Stored::good : Stored::differs;
}

std::unique_ptr<ImageSink> plain_sink(Board& board, Place place, ReadBack read_back) {
  return std::make_unique<PlainSink>(board, place, read_back);
}
std::unique_ptr<ImageSink> unpacking_sink(Board& board, Place place, ReadBack read_back) {
  return std::make_unique<UnpackingSink>(board, place, read_back);
}
std::unique_ptr<ImageSink> preloader_sink(Board& board) { return std::make_unique<PreloaderSink>(board); }
std::unique_ptr<ImageSink> verifying_sink(std::unique_ptr<ImageSink> next, std::uint64_t limit,
                                          std::function<bool(ByteView)> fits) {
  return std::make_unique<VerifyingSink>(std::move(next), limit, std::move(fits));
}

}  // namespace mtk::sim
