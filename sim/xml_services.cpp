// SPDX-License-Identifier: Apache-2.0
// The four services an XML agent asks of the host while a command runs.
#include "sim/xml_agent.h"

#include <algorithm>

namespace mtk::sim {

namespace {

constexpr std::size_t path_limit = 0x200;

bool accepted(std::string_view token) { return token.starts_with("OK"); }

std::string path_of(std::string_view path) { return std::string{path.substr(0, path_limit)}; }

std::optional<std::string_view> value_of(std::string_view token) {
  const auto at = token.find('@');
  if (!accepted(token) || at == std::string_view::npos) return std::nullopt;
  return token.substr(at + 1);
}

std::uint32_t word_sum(ByteView data) {
  std::uint32_t sum = 0;
  ByteReader in{data};
  while (in.remaining() >= 4) sum += in.le<std::uint32_t>();
  while (in.remaining() > 0) sum += in.u8();
  return sum;
}

}  // namespace

void XmlStage::progress(std::string message, Work work, Done done) {
  send_document("PROGRESS-REPORT", {{"message", std::move(message)}});
  token([this, work = std::move(work), done = std::move(done)](std::string_view) {
    progress_step(1, work, done);
  });
}

void XmlStage::progress_step(std::uint32_t step, Work work, Done done) {
  const std::uint32_t steps = board_.model.xml.progress_steps;
  const bool endless = board_.faults.hostile == Hostile::progress;
  if (endless) {
    send_token(fmt::format("OK!PROGRESS@{}@never done", step % 100));
    return token([this, step, work, done](std::string_view) { progress_step(step + 1, work, done); });
  }
  if (steps == 0 && work) work(1, 1);
  if (step > steps) {
    send_token("OK!EOT");
    return token([done](std::string_view) { done(true); });
  }
  if (work) work(step, steps);
  send_message(fmt::format("step {} of {}", step, steps));
  send_token(fmt::format("OK!PROGRESS@{}@step {}", 100 * step / steps, step));
  token([this, step, work = std::move(work), done = std::move(done)](std::string_view answer) {
    const bool cancelled = answer.starts_with("ERR") && board_.model.xml.build == XmlBuild::y2023;
    if (!cancelled) return progress_step(step + 1, work, done);
    blame("Cancelled by the host.");
    send_token("OK!EOT");
    token([done](std::string_view) { done(false); });
  });
}

void XmlStage::ask_file(std::string_view key, std::string_view path, Answer answer) {
  send_document("FILE-SYS-OPERATION", {{"key", std::string{key}}, {"file_path", path_of(path)}});
  const bool wants_value = key == "EXISTS" || key == "FILE-SIZE";
  token([this, wants_value, answer = std::move(answer), what = std::string{key}](std::string_view first) {
    if (!accepted(first)) {
      blame(fmt::format("Host refuses {}.", what));
      return answer(std::nullopt);
    }
    token([this, wants_value, answer, what](std::string_view result) {
      if (!accepted(result)) {
        blame(fmt::format("Host fails {}.", what));
        return answer(std::nullopt);
      }
      const auto value = value_of(result);
      if (!value && wants_value)
        return hang(fmt::format("{} answered without a value: a null pointer is followed", what));
      answer(std::string{value.value_or("")});
    });
  });
}

void XmlStage::download(Download job, Done done) {
  send_message(fmt::format("wants {}", job.info));
  const std::uint32_t named = board_.faults.hostile == Hostile::length ? 0xffffffff : download_packet_;
  send_document("DOWNLOAD-FILE", {{"checksum", sums() ? "CHK_ADD" : "CHK_NO"},
                                  {"info", job.info},
                                  {"source_file", path_of(job.source)},
                                  {"packet_length", fmt::format("0x{:x}", named)}});
  token([this, job = std::move(job), done = std::move(done)](std::string_view first) {
    if (!accepted(first)) {
      blame(fmt::format("Host refuses to send [{}].", job.info));
      return done(false);
    }
    token([this, job, done](std::string_view length) {
      const auto value = value_of(length);
      const auto total = value ? xml_number(*value) : std::nullopt;
      if (!total || *total > job.limit || (job.expected && *total != *job.expected)) {
        blame(total
                  ? fmt::format("Host file size 0x{:x} is larger than available 0x{:x} or not the one told.",
                                *total, job.limit)
                  : fmt::format("Host cannot send [{}].", job.info));
        send_token("ERR");
        return done(false);
      }
      send_token("OK");
      next_download_packet(job, *total, done);
    });
  });
}

void XmlStage::next_download_packet(Download job, std::uint64_t left, Done done) {
  if (left == 0) return done(true);
  token([this, job = std::move(job), left, done = std::move(done)](std::string_view checksum) {
    const auto value = value_of(checksum);
    if (!accepted(checksum)) {
      blame(fmt::format("Host stops sending [{}].", job.info));
      send_token("ERR");
      return done(false);
    }
    const std::uint64_t sum = value ? xml_number(*value).value_or(0) : 0;
    send_token("OK");
    take_download_packet(job, left, static_cast<std::uint32_t>(sum), done);
  });
}

void XmlStage::take_download_packet(Download job, std::uint64_t left, std::uint32_t sum, Done done) {
  packet(download_packet_, [this, job = std::move(job), left, sum, done = std::move(done)](Packet data) {
    const auto failed = [&](std::string why, bool tells) {
      blame(std::move(why));
      if (tells) send_token("ERR");
      done(false);
    };
    if (data.payload.size() > left) return failed("More data than announced.", true);
    const bool older = board_.model.xml.build == XmlBuild::y2022;
    const std::uint32_t own = word_sum(data.payload);
    const std::uint32_t mask = older ? 0xffff : 0xffffffff;
    if (sums() && ((own ^ sum) & mask) != 0)
      return failed(fmt::format("Checksum 0x{:x} told, 0x{:x} counted.", sum, own), older);
    if (const auto stored = job.take(data.payload); !stored) return failed(stored.error().what, true);
    send_token(job.medium == Medium::storage ? "OK@0x0" : "OK");
    next_download_packet(job, left - data.payload.size(), done);
  });
}

void XmlStage::download_file(std::string info, std::string source, std::size_t limit,
                             std::function<void(Bytes)> use) {
  const auto content = std::make_shared<Bytes>();
  download({.info = std::move(info),
            .source = std::move(source),
            .limit = limit,
            .take = [content](ByteView data) -> Result<> {
              content->insert(content->end(), data.begin(), data.end());
              return {};
            }},
           [this, content, use = std::move(use)](bool ok) {
             if (!ok) return ends_command()(false);
             use(std::move(*content));
           });
}

void XmlStage::upload(Upload job, Done done) {
  send_message(fmt::format("gives {}", job.info));
  const bool huge = board_.faults.hostile == Hostile::length;
  send_document("UPLOAD-FILE",
                {{"checksum", "CHK_NO"},
                 {"info", job.info},
                 {"target_file", path_of(job.target)},
                 {"packet_length", fmt::format("0x{:x}", huge ? 0xffffffff : upload_packet_)}});
  token([this, huge, job = std::move(job), done = std::move(done)](std::string_view first) {
    if (!accepted(first)) {
      blame(fmt::format("Host refuses [{}].", job.info));
      return done(false);
    }
    const std::uint64_t told = huge ? 0xffffffffffffffff : job.length;
    send_token(job.medium == Medium::storage && told != 0 ? fmt::format("OK@0x{:016x}", told)
                                                          : fmt::format("OK@0x{:x}", told));
    token([this, job, done](std::string_view ready) {
      if (!accepted(ready)) {
        blame(fmt::format("Host cannot take [{}].", job.info));
        return done(false);
      }
      next_upload_packet(job, 0, done);
    });
  });
}

void XmlStage::next_upload_packet(Upload job, std::uint64_t offset, Done done) {
  if (offset >= job.length) return done(true);
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(job.length - offset, upload_packet_));
  auto data = job.give(offset, size);
  if (!data) {
    // The genuine agent takes one answer more before it ends the command.
    blame(data.error().what);
    send_token("ERR");
    return token([done](std::string_view) { done(false); });
  }
  send_token(job.medium == Medium::storage ? "OK@0x0" : "OK");
  const auto packet = std::make_shared<const Bytes>(std::move(*data));
  token([this, job = std::move(job), offset, packet, done = std::move(done)](std::string_view answer) {
    if (!accepted(answer)) {
      blame(fmt::format("Host stops taking [{}].", job.info));
      return done(false);
    }
    send_upload_packet(job, offset, *packet, done);
  });
}

void XmlStage::send_upload_packet(Upload job, std::uint64_t offset, const Bytes& data, Done done) {
  const std::uint64_t next = offset + data.size();
  if (job.medium == Medium::storage) board_.take_card_time(data.size());
  send_packet(data);
  token([this, job = std::move(job), next, done = std::move(done)](std::string_view answer) {
    if (accepted(answer)) return next_upload_packet(job, next, done);
    blame(fmt::format("Host could not store [{}].", job.info));
    done(false);
  });
}

void XmlStage::upload_bytes(std::string info, Bytes content) {
  const auto target = text_argument("target_file");
  if (!target) return;
  const std::size_t length = content.size();
  upload({.info = std::move(info),
          .target = *target,
          .length = length,
          .give = [content = std::move(content)](std::uint64_t offset, std::size_t size) -> Result<Bytes> {
            const auto begin = content.begin() + static_cast<std::ptrdiff_t>(offset);
            return Bytes{begin, begin + static_cast<std::ptrdiff_t>(size)};
          }},
         ends_command());
}

void XmlStage::upload_text(std::string info, std::string_view text, FinalNul nul) {
  Bytes content = to_bytes(text);
  if (nul == FinalNul::yes) content.push_back(std::byte{0});
  upload_bytes(std::move(info), std::move(content));
}

}  // namespace mtk::sim
