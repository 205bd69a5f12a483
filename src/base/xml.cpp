// SPDX-License-Identifier: Apache-2.0
// The only file that names pugixml.
#include "base/xml.h"

#include <fmt/format.h>

#include <pugixml.hpp>

#include <algorithm>
#include <sstream>

namespace mtk {
namespace {

constexpr std::string_view white_space = " \t\r\n";

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) return {};
  return std::string{text.substr(first, text.find_last_not_of(white_space) - first + 1)};
}

/// Copies pugixml's tree into ours and counts.
class Copier {
 public:
  explicit Copier(const XmlLimits& limits) : limits_(limits) {}

  Result<XmlElement> copy(const pugi::xml_node& from, std::size_t depth) {
    if (depth > limits_.depth)
      return fail(Errc::out_of_range, fmt::format("XML nested deeper than {} elements", limits_.depth));
    if (++elements_ > limits_.elements)
      return fail(Errc::out_of_range, fmt::format("XML of more than {} elements", limits_.elements));
    XmlElement to{.name = from.name(), .offset = static_cast<std::size_t>(from.offset_debug())};
    for (const pugi::xml_attribute& attribute : from.attributes())
      to.attributes.push_back({attribute.name(), attribute.value()});
    std::string text;
    for (const pugi::xml_node& node : from.children()) {
      if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) text += node.value();
      if (node.type() != pugi::node_element) continue;
      MTK_TRY_LET(to.children.emplace_back(), copy(node, depth + 1));
    }
    to.text = trimmed(text);
    return to;
  }

 private:
  const XmlLimits& limits_;
  std::size_t elements_ = 0;
};

void append(pugi::xml_node parent, const XmlElement& element) {
  pugi::xml_node node = parent.append_child(element.name.c_str());
  for (const XmlAttribute& attribute : element.attributes)
    node.append_attribute(attribute.name.c_str()).set_value(attribute.value.c_str());
  if (!element.text.empty()) node.append_child(pugi::node_pcdata).set_value(element.text.c_str());
  for (const XmlElement& child : element.children) append(node, child);
}

}  // namespace

const XmlElement* XmlElement::child(std::string_view wanted) const {
  const auto found = std::ranges::find(children, wanted, &XmlElement::name);
  return found == children.end() ? nullptr : &*found;
}

std::string_view XmlElement::text_of(std::string_view wanted) const {
  const XmlElement* found = child(wanted);
  return found == nullptr ? std::string_view{} : std::string_view{found->text};
}

std::optional<std::string_view> XmlElement::attribute(std::string_view wanted) const {
  const auto found = std::ranges::find(attributes, wanted, &XmlAttribute::name);
  if (found == attributes.end()) return std::nullopt;
  return found->value;
}

Result<XmlElement> parse_xml(std::string_view document, const XmlLimits& limits, Errc when_bad) {
  if (document.size() > limits.bytes)
    return fail(Errc::out_of_range,
                fmt::format("XML of {} bytes, more than {}", document.size(), limits.bytes));
  const auto bad = [&](std::size_t offset, std::string_view why) {
    const auto line = 1 + std::ranges::count(document.substr(0, offset), '\n');
    return fail(when_bad, fmt::format("not usable XML: line {}: {}", line, why));
  };
  if (const std::size_t nul = document.find('\0'); nul != std::string_view::npos) return bad(nul, "a NUL");

  pugi::xml_document parsed;
  const pugi::xml_parse_result outcome = parsed.load_buffer(
      document.data(), document.size(), pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
  if (!outcome)
    return bad(static_cast<std::size_t>(std::max<std::ptrdiff_t>(outcome.offset, 0)), outcome.description());
  pugi::xml_node root;
  for (const pugi::xml_node& node : parsed.children()) {
    if (node.type() == pugi::node_doctype) return bad(0, "it declares a document type");
    if (node.type() != pugi::node_element) continue;
    if (root) return bad(document.size(), "more than one root element");
    root = node;
  }
  return Copier{limits}.copy(root, 1);
}

std::string to_xml(const XmlElement& root, XmlLayout layout) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version").set_value("1.0");
  declaration.append_attribute("encoding").set_value("utf-8");
  append(document, root);
  std::ostringstream out;
  const unsigned style = layout == XmlLayout::indented ? pugi::format_indent : pugi::format_raw;
  document.save(out, "  ", style | pugi::format_no_empty_element_tags, pugi::encoding_utf8);
  return std::move(out).str();
}

}  // namespace mtk
