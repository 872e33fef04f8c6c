// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/certificates.hpp"

#include "charm/domain/error.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <memory>

namespace charm {

namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

std::string pem_of(X509* certificate) {
  const Bio out(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_X509(out.get(), certificate);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

/// A certificate has no passphrase. Without this, OpenSSL asks the terminal or standard input for
/// the passphrase of a text that claims to be encrypted.
int no_passphrase(char* /*passphrase*/, int /*size*/, int /*writing*/, void* /*data*/) {
  return -1;
}

/// The reader ends with "no start line" at the end of the text, and with another error before it.
bool is_at_end() {
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

}  // namespace

Certificates read_pem_certificates(std::string_view pem) {
  const Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  Certificates certificates;
  while (true) {
    const X509Certificate one(PEM_read_bio_X509(in.get(), nullptr, no_passphrase, nullptr),
                              X509_free);
    if (!one) {
      break;
    }
    certificates.insert(pem_of(one.get()));
  }
  if (!is_at_end()) {
    throw InputError("a certificate is malformed");
  }
  if (certificates.empty()) {
    throw InputError("there is no certificate in PEM form");
  }
  return certificates;
}

}  // namespace charm
