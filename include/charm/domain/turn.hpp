// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace charm {

/// The place of a unit among the units of its application, which all sort alike. Units take turns
/// by the clock, so they need no message and no lock to stop their keyservers one by one.
struct Turn {
  std::size_t unit = 0;  ///< The number of units before this one.
  std::size_t units = 1;

  bool operator==(const Turn&) const = default;
};

}  // namespace charm
