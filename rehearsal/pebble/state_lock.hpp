// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>

namespace rehearsal::pebble {

/// The one lock of the agent: whatever more than one thread looks at is read and written with it
/// held. A function that says "lock held" expects its caller to hold it.
struct StateLock {
  std::mutex mutex;
  /// Notified whenever something changes that a request may be waiting for.
  std::condition_variable changed;

  std::unique_lock<std::mutex> hold() { return std::unique_lock(mutex); }
};

}  // namespace rehearsal::pebble
