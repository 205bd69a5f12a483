// SPDX-License-Identifier: Apache-2.0
#include "da/xml/command.h"

#include "da/xml/token.h"

#include <utility>

namespace mtk::xml {
namespace {

XmlElement leaf(std::string_view name, std::string_view text) {
  return {.name = std::string{name}, .text = std::string{text}};
}

}  // namespace

Arguments& Arguments::element(XmlElement value) {
  none();
  arg_->children.push_back(std::move(value));
  return *this;
}

Arguments& Arguments::text(std::string_view name, std::string_view value) {
  return element(leaf(name, value));
}

Arguments& Arguments::number(std::string_view name, std::uint64_t value) {
  return text(name, to_number(value));
}

Arguments& Arguments::length(std::string_view name, const std::optional<std::uint64_t>& value) {
  return value ? number(name, *value) : text(name, "MAX");
}

Arguments& Arguments::none() {
  if (!arg_) arg_ = XmlElement{.name = "arg"};
  return *this;
}

Arguments& Arguments::advanced(std::string_view name, std::string_view value) {
  if (!adv_) adv_ = XmlElement{.name = "adv"};
  adv_->children.push_back(leaf(name, value));
  return *this;
}

XmlElement Arguments::document(std::string_view version, std::string_view command) && {
  XmlElement root{.name = "da",
                  .children = {leaf("version", version), leaf("command", "CMD:" + std::string{command})}};
  if (arg_) root.children.push_back(*std::exchange(arg_, {}));
  if (adv_) root.children.push_back(*std::exchange(adv_, {}));
  return root;
}

}  // namespace mtk::xml
