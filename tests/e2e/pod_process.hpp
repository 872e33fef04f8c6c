// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <sys/types.h>

namespace test {

/// A dispatch that runs in a pod of a rehearsed model, seen from the machine while `rehearse`
/// itself is busy with it.
class PodProcess {
 public:
  explicit PodProcess(pid_t pid) : pid_(pid) {}

  /// Waits until a file of a container of its pod holds the text; false when the dispatch ended
  /// before.
  [[nodiscard]] bool wait_for_file(const std::string& path, const std::string& text) const;

  /// Ends it as a lost node does: SIGKILL.
  void kill() const;

 private:
  pid_t pid_;
};

/// Waits for a dispatch in the model with this UUID that has `variable` in its environment. Throws
/// std::runtime_error when there is none within some seconds.
[[nodiscard]] PodProcess wait_for_dispatch(const std::string& model_uuid,
                                           const std::string& variable);

}  // namespace test
