// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/image.hpp"

#include "rehearsal/pods/execution.hpp"
#include "rehearsal/pods/machine.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <regex>
#include <vector>

#include <unistd.h>

namespace rehearsal {
namespace {

namespace fs = std::filesystem;

constexpr const char* description_name = "rehearsal-image.json";

std::map<std::string, std::string> own_environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t equals = text.find('=');
    variables[text.substr(0, equals)] = text.substr(std::min(equals, text.size() - 1) + 1);
  }
  return variables;
}

/// The reason in the last line of an error output: skopeo writes `… level=fatal msg="REASON"`,
/// umoci `⨯ REASON`.
std::string reason_in(const std::string& line) {
  static const std::regex message(R"re(msg="((?:[^"\\]|\\.)*)")re");
  std::smatch match;
  if (!std::regex_search(line, match, message)) {
    return line;
  }
  return std::regex_replace(match[1].str(), std::regex(R"(\\(.))"), "$1");
}

/// Runs skopeo or umoci and returns the first line of its output.
std::string run_tool(const std::string& image, const std::vector<std::string>& argv) {
  std::string first_line;
  std::string last_error;
  const ExecutionResult result =
      pods::run_here({.argv = argv,
                      .environment = own_environment(),
                      .directory = "/",
                      .limit = std::chrono::minutes(30),
                      .on_line = [&](bool is_stderr, const std::string& line) {
                        std::string& kept = is_stderr ? last_error : first_line;
                        kept = is_stderr || kept.empty() ? line : kept;
                      }});
  constexpr int cannot_execute = 127;
  if (result.exit_code == cannot_execute) {
    throw MachineError("image " + image + " needs " + argv.front() +
                       ": install skopeo and umoci, or give a folder");
  }
  if (result.exit_code != 0) {
    throw MachineError("cannot get the image " + image + ": " + reason_in(last_error));
  }
  return first_line;
}

/// How skopeo names the image.
std::string skopeo_name(const std::string& given) {
  static const std::regex transport("(docker:/|oci:|oci-archive:|docker-archive:|dir:).*");
  return std::regex_match(given, transport) ? given : "docker://" + given;
}

/// A folder that is removed at the end, also after a failure.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const fs::path& parent) : path_(parent / "unpacking-XXXXXX") {
    fs::create_directories(parent);
    std::string name = path_.string();
    if (mkdtemp(name.data()) == nullptr) {
      throw MachineError("cannot create a folder in " + parent.string());
    }
    path_ = name;
  }

  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void unpack(const std::string& given, const fs::path& bundle) {
  const TemporaryFolder folder(bundle.parent_path());
  const std::string layout = (folder.path() / "layout").string() + ":image";
  const fs::path unpacked = folder.path() / "bundle";
  std::cerr << "Copying the image " << given << std::endl;
  run_tool(given,
           {"skopeo", "--insecure-policy", "copy", "--quiet", skopeo_name(given), "oci:" + layout});
  run_tool(given, {"umoci", "unpack", "--image", layout, unpacked.string()});
  std::error_code exists;  // Another command was faster.
  fs::rename(unpacked, bundle, exists);
  if (exists && !fs::exists(bundle)) {
    throw MachineError("cannot write " + bundle.string() + ": " + exists.message());
  }
}

/// The machine's programs would hide the image's.
void check_shared(const fs::path& folder) {
  if (!shares_machine(folder)) {
    return;
  }
  for (const char* name : {"usr", "bin", "sbin", "lib", "lib64", "proc", "sys", "dev"}) {
    if (fs::exists(folder / name)) {
      throw MachineError("the image " + folder.string() + " has both /" + name + " and " +
                         description_name + ": remove one of them");
    }
  }
}

}  // namespace

bool shares_machine(const fs::path& folder) {
  return fs::exists(folder / description_name);
}

Image read_image(const fs::path& folder) {
  if (!fs::is_directory(folder / "rootfs")) {
    return {.root = folder, .environment = {}};
  }
  Image image{.root = folder / "rootfs", .environment = {}};
  std::ifstream file(folder / "config.json");
  try {
    const nlohmann::json process = nlohmann::json::parse(file).at("process");
    image.directory = process.value("cwd", image.directory);
    for (const std::string& text : process.value("env", std::vector<std::string>())) {
      const std::size_t equals = text.find('=');
      // umoci adds TERM, which a container without a terminal does not have.
      if (equals != std::string::npos && text != "TERM=xterm") {
        image.environment[text.substr(0, equals)] = text.substr(equals + 1);
      }
    }
  } catch (const nlohmann::json::exception& error) {
    throw MachineError((folder / "config.json").string() +
                       " is not the configuration of an OCI bundle: " + error.what());
  }
  return image;
}

fs::path provide_image(const std::string& given, const fs::path& cache) {
  if (fs::is_directory(given)) {
    check_shared(given);
    return fs::canonical(given);
  }
  if (given.empty() || given[0] == '/' || given[0] == '.') {
    throw MachineError("image folder " + given + " does not exist");
  }
  std::string digest = run_tool(given, {"skopeo", "--insecure-policy", "inspect", "--format",
                                        "{{.Digest}}", skopeo_name(given)});
  std::replace(digest.begin(), digest.end(), ':', '-');
  const fs::path bundle = cache / digest;
  if (!fs::exists(bundle)) {
    unpack(given, bundle);
  }
  return bundle;
}

}  // namespace rehearsal
