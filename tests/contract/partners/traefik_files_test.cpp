// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/charms/traefik-k8s/configuration.hpp"
#include "tests/contract/partners/partner_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/free_port.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <optional>
#include <ostream>

// Which dynamic configurations Traefik's file provider loads: the rehearsal's answer, and that of a
// real Traefik on PATH.
namespace traefik_files_test {

using nlohmann::json;

/// The elements that were loaded and work, sorted: `routers/keys`. Nothing if the file was refused.
using Working = std::optional<std::vector<std::string>>;

std::vector<std::string> elements_of(const json& configuration) {
  std::vector<std::string> names;
  for (const char* kind : {"middlewares", "routers", "services"}) {
    for (const auto& element : configuration.at("http").at(kind).items()) {
      names.push_back(std::string(kind) + "/" + element.key());
    }
  }
  return names;
}

Working by_rehearsal(const json& file) {
  const traefik::Loaded loaded = traefik::load({{"file.yaml", file}});
  return loaded.refused.empty() ? Working(elements_of(loaded.value)) : std::nullopt;
}

/// Traefik with one file. It sends no statistics, and looks for no new version.
class RealTraefik {
 public:
  explicit RealTraefik(const json& file) {
    std::ofstream(directory_.path() / "file.yaml") << file.dump();
    const auto entry_point = [](const std::string& name, std::uint16_t port) {
      return "--entrypoints." + name + ".address=127.0.0.1:" + std::to_string(port);
    };
    traefik_.emplace(
        test::Command{{"traefik", "--global.checknewversion=false",
                       "--global.sendanonymoususage=false", "--api.insecure=true",
                       "--providers.file.directory=" + directory_.path().string(),
                       entry_point("traefik", port_), entry_point("hkp", test::free_port()),
                       entry_point("recon", test::free_port())}},
        log());
  }

  [[nodiscard]] Working working() const {
    Working found;
    EXPECT_TRUE(test::eventually([&] {
      found = shown();
      return found || test::file_text(log()).find("building configuration") != std::string::npos;
    }));
    return found;
  }

 private:
  [[nodiscard]] std::filesystem::path log() const { return directory_.path() / "log"; }

  [[nodiscard]] Working shown() const {
    const std::string url = "http://127.0.0.1:" + std::to_string(port_) + "/api/rawdata";
    const auto answer = test::run({{"curl", "--silent", "--fail", url}});
    const json all = answer.status == 0 ? json::parse(answer.output) : json::object();
    std::vector<std::string> working;
    for (const std::string kind : {"middlewares", "routers", "services"}) {
      const json elements = all.value(kind, json::object());
      for (const auto& [name, element] : elements.items()) {
        const auto end = name.find("@file");
        if (end != std::string::npos && element.value("status", "") == "enabled") {
          working.push_back(kind + "/" + name.substr(0, end));
        }
      }
    }
    return working.empty() ? std::nullopt : Working(working);
  }

  test::TemporaryDirectory directory_{"traefik"};
  std::uint16_t port_ = test::free_port();
  std::optional<test::ChildProcess> traefik_;
};

enum class Program { rehearsal, traefik };

void PrintTo(Program program, std::ostream* out) {
  *out << (program == Program::rehearsal ? "Rehearsal" : "Traefik");
}

class TraefikFiles : public ::testing::TestWithParam<Program> {
 protected:
  void SetUp() override {
    if (GetParam() == Program::traefik && !test::find_on_path("traefik")) {
      GTEST_SKIP() << "traefik is not on PATH";
    }
  }

  static Working working(const json& file) {
    return GetParam() == Program::traefik ? RealTraefik(file).working() : by_rehearsal(file);
  }

  /// The dynamic configuration that the charm publishes.
  static json published(const std::string& name) {
    const json bags = test::sample("traefik_route_requirer_hockeypuck_" + name);
    return json::parse(bags.at("app").at("config").get<std::string>());
  }
};

TEST_P(TraefikFiles, LoadTheRouteOfTheCharm) {
  for (const char* name : {"hkp_only", "recon"}) {
    const json file = published(name);
    EXPECT_EQ(working(file), elements_of(file)) << name;
  }
}

TEST_P(TraefikFiles, LoadTheRouteOfACharmBehindAProxy) {
  json file = published("hkp_only");
  for (json& middleware : file["http"]["middlewares"]) {
    for (json& settings : middleware) {
      if (settings.contains("sourceCriterion")) {
        settings["sourceCriterion"]["ipStrategy"] = {{"excludedIPs", {"10.2.0.0/16"}}};
      }
    }
  }
  EXPECT_EQ(working(file), elements_of(file));
}

TEST_P(TraefikFiles, RefuseAnEmptyElement) {
  for (const char* place :
       {"/http/middlewares/keyserver-hockeypuck-k8s-lookups/rateLimit/sourceCriterion/ipStrategy",
        "/http/middlewares/keyserver-hockeypuck-k8s-body/buffering",
        "/http/serversTransports/keyserver-hockeypuck-k8s-hkp/forwardingTimeouts"}) {
    json file = published("hkp_only");
    file.at(json::json_pointer(place)) = json::object();
    EXPECT_EQ(working(file), std::nullopt) << place;
  }
}

TEST_P(TraefikFiles, LoadEmptyElementsThatHaveDefaults) {
  json file = published("hkp_only");
  file["http"]["services"]["keyserver-hockeypuck-k8s-hkp"]["loadBalancer"]["sticky"] =
      json::object();
  EXPECT_EQ(working(file), elements_of(file));
}

TEST_P(TraefikFiles, RefuseAnUnknownField) {
  json file = published("hkp_only");
  file["http"]["middlewares"]["keyserver-hockeypuck-k8s-retry"] = {{"again", {{"attempts", 5}}}};
  EXPECT_EQ(working(file), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Proxy, TraefikFiles,
                         ::testing::Values(Program::rehearsal, Program::traefik),
                         ::testing::PrintToStringParamName());

}  // namespace traefik_files_test
