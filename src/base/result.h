// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value or an Error. The only file that names tl::.
#pragma once

#include <mtk/error.h>

#include <tl/expected.hpp>

#include <utility>

namespace mtk {

template <class T = void>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }
inline tl::unexpected<Error> fail(Errc code, std::string what) {
  return tl::unexpected<Error>(Error{.code = code, .what = std::move(what)});
}

/// Adds a step to the error of a result that passes by: `return in(link.write(...), "GET_HW_CODE");`
template <class T>
Result<T> in(Result<T> result, std::string step) {
  if (!result) result.error().during.push_back(std::move(step));
  return result;
}

/// Names the stage of an error that passes by, where none was named yet.
template <class T>
Result<T> at(Stage stage, Result<T> result) {
  if (!result && result.error().stage == Stage::host) result.error().stage = stage;
  return result;
}

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace mtk

/// Returns the error of a Result<> to the caller.
#define MTK_TRY(...)                                                                                     \
  do {                                                                                                   \
    if (auto mtk_result = (__VA_ARGS__); !mtk_result) return ::mtk::fail(std::move(mtk_result.error())); \
  } while (false)

#define MTK_CONCAT_(a, b) a##b
#define MTK_CONCAT(a, b) MTK_CONCAT_(a, b)
#define MTK_TRY_LET_(result, declaration, ...)                \
  auto result = (__VA_ARGS__);                                \
  if (!result) return ::mtk::fail(std::move(result.error())); \
  declaration = std::move(*result)

/// Declares a value from a Result<T> or returns its error: `MTK_TRY_LET(const auto reply, ask(link));`
#define MTK_TRY_LET(declaration, ...) \
  MTK_TRY_LET_(MTK_CONCAT(mtk_result_, __LINE__), declaration, __VA_ARGS__)

/// A promise of this program's own code. Aborts in every build.
#define MTK_ASSERT(condition)                                                  \
  do {                                                                         \
    if (!(condition)) ::mtk::assertion_failed(#condition, __FILE__, __LINE__); \
  } while (false)
