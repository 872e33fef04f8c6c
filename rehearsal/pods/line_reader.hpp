// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pods/descriptor.hpp"
#include "rehearsal/pods/machine.hpp"

#include <string>
#include <utility>

namespace rehearsal::pods {

/// Cuts a stream into lines and gives them to an execution.
class LineReader {
 public:
  LineReader(Descriptor reader, bool is_stderr, const Execution& execution)
      : reader_(std::move(reader)), is_stderr_(is_stderr), execution_(&execution) {}

  /// -1 after the end of the stream, which poll(2) ignores.
  [[nodiscard]] int descriptor() const { return reader_.number(); }

  /// Reads what is there, once.
  void read_some();
  /// Reads no more; the rest is a line too.
  void finish();

 private:
  void give_lines();
  void give(const std::string& line) const;

  Descriptor reader_;
  bool is_stderr_;
  const Execution* execution_;
  std::string text_;
};

}  // namespace rehearsal::pods
