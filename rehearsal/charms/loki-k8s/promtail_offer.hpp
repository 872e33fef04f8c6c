// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace loki {

/// A promtail as the charm brings it along.
struct Promtail {
  std::string binary;
  std::string archive;  ///< The same as a gzip file.

  bool operator==(const Promtail&) const = default;
};

/// The name of the archive, which is that of the original's first release asset.
inline constexpr const char* archive_name = "promtail-static-amd64.gz";

/// Reads the files `promtail` and `promtail.gz` of the charm's folder. Throws charm::Error.
[[nodiscard]] Promtail read_promtail(const std::string& charm_folder);

/// The value of `promtail_binary_zip_url`: the same for each architecture that the original knows.
/// `kind` is the option `promtail`; empty for nothing.
[[nodiscard]] std::string promtail_offer(const Promtail& promtail, const std::string& base_url,
                                         const std::string& kind);

}  // namespace loki
