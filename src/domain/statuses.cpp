// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/statuses.hpp"

#include "charm/domain/text.hpp"

#include <algorithm>
#include <initializer_list>

namespace charm::statuses {

namespace {

constexpr std::size_t longest = 100;

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text += part;
  }
  return text;
}

std::string_view key_id(std::string_view fingerprint) {
  constexpr std::size_t digits = 16;
  return fingerprint.substr(fingerprint.size() - std::min(digits, fingerprint.size()));
}

}  // namespace

Status to_show(const Status& status) {
  constexpr std::string_view cut = "…";
  const std::string line = single_line(status.message, status.message.size() * cut.size());
  return {status.kind,
          line.size() <= longest ? line : single_line(line, longest - cut.size()).append(cut)};
}

Status no_database(std::string_view application) {
  return {StatusKind::blocked,
          joined({"no database: run juju integrate ", application, " postgresql-k8s"})};
}

Status wrong_option(std::string_view fault) {
  return {StatusKind::blocked, joined({"option ", fault})};
}

Status renamed_database(std::string_view first_name) {
  return {StatusKind::blocked,
          joined({"re-create the database relation, or set database-name back to ", first_name})};
}

Status untrusted_database(std::string_view reason) {
  return {StatusKind::blocked,
          joined({"PostgreSQL is not trusted, check the CA of its relation: ", reason})};
}

Status foreign_database(std::string_view reason) {
  return {StatusKind::blocked, joined({"re-create the database relation: ", reason})};
}

Status keyserver_fails(std::string_view last_output) {
  return {StatusKind::blocked,
          joined({"hockeypuck does not start, see juju debug-log: ", last_output})};
}

Status unwritable_container(std::string_view reason) {
  return {StatusKind::blocked,
          joined({"cannot write to the hockeypuck container, check its storage: ", reason})};
}

Status unreadable_container(std::string_view reason) {
  return {StatusKind::blocked,
          joined({"cannot read from the hockeypuck container, check its storage: ", reason})};
}

Status unusable_admin_key_secret(std::string_view reason) {
  return {StatusKind::blocked, joined({"option admin-key-secret: ", reason})};
}

Status revoked_key_in_secret(std::string_view fingerprint) {
  return {StatusKind::blocked,
          joined({"option admin-key-secret: the key is revoked, put a different key into it: ",
                  key_id(fingerprint)})};
}

Status revoked_admin_key(std::string_view fingerprint) {
  return {StatusKind::blocked,
          joined({"the admin key is revoked, run rotate-admin-key on the leader: ",
                  key_id(fingerprint)})};
}

Status failed_rebuild(std::string_view reason) {
  return {StatusKind::blocked,
          joined({"cannot rebuild the prefix tree, see juju debug-log: ", reason})};
}

Status of_provider(std::string_view provider, std::int64_t code, std::string_view words) {
  constexpr std::int64_t first_for_a_person = 5000;
  return {code < first_for_a_person ? StatusKind::waiting : StatusKind::blocked,
          joined({provider, ": ", std::to_string(code), words})};
}

Status rebuilding(std::string_view reason, std::string_view so_far) {
  return {StatusKind::maintenance, joined({"rebuilding the prefix tree", so_far, ": ", reason})};
}

Status waiting_to_resume_rebuild() {
  return {StatusKind::waiting, "waiting to resume the rebuild of the prefix tree"};
}

Status waiting_for_pebble() {
  return {StatusKind::waiting, "waiting for Pebble in the hockeypuck container"};
}

Status waiting_for_pebble_again() {
  return {StatusKind::waiting, "waiting for Pebble in the hockeypuck container to come back"};
}

Status out_of_time(std::string_view reason) {
  return {StatusKind::waiting,
          joined({"the time of a hook is over, the next hook continues: ", reason})};
}

Status failed_pebble_request(std::string_view reason) {
  return {StatusKind::waiting, joined({"a Pebble request failed, see juju debug-log: ", reason})};
}

Status waiting_for_provider(std::string_view provider, std::string_view task) {
  return {StatusKind::waiting, joined({"waiting for ", provider, " to ", task})};
}

Status waiting_for_database(std::string_view reason) {
  return {StatusKind::waiting, joined({"waiting for PostgreSQL to answer: ", reason})};
}

Status waiting_for_login(std::string_view reason) {
  return {StatusKind::waiting, joined({"waiting for PostgreSQL to accept the login: ", reason})};
}

Status waiting_for_writable_database() {
  return {StatusKind::waiting, "waiting for a PostgreSQL server that accepts writes"};
}

Status waiting_for_block_list(std::string_view reason) {
  return {StatusKind::waiting,
          joined({"waiting for PostgreSQL to create the block list: ", reason})};
}

Status waiting_for_upload_policy(std::string_view reason) {
  return {StatusKind::waiting,
          joined({"waiting for PostgreSQL to apply the option uploads: ", reason})};
}

Status keyserver_without_database() {
  return {StatusKind::waiting, "hockeypuck cannot use the database, see juju debug-log"};
}

Status waiting_for_keyserver_to_serve() {
  return {StatusKind::waiting, "waiting for hockeypuck to serve, see juju debug-log"};
}

Status waiting_for_keyserver_to_answer() {
  return {StatusKind::waiting, "waiting for hockeypuck to answer on port 11371"};
}

Status waiting_for_stored_admin_key(std::string_view fingerprint) {
  return {StatusKind::waiting,
          joined({"waiting for hockeypuck to store the admin key, see juju debug-log: ",
                  key_id(fingerprint)})};
}

Status waiting_for_accepted_admin_key(std::string_view reason) {
  return {StatusKind::waiting,
          joined({"the new admin key is not accepted yet; if this lasts, run rotate-admin-key: ",
                  reason})};
}

Status waiting_for_revocation(std::string_view fingerprint) {
  return {StatusKind::waiting,
          joined({"waiting for hockeypuck to revoke the old admin key, see juju debug-log: ",
                  key_id(fingerprint)})};
}

Status unreadable_admin_key(std::string_view reason) {
  return {StatusKind::waiting,
          joined({"cannot read the admin key; if this lasts, run rotate-admin-key: ", reason})};
}

Status only_updates() {
  return {StatusKind::active, "uploads: updates only, new keys are refused (option uploads)"};
}

Status no_uploads() {
  return {StatusKind::active, "uploads: none, all keys are refused (option uploads)"};
}

Status path_without_hkp(std::string_view path) {
  return {StatusKind::active,
          joined({"gpg cannot use an ingress path: integrate traefik-route or route by host name: ",
                  path})};
}

Status unsent_logs(std::string_view reason) {
  return {StatusKind::active, joined({"logs are not sent: ", reason})};
}

Status no_promtail_offered() {
  return {StatusKind::active,
          "logs are not sent: Loki offers no promtail, set log-forwarder=pebble"};
}

Status failed_promtail(std::string_view reason) {
  return {StatusKind::active, joined({"logs are not sent: promtail: ", reason})};
}

Status ending_promtail() {
  return {StatusKind::active, "logs are not sent: promtail keeps ending, see kubectl logs"};
}

Status untrusted_certificates(std::string_view reason) {
  return {StatusKind::active, joined({"received certificates are not trusted: ", reason})};
}

Status drifted_tree(std::string_view difference) {
  return {StatusKind::active,
          joined({"the prefix tree is out of sync, run rebuild-prefix-tree: ", difference})};
}

}  // namespace charm::statuses
