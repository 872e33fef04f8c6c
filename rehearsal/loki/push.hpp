// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/loki/log_store.hpp"

#include <nlohmann/json_fwd.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace rehearsal::loki {

/// A push that Loki answers with 400.
class PushError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads the JSON body of `POST /loki/api/v1/push` as Loki 2.9 documents it: one entry is
/// `["<ns>", "<line>"]`, and structured metadata behind it is left out. Throws PushError.
[[nodiscard]] std::vector<Stream> parse_push(const std::string& body);

/// The answer of `GET /loki/api/v1/query_range`.
[[nodiscard]] nlohmann::json query_answer(const std::vector<Stream>& streams);

}  // namespace rehearsal::loki
