// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "certificates.hpp"

#include "charm/domain/error.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string_view>

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
  std::random_device random;
  std::uniform_int_distribution<std::uint64_t> any_number;
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), any_number(random));
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

/// `name` has the form `DNS:…` or `IP:…`.
bool has_name(X509* certificate, const std::string& name) {
  const std::string value = name.substr(name.find(':') + 1);
  return name.starts_with("IP:")
             ? X509_check_ip_asc(certificate, value.c_str(), 0) == 1
             : X509_check_host(certificate, value.c_str(), value.size(), 0, nullptr) == 1;
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
  return server != nullptr && issuer != nullptr &&
         X509_verify(server.get(), X509_get0_pubkey(issuer.get())) == 1 &&
         std::all_of(names.begin(), names.end(),
                     [&server](const std::string& name) { return has_name(server.get(), name); });
}

std::string random_password() {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::size_t length = 16;
  std::random_device random;
  std::uniform_int_distribution<std::size_t> place(0, alphabet.size() - 1);
  std::string password;
  while (password.size() < length) {
    password += alphabet[place(random)];
  }
  return password;
}

}  // namespace postgresql
