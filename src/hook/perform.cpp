// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/admin_key/admin_key.hpp"
#include "charm/download/download.hpp"
#include "charm/hook/hook.hpp"
#include "charm/keyserver/statistics.hpp"
#include "charm/pebble/client.hpp"
#include "charm/prefix_tree/tree.hpp"
#include "memory.hpp"

#include <spdlog/spdlog.h>

#include <type_traits>
#include <utility>

namespace charm {

namespace {

constexpr int inspected_log_lines = 50;

openpgp::AdminKey key_in_secret(const AdminKeyReference& reference, const Doors& doors) {
  const Databag content = doors.juju.secret_get(reference.secret);
  const auto armor = content.find(admin_key::content_key);
  if (armor == content.end()) {
    throw InputError("the secret of the admin key has no private-key");
  }
  openpgp::AdminKey key = openpgp::AdminKey::from_armor(armor->second, doors.clock.now());
  if (key.fingerprint() != reference.fingerprint) {
    throw InputError("the secret of the admin key holds another key");
  }
  return key;
}

std::string text_of(const openpgp::AdminKey& key) {
  const openpgp::Secret armor = key.secret_armor();
  return std::string(armor.reveal());
}

std::string_view name_of(Concern concern) {
  switch (concern) {
    case Concern::juju:
      return "juju";
    case Concern::action:
      return "action";
    case Concern::admin_key:
      return "admin key";
    case Concern::logging:
      return "log forwarding";
    case Concern::keyserver:
      return "hockeypuck";
    case Concern::prefix_tree:
      return "prefix tree";
    case Concern::promtail:
      return "promtail";
    case Concern::trust:
      return "certificates";
    case Concern::uploads:
      return "uploads";
  }
  return {};
}

/// Leadership, a relation or a secret was lost during the hook. Throws any other error again.
void require_a_race(const juju::HookToolError& error) {
  if (!error.vanished() && !error.not_leader()) {
    throw error;
  }
  spdlog::info("{}", error.what());
}

/// One function for each kind of step. An effect that succeeds has no answer.
struct Interpreter {
  const Doors& doors;

  void operator()(const step::SetPort& set) const {
    if (set.open) {
      doors.juju.open_port(set.port);
    } else {
      doors.juju.close_port(set.port);
    }
  }

  void operator()(const step::SetDatabags& set) const {
    for (const Publication& change : set.changes) {
      try {
        doors.juju.relation_set(change.relation, change.scope, change.data);
      } catch (const juju::HookToolError& error) {
        require_a_race(error);
      }
    }
  }

  void operator()(const step::SetVersion& set) const {
    doors.juju.application_version_set(set.version);
  }

  void operator()(const step::Remember& keep) const {
    doors.juju.state_set({{memory_key, keep.memory}});
  }

  void operator()(const step::SetStatus& set) const {
    doors.juju.status_set(Scope::unit, set.status);
  }

  Answer operator()(const step::KeepAdminKey& keep) const {
    return AdminKeyReference{
        .secret = doors.juju.secret_add({{admin_key::content_key, keep.key.private_key}}),
        .fingerprint = keep.key.fingerprint,
        .brought_certificate = keep.key.brought_certificate};
  }

  void operator()(const step::ForgetAdminKey& forget) const {
    doors.juju.secret_remove(forget.key.secret);
  }

  Answer operator()(const step::ReadAdminKey& read) const {
    try {
      return PrivateKey{text_of(key_in_secret(read.key, doors))};
    } catch (const InputError& error) {
      return Refusal{Refusal::By::juju, error.what()};
    }
  }

  Answer operator()(const step::MakeAdminKey& make) const {
    const auto key = doors.keys.admin_key(make.user_id, doors.clock.now());
    spdlog::info("made the admin key {}", key.fingerprint());
    return NextAdminKey{
        .private_key = text_of(key), .fingerprint = key.fingerprint(), .brought_certificate = {}};
  }

  void operator()(const step::PlaceFiles& place) const {
    doors.pebble.make_directories(place.directories);
    doors.pebble.write(place.files);
  }

  void operator()(const step::RemovePaths& remove) const {
    doors.pebble.remove(remove.paths, remove.recursive);
  }

  /// The receipt is written only after the program is in place.
  void operator()(const step::Install& install) const {
    File program = install.program.target;
    program.content = doors.downloads.fetch(install.program, install.egress);
    doors.pebble.write({std::move(program)});
    doors.pebble.write(
        {{.path = install.program.receipt, .content = install.program.content_sha256}});
  }

  void operator()(const step::AddLayer& add) const { doors.pebble.add_layer(add.label, add.layer); }

  void operator()(const step::StartService& start) const { doors.pebble.start({start.service}); }

  void operator()(const step::StopServices& stop) const { doors.pebble.stop(stop.services); }

  void operator()(const step::SendSignal& send) const {
    doors.pebble.send_signal(send.signal, send.service);
  }

  Answer operator()(const step::ListDirectory& list) const {
    Names names;
    const auto entries = doors.pebble.list(list.path);
    for (const auto& entry : entries.value_or(std::vector<pebble::FileInfo>{})) {
      names.value.push_back(entry.name);
    }
    return names;
  }

  Answer operator()(const step::ReadLastOutput& read) const {
    auto entries = doors.pebble.logs({read.service}, inspected_log_lines);
    std::erase_if(entries, [&](const pebble::LogEntry& entry) {
      return !prefix_tree::is_after(entry.time, read.after);
    });
    return Text{pebble::last_output(entries)};
  }

  Answer operator()(const step::ProbeDatabase& probe) const {
    auto result = doors.databases.probe(probe.database);
    if (result.outcome != postgres::Outcome::ready) {
      spdlog::info("PostgreSQL at {}:{}: {}", probe.database.host, probe.database.port,
                   result.reason);
    }
    return result;
  }

  Answer operator()(const step::PrepareDatabase& prepare) const {
    return doors.databases.prepare(prepare.database);
  }

  Answer operator()(const step::KeepUploads& keep) const {
    return doors.databases.keep_uploads(keep.database, keep.policy);
  }

  Answer operator()(const step::CountKeys& count) const {
    return doors.databases.count_keys(count.database, count.settling);
  }

  Answer operator()(const step::BlockKeys& block) const {
    return doors.databases.open(block.database).block(block.fingerprints, block.comment, block.by);
  }

  Answer operator()(const step::UnblockKeys& unblock) const {
    return Names{doors.databases.open(unblock.database).unblock(unblock.fingerprints)};
  }

  Answer operator()(const step::ImportBlockList& list) const {
    return doors.databases.open(list.database).import_block_list(list.text, list.by);
  }

  Answer operator()(const step::CountDigests&) const {
    const auto digests = keyserver::parse_statistics(doors.keyserver.statistics().body);
    if (!digests || !digests->total) {
      return Refusal{Refusal::By::keyserver, "the keyserver does not tell its digests"};
    }
    return Number{*digests->total};
  }

  Answer operator()(const step::AskVersion&) const { return Text{doors.keyserver.version()}; }

  Answer operator()(const step::FindKey& find) const {
    return doors.keyserver.find(find.fingerprint);
  }

  void operator()(const step::UploadKey& upload) const {
    static_cast<void>(doors.keyserver.add(upload.armor));
  }

  Answer operator()(const step::UploadKeys& upload) const {
    return doors.keyserver.add(upload.armor);
  }

  Answer operator()(const step::DeleteKeys& request) const {
    return doors.keyserver.remove(request.keytext, request.keysig);
  }

  Answer operator()(const step::TryAdminKey& attempt) const {
    const auto now = doors.clock.now();
    const openpgp::SignedRequest request =
        openpgp::trial_request(openpgp::AdminKey::from_armor(attempt.private_key, now), now);
    return doors.keyserver.remove(request.keytext, request.keysig);
  }

  void operator()(const step::WaitUntil& wait) const { doors.clock.wait_until(wait.time); }

  void operator()(const step::Pause&) const { doors.clock.pause(); }
};

Answer interpret(const Step::What& what, const Doors& doors) {
  const Interpreter interpreter{doors};
  return std::visit(
      [&](const auto& step) -> Answer {
        if constexpr (std::is_void_v<decltype(interpreter(step))>) {
          interpreter(step);
          return {};
        } else {
          return interpreter(step);
        }
      },
      what);
}

Answer refused(Refusal::By by, Concern concern, const std::exception& error) {
  spdlog::warn("{}: {}", name_of(concern), error.what());
  return Refusal{by, error.what()};
}

}  // namespace

Answer perform(const Step& step, const Doors& doors) {
  if (!step.log.empty()) {
    spdlog::info("{}", step.log);
  }
  try {
    return interpret(step.what, doors);
  } catch (const juju::HookToolError& error) {
    require_a_race(error);
    return Refusal{Refusal::By::juju, error.what()};
  } catch (const pebble::OutOfTime& error) {
    return refused(Refusal::By::time, step.concern, error);
  } catch (const pebble::ConnectionError& error) {
    return refused(Refusal::By::lost_pebble, step.concern, error);
  } catch (const pebble::PathError& error) {
    return refused(Refusal::By::file_system, step.concern, error);
  } catch (const pebble::ChangeError& error) {
    spdlog::warn("{}: {}", name_of(step.concern), error.what());
    return Refusal{Refusal::By::program, error.cause()};
  } catch (const pebble::ApiError& error) {
    return refused(Refusal::By::pebble, step.concern, error);
  } catch (const postgres::DatabaseError& error) {
    return refused(Refusal::By::database, step.concern, error);
  } catch (const download::DownloadError& error) {
    return refused(Refusal::By::download_source, step.concern, error);
  }
}

}  // namespace charm
