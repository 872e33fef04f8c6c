// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/configuration.hpp"
#include "rehearsal/keyserver/keyserver.hpp"
#include "rehearsal/keyserver/log.hpp"
#include "rehearsal/keyserver/partners.hpp"
#include "rehearsal/keyserver/prefix_tree.hpp"

#include <string>
#include <vector>

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace rehearsal::keyserver {

/// The OpenPGP HTTP Keyserver Protocol with the answers of Hockeypuck 2.3.3, as far as the charm,
/// its operators and other keyservers use them. Refuses any other operation by name. Safe to use
/// from several threads.
class Hkp {
 public:
  Hkp(const Configuration& configuration, Keyserver& keyserver, const PrefixTree& tree,
      const Partners& partners, Log& log)
      : configuration_(configuration),
        keyserver_(keyserver),
        tree_(tree),
        partners_(partners),
        log_(log) {}

  /// Never throws: a fault becomes an answer with status 500 and a line in the log.
  void answer(const httplib::Request& request, const std::string& body,
              httplib::Response& response);

 private:
  void route(const httplib::Request& request, const std::string& body, httplib::Response& response);
  void lookup(const httplib::Request& request, httplib::Response& response);
  void get(const std::vector<Certificate>& found, httplib::Response& response) const;
  void upload(const httplib::Request& request, const std::string& body,
              httplib::Response& response);
  void administrate(const httplib::Request& request, const std::string& body,
                    httplib::Response& response);
  void show(const char* operation, const Changes& changes, httplib::Response& response);
  void hash_query(const std::string& body, httplib::Response& response);
  void statistics(httplib::Response& response);

  const Configuration& configuration_;
  Keyserver& keyserver_;
  const PrefixTree& tree_;
  const Partners& partners_;
  Log& log_;
};

}  // namespace rehearsal::keyserver
