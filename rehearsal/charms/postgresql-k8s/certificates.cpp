// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "certificates.hpp"

#include "charm/domain/error.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>
#include <numeric>

namespace postgresql {
namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Memory = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;

void require(bool success) {
  if (!success) {
    throw charm::Error("OpenSSL could not make a certificate");
  }
}

std::string text_of(const Memory& memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_X509(memory.get(), certificate) == 1);
  return text_of(memory);
}

std::string pem(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(memory);
}

Memory reader(const std::string& text) {
  return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Certificate read_certificate(const std::string& text) {
  return Certificate(PEM_read_bio_X509(reader(text).get(), nullptr, nullptr, nullptr));
}

Key read_key(const std::string& text) {
  return Key(PEM_read_bio_PrivateKey(reader(text).get(), nullptr, nullptr, nullptr));
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Certificate make_certificate(EVP_PKEY* key, const std::string& name) {
  constexpr long ten_years = 10L * 365 * 24 * 3600;
  constexpr long an_hour = 3600;
  Certificate certificate(X509_new());
  std::array<unsigned char, 8> serial{};
  require(RAND_bytes(serial.data(), serial.size()) == 1);
  const std::uint64_t number =
      std::accumulate(serial.begin(), serial.end(), std::uint64_t{0},
                      [](std::uint64_t sum, unsigned char byte) { return (sum << 8U) | byte; });
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), number);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -an_hour);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), ten_years);
  require(X509_set_pubkey(certificate.get(), key) == 1);
  const std::vector<unsigned char> bytes(name.begin(), name.end());
  require(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                                     bytes.data(), static_cast<int>(bytes.size()), -1, 0) == 1);
  return certificate;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ",") + name;
  }
  return text;
}

/// The names as `DNS:…` and `IP:…`, in the order of the certificate.
std::vector<std::string> names_of(X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, Deleter<GENERAL_NAMES_free>> all(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> names;
  for (int i = 0; all != nullptr && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
    const unsigned char* data = ASN1_STRING_get0_data(name->d.ia5);
    const auto size = static_cast<std::size_t>(ASN1_STRING_length(name->d.ia5));
    const std::vector<unsigned char> bytes(data, data + size);
    if (name->type == GEN_DNS) {
      names.push_back("DNS:" + std::string(bytes.begin(), bytes.end()));
    } else if (name->type == GEN_IPADD && size == 4) {
      names.push_back("IP:" + std::to_string(bytes[0]) + "." + std::to_string(bytes[1]) + "." +
                      std::to_string(bytes[2]) + "." + std::to_string(bytes[3]));
    }
  }
  return names;
}

}  // namespace

KeyPair make_authority(const std::string& name) {
  const Key key(EVP_EC_gen("P-256"));
  require(key != nullptr);
  const Certificate certificate = make_certificate(key.get(), name);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  add_extension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate.get(), certificate.get(), NID_key_usage,
                "critical,keyCertSign,cRLSign");
  add_extension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash");
  require(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
  return {.certificate = pem(certificate.get()), .key = pem(key.get())};
}

KeyPair make_server_certificate(const KeyPair& authority, const std::vector<std::string>& names) {
  const Certificate issuer = read_certificate(authority.certificate);
  const Key issuer_key = read_key(authority.key);
  const Key key(EVP_EC_gen("P-256"));
  require(issuer != nullptr && issuer_key != nullptr && key != nullptr);
  const Certificate certificate = make_certificate(key.get(), "postgresql-k8s");
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
  add_extension(certificate.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate.get(), issuer.get(), NID_ext_key_usage, "serverAuth");
  add_extension(certificate.get(), issuer.get(), NID_subject_alt_name, joined(names));
  add_extension(certificate.get(), issuer.get(), NID_authority_key_identifier, "keyid");
  require(X509_sign(certificate.get(), issuer_key.get(), EVP_sha256()) > 0);
  return {.certificate = pem(certificate.get()), .key = pem(key.get())};
}

bool certificate_is_for(const std::string& certificate, const KeyPair& authority,
                        const std::vector<std::string>& names) {
  const Certificate server = read_certificate(certificate);
  const Certificate issuer = read_certificate(authority.certificate);
  return server != nullptr && issuer != nullptr && names_of(server.get()) == names &&
         X509_verify(server.get(), X509_get0_pubkey(issuer.get())) == 1;
}

std::string random_password() {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::size_t length = 16;
  constexpr unsigned fair = 256 / alphabet.size() * alphabet.size();
  std::string password;
  while (password.size() < length) {
    unsigned char byte = 0;
    require(RAND_bytes(&byte, 1) == 1);
    if (byte < fair) {
      password += alphabet[byte % alphabet.size()];
    }
  }
  return password;
}

}  // namespace postgresql
