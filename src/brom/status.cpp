// SPDX-License-Identifier: Apache-2.0
#include "brom/status.h"

#include <fmt/format.h>

namespace mtk::brom {

Result<> accept(std::uint16_t status) {
  if (is_success(status)) return {};
  return fail(Error{.code = Errc::device_status,
                    .what = fmt::format("phone refused with status {:04X}", status),
                    .device_status = DeviceStatus{.kind = StatusKind::brom16, .code = status}});
}

}  // namespace mtk::brom
