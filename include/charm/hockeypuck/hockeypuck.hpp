// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/facts.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/options/settings.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// All knowledge of the workload: names, ports, paths, its configuration and its Pebble layer.
/// Facts of Hockeypuck 2.3 (configuration keys, defaults, quoting) unless said otherwise.
namespace charm::hockeypuck {

inline constexpr std::string_view container = "hockeypuck";  ///< In metadata.yaml.
inline constexpr std::string_view service = "hockeypuck";
inline constexpr std::string_view layer_label = "hockeypuck-k8s";
inline constexpr std::string_view version = "2.3.3";  ///< What the charm is written and tested for.
inline constexpr int hkp_port = 11371;
inline constexpr int recon_port = 11370;
inline constexpr int metrics_port = 9626;
inline constexpr std::string_view config_path = "/hockeypuck/etc/hockeypuck.conf";
inline constexpr std::string_view ca_path = "/hockeypuck/etc/postgresql-ca.pem";
/// Where the prefix tree is, on the storage; the keyserver makes the tree in it.
inline constexpr std::string_view tree_directory = "/hockeypuck/data/prefix-tree";
/// Where the keyserver logs to while promtail forwards its log; else it logs to Pebble.
inline constexpr std::string_view log_directory = "/var/log/hockeypuck";
inline constexpr std::string_view log_path = "/var/log/hockeypuck/hockeypuck.log";
/// A log file that is larger than this many bytes is emptied.
inline constexpr std::uint64_t max_log_size = 64UL << 20U;
inline constexpr std::string_view alive_check = "alive";
inline constexpr std::string_view ready_check = "ready";
/// The `_daemon_` user of rocks; the image need not know it by name.
inline constexpr int user_id = 584792;

/// Every file that the charm may have pushed: what observe() reads and what is removed when the
/// workload must not run.
[[nodiscard]] std::vector<std::string> managed_files();

/// A directory of the workload's user, which is closed to others.
[[nodiscard]] Directory private_directory(std::string_view path);

/// A file that only root writes and only the workload's user reads: it may hold the database's
/// password.
[[nodiscard]] File private_file(std::string_view path, std::string content);

/// The log file before its first line.
[[nodiscard]] File empty_log();

/// The ports that Juju must open for us.
[[nodiscard]] std::set<int> ports();

/// Fingerprints of all who may administrate the keyserver: the operator's keys and ours, those that
/// are retired or to come included.
[[nodiscard]] std::vector<std::string> admin_fingerprints(const Settings& settings,
                                                          const Facts& facts);

/// With whom the leader's keyserver reconciles: the external peers, and the proxies through which
/// others come. No partners where no keyserver may reconcile.
[[nodiscard]] ReconPlan plan_recon(const Settings& settings, const Facts& facts);

/// Renders hockeypuck.conf for one database. Any string comes out of Hockeypuck's template and TOML
/// layers as exactly that string.
[[nodiscard]] std::string render_configuration(const Unit& unit, const Settings& settings,
                                               const Facts& facts, const Database& database);

/// The workload for one database: files, directories and the layer, whose environment carries a
/// digest of the files so that a replan restarts the service exactly when one of them changed.
[[nodiscard]] WorkloadPlan plan_workload(const Snapshot& snapshot, const Settings& settings,
                                         const Facts& facts, const Database& database);

}  // namespace charm::hockeypuck
