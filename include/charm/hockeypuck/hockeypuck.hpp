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

/// All facts about the workload: names, ports, paths, its configuration and its Pebble layer. They
/// are valid for Hockeypuck 2.3 (configuration keys, defaults, quoting) unless a comment says
/// otherwise.
namespace charm::hockeypuck {

inline constexpr std::string_view container = "hockeypuck";  ///< The name in metadata.yaml.
inline constexpr std::string_view service = "hockeypuck";
inline constexpr std::string_view layer_label = "hockeypuck-k8s";
inline constexpr std::string_view version = "2.3.3";  ///< The charm is tested with this version.
inline constexpr int hkp_port = 11371;
inline constexpr int recon_port = 11370;
inline constexpr int metrics_port = 9626;
inline constexpr std::string_view config_path = "/hockeypuck/etc/hockeypuck.conf";
inline constexpr std::string_view ca_path = "/hockeypuck/etc/postgresql-ca.pem";
/// The storage, which outlives the pod.
inline constexpr std::string_view storage_directory = "/hockeypuck/data";
/// The folder on the storage in which the keyserver makes the prefix tree.
inline constexpr std::string_view tree_directory = "/hockeypuck/data/prefix-tree";
/// The folder of the keyserver's log while promtail forwards it. Otherwise the keyserver logs to
/// Pebble.
inline constexpr std::string_view log_directory = "/var/log/hockeypuck";
inline constexpr std::string_view log_path = "/var/log/hockeypuck/hockeypuck.log";
/// A log file with more bytes is emptied.
inline constexpr std::uint64_t max_log_size = 64UL << 20U;
inline constexpr std::string_view alive_check = "alive";
inline constexpr std::string_view ready_check = "ready";
/// The `_daemon_` user of rocks. The image need not have a name for it.
inline constexpr int user_id = 584792;

/// Returns every file that the charm may have written. observe() reads them, and they are removed
/// if the workload must not run.
[[nodiscard]] std::vector<std::string> managed_files();

/// A directory of the workload's user, which other users cannot open.
[[nodiscard]] Directory private_directory(std::string_view path);

/// A file that only root writes and only the workload's user reads, because it may hold the
/// database's password.
[[nodiscard]] File private_file(std::string_view path, std::string content);

/// The log file without a line.
[[nodiscard]] File empty_log();

/// The ports that Juju must open for us.
[[nodiscard]] std::set<int> ports();

/// Returns the fingerprints of all administrators of the keyserver: the operator's keys and ours,
/// including retired keys and the next one.
[[nodiscard]] std::vector<std::string> admin_fingerprints(const Settings& settings,
                                                          const Facts& facts);

/// Returns the partners: the application's other units, the external peers, and the proxies through
/// which peers connect. The external peers and proxies are the leader's.
[[nodiscard]] ReconPlan plan_recon(const Unit& unit, const Settings& settings, const Facts& facts);

/// Renders hockeypuck.conf for one database. Every string passes unchanged through Hockeypuck's
/// template and TOML layers.
[[nodiscard]] std::string render_configuration(const Unit& unit, const Settings& settings,
                                               const Facts& facts, const Database& database);

/// Plans the workload for one database: files, directories and the layer. The layer's environment
/// holds a digest of the files, so a replan restarts the service exactly when one of them changed.
[[nodiscard]] WorkloadPlan plan_workload(const Snapshot& snapshot, const Settings& settings,
                                         const Facts& facts, const Database& database);

}  // namespace charm::hockeypuck
