// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/admin_keys.hpp"
#include "charm/domain/certificates.hpp"
#include "charm/domain/databag.hpp"
#include "charm/domain/database.hpp"
#include "charm/domain/layer.hpp"
#include "charm/domain/status.hpp"
#include "charm/domain/upload_policy.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace charm {

/// All steps of a dispatch, as plain values. next_step() chooses one, and perform() does it. A
/// question changes nothing outside; its answer is in the History of the next Snapshot.
namespace step {

// Steps for Juju, which keeps the writes of a hook if the hook ends with 0.

/// Opens a TCP port, or closes it.
struct SetPort {
  int port = 0;
  bool open = true;
  bool operator==(const SetPort&) const = default;
};

/// Merges changes into our databags; an empty value deletes the key. A databag that can no longer
/// be written is skipped.
struct SetDatabags {
  std::vector<Publication> changes;
  bool operator==(const SetDatabags&) const = default;
};

struct SetVersion {
  std::string version;
  bool operator==(const SetVersion&) const = default;
};

/// Stores in the unit's state the data that the next hooks need not read.
struct Remember {
  std::string memory;
  bool operator==(const Remember&) const = default;
};

struct SetStatus {
  Status status;
  bool operator==(const SetStatus&) const = default;
};

/// Stores the key in Juju as a secret of the application. Answered by an AdminKeyReference.
struct KeepAdminKey {
  NextAdminKey key;
  std::vector<RetiredAdminKey> retired;  ///< Includes the key that this one replaces.
  bool operator==(const KeepAdminKey&) const = default;
};

/// Removes the secret of a key that is no longer in use.
struct ForgetAdminKey {
  AdminKeyReference key;
  bool operator==(const ForgetAdminKey&) const = default;
};

/// A question: the key in its secret. Answered by a PrivateKey, or by a Refusal with the reason.
struct ReadAdminKey {
  AdminKeyReference key;
  bool operator==(const ReadAdminKey&) const = default;
};

/// Makes a key that is not stored anywhere yet. Answered by a NextAdminKey.
struct MakeAdminKey {
  std::string user_id;
  bool operator==(const MakeAdminKey&) const = default;
};

// Steps for Pebble.

/// Makes the directories first. Each file is written atomically.
struct PlaceFiles {
  std::vector<Directory> directories;
  std::vector<File> files;
  bool operator==(const PlaceFiles&) const = default;
};

/// Missing paths are not an error.
struct RemovePaths {
  std::vector<std::string> paths;
  bool recursive = false;
  bool operator==(const RemovePaths&) const = default;
};

/// Downloads a program, checks it, writes it, and then writes its receipt.
struct Install {
  Download program;
  Egress egress;
  bool operator==(const Install&) const = default;
};

struct AddLayer {
  std::string label;
  Layer layer;
  bool operator==(const AddLayer&) const = default;
};

/// Names the service, because a replan would also start other services whose definition changed.
struct StartService {
  std::string service;
  bool operator==(const StartService&) const = default;
};

struct StopServices {
  std::vector<std::string> services;
  bool operator==(const StopServices&) const = default;
};

struct SendSignal {
  std::string signal;
  std::string service;
  bool operator==(const SendSignal&) const = default;
};

/// A question: the names in a directory. Answered by Names.
struct ListDirectory {
  std::string path;
  bool operator==(const ListDirectory&) const = default;
};

/// A question: the last output of a program that crashed, after the given second since 1970.
/// Answered by a Text, which is empty if there is no such output.
struct ReadLastOutput {
  std::string service;
  std::int64_t after = 0;
  bool operator==(const ReadLastOutput&) const = default;
};

// Steps for PostgreSQL.

/// A question: whether this server accepts writes. Answered by a postgres::ProbeResult.
struct ProbeDatabase {
  Database database;
  bool operator==(const ProbeDatabase&) const = default;
};

/// Brings the block list into the form that the charm needs. Answered by a
/// prefix_tree::DatabaseContent.
struct PrepareDatabase {
  Database database;
  bool operator==(const PrepareDatabase&) const = default;
};

/// Makes the database accept these keys and no others. Answered by a postgres::KeptUploads.
struct KeepUploads {
  Database database;
  UploadPolicy policy;
  bool operator==(const KeepUploads&) const = default;
};

/// A question: the number of keys, and of those that are older than `settling`. Answered by a
/// postgres::KeyCount.
struct CountKeys {
  Database database;
  std::chrono::seconds settling{};
  bool operator==(const CountKeys&) const = default;
};

/// Puts keys on the block list and deletes none. Answered by a postgres::Blocking.
struct BlockKeys {
  Database database;
  std::vector<std::string> fingerprints;
  std::string comment;
  std::string by;
  bool operator==(const BlockKeys&) const = default;
};

/// Answered by Names: the keys that were blocked, sorted.
struct UnblockKeys {
  Database database;
  std::vector<std::string> fingerprints;
  bool operator==(const UnblockKeys&) const = default;
};

/// Blocks all keys of an exported block list, or none. Answered by a postgres::BlockListImport. A
/// wrong line is an InputError.
struct ImportBlockList {
  Database database;
  std::string text;
  std::string by;
  bool operator==(const ImportBlockList&) const = default;
};

// Steps for the keyserver.

/// A question: the number of digests in its prefix tree. Answered by a Number, or a Refusal.
struct CountDigests {
  bool operator==(const CountDigests&) const = default;
};

/// A question: the keyserver's version. Answered by a Text, empty while the keyserver does not
/// answer.
struct AskVersion {
  bool operator==(const AskVersion&) const = default;
};

/// A question: the state of a key. Answered by a keyserver::StoredKey.
struct FindKey {
  std::string fingerprint;
  bool operator==(const FindKey&) const = default;
};

/// The answer does not show whether the keyserver stored the key. Ask with FindKey.
struct UploadKey {
  std::string fingerprint;
  std::string armor;
  bool operator==(const UploadKey&) const = default;
};

/// Any number of keys in one armored block. Answered by a keyserver::Answer.
struct UploadKeys {
  std::string armor;
  bool operator==(const UploadKeys&) const = default;
};

/// A request that an admin key has signed. Answered by a keyserver::Answer.
struct DeleteKeys {
  std::string keytext;
  std::string keysig;
  bool operator==(const DeleteKeys&) const = default;
};

/// A question: whether the keyserver accepts requests of the key. Answered by a keyserver::Answer,
/// with status 404 if it does.
struct TryAdminKey {
  std::string private_key;  ///< The armored secret key.
  bool operator==(const TryAdminKey&) const = default;
};

/// Waits until that time, up to ten seconds.
struct WaitUntil {
  std::chrono::sys_seconds time;
  bool operator==(const WaitUntil&) const = default;
};

/// Waits a tenth of a second for a program that has just been started.
struct Pause {
  bool operator==(const Pause&) const = default;
};

}  // namespace step

/// The subject of a step. A fault of Pebble ends the steps of its concern in this dispatch.
enum class Concern {
  juju,
  action,
  admin_key,
  logging,
  keyserver,
  prefix_tree,
  promtail,
  trust,
  uploads
};

struct Step {
  using What =
      std::variant<step::SetPort, step::SetDatabags, step::SetVersion, step::Remember,
                   step::SetStatus, step::KeepAdminKey, step::ForgetAdminKey, step::ReadAdminKey,
                   step::MakeAdminKey, step::PlaceFiles, step::RemovePaths, step::Install,
                   step::AddLayer, step::StartService, step::StopServices, step::SendSignal,
                   step::ListDirectory, step::ReadLastOutput, step::ProbeDatabase,
                   step::PrepareDatabase, step::KeepUploads, step::CountKeys, step::BlockKeys,
                   step::UnblockKeys, step::ImportBlockList, step::CountDigests, step::AskVersion,
                   step::FindKey, step::UploadKey, step::UploadKeys, step::DeleteKeys,
                   step::TryAdminKey, step::WaitUntil, step::Pause>;

  Concern concern = Concern::juju;
  What what;
  std::string log;  ///< One line for the log; empty: nothing is logged.

  bool operator==(const Step&) const = default;
};

/// Whether a step writes this file, as its first one.
[[nodiscard]] inline bool writes(const Step& step, std::string_view path) {
  const auto* placed = std::get_if<step::PlaceFiles>(&step.what);
  return placed != nullptr && !placed->files.empty() && placed->files.front().path == path;
}

/// The result of one concern: its next step or, if nothing is left to do, statuses for the
/// operator.
struct Decision {
  std::optional<Step> step;
  std::vector<Status> statuses;
};

/// Whether there is neither a step to do nor a status to show.
[[nodiscard]] inline bool is_good(const Decision& decision) {
  return !decision.step && decision.statuses.empty();
}

[[nodiscard]] inline Decision do_it(Concern concern, Step::What what, std::string log = {}) {
  return {Step{concern, std::move(what), std::move(log)}, {}};
}

[[nodiscard]] inline Decision say(Status status) {
  return {std::nullopt, {std::move(status)}};
}

}  // namespace charm
