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

/// Nothing usable came from there; the text tells why in words for the log and the status.
class DownloadError : public InputError {
 public:
  using InputError::InputError;
};

/// What a server that means harm can cost at most. The greatest content is what the charm's
/// container can hold several times over, as pushing it through Pebble does: Juju gives it 1 GiB.
struct Limits {
  std::size_t archive = 64UL << 20U;   ///< Bytes.
  std::size_t content = 160UL << 20U;  ///< Bytes.
  int redirects = 5;
  std::chrono::milliseconds connecting = std::chrono::seconds(5);  ///< For one address.
  /// For all of it, but the look-up of a name takes as long as the resolver lets it.
  std::chrono::milliseconds total = std::chrono::seconds(60);
};

/// Fetches the gzip file over http or https (certificates are verified), checks it against its
/// digest, unpacks it, checks the content against the other digest and returns it. Writes nothing
/// anywhere. Throws DownloadError.
[[nodiscard]] std::string fetch(const Download& download, const Egress& egress,
                                const Limits& limits = {});

/// For files of keys: they are larger, and come from farther away.
inline constexpr Limits key_file_limits{
    .archive = 256UL << 20U, .content = 256UL << 20U, .total = std::chrono::minutes(10)};

/// Fetches a file in the same way from the URL that the checksum names, and unpacks it if it is a
/// gzip file; the checksum is that of the file before.
[[nodiscard]] std::string fetch(const Checksum& file, const Egress& egress,
                                const Limits& limits = key_file_limits);

}  // namespace charm::download
