// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/certificates.hpp"

#include "charm/domain/error.hpp"
#include "tests/support/certificate_authority.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

class PemCertificates : public testing::Test {
 protected:
  std::string authority(const std::string& name) {
    test::make_authority(folder_.path(), name);
    return test::file_text(folder_.path() / (name + ".crt"));
  }

  static std::string reason(const std::string& text) {
    try {
      return std::to_string(read_pem_certificates(text).size()) + " certificates";
    } catch (const InputError& error) {
      return error.what();
    }
  }

 private:
  test::TemporaryDirectory folder_{"certificates"};
};

TEST_F(PemCertificates, AreReadInOneFormWhateverIsBetweenThem) {
  const std::string one = authority("one");
  const std::string other = authority("other");
  EXPECT_EQ(read_pem_certificates(one), Certificates{one});
  EXPECT_EQ(read_pem_certificates("subject=one\r\n" + one + "\n\n" + other + one + "end"),
            (Certificates{one, other}));
}

TEST_F(PemCertificates, AreRefusedWhenTheyAreNone) {
  const std::string one = authority("one");
  EXPECT_EQ(reason(""), "there is no certificate in PEM form");
  EXPECT_EQ(reason("text"), "there is no certificate in PEM form");
  EXPECT_EQ(reason(one.substr(0, one.size() / 2)), "a certificate is malformed");
  EXPECT_EQ(reason("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            "a certificate is malformed");
  EXPECT_EQ(reason(one + one.substr(0, one.size() - 40)), "a certificate is malformed");
}

TEST_F(PemCertificates, NeverAskForAPassphrase) {
  std::string encrypted = authority("one");
  encrypted.insert(encrypted.find('\n') + 1,
                   "Proc-Type: 4,ENCRYPTED\n"
                   "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n");
  testing::internal::CaptureStderr();
  EXPECT_EQ(reason(encrypted), "a certificate is malformed");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(PemCertificates, LeaveOutAPrivateKeyThatCameAlong) {
  const std::string one = authority("one");
  EXPECT_EQ(reason("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" + one),
            "1 certificates");
}

}  // namespace
}  // namespace charm
