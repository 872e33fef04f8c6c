// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gnupg.hpp"

#include "tests/support/file_text.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace test {
namespace {

std::vector<std::string> fields_of(const std::string& record) {
  std::vector<std::string> fields;
  std::istringstream line(record);
  for (std::string field; std::getline(line, field, ':');) {
    fields.push_back(field);
  }
  return fields;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return text;
}

void write(const std::filesystem::path& path, const std::string& contents) {
  std::ofstream(path, std::ios::binary) << contents;
}

}  // namespace

// gpg waits a few seconds for an agent that it starts. This waits only until the agent listens.
Gnupg::Gnupg() : home_("gpg") {
  conf("--launch");
}

// Otherwise the agent stays until it notices that its folder is gone.
Gnupg::~Gnupg() {
  try {
    conf("--kill");
  } catch (const std::exception& error) {
    std::cerr << "gpg-agent was not ended: " << error.what() << '\n';
  }
}

void Gnupg::conf(const std::string& change) {
  test::run({.arguments = {"gpgconf", change, "gpg-agent"},
             .environment = {"GNUPGHOME=" + home_.path().string()}});
}

CommandResult Gnupg::run(const std::vector<std::string>& arguments, const std::string& input) {
  std::vector<std::string> all{"gpg",      "--batch",      "--no-tty", "--quiet", "--pinentry-mode",
                               "loopback", "--passphrase", ""};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return test::run(
      {.arguments = all, .environment = {"GNUPGHOME=" + home_.path().string()}, .input = input});
}

std::string Gnupg::must_run(const std::vector<std::string>& arguments, const std::string& input) {
  const CommandResult result = run(arguments, input);
  if (result.status != 0) {
    throw std::runtime_error("gpg: " + result.error);
  }
  return result.output;
}

bool Gnupg::import_keys(const std::string& keys) {
  return run({"--import"}, keys).status == 0;
}

std::vector<std::string> Gnupg::fingerprints() {
  std::istringstream records(must_run({"--with-colons", "--list-keys"}));
  std::vector<std::string> found;
  bool primary = false;
  for (std::string record; std::getline(records, record);) {
    const std::vector<std::string> fields = fields_of(record);
    if (fields.front() == "fpr" && primary) {
      found.push_back(lower(fields.at(9)));
    }
    primary = fields.front() == "pub";
  }
  std::ranges::sort(found);
  return found;
}

std::vector<std::string> Gnupg::listing(const std::string& fingerprint) {
  std::istringstream records(must_run({"--with-colons", "--list-sigs", fingerprint}));
  std::vector<std::string> types;
  for (std::string record; std::getline(records, record);) {
    const std::string type = fields_of(record).front();
    if (type != "fpr" && type != "tru") {
      types.push_back(type);
    }
  }
  return types;
}

std::vector<std::vector<std::string>> Gnupg::checked_records(const std::string& fingerprint) {
  std::istringstream lines(must_run({"--with-colons", "--check-sigs", fingerprint}));
  std::vector<std::vector<std::string>> records;
  for (std::string line; std::getline(lines, line);) {
    records.push_back(fields_of(line));
  }
  return records;
}

bool Gnupg::verifies(const std::string& message, const std::string& signature) {
  write(home_.path() / "message", message);
  write(home_.path() / "signature", signature);
  return run({"--verify", home_.path() / "signature", home_.path() / "message"}).status == 0;
}

std::string Gnupg::sign(const std::string& text, const std::string& signer,
                        const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"--armor", "--detach-sign", "-u", signer};
  arguments.insert(arguments.begin(), more.begin(), more.end());
  return must_run(arguments, text);
}

std::string Gnupg::generate(const std::string& user_id, const std::string& algorithm,
                            const std::string& usage, const std::string& expires,
                            const std::string& created) {
  const std::string status = must_run({"--status-fd", "1", "--faked-system-time", created,
                                       "--quick-gen-key", user_id, algorithm, usage, expires});
  std::smatch match;
  if (!std::regex_search(status, match, std::regex("KEY_CREATED . ([0-9A-F]{40})"))) {
    throw std::runtime_error("gpg made no key: " + status);
  }
  return lower(match[1]);
}

void Gnupg::add_signing_subkey(const std::string& fingerprint) {
  must_run({"--faked-system-time", "20250101T120000", "--quick-add-key", fingerprint, "ed25519",
            "sign"});
}

void Gnupg::revoke(const std::string& fingerprint) {
  std::string upper = fingerprint;
  std::ranges::transform(upper, upper.begin(), [](unsigned char letter) {
    return static_cast<char>(std::toupper(letter));
  });
  const std::string text = file_text(home_.path() / "openpgp-revocs.d" / (upper + ".rev"));
  // gpg puts a colon before the armor to prevent an import by mistake.
  const std::string certificate = std::regex_replace(text, std::regex(":-----BEGIN"), "-----BEGIN");
  must_run({"--import"}, certificate);
}

std::string Gnupg::public_key(const std::string& fingerprint) {
  std::vector<std::string> arguments{"--armor", "--export"};
  if (!fingerprint.empty()) {
    arguments.push_back(fingerprint);
  }
  return must_run(arguments);
}

std::string Gnupg::secret_key(const std::string& fingerprint) {
  return must_run({"--armor", "--export-secret-keys", fingerprint});
}

}  // namespace test
