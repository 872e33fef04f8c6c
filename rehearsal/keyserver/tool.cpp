// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/tool.hpp"

#include "rehearsal/keyserver/connection_string.hpp"
#include "rehearsal/keyserver/recon_log.hpp"

namespace rehearsal::keyserver {

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

}  // namespace rehearsal::keyserver
