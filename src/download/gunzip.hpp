// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace charm::download {

/// Unpacks a gzip file (RFC 1952) of one member, whose name and comment are not looked at. Throws
/// DownloadError for anything else and as soon as there are more than `limit` bytes.
[[nodiscard]] std::string gunzip(const std::string& archive, std::size_t limit);

}  // namespace charm::download
