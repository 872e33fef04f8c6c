// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/download/download.hpp"

#include <string>

namespace charm::download {

/// Returns the body behind an http or https URL, following redirects, but none from https to http.
/// Throws DownloadError, whose text quotes neither query nor credentials.
[[nodiscard]] std::string fetch_body(const std::string& url, const Databag& proxies,
                                     const Limits& limits);

}  // namespace charm::download
