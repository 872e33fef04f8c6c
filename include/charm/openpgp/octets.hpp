// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/error.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace charm::openpgp {

/// Overwrites memory. The compiler cannot optimize the write away.
void cleanse(void* memory, std::size_t size) noexcept;

/// An allocator that overwrites memory before it releases it.
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

/// Octets of keys and messages. Some are secret, so all are overwritten when they are released. (Up
/// to 15 octets are in the object itself and are not overwritten; every secret number is longer.)
using Octets = std::basic_string<char, std::char_traits<char>, CleansingAllocator<char>>;

/// A text that must not be printed by mistake. It has no output operator, and its memory is
/// overwritten when it is destroyed.
class Secret {
 public:
  explicit Secret(Octets text) : text_(std::move(text)) {}

  /// Valid as long as this object. The caller is responsible for every copy.
  [[nodiscard]] std::string_view reveal() const { return text_; }

 private:
  Octets text_;
};

}  // namespace charm::openpgp
