// SPDX-License-Identifier: Apache-2.0
// An agent that says anything: the host starts it and uses it. Whatever comes, every call ends, nothing is
// read or allocated that was not announced and believed, and no name but the host's own is served.
//
// The input is a row of answers; each begins with a byte that says what it is: a packet with a right header,
// raw bytes, or one of the texts an agent would say, which gets the fuzzer past the first packets. A length
// byte and that many bytes follow. Every write of the host releases one.
#include "da/bytes_sink.h"
#include "da/xml/start.h"
#include "fuzz/anything_phone.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace {

using namespace mtk;

constexpr std::array<std::string_view, 16> phrases{
    "<?xml version=\"1.0\"?><host><version>1.0</version><command>CMD:START</command></host>",
    "<host><command>CMD:END</command><arg><result>OK</result><message>{}</message></arg></host>",
    "<host><command>CMD:END</command><arg><result>ERR</result><message>{}</message></arg></host>",
    "<host><command>CMD:DOWNLOAD-FILE</command><arg><checksum>CHK_ADD</checksum>"
    "<source_file>MEM://0x1000:0x10</source_file><packet_length>0x{}</packet_length></arg></host>",
    "<host><command>CMD:DOWNLOAD-FILE</command><arg><checksum>CHK_NO</checksum>"
    "<source_file>MEM://0x3000:0x401</source_file><packet_length>0x{}</packet_length></arg></host>",
    "<host><command>CMD:DOWNLOAD-FILE</command><arg><checksum>CHK_NO</checksum>"
    "<source_file>image.img</source_file><packet_length>0x{}</packet_length></arg></host>",
    "<host><command>CMD:UPLOAD-FILE</command><arg><target_file>MEM://0x2000:0x200000</target_file></arg></"
    "host>",
    "<host><command>CMD:UPLOAD-FILE</command><arg><target_file>MEM://0x2000:0x800</target_file></arg></host>",
    "<host><command>CMD:UPLOAD-FILE</command><arg><target_file>{}</target_file></arg></host>",
    "<host><command>CMD:PROGRESS-REPORT</command><arg><message>{}</message></arg></host>",
    "<host><command>CMD:FILE-SYS-OPERATION</command><arg><key>EXISTS</key><file_path>image.sig</file_path></"
    "arg>"
    "</host>",
    "<da_hw_info><storage>UFS</storage><ufs><block_size>0x{}</block_size><lua2_size>0x4000000</lua2_size></"
    "ufs>"
    "</da_hw_info>",
    "<partition_table><pt><name>{}</name><start>0x1</start><size>0x1</size></pt></partition_table>",
    "OK@0x{}",
    "OK!PROGRESS@{}",
    "OK!EOT"};

class XmlPhone final : public fuzz::AnythingPhone {
 public:
  explicit XmlPhone(ByteView answers) : AnythingPhone(answers) { answer(); }

  void host_wrote(ByteView, TimePoint) override { answer(); }

 private:
  static constexpr std::uint8_t raw = 0xff;
  static constexpr std::uint8_t ok = 0xfe;

  void answer() {
    if (input().remaining() < 2) return;
    const std::uint8_t kind = input().u8();
    const std::size_t announced = input().u8();
    const ByteView bytes = next(announced);
    if (kind == raw) {
      say(bytes);
    } else if (kind == ok) {
      packet(to_bytes("OK"));
    } else if (kind < phrases.size()) {
      packet(to_bytes(fmt::format(fmt::runtime(phrases[kind]), printable_text(bytes))));
    } else {
      packet(bytes);
    }
  }
  void packet(ByteView payload) {
    say(encode(PacketHeader{.length = static_cast<std::uint32_t>(payload.size())}));
    say(payload);
  }
};

void use(xml::XmlAgent& agent, OpContext& op) {
  BytesSink sink;
  fuzz::ZeroSource source;
  (void)agent.read({Area::lu2, 0, 2048}, sink, "x", op);
  (void)agent.write({Area::lu2, 0, 1025}, source, "x", op);
  (void)agent.write_partition("boot", source, op);
  (void)agent.erase({Area::lu2, 0, 4096}, "x", op);
  (void)agent.partition_table(op);
  (void)agent.read_partition("boot", sink, op);
  (void)agent.downloaded_images(op);
  (void)agent.further_facts(op);
  (void)agent.read_register(0x10007000, op);
  (void)agent.finish(BootMode::normal, op);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input = std::as_bytes(std::span{data, size});
  if (input.empty()) return 0;
  const bool starts = input[0] == std::byte{0};
  XmlPhone phone{input.subspan(1)};
  FakeClock clock;
  MemoryTransport link{phone, clock};
  Observer nobody;
  OpContext op{{}, nobody};
  if (starts) {
    const AgentStages stages{.stage1 = {.data = Bytes(16)}, .stage2 = {.data = Bytes(16)}};
    xml::XmlOptions options;
    options.signer = [](const Challenge& challenge) -> Result<Bytes> { return challenge.data; };
    auto agent = xml::start_agent(link, {}, stages, options, op);
    if (agent) use(**agent, op);
    return 0;
  }
  const xml::HwInfo storage{
      .storage = StorageKind::ufs, .areas = {{Area::lu2, 0x4000000}}, .block_size = 4096};
  xml::XmlAgent agent{xml::Conversation{FramedLink{link}, {}}, xml::facts_of(storage, {}), {}};
  use(agent, op);
  return 0;
}
