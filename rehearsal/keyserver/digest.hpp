// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <string>
#include <string_view>

namespace rehearsal::keyserver {

/// The digest of some octets by an OpenSSL algorithm: EVP_md5(), EVP_sha256(), …
std::string digest_of(const EVP_MD* algorithm, std::string_view octets);

}  // namespace rehearsal::keyserver
