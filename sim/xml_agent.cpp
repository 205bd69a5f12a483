// SPDX-License-Identifier: Apache-2.0
// Turns, commands and their ends; the services are in xml_services.cpp.
#include "sim/xml_agent.h"

#include <algorithm>
#include <charconv>

namespace mtk::sim {

namespace {

constexpr std::size_t token_limit = 64;
constexpr std::size_t document_limit = 0x80000;
constexpr XmlLimits command_limits{.bytes = document_limit, .elements = 0x4000, .depth = 16};
constexpr std::size_t host_info_limit = 127;
/// The last answer leaves the phone before the port does.
constexpr milliseconds port_delay{5};
constexpr std::string_view command_prefix = "CMD:";

/// The integer and the fraction of "1.1".
bool read_version(std::string_view text, XmlCommand& command) {
  const auto dot = text.find('.');
  const auto major = xml_number(text.substr(0, dot));
  if (!major || *major > 0xffff) return false;
  command.major = static_cast<unsigned>(*major);
  command.minor = 0;
  if (dot == std::string_view::npos) return true;
  const auto minor = xml_number(text.substr(dot + 1));
  command.minor = minor && *minor <= 0xffff ? static_cast<unsigned>(*minor) : 0;
  return true;
}

}  // namespace

std::string xml_text(ByteView bytes) {
  const auto end = std::ranges::find(bytes, std::byte{0});
  std::string out(static_cast<std::size_t>(end - bytes.begin()), '\0');
  std::transform(bytes.begin(), end, out.begin(), [](std::byte byte) { return static_cast<char>(byte); });
  return out;
}

std::optional<std::uint64_t> xml_number(std::string_view text) {
  const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
  if (is_hex) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), value, is_hex ? 16 : 10);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string xml_field(std::string_view name, std::string_view text) {
  return fmt::format("<{0}>{1}</{0}>", name, xml_escaped(text));
}

XmlStage::XmlStage(Board& board, std::string name, std::uint32_t packet_length)
    : FramedStage(board, std::move(name), TooLong::ends_session),
      download_packet_(packet_length),
      upload_packet_(packet_length) {}

void XmlStage::start() {
  if (board_.battery == Battery::out) return board_.log("{}: no battery, no voice", name());
  switch_messages((board_.agent.log_channel & 2) != 0);
  offer();
}

void XmlStage::port_opened() {
  if (!std::exchange(offers_when_opened_, false)) return;
  offer();
}

void XmlStage::set_packet_lengths(std::uint32_t download, std::uint32_t upload) {
  download_packet_ = download;
  upload_packet_ = upload;
}

void XmlStage::send_token(std::string_view token) {
  Bytes payload = to_bytes(token);
  payload.push_back(std::byte{0});
  send_packet(payload);
}

void XmlStage::token(std::function<void(std::string_view)> next) {
  packet(token_limit, [next = std::move(next)](Packet received) { next(xml_text(received.payload)); });
}

void XmlStage::send_document(std::string_view name, const std::vector<Argument>& arguments) {
  std::string text = fmt::format("{}<host><version>1.0</version><command>{}{}</command>", xml_declaration,
                                 command_prefix, name);
  if (!arguments.empty()) {
    text += "<arg>";
    for (const auto& [key, value] : arguments) text += xml_field(key, value);
    text += "</arg>";
  }
  send_token(text + "</host>");
}

void XmlStage::offer() {
  send_document("START", {});
  token([this](std::string_view answer) {
    if (!answer.starts_with("OK")) return offer();
    take_command();
  });
}

void XmlStage::take_command() {
  packet(document_limit, TooLong::is_dropped, [this](Packet document) {
    if (!document.fits) {
      send_token("ERR");
      return offer();
    }
    read_command(xml_text(document.payload));
  });
}

void XmlStage::read_command(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  Action action;
  command_ = {};
  if (text.starts_with("<?xml")) {
    auto root = parse_xml(text, command_limits);
    if (root && root->name == "da" && read_version(root->text_of("version"), command_) &&
        root->text_of("command").starts_with(command_prefix)) {
      command_.name = root->text_of("command").substr(command_prefix.size());
      command_.root = std::move(*root);
      action = handler(command_);
    }
  }
  if (!action) {
    board_.log("{}: not a command of this stage: {}", name(), printable_text(to_bytes(text.substr(0, 120))));
    send_token("ERR!UNSUPPORTED");
    message_ = "Unsupported command.";
    return end("ERR!UNSUPPORTED", {});
  }
  send_token("OK");
  send_message(fmt::format("command {}", command_.name));
  action();
}

std::optional<std::string> XmlStage::text_argument(std::string_view name) {
  const XmlElement* arg = command_.root.child("arg");
  const XmlElement* found = arg == nullptr ? nullptr : arg->child(name);
  if (found != nullptr) return found->text;
  refuse(fmt::format("XML node da/arg/{} is required.", name));
  return std::nullopt;
}

std::optional<std::uint64_t> XmlStage::number_argument(std::string_view name) {
  const auto text = text_argument(name);
  if (!text) return std::nullopt;
  const auto value = xml_number(*text);
  if (!value) refuse(fmt::format("XML node da/arg/{} is not a number.", name));
  return value;
}

void XmlStage::finish(Action after) { end("OK", std::move(after)); }

void XmlStage::blame(std::string message) {
  message_ = std::move(message);
  board_.log("{}: {}: {}", name(), command_.name, message_);
}

void XmlStage::refuse(std::string message, Action after) {
  blame(std::move(message));
  end("ERR", std::move(after));
}

XmlStage::Done XmlStage::ends_command() {
  return [this](bool ok) { end(ok ? "OK" : "ERR", {}); };
}

void XmlStage::end(std::string_view result, Action after) {
  send_document("END", {{"result", std::string{result}}, {"message", message_}});
  token([this, after = std::move(after)](std::string_view) {
    if (after) return after();
    offer();
  });
}

XmlStage::Action XmlStage::common_handler(std::string_view name) {
  if (name == "SET-HOST-INFO") {
    return [this] {
      const auto info = text_argument("info");
      if (!info) return;
      board_.log("{}: host is {}", this->name(),
                 printable_text(to_bytes(std::string_view{*info}.substr(0, host_info_limit))));
      finish();
    };
  }
  if (name == "REBOOT") {
    return [this] {
      const auto action = text_argument("action");
      if (!action) return;
      const bool resets = *action == "IMMEDIATE" || *action == "WARM-RESET" || *action == "COLD-RESET";
      if (!resets && *action != "DISCONNECT") return refuse("Unknown reboot action.");
      finish([this, resets, what = *action] {
        board_.leave(resets ? Exit::reset : Exit::off, port_delay);
        hang(fmt::format("reboot {}", what));
      });
    };
  }
  return {};
}

}  // namespace mtk::sim
