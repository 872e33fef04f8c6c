// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/status.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// Every status that a unit can show, except the empty one. No other code writes a status text.
///
/// `juju status` cuts a message at 120 characters. A message names the cause first, then the
/// remedy, and then any variable text. to_show() cuts the message to 100 bytes; the log has all of
/// it. *blocked* means that an operator must act, and its message says how.
namespace charm::statuses {

/// Returns the status as Juju gets it: one line of at most 100 bytes. An ellipsis ends a cut
/// message.
[[nodiscard]] Status to_show(const Status& status);

[[nodiscard]] Status no_database(std::string_view application);
/// `fault` begins with the option's name and describes the values that are allowed.
[[nodiscard]] Status wrong_option(std::string_view fault);
/// The database relation was made for a name that the option no longer has.
[[nodiscard]] Status renamed_database(std::string_view first_name);
[[nodiscard]] Status untrusted_database(std::string_view reason);
[[nodiscard]] Status foreign_database(std::string_view reason);
[[nodiscard]] Status keyserver_fails(std::string_view last_output);
[[nodiscard]] Status unwritable_container(std::string_view reason);
[[nodiscard]] Status unreadable_container(std::string_view reason);
[[nodiscard]] Status unusable_admin_key_secret(std::string_view reason);
/// The secret of the option admin-key-secret holds a revoked key. A fingerprint is shown by its
/// last 16 digits.
[[nodiscard]] Status revoked_key_in_secret(std::string_view fingerprint);
[[nodiscard]] Status revoked_admin_key(std::string_view fingerprint);
[[nodiscard]] Status failed_rebuild(std::string_view reason);

/// A message that the database's charm wrote. A code of 5000 or more needs an operator.
[[nodiscard]] Status of_provider(std::string_view provider, std::int64_t code,
                                 std::string_view words);

/// `so_far` is empty while no progress is known.
[[nodiscard]] Status rebuilding(std::string_view reason, std::string_view so_far);

[[nodiscard]] Status waiting_to_resume_rebuild();
[[nodiscard]] Status waiting_for_pebble();
[[nodiscard]] Status waiting_for_pebble_again();
[[nodiscard]] Status out_of_time(std::string_view reason);
[[nodiscard]] Status failed_pebble_request(std::string_view reason);
[[nodiscard]] Status waiting_for_provider(std::string_view provider, std::string_view task);
[[nodiscard]] Status waiting_for_database(std::string_view reason);
[[nodiscard]] Status waiting_for_login(std::string_view reason);
[[nodiscard]] Status waiting_for_writable_database();
[[nodiscard]] Status waiting_for_block_list(std::string_view reason);
[[nodiscard]] Status waiting_for_upload_policy(std::string_view reason);
[[nodiscard]] Status keyserver_without_database();
[[nodiscard]] Status waiting_for_keyserver_to_serve();
[[nodiscard]] Status waiting_for_keyserver_to_answer();
[[nodiscard]] Status waiting_for_stored_admin_key(std::string_view fingerprint);
[[nodiscard]] Status waiting_for_accepted_admin_key(std::string_view reason);
[[nodiscard]] Status waiting_for_revocation(std::string_view fingerprint);
[[nodiscard]] Status unreadable_admin_key(std::string_view reason);

/// The option uploads limits the keys that the keyserver accepts.
[[nodiscard]] Status only_updates();
[[nodiscard]] Status no_uploads();

/// The keyserver serves, but something else does not work.
[[nodiscard]] Status path_without_hkp(std::string_view path);
[[nodiscard]] Status unsent_logs(std::string_view reason);
[[nodiscard]] Status no_promtail_offered();
[[nodiscard]] Status failed_promtail(std::string_view reason);
[[nodiscard]] Status ending_promtail();
[[nodiscard]] Status untrusted_certificates(std::string_view reason);
[[nodiscard]] Status drifted_tree(std::string_view difference);

}  // namespace charm::statuses
