// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/action.hpp"
#include "charm/actions/block_keys.hpp"
#include "charm/actions/dump_keys.hpp"
#include "charm/actions/export_block_list.hpp"
#include "charm/actions/get_admin_key.hpp"
#include "charm/actions/import_block_list.hpp"
#include "charm/actions/list_blocked_keys.hpp"
#include "charm/actions/load_keys.hpp"
#include "charm/actions/lookup_key.hpp"
#include "charm/actions/rebuild_prefix_tree.hpp"
#include "charm/actions/rotate_admin_key.hpp"
#include "charm/actions/show_peers.hpp"
#include "charm/actions/show_status.hpp"
#include "charm/actions/unblock_keys.hpp"

#include <array>

namespace charm::actions {

std::span<const Action* const> actions() noexcept {
  static const BlockKeys block_keys;
  static const DumpKeys dump_keys;
  static const ExportBlockList export_block_list;
  static const GetAdminKey get_admin_key;
  static const ImportBlockList import_block_list;
  static const ListBlockedKeys list_blocked_keys;
  static const LoadKeys load_keys;
  static const LookupKey lookup_key;
  static const RebuildPrefixTree rebuild_prefix_tree;
  static const RotateAdminKey rotate_admin_key;
  static const ShowPeers show_peers;
  static const ShowStatus show_status;
  static const UnblockKeys unblock_keys;
  static const std::array<const Action*, 13> all = {
      &block_keys,          &dump_keys,         &export_block_list, &get_admin_key,
      &import_block_list,   &list_blocked_keys, &load_keys,         &lookup_key,
      &rebuild_prefix_tree, &rotate_admin_key,  &show_peers,        &show_status,
      &unblock_keys};
  return all;
}

}  // namespace charm::actions
