// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/verification.hpp"

#include "rehearsal/keyserver/rnp_handle.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

namespace rehearsal::keyserver {
namespace {

RnpKeyring keyring_of(const std::string& octets) {
  using std::chrono::system_clock;
  rnp_ffi_t keyring = nullptr;
  rnp_ffi_create(&keyring, RNP_KEYSTORE_GPG, RNP_KEYSTORE_GPG);
  RnpKeyring owner(keyring);
  // Otherwise librnp 0.16 asks time(), which is up to a few milliseconds late on Linux. It then
  // takes a signature that is just made for one of the future.
  rnp_set_timestamp(keyring, static_cast<uint64_t>(system_clock::to_time_t(system_clock::now())));
  rnp_import_keys(keyring, input_of(octets).get(),
                  RNP_LOAD_SAVE_PUBLIC_KEYS | RNP_LOAD_SAVE_PERMISSIVE, nullptr);
  return owner;
}

RnpKey key_in(const RnpKeyring& keyring, const std::string& fingerprint) {
  rnp_key_handle_t key = nullptr;
  rnp_locate_key(keyring.get(), "fingerprint", fingerprint.c_str(), &key);
  return RnpKey(key);
}

/// Whether each signature over a part is valid, in order. Those of other keys never are.
using Validity = std::vector<bool>;

template <auto count_of, auto at, typename Part>
Validity validity_of(Part* part) {
  std::size_t count = 0;
  Validity validity;
  if (part != nullptr) {
    count_of(part, &count);
  }
  for (std::size_t i = 0; i < count; ++i) {
    rnp_signature_handle_t signature = nullptr;
    at(part, i, &signature);
    const RnpSignature owner(signature);
    const rnp_result_t result = rnp_signature_is_valid(signature, 0);
    validity.push_back(result == RNP_SUCCESS || result == RNP_ERROR_SIGNATURE_EXPIRED);
  }
  return validity;
}

Validity validity_over_key(rnp_key_handle_t key) {
  return validity_of<rnp_key_get_signature_count, rnp_key_get_signature_at>(key);
}

Validity validity_over_user_id(rnp_key_handle_t key, const std::string& text) {
  std::size_t count = 0;
  rnp_key_get_uid_count(key, &count);
  for (std::size_t i = 0; i < count; ++i) {
    rnp_uid_handle_t user_id = nullptr;
    rnp_key_get_uid_handle_at(key, i, &user_id);
    const RnpUserId owner(user_id);
    void* data = nullptr;
    std::size_t size = 0;
    rnp_uid_get_data(user_id, &data, &size);
    const RnpText data_owner(static_cast<char*>(data));
    if (std::string_view(data_owner.get(), size) == text) {
      return validity_of<rnp_uid_get_signature_count, rnp_uid_get_signature_at>(user_id);
    }
  }
  return {};
}

/// Which signature types a part can carry.
struct Types {
  int revocation = 0;
  int first_certification = 0;
  int last_certification = 0;
  /// Only the owner can bind a subkey.
  bool others_certify = true;
};

constexpr Types key_types{signature_type::key_revocation, signature_type::direct_key,
                          signature_type::direct_key};
constexpr Types user_id_types{signature_type::certification_revocation,
                              signature_type::generic_certification,
                              signature_type::positive_certification};
constexpr Types subkey_types{signature_type::subkey_revocation, signature_type::subkey_binding,
                             signature_type::subkey_binding, false};

bool is_own(const Signature& signature, const PublicKey& key) {
  return signature.issuer_key_id == key.key_id() || signature.issuer_fingerprint == key.fingerprint;
}

bool is_own_certification(const Signature& signature, const PublicKey& key) {
  return is_own(signature, key) && !signature.is_revocation();
}

/// Keeps the valid signatures of the right types, ordered by time. At the same time, the owner's
/// revocations come first, and the certifications of others come after the owner's. Returns false
/// if none is the owner's.
bool keep_valid(std::vector<Signature>& signatures, const Validity& validity, const PublicKey& key,
                const Types& types, bool self_signed_only) {
  std::vector<Signature> revocations;
  std::vector<Signature> certifications;
  std::vector<Signature> others;
  for (std::size_t i = 0; i < signatures.size(); ++i) {
    const Signature& signature = signatures[i];
    const bool revokes = signature.type == types.revocation;
    const bool certifies =
        signature.type >= types.first_certification && signature.type <= types.last_certification;
    if (!is_own(signature, key)) {
      if (!self_signed_only && (revokes || (certifies && types.others_certify))) {
        others.push_back(signature);
      }
    } else if ((revokes || certifies) && i < validity.size() && validity[i]) {
      (revokes ? revocations : certifications).push_back(signature);
    }
  }
  const bool any = !revocations.empty() || !certifications.empty();
  std::ranges::stable_sort(certifications, std::ranges::greater(), &Signature::creation);
  signatures = std::move(revocations);
  signatures.insert(signatures.end(), certifications.begin(), certifications.end());
  signatures.insert(signatures.end(), others.begin(), others.end());
  std::ranges::stable_sort(signatures, {}, &Signature::creation);
  return any;
}

/// Hockeypuck keeps revocations by other keys without a check. It accepts no request of an
/// administrator whose key has one.
bool has_foreign_revocation(const Certificate& certificate) {
  return std::ranges::any_of(certificate.signatures, [&](const Signature& signature) {
    return signature.type == signature_type::key_revocation && !is_own(signature, certificate.key);
  });
}

bool may_sign_now(rnp_key_handle_t key) {
  bool valid = false;
  bool allowed = false;
  rnp_key_is_valid(key, &valid);
  rnp_key_allows_usage(key, "sign", &allowed);
  return valid && allowed;
}

bool is_signed_by(const Certificate& administrator, const std::string& text,
                  const std::string& armored_signature) {
  const RnpKeyring keyring = keyring_of(octets_of(administrator));
  bool valid = false;
  const RnpKey primary = key_in(keyring, administrator.key.fingerprint);
  if (!primary || rnp_key_is_valid(primary.get(), &valid) != RNP_SUCCESS || !valid) {
    return false;
  }
  const RnpInput document = input_of(text);
  const RnpInput signature = input_of(armored_signature);
  rnp_op_verify_t operation = nullptr;
  rnp_op_verify_detached_create(&operation, keyring.get(), document.get(), signature.get());
  const RnpVerification owner(operation);
  std::size_t count = 0;
  rnp_op_verify_execute(operation);
  rnp_op_verify_get_signature_count(operation, &count);
  for (std::size_t i = 0; i < count; ++i) {
    rnp_op_verify_signature_t one = nullptr;
    rnp_key_handle_t signer = nullptr;
    rnp_op_verify_get_signature_at(operation, i, &one);
    if (rnp_op_verify_signature_get_status(one) == RNP_SUCCESS &&
        rnp_op_verify_signature_get_key(one, &signer) == RNP_SUCCESS &&
        may_sign_now(RnpKey(signer).get())) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool keep_valid_parts(Certificate& certificate, bool self_signed_only) {
  const RnpKeyring keyring = keyring_of(octets_of(certificate));
  const PublicKey& key = certificate.key;
  const RnpKey primary = key_in(keyring, key.fingerprint);
  bool any = keep_valid(certificate.signatures, validity_over_key(primary.get()), key, key_types,
                        self_signed_only);
  if (hard_revocation_of(certificate)) {
    self_signed_only = true;
    certificate.user_ids.clear();
    std::erase_if(certificate.signatures,
                  [&key](const Signature& signature) { return !is_own(signature, key); });
  }
  std::erase_if(certificate.user_ids, [&](UserId& user_id) {
    return !keep_valid(user_id.signatures,
                       validity_over_user_id(primary.get(), user_id.packet.body), key,
                       user_id_types, self_signed_only);
  });
  std::erase_if(certificate.subkeys, [&](Subkey& subkey) {
    const RnpKey handle = key_in(keyring, subkey.key.fingerprint);
    return !keep_valid(subkey.signatures, validity_over_key(handle.get()), key, subkey_types,
                       self_signed_only);
  });
  return any || !certificate.user_ids.empty() || !certificate.subkeys.empty();
}

bool is_revoked(const Certificate& certificate) {
  return std::ranges::any_of(certificate.signatures, [&](const Signature& signature) {
    return signature.is_revocation() && is_own(signature, certificate.key);
  });
}

std::optional<Signature> hard_revocation_of(const Certificate& certificate) {
  const auto found = std::ranges::find_if(certificate.signatures, [&](const Signature& signature) {
    return signature.is_hard_revocation() && is_own(signature, certificate.key);
  });
  return found == certificate.signatures.end() ? std::nullopt : std::optional(*found);
}

std::optional<Signature> newest_certification(const std::vector<Signature>& signatures,
                                              const Certificate& certificate) {
  std::optional<Signature> newest;
  for (const Signature& signature : signatures) {
    if (is_own_certification(signature, certificate.key) &&
        (!newest || newest->creation < signature.creation)) {
      newest = signature;
    }
  }
  return newest;
}

bool is_signed_by(const std::vector<Certificate>& administrators, const std::string& text,
                  const std::string& armored_signature) {
  return std::ranges::any_of(administrators, [&](const Certificate& administrator) {
    return !has_foreign_revocation(administrator) &&
           is_signed_by(administrator, text, armored_signature);
  });
}

}  // namespace rehearsal::keyserver
