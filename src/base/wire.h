// SPDX-License-Identifier: Apache-2.0
// A fixed-layout record is described once; decoding, encoding, printing and its size come from that list.
#pragma once

#include "base/bytes.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <tuple>

namespace mtk {

template <class Record, class Member>
struct Field {
  std::string_view name;
  Member Record::*member;
};
template <class Record, class Member>
Field(const char*, Member Record::*) -> Field<Record, Member>;

/// Specialise with `order` (std::endian) and `fields` (a tuple of Field). Members are unsigned integers or
/// std::array<std::byte, N>.
template <class Record>
struct Wire;

namespace detail {
template <class T>
struct WireMember {
  static constexpr std::size_t size = sizeof(T);
  static void read(ByteReader& in, T& out, std::endian order) {
    out = order == std::endian::little ? in.le<T>() : in.be<T>();
  }
  static void write(ByteWriter& out, T value, std::endian order) {
    if (order == std::endian::little) {
      out.le(value);
    } else {
      out.be(value);
    }
  }
  static std::string print(T value) { return fmt::format("0x{:x}", value); }
};
template <std::size_t N>
struct WireMember<std::array<std::byte, N>> {
  static constexpr std::size_t size = N;
  static void read(ByteReader& in, std::array<std::byte, N>& out, std::endian) {
    const ByteView bytes = in.bytes(N);
    for (std::size_t i = 0; i < bytes.size(); ++i) out[i] = bytes[i];
  }
  static void write(ByteWriter& out, const std::array<std::byte, N>& value, std::endian) { out.bytes(value); }
  static std::string print(const std::array<std::byte, N>& value) { return hex_compact(value); }
};
template <class Record, class Visit>
constexpr void for_each_field(Visit visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, Wire<Record>::fields);
}
template <class Record, class Member>
Member member_of(const Field<Record, Member>&);
template <class F>
using MemberOf = decltype(member_of(std::declval<F>()));
}  // namespace detail

template <class Record>
constexpr std::size_t wire_size() {
  std::size_t size = 0;
  detail::for_each_field<Record>(
      [&](const auto& field) { size += detail::WireMember<detail::MemberOf<decltype(field)>>::size; });
  return size;
}

/// Reads the record's fields from where the reader stands; check in.ok() or in.done() afterwards.
template <class Record>
Record read(ByteReader& in) {
  Record record{};
  detail::for_each_field<Record>([&](const auto& field) {
    detail::WireMember<detail::MemberOf<decltype(field)>>::read(in, record.*field.member,
                                                                Wire<Record>::order);
  });
  return record;
}

template <class Record>
void write(ByteWriter& out, const Record& record) {
  detail::for_each_field<Record>([&](const auto& field) {
    detail::WireMember<detail::MemberOf<decltype(field)>>::write(out, record.*field.member,
                                                                 Wire<Record>::order);
  });
}

/// The record from exactly these bytes. Errors: `when_short` (too few or too many bytes).
template <class Record>
Result<Record> decode(ByteView bytes, Errc when_short = Errc::protocol) {
  ByteReader in{bytes, when_short};
  Record record = read<Record>(in);
  MTK_TRY(in.done());
  return record;
}

template <class Record>
Bytes encode(const Record& record) {
  ByteWriter out;
  write(out, record);
  return std::move(out).take();
}

/// `magic=0xfeeeeeef data_type=0x1 length=0x4`, for logs and traces.
template <class Record>
std::string describe(const Record& record) {
  std::string text;
  detail::for_each_field<Record>([&](const auto& field) {
    if (!text.empty()) text += ' ';
    text += fmt::format("{}={}", field.name,
                        detail::WireMember<detail::MemberOf<decltype(field)>>::print(record.*field.member));
  });
  return text;
}

}  // namespace mtk
