// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/keyserver.hpp"

#include "rehearsal/keyserver/octets.hpp"
#include "rehearsal/keyserver/verification.hpp"

#include <algorithm>
#include <cctype>

namespace rehearsal::keyserver {
namespace {

namespace status {
constexpr int bad_request = 400;
constexpr int not_found = 404;
constexpr int unprocessable = 422;
constexpr int not_implemented = 501;
}  // namespace status

std::size_t limit_of(std::int64_t value) {
  return value > 0 ? static_cast<std::size_t>(value) : 0;
}

/// `without_armor` is the status for a text without an armored block.
ReadCertificates read_key_text(const std::string& text, const ReadingLimits& limits,
                               int without_armor) {
  try {
    const std::optional<std::string> octets = dearmored(text);
    if (!octets) {
      throw Refusal(without_armor, "no armored block");
    }
    return read_certificates(*octets, limits);
  } catch (const MalformedData& error) {
    throw Refusal(status::unprocessable, error.what());
  }
}

}  // namespace

ReadingLimits reading_limits(const Configuration& configuration) {
  return {.key_length = limit_of(configuration.max_key_length),
          .packet_length = limit_of(configuration.max_packet_length)};
}

Keyserver::Keyserver(const Configuration& configuration, Storage& storage, PrefixTree& tree,
                     Metrics& metrics, Log& log)
    : configuration_(configuration),
      limits_(reading_limits(configuration)),
      storage_(storage),
      tree_(tree),
      metrics_(metrics),
      log_(log) {}

std::optional<Certificate> Keyserver::cleaned(std::optional<StoredCertificate> stored) const {
  if (!stored || !keep_valid_parts(stored->certificate, configuration_.self_signed_only)) {
    return std::nullopt;
  }
  return std::move(stored->certificate);
}

std::vector<Certificate> Keyserver::find(const std::string& search) {
  return search.starts_with("0x") ? find_by_id(search.substr(2)) : find_by_words(search);
}

std::vector<Certificate> Keyserver::find_by_id(std::string id) {
  constexpr std::size_t key_id_digits = 16;
  constexpr std::size_t fingerprint_digits = 40;
  id = lower_case(std::move(id));
  const bool is_id = id.size() == key_id_digits || id.size() == fingerprint_digits;
  if (!is_id || id.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return {};
  }
  const std::optional<std::string> fingerprint = storage_.resolve(id);
  auto certificate = fingerprint ? cleaned(storage_.find(*fingerprint)) : std::nullopt;
  return certificate ? std::vector{std::move(*certificate)} : std::vector<Certificate>();
}

std::vector<Certificate> Keyserver::find_by_words(const std::string& search) {
  if (configuration_.keyword_search_disabled) {
    throw Refusal(status::not_implemented, "keyword search is not available");
  }
  std::vector<Certificate> found;
  for (StoredCertificate& stored : storage_.find_by_words(search)) {
    if (auto certificate = cleaned(std::move(stored))) {
      found.push_back(std::move(*certificate));
    }
  }
  return found;
}

std::vector<Certificate> Keyserver::find_by_digests(const std::vector<std::string>& digests) {
  std::vector<Certificate> found;
  try {
    for (const std::string& digest : digests) {
      if (auto stored = storage_.find_by_digest(digest)) {
        found.push_back(std::move(stored->certificate));
        continue;
      }
      // The other keyserver took the digest from this server's tree.
      tree_.remove(digest);
      metrics_.count_key("removed_jitter");
    }
  } catch (const std::exception& error) {
    log_.error(std::string("error fetching keys from digests ") + error.what());
  }
  return found;
}

std::string Keyserver::upsert(const Certificate& certificate, Changes& changes) {
  const std::string name = certificate.key.qualified_fingerprint();
  std::string digest = keyserver::digest_of(certificate);
  // Another server may store the same key in the meantime.
  constexpr int attempts = 4;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    std::optional<StoredCertificate> stored = storage_.find(certificate.key.fingerprint);
    if (!stored) {
      if (storage_.insert(certificate)) {
        tree_.add(digest);
        metrics_.count_key("added");
        changes.inserted.push_back(name);
        return digest;
      }
      continue;
    }
    add_missing_parts(stored->certificate, certificate);
    keep_valid_parts(stored->certificate, false);
    digest = keyserver::digest_of(stored->certificate);
    if (digest == stored->digest) {
      changes.ignored.push_back(name);
      return digest;
    }
    if (storage_.update(stored->certificate, stored->digest)) {
      tree_.add(digest);
      tree_.remove(stored->digest);
      metrics_.count_key("updated");
      changes.updated.push_back(name);
      return digest;
    }
  }
  throw std::runtime_error("key not found");
}

Changes Keyserver::store(std::vector<Certificate> certificates) {
  Changes changes;
  for (Certificate& certificate : certificates) {
    if (keep_valid_parts(certificate, false)) {
      upsert(certificate, changes);
    } else {
      changes.ignored.push_back(certificate.key.qualified_fingerprint());
    }
  }
  return changes;
}

std::vector<Certificate> Keyserver::with_revocation(const Signature& revocation) {
  const std::string& issuer = revocation.issuer_fingerprint.empty() ? revocation.issuer_key_id
                                                                    : revocation.issuer_fingerprint;
  std::vector<Certificate> found = find("0x" + issuer);
  for (Certificate& certificate : found) {
    certificate.signatures.push_back(revocation);
  }
  return found;
}

Changes Keyserver::add(const std::string& key_text) {
  ReadCertificates read = read_key_text(key_text, limits_, status::bad_request);
  return store(read.bare_revocation ? with_revocation(*read.bare_revocation)
                                    : std::move(read.certificates));
}

void Keyserver::recover(const Certificate& certificate, Changes& changes) {
  const std::size_t unchanged = changes.ignored.size();
  const std::string digest = upsert(certificate, changes);
  if (changes.ignored.size() > unchanged) {
    // The other server has the digest and the tree does not: another server stored the key in the
    // database.
    tree_.add(digest);
  }
}

Changes Keyserver::recover(const std::string& packets) {
  Changes changes;
  for (Certificate& certificate : read_certificates(packets, limits_).certificates) {
    const std::string warning = "could not upsert key " + certificate.key.fingerprint + ": ";
    try {
      if (keep_valid_parts(certificate, false)) {
        recover(certificate, changes);
      } else {
        log_.warning(warning + "no valid self-signatures");
      }
    } catch (const std::exception& error) {
      log_.warning(warning + error.what());
    }
  }
  return changes;
}

std::vector<Certificate> Keyserver::administrators() {
  std::vector<Certificate> found;
  try {
    for (const std::string& fingerprint : configuration_.admin_keys) {
      auto stored = storage_.find(fingerprint);
      if (stored && keep_valid_parts(stored->certificate, false)) {
        found.push_back(std::move(stored->certificate));
      }
    }
    return found;
  } catch (const std::exception& error) {
    log_.error(std::string("could not fetch admin keys: ") + error.what());
    return {};
  }
}

std::vector<Certificate> Keyserver::requested(const std::string& key_text,
                                              const std::string& key_signature) {
  if (!is_signed_by(administrators(), key_text, key_signature)) {
    throw Refusal(status::unprocessable, "invalid signature");
  }
  ReadCertificates read = read_key_text(key_text, limits_, status::unprocessable);
  if (read.bare_revocation) {
    throw Refusal(status::unprocessable, "bare revocation signature instead of key");
  }
  return std::move(read.certificates);
}

void Keyserver::remove(const std::string& key_text, const std::string& key_signature) {
  for (const Certificate& certificate : requested(key_text, key_signature)) {
    const std::optional<std::string> removed = storage_.remove(certificate.key.fingerprint);
    if (!removed) {
      throw Refusal(status::not_found, "key not found");
    }
    tree_.remove(*removed);
    metrics_.count_key("removed");
  }
}

Changes Keyserver::replace(const std::string& key_text, const std::string& key_signature) {
  Changes changes;
  for (Certificate& certificate : requested(key_text, key_signature)) {
    if (!keep_valid_parts(certificate, false)) {
      throw Refusal(status::unprocessable, "no valid self-signatures");
    }
    const std::optional<std::string> replaced = storage_.replace(certificate);
    if (!replaced) {
      throw Refusal(status::not_found, "key not found");
    }
    // Hockeypuck does not check whether the database has stored the new key.
    tree_.add(keyserver::digest_of(certificate));
    tree_.remove(*replaced);
    metrics_.count_key("updated");
    changes.updated.push_back(certificate.key.qualified_fingerprint());
  }
  return changes;
}

}  // namespace rehearsal::keyserver
