// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/error.hpp"

#include <string>

namespace grafana {

/// The bytes are no .xz or .lzma file. The text is that of Python's module lzma.
class PackingError : public charm::Error {
 public:
  using Error::Error;
};

/// Unpacks base64 of an .xz or .lzma file as Python does: what is outside the alphabet of base64 is
/// ignored. Throws charm::Error when base64 is cut short, PackingError for the rest and for more
/// than 64 MiB.
[[nodiscard]] std::string unpacked(const std::string& content);

}  // namespace grafana
