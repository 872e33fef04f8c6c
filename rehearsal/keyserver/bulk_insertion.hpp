// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// What hockeypuck-load says it has inserted at once. A trigger may have kept out some of it.
struct BulkInsertion {
  std::vector<std::string> digests = {};
  std::size_t subkeys = 0;
  /// Keys that were there before, in whatever state, and repeated ones.
  std::size_t duplicates = 0;
  bool operator==(const BulkInsertion&) const = default;
};

/// None of the keys was inserted.
class BulkFailure : public std::runtime_error {
 public:
  /// `what` was not possible, because of `reason`.
  BulkFailure(const std::string& what, const std::string& reason)
      : std::runtime_error(what + ": " + reason), reason_(reason) {}

  const std::string& reason() const { return reason_; }

 private:
  std::string reason_;
};

/// What the database said, as Hockeypuck's driver reports it: "pq: …", one line.
std::string driver_text(const std::exception& error);

}  // namespace rehearsal::keyserver
