// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// OpenPGP keys, as operators, keyservers and files have them, and X.509 certificates.
#include "charm/domain/certificates.hpp"
#include "charm/domain/error.hpp"
#include "charm/domain/fingerprints.hpp"
#include "charm/openpgp/admin_key.hpp"
#include "charm/openpgp/armor.hpp"
#include "charm/openpgp/certificate.hpp"
#include "openpgp/packet.hpp"
#include "openpgp/signature.hpp"
#include "subjects.hpp"

#include <algorithm>
#include <array>

namespace fuzz::keys {
namespace {

namespace openpgp = charm::openpgp;

/// While the sample keys are valid.
constexpr std::chrono::sys_seconds now =
    std::chrono::sys_days(std::chrono::year(2026) / std::chrono::November / 30);

void armored(std::string_view text) {
  unless_refused([text] {
    const openpgp::ArmoredBlock block = openpgp::dearmor(text);
    const openpgp::ArmoredBlock again = openpgp::dearmor(openpgp::armor(block.type, block.octets));
    require(again.type == block.type && again.octets == block.octets,
            "an armored block is the same after it was written and read");
  });
}

void packets(std::string_view octets) {
  unless_refused([octets] {
    const auto read = openpgp::read_packets(octets);
    require(openpgp::read_packets(openpgp::octets_of(read)) == read,
            "packets are the same after they were written and read");
  });
}

void certificates(std::string_view octets) {
  unless_refused([octets] {
    for (const openpgp::Certificate& certificate : openpgp::read_certificates(octets)) {
      const auto again = openpgp::read_certificates(certificate.packets);
      require(again.size() == 1 && again.front().fingerprint == certificate.fingerprint &&
                  again.front().digest == certificate.digest,
              "a certificate is the same alone");
    }
  });
}

void key_file(std::string_view text) {
  unless_refused([text] { certificates(openpgp::key_packets(std::string(text))); });
}

void secret_key(std::string_view text) {
  unless_refused([text] {
    const auto key = openpgp::AdminKey::from_armor(text, now);
    require(charm::is_fingerprint(key.fingerprint()), "an admin key has a fingerprint");
    const auto again = openpgp::AdminKey::from_armor(key.secret_armor().reveal(), now);
    require(again.secret_armor().reveal() == key.secret_armor().reveal() &&
                again.public_armor() == key.public_armor(),
            "an admin key is the same after it was written and read");
  });
}

void secret_packets(std::string_view octets) {
  secret_key(openpgp::armored_text(openpgp::ArmorType::private_key, octets));
}

void signature(std::string_view body) {
  unless_refused([body] { static_cast<void>(openpgp::read_signature(body)); });
}

void deletion(std::string_view text) {
  static const auto key = openpgp::AdminKey::generate("fuzz", now);
  const auto found = pieces(text);
  const std::vector<std::string> each(found.begin(), found.end());
  unless_refused([&] { static_cast<void>(openpgp::delete_request(key, each, now)); });
}

void pem(std::string_view text) {
  unless_refused([text] {
    const charm::Certificates read = charm::read_pem_certificates(text);
    require(charm::read_pem_certificates(charm::trust::bundle(read)) == read,
            "X.509 certificates are the same after they were written and read");
  });
}

constexpr std::array all = {
    Parser{"armor", armored},
    Parser{"packets", packets},
    Parser{"certificates", certificates},
    Parser{"key-file", key_file},
    Parser{"secret-key", secret_key},
    Parser{"secret-packets", secret_packets},
    Parser{"signature", signature},
    Parser{"deletion", deletion},
    Parser{"pem", pem},
};

}  // namespace

std::span<const Parser> parsers() {
  return all;
}

}  // namespace fuzz::keys
