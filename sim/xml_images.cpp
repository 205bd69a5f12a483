// SPDX-License-Identifier: Apache-2.0
// Writing an image by partition name: erase, questions about the neighbours of the file, data.
#include "sim/policy.h"
#include "sim/xml_da2.h"

#include <algorithm>

namespace mtk::sim {

namespace {

constexpr std::uint64_t verify_limit = 0x10000000;

/// Where the extension of the file's name begins, npos when it has none.
std::size_t extension_at(std::string_view path) {
  const auto dot = path.rfind('.');
  const auto folder = path.find_last_of("/\\");
  if (dot == std::string_view::npos || (folder != std::string_view::npos && dot < folder))
    return std::string_view::npos;
  return dot;
}

std::string verified_name(std::string_view path) {
  const auto dot = extension_at(path);
  return fmt::format("{}-verified{}", path.substr(0, dot), path.substr(dot));
}

std::string_view reason(Stored stored) {
  switch (stored) {
    case Stored::good:
      return "";
    case Stored::card_error:
      return "Storage error.";
    case Stored::differs:
      return "Storage holds something else than was written.";
    case Stored::too_large:
      return "Image length is larger than the partition.";
    case Stored::sparse_incomplete:
    case Stored::sparse_unknown:
    case Stored::sparse_damaged:
      return "Sparse image is damaged.";
    case Stored::not_a_preloader:
      return "Not a preloader image.";
    case Stored::too_large_to_verify:
    case Stored::not_verified:
      break;
  }
  return "Security deny: signature is wrong.";
}

}  // namespace

void XmlDa2::write_partition() {
  const auto target = partition_argument();
  if (!target) return;
  const auto source = text_argument("source_file");
  if (!source) return;
  const XmlElement* pre_erase = command().root.child("arg")->child("pre_erase");
  write_image({.target = *target,
               .source = *source,
               .info = target->name,
               .erases_first = pre_erase == nullptr || pre_erase->text != "NO"},
              ends_command());
}

void XmlDa2::write_image(Job job, Done done) {
  if (!job.erases_first) return ask_signature(std::move(job), std::move(done));
  const Target target = job.target;
  erase_whole(target, [this, job = std::move(job), done = std::move(done)](bool ok) {
    if (!ok) return done(false);
    ask_signature(job, done);
  });
}

/// `.sig` takes the place of the extension. A name without one leads to a single question, for itself.
void XmlDa2::ask_signature(Job job, Done done) {
  const auto dot = extension_at(job.source);
  if (dot == std::string::npos) return ask_image(std::move(job), std::move(done));
  const std::string name = job.source.substr(0, dot) + ".sig";
  ask_file("EXISTS", name, [this, name, job = std::move(job), done = std::move(done)](auto answer) {
    if (!answer) return done(false);
    if (*answer != "EXISTS") return ask_verified(job, done);
    const auto signature = std::make_shared<Bytes>();
    download({.info = ".sig",
              .source = name,
              .limit = signature_limit,
              .take = [signature](ByteView data) -> Result<> {
                signature->insert(signature->end(), data.begin(), data.end());
                return {};
              }},
             [this, signature, job, done](bool ok) {
               if (!ok) return done(false);
               Job with = job;
               with.signature = *signature;
               ask_verified(with, done);
             });
  });
}

void XmlDa2::ask_verified(Job job, Done done) {
  const std::string name = verified_name(job.source);
  ask_file("EXISTS", name, [this, name, job = std::move(job), done = std::move(done)](auto answer) {
    if (!answer) return done(false);
    Job next = job;
    if (*answer == "EXISTS") {
      next.source = name;
      return take_image(next, done);
    }
    if (board_.model.xml.skips_missing_image) return ask_image(next, done);
    take_image(next, done);
  });
}

void XmlDa2::ask_image(Job job, Done done) {
  const std::string source = job.source;
  ask_file("EXISTS", source, [this, job = std::move(job), done = std::move(done)](auto answer) {
    if (!answer) return done(false);
    if (*answer == "EXISTS" || !board_.model.xml.skips_missing_image) return take_image(job, done);
    board_.log("da2: {} does not exist, nothing is written to {}", job.source, job.target.name);
    done(true);
  });
}

std::unique_ptr<ImageSink> XmlDa2::sink_for(const Job& job) {
  auto sink = job.target.is_preloader ? preloader_sink(board_)
                                      : unpacking_sink(board_, job.target.place, read_back());
  if (!is_listed(board_.model.security.signed_parts, job.target.name)) return sink;
  const Bytes& blob = job.signature.empty() ? all_in_one_ : job.signature;
  return verifying_sink(std::move(sink), verify_limit,
                        [this, blob](ByteView image) { return image_is_signed(board_, image, blob); });
}

void XmlDa2::take_image(Job job, Done done) {
  const std::shared_ptr<ImageSink> sink = sink_for(job);
  download({.info = job.info,
            .source = job.source,
            .limit = job.target.place.size,
            .medium = Medium::storage,
            .take = [this, sink](ByteView data) -> Result<> {
              MTK_TRY(admit_packet());
              const Stored stored = sink->take(data);
              if (stored != Stored::good) return fail(Errc::bad_image, std::string{reason(stored)});
              return {};
            }},
           [this, job, done, sink](bool ok) {
             if (!ok) return done(false);
             const Stored stored = sink->end();
             if (stored != Stored::good) {
               blame(stored == Stored::not_verified ? fmt::format("Security deny for [{}].", job.target.name)
                                                    : std::string{reason(stored)});
               return done(false);
             }
             received_.push_back({.partition = job.target.name, .source = job.source});
             done(true);
           });
}

}  // namespace mtk::sim
