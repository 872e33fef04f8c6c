// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <string>
#include <vector>

namespace test {

/// GnuPG with a new home, which has no keys at first.
class Gnupg {
 public:
  Gnupg();

  Gnupg(const Gnupg&) = delete;
  Gnupg& operator=(const Gnupg&) = delete;
  ~Gnupg();

  /// Imports public or secret keys, armored or not. True if gpg accepted them.
  bool import_keys(const std::string& keys);
  /// Lower-case fingerprints of the primary keys it knows, sorted.
  std::vector<std::string> fingerprints();
  /// The record types of its listing with signatures: "pub", "uid", "sig", "rev", "sub".
  std::vector<std::string> listing(const std::string& fingerprint);
  /// The fields of its listing with checked signatures (GnuPG, doc/DETAILS): field 1 of a "sig" is
  /// "!" for a good one.
  std::vector<std::vector<std::string>> checked_records(const std::string& fingerprint);
  /// Whether it knows the key of this detached signature, and the signature is good.
  bool verifies(const std::string& message, const std::string& signature);

  /// An armored detached signature. `more` are further options, such as "--textmode".
  std::string sign(const std::string& text, const std::string& signer,
                   const std::vector<std::string>& more = {});
  /// Makes a key without passphrase and returns its fingerprint. `usage` is as in --quick-gen-key,
  /// `created` as in --faked-system-time, `expires` as "seconds=N" or "0".
  std::string generate(const std::string& user_id, const std::string& algorithm,
                       const std::string& usage, const std::string& expires = "0",
                       const std::string& created = "20250101T120000");
  void add_signing_subkey(const std::string& fingerprint);
  /// Revokes a key with the revocation that gpg made with the key.
  void revoke(const std::string& fingerprint);
  /// The armored public key; all keys for an empty fingerprint.
  std::string public_key(const std::string& fingerprint);
  /// The armored secret key.
  std::string secret_key(const std::string& fingerprint);
  /// The output of gpg with further arguments. Throws if gpg fails.
  std::string must_run(const std::vector<std::string>& arguments, const std::string& input = "");

 private:
  /// Starts or ends its agent.
  void conf(const std::string& change);
  CommandResult run(const std::vector<std::string>& arguments, const std::string& input = "");

  TemporaryDirectory home_;
};

}  // namespace test
