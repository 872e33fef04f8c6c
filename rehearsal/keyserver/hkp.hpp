// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/configuration.hpp"
#include "rehearsal/keyserver/exchange.hpp"
#include "rehearsal/keyserver/keyserver.hpp"
#include "rehearsal/keyserver/log.hpp"
#include "rehearsal/keyserver/partners.hpp"
#include "rehearsal/keyserver/prefix_tree.hpp"

#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// The OpenPGP HTTP Keyserver Protocol with the answers of Hockeypuck 2.3.3. Safe to use from
/// several threads.
class Hkp {
 public:
  Hkp(const Configuration& configuration, Keyserver& keyserver, const PrefixTree& tree,
      const Partners& partners, Log& log)
      : configuration_(configuration),
        keyserver_(keyserver),
        tree_(tree),
        partners_(partners),
        log_(log) {}

  /// Never throws: a fault is an answer with status 500 and a line in the log.
  Response answer(const Request& request);

 private:
  struct Options {
    bool machine_readable = false;
    bool json = false;
  };

  static Options options_of(const Parameters& parameters);

  Response route(const Request& request);
  Response lookup(const Request& request);
  Response get(const std::vector<Certificate>& found, Options options) const;
  Response index(const std::vector<Certificate>& found, Options options) const;
  Response upload(const Request& request);
  Response administrate(const Request& request);
  Response hash_query(const Request& request);
  Response statistics(const Request& request);

  const Configuration& configuration_;
  Keyserver& keyserver_;
  const PrefixTree& tree_;
  const Partners& partners_;
  Log& log_;
};

}  // namespace rehearsal::keyserver
