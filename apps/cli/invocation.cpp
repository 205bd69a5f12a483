// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/invocation.h"

#include <mtk/firmware.h>

#include <cmath>
#include <cstdlib>

namespace mtk::cli {

namespace {

using fmt::arg;

std::chrono::milliseconds seconds(const std::string& text) {
  return std::chrono::milliseconds{std::llround(std::strtod(text.c_str(), nullptr) * 1000)};
}

BootMode boot_mode(std::string_view word) { return parse_boot_mode(word).value_or(BootMode::normal); }

}  // namespace

std::string Invocation::value(Option option) const {
  const auto found = values.find(option);
  return found == values.end() || found->second.empty() ? std::string{} : found->second.back();
}

std::vector<std::string> Invocation::list(Option option) const {
  std::vector<std::string> out;
  const auto found = values.find(option);
  if (found == values.end()) return out;
  for (const auto& value : found->second) {
    for (auto& name : split_list(value)) out.push_back(std::move(name));
  }
  return out;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    if (comma > 0) names.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return names;
}

VerifyBy verify_by(const Invocation& run) {
  if (run.has(Option::no_verify) || run.value(Option::verify) == "off") return VerifyBy::none;
  return run.value(Option::verify) == "device" ? VerifyBy::device : VerifyBy::read_back;
}

ConnectOptions connect_options(const Invocation& run) {
  ConnectOptions options{.port = run.value(Option::port),
                         .timeout = {},
                         .stage_timeout = {},
                         .da = run.value(Option::da),
                         .preloader = run.value(Option::preloader),
                         .auth = run.value(Option::auth),
                         .cert = run.value(Option::cert),
                         .signer = std::string{run.value(Option::signer)},
                         .chip_file = run.value(Option::chip_file),
                         .battery = {},
                         .agent_messages = run.has(Option::verbose),
                         .check_storage = verify_by(run) == VerifyBy::device,
                         .record = run.value(Option::record),
                         .record_payload = run.has(Option::trace_payload)};
  if (run.has(Option::timeout)) options.timeout = seconds(run.value(Option::timeout));
  if (run.has(Option::stage_timeout)) options.stage_timeout = seconds(run.value(Option::stage_timeout));
  if (run.value(Option::battery) == "yes") options.battery = true;
  if (run.value(Option::battery) == "no") options.battery = false;
  return options;
}

Result<FlashJob> flash_job(const Invocation& run) {
  FlashJob job{.firmware = run.arguments.front(),
               .only = run.list(Option::only),
               .skip = run.list(Option::skip),
               .images = {},
               .erase_identity = run.list(Option::erase_identity),
               .verify = verify_by(run),
               .next = boot_mode(run.value(Option::next)),
               .dry_run = run.has(Option::dry_run)};
  const std::string scene = run.value(Option::scene);
  if (!scene.empty() && !offers_scene(scene))
    return fail(Errc::usage, say(Text::usage_scene, arg("scene", scene)));
  if (const auto found = run.values.find(Option::image); found != run.values.end()) {
    for (const auto& image : found->second) {
      const auto equals = image.find('=');
      if (equals == 0 || equals == std::string::npos || equals + 1 == image.size())
        return fail(Errc::usage, say(Text::usage_image, arg("value", image)));
      job.images[image.substr(0, equals)] = image.substr(equals + 1);
    }
  }
  return job;
}

Result<ReadJob> read_job(const Invocation& run) {
  if (run.arguments.size() % 2 != 0) return fail(Errc::usage, std::string{text(Text::usage_read_pairs)});
  ReadJob job;
  for (std::size_t i = 0; i < run.arguments.size(); i += 2) {
    const auto places = split_list(run.arguments[i]);
    const auto files = split_list(run.arguments[i + 1]);
    if (places.size() != files.size() || places.size() < 2) {
      job.items.push_back({run.arguments[i], run.arguments[i + 1]});
      continue;
    }
    for (std::size_t n = 0; n < places.size(); ++n) job.items.push_back({places[n], files[n]});
  }
  return job;
}

WriteJob write_job(const Invocation& run) {
  return {.place = run.arguments[0],
          .file = run.arguments[1],
          .erase_identity = run.list(Option::erase_identity),
          .verify = verify_by(run)};
}

EraseJob erase_job(const Invocation& run) {
  EraseJob job{.places = {}, .erase_identity = run.list(Option::erase_identity)};
  for (const auto& argument : run.arguments) {
    for (auto& place : split_list(argument)) job.places.push_back(std::move(place));
  }
  return job;
}

RebootJob reboot_job(const Invocation& run) {
  return {.into = boot_mode(run.arguments.empty() ? "normal" : run.arguments.front())};
}

}  // namespace mtk::cli
