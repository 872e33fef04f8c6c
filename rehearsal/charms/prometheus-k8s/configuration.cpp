// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "configuration.hpp"

#include "charm/domain/error.hpp"
#include "charm/json/json_text.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace prometheus {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;
using Files = std::map<std::string, std::string>;

/// A new folder with these files, removed at the end.
class Folder {
 public:
  explicit Folder(const Files& files) {
    std::string name = "/tmp/promtool-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
      throw charm::Error("cannot create a folder in /tmp");
    }
    path_ = name;
    for (const auto& [file, content] : files) {
      fs::create_directories((path_ / file).parent_path());
      std::ofstream(path_ / file) << content;
    }
  }

  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  [[nodiscard]] std::string path(const std::string& file) const { return path_ / file; }

 private:
  fs::path path_;
};

/// Returns promtool's errors on one line, without the path of the file.
std::string errors_in(const std::string& text, const std::string& path) {
  std::istringstream lines(text);
  std::string joined;
  for (std::string line; std::getline(lines, line);) {
    line.erase(0, line.find_first_not_of(' '));
    for (const std::string& prefix : {std::string("FAILED:"), " parsing YAML file " + path + ":",
                                      path + ":", std::string(" ")}) {
      if (line.starts_with(prefix)) {
        line.erase(0, prefix.size());
      }
    }
    if (!line.empty()) {
      joined += (joined.empty() ? "" : " ") + line;
    }
  }
  return joined;
}

std::string check(charm::juju::CommandRunner& runner, const std::vector<std::string>& what,
                  const std::string& path) {
  std::vector<std::string> argv = {"promtool", "check"};
  argv.insert(argv.end(), what.begin(), what.end());
  argv.push_back(path);
  const charm::juju::CommandResult result = runner.run(argv, {});
  if (result.exit_code == 127) {
    throw charm::Error("cannot run promtool: " + result.err);
  }
  const std::string errors = errors_in(result.err, path);
  return result.exit_code == 0 ? "" : errors.empty() ? "promtool gave no reason" : errors;
}

}  // namespace

std::map<std::string, std::string> configuration(const Intervals& intervals, std::vector<json> jobs,
                                                 const std::vector<RuleFile>& rules) {
  const json own_target = {{"targets", json::array({"localhost:9090"})}};
  json scraped = json::array({{{"job_name", "prometheus"},
                               {"scrape_interval", "5s"},
                               {"static_configs", json::array({own_target})}}});
  for (json& job : jobs) {
    job["honor_labels"] = true;
    scraped.push_back(std::move(job));
  }
  const json prometheus = {
      {"global",
       {{"scrape_interval", intervals.scrape}, {"evaluation_interval", intervals.evaluation}}},
      {"rule_files", json::array({"rules/juju_*.rules"})},
      {"scrape_configs", std::move(scraped)}};
  std::map<std::string, std::string> files = {{"prometheus.yml", charm::json_text(prometheus)}};
  for (const RuleFile& file : rules) {
    files["rules/juju_" + file.name + ".rules"] = charm::json_text(file.content);
  }
  return files;
}

std::string Promtool::error_in_rules(const json& rules) const {
  const std::string name = "rules/validate_rule.yaml";
  const Folder folder(Files{{name, charm::json_text(rules)}});
  const std::string error = check(*runner_, {"rules"}, folder.path(name));
  return error.empty() ? "" : "error validating " + name + ": [" + error + "]";
}

std::string Promtool::error_in_jobs(const std::vector<json>& jobs) const {
  const Folder folder(Files{{"jobs.yml", charm::json_text({{"scrape_configs", jobs}})}});
  return check(*runner_, {"config", "--syntax-only"}, folder.path("jobs.yml"));
}

std::string Promtool::error_in(const Files& files) const {
  const Folder folder(files);
  return check(*runner_, {"config"}, folder.path("prometheus.yml"));
}

}  // namespace prometheus
