// SPDX-License-Identifier: Apache-2.0
#include "transport/fd_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace mtk {
namespace {

/// Holds several USB transfers of the largest size the kernel's drivers use.
constexpr std::size_t buffer_size = 64 * 1024;
/// Parts sent by one system call; protocol layers use two or three.
constexpr std::size_t parts_at_once = 16;

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

bool means_gone(int error) {
  constexpr std::array lost{EIO,      ENXIO,     ENODEV,    ECONNRESET,   ECONNABORTED, EPIPE,
                            ENOTCONN, ESHUTDOWN, ETIMEDOUT, EHOSTUNREACH, ENETRESET,    ENETUNREACH};
  return std::ranges::find(lost, error) != lost.end();
}

/// What is left to send of a list of parts.
class Gather {
 public:
  explicit Gather(std::span<const ByteView> parts) : parts_(parts) { skip_sent(); }

  bool done() const { return parts_.empty(); }
  std::size_t sent() const { return sent_; }
  void advance(std::size_t size) {
    sent_ += size;
    while (size > 0) {
      const std::size_t here = std::min(size, parts_.front().size() - offset_);
      offset_ += here;
      size -= here;
      skip_sent();
    }
  }
  std::span<iovec> vectors() {
    std::size_t count = 0;
    for (; count < std::min(parts_.size(), room_.size()); ++count) {
      const ByteView part = count == 0 ? parts_.front().subspan(offset_) : parts_[count];
      // writev does not write through the pointer; its type is not const for readv's sake.
      room_[count] = {.iov_base = const_cast<std::byte*>(part.data()), .iov_len = part.size()};
    }
    return std::span{room_}.first(count);
  }

 private:
  void skip_sent() {
    while (!parts_.empty() && offset_ == parts_.front().size()) {
      parts_ = parts_.subspan(1);
      offset_ = 0;
    }
  }

  std::span<const ByteView> parts_;
  std::size_t offset_ = 0;
  std::size_t sent_ = 0;
  std::array<iovec, parts_at_once> room_{};
};

}  // namespace

FdStream::FdStream(Kind kind) : kind_(kind), buffer_(buffer_size) {}

void FdStream::attach(UniqueFd fd) {
  fd_ = std::move(fd);
  begin_ = end_ = 0;
}

void FdStream::close() { attach({}); }

Error FdStream::gone() {
  fd_.close();
  return Error{.code = Errc::disconnected, .what = "the other end of the port is gone"};
}

Error FdStream::failure(const char* action, int error) {
  if (means_gone(error)) return gone();
  return Error{.code = Errc::io, .what = system_error_text(action, error)};
}

Result<std::size_t> FdStream::read_some(std::span<std::byte> into, const Wait& wait) {
  if (into.empty()) return std::size_t{0};
  if (begin_ == end_) {
    if (into.size() >= buffer_.size()) return read_now_or_wait(into, wait);
    MTK_TRY_LET(const std::size_t got, read_now_or_wait(buffer_, wait));
    begin_ = 0;
    end_ = got;
  }
  const std::size_t size = std::min(into.size(), end_ - begin_);
  std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), size, into.begin());
  begin_ += size;
  return size;
}

Result<std::size_t> FdStream::read_now_or_wait(std::span<std::byte> into, const Wait& wait) {
  const auto deadline = wait.deadline(SystemClock{}.now());
  for (;;) {
    if (!fd_) return fail(gone());
    const ssize_t got = ::read(fd_.get(), into.data(), into.size());
    if (got > 0) return static_cast<std::size_t>(got);
    if (got == 0) return fail(gone());
    if (errno == EINTR) continue;
    if (!would_block(errno)) return fail(failure("read", errno));
    auto ready = wait_until(Readiness::readable, fd_, deadline, wait.stop);
    if (ready) continue;
    if (ready.error().code == Errc::timeout) ready.error().what = "phone silent";
    return fail(std::move(ready.error()));
  }
}

Result<> FdStream::write(std::span<const ByteView> parts, const Wait& wait) {
  const auto deadline = wait.deadline(SystemClock{}.now());
  if (!fd_) return fail(gone());
  for (Gather gather{parts}; !gather.done();) {
    const auto vectors = gather.vectors();
    ssize_t sent = 0;
    if (kind_ == Kind::socket) {
      msghdr message{};
      message.msg_iov = vectors.data();
      message.msg_iovlen = vectors.size();
      sent = ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL);
    } else {
      sent = ::writev(fd_.get(), vectors.data(), static_cast<int>(vectors.size()));
    }
    if (sent >= 0) {
      gather.advance(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno == EINTR) continue;
    if (!would_block(errno)) return fail(failure("write", errno));
    auto ready = wait_until(Readiness::writable, fd_, deadline, wait.stop);
    if (ready) continue;
    if (ready.error().code == Errc::timeout)
      ready.error().what = fmt::format("phone takes no data, {} bytes were taken", gather.sent());
    return fail(std::move(ready.error()));
  }
  return {};
}

Result<> FdStream::wait_until_gone(const Wait& wait) {
  const auto deadline = wait.deadline(SystemClock{}.now());
  begin_ = end_ = 0;
  for (;;) {
    const auto dropped = read_now_or_wait(buffer_, Wait{deadline - SystemClock{}.now(), wait.stop});
    if (dropped && SystemClock{}.now() < deadline) continue;
    if (!dropped && dropped.error().code == Errc::disconnected) return {};
    if (dropped || dropped.error().code == Errc::timeout)
      return fail(Errc::timeout, "phone did not leave the port");
    return fail(dropped.error());
  }
}

}  // namespace mtk
