// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/resolver.hpp"
#include "rehearsal/model/secrets.hpp"

namespace rehearsal {
namespace {

Event secret_event(EventKind kind, const Secret& secret, int revision = 0) {
  return Event{.kind = kind, .secret_id = secret.id, .secret_revision = revision};
}

std::optional<Event> expired(const Model& model, const Secret& secret) {
  for (const auto& [number, revision] : secret.revisions) {
    if (revision.expires && *revision.expires <= model.now) {
      return secret_event(EventKind::secret_expired, secret, number);
    }
  }
  return std::nullopt;
}

std::optional<Event> obsolete(const Secret& secret) {
  for (const auto& [number, revision] : secret.revisions) {
    if (!revision.remove_announced && is_obsolete(secret, number)) {
      return secret_event(EventKind::secret_remove, secret, number);
    }
  }
  return std::nullopt;
}

bool has_news(const Model& model, const Secret& secret, const std::string& unit) {
  const auto consumer = secret.consumers.find(unit);
  return consumer != secret.consumers.end() && consumer->second.tracked > 0 &&
         consumer->second.tracked < secret.latest() &&
         consumer->second.announced < secret.latest() && !manages(model, secret, unit) &&
         can_read(model, secret, unit);
}

}  // namespace

std::optional<Event> next_secret_event(const Model& model, const Unit& unit) {
  std::optional<Event> rotate;
  std::optional<Event> changed;
  std::optional<Event> remove;
  for (const auto& [id, secret] : model.secrets) {
    if (manages(model, secret, unit.name)) {
      if (auto event = expired(model, secret)) {
        return event;
      }
      if (secret.next_rotate && *secret.next_rotate <= model.now) {
        rotate = secret_event(EventKind::secret_rotate, secret);
      }
      if (auto event = obsolete(secret)) {
        remove = event;
      }
    }
    if (has_news(model, secret, unit.name)) {
      changed = secret_event(EventKind::secret_changed, secret);
    }
  }
  return rotate ? rotate : changed ? changed : remove;
}

}  // namespace rehearsal
