// SPDX-License-Identifier: Apache-2.0
// A secured boot ROM or preloader that says anything to a host with everything the maker gives out:
// certificate, authentication file, a signer for its challenge. Every call ends, and nothing is allocated
// that was not believed.
//
// The first byte chooses what is done after the phone was identified. Then a row of answers, each a length of
// two bytes, big-endian, and that many bytes; every write of the host releases one.
#include "brom/boot_mode.h"
#include "brom/boot_rom.h"
#include "fuzz/anything_phone.h"

namespace {

using namespace mtk;

class BootPhone final : public fuzz::AnythingPhone {
 public:
  explicit BootPhone(ByteView answers) : AnythingPhone(answers) { say(to_bytes("READY")); }

  void host_wrote(ByteView, TimePoint) override {
    say(next(input().remaining() > 1 ? input().be<std::uint16_t>() : 0));
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input = std::as_bytes(std::span{data, size});
  if (input.empty()) return 0;
  BootPhone phone{input.subspan(1)};
  FakeClock clock;
  MemoryTransport link{phone, clock};
  Observer nobody;
  OpContext op{{}, nobody};
  const auto choice = std::to_integer<unsigned>(input[0]);

  constexpr unsigned boot_modes = 6;
  if (choice < boot_modes) {
    (void)brom::request_boot_mode(link, static_cast<brom::BootMode>(choice), std::chrono::seconds{1});
    return 0;
  }
  brom::BootRom rom{link};
  if (!rom.connect(std::chrono::seconds{1})) return 0;
  const auto info = rom.identify({.ask_soc_id = true}, op);
  if (!info) return 0;
  const Signer signer = [](const Challenge& challenge) -> Result<Bytes> { return challenge.data; };
  const Bytes file(300);
  if (choice % 2 == 0) (void)rom.send_certificate(file, op);
  if (choice % 3 == 0) (void)rom.send_auth(file, op);
  (void)rom.log_in(signer, info->soc_id, op);
  return 0;
}
