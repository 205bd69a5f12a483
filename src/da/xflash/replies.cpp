// SPDX-License-Identifier: Apache-2.0
#include "da/xflash/replies.h"

#include <algorithm>

namespace mtk {

template <>
struct Wire<xflash::EmmcInfo> {
  using Record = xflash::EmmcInfo;
  static constexpr auto order = std::endian::little;
  static constexpr auto fields = std::tuple{Field{"type", &Record::type},
                                            Field{"block_size", &Record::block_size},
                                            Field{"boot1", &Record::boot1},
                                            Field{"boot2", &Record::boot2},
                                            Field{"rpmb", &Record::rpmb},
                                            Field{"gp1", &Record::gp1},
                                            Field{"gp2", &Record::gp2},
                                            Field{"gp3", &Record::gp3},
                                            Field{"gp4", &Record::gp4},
                                            Field{"user", &Record::user},
                                            Field{"cid", &Record::cid},
                                            Field{"firmware", &Record::firmware},
                                            Field{"pre_eol", &Record::pre_eol},
                                            Field{"life_a", &Record::life_a},
                                            Field{"life_b", &Record::life_b},
                                            Field{"padding", &Record::padding},
                                            Field{"life_status", &Record::life_status}};
};
template <>
struct Wire<xflash::UfsInfo> {
  using Record = xflash::UfsInfo;
  static constexpr auto order = std::endian::little;
  static constexpr auto fields =
      std::tuple{Field{"type", &Record::type},         Field{"block_size", &Record::block_size},
                 Field{"lu0", &Record::lu0},           Field{"lu1", &Record::lu1},
                 Field{"lu2", &Record::lu2},           Field{"vendor_id", &Record::vendor_id},
                 Field{"cid", &Record::cid},           Field{"cid_spare", &Record::cid_spare},
                 Field{"firmware", &Record::firmware}, Field{"firmware_spare", &Record::firmware_spare},
                 Field{"serial", &Record::serial},     Field{"serial_spare", &Record::serial_spare},
                 Field{"pre_eol", &Record::pre_eol},   Field{"life_a", &Record::life_a},
                 Field{"life_b", &Record::life_b},     Field{"stub", &Record::stub},
                 Field{"padding", &Record::padding},   Field{"life_status", &Record::life_status},
                 Field{"tail", &Record::tail}};
};
template <>
struct Wire<xflash::NandInfo> {
  using Record = xflash::NandInfo;
  static constexpr auto order = std::endian::little;
  static constexpr auto fields = std::tuple{Field{"type", &Record::type},
                                            Field{"page_size", &Record::page_size},
                                            Field{"block_size", &Record::block_size},
                                            Field{"spare_size", &Record::spare_size},
                                            Field{"total", &Record::total},
                                            Field{"available", &Record::available},
                                            Field{"bmt_present", &Record::bmt_present},
                                            Field{"id", &Record::id},
                                            Field{"padding", &Record::padding}};
};
template <>
struct Wire<xflash::NorInfo> {
  using Record = xflash::NorInfo;
  static constexpr auto order = std::endian::little;
  static constexpr auto fields =
      std::tuple{Field{"type", &Record::type}, Field{"page_size", &Record::page_size},
                 Field{"available", &Record::available}};
};
template <>
struct Wire<xflash::ChipId> {
  using Record = xflash::ChipId;
  static constexpr auto order = std::endian::little;
  static constexpr auto fields =
      std::tuple{Field{"hw_code", &Record::hw_code}, Field{"hw_sub_code", &Record::hw_sub_code},
                 Field{"hw_version", &Record::hw_version}, Field{"sw_version", &Record::sw_version},
                 Field{"evolution", &Record::evolution}};
};
template <>
struct Wire<xflash::PacketLengths> {
  using Record = xflash::PacketLengths;
  static constexpr auto order = std::endian::little;
  static constexpr auto fields = std::tuple{Field{"write", &Record::write}, Field{"read", &Record::read}};
};

namespace xflash {
namespace {

template <class Record>
Record zero_filled(ByteView answer) {
  Bytes whole(wire_size<Record>());
  std::copy_n(answer.begin(), std::min(answer.size(), whole.size()), whole.begin());
  ByteReader in{whole};
  return read<Record>(in);
}

constexpr std::size_t narrow_ram_info_size = 24;

RamItem narrow_item(ByteReader& in) {
  return {.type = in.le<std::uint32_t>(), .base = in.le<std::uint32_t>(), .size = in.le<std::uint32_t>()};
}

RamItem wide_item(ByteReader& in) {
  RamItem item{.type = in.le<std::uint32_t>()};
  in.skip(sizeof(std::uint32_t));
  item.base = in.le<std::uint64_t>();
  item.size = in.le<std::uint64_t>();
  return item;
}

}  // namespace

EmmcInfo read_emmc_info(ByteView answer) { return zero_filled<EmmcInfo>(answer); }
UfsInfo read_ufs_info(ByteView answer) { return zero_filled<UfsInfo>(answer); }
NandInfo read_nand_info(ByteView answer) { return zero_filled<NandInfo>(answer); }
NorInfo read_nor_info(ByteView answer) { return zero_filled<NorInfo>(answer); }
ChipId read_chip_id(ByteView answer) { return zero_filled<ChipId>(answer); }
PacketLengths read_packet_lengths(ByteView answer) { return zero_filled<PacketLengths>(answer); }

RamInfo read_ram_info(ByteView answer) {
  ByteReader in{answer};
  RamInfo info;
  if (answer.size() == narrow_ram_info_size) {
    info.sram = narrow_item(in);
    info.dram = narrow_item(in);
  } else {
    info.sram = wide_item(in);
    info.dram = wide_item(in);
  }
  return info;
}

std::uint64_t read_number(ByteView answer) {
  std::uint64_t value = 0;
  for (std::size_t i = std::min<std::size_t>(answer.size(), 8); i-- > 0;)
    value = value << 8 | static_cast<std::uint64_t>(answer[i]);
  return value;
}

}  // namespace xflash
}  // namespace mtk
