// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "admin_key/keyserver_copy.hpp"

#include "charm/domain/statuses.hpp"

namespace charm::admin_key {
namespace {

bool was_uploaded(const std::string& fingerprint, const History& history) {
  return history.last_if([&](const Performed& done) {
    const auto* upload = std::get_if<step::UploadKey>(&done.step.what);
    return upload != nullptr && upload->fingerprint == fingerprint;
  }) != nullptr;
}

Decision revoked(const std::string& fingerprint, bool brought) {
  if (brought) {
    return say(statuses::revoked_key_in_secret(fingerprint));
  }
  return say(statuses::revoked_admin_key(fingerprint));
}

Decision judge(keyserver::StoredKey found, const std::string& fingerprint, bool brought) {
  switch (found) {
    case keyserver::StoredKey::present:
      return {};
    case keyserver::StoredKey::revoked:
      return revoked(fingerprint, brought);
    case keyserver::StoredKey::unknown:
    case keyserver::StoredKey::absent:
      break;
  }
  return say(statuses::waiting_for_stored_admin_key(fingerprint));
}

}  // namespace

const Performed* fresh(const Step::What& question, const std::string& fingerprint,
                       const History& history) {
  const Performed* asked = history.last(question);
  const Performed* changed = history.last_if([&](const Performed& done) {
    const auto* upload = std::get_if<step::UploadKey>(&done.step.what);
    return (upload != nullptr && upload->fingerprint == fingerprint) ||
           std::holds_alternative<step::StartService>(done.step.what);
  });
  return History::is_later(asked, changed) ? asked : nullptr;
}

Decision upload(const openpgp::AdminKey& key, bool brought, const History& history) {
  const step::UploadKey uploading{key.fingerprint(), key.public_armor()};
  if (!history.contains(uploading)) {
    return do_it(Concern::admin_key, uploading, "uploading the admin key " + uploading.fingerprint);
  }
  const step::FindKey question{uploading.fingerprint};
  const Performed* found = fresh(question, question.fingerprint, history);
  return found == nullptr
             ? do_it(Concern::admin_key, question)
             : judge(std::get<keyserver::StoredKey>(found->answer), question.fingerprint, brought);
}

Decision try_key(const std::string& private_key, const std::string& fingerprint,
                 const History& history) {
  constexpr int no_such_key = 404;
  const step::TryAdminKey question{private_key};
  const Performed* tried = fresh(question, fingerprint, history);
  if (tried == nullptr) {
    return do_it(Concern::admin_key, question);
  }
  const auto& answer = std::get<keyserver::Answer>(tried->answer);
  if (answer.status == no_such_key) {
    return {};
  }
  const std::string found =
      answer.status == 0 ? answer.error : "HTTP status " + std::to_string(answer.status);
  return say(statuses::waiting_for_accepted_admin_key(found));
}

Decision read(const AdminKeyReference& reference, const History& history) {
  const step::ReadAdminKey question{reference};
  const Performed* asked = history.last(question);
  if (asked == nullptr) {
    return do_it(Concern::admin_key, question);
  }
  if (const Refusal* refusal = refusal_of(asked)) {
    return say(statuses::unreadable_admin_key(refusal->reason));
  }
  return {};
}

const std::string& armor_of(const AdminKeyReference& reference, const History& history) {
  return std::get<PrivateKey>(history.last(step::ReadAdminKey{reference})->answer).armor;
}

Decision ensure(const AdminKeyReference& reference, const Snapshot& snapshot) {
  const History& history = snapshot.history;
  const step::FindKey question{reference.fingerprint};
  const Performed* asked = fresh(question, reference.fingerprint, history);
  if (asked == nullptr) {
    return do_it(Concern::admin_key, question);
  }
  const auto found = std::get<keyserver::StoredKey>(asked->answer);
  if (found != keyserver::StoredKey::absent || was_uploaded(reference.fingerprint, history)) {
    return judge(found, reference.fingerprint, reference.is_brought());
  }
  if (Decision reading = read(reference, history); !is_good(reading)) {
    return reading;
  }
  return upload(openpgp::AdminKey::from_armor(armor_of(reference, history), snapshot.now),
                reference.is_brought(), history);
}

}  // namespace charm::admin_key
