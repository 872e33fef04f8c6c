// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/certificates.hpp"
#include "charm/domain/digest.hpp"
#include "charm/domain/error.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace charm::download {

/// The server returned nothing usable. The text is the reason, for the log and the status.
class DownloadError : public InputError {
 public:
  using InputError::InputError;
};

/// Limits for a hostile server. The charm's container has 1 GiB from Juju. The content must fit
/// into that several times, because a push through Pebble copies it.
struct Limits {
  std::size_t archive = 64UL << 20U;   ///< Bytes.
  std::size_t content = 160UL << 20U;  ///< Bytes.
  int redirects = 5;
  std::chrono::milliseconds connecting = std::chrono::seconds(5);  ///< For each address.
  /// For the whole download. A name lookup is not included: it takes as long as the resolver
  /// allows.
  std::chrono::milliseconds total = std::chrono::seconds(60);
  /// After this time, a download continues only while it has had 64 KiB in each second.
  std::chrono::milliseconds unhurried = total;
};

/// Downloads the gzip file over http or https, with verified certificates, and compares it with its
/// digest. Then unpacks it, compares the content with the other digest and returns it. Writes
/// nothing anywhere. Throws DownloadError.
[[nodiscard]] std::string fetch(const Download& download, const Egress& egress,
                                const Limits& limits = {});

/// For files of keys, which are larger and come from slower servers.
inline constexpr Limits key_file_limits{
    .archive = 256UL << 20U, .content = 256UL << 20U, .total = std::chrono::minutes(10)};

/// Downloads a file in the same way from the URL of the checksum, and unpacks it if it is a gzip
/// file. The checksum is that of the file before it is unpacked.
[[nodiscard]] std::string fetch(const Checksum& file, const Egress& egress,
                                const Limits& limits = key_file_limits);

}  // namespace charm::download
