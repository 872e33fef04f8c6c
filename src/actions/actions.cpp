// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "actions.hpp"

#include "charm/domain/text.hpp"
#include "results.hpp"

#include <algorithm>
#include <array>

namespace charm::actions {
namespace {

constexpr std::chrono::seconds to_show(12);
constexpr std::chrono::seconds to_change(120);

constexpr std::array every_action = {
    Action{"block-keys", run_block_keys, to_change},
    Action{"dump-keys", run_dump_keys, while_it_works},
    Action{"export-block-list", run_export_block_list, while_it_works},
    Action{"find-keys", run_find_keys, while_it_works},
    Action{"get-admin-key", run_get_admin_key, to_show},
    Action{"import-block-list", run_import_block_list, while_it_works},
    Action{"list-blocked-keys", run_list_blocked_keys, to_show},
    Action{"load-keys", run_load_keys, while_it_works},
    Action{"lookup-key", run_lookup_key, to_show},
    Action{"rebuild-prefix-tree", run_rebuild_prefix_tree, while_it_works},
    Action{"rotate-admin-key", run_rotate_admin_key, to_change},
    Action{"show-peers", run_show_peers, to_show},
    Action{"show-status", run_show_status, to_show},
    Action{"unblock-keys", run_unblock_keys, to_change},
};

std::string fingerprints_of(const std::vector<RetiredAdminKey>& keys) {
  std::string list;
  for (const RetiredAdminKey& key : keys) {
    list += (list.empty() ? "" : ",") + key.fingerprint;
  }
  return list;
}

/// Key ID, fingerprint of version 4, fingerprint of version 6: HKP wants `0x` before them.
constexpr std::array<std::size_t, 3> hexadecimal_lengths{16, 40, 64};

std::string search_of(const std::string& keyword) {
  const bool is_number =
      keyword.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos &&
      std::ranges::find(hexadecimal_lengths, keyword.size()) != hexadecimal_lengths.end();
  return is_number ? "0x" + keyword : keyword;
}

[[noreturn]] void fail_look_up(const std::string& search, const keyserver::Answer& answer) {
  switch (answer.status) {
    case 404:
      throw Failure("Not Found: the keyserver has no key for \"" + search + "\"");
    case 0:
      throw Failure("the keyserver does not answer: " + answer.error);
    default:
      throw Failure("the keyserver answers with HTTP status " + std::to_string(answer.status) +
                    ", see juju debug-log");
  }
}

}  // namespace

std::span<const Action> actions() noexcept {
  return every_action;
}

Results run_get_admin_key(ActionContext& context) {
  const openpgp::AdminKey key = context.admin_key();
  const AdminKeys keys = context.plan().admin_keys;
  Results results = {{"fingerprint", key.fingerprint()},
                     {"public-key", key.public_armor()},
                     {"origin", keys.current->is_brought() ? "admin-key-secret" : "charm"}};
  if (!keys.retired.empty()) {
    results["retired"] = fingerprints_of(keys.retired);
  }
  return results;
}

Results run_rotate_admin_key(ActionContext& context) {
  const AdminKeyRotation rotation = context.rotate_admin_key();
  return {{"fingerprint", rotation.current},
          {"retired", rotation.retired},
          {"next",
           "The keyserver accepts requests that the new key signs. The leader's next hook, within "
           "minutes, revokes the old key. Until then the keyserver accepts both."}};
}

Results run_lookup_key(ActionContext& context) {
  const std::string keyword = context.parameters.text("keyword");
  const std::string search = search_of(std::string(trimmed(keyword)));
  if (search.empty()) {
    throw Failure(
        "the parameter keyword is empty: give 0x and a fingerprint, or an e-mail address");
  }
  const keyserver::Answer answer = context.doors.keyserver.get(search);
  if (answer.status != 200) {
    fail_look_up(search, answer);
  }
  if (answer.body.size() > longest_result) {
    throw Failure("the answer of " + std::to_string(answer.body.size()) +
                  " bytes does not fit into a result; look the key up by HKP on port 11371");
  }
  return {{"result", answer.body}};
}

Results run_rebuild_prefix_tree(ActionContext& context) {
  const std::chrono::seconds wait(context.parameters.number("wait"));
  const prefix_tree::Outcome outcome = context.rebuild_tree("an action asked for it", wait);
  Results results = {{"state", outcome.rebuilt ? "rebuilt" : "rebuilding"},
                     {"keys", std::to_string(outcome.keys)},
                     {"reason", outcome.reason}};
  if (outcome.under_way) {
    results["note"] = "a rebuild was already running, so this action did not start one";
  }
  if (!outcome.rebuilt) {
    results["status"] = outcome.status;
  }
  return results;
}

}  // namespace charm::actions
