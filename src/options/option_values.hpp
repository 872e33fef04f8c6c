// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/error.hpp"
#include "charm/options/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Parsers of the options that are not simply a number or a flag. Each reads a text that is not
/// empty and throws InputError for an unusable value. The error's text follows `option <name>` in
/// the status, so it begins with a separator: `, line 2: must be …: "x"`.
namespace charm {

/// One keyserver on each line: `address,http-port,recon-port[,network…]`, or the address alone for
/// the usual ports. `#` begins a comment.
[[nodiscard]] std::vector<ExternalPeer> parse_external_peers(std::string_view text);

/// Full fingerprints separated by commas, spaces or newlines. The groups of digits in which gpg
/// prints a fingerprint are joined.
[[nodiscard]] std::vector<std::string> parse_fingerprints(std::string_view text);

/// Exactly one full fingerprint.
[[nodiscard]] std::string parse_fingerprint(std::string_view text);

/// Networks or single addresses separated by commas, spaces or newlines.
[[nodiscard]] std::vector<std::string> parse_networks(std::string_view text);

/// A host name or an IP address; for a URL the error suggests its host.
[[nodiscard]] std::string parse_hostname(std::string_view text);

/// A name that postgresql_client providers can create: up to 49 characters, and not reserved by
/// PostgreSQL. It is not reserved by pg_hba.conf either, where providers write it without quotes. A
/// prefix request (`name*`) is not allowed.
[[nodiscard]] std::string parse_database_name(std::string_view text);

/// `debug`, `info`, `warning` or `error` in any case.
[[nodiscard]] std::string parse_log_level(std::string_view text);

/// `pebble` or `promtail` in any case.
[[nodiscard]] std::optional<LogForwarder> parse_log_forwarder(std::string_view text);

/// `all`, `updates` or `none` in any case.
[[nodiscard]] Uploads parse_uploads(std::string_view text);

}  // namespace charm
