// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include <unistd.h>

namespace rehearsal::pebble {

/// Owns a file descriptor.
class FileHandle {
 public:
  FileHandle() = default;

  explicit FileHandle(int descriptor) : descriptor_(descriptor) {}

  FileHandle(FileHandle&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

  FileHandle& operator=(FileHandle&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }

  ~FileHandle() { reset(); }

  [[nodiscard]] int get() const { return descriptor_; }

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

  void reset() {
    if (is_open()) {
      close(std::exchange(descriptor_, -1));
    }
  }

 private:
  int descriptor_ = -1;
};

}  // namespace rehearsal::pebble
