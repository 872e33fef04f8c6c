// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/options/settings.hpp"

#include "tests/unit/options/read_options.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <limits>

namespace charm {
namespace {

using std::string_literals::operator""s;
using test::ReadOptions;
using test::refusal;

ConfigValue default_of(const YAML::Node& option) {
  const auto type = option["type"].as<std::string>();
  const YAML::Node value = option["default"];
  if (type == "boolean") {
    return value.as<bool>();
  }
  if (type == "int") {
    return value.as<std::int64_t>();
  }
  return value.as<std::string>();
}

std::map<std::string, ConfigValue> defaults_of_config_yaml() {
  std::map<std::string, ConfigValue> defaults;
  for (const auto& option : YAML::LoadFile(SOURCE_DIR "/config.yaml")["options"]) {
    // A secret has no default, and only the charm's leader can check its content.
    if (option.second["type"].as<std::string>() != "secret") {
      defaults[option.first.as<std::string>()] = default_of(option.second);
    }
  }
  return defaults;
}

TEST(Settings, DefaultsAreThoseOfConfigYaml) {
  const auto defaults = defaults_of_config_yaml();
  EXPECT_EQ(defaults.size(), 22U);
  const ReadOptions read(defaults);
  EXPECT_EQ(read.settings, Settings{});
  EXPECT_EQ(read.statuses, std::vector<Status>{});
}

TEST(Settings, WithoutAnyOptionAreTheDefaults) {
  const ReadOptions read({});
  EXPECT_EQ(read.settings, Settings{});
  EXPECT_EQ(read.statuses, std::vector<Status>{});
}

TEST(Settings, EveryOptionOfConfigYamlIsReadAndRefusesAValueOfAnotherType) {
  for (const auto& [name, value] : defaults_of_config_yaml()) {
    const bool is_text = std::holds_alternative<std::string>(value);
    const ConfigValue wrong = is_text ? ConfigValue(true) : ConfigValue("text"s);
    const std::string message = ReadOptions(name, wrong).complaint();
    EXPECT_TRUE(message.starts_with("option " + name + ": must be ")) << message;
  }
}

TEST(Settings, TakeEveryOption) {
  const ReadOptions read({{"external-peers", "keys.example.com,11371,11370"s},
                          {"contact-fingerprint", std::string(40, 'A')},
                          {"admin-keys", std::string(40, 'b')},
                          {"log-level", "Debug"s},
                          {"log-forwarder", "promtail"s},
                          {"database-name", "keys"s},
                          {"hostname", "Keys.Example.org"s},
                          {"max-key-length", std::int64_t{2097152}},
                          {"max-packet-length", std::int64_t{16384}},
                          {"max-response-length", std::int64_t{0}},
                          {"query-limit", std::int64_t{500}},
                          {"self-signed-only", true},
                          {"keyword-search", false},
                          {"log-request-details", true},
                          {"recon-allowed-cidrs", "10.1.0.0/16"s},
                          {"recon-interval", std::int64_t{5}},
                          {"lookup-rate-limit", std::int64_t{20}},
                          {"upload-rate-limit", std::int64_t{0}},
                          {"client-request-limit", std::int64_t{7}},
                          {"external-admin-requests", true},
                          {"trusted-proxies", "10.2.0.0/16 192.0.2.7"s},
                          {"uploads", " Updates "s}});
  EXPECT_EQ(read.statuses, std::vector<Status>{});
  EXPECT_EQ(read.settings,
            (Settings{.external_peers = {{.host = "keys.example.com"}},
                      .contact_fingerprint = std::string(40, 'a'),
                      .admin_keys = {std::string(40, 'b')},
                      .log_level = "debug",
                      .log_forwarder = LogForwarder::promtail,
                      .database_name = "keys",
                      .hostname = "keys.example.org",
                      .max_key_length = 2097152,
                      .max_packet_length = 16384,
                      .max_response_length = 0,
                      .query_limit = 500,
                      .self_signed_only = true,
                      .keyword_search = false,
                      .log_request_details = true,
                      .recon_allowed_cidrs = {"10.1.0.0/16"},
                      .recon_interval = 5,
                      .uploads = Uploads::updates,
                      .edge = {.lookup_rate = 20,
                               .upload_rate = 0,
                               .client_requests = 7,
                               .admin_requests = true,
                               .trusted_proxies = {"10.2.0.0/16", "192.0.2.7/32"}}}));
}

TEST(Settings, OfAWrongLogForwarderAreUnknown) {
  for (const ConfigValue& wrong : {ConfigValue("syslog"s), ConfigValue(true)}) {
    EXPECT_EQ(ReadOptions("log-forwarder", wrong).settings.log_forwarder, std::nullopt);
  }
  EXPECT_EQ(ReadOptions("log-forwarder", "syslog"s).complaint(),
            "option log-forwarder: must be pebble or promtail: \"syslog\"");
  EXPECT_EQ(ReadOptions("log-forwarder", " Promtail "s).settings.log_forwarder,
            LogForwarder::promtail);
  EXPECT_EQ(ReadOptions("log-forwarder", ""s).settings, Settings{});
}

TEST(Settings, AWrongUploadsIsRefused) {
  EXPECT_EQ(ReadOptions("uploads", "off"s).complaint(),
            "option uploads: must be all, updates or none: \"off\"");
}

TEST(Settings, OneWrongOptionLeavesTheOthersAlone) {
  const ReadOptions read({{"query-limit", std::int64_t{0}}, {"hostname", "keys.example.com"s}});
  EXPECT_EQ(read.settings, (Settings{.right = false, .hostname = "keys.example.com"}));
  EXPECT_EQ(read.complaint(), "option query-limit: must be from 1 to 100000, not 0");
}

TEST(Settings, AreRightUnlessAnOptionIsWrong) {
  EXPECT_TRUE(ReadOptions("external-peers", "keys.example.com"s).settings.right);
  EXPECT_TRUE(ReadOptions("of-a-later-revision", true).settings.right);
  const std::map<std::string, ConfigValue> wrong = {{"external-peers", "a,b,c"s},
                                                    {"trusted-proxies", "10.2.0.0/33"s},
                                                    {"database-name", "postgres"s},
                                                    {"query-limit", std::int64_t{0}},
                                                    {"keyword-search", "yes"s},
                                                    {"log-forwarder", "syslog"s},
                                                    {"max-key-length", std::int64_t{4096}},
                                                    {"max-response-length", std::int64_t{4096}}};
  for (const auto& [option, value] : wrong) {
    EXPECT_FALSE(ReadOptions(option, value).settings.right) << option;
  }
}

TEST(Settings, AreRightWhateverElseIsWrong) {
  std::vector<Status> statuses = {{StatusKind::blocked, "no database"}};
  EXPECT_TRUE(read_settings({}, statuses).right);
}

TEST(Settings, EachWrongOptionIsReportedOnce) {
  const ReadOptions read({{"query-limit", std::int64_t{0}},
                          {"external-peers", "a,b,c\nd,e,f"s},
                          {"log-level", "loud"s}});
  EXPECT_EQ(read.statuses.size(), 3U);
}

TEST(Settings, AnUnknownOptionIsNoFault) {
  EXPECT_EQ(ReadOptions("of-a-later-revision", true).statuses, std::vector<Status>{});
}

TEST(Settings, NumbersHaveBounds) {
  struct Bounds {
    const char* option;
    std::int64_t least;
    std::int64_t greatest;
  };

  for (const auto& [option, least, greatest] :
       {Bounds{"query-limit", 1, 100000}, Bounds{"recon-interval", 5, 86400},
        Bounds{"lookup-rate-limit", 0, 100000}, Bounds{"upload-rate-limit", 0, 100000},
        Bounds{"client-request-limit", 0, 100000}}) {
    for (const std::int64_t inside : {least, greatest}) {
      EXPECT_EQ(ReadOptions(option, inside).statuses, std::vector<Status>{}) << option;
    }
    for (const std::int64_t outside :
         {least - 1, greatest + 1, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(),
          std::numeric_limits<std::int64_t>::max()}) {
      EXPECT_EQ(refusal(option, outside),
                "option "s + option + ": must be from " + std::to_string(least) + " to " +
                    std::to_string(greatest) + ", not " + std::to_string(outside));
    }
  }
}

TEST(Settings, LengthsHaveBounds) {
  EXPECT_EQ(refusal("max-packet-length", std::int64_t{0}),
            "option max-packet-length: must be from 1024 to 67108864, not 0");
  EXPECT_EQ(refusal("max-key-length", std::int64_t{134217729}),
            "option max-key-length: must be from 1024 to 134217728, not 134217729");
  EXPECT_EQ(refusal("max-response-length", std::int64_t{-1}),
            "option max-response-length: must be from 0 to 4294967296, not -1");
}

TEST(Settings, AKeyHasRoomForTheLargestPacket) {
  EXPECT_EQ(refusal("max-key-length", std::int64_t{4096}),
            "option max-key-length: must be at least max-packet-length (8192), not 4096");
  EXPECT_EQ(refusal("max-packet-length", std::int64_t{2097152}),
            "option max-key-length: must be at least max-packet-length (2097152), not 1048576");
}

TEST(Settings, AResponseHasRoomForTheLargestKey) {
  EXPECT_EQ(refusal("max-response-length", std::int64_t{4096}),
            "option max-response-length: must be 0 or at least max-key-length (1048576), not 4096");
}

TEST(Settings, AWholeNumberMayComeAsAFloat) {
  EXPECT_EQ(ReadOptions("query-limit", 250.0).settings.query_limit, 250);
  for (const double broken : {2.5, 1e300, -1e300, std::numeric_limits<double>::infinity(),
                              std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(refusal("query-limit", broken), "option query-limit: must be a whole number");
  }
}

TEST(Settings, AMessageStaysShortAndPrintableWhateverTheValue) {
  const std::string hostile =
      "\x1b[2J\xff\xfe\r\n\t\xe2\x80\xae"s + '\0' + std::string(100000, 'x');
  for (const char* option : {"external-peers", "contact-fingerprint", "admin-keys", "log-level",
                             "database-name", "hostname", "recon-allowed-cidrs"}) {
    const std::string message = refusal(option, hostile);
    EXPECT_TRUE(message.starts_with("option "s + option)) << message;
    EXPECT_LE(message.size(), 200U) << message;
    for (const char character : message) {
      EXPECT_TRUE((character >= ' ' && character < 0x7F) ||
                  std::string("…").find(character) != std::string::npos)
          << message;
    }
  }
}

}  // namespace
}  // namespace charm
