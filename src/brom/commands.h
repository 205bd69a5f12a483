// SPDX-License-Identifier: Apache-2.0
// The commands of boot ROM and preloader: one type each, knowing its bytes and nothing of the link.
// All integers on the wire are big-endian.
// Source: docs/protocol/brom.md#commands
#pragma once

#include "base/bytes.h"
#include "brom/phone_info.h"
#include "brom/status.h"

#include <string_view>

namespace mtk::brom {

/// Whether the phone repeats the opcode before it answers.
enum class OpcodeEcho : std::uint8_t { yes, no };

/// The argument fields of a command in order. The phone echoes each; the next one is not sent before the echo
/// is back.
class Arguments {
 public:
  template <std::unsigned_integral T>
  Arguments& be(T value) {
    ByteWriter field;
    field.be(value);
    fields_.push_back(std::move(field).take());
    return *this;
  }
  const std::vector<Bytes>& fields() const { return fields_; }

 private:
  std::vector<Bytes> fields_;
};

/// Tells boot ROM (answers FE) from preloader (answers its protocol version).
/// Source: docs/protocol/brom.md#get-bl-ver
struct GetBlVer {
  static constexpr std::uint8_t opcode = 0xfe;
  static constexpr std::string_view name = "GET_BL_VER";
  static constexpr OpcodeEcho echo = OpcodeEcho::no;
  static constexpr std::size_t reply_size = 1;
  struct Reply {
    std::uint8_t version;
  };
  void encode(Arguments&) const {}
  static Result<Reply> decode(ByteReader& in);
};

/// The boot ROM's version; a preloader answers FF.
/// Source: docs/protocol/brom.md#get-version
struct GetVersion {
  static constexpr std::uint8_t opcode = 0xff;
  static constexpr std::string_view name = "GET_VERSION";
  static constexpr OpcodeEcho echo = OpcodeEcho::no;
  static constexpr std::size_t reply_size = 1;
  struct Reply {
    std::uint8_t version;
  };
  void encode(Arguments&) const {}
  static Result<Reply> decode(ByteReader& in);
};

/// Which chip is talking.
/// Source: docs/protocol/brom.md#get-hw-code
struct GetHwCode {
  static constexpr std::uint8_t opcode = 0xfd;
  static constexpr std::string_view name = "GET_HW_CODE";
  static constexpr OpcodeEcho echo = OpcodeEcho::yes;
  static constexpr std::size_t reply_size = 4;
  struct Reply {
    std::uint16_t hw_code;
    std::uint16_t status;
  };
  void encode(Arguments&) const {}
  static Result<Reply> decode(ByteReader& in);
};

/// Sub code and versions, by which the agent's entry is chosen.
/// Source: docs/protocol/brom.md#get-hw-sw-ver
struct GetHwSwVersion {
  static constexpr std::uint8_t opcode = 0xfc;
  static constexpr std::string_view name = "GET_HW_SW_VER";
  static constexpr OpcodeEcho echo = OpcodeEcho::yes;
  static constexpr std::size_t reply_size = 8;
  struct Reply {
    std::uint16_t hw_subcode;
    std::uint16_t hw_version;
    std::uint16_t sw_version;
    std::uint16_t status;
  };
  void encode(Arguments&) const {}
  static Result<Reply> decode(ByteReader& in);
};

/// Preloaders of protocol version 3 only. Two words, no status.
/// Source: docs/protocol/brom.md#get-pl-cap
struct GetPlCap {
  static constexpr std::uint8_t opcode = 0xfb;
  static constexpr std::string_view name = "GET_PL_CAP";
  static constexpr OpcodeEcho echo = OpcodeEcho::yes;
  static constexpr std::size_t reply_size = 8;
  struct Reply {
    std::uint32_t capabilities;
    std::uint32_t reserved;
  };
  void encode(Arguments&) const {}
  static Result<Reply> decode(ByteReader& in);
};

/// The phone's security switches.
/// Source: docs/protocol/brom.md#target-config
struct GetTargetConfig {
  static constexpr std::uint8_t opcode = 0xd8;
  static constexpr std::string_view name = "GET_TARGET_CONFIG";
  static constexpr OpcodeEcho echo = OpcodeEcho::yes;
  static constexpr std::size_t reply_size = 6;
  struct Reply {
    TargetConfig config;
    std::uint16_t status;
  };
  void encode(Arguments&) const {}
  static Result<Reply> decode(ByteReader& in);
};

/// Starts the agent that SEND_DA stored. The next byte on the link is the agent's.
/// Source: docs/protocol/brom.md#jump-da
struct JumpDa {
  static constexpr std::uint8_t opcode = 0xd5;
  static constexpr std::string_view name = "JUMP_DA";
  static constexpr OpcodeEcho echo = OpcodeEcho::yes;
  static constexpr std::size_t reply_size = 2;
  struct Reply {
    std::uint16_t status;
  };
  std::uint32_t address = 0;

  void encode(Arguments& out) const { out.be(address); }
  static Result<Reply> decode(ByteReader& in);
};

/// Commands that answer with a length, that many bytes and (most of them) a status word.
struct BlockCommand {
  std::uint8_t opcode;
  std::string_view name;
  std::uint32_t max_length;  ///< a phone that announces more is not believed
  bool has_status;
};

/// Source: docs/protocol/brom.md#me-id-soc-id
constexpr BlockCommand get_me_id{.opcode = 0xe1, .name = "GET_ME_ID", .max_length = 64, .has_status = true};
constexpr BlockCommand get_soc_id{.opcode = 0xe7, .name = "GET_SOC_ID", .max_length = 64, .has_status = true};
/// Source: docs/protocol/brom.md#log
constexpr BlockCommand get_log{.opcode = 0xdf, .name = "GET_LOG", .max_length = 65536, .has_status = true};
constexpr BlockCommand get_old_log{
    .opcode = 0xdd, .name = "GET_OLD_LOG", .max_length = 65536, .has_status = false};

}  // namespace mtk::brom
