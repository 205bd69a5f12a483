// SPDX-License-Identifier: Apache-2.0
// Partitions by their names.
// Source: docs/protocol/da-xml.md#by-name
#include "da/xml/agent.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk::xml {
namespace {

/// With an ending the agent makes two further names of it, both of which it asks about.
constexpr std::string_view image_file = "image.img";
constexpr std::string_view signature_file = "image.sig";
constexpr std::string_view verified_file = "image-verified.img";

/// The agent erases before it asks for the image: an image that cannot be read must not get that far.
Result<> check_readable(Source& image) {
  if (image.size() == 0) return fail(Errc::bad_image, "image is empty");
  std::array<std::byte, 4096> start{};
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(start.size(), image.size()));
  MTK_TRY(image.rewind());
  MTK_TRY(image.read(std::span{start}.first(size)));
  return image.rewind();
}

}  // namespace

Result<> XmlAgent::write_by_name(std::string_view partition, Source& image, Source* signature,
                                 OpContext& op) {
  const auto write_image = [&]() -> Result<> {
    MTK_TRY(in(check_readable(image), std::string{WritePartition::name}));
    const bool has_ending = variant_.partition_file == XmlPartitionFile::with_ending;
    if (signature != nullptr && !has_ending)
      return fail(Errc::unsupported, "this agent has no name for the signature of an image");
    const std::string file =
        has_ending ? std::string{image_file} : fmt::format("MEM://0x3000:{:#x}", image.size());
    Services services{
        .offered = {{.name = file, .source = image}},
        .counts = Counts::sent_and_received,
        .progress = {.stage = Stage::write, .item = std::string{partition}, .total = image.size()},
        .step_patience = wait_for::erase_step};
    if (has_ending) services.absent.emplace_back(verified_file);
    if (has_ending && signature == nullptr) services.absent.emplace_back(signature_file);
    if (signature != nullptr)
      services.offered.push_back(
          {.name = std::string{signature_file}, .source = *signature, .transfer = Transfer::optional});
    const WritePartition command{.partition = partition, .source_file = file};
    return conversation_.run(to_command(command), services, op);
  };
  return at(Stage::write, write_image());
}

Result<> XmlAgent::write_partition(std::string_view partition, Source& image, OpContext& op) {
  return write_by_name(partition, image, nullptr, op);
}

Result<> XmlAgent::write_partition(std::string_view partition, Source& image, Source& signature,
                                   OpContext& op) {
  return write_by_name(partition, image, &signature, op);
}

Result<> XmlAgent::erase_partition(std::string_view partition, OpContext& op) {
  Services services{.step_patience = wait_for::erase_step};
  return run(Stage::erase, to_command(ErasePartition{.partition = partition}), services, op);
}

Result<> XmlAgent::read_partition(std::string_view partition, Sink& sink, OpContext& op) {
  const std::string file = "MEM://0x2000:MAX";
  std::uint64_t largest = 0;
  for (const AreaFacts& area : facts_.areas) largest = std::max(largest, area.size);
  Services services{.awaited = AwaitedFile{.name = file, .sink = sink, .most = largest},
                    .counts = Counts::sent_and_received,
                    .progress = {.stage = Stage::da2, .item = std::string{partition}}};
  return run(Stage::da2, to_command(ReadPartition{.partition = partition, .target_file = file}), services,
             op);
}

}  // namespace mtk::xml
