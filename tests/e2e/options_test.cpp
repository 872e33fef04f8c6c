// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rehearsal_test.hpp"

namespace test {
namespace options_test {

constexpr const char* fingerprint = "0123456789abcdef0123456789abcdef01234567";

struct Option {
  std::string name;
  std::string right;
  std::string rendered;  ///< The valid value in hockeypuck.conf.
  std::string wrong;
};

const std::vector<Option>& options() {
  static const std::vector<Option> all = {
      {"external-peers", "keys.example.com,11371,11370", R"(reconAddr = "keys.example.com:11370")",
       "keys.example.com,0,11370"},
      {"contact-fingerprint", fingerprint, std::string(R"(contact = "0x)") + fingerprint + '"',
       "0123"},
      {"admin-keys", fingerprint, std::string(R"(adminKeys = [")") + fingerprint + R"(", ")",
       "not-a-fingerprint"},
      {"log-level", "debug", R"(loglevel = "debug")", "loud"},
      {"log-forwarder", "pebble", "", "syslog"},
      {"hostname", "keys.example.org", R"(hostname = "keys.example.org")",
       "https://keys.example.org/"},
      {"max-key-length", "2097152", "maxKeyLength = 2097152", "1"},
      {"max-packet-length", "16384", "maxPacketLength = 16384", "1"},
      {"max-response-length", "67108864", "maxResponseLen = 67108864", "-1"},
      {"query-limit", "500", "requestQueryLimit = 500", "0"},
      {"self-signed-only", "true", "selfSignedOnly = true", ""},
      {"keyword-search", "false", "keywordSearchDisabled = true", ""},
      {"log-request-details", "true", "logRequestDetails = true", ""},
      {"recon-allowed-cidrs", "10.1.0.0/16", R"(allowCIDRs = ["10.1.0.0/16"])", "10.1.0.0/99"},
      {"recon-interval", "120", "gossipIntervalSecs = 120", "0"}};
  return all;
}

class Options : public RehearsalTest {};

TEST_F(Options, RightOnesReachTheKeyserverAndWrongOnesAreNamedAndChangeNothing) {
  model.deploy_all();
  ASSERT_TRUE(upload("alice"));
  EXPECT_EQ(http_status("/pks/lookup?op=index&search=alice@example.com"), 200);
  const int before = starts();
  std::vector<std::string> settings;
  for (const Option& option : options()) {
    settings.push_back(option.name + "=" + option.right);
  }
  model.config(settings);
  ASSERT_EQ(model.status(), active);
  EXPECT_EQ(starts(), before + 1);
  const std::string text = configuration();
  for (const Option& option : options()) {
    EXPECT_NE(text.find(option.rendered), std::string::npos) << option.name << "\n" << text;
  }
  EXPECT_EQ(http_status("/pks/lookup?op=index&search=alice@example.com"), 501);
  EXPECT_EQ(look_up(alice), 200);

  const std::string settled = workload_fingerprint();
  for (const Option& option : options()) {
    if (option.wrong.empty()) {
      continue;
    }
    model.config({option.name + "=" + option.wrong});
    EXPECT_EQ(model.status().word, "blocked") << option.name;
    EXPECT_EQ(model.status().message.rfind("option " + option.name, 0), 0U)
        << model.status().message;
    model.config({option.name + "=" + option.right});
    EXPECT_EQ(model.status(), active) << option.name;
  }
  EXPECT_EQ(workload_fingerprint(), settled);
}

TEST_F(Options, AWrongOneIsForgottenWhenItIsReset) {
  model.deploy_all();
  const std::string settled = workload_fingerprint();
  model.config({"hostname=not a host", "query-limit=0"});
  EXPECT_EQ(model.status().word, "blocked");
  model.config({"--reset", "hostname"});
  EXPECT_EQ(model.status().message, "option query-limit: must be from 1 to 100000, not 0");
  model.config({"--reset", "query-limit"});
  EXPECT_EQ(model.status(), active);
  EXPECT_EQ(workload_fingerprint(), settled);

  EXPECT_NE(model.attempt({"config", "hockeypuck-k8s", "keyword-search=maybe"}).status, 0);
  EXPECT_NE(model.attempt({"config", "hockeypuck-k8s", "query-limit=many"}).status, 0);

  model.config({"database-name=postgres"});
  EXPECT_EQ(model.status().message.rfind("option database-name", 0), 0U) << model.status().message;
  model.config({"database-name=others"});
  EXPECT_EQ(model.status().word, "blocked");
  EXPECT_NE(model.status().message.find("set database-name back to hockeypuck-k8s"),
            std::string::npos)
      << model.status().message;
  model.config({"--reset", "database-name"});
  expect_serving();
  EXPECT_EQ(workload_fingerprint(), settled);
}

}  // namespace options_test
}  // namespace test
