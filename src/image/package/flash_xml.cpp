// SPDX-License-Identifier: Apache-2.0
#include "image/package/flash_xml.h"

#include "base/xml.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

/// The first element of that name, the root included, depth first.
const XmlElement* find_element(const XmlElement& from, std::string_view name) {
  if (from.name == name) return &from;
  for (const XmlElement& child : from.children) {
    if (const XmlElement* found = find_element(child, name)) return found;
  }
  return nullptr;
}

}  // namespace

Result<FlashXml> parse_flash_xml(std::string_view text) {
  MTK_TRY_LET(const XmlElement root, parse_xml(text));
  if (root.name != "flash-mode") {
    return fail(Errc::bad_image, fmt::format("the root is <{}>, not <flash-mode>", root.name));
  }
  FlashXml out{.project = std::string{root.text_of("project")},
               .agent = std::string{root.text_of("dagent")},
               .scatter = std::string{root.text_of("scatter")},
               .build_version = std::string{root.text_of("build_version")},
               .build_time = std::string{root.text_of("build_time")}};
  if (out.scatter.empty()) return fail(Errc::bad_image, "it names no scatter file");
  return out;
}

Result<DownloadList> parse_download_list(std::string_view text) {
  MTK_TRY_LET(const XmlElement root, parse_xml(text));
  const XmlElement* list = find_element(root, "flash_list");
  if (list == nullptr) return fail(Errc::bad_image, "no <flash_list> in the file");
  DownloadList out;
  if (const XmlElement* scatter = find_element(root, "source_file")) out.scatter = scatter->text;
  for (const XmlElement& item : list->children) {
    const std::string name{item.attribute("name").value_or("")};
    if (item.name != "pt" || name.empty() || item.text.empty()) {
      return fail(Errc::bad_image, fmt::format("item {} of the list is no <pt name=\"partition\">file</pt>",
                                               out.images.size() + 1));
    }
    if (std::ranges::find(out.images, name, &std::pair<std::string, std::string>::first) !=
        out.images.end()) {
      return fail(Errc::bad_image, fmt::format("partition {} is listed twice", name));
    }
    out.images.emplace_back(name, item.text);
  }
  return out;
}

}  // namespace mtk
