// SPDX-License-Identifier: Apache-2.0
// XML documents as a plain tree, read by pugixml. It fetches nothing, knows no document types and no entities
// of a document's own.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mtk {

struct XmlAttribute {
  std::string name = {};
  std::string value = {};

  bool operator==(const XmlAttribute&) const = default;
};

struct XmlElement {
  std::string name = {};
  std::vector<XmlAttribute> attributes = {};
  std::vector<XmlElement> children = {};
  std::string text = {};   ///< its own text, all of it, without the white space around it
  std::size_t offset = 0;  ///< of its name in the document that was read, bytes

  /// The first child of that name; nullptr when there is none.
  const XmlElement* child(std::string_view wanted) const;
  /// The text of that child; empty when there is none.
  std::string_view text_of(std::string_view wanted) const;
  std::optional<std::string_view> attribute(std::string_view wanted) const;

  /// Where it stood does not count.
  bool operator==(const XmlElement& other) const {
    return name == other.name && attributes == other.attributes && children == other.children &&
           text == other.text;
  }
};

/// What a document may cost.
struct XmlLimits {
  std::size_t bytes = std::size_t{1} << 20;
  std::size_t elements = std::size_t{1} << 16;
  std::size_t depth = 32;
};

/// The root of a UTF-8 document; comments and processing instructions are left out. Text before, between and
/// after the children of an element is joined.
/// Errors: `when_bad`, with the line (not XML, a NUL, a document type, no root or several); out_of_range
/// (past a limit).
Result<XmlElement> parse_xml(std::string_view document, const XmlLimits& limits = {},
                             Errc when_bad = Errc::bad_image);

enum class XmlLayout : std::uint8_t { one_line, indented };
/// The document with its declaration. Names must be XML names; values and texts are escaped.
std::string to_xml(const XmlElement& root, XmlLayout layout = XmlLayout::one_line);

}  // namespace mtk
