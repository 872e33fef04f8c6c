// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "load_job.hpp"

#include <vector>

namespace charm::actions {

/// The keys of a file that are not stored.
[[nodiscard]] std::vector<OfferedKey> missing_keys(const ActionContext& context,
                                                   postgres::KeyDatabase& database,
                                                   const LoadFile& file);

/// Those that are not stored.
[[nodiscard]] std::vector<OfferedKey> missing_among(postgres::KeyDatabase& database,
                                                    const std::vector<OfferedKey>& keys);

/// Takes those out, and counts them, that were blocked while they were loaded.
void take_blocked(postgres::KeyDatabase& database, std::vector<OfferedKey>& keys, LoadJob& job);

/// How many of the keys are stored in another state than they were.
[[nodiscard]] std::size_t updated_keys(postgres::KeyDatabase& database,
                                       const std::vector<OfferedKey>& keys);

/// Why a key was not stored, as far as the charm knows.
[[nodiscard]] std::string refusal_of(const LoadJob& job, const OfferedKey& key);

/// Counts, after a run of hockeypuck-load, what is stored. What is not is prepared to be offered
/// once more, in files so small that it does not give up on them; after that it is refused.
void settle_round(const ActionContext& context, postgres::KeyDatabase& database, LoadJob& job);

}  // namespace charm::actions
