// SPDX-License-Identifier: Apache-2.0
// A port behind which an agent of an earlier run may be, and which says anything: the search for one of any
// family ends, and what it finds is asked. The first byte chooses the family, the second what the earlier run
// did last.
//
// Then a row of answers, each a length of two bytes, big-endian, and that many bytes; every write of the host
// releases one. Where the highest bit of a length is set, a packet's header is put before the bytes.
#include "da/framed_link.h"
#include "da/legacy/adopt.h"
#include "da/xflash/adopt.h"
#include "da/xml/adopt.h"
#include "fuzz/anything_phone.h"

namespace {

using namespace mtk;

class LeftPhone final : public fuzz::AnythingPhone {
 public:
  using AnythingPhone::AnythingPhone;

  void host_wrote(ByteView, TimePoint) override {
    const std::uint16_t word = input().remaining() > 1 ? input().be<std::uint16_t>() : std::uint16_t{0};
    const ByteView answer = next(word & 0x7fff);
    if ((word & 0x8000) != 0) say(encode(PacketHeader{.length = static_cast<std::uint32_t>(answer.size())}));
    say(answer);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input = std::as_bytes(std::span{data, size});
  if (input.size() < 2) return 0;
  LeftPhone phone{input.subspan(2)};
  FakeClock clock;
  MemoryTransport link{phone, clock};
  Observer nobody;
  OpContext op{{}, nobody};
  const auto heard = hear_out(link, search_time::first_answer, search_time::quiet, {});
  if (!heard) return 0;
  const SearchAgent search{.work = static_cast<LastWork>(std::to_integer<unsigned>(input[1]) % 4),
                           .heard = *heard};
  switch (std::to_integer<unsigned>(input[0]) % 3) {
    case 0:
      (void)legacy::find_agent(link, search, op);
      break;
    case 1:
      (void)xflash::find_agent(link, search, {}, op);
      break;
    default:
      (void)xml::find_agent(link, search, {}, op);
  }
  return 0;
}
