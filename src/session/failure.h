// SPDX-License-Identifier: Apache-2.0
// Turns how a job ended into what a person is told.
#pragma once

#include <mtk/session.h>

namespace mtk {

/// Fills exit code and failure report of an outcome that has an error.
void explain_failure(Outcome& outcome);

}  // namespace mtk
