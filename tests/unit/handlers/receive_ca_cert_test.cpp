// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/certificates.hpp"
#include "databags.hpp"
#include "registry.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace receive_ca_cert_test {

using charm::Certificates;
using charm::Databag;
using charm::Facts;
using charm::Relation;
using nlohmann::json;

const charm::RelationHandler& handler = charm::receive_ca_cert;

Databag recorded(const std::string& name, const std::string& side) {
  return test::sample_bag("certificate_transfer_provider_" + name, side);
}

Certificates pem_in(const std::string& list) {
  Certificates all;
  for (const auto& text : json::parse(list)) {
    all.merge(charm::read_pem_certificates(text.get<std::string>()));
  }
  return all;
}

Relation related(const Databag& app, const std::map<std::string, Databag>& units = {}) {
  return {.id = 7,
          .endpoint = "receive-ca-cert",
          .remote_app = "ca",
          .remote_app_data = app,
          .remote_units = units};
}

Facts learned(const std::vector<Relation>& relations) {
  return test::learned(handler, test::with(relations));
}

const std::string two = recorded("v1", "app").at("certificates");

TEST(ReceiveCaCert, TrustsWhatAProviderOfVersionOneBrings) {
  const Facts facts = learned({related(recorded("v1", "app"), {{"ca/0", {}}})});
  EXPECT_EQ(facts, Facts{.certificates = pem_in(two)});
  EXPECT_EQ(facts.certificates.size(), 2U);
}

TEST(ReceiveCaCert, TrustsAuthorityAndChainOfEachUnitOfVersionZero) {
  const Databag old = recorded("v0", "unit");
  EXPECT_EQ(learned({related({}, {{"ca/0", old}})}),
            Facts{.certificates = pem_in(old.at("chain"))});
  const Databag newer = recorded("v1_to_v0", "unit");
  EXPECT_EQ(
      learned({related({}, {{"ca/0", newer}, {"ca/1", old}, {"ca/2", {}}})}).certificates.size(),
      3U)
      << "the v1 library writes JSON texts where the v0 library writes PEM";
}

TEST(ReceiveCaCert, TrustsACertificateThatComesWithoutAnAuthority) {
  Databag alone = recorded("v0", "unit");
  alone.erase("ca");
  alone.erase("chain");
  EXPECT_EQ(learned({related({}, {{"ca/0", alone}})}),
            Facts{.certificates = charm::read_pem_certificates(alone.at("certificate"))});
}

TEST(ReceiveCaCert, LeavesOutAServersCertificateNextToItsAuthority) {
  Databag bag = recorded("v0", "unit");
  bag.erase("chain");
  EXPECT_EQ(learned({related({}, {{"ca/0", bag}})}),
            Facts{.certificates = charm::read_pem_certificates(bag.at("ca"))});
}

/// Different certificates: only their signatures, which are not checked here, differ.
std::string list_of(int count) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef";
  auto pem = json::parse(two).at(0).get<std::string>();
  const std::size_t signature = pem.rfind("\n-----END") - 8;
  json list = json::array();
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    pem[signature] = digits[i / digits.size()];
    pem[signature + 1] = digits[i % digits.size()];
    list.push_back(pem);
  }
  return list.dump();
}

TEST(ReceiveCaCert, TrustsFiveHundredCertificatesAtMost) {
  const Facts all = learned({related({{"certificates", list_of(500)}})});
  EXPECT_EQ(all.certificates.size(), 500U);
  EXPECT_TRUE(all.warnings.empty());
  const Facts more = learned({related({{"certificates", list_of(502)}})});
  EXPECT_EQ(more.certificates, all.certificates);
  EXPECT_EQ(more.warnings, (std::vector<std::string>{
                               "relation 7 (receive-ca-cert), certificates: brings more than 500 "
                               "certificates, left out"}));
}

TEST(ReceiveCaCert, TakesEachCertificateOnceFromAnyNumberOfProviders) {
  const Databag old = recorded("v0", "unit");
  const Facts facts = learned({related(recorded("v1", "app")), related(recorded("v1", "app")),
                               related({}, {{"ca/0", old}})});
  EXPECT_EQ(facts.certificates.size(), 3U);
}

TEST(ReceiveCaCert, LeavesOutWhatIsNoCertificateAndKeepsTheRest) {
  json list = json::parse(two);
  list.push_back("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----");
  list.push_back("text");
  EXPECT_EQ(learned({related({{"certificates", list.dump()}})}),
            (Facts{.certificates = pem_in(two),
                   .warnings = {"relation 7 (receive-ca-cert), certificates: a certificate is "
                                "malformed, left out",
                                "relation 7 (receive-ca-cert), certificates: there is no "
                                "certificate in PEM form, left out"}}));
  for (const auto* const text : {"{}", "text", "[1]", "\"a\""}) {
    EXPECT_EQ(learned({related({{"certificates", text}})}),
              Facts{.warnings = {"relation 7 (receive-ca-cert), certificates: is not a JSON array "
                                 "of texts"}})
        << text;
  }
}

TEST(ReceiveCaCert, AsksForVersionOneAndReadsUnitsOnlyOfVersionZero) {
  EXPECT_EQ(test::published(handler, test::with({related({})})),
            (std::vector<charm::Publication>{
                {.relation = 7, .scope = charm::Scope::app, .data = {{"version", "1"}}}}));
  EXPECT_TRUE(handler.needs_remote_units(related({})));
  EXPECT_FALSE(handler.needs_remote_units(related(recorded("v1", "app"))));
}

}  // namespace receive_ca_cert_test
