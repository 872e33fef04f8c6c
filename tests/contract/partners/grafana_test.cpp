// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/error.hpp"
#include "rehearsal/charms/grafana-k8s/dashboards.hpp"
#include "tests/contract/partners/partner_test.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <lzma.h>

namespace grafana_test {

using charm::Relation;
using grafana::Dashboard;
using grafana::read_dashboards;
using grafana::Reading;
using nlohmann::json;

std::string xz(const std::string& text) {
  const std::vector<std::uint8_t> input(text.begin(), text.end());
  std::vector<std::uint8_t> output(lzma_stream_buffer_bound(input.size()));
  std::size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, nullptr, input.data(), input.size(),
                                    output.data(), &size, output.size()),
            LZMA_OK);
  return {output.begin(), output.begin() + static_cast<std::ptrdiff_t>(size)};
}

std::string base64(const std::string& bytes) {
  const std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
  std::vector<std::uint8_t> output(bytes.size() * 2 + 4);
  const int size = EVP_EncodeBlock(output.data(), input.data(), static_cast<int>(input.size()));
  return {output.begin(), output.begin() + size};
}

json sample(const std::string& name) {
  return test::sample("grafana_dashboard_" + name);
}

Relation with_bag(const charm::Databag& bag) {
  return {.id = 4,
          .endpoint = "grafana-dashboard",
          .remote_app = "hockeypuck-k8s",
          .remote_app_data = bag};
}

Relation with_sample(const std::string& name) {
  return with_bag(sample(name).at("app").get<charm::Databag>());
}

/// Our relation with one template.
Relation with_template(const json& entry) {
  const json dashboards = {{"templates", {{"file:one", entry}}}, {"uuid", "1"}};
  return with_bag({{"dashboards", dashboards.dump()}});
}

json entry_of(const std::string& content) {
  return {{"charm", "c"}, {"content", content}, {"juju_topology", {{"model", "m"}}}};
}

/// Our relation with one correctly packed dashboard.
Relation with_text(const std::string& text) {
  return with_template(entry_of(base64(xz(text))));
}

/// `[uid, version, title]` of each, in the form of the samples.
json seen(const Relation& relation) {
  json list = json::array();
  for (const Dashboard& dashboard : grafana::shown(read_dashboards(relation).dashboards)) {
    list.push_back({dashboard.uid, dashboard.version, dashboard.title});
  }
  return list;
}

TEST(GrafanaDashboards, AreThoseThatTheOriginalSaw) {
  for (const auto* const name :
       {"provider_recommended_liblzma", "provider_recommended_stored_xz"}) {
    EXPECT_EQ(seen(with_sample(name)), sample(name).at("_verified").at("consumer_dashboards"))
        << name;
  }
  const json overview = {"874bc100ff1bddeacebf0d0eda3d6cd27f2b63d6", 3, "Keyserver overview"};
  for (const auto* const name : {"provider_default", "provider_no_dropdowns"}) {
    EXPECT_EQ(seen(with_sample(name)), json::array({overview})) << name;
  }
  EXPECT_EQ(seen(with_sample("provider_programmatic_plus_file")),
            json::array({overview, {"95b9bef5ae4e3b69", 1, "Recon"}}))
      << "the second has no uid";
  EXPECT_EQ(seen(with_sample("provider_empty")), json::array());
  EXPECT_EQ(seen(with_sample("provider_nonleader")), json::array());
}

TEST(GrafanaDashboards, AreAllDroppedForOneThatIsNotPackedRightly) {
  json entry = entry_of(base64("x\x9c zlib once"));
  const json good = entry_of(base64(xz(R"({"uid": "a"})")));
  const json dashboards = {{"templates", {{"file:good", good}, {"file:keyserver", entry}}}};
  const Reading reading = read_dashboards(with_bag({{"dashboards", dashboards.dump()}}));
  EXPECT_TRUE(reading.dashboards.empty());
  const json answer =
      json::parse(sample("requirer_lzma_error").at("app").at("event").get<std::string>());
  EXPECT_EQ(reading.errors, answer.at("errors"));
}

TEST(GrafanaDashboards, CutShortAreNotPackedRightly) {
  const std::string packed = xz(R"({"uid": "a"})");
  for (const std::size_t size : {0U, 5U, 30U}) {
    const Reading reading =
        read_dashboards(with_template(entry_of(base64(packed.substr(0, size)))));
    EXPECT_EQ(reading.errors.size(), 1U) << size;
  }
}

TEST(GrafanaDashboards, MayHaveTheirBase64OnSeveralLines) {
  std::string content = base64(xz(R"({"uid": "a", "title": "T"})"));
  content.insert(20, "\n");
  EXPECT_EQ(seen(with_template(entry_of(content))), json::array({{"a", 0, "T"}}));
}

TEST(GrafanaDashboards, ThatAreNotJsonAreLeftOutWithoutAWord) {
  const Reading reading = read_dashboards(with_text("{"));
  EXPECT_TRUE(reading.dashboards.empty());
  EXPECT_TRUE(reading.errors.empty());
}

TEST(GrafanaDashboards, WithoutAnyUidAreNotShown) {
  EXPECT_EQ(seen(with_text(R"({"title": "T"})")), json::array());
  EXPECT_EQ(seen(with_text(R"({"dashboard": {"uid": "a"}})")), json::array());
  json entry = entry_of(base64(xz(R"({"dashboard": {}})")));
  entry["dashboard_alt_uid"] = "alt";
  EXPECT_EQ(seen(with_template(entry)), json::array({{"alt", 0, ""}})) << "wrapped, so empty";
}

TEST(GrafanaDashboards, ReadAnyNumberAsTheirVersion) {
  EXPECT_EQ(seen(with_text(R"({"uid": "a", "version": "3"})")), json::array({{"a", 3, ""}}));
  EXPECT_EQ(seen(with_text(R"({"uid": "a", "version": "x"})")), json::array({{"a", 0, ""}}));
  EXPECT_EQ(seen(with_text(R"({"uid": "a"})")), json::array({{"a", 0, ""}}));
}

TEST(GrafanaDashboards, OfOneUidAreShownInTheHighestVersion) {
  const Dashboard older{.relation = 9, .uid = "a", .version = 1};
  const Dashboard newer{.relation = 3, .uid = "a", .version = 2};
  const auto shown = grafana::shown({older, newer, older});
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_EQ(shown[0].version, 2);
}

TEST(GrafanaDashboards, FailTheHookWhereTheOriginalDoes) {
  for (const auto* const text :
       {"[]", R"({"version": null})", R"({"templating": {}})",
        R"({"templating": {"list": [{"type": "query"}]}})",
        R"({"panels": [{"targets": [{"expr": "up"}], "datasource": {"type": "prometheus"}}]})",
        R"({"__inputs": [{"type": "datasource", "name": "x"}]})"}) {
    EXPECT_ANY_THROW(read_dashboards(with_text(text))) << text;
  }
  for (const auto* const text : {"{", "{}", R"({"templates": []})", R"({"templates": null})"}) {
    EXPECT_ANY_THROW(read_dashboards(with_bag({{"dashboards", text}}))) << text;
  }
  EXPECT_ANY_THROW(read_dashboards(with_template(entry_of("not base64"))));
  json anonymous = entry_of(base64(xz("{}")));
  anonymous.erase("charm");
  EXPECT_ANY_THROW(read_dashboards(with_template(anonymous)));
}

TEST(GrafanaDashboards, AskNothingOfAPanelWithoutAnExpression) {
  EXPECT_NO_THROW(read_dashboards(
      with_text(R"({"panels": [{"targets": [{}], "datasource": {"type": "prometheus"}}]})")));
}

}  // namespace grafana_test
