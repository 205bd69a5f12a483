// SPDX-License-Identifier: Apache-2.0
// Second stage of the XML agent: what it knows of the phone, and everything that touches its storage.
#pragma once

#include "sim/boot_check.h"
#include "sim/image_sink.h"
#include "sim/xml_agent.h"
#include "sim/xml_scatter.h"

namespace mtk::sim {

class XmlDa2 final : public XmlStage {
 public:
  explicit XmlDa2(Board& board);

 private:
  Action handler(const XmlCommand& command) override;
  Action flash_handler(const XmlCommand& command);
  Action small_handler(std::string_view name);
  Action newer_handler(std::string_view name);

  void init_hardware();
  void tell_hardware();
  std::string storage_fields() const;
  void tell_property();
  void tell_table();
  void tell_feedback();
  void read_register();
  void write_register();
  void emmc_control();
  void debug_ufs();
  void tell_efuse();
  void set_boot_mode();
  void take_and_keep(std::string info, std::size_t limit);
  void tell_firmware_info();
  void set_flash_policy();
  void switch_speed();

  /// A region or partition on the card. `is_preloader`: the boot areas, whose image comes without its header.
  struct Target {
    std::string name;
    Place place;
    bool is_preloader = false;
  };
  std::optional<Target> region(std::string_view name) const;
  /// As GET-HW-INFO names it: EMMC, UFS, NAND.
  std::string_view storage_name() const;
  bool has_nand() const { return board_.model.xml.nand.type != 0; }
  std::optional<Target> partition(std::string_view name) const;
  std::vector<Target> partitions() const;
  /// The argument `partition` as a region or as a partition; without one the command is refused.
  std::optional<Target> region_argument();
  std::optional<Target> partition_argument();
  /// Whether raw writing and erasing there is forbidden; then the command is refused.
  bool refuses_raw_write(const Target& target, Place place);
  struct Range {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
  };
  /// The arguments `offset` and `length`, MAX being all the rest; outside the region the command is refused.
  std::optional<Range> range_argument(const Target& target);

  void read_flash();
  void read_partition();
  void send_range(const Target& target, Range range);
  void write_flash();
  void write_flash_data(const Target& target, Place place, const std::string& source);
  void erase_flash();
  void erase_partition();
  void erase_all(std::vector<Target> left);
  void erase(const std::string& message, Place place, Done done);
  void erase_whole(const Target& target, Done done);
  /// What a fault and a weak battery have to say before a packet is stored.
  Result<> admit_packet();
  ReadBack read_back() const;

  /// The way of one image by name: erase, the questions about its neighbours, the data.
  struct Job {
    Target target;
    std::string source;
    std::string info;
    bool erases_first = true;
    Bytes signature = {};
  };
  void write_partition();
  void write_image(Job job, Done done);
  void ask_signature(Job job, Done done);
  void ask_verified(Job job, Done done);
  void ask_image(Job job, Done done);
  void take_image(Job job, Done done);
  std::unique_ptr<ImageSink> sink_for(const Job& job);

  /// A list of images that a scatter file arranges.
  enum class ListKind { write, flash_all, flash_update };
  struct List {
    ListKind kind = ListKind::write;
    XmlScatter scatter;
    std::vector<std::pair<std::string, std::string>> files;  ///< partition, source
    std::size_t row = 0;
    std::size_t written = 0;
  };
  void run_list(ListKind kind);
  void take_scatter(ListKind kind, const std::string& source, const std::string& separator,
                    const Bytes& text);
  void check_layout(List list);
  void make_backup_folder(List list);
  void write_tables(List list);
  void next_row(List list);
  bool layout_is(const XmlScatter& scatter) const;

  void play_hostile(Action then);

  Bytes all_in_one_;  ///< the signature for what follows
  Bytes challenge_;
  bool logged_in_ = false;
  struct Received {
    std::string partition;
    std::string source;
  };
  std::vector<Received> received_;
};

}  // namespace mtk::sim
