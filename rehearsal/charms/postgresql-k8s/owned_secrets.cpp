// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "owned_secrets.hpp"

#include "charm/domain/error.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <unistd.h>

namespace postgresql {
namespace {

/// JSON is YAML, which is what the tools read.
class ContentFile {
 public:
  explicit ContentFile(const charm::Databag& content) : path_("/tmp/secret.XXXXXX") {
    const std::string text = nlohmann::json(content).dump();
    const int file = mkstemp(path_.data());
    const bool written =
        file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const int reason = errno;
    if (file >= 0) {
      close(file);
    }
    if (!written) {
      throw std::system_error(reason, std::generic_category(), "write " + path_);
    }
  }

  ContentFile(const ContentFile&) = delete;
  ContentFile& operator=(const ContentFile&) = delete;

  ~ContentFile() { unlink(path_.c_str()); }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

std::string OwnerTools::run(const std::vector<std::string>& argv) const {
  const charm::juju::CommandResult result = runner_->run(argv, "");
  if (result.exit_code != 0) {
    throw charm::Error(argv.front() + ": " + result.err);
  }
  return result.out;
}

std::string OwnerTools::secret_add(const charm::Databag& content) const {
  const ContentFile file(content);
  const std::string uri = run({"secret-add", "--owner", "application", "--file", file.path()});
  return uri.substr(0, uri.find('\n'));
}

void OwnerTools::secret_set(const std::string& uri, const charm::Databag& content) const {
  const ContentFile file(content);
  (void)run({"secret-set", uri, "--file", file.path()});
}

void OwnerTools::secret_grant(const std::string& uri, int relation) const {
  (void)run({"secret-grant", uri, "-r", std::to_string(relation)});
}

void OwnerTools::secret_remove(const std::string& uri) const {
  (void)run({"secret-remove", uri});
}

void OwnerTools::secret_remove(const std::string& uri, int revision) const {
  (void)run({"secret-remove", uri, "--revision", std::to_string(revision)});
}

void OwnerTools::point_service(const std::string& name, const std::string& unit) const {
  (void)run({"rehearsal-service", "set", name, unit});
}

}  // namespace postgresql
