// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

namespace test {

/// The status of one unit in `rehearse status`.
struct ShownStatus {
  std::string word;
  std::string message;

  bool operator==(const ShownStatus&) const = default;
};

/// One dispatch, as `rehearse show-hooks` reports it.
struct Hook {
  std::string event;
  std::string outcome;
  double wall_milliseconds = 0;
  /// Hook tool calls that change the model: a databag, a port.
  int writes = 0;

  bool operator==(const Hook&) const = default;
};

/// The result of an action.
struct Task {
  bool failed = false;
  std::string message;
  std::map<std::string, std::string> results;

  [[nodiscard]] std::string result(const std::string& key) const {
    const auto found = results.find(key);
    return found == results.end() ? "" : found->second;
  }
};

/// Parameters of an action, `key=value`, in the form that `juju run` reads: short numbers and truth
/// values unquoted, every other value as a quoted string.
[[nodiscard]] std::vector<std::string> as_yaml(std::vector<std::string> parameters);

/// A dispatch in a pod of a rehearsed model, seen from the machine while `rehearse` itself is busy
/// with it.
class PodProcess {
 public:
  explicit PodProcess(pid_t pid) : pid_(pid) {}

  /// Waits until a file of a container of its pod contains the text. False if the dispatch ended
  /// earlier.
  [[nodiscard]] bool wait_for_file(const std::string& path, const std::string& text) const;

  /// Ends it as a lost node would: SIGKILL.
  void kill() const;

 private:
  pid_t pid_;
};

/// A model of the test in a temporary directory, run only with the program `rehearse`. The
/// destructor destroys it with everything in it.
class RehearsedModel {
 public:
  explicit RehearsedModel(int seed = 1);
  RehearsedModel(const RehearsedModel&) = delete;
  RehearsedModel& operator=(const RehearsedModel&) = delete;
  ~RehearsedModel();

  /// Runs `rehearse` with these arguments.
  CommandResult attempt(const std::vector<std::string>& arguments);
  /// The same in the background. Other commands wait until it has ended.
  std::unique_ptr<ChildProcess> beside(const std::vector<std::string>& arguments);
  /// The same as attempt(), but throws std::runtime_error with its message if it fails. Returns its
  /// output.
  std::string rehearse(const std::vector<std::string>& arguments);

  void deploy_postgresql(const std::vector<std::string>& more = {});
  void deploy_hockeypuck(const std::vector<std::string>& more = {});
  void integrate();
  /// Deploys both, integrates them, and waits until all units are active.
  void deploy_all();
  /// Runs the next update-status of each unit.
  void update_status();

  [[nodiscard]] ShownStatus status(const std::string& unit = "hockeypuck-k8s/0");
  [[nodiscard]] bool becomes(const std::string& word, const std::string& message = {},
                             const std::string& app = "hockeypuck-k8s");
  /// Runs an action to its end, successful or not.
  Task act(const std::string& action, const std::vector<std::string>& parameters = {},
           const std::string& unit = "hockeypuck-k8s/0");
  /// Sets options: `key=value`.
  void config(const std::vector<std::string>& settings);
  /// Runs an action of the database's leader; returns the result `key`.
  std::string database_action(const std::string& action,
                              const std::vector<std::string>& parameters = {});
  std::string sql(const std::string& query);
  /// The same in the keyserver's database.
  std::string keys_sql(const std::string& query);

  /// Runs a command in the workload container as root.
  CommandResult in_workload(const std::vector<std::string>& command,
                            const std::string& unit = "hockeypuck-k8s/0");
  std::string workload_output(const std::string& script,
                              const std::string& unit = "hockeypuck-k8s/0");

  /// Writes a file to the first unit's volume, which is at /hockeypuck/data in its pod.
  void write_to_storage(const std::string& name, const std::string& content) const;
  /// Reads the files with this ending in a folder of that volume.
  [[nodiscard]] std::vector<std::string> read_from_storage(const std::string& folder,
                                                           const std::string& ending) const;

  [[nodiscard]] std::vector<Hook> hooks(const std::string& app = "hockeypuck-k8s");
  [[nodiscard]] std::string debug_log();
  /// The stored state of the model, as JSON.
  [[nodiscard]] nlohmann::json kept() const;
  /// The content of a file with this name on some unit's storage, read from outside; empty if there
  /// is none.
  [[nodiscard]] std::string on_storage(const std::string& name) const;
  /// Opens a port of 127.0.0.1 that leads to the unit's port.
  std::string forward(int port, const std::string& unit = "hockeypuck-k8s/0");
  /// Waits for a dispatch of this model that has `NAME=value` in its environment. Throws
  /// std::runtime_error if there is none within 30 seconds.
  [[nodiscard]] PodProcess wait_for_dispatch(const std::string& variable) const;

 private:
  [[nodiscard]] Command command(const std::vector<std::string>& arguments) const;
  [[nodiscard]] std::filesystem::path storage() const;

  TemporaryDirectory directory_;
};

}  // namespace test
