// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/tools.hpp"

#include "rehearsal/keyserver/keyserver.hpp"
#include "rehearsal/keyserver/octets.hpp"
#include "rehearsal/keyserver/verification.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <glob.h>

namespace rehearsal::keyserver {
namespace {

/// Hockeypuck's bounds.
constexpr std::size_t least_for_bulk = 3500;
constexpr std::size_t most_errors = 100;

struct Outcome {
  std::size_t inserted = 0;
  std::size_t duplicates = 0;
  std::vector<std::string> errors = {};
};

/// In quotes as Go's `%q` writes it.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string summary(const Outcome& outcome) {
  std::string errors;
  for (const std::string& error : outcome.errors) {
    errors += (errors.empty() ? "" : " ") + quoted(error);
  }
  return std::to_string(outcome.duplicates) + " duplicates, " +
         std::to_string(outcome.errors.size()) + " errors, 0 warnings; errors: [" + errors + "]";
}

class Stopwatch {
 public:
  /// "0.1234s"
  std::string text() const {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
    return std::to_string(passed.count()) + "s";
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::vector<std::string> matches(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> files;
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  globfree(&found);
  return files;
}

/// Throws std::runtime_error.
std::string contents(const std::string& file) {
  if (std::filesystem::is_directory(file)) {
    throw std::runtime_error("read " + file + ": is a directory");
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw std::runtime_error("open " + file + ": " + std::strerror(errno));
  }
  std::ostringstream octets;
  octets << stream.rdbuf();
  return octets.str();
}

std::vector<Certificate> valid(std::vector<Certificate> certificates, Log& log) {
  std::erase_if(certificates, [&log](Certificate& certificate) {
    const bool keep = keep_valid_parts(certificate, false);
    if (!keep) {
      log.error("validation error, ignoring: no valid self-signatures");
    }
    return !keep;
  });
  return certificates;
}

void insert_one(const ToolContext& context, const Certificate& certificate, Outcome& outcome) {
  if (context.storage.insert(certificate)) {
    context.tree.add(digest_of(certificate));
    ++outcome.inserted;
  } else if (context.storage.find(certificate.key.fingerprint)) {
    ++outcome.duplicates;
  } else {
    throw std::runtime_error("key not found");
  }
}

void insert_one_by_one(const ToolContext& context, const std::vector<Certificate>& certificates,
                       Outcome& outcome) {
  for (const Certificate& certificate : certificates) {
    if (const std::size_t errors = outcome.errors.size(); errors > most_errors) {
      outcome.errors.push_back("too many insert errors (" + std::to_string(errors) + " > " +
                               std::to_string(most_errors) + "), bailing...");
      return;
    }
    try {
      insert_one(context, certificate, outcome);
    } catch (const std::exception& error) {
      outcome.errors.push_back(driver_text(error));
    }
  }
}

/// False: nothing was inserted.
bool insert_at_once(const ToolContext& context, const std::vector<Certificate>& certificates,
                    Outcome& outcome) {
  const Stopwatch stopwatch;
  context.log.info("inserting batch of " + std::to_string(certificates.size()) + " keys");
  try {
    const BulkInsertion insertion = context.storage.insert_in_bulk(certificates);
    std::ranges::for_each(insertion.digests,
                          [&](const std::string& digest) { context.tree.add(digest); });
    outcome.inserted = insertion.digests.size();
    outcome.duplicates = insertion.duplicates;
    context.log.info(
        std::to_string(outcome.inserted) + " keys and " + std::to_string(insertion.subkeys) +
        " subkeys bulk-inserted, 0 keys deleted, " + std::to_string(outcome.duplicates) +
        " duplicates skipped (0 keys, 0 subkeys, 0 userids with NULLs) in " + stopwatch.text());
    return true;
  } catch (const BulkFailure& failure) {
    context.log.warning(failure.what());
    outcome.errors.push_back(failure.reason());
  } catch (const std::exception& error) {
    context.log.warning("could not insert keys: " + driver_text(error));
    outcome.errors.push_back(driver_text(error));
  }
  return false;
}

Outcome insert(const ToolContext& context, const std::vector<Certificate>& certificates) {
  Outcome outcome;
  const bool many = certificates.size() >= least_for_bulk;
  if (!many || !insert_at_once(context, certificates, outcome)) {
    context.log.info("bulk insertion " +
                     std::string(many ? "failed" : "skipped (small number of keys)") +
                     "; reverting to normal insertion");
    insert_one_by_one(context, certificates, outcome);
  }
  return outcome;
}

void load(const ToolContext& context, const std::string& file) {
  Log& log = context.log;
  const std::string name = quoted(file);
  log.info("processing file " + name + "...");
  std::vector<Certificate> certificates;
  try {
    certificates =
        read_certificates(contents(file), reading_limits(context.configuration)).certificates;
  } catch (const std::exception& error) {
    log.error(std::string("error reading key: ") + error.what());
    return;
  }
  log.info("found " + std::to_string(certificates.size()) + " keys in " + name + "...");
  const Stopwatch stopwatch;
  const Outcome outcome = insert(context, valid(std::move(certificates), log));
  if (outcome.duplicates > 0 || !outcome.errors.empty()) {
    log.error("some keys failed to insert from " + name + ": " + summary(outcome));
  }
  for (const std::string& error : outcome.errors) {
    log.error("insert error: " + error);
  }
  if (outcome.inserted > 0) {
    log.info("inserted " + std::to_string(outcome.inserted) + ", updated 0 keys from " + name +
             " in " + stopwatch.text());
  }
}

}  // namespace

void run_tool(const Configuration& configuration,
              const std::function<void(const ToolContext&)>& work) {
  Log log(configuration.log_level, "");
  Storage storage(libpq_connection_string(configuration.dsn), configuration.query_limit);
  PrefixTree tree(configuration.tree_path, log);
  const std::size_t total = tree.size();
  work({configuration, storage, tree, log});
  const ReconLog recon_log(log, "recon", configuration.recon_address);
  recon_log.info("recon processing: stopping");
  recon_log.info("recon processing: stopped");
  recon_log.info("recon peer: stopping");
  tree.mutate();
  recon_log.info("recon peer: stopped");
  write_tree_statistics(configuration.tree_path, total);
}

void build_tree(const ToolContext& context) {
  for (const std::string& digest : context.storage.digests()) {
    context.tree.add(digest);
  }
  // Hockeypuck 2.3.3 always says this: it counts keys one by one, and is told of all at once.
  context.log.error("notify failed: KeyChange event type not supported");
}

void load_keys(const ToolContext& context, const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    for (const std::string& file : matches(pattern)) {
      load(context, file);
    }
  }
}

}  // namespace rehearsal::keyserver
