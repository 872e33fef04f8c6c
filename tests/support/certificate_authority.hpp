// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace test {

/// Makes `<name>.crt` and `<name>.key` in the folder, a certificate authority. Throws
/// std::runtime_error where openssl fails.
void make_authority(const std::filesystem::path& folder, const std::string& name);

/// Makes `server.crt` and `server.key` there, signed by the authority `ca`. The names are subject
/// alternative names as openssl has them: `IP:127.0.0.1`. Throws the same.
void make_server_certificate(const std::filesystem::path& folder,
                             const std::vector<std::string>& names);

}  // namespace test
