// SPDX-License-Identifier: Apache-2.0
// Any bytes as a preloader: what is accepted can be taken apart, and a device header put on comes off again.
#include "image/preloader/preloader.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  const auto preloader = mtk::parse_preloader(mtk::Bytes(bytes.begin(), bytes.end()));
  if (!preloader) return 0;
  if (preloader->emi) {
    for (const mtk::EmiRecord& record : preloader->emi->records) {
      (void)mtk::describe_memory(record);
      (void)mtk::describe_id(record);
      (void)mtk::record_for(*preloader->emi, record.id);
    }
    (void)preloader->emi->legacy_payload(mtk::emi_records_offset_v13_alternative);
  }
  if (preloader->form == mtk::PreloaderForm::emi_block) return 0;
  (void)preloader->code();
  (void)preloader->signature();
  const auto bare = mtk::strip_device_header(bytes);
  if (!bare) std::abort();
  const auto area = mtk::add_emmc_header(*bare);
  if (!area || mtk::strip_device_header(*area).value() != *bare) std::abort();
  return 0;
}
