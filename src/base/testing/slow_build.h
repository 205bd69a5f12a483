// SPDX-License-Identifier: Apache-2.0
// For tests: instrumented builds are several times slower and look at a part of what the plain build of the
// same test run looks at whole.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MTK_SLOW_BUILD 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MTK_SLOW_BUILD 1
#endif
#endif

namespace mtk {
#if defined(MTK_SLOW_BUILD)
inline constexpr bool slow_build = true;
#else
inline constexpr bool slow_build = false;
#endif
}  // namespace mtk
