// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/charms/nginx-ingress-integrator/ingress.hpp"
#include "tests/contract/partners/partner_test.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nginx_ingress_test {

using nginx_ingress::Ingress;
using nginx_ingress::Options;
using nlohmann::json;

const Options named{.service_hostname = "keys.example.com"};

Options with_path(const std::string& path) {
  Options options = named;
  options.path_routes = {path};
  return options;
}

charm::Relation two_units(const std::string& name = "ingress_requirer_leader_strip_prefix") {
  return test::requirer("ingress", name, {"ingress_requirer_nonleader_unit1"});
}

charm::Relation without_strip() {
  charm::Relation relation = two_units();
  relation.remote_app_data.erase("strip-prefix");
  return relation;
}

charm::Relation with_https() {
  charm::Relation relation = two_units();
  relation.remote_app_data["scheme"] = "\"https\"";
  return relation;
}

struct Case {
  std::string provider;
  charm::Relation requirer;
  Options options;
};

void PrintTo(const Case& shown, std::ostream* out) {
  *out << shown.provider;
}

class NginxIngressAnswer : public testing::TestWithParam<Case> {};

TEST_P(NginxIngressAnswer, IsThatOfTheOriginal) {
  const auto& [provider, requirer, options] = GetParam();
  const json recorded = test::sample("ingress_provider_nginx_" + provider);
  const Ingress ingress = nginx_ingress::make_ingress(requirer, options);
  EXPECT_EQ(json::parse(recorded.at("app").at("ingress").get<std::string>()).at("url"),
            ingress.url);
  const json made = {{"_ingress_paths", {ingress.path}},
                     {"_endpoints", ingress.endpoints},
                     {"_backend", "HTTP"},
                     {"_rewrite", ingress.rewrite}};
  EXPECT_EQ(recorded.at("_k8s"), made);
}

INSTANTIATE_TEST_SUITE_P(Recorded, NginxIngressAnswer,
                         testing::Values(Case{"default_path", two_units(), named},
                                         Case{"no_strip", without_strip(), named},
                                         Case{"root_path", two_units(), with_path("/")},
                                         Case{"scheme_https", with_https(), named}),
                         [](const auto& one) { return one.param.provider; });

/// The message of the blocked status; empty without one.
std::string blocked(const charm::Relation& relation, const Options& options = named) {
  try {
    const Ingress ingress = nginx_ingress::make_ingress(relation, options);
    return {};
  } catch (const nginx_ingress::Blocked& reason) {
    return reason.what();
  }
}

std::string recorded_message(const std::string& provider) {
  const std::string status = test::sample("ingress_provider_nginx_" + provider).at("_unit_status");
  const auto begin = status.find('\'') + 1;
  return status.substr(begin, status.rfind('\'') - begin);
}

TEST(NginxIngressPartner, IsBlockedInTheWordsOfTheOriginal) {
  charm::Relation no_ip = test::requirer("ingress", "ingress_requirer_minimal_v2");
  EXPECT_EQ(blocked(no_ip), recorded_message("no_ip"));
  charm::Relation ipv6 = two_units();
  for (auto& [unit, bag] : ipv6.remote_units) {
    bag["ip"] = "\"fd00::7\"";
  }
  EXPECT_EQ(blocked(ipv6), recorded_message("ipv6"));
  EXPECT_EQ(blocked(two_units(), {}), recorded_message("no_hostname"));
  Options two_hosts = named;
  two_hosts.additional_hostnames = {"other.example.com"};
  EXPECT_EQ(blocked(two_units(), two_hosts), recorded_message("two_hostnames"));
  Options two_paths = named;
  two_paths.path_routes = {"/pks", "/x"};
  EXPECT_EQ(blocked(two_units(), two_paths), recorded_message("two_paths"));
}

TEST(NginxIngressPartner, IsBlockedByDataThatTheInterfaceDoesNotAllow) {
  const std::string why = "failed to validate ingress requirer data: ";
  charm::Relation no_host = two_units();
  no_host.remote_units.begin()->second.erase("host");
  EXPECT_EQ(blocked(no_host).rfind(why, 0), 0U) << blocked(no_host);
  for (const auto& [key, value] : {std::pair("port", "65535"), std::pair("scheme", "\"ftp\""),
                                   std::pair("healthcheck_params", "{}")}) {
    charm::Relation wrong = two_units();
    wrong.remote_app_data[key] = value;
    EXPECT_EQ(blocked(wrong).rfind(why, 0), 0U) << key << ": " << blocked(wrong);
  }
}

TEST(NginxIngressPartner, WaitsForAnApplicationThatHasPublishedNothing) {
  charm::Relation empty = two_units();
  empty.remote_app_data.clear();
  EXPECT_THROW((void)nginx_ingress::make_ingress(empty, named), nginx_ingress::NothingPublished);
}

TEST(NginxIngressPartner, RewritesAsTheIngressControllerDoes) {
  const auto location = [](const Options& options) {
    const std::string text =
        nginx_ingress::controller_configuration(nginx_ingress::make_ingress(two_units(), options));
    const auto begin = text.rfind("location ");
    return text.substr(begin, text.find("proxy_pass") - begin);
  };
  EXPECT_EQ(location(named),
            "location ~* \"^/keyserver-hockeypuck-k8s(/|$)(.*)\" {\n"
            "      rewrite \"(?i)/keyserver-hockeypuck-k8s(/|$)(.*)\" /$2 break;\n      ");
  Options untouched = with_path("/");
  EXPECT_EQ(location(untouched), "location ~* \"^/\" {\n      rewrite \"(?i)/\" /$2 break;\n      ")
      << "every request becomes /";
  untouched.rewrite_enabled = false;
  EXPECT_EQ(location(untouched), "location / {\n      ");
}

}  // namespace nginx_ingress_test
