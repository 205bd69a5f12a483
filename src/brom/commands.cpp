// SPDX-License-Identifier: Apache-2.0
#include "brom/commands.h"

namespace mtk::brom {

Result<GetBlVer::Reply> GetBlVer::decode(ByteReader& in) {
  const Reply reply{.version = in.u8()};
  MTK_TRY(in.done());
  return reply;
}

Result<GetVersion::Reply> GetVersion::decode(ByteReader& in) {
  const Reply reply{.version = in.u8()};
  MTK_TRY(in.done());
  return reply;
}

Result<GetHwCode::Reply> GetHwCode::decode(ByteReader& in) {
  const Reply reply{.hw_code = in.be<std::uint16_t>(), .status = in.be<std::uint16_t>()};
  MTK_TRY(in.done());
  return reply;
}

Result<GetHwSwVersion::Reply> GetHwSwVersion::decode(ByteReader& in) {
  const Reply reply{.hw_subcode = in.be<std::uint16_t>(),
                    .hw_version = in.be<std::uint16_t>(),
                    .sw_version = in.be<std::uint16_t>(),
                    .status = in.be<std::uint16_t>()};
  MTK_TRY(in.done());
  return reply;
}

Result<GetPlCap::Reply> GetPlCap::decode(ByteReader& in) {
  const Reply reply{.capabilities = in.be<std::uint32_t>(), .reserved = in.be<std::uint32_t>()};
  MTK_TRY(in.done());
  return reply;
}

Result<GetTargetConfig::Reply> GetTargetConfig::decode(ByteReader& in) {
  const Reply reply{.config = {.flags = in.be<std::uint32_t>()}, .status = in.be<std::uint16_t>()};
  MTK_TRY(in.done());
  return reply;
}

Result<JumpDa::Reply> JumpDa::decode(ByteReader& in) {
  const Reply reply{.status = in.be<std::uint16_t>()};
  MTK_TRY(in.done());
  return reply;
}

}  // namespace mtk::brom
