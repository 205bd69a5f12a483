// SPDX-License-Identifier: Apache-2.0
// Decides what a flash will do, and refuses before anything is written. A pure function: it asks neither
// phone nor disk, except that it reads the heads of images that were opened before.
#pragma once

#include "da/agent.h"
#include "flash/identity.h"
#include "image/package/firmware.h"
#include "image/preloader/preloader.h"
#include "image/table/table.h"

#include <mtk/chip.h>
#include <mtk/plan.h>

namespace mtk {

/// What is known of the phone. Planning without one leaves out the checks that need it.
struct PhoneFacts {
  std::uint16_t hw_code = 0;
  const Chip* chip = nullptr;  ///< null when the table does not have it
  StorageKind storage = StorageKind::unknown;
  std::vector<AreaFacts> areas;
  Bytes storage_id;
  std::optional<PartitionTable> table;  ///< nothing when the phone has no readable table
  std::string table_problem;            ///< why
  bool preloader_by_name = false;       ///< AgentFacts::preloader_by_name
  bool writes_by_name = false;          ///< AgentFacts::writes_by_name
};

/// Partition names are compared in any case.
struct FlashOptions {
  std::vector<std::string> only = {};
  std::vector<std::string> skip = {};
  std::vector<std::string> replaced = {};  ///< partitions whose image the user named: selected by that
  IdentityConsent erase_identity = {};
  VerifyBy verify = VerifyBy::read_back;
  BootMode next = BootMode::normal;
};

/// One reason not to flash.
struct Refusal {
  std::string id;       ///< stable name, as `wrong_chip`
  std::string subject;  ///< partition, file or chip
  std::string text;     ///< for people, with the safe way on
};

struct Planned {
  Plan plan;                      ///< empty when there are refusals
  std::vector<Refusal> refusals;  ///< every one that was found
};

/// The scene Download Only: the layout of the phone stays, what is selected is written and verified.
/// \param phone  null plans without a phone
Planned plan_download(const Firmware& firmware, const PhoneFacts* phone, const FlashOptions& options);

/// Whether the firmware is for another chip; nothing when it may be used. The planner asks the same, this is
/// for asking before an agent is started.
std::optional<Refusal> chip_refusal(const Firmware& firmware, std::uint16_t hw_code, const Chip* chip);

/// The refusals as one error. Errors: refused.
Error refusal_error(const std::vector<Refusal>& refusals);

}  // namespace mtk
