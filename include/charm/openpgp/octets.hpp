// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace charm::openpgp {

/// Overwrites memory in a way that no compiler leaves out.
void cleanse(void* memory, std::size_t size) noexcept;

/// Overwrites memory before it gives it back.
template <typename T>
struct CleansingAllocator {
  using value_type = T;

  CleansingAllocator() = default;

  template <typename U>
  explicit CleansingAllocator(const CleansingAllocator<U>& /*other*/) noexcept {}

  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }

  void deallocate(T* memory, std::size_t count) noexcept {
    cleanse(memory, count * sizeof(T));
    std::allocator<T>().deallocate(memory, count);
  }

  bool operator==(const CleansingAllocator&) const = default;
};

/// Octets of keys and messages. Some are secret, so all are overwritten when they are released.
/// (Up to 15 octets lie in the object itself and are not; no secret number is that small.)
using Octets = std::basic_string<char, std::char_traits<char>, CleansingAllocator<char>>;

}  // namespace charm::openpgp
