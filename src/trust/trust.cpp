// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/trust/trust.hpp"

#include "charm/domain/certificates.hpp"
#include "charm/domain/statuses.hpp"
#include "charm/workload/workload.hpp"

namespace charm {

Decision keep_trust(const Plan& plan, const Snapshot& snapshot) {
  if (const Refusal* fault = fault_of_pebble(Concern::trust, snapshot.history)) {
    return say(statuses::untrusted_certificates(fault->reason));
  }
  const std::string wanted = trust::bundle(plan.certificates);
  if (snapshot.workload->trusted_certificates == wanted) {
    return {};
  }
  if (wanted.empty()) {
    return do_it(Concern::trust, step::RemovePaths{{std::string(trust::path)}, false},
                 "removing the received certificates");
  }
  return do_it(Concern::trust,
               step::PlaceFiles{{{.path = std::string(trust::directory)}},
                                {{.path = std::string(trust::path), .content = wanted}}},
               "trusting the received certificates: " + std::to_string(plan.certificates.size()));
}

}  // namespace charm
