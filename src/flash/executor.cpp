// SPDX-License-Identifier: Apache-2.0
#include "flash/executor.h"

#include "base/checked.h"
#include "flash/image_check.h"
#include "flash/step_progress.h"
#include "flash/streams.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace mtk {

namespace {

/// The largest header an agent puts in front of a preloader, and the largest sector to round to.
constexpr std::uint64_t device_header_room = 0x1000;
constexpr std::uint64_t largest_sector = 0x1000;

std::uint64_t work_bytes(const Step& step) {
  if (const auto* keep = std::get_if<KeepStep>(&step)) return keep->from.length;
  if (const auto* erase = std::get_if<EraseStep>(&step)) return erase->target.length;
  if (const auto* write = std::get_if<WriteStep>(&step)) return write->image.content_bytes;
  if (const auto* verify = std::get_if<VerifyStep>(&step)) return verify->image.content_bytes;
  return 0;
}

Region part_of(const Region& region, const ByteRange& range) {
  return {region.area, region.offset + range.offset, range.length};
}

class Executor {
 public:
  Executor(const Plan& plan, Agent& agent, const OpenImage& open, KeepStore* keep, OpContext& op)
      : plan_(plan),
        agent_(agent),
        open_(open),
        keep_(keep),
        stop_(op.stop),
        progress_(op.observer, total(plan)) {}

  Execution run() {
    for (const Step& step : plan_.steps) {
      auto done = std::visit([this](const auto& kind) { return carry_out(kind); }, step);
      if (done) continue;
      out_.error = std::move(done.error());
      return std::move(out_);
    }
    return std::move(out_);
  }

 private:
  static std::uint64_t total(const Plan& plan) {
    std::uint64_t bytes = 0;
    for (const Step& step : plan.steps) bytes += work_bytes(step);
    return bytes;
  }

  Result<> carry_out(const KeepStep& step) {
    progress_.begin_step(Stage::backup, work_bytes(step));
    OpContext op{stop_, progress_};
    MTK_ASSERT(keep_ != nullptr);
    MTK_TRY_LET(Sink* const sink,
                within(Stage::backup, keep_->begin(step.partition), "keep " + step.partition));
    MTK_TRY(
        within(Stage::backup, agent_.read(step.from, *sink, step.partition, op), "keep " + step.partition));
    MTK_TRY_LET(const auto sha256, within(Stage::backup, keep_->commit(), "keep " + step.partition));
    out_.steps.push_back({step.partition, Done::kept, step.from.length, sha256});
    return {};
  }

  Result<> carry_out(const EraseStep& step) {
    progress_.begin_step(Stage::erase, work_bytes(step));
    OpContext op{stop_, progress_};
    begin_change(step.partition);
    const auto by_name = [&] { return agent_.erase_partition(step.partition, op); };
    auto erased = agent_.facts().writes_by_name ? by_name() : agent_.erase(step.target, step.partition, op);
    if (!erased && agent_.wants_name(erased.error())) erased = by_name();
    MTK_TRY(within(Stage::erase, std::move(erased), "erase " + step.partition));
    out_.interrupted.reset();
    out_.steps.push_back({step.partition, Done::erased, step.target.length, {}});
    return {};
  }

  Result<> carry_out(const WriteStep& step) {
    const std::string name = "write " + step.partition;
    progress_.begin_step(Stage::write, work_bytes(step));
    MTK_TRY_LET(const ImagePtr image, within(Stage::write, open_(step.image), name));
    if (image->size() != step.image.bytes) {
      return fail(Error{.code = Errc::bad_image,
                        .what = fmt::format("{} changed since the plan was made", step.image.file),
                        .stage = Stage::write}
                      .in(name));
    }
    const auto ranges = ranges_to_write(*image);
    if (step.skip_if_same) {
      MTK_TRY_LET(const bool same, within(Stage::write, already_there(step, image, ranges), name));
      if (same) {
        out_.steps.push_back({step.partition, Done::same, step.image.content_bytes, {}});
        return {};
      }
    }
    // A partition the phone needs for download mode is finished whatever the user wishes meanwhile.
    OpContext op{step.stop == Interruptible::yes ? stop_ : std::stop_token{}, progress_};
    begin_change(step.partition);
    MTK_TRY(within(Stage::write, put(step, image, ranges, op), name));
    out_.interrupted.reset();
    out_.steps.push_back({step.partition, Done::written, step.image.content_bytes, {}});
    return {};
  }

  Result<> carry_out(const VerifyStep& step) {
    const std::string name = "verify " + step.partition;
    progress_.begin_step(Stage::verify, work_bytes(step));
    if (step.by == VerifyBy::device) return verified_by_agent(step);
    MTK_TRY_LET(const ImagePtr image, within(Stage::verify, open_(step.image), name));
    const auto ranges = ranges_to_write(*image);
    const auto sent = sent_.find(step.partition);
    MTK_TRY_LET(const Bytes expected,
                sent != sent_.end() ? Result<Bytes>{sent->second} : hash_of(image, ranges));
    MTK_TRY_LET(const Bytes found, within(Stage::verify,
                                          step.image.form == ImageForm::bare_preloader
                                              ? preloader_hash(step.target, step.partition)
                                              : read_hash(step.target, step.partition, ranges),
                                          name));
    if (found != expected) {
      out_.interrupted = step.partition;
      return fail(Error{.code = Errc::verify,
                        .what = fmt::format("{} differs from what was written: SHA-256 {} instead of {}",
                                            step.partition, hex_compact(found), hex_compact(expected)),
                        .stage = Stage::verify}
                      .in(name));
    }
    out_.steps.push_back({step.partition, Done::verified, step.image.content_bytes, hex_compact(found)});
    return {};
  }

  /// The agent compared while it wrote, and ends a write that differs with an error.
  Result<> verified_by_agent(const VerifyStep& step) {
    if (!agent_.facts().checks_storage) {
      return fail(Error{.code = Errc::unsupported,
                        .what = "this agent has no storage check of its own",
                        .stage = Stage::verify}
                      .in("verify " + step.partition));
    }
    out_.steps.push_back({step.partition, Done::checked, step.image.content_bytes, {}});
    return {};
  }

  Result<> carry_out(const RebootStep& step) {
    progress_.begin_step(Stage::reboot, 0);
    OpContext op{{}, progress_};
    return within(Stage::reboot, agent_.finish(step.into, op), "reboot");
  }

  Result<> put(const WriteStep& step, const ImagePtr& image, const std::vector<ByteRange>& ranges,
               OpContext& op) {
    if (step.image.form == ImageForm::bare_preloader) return put_by_name(step.partition, image, op);
    if (!agent_.facts().writes_by_name) {
      auto put = put_by_place(step, image, ranges, op);
      if (put || !agent_.wants_name(put.error())) return put;
    }
    // By name the agent expands sparse files itself, so that holes stay untouched here as well.
    ImageRef file = step.image;
    file.form = ImageForm::raw_file;
    MTK_TRY_LET(const ImagePtr raw, open_(file));
    MTK_TRY(put_by_name(step.partition, raw, op));
    sent_.erase(step.partition);
    return {};
  }

  Result<> put_by_place(const WriteStep& step, const ImagePtr& image, const std::vector<ByteRange>& ranges,
                        OpContext& op) {
    Hasher hasher;
    for (const ByteRange& range : ranges) {
      for (std::uint64_t done = 0; done < range.length;) {
        const ByteRange piece{range.offset + done, std::min(write_piece_bytes, range.length - done)};
        ImageReader reader{image, piece.offset, piece.length};
        HashingSource source{reader, hasher};
        MTK_TRY(agent_.write(part_of(step.target, piece), source, step.partition, op));
        progress_.finished(piece.length);
        done += piece.length;
      }
    }
    sent_[step.partition] = hasher.finish();
    return {};
  }

  Result<> put_by_name(const std::string& partition, const ImagePtr& image, OpContext& op) {
    ImageReader reader{image};
    return agent_.write_partition(partition, reader, op);
  }

  void begin_change(const std::string& partition) {
    out_.began_writing = true;
    out_.interrupted = partition;
  }

  Result<bool> already_there(const WriteStep& step, const ImagePtr& image_ptr,
                             const std::vector<ByteRange>& ranges) {
    const ImageSource& image = *image_ptr;
    if (step.image.form == ImageForm::bare_preloader) {
      MTK_TRY_LET(const Bytes found, preloader_hash(step.target, step.partition));
      MTK_TRY_LET(const Bytes wanted, hash_of(image_ptr, ranges));
      return found == wanted;
    }
    OpContext op{stop_, progress_};
    for (const ByteRange& range : ranges) {
      ComparingSink sink{image, range.offset};
      MTK_TRY(agent_.read(part_of(step.target, range), sink, step.partition, op));
      if (sink.differs()) return false;
    }
    return true;
  }

  static Result<Bytes> hash_of(const ImagePtr& image, const std::vector<ByteRange>& ranges) {
    Hasher hasher;
    Bytes buffer(1U << 20);
    for (const ByteRange& range : ranges) {
      for (std::uint64_t done = 0; done < range.length;) {
        const auto part =
            std::span{buffer}.first(std::min<std::uint64_t>(buffer.size(), range.length - done));
        MTK_TRY(image->read_at(range.offset + done, part));
        hasher.update(part);
        done += part.size();
      }
    }
    return hasher.finish();
  }

  /// The preloader in a boot area, behind whatever header the agent gave it. None at all hashes to nothing.
  Result<Bytes> preloader_hash(const Region& target, const std::string& item) {
    OpContext op{stop_, progress_};
    const AreaFacts* area = agent_.facts().area(target.area);
    const std::uint64_t room = area == nullptr ? 0 : area->size;
    struct Collect final : Sink {
      Bytes bytes;
      Result<> write(ByteView data) override {
        bytes.insert(bytes.end(), data.begin(), data.end());
        return {};
      }
    } stored;
    MTK_TRY_LET(const std::uint64_t wanted, round_up(target.length + device_header_room, largest_sector));
    MTK_TRY(agent_.read({target.area, 0, std::min(room, wanted)}, stored, item, op));
    progress_.finished(target.length);
    const auto bare = strip_device_header(stored.bytes);
    if (!bare || bare->size() < target.length) return Bytes{};
    return sha256(ByteView{*bare}.first(target.length));
  }

  Result<Bytes> read_hash(const Region& target, const std::string& item,
                          const std::vector<ByteRange>& ranges) {
    OpContext op{stop_, progress_};
    HashingSink sink;
    for (const ByteRange& range : ranges) {
      MTK_TRY(agent_.read(part_of(target, range), sink, item, op));
      progress_.finished(range.length);
    }
    return sink.finish();
  }

  const Plan& plan_;
  Agent& agent_;
  const OpenImage& open_;
  KeepStore* keep_;
  std::stop_token stop_;
  StepProgress progress_;
  std::map<std::string, Bytes> sent_;  ///< SHA-256 of what went out, by partition
  Execution out_;
};

}  // namespace

namespace {

/// Stored bytes in a form other than as_is.
Result<ImagePtr> in_form(ImagePtr stored, ImageForm form) {
  if (form == ImageForm::raw_file) return stored;
  MTK_TRY_LET(Bytes content,
              form == ImageForm::boot_area ? boot_area_content(*stored) : bare_preloader_content(*stored));
  return memory_image(std::move(content));
}

}  // namespace

Result<ImagePtr> open_image_ref(const ImageRef& image) {
  if (image.form == ImageForm::as_is) return open_image(image.file);
  MTK_TRY_LET(ImagePtr stored, open_raw_image(image.file));
  return in_form(std::move(stored), image.form);
}

OpenImage images_of(const Firmware& firmware) {
  return [&firmware](const ImageRef& ref) -> Result<ImagePtr> {
    const auto found = std::ranges::find_if(
        firmware.images, [&](const FirmwareImage& image) { return image.path.string() == ref.file; });
    if (found == firmware.images.end() || !found->content) return open_image_ref(ref);
    if (ref.form == ImageForm::as_is) return found->content;
    if (found->stored.size() != 1)
      return fail(Errc::unsupported, ref.file + " is in several parts and cannot be sent as it is stored");
    return in_form(found->stored.front(), ref.form);
  };
}

Execution execute(const Plan& plan, Agent& agent, const OpenImage& open, KeepStore* keep, OpContext& op) {
  return Executor{plan, agent, open, keep, op}.run();
}

}  // namespace mtk
