// SPDX-License-Identifier: Apache-2.0
// How a command of the host becomes a document.
// Source: docs/protocol/da-xml.md#commands
#pragma once

#include "base/xml.h"

#include <cstdint>

namespace mtk::xml {

/// The arguments of one command, in the order they are named.
class Arguments {
 public:
  Arguments& text(std::string_view name, std::string_view value);
  Arguments& number(std::string_view name, std::uint64_t value);
  /// `MAX` for nothing: to the end of the area.
  Arguments& length(std::string_view name, const std::optional<std::uint64_t>& value);
  Arguments& element(XmlElement value);
  /// There are none, and the document says so.
  Arguments& none();
  /// An element of its own besides the arguments.
  Arguments& advanced(std::string_view name, std::string_view value);

  /// `da` with version, command, arguments. Leaves nothing behind.
  XmlElement document(std::string_view version, std::string_view command) &&;

 private:
  std::optional<XmlElement> arg_;
  std::optional<XmlElement> adv_;
};

/// A command as it is sent; the name is for errors.
struct Command {
  std::string_view name;
  std::string document;
};

/// Most commands are of version 1.0 and do not say so.
template <class T>
constexpr std::string_view version_of() {
  if constexpr (requires { T::version; }) {
    return T::version;
  } else {
    return "1.0";
  }
}

template <class T>
Command to_command(const T& command) {
  Arguments arguments;
  command.encode(arguments);
  return {.name = T::name, .document = to_xml(std::move(arguments).document(version_of<T>(), T::name))};
}

}  // namespace mtk::xml
