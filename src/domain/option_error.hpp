// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace charm {

/// Why the value of an option cannot be used. The text follows `option <name>` in the status, so it
/// begins with a separator: `, line 2: "x": must be …`.
class OptionError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace charm
