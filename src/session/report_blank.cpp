// SPDX-License-Identifier: Apache-2.0
// What identifies a phone or a person is blanked. Rather too much than too little: a report that lacks a
// number is repaired by a question, one that names an IMEI is not.
#include "base/ascii.h"

#include <mtk/report.h>

#include <algorithm>
#include <array>

namespace mtk {

namespace {

using View = std::string_view;

/// As many hexadecimal digits in a row are an id or a digest; addresses after 0x have at most 16.
constexpr std::size_t least_hex_digits = 16;
constexpr std::size_t most_address_digits = 16;
/// As many bytes written apart are an id or contents.
constexpr std::size_t least_hex_groups = 6;
/// IMEI 15 digits, without its check digit 14, with a software version 16.
constexpr std::size_t least_imei_digits = 14;
constexpr std::size_t most_imei_digits = 17;
constexpr std::size_t most_imei_groups = 6;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_' || (c & 0x80) != 0; }
constexpr bool is_space(char c) { return c == ' ' || c == '\t'; }

/// Where the characters of a kind that begin at `at` end.
template <class Kind>
std::size_t end_of(View text, std::size_t at, Kind is_kind) {
  while (at < text.size() && is_kind(text[at])) ++at;
  return at;
}

/// Replaces what `find(text, at)` recognises at a place: it yields the piece to blank as [from, to), or an
/// empty one.
struct Piece {
  std::size_t from = 0;
  std::size_t to = 0;
};
template <class Find>
std::string replace(View text, Find find) {
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Piece piece = find(text, at);
    if (piece.to <= piece.from) {
      ++at;
      continue;
    }
    out += text.substr(copied, piece.from - copied);
    if (text.substr(piece.from, piece.to - piece.from) != blanked_mark) {
      out += blanked_mark;
    } else {
      out += text.substr(piece.from, piece.to - piece.from);
    }
    copied = at = piece.to;
  }
  out += text.substr(copied);
  return out;
}

/// A name of a user follows these in a path. Windows names may have blanks, up to the next separator.
Piece home_at(View text, std::size_t at) {
  constexpr std::array<View, 8> unix_homes{"/home/",     "/users/", "/run/media/", "/media/",
                                           "/run/user/", "file://", "~",           "/export/home/"};
  for (const View home : unix_homes) {
    if (!starts_ignoring_case(text.substr(at), home)) continue;
    if (home == "file://") continue;
    const std::size_t from = at + home.size();
    const std::size_t to =
        end_of(text, from, [](char c) { return View{"/ \t\"'<>|,;:()[]{}`\\"}.find(c) == View::npos; });
    if (home == "~" && at > 0 && is_word(text[at - 1])) continue;
    return {from, to};
  }
  for (const View separator : {View{"\\\\"}, View{"\\"}, View{"/"}}) {
    for (const View folder : {View{"users"}, View{"documents and settings"}}) {
      const std::string home = std::string{separator} + std::string{folder} + std::string{separator};
      if (separator == "/" || !starts_ignoring_case(text.substr(at), home)) continue;
      const std::size_t from = at + home.size();
      std::size_t to =
          end_of(text, from, [](char c) { return View{"\\/\"'<>|*?:;,"}.find(c) == View::npos; });
      // Without a separator behind it the name ends at the blank, or the line would be gone.
      if (to == text.size() || text[to] != '\\')
        to = end_of(text, from,
                    [](char c) { return !is_space(c) && View{"\\/\"'<>|"}.find(c) == View::npos; });
      return {from, to};
    }
  }
  return {};
}

/// `usb-MediaTek_Inc_MT65xx_SERIAL-if00`, as udev names ports.
Piece udev_name_at(View text, std::size_t at) {
  constexpr View by_id = "by-id/";
  if (!text.substr(at).starts_with(by_id)) return {};
  const std::size_t from = at + by_id.size();
  return {from,
          end_of(text, from, [](char c) { return !is_space(c) && View{"\"'<>|,;"}.find(c) == View::npos; })};
}

/// Words that announce a value of one phone, as the end of a label; without `_`, `-` and blanks.
bool is_private_label(View label) {
  constexpr std::array<View, 26> names{
      "imei",      "imeisv",   "meid",          "esn",    "serial",    "serialnumber", "serialno",
      "iserial",   "meidhex",  "socid",         "hrid",   "cid",       "randomid",     "hardwarerandomid",
      "storageid", "idserial", "idserialshort", "chipid", "deviceid",  "sn",           "barcode",
      "uid",       "emmcid",   "ufsid",         "mac",    "macaddress"};
  // `imei2`, but not `mac 00`.
  std::size_t end = label.size();
  while (end > 0 && is_digit(label[end - 1])) --end;
  if (end < label.size() && (end == 0 || !is_letter(label[end - 1]))) return false;
  std::string bare;
  for (const char c : label.substr(0, end)) {
    if (is_letter(c)) bare += to_lower(c);
    if (is_digit(c)) bare += c;
  }
  return std::ranges::any_of(
      names, [&](View name) { return bare == name || (name.size() > 4 && bare.ends_with(name)); });
}

/// The value behind `label = value`, `label: value`, `"label": "value"`; to the end of the line, of the
/// quotation, or of the item of a list.
Piece labelled_at(View text, std::size_t at) {
  if (text[at] != '=' && text[at] != ':') return {};
  std::size_t label_end = at;
  while (label_end > 0 &&
         (is_space(text[label_end - 1]) || text[label_end - 1] == '"' || text[label_end - 1] == '\''))
    --label_end;
  std::size_t label = label_end;
  while (label > 0 && (is_word(text[label - 1]) || text[label - 1] == '-' ||
                       (text[label - 1] == ' ' && label_end - label < 24)))
    --label;
  // The words in front of the label do not matter: each shorter beginning is looked at too.
  bool is_private = false;
  for (std::size_t from = label; from < label_end && !is_private; ++from) {
    const bool begins_word = from == label || !is_word(text[from - 1]);
    if (begins_word && is_word(text[from]))
      is_private = is_private_label(text.substr(from, label_end - from));
  }
  if (!is_private) return {};
  std::size_t from = end_of(text, at + 1, is_space);
  if (from < text.size() && (text[from] == '"' || text[from] == '\'')) {
    const std::size_t to = std::min(text.find(text[from], from + 1), text.size());
    return {from + 1, to};
  }
  return {from, end_of(text, from, [](char c) { return View{",;\"'{}[]()"}.find(c) == View::npos; })};
}

/// `{"id":"serial","label":...,"value":"..."}`: the value of a fact whose id or label is private.
Piece fact_at(View text, std::size_t at) {
  constexpr View value = "\"value\"";
  if (!text.substr(at).starts_with(value)) return {};
  const std::size_t object = text.substr(0, at).rfind('{');
  const View before =
      text.substr(object == View::npos ? 0 : object, at - (object == View::npos ? 0 : object));
  bool is_private = false;
  for (std::size_t quote = before.find('"'); quote != View::npos && !is_private;) {
    const std::size_t end = before.find('"', quote + 1);
    if (end == View::npos) break;
    is_private = is_private_label(before.substr(quote + 1, end - quote - 1));
    quote = before.find('"', end + 1);
  }
  if (!is_private) return {};
  const std::size_t open = text.find('"', at + value.size());
  if (open == View::npos) return {};
  return {open + 1, std::min(text.find('"', open + 1), text.size())};
}

/// `iSerial 3 0123`, and `Serial number 0123` of lists without a sign between label and value.
Piece usb_listing_at(View text, std::size_t at) {
  constexpr View label = "iserial";
  if (!starts_ignoring_case(text.substr(at), label)) return {};
  std::size_t from = end_of(text, at + label.size(), is_space);
  if (const std::size_t index = end_of(text, from, is_digit);
      index > from && index < text.size() && is_space(text[index]))
    from = end_of(text, index, is_space);
  return {from, end_of(text, from, [](char c) { return !is_space(c) && c != ',' && c != ';'; })};
}

Piece hex_run_at(View text, std::size_t at) {
  if (!is_hex(text[at]) || (at > 0 && is_hex(text[at - 1]))) return {};
  const std::size_t to = end_of(text, at, is_hex);
  const bool is_address = at >= 2 && (text[at - 1] == 'x' || text[at - 1] == 'X') && text[at - 2] == '0' &&
                          to - at <= most_address_digits;
  return to - at >= least_hex_digits && !is_address ? Piece{at, to} : Piece{};
}

/// Bytes written apart: `15 01 00 54`, `15:01:00:54`, `15-01-00-54`, `0x15, 0x01`.
Piece hex_groups_at(View text, std::size_t at) {
  if (at > 0 && (is_word(text[at - 1]))) return {};
  std::size_t groups = 0;
  std::size_t to = at;
  char sign = 0;
  for (std::size_t next = at;;) {
    std::size_t digits = next;
    if (starts_ignoring_case(text.substr(digits), "0x")) digits += 2;
    const std::size_t end = end_of(text, digits, is_hex);
    const std::size_t length = end - digits;
    const bool is_group = length == 2 || length == 4 || length == 8 || (length == 12 && sign == '-');
    if (!is_group || (end < text.size() && is_word(text[end]))) break;
    groups += length / 2;
    to = end;
    if (end == text.size() || View{" :-,_."}.find(text[end]) == View::npos ||
        (sign != 0 && text[end] != sign))
      break;
    sign = text[end];
    next = end + 1;
    if (sign == ',' && next < text.size() && text[next] == ' ') ++next;
  }
  return groups >= least_hex_groups && to > at + 8 ? Piece{at, to} : Piece{};
}

/// `20260419-142233-`, with which names of logs begin.
bool is_log_name_at(View text, std::size_t at) {
  constexpr std::array<std::size_t, 2> signs{8, 15};
  constexpr std::size_t size = 16;
  if (text.size() - at < size || !text.substr(at).starts_with("20")) return false;
  for (std::size_t i = 0; i < size; ++i) {
    const bool is_sign = std::ranges::find(signs, i) != signs.end();
    if (is_sign ? text[at + i] != '-' : !is_digit(text[at + i])) return false;
  }
  const auto at_most = [&](std::size_t place, View most) { return text.substr(at + place, 2) <= most; };
  return at_most(4, "12") && at_most(6, "31") && at_most(9, "23") && at_most(11, "59") && at_most(13, "59") &&
         text.substr(at + size).find(".log") <= most_imei_digits;
}

/// Digits as IMEIs are written: in one, or in groups with a blank or a sign between.
Piece imei_at(View text, std::size_t at) {
  if (is_log_name_at(text, at)) return {};
  if (!is_digit(text[at]) || (at > 0 && (is_word(text[at - 1]) || text[at - 1] == '.'))) return {};
  std::size_t digits = 0;
  std::size_t groups = 0;
  Piece found;
  for (std::size_t next = at; groups < most_imei_groups;) {
    const std::size_t end = end_of(text, next, is_digit);
    if (end == next) break;
    digits += end - next;
    ++groups;
    const bool ends_here = end == text.size() || !is_word(text[end]);
    if (ends_here && digits >= least_imei_digits && digits <= most_imei_digits) found = {at, end};
    if (end == text.size() || View{" -/."}.find(text[end]) == View::npos) break;
    next = end + 1;
  }
  return found;
}

/// What two hosts and people call each other.
Piece mail_at(View text, std::size_t at) {
  if (text[at] != '@' || at == 0 || !is_word(text[at - 1])) return {};
  const auto is_part = [](char c) { return is_word(c) || c == '.' || c == '-' || c == '+'; };
  std::size_t from = at;
  while (from > 0 && is_part(text[from - 1])) --from;
  const std::size_t to = end_of(text, at + 1, is_part);
  return text.substr(at, to - at).find('.') == View::npos ? Piece{} : Piece{from, to};
}

std::string blank_words(View line, const std::vector<std::string>& words) {
  return replace(line, [&](View text, std::size_t at) -> Piece {
    if (at > 0 && is_word(text[at - 1])) return {};
    for (const std::string& word : words) {
      const std::size_t end = at + word.size();
      if (!word.empty() && starts_ignoring_case(text.substr(at), word) &&
          (end == text.size() || !is_word(text[end])))
        return {at, end};
    }
    return {};
  });
}

/// Later searches see the marks of earlier ones, which hold nothing they look for.
std::string blank_line(View line, const std::vector<std::string>& words) {
  // A search that looks back sees the line as it was.
  std::string text = replace(line, home_at);
  text = replace(text, udev_name_at);
  text = replace(text, labelled_at);
  text = replace(text, fact_at);
  text = replace(text, usb_listing_at);
  text = replace(text, mail_at);
  text = replace(text, hex_groups_at);
  text = replace(text, hex_run_at);
  text = replace(text, imei_at);
  return blank_words(text, words);
}

}  // namespace

std::string blank_private(std::string_view text, const std::vector<std::string>& words) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += blank_line(text.substr(0, end), words);
    if (end < text.size()) out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace mtk
