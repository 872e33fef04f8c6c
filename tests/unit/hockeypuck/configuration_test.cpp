// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/hockeypuck/hockeypuck.hpp"
#include "tests/support/file_text.hpp"

#include <gtest/gtest.h>
#include <toml++/toml.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <set>

namespace charm::hockeypuck {
namespace {

using std::string_literals::operator""s;

const Unit leader{.name = "hockeypuck-k8s/0",
                  .app = "hockeypuck-k8s",
                  .model = "keys",
                  .model_uuid = "5b1c2a9e-0000-4000-8000-000000000000",
                  .leader = true};
const Unit reader{
    .name = "hockeypuck-k8s/1", .app = "hockeypuck-k8s", .number = 1, .model = "keys"};

const Database database{.host = "postgresql-k8s-primary.keys.svc.cluster.local",
                        .name = "hockeypuck-k8s",
                        .user = "relation_id_7",
                        .password = "p4ssw0rd"};

Database verified() {
  Database verified = database;
  verified.ssl_mode = SslMode::verify_full;
  verified.ca = "-----BEGIN CERTIFICATE-----\n";
  return verified;
}

Settings complete_settings() {
  return {.external_peers = {{.host = "keys.example.com"},
                             {.host = "2001:db8::7",
                              .http_port = 80,
                              .recon_port = 11380,
                              .source_cidrs = {"198.51.100.0/24", "10.1.0.0/16"}}},
          .contact_fingerprint = "0123456789abcdef0123456789abcdef01234567",
          .admin_keys = {"89abcdef0123456789abcdef0123456789abcdef",
                         "1026bb4feaf2248a6fce65bde0ade11b311d47ac"},
          .log_level = "debug",
          .hostname = "keys.example.org",
          .max_key_length = 2097152,
          .max_packet_length = 16384,
          .max_response_length = 0,
          .query_limit = 500,
          .self_signed_only = true,
          .keyword_search = false,
          .log_request_details = true,
          .recon_allowed_cidrs = {"10.1.0.0/16", "2001:db8::/48"},
          .recon_interval = 120};
}

/// The golden file of that name. After an intended change: UPDATE_GOLDEN_FILES=1 ctest -R
/// Configuration, and read the difference.
std::string golden(const std::string& name, const std::string& rendered) {
  const std::string path = TEST_DATA_DIR "/hockeypuck_conf/" + name;
  if (std::getenv("UPDATE_GOLDEN_FILES") != nullptr) {
    std::ofstream(path) << rendered;
  }
  return test::file_text(path);
}

/// Reads a file as Hockeypuck does. The template layer does not change text without `{{`.
toml::table parse(const std::string& content) {
  EXPECT_EQ(content.find("{{"), std::string::npos);
  return toml::table(toml::parse(content));
}

std::optional<std::string> text_at(const toml::table& document, std::string_view path) {
  return document.at_path(path).value<std::string>();
}

/// Reads the data source name as lib/pq 1.10 does: `name='value'` with backslash escapes.
std::map<std::string, std::string> parameters(const std::string& dsn) {
  std::map<std::string, std::string> found;
  std::size_t at = 0;
  while (at < dsn.size()) {
    const std::size_t equals = dsn.find("='", at);
    const std::string name = dsn.substr(at, equals - at);
    std::string value;
    for (at = equals + 2; at < dsn.size() && dsn[at] != '\''; ++at) {
      at += dsn[at] == '\\' ? 1U : 0U;
      value += dsn.at(at);
    }
    found[name] = value;
    at += 2;  // The quote and the space.
  }
  return found;
}

std::map<std::string, std::string> rendered_parameters(const Database& with) {
  const auto document = parse(render_configuration(leader, Settings{}, Facts{}, with));
  return parameters(text_at(document, "hockeypuck.openpgp.db.dsn").value_or(""));
}

TEST(Configuration, OfALeaderWithDefaults) {
  const std::string rendered = render_configuration(leader, Settings{}, Facts{}, database);
  EXPECT_EQ(rendered, golden("leader_defaults.conf", rendered));
}

TEST(Configuration, OfALeaderWithEveryOption) {
  const std::string rendered =
      render_configuration(leader, complete_settings(), Facts{}, verified());
  EXPECT_EQ(rendered, golden("leader_complete.conf", rendered));
}

TEST(Configuration, OfAReaderNeitherListensNorReconciles) {
  const std::string rendered =
      render_configuration(reader, complete_settings(), Facts{}, verified());
  EXPECT_EQ(rendered, golden("reader_complete.conf", rendered));
  const auto document = parse(rendered);
  const auto recon = document.at_path("hockeypuck.conflux.recon");
  EXPECT_EQ(recon["reconAddr"].value<std::string>(), "none");
  EXPECT_FALSE(recon["partner"]);
  EXPECT_FALSE(recon["allowCIDRs"]);
}

TEST(Configuration, LetsTheProxiesOfALeaderInWhoReconcilesAndNeverDialsThem) {
  const Facts facts{.recon_proxies = {"traefik-0.traefik-endpoints.keys.svc.cluster.local"}};
  const auto partners = [&facts](const Unit& unit, const Settings& settings) {
    const auto document = parse(render_configuration(unit, settings, facts, database));
    const auto* found = document.at_path("hockeypuck.conflux.recon.partner").as_table();
    return found == nullptr ? toml::table{} : *found;
  };
  const Settings allowing{.recon_allowed_cidrs = {"10.1.0.0/16"}};
  const toml::table proxy{{"httpAddr", "traefik-0.traefik-endpoints.keys.svc.cluster.local:11371"},
                          {"reconAddr", "traefik-0.traefik-endpoints.keys.svc.cluster.local:11370"},
                          {"weight", -1},
                          {"mask", true}};
  EXPECT_EQ(partners(leader, allowing), (toml::table{{"proxy1", proxy}}));
  EXPECT_EQ(partners(leader, {.external_peers = {{.host = "keys.example.com"}}}).size(), 2U);
  EXPECT_EQ(partners(leader, {}), toml::table{});
  EXPECT_EQ(partners(reader, allowing), toml::table{});
}

TEST(Configuration, ReconcilesWithTheOtherUnitsAndHasRoomForMore) {
  const auto partners = [](const Unit& unit, const std::vector<std::string>& others) {
    const auto document =
        parse(render_configuration(unit, complete_settings(), {.peer_units = others}, database));
    EXPECT_EQ(document.at_path("hockeypuck.conflux.recon.reconAddr").value<std::string>(),
              ":11370");
    EXPECT_EQ(document.at_path("hockeypuck.conflux.recon.seenCacheSize").value<int>(), 0)
        << "a stale digest is asked for until its unit has dropped it";
    std::set<std::string> names;
    for (const auto& [name, partner] :
         *document.at_path("hockeypuck.conflux.recon.partner").as_table()) {
      names.emplace(name.str());
    }
    return names;
  };
  using Names = std::set<std::string>;
  const Unit third{.name = "hockeypuck-k8s/2", .app = "hockeypuck-k8s", .model = "keys"};
  EXPECT_EQ(partners(third, {"hockeypuck-k8s/0"}), (Names{"unit0", "unit1", "unit3"}));
  EXPECT_EQ(partners(third, {"hockeypuck-k8s/0", "hockeypuck-k8s/3"}),
            (Names{"unit0", "unit1", "unit3"}))
      << "a new unit restarts no other";
  EXPECT_EQ(partners(third, {"hockeypuck-k8s/4"}).size(), 7U);
  EXPECT_EQ(partners(leader, {"hockeypuck-k8s/1"}).count("peer1"), 1U);
  EXPECT_EQ(partners(leader, {"hockeypuck-k8s/1"}).count("unit0"), 0U);

  const auto document =
      parse(render_configuration(third, {}, {.peer_units = {"hockeypuck-k8s/0"}}, database));
  const toml::table unit{
      {"httpAddr", "hockeypuck-k8s-0.hockeypuck-k8s-endpoints.keys.svc.cluster.local:11371"},
      {"reconAddr", "hockeypuck-k8s-0.hockeypuck-k8s-endpoints.keys.svc.cluster.local:11370"},
      {"weight", 20},
      {"mask", true}};
  EXPECT_EQ(*document.at_path("hockeypuck.conflux.recon.partner.unit0").as_table(), unit);
}

TEST(Configuration, ForgetsWhatItFetchedWhereACallerMayNotBeWhoItSeems) {
  const auto cache = [](const Settings& settings, const Facts& facts) {
    return parse(render_configuration(leader, settings, facts, database))
        .at_path("hockeypuck.conflux.recon.seenCacheSize")
        .value<int>();
  };
  const Facts proxied{.recon_proxies = {"traefik-0"}};
  const Settings peering{.external_peers = {{.host = "keys.example.com"}}};
  EXPECT_EQ(cache(peering, {}), std::nullopt) << "Hockeypuck's default";
  EXPECT_EQ(cache(peering, proxied), 0);
  EXPECT_EQ(cache({.recon_allowed_cidrs = {"10.1.0.0/16"}}, {}), 0);
  EXPECT_EQ(cache({}, proxied), std::nullopt) << "no keyserver may reconcile";
}

TEST(Configuration, NamesTheIngressHostUnlessToldOtherwise) {
  const auto hostname = [](const Settings& settings, const Facts& facts) {
    return text_at(parse(render_configuration(leader, settings, facts, database)),
                   "hockeypuck.hostname");
  };
  const Facts ingress{.external_url = Url{.scheme = "http", .host = "ingress.example"}};
  EXPECT_EQ(hostname({}, {}), "hockeypuck-k8s.keys.svc.cluster.local");
  EXPECT_EQ(hostname({}, ingress), "ingress.example");
  EXPECT_EQ(hostname({.hostname = "keys.example.org"}, ingress), "keys.example.org");
}

TEST(Configuration, LeavesOutWhatIsEmpty) {
  const auto document = parse(render_configuration(leader, Settings{}, Facts{}, database));
  EXPECT_FALSE(document.at_path("hockeypuck.contact"));
  EXPECT_FALSE(document.at_path("hockeypuck.adminKeys"));
  EXPECT_FALSE(document.at_path("hockeypuck.conflux.recon.allowCIDRs"));
}

/// A key that replaces another key must not restart the keyserver.
TEST(Configuration, TakesRequestsOfTheOperatorsKeysAndOfAllOfOursInOneOrder) {
  const Settings settings{.admin_keys = {"op", "01"}};
  const Facts before{.admin_keys = {.current = AdminKeyReference{.fingerprint = "02"},
                                    .retired = {{.fingerprint = "04"}, {.fingerprint = "01"}}},
                     .next_admin_key = NextAdminKey{.fingerprint = "03"}};
  const Facts after{.admin_keys = {.current = AdminKeyReference{.fingerprint = "03"},
                                   .retired = {{.fingerprint = "04"}, {.fingerprint = "02"}}}};
  EXPECT_EQ(admin_fingerprints(settings, before),
            (std::vector<std::string>{"op", "01", "02", "03", "04"}));
  EXPECT_EQ(render_configuration(leader, settings, after, database),
            render_configuration(leader, settings, before, database));
}

TEST(Configuration, ConnectsAsTheDatabaseAsks) {
  Database with = verified();
  EXPECT_EQ(rendered_parameters(with), (std::map<std::string, std::string>{
                                           {"dbname", "hockeypuck-k8s"},
                                           {"host", database.host},
                                           {"port", "5432"},
                                           {"user", "relation_id_7"},
                                           {"password", "p4ssw0rd"},
                                           {"sslmode", "verify-full"},
                                           {"sslrootcert", "/hockeypuck/etc/postgresql-ca.pem"},
                                           {"connect_timeout", "5"}}));
  with.ssl_mode = SslMode::require;
  EXPECT_EQ(rendered_parameters(with)["sslmode"], "require");
  EXPECT_EQ(rendered_parameters(with).count("sslrootcert"), 0U);
  with.ssl_mode = SslMode::disable;
  EXPECT_EQ(rendered_parameters(with)["sslmode"], "disable");
}

/// Text with a special meaning in Go's templates, TOML, lib/pq or a shell.
// clang-format off
const std::vector<std::string> hostile_texts = {
    "plain", "", " ", "  spaces around  ", "{", "{{", "{{{{{", "}}", "{{ .POSTGRES_PASSWORD }}",
    "{{`raw`}}", "{{ env \"HOME\" }}", "{{/* comment */}}", "{{- trim -}}", "{% other %}",
    "\"", "\"\"\"", "'", "''", "'''", "\\", "\\\\", "\\'", "'\\", "\\\"", "\\n", "\\u007B\\u007B",
    "\\x41", "\n", "\r\n", "a\nadminKeys = [\"x\"]\n", "\"\n[hockeypuck.hkps]\nbind = \"",
    "\t\b\f\v\a\x1b", "\0"s, "a\0b"s, "\x7f", "# no comment", "a = b", "[table]",
    "' sslmode='disable", "x sslmode=disable host=evil", "pa ss'w\\ord",
    "$HOME `id` $(id) %s %41 &amp;", "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x94\x91",
    "\xEF\xBB\xBF" "byte order mark", "\xC2\x85\xE2\x80\xA8\xE2\x80\xAE",
    "\xEF\xBF\xBD\xEF\xBF\xBF\xF4\x8F\xBF\xBF", std::string(5000, '{')};

// clang-format on

TEST(Configuration, KeepsEveryTextAsItIs) {
  const std::string recon = "hockeypuck.conflux.recon.";
  for (const std::string& text : hostile_texts) {
    Unit unit = leader;
    unit.name = unit.app = unit.model = text;
    std::string node = text;
    std::replace(node.begin(), node.end(), '/', '-');
    const Settings settings{.external_peers = {{.host = text, .source_cidrs = {text + "s"}}},
                            .contact_fingerprint = text + "c",
                            .admin_keys = {text, "second"},
                            .log_level = text,
                            .hostname = text,
                            .recon_allowed_cidrs = {text}};
    const auto document = parse(render_configuration(unit, settings, Facts{}, database));
    const std::map<std::string, std::string> expected = {
        {"hockeypuck.contact", "0x" + text + "c"},
        {"hockeypuck.adminKeys[0]", text},
        {"hockeypuck.adminKeys[1]", "second"},
        {"hockeypuck.loglevel", text},
        {"hockeypuck.hostname", text.empty() ? "..svc.cluster.local" : text},
        {"hockeypuck.nodename", node},
        {recon + "partner.peer1.httpAddr", text + ":11371"},
        {recon + "partner.peer1.reconAddr", text + ":11370"},
        {recon + "allowCIDRs[0]", text},
        {recon + "allowCIDRs[1]", text + "s"}};
    for (const auto& [path, value] : expected) {
      EXPECT_EQ(text_at(document, path), value) << path;
    }
  }
}

TEST(Configuration, KeepsEveryNameOfJujuAndIngressAsItIs) {
  for (const std::string& text : hostile_texts) {
    Unit unit = leader;
    unit.app = unit.model = text;
    const auto hostname = [&unit](const Facts& facts) {
      return text_at(parse(render_configuration(unit, Settings{}, facts, database)),
                     "hockeypuck.hostname");
    };
    EXPECT_EQ(hostname({}), text + "." + text + ".svc.cluster.local");
    EXPECT_EQ(hostname({.external_url = Url{.host = text + "i"}}), text + "i");
  }
}

TEST(Configuration, GivesEveryTextToTheDatabaseDriverAsItIs) {
  for (const std::string& text : hostile_texts) {
    const Database hostile{
        .host = text, .port = 6543, .name = text, .user = text, .password = text};
    EXPECT_EQ(rendered_parameters(hostile),
              (std::map<std::string, std::string>{{"dbname", text},
                                                  {"host", text},
                                                  {"port", "6543"},
                                                  {"user", text},
                                                  {"password", text},
                                                  {"sslmode", "disable"},
                                                  {"connect_timeout", "5"}}));
  }
}

TEST(Configuration, StaysReadableWhereATextIsNotUtf8) {
  for (const std::string broken :
       {"\xFF", "\xC3", "\xC0\xAF", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80\xBF"}) {
    const auto document =
        parse(render_configuration(leader, {.hostname = "a" + broken + "b"}, Facts{}, database));
    std::string expected = "a";
    for (std::size_t byte = 0; byte < broken.size(); ++byte) {
      expected += "\xEF\xBF\xBD";
    }
    EXPECT_EQ(text_at(document, "hockeypuck.hostname"), expected + "b");
  }
}

}  // namespace
}  // namespace charm::hockeypuck
