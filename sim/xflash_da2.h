// SPDX-License-Identifier: Apache-2.0
// Second stage of the XFlash agent: storage, partitions by name, settings and login.
#pragma once

#include "sim/image_sink.h"
#include "sim/xflash.h"

namespace mtk::sim {

class XflashDa2 final : public XflashStage {
 public:
  explicit XflashDa2(Board& board);
  void start() override;

 private:
  bool run(std::uint32_t command) override;
  bool control(std::uint32_t code) override;
  std::uint32_t write_length() const override { return board_.model.xflash.write_packet; }
  std::uint32_t read_length() const override;

  // xflash_data.cpp: ranges
  struct Range {
    std::uint32_t storage = 0;
    std::uint32_t section = 0;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
  };
  static Range parse_range(ByteView parameter);
  /// The status of a range parameter; `place` is set when it is good, or only too long.
  std::uint32_t validate(const Range& range, std::optional<Place>& place) const;
  void read_data();
  void write_data();
  void format_range();
  std::uint32_t end_of_failed_format(const Range& range) const;
  void send_data(Place place);
  void send_data_packet(Place place);
  /// Erases in as many steps as the storage reports progress, and ends the command.
  void erase(Place place);
  void erase_step(Place place, std::uint32_t step);
  bool has_nand() const { return board_.model.xflash.nand.type != 0; }
  std::uint32_t card_error() const;

  // xflash_write.cpp: the packet loop of WRITE_DATA and DOWNLOAD
  struct Write {
    std::unique_ptr<ImageSink> sink;
    std::uint64_t left = 0;
    bool is_preloader = false;
    std::uint32_t packets = 0;
    std::uint32_t error = 0;      ///< of the storage, not reported yet
    std::uint32_t error_due = 0;  ///< with which packet it is reported
  };
  void begin_write(Write write);
  void next_packet();
  void take_sum();
  void take_packet(std::uint32_t sum);
  void store(ByteView data, std::uint32_t sum);
  void note_error(std::uint32_t status);
  ReadBack read_back() const;

  // xflash_names.cpp: partitions by name
  void upload();
  void download();
  void download_to(const std::string& partition, std::uint64_t length);
  void format_partition();

  // xflash_control.cpp
  bool get_control(std::uint32_t code);
  bool set_control(std::uint32_t code);
  bool act_control(std::uint32_t code);
  bool newer_control(std::uint32_t code);
  bool locked() const;
  void otp_status();
  void take_all_in_one();
  Bytes firmware_info();
  void refuse_otp();
  void refuse_efuse();
  void read_register();
  std::uint32_t write_register(ByteView parameter);
  std::uint32_t set_boot_mode(ByteView parameter);
  std::uint32_t log_in(ByteView response);
  std::uint32_t write_rsc_record(ByteView parameter);

  Write write_;
  Bytes challenge_;
  bool logged_in_ = false;
  Bytes signature_;   ///< SET_EXTERNAL_SIG
  Bytes all_in_one_;  ///< SET_ALL_IN_ONE_SIG
  bool all_in_one_set_ = false;
};

/// The status word for what a sink reports.
std::uint32_t xflash_status(Stored stored, bool is_preloader);

}  // namespace mtk::sim
