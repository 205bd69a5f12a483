// SPDX-License-Identifier: Apache-2.0
#include "image/scatter/xml.h"

#include "base/xml.h"
#include "image/scatter/builder.h"
#include "image/scatter/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

constexpr XmlLimits limits{.bytes = std::size_t{4} << 20, .elements = std::size_t{1} << 17, .depth = 16};

/// Hands elements to the builder in the order of the file; asks for places in that order, too.
class Walker {
 public:
  Walker(std::string_view text, ScatterBuilder& builder) : text_(text), builder_(builder) {}

  void walk(const XmlElement& element) {
    for (const XmlElement& child : element.children) {
      visit(child, element.name);
      walk(child);
    }
  }

 private:
  /// The value of an element is its text, or the attribute `name` of what has children.
  void visit(const XmlElement& element, std::string_view parent) {
    const ScatterPlace at = place_of(element.offset);
    const std::string_view value = element.attribute("name").value_or(element.text);
    if (same_word(element.name, "general")) {
      builder_.open_general(value, at);
    } else if (same_word(element.name, "storage_type")) {
      builder_.open_section(value, at);
    } else if (same_word(element.name, "partition_index")) {
      if (same_word(parent, "partition_index")) {
        builder_.remark(Severity::error, at, "a partition inside another partition",
                        "close the one before with </partition_index>");
      }
      builder_.open_entry(value, at);
    } else {
      builder_.attribute(element.name, value, at, at);
    }
  }

  ScatterPlace place_of(std::size_t offset) {
    offset = std::min(offset, text_.size());
    for (; seen_ < offset; ++seen_) {
      if (text_[seen_] != '\n') continue;
      ++line_;
      line_start_ = seen_ + 1;
    }
    return {.line = line_, .column = static_cast<std::uint32_t>(offset - line_start_) + 1};
  }

  std::string_view text_;
  ScatterBuilder& builder_;
  std::size_t seen_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace

Result<Scatter> parse_xml_scatter(std::string_view text, std::string_view file_name) {
  auto root = parse_xml(text, limits);
  if (!root) return fail(Errc::bad_image, fmt::format("{}: {}", file_name, root.error().what));
  ScatterBuilder builder;
  Walker{text, builder}.walk(*root);
  MTK_TRY_LET(Scatter scatter, std::move(builder).finish(file_name));
  scatter.generation =
      scatter.generation == ScatterGeneration::v2 ? ScatterGeneration::xml_v2 : ScatterGeneration::xml_v1;
  return scatter;
}

}  // namespace mtk
