// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace test {

/// Makes a certificate authority as `<name>.crt` and `<name>.key` in the folder. Throws
/// std::runtime_error if openssl fails.
void make_authority(const std::filesystem::path& folder, const std::string& name);

/// Makes `server.crt` and `server.key` there, signed by the authority `ca`. The names are subject
/// alternative names in openssl's form: `IP:127.0.0.1`. Throws in the same way.
void make_server_certificate(const std::filesystem::path& folder,
                             const std::vector<std::string>& names);

}  // namespace test
