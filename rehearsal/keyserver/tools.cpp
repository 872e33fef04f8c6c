// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/tools.hpp"

#include "rehearsal/keyserver/keyserver.hpp"
#include "rehearsal/keyserver/octets.hpp"
#include "rehearsal/keyserver/verification.hpp"

#include <algorithm>
#include <optional>

#include <glob.h>

namespace rehearsal::keyserver {
namespace {

/// Hockeypuck's limits.
constexpr std::size_t least_for_bulk = 3500;
constexpr std::size_t most_errors = 100;

std::vector<std::string> matches(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> files;
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  globfree(&found);
  return files;
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

/// Returns false for a stored key. Throws for a refused one.
bool insert_one(const ToolContext& context, const Certificate& certificate) {
  if (context.storage.insert(certificate)) {
    context.tree.add(digest_of(certificate));
    return true;
  }
  if (!context.storage.find(certificate.key.fingerprint)) {
    throw std::runtime_error("key not found");
  }
  return false;
}

std::size_t insert_one_by_one(const ToolContext& context,
                              const std::vector<Certificate>& certificates, std::size_t errors) {
  std::size_t inserted = 0;
  for (const Certificate& certificate : certificates) {
    if (errors > most_errors) {
      context.log.error("insert error: too many insert errors (" + std::to_string(errors) + " > " +
                        std::to_string(most_errors) + "), bailing...");
      break;
    }
    try {
      inserted += insert_one(context, certificate) ? 1U : 0U;
    } catch (const std::exception& error) {
      context.log.error(std::string("insert error: ") + error.what());
      ++errors;
    }
  }
  return inserted;
}

/// Returns the number of inserted keys; nothing if one key made all fail.
std::optional<std::size_t> insert_together(const ToolContext& context,
                                           const std::vector<Certificate>& certificates) {
  try {
    const std::vector<std::string> digests = context.storage.insert_in_bulk(certificates);
    std::ranges::for_each(digests, [&](const std::string& digest) { context.tree.add(digest); });
    return digests.size();
  } catch (const std::exception& error) {
    context.log.warning(std::string("could not insert keys: ") + error.what());
    context.log.info("bulk insertion failed; reverting to normal insertion");
    return std::nullopt;
  }
}

void load(const ToolContext& context, const std::string& file) {
  Log& log = context.log;
  log.info("processing file \"" + file + "\"...");
  std::vector<Certificate> certificates;
  try {
    const std::string octets = file_text(file).value_or("");
    certificates = read_certificates(octets, reading_limits(context.configuration)).certificates;
  } catch (const std::exception& error) {
    log.error(std::string("error reading key: ") + error.what());
    return;
  }
  certificates = valid(std::move(certificates), log);
  const bool many = certificates.size() >= least_for_bulk;
  const auto together = many ? insert_together(context, certificates) : std::nullopt;
  const std::size_t inserted =
      together ? *together : insert_one_by_one(context, certificates, many ? 1 : 0);
  if (inserted > 0) {
    log.info("inserted " + std::to_string(inserted) + ", updated 0 keys from \"" + file + "\"");
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
  tree.mutate();
  ReconLog(log, "recon", configuration.recon_address).info("recon peer: stopped");
  write_tree_statistics(configuration.tree_path, total);
}

void build_tree(const ToolContext& context) {
  for (const std::string& digest : context.storage.digests()) {
    context.tree.add(digest);
  }
}

void load_keys(const ToolContext& context, const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    for (const std::string& file : matches(pattern)) {
      load(context, file);
    }
  }
}

}  // namespace rehearsal::keyserver
