// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/unit/exhaustion/unit_model.hpp"

#include <string>

namespace charm::exhaustion {

/// Returns the rule that the step breaks, or an empty text. Each kind of step has its rule: what
/// must be true outside before the step.
[[nodiscard]] std::string broken_rule(const Step& step, const Place& place,
                                      const Dispatch& dispatch);

/// The beginning of the status that names the cause that is in the state at the end of a hook.
struct Cause {
  StatusKind kind = StatusKind::active;
  std::string phrase;  ///< Empty: there is no message.
};

/// Returns the first of the most urgent causes. It is worked out from the model alone.
[[nodiscard]] Cause cause_in(Place& place, const State& end, const Dispatch& done);

/// Returns what is wrong with the last state of a unit on which nothing more changes, or an empty
/// text.
[[nodiscard]] std::string fault_of_end(Place& place, const State& end);

}  // namespace charm::exhaustion
