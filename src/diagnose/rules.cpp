// SPDX-License-Identifier: Apache-2.0
// Which finding fits a failure. Decided by code, stage, steps and status; never by an error's text.
#include "diagnose/diagnose.h"

#include <algorithm>

namespace mtk {

namespace {

bool during(const Error& error, std::string_view step) {
  return std::ranges::any_of(error.during, [&](const std::string& name) { return name.starts_with(step); });
}

bool sends_agent(const Error& error) { return during(error, "SEND_DA"); }
/// The phone wants an answer to its challenge.
bool logs_in(const Error& error) { return during(error, "SLA") || during(error, "DA_SLA"); }
/// The phone's own partition table, which is no file.
bool reads_table(const Error& error) { return during(error, "partition table"); }
/// The user's program that answers challenges.
bool asks_signer(const Error& error) { return during(error, "signer"); }
/// The phone asks for memory settings and there is no file to take them from.
bool lacks_preloader(const Error& error) { return during(error, "preloader file"); }
/// Comparing the phone's memory with what preloaders know.
bool compares_memory(const Error& error) { return during(error, "memory id"); }
/// The phone asked this computer for a file that is none of its business.
bool asks_for_files(const Error& error) { return during(error, "FOREIGN_FILE"); }
bool starts_agent(const Error& error) { return during(error, "JUMP_DA"); }
/// Stage 1 hands over to stage 2; it says nothing when it will not.
bool hands_over(const Error& error) { return during(error, "STAGE_2"); }

/// The area a failure of this stage is about.
StatusArea area_of(Stage stage) {
  switch (stage) {
    case Stage::host:
      return StatusArea::host;
    case Stage::connect:
      return StatusArea::connect;
    case Stage::brom:
      return StatusArea::brom;
    case Stage::preloader:
      return StatusArea::preloader;
    case Stage::da1:
      return StatusArea::da1;
    case Stage::dram:
      return StatusArea::dram;
    case Stage::da2:
    case Stage::reboot:
      return StatusArea::da2;
    case Stage::backup:
    case Stage::erase:
    case Stage::write:
    case Stage::verify:
      return StatusArea::storage;
  }
  return StatusArea::host;
}

/// Where the numbering is not known, the meaning that fits the stage is likelier.
const StatusCode* likeliest(const DeviceStatus& status, Stage stage) {
  const auto meanings = meanings_of(status.kind, status.code);
  if (meanings.empty()) return nullptr;
  const auto fitting = std::ranges::find(meanings, area_of(stage), &StatusCode::area);
  return fitting == meanings.end() ? meanings.front() : *fitting;
}

FindingId by_status(const Error& error, const Situation& situation) {
  const StatusCode* status = likeliest(*error.device_status, error.stage);
  const FindingId found = status != nullptr ? finding_of(*status) : finding_of_area(area_of(error.stage));
  if (found == FindingId::preloader_needed && situation.preloader_given) return FindingId::dram_not_started;
  const bool about_memory = status != nullptr && status->area == StatusArea::dram;
  if (error.stage == Stage::dram && !about_memory) return FindingId::dram_not_started;
  return found;
}

FindingId by_timeout(const Error& error) {
  if (sends_agent(error)) return FindingId::agent_transfer_broken;
  if (starts_agent(error)) return FindingId::agent_not_started;
  if (hands_over(error)) return FindingId::stage2_refused;
  switch (error.stage) {
    case Stage::connect:
      return during(error, "HANDSHAKE") ? FindingId::start_not_answered : FindingId::no_phone;
    case Stage::brom:
    case Stage::preloader:
      return during(error, "GET_") ? FindingId::chip_not_read : FindingId::command_lost;
    case Stage::da1:
      return FindingId::agent_silent_after_start;
    case Stage::dram:
      return FindingId::dram_not_started;
    case Stage::reboot:
      return FindingId::goodbye_failed;
    case Stage::host:
      return FindingId::command_lost;
    default:
      return FindingId::agent_stopped_answering;
  }
}

FindingId by_disconnect(const Error& error, const Situation& situation) {
  if (situation.written == Written::partly) return FindingId::link_lost_writing;
  if (sends_agent(error)) return FindingId::agent_transfer_broken;
  switch (error.stage) {
    case Stage::dram:
      return FindingId::dram_not_started;
    case Stage::erase:
    case Stage::write:
      return FindingId::link_lost_writing;
    case Stage::reboot:
      return FindingId::goodbye_failed;
    default:
      return FindingId::link_lost;
  }
}

FindingId by_protocol(const Error& error) {
  if (asks_for_files(error)) return FindingId::foreign_file;
  if (sends_agent(error)) return FindingId::agent_transfer_damaged;
  if (during(error, "CONFIGURATION")) return FindingId::agent_config_tail;
  switch (error.stage) {
    case Stage::connect:
      return FindingId::start_not_echoed;
    case Stage::da1:
      return FindingId::agent_other_family;
    default:
      return FindingId::stream_broken;
  }
}

FindingId by_bad_file(const Error& error) {
  if (reads_table(error)) return FindingId::no_partition_table;
  switch (error.stage) {
    case Stage::brom:
    case Stage::preloader:
    case Stage::da1:
    case Stage::da2:
      return FindingId::agent_file_bad;
    case Stage::dram:
      return FindingId::preloader_unreadable;
    default:
      return FindingId::image_bad;
  }
}

}  // namespace

FindingId find(const Error& error, const Situation& situation) {
  if (asks_signer(error) && error.code != Errc::cancelled) return FindingId::signer_failed;
  if (error.code == Errc::device_status && error.device_status) return by_status(error, situation);
  switch (error.code) {
    case Errc::timeout:
      return by_timeout(error);
    case Errc::disconnected:
      return by_disconnect(error, situation);
    case Errc::not_found:
      return FindingId::file_not_found;
    case Errc::io:
      return error.stage == Stage::connect ? FindingId::port_not_set_up : FindingId::host_file;
    case Errc::denied:
      return FindingId::port_no_permission;
    case Errc::busy:
      return FindingId::port_not_opened;
    case Errc::protocol:
      return by_protocol(error);
    case Errc::device_status:
      return FindingId::phone_refused;
    case Errc::unsupported:
      if (logs_in(error)) return FindingId::login_needed;
      if (compares_memory(error)) return FindingId::memory_not_listed;
      if (lacks_preloader(error)) return FindingId::preloader_needed;
      if (error.stage == Stage::dram) return FindingId::preloader_unreadable;
      return during(error, "GREETING") ? FindingId::agent_other_family : FindingId::not_possible_here;
    case Errc::bad_image:
      return by_bad_file(error);
    case Errc::refused:
      return FindingId::refused_by_plan;
    case Errc::verify:
      return FindingId::verify_mismatch;
    case Errc::out_of_range:
      return FindingId::value_out_of_range;
    case Errc::usage:
      return FindingId::misuse;
    case Errc::cancelled:
      return FindingId::stopped;
    case Errc::internal:
      return FindingId::our_fault;
  }
  return FindingId::our_fault;
}

int exit_code(const Error& error, const Situation& situation) {
  enum Code {
    fault = 1,
    wrong_use = 2,
    refused = 3,
    bad_file = 4,
    no_phone = 5,
    port = 6,
    lost = 7,
    security = 8,
    memory = 9,
    agent = 10,
    after_writing = 11,
    differs = 12,
    stopped = 13,
    host_file = 14
  };
  if (asks_signer(error) && error.code != Errc::cancelled) return security;
  switch (error.code) {
    case Errc::cancelled:
      return stopped;
    case Errc::internal:
      return fault;
    case Errc::usage:
      return wrong_use;
    case Errc::refused:
      return refused;
    case Errc::verify:
      return differs;
    default:
      break;
  }
  if (situation.written != Written::nothing) return after_writing;
  if (error.code == Errc::bad_image) return reads_table(error) ? agent : bad_file;
  if (error.code == Errc::busy || error.code == Errc::denied) return port;
  if (error.code == Errc::not_found) return host_file;
  if (error.code == Errc::unsupported && logs_in(error)) return security;
  if (error.code == Errc::protocol && asks_for_files(error)) return security;
  if (error.code == Errc::device_status && error.device_status) {
    const StatusCode* status = likeliest(*error.device_status, error.stage);
    if (status != nullptr && status->area == StatusArea::security) return security;
  }
  switch (error.stage) {
    case Stage::host:
      if (error.code == Errc::io) return host_file;
      return error.code == Errc::timeout || error.code == Errc::disconnected ? no_phone : refused;
    case Stage::connect:
      if (error.code == Errc::io) return port;
      return find(error, situation) == FindingId::no_phone ? no_phone : lost;
    case Stage::brom:
    case Stage::preloader:
      return error.code == Errc::device_status ? agent : lost;
    case Stage::dram:
      return memory;
    default:
      return error.code == Errc::io ? host_file : agent;
  }
}

}  // namespace mtk
