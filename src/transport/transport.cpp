// SPDX-License-Identifier: Apache-2.0
#include "transport/transport.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk {

Result<> Transport::read_exactly(std::span<std::byte> into, const Wait& wait, Content content) {
  const auto deadline = wait.deadline(clock().now());
  std::size_t have = 0;
  while (have < into.size()) {
    const auto left = std::max(deadline - clock().now(), Clock::Duration::zero());
    auto got = read_some(into.subspan(have), Wait{left, wait.stop}, content);
    if (!got) {
      Error error = std::move(got.error());
      if (error.code == Errc::timeout) {
        error.what = fmt::format("phone silent for {} ms, {} of {} bytes came",
                                 std::chrono::duration_cast<std::chrono::milliseconds>(wait.timeout).count(),
                                 have, into.size());
      }
      return fail(std::move(error));
    }
    have += *got;
  }
  return {};
}

Result<Bytes> Transport::read_bytes(std::size_t size, const Wait& wait, Content content) {
  Bytes data(size);
  MTK_TRY(read_exactly(data, wait, content));
  return data;
}

Result<> Transport::write(ByteView data, const Wait& wait, Content content) {
  const std::array parts{data};
  return write(std::span<const ByteView>{parts}, wait, content);
}

Result<> Transport::drain(Clock::Duration quiet, Clock::Duration limit) {
  const auto deadline = clock().now() + limit;
  std::array<std::byte, 512> dropped{};
  while (clock().now() < deadline) {
    const auto got = read_some(dropped, Wait{quiet}, Content::open);
    if (!got && got.error().code == Errc::timeout) return {};
    if (!got) return fail(got.error());
  }
  return {};
}

}  // namespace mtk
