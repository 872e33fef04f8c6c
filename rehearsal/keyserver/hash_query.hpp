// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rehearsal::keyserver {

// `POST /pks/hashquery`, by which keyservers fetch keys from each other after they have reconciled.

/// The body of a request for the keys with these digests (lower-case hexadecimal).
std::string serialize_hash_query(const std::vector<std::string>& digests);
/// Each digest once, in the order they came. Throws MalformedData.
std::vector<std::string> parse_hash_query(std::string_view body);

/// The body of the answer. Each key is a packet sequence.
std::string serialize_found_keys(const std::vector<std::string>& keys);
/// Throws MalformedData.
std::vector<std::string> parse_found_keys(std::string_view body);

}  // namespace rehearsal::keyserver
