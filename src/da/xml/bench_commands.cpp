// SPDX-License-Identifier: Apache-2.0
#include "da/xml/bench_commands.h"

#include "da/xml/token.h"

namespace mtk::xml {
namespace {

/// One group of settings, and whether each is on, which stands apart.
class Group {
 public:
  Group(std::string name, XmlElement& switches) : element_{.name = std::move(name)}, switches_(switches) {}

  Group& add(std::string name, std::string switch_name, const std::optional<std::uint64_t>& value) {
    return add(std::move(name), std::move(switch_name), value ? to_number(*value) : std::string{});
  }
  Group& add(std::string name, std::string switch_name, std::string value) {
    switches_.attributes.push_back({std::move(switch_name), value.empty() ? "off" : "on"});
    if (!value.empty()) element_.children.push_back({.name = std::move(name), .text = std::move(value)});
    return *this;
  }
  XmlElement take() && { return std::move(element_); }

 private:
  XmlElement element_;
  XmlElement& switches_;
};

}  // namespace

void UfsSetting::encode(Arguments& arg) const {
  XmlElement switches{.name = "switch"};
  Group turbo{"write_turbo", switches};
  turbo.add("size", "wt_size", write_turbo.size).add("reduction", "wt_reduction", write_turbo.reduction);
  Group cache{"hpb", switches};
  cache.add("size", "hpb_size", hpb.size)
      .add("pinned_region_start_index", "hpb_pinned_region_start_index", hpb.pinned_region_start_index)
      .add("pinned_region_count", "hpb_pinned_region_count", hpb.pinned_region_count)
      .add("ctrl_mode", "hpb_ctrl_mode", hpb.control_mode);
  Group split{"split_last_lua", switches};
  split.add("size", "sll_size", split_last.size).add("type", "sll_type", std::string{split_last.type});
  arg.text("function", "SETTING")
      .element(std::move(turbo).take())
      .element(std::move(cache).take())
      .element(std::move(split).take())
      .element(std::move(switches));
}

}  // namespace mtk::xml
