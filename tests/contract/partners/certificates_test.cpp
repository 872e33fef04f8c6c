// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/charms/postgresql-k8s/certificates.hpp"

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace {

using postgresql::certificate_is_for;
using postgresql::KeyPair;

const std::vector<std::string> names = {"DNS:db.model.svc.cluster.local", "IP:10.1.0.5"};

class Certificates : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    const auto path = directory_.path() / name;
    std::ofstream(path) << text;
    return path.string();
  }

  int verify(const KeyPair& authority, const KeyPair& server,
             const std::vector<std::string>& options) const {
    std::vector<std::string> arguments = {"openssl", "verify", "-CAfile",
                                          write("ca.pem", authority.certificate)};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back(write("server.pem", server.certificate));
    return test::run({.arguments = arguments}).status;
  }

  test::TemporaryDirectory directory_{"certs"};
  KeyPair authority_ = postgresql::make_authority("test CA");
};

TEST_F(Certificates, AreAcceptedByOpensslForTheirNamesOnly) {
  const KeyPair server = postgresql::make_server_certificate(authority_, names);
  EXPECT_EQ(verify(authority_, server,
                   {"-purpose", "sslserver", "-verify_hostname", "db.model.svc.cluster.local"}),
            0);
  EXPECT_EQ(verify(authority_, server, {"-purpose", "sslserver", "-verify_ip", "10.1.0.5"}), 0);
  EXPECT_NE(verify(authority_, server, {"-verify_hostname", "other.example"}), 0);
}

TEST_F(Certificates, AreRefusedUnderAnotherAuthorityOfTheSameName) {
  const KeyPair other = postgresql::make_authority("test CA");
  const KeyPair server = postgresql::make_server_certificate(authority_, names);
  EXPECT_NE(verify(other, server, {}), 0);
  EXPECT_FALSE(certificate_is_for(server.certificate, other, names));
}

TEST_F(Certificates, AreKnownAgainByTheirNames) {
  const KeyPair server = postgresql::make_server_certificate(authority_, names);
  EXPECT_TRUE(certificate_is_for(server.certificate, authority_, names));
  EXPECT_FALSE(certificate_is_for(server.certificate, authority_, {names[0]}));
  EXPECT_FALSE(certificate_is_for("", authority_, names));
}

TEST(Passwords, AreSixteenLettersAndDigitsAndNeverTheSame) {
  const std::string password = postgresql::random_password();
  EXPECT_EQ(password.size(), 16U);
  EXPECT_EQ(
      password.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
      std::string::npos);
  EXPECT_NE(password, postgresql::random_password());
}

}  // namespace
