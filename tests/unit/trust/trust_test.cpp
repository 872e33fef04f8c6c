// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/trust/trust.hpp"

#include "charm/domain/certificates.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

const std::string trusted_file{trust::path};

Snapshot holding(const std::string& certificates) {
  Snapshot snapshot;
  snapshot.workload.emplace().trusted_certificates = certificates;
  return snapshot;
}

Plan trusting(const Certificates& certificates) {
  Plan plan;
  plan.certificates = certificates;
  return plan;
}

std::optional<Step::What> step_of(const Decision& decision) {
  return decision.step ? std::optional(decision.step->what) : std::nullopt;
}

TEST(Trust, WritesAllCertificatesToOneFile) {
  const Step::What placing =
      step::PlaceFiles{{{.path = "/etc/ssl/certs"}}, {{.path = trusted_file, .content = "a\nb\n"}}};
  for (const auto* const found : {"", "a\n", "c\n"}) {
    EXPECT_EQ(step_of(keep_trust(trusting({"b\n", "a\n"}), holding(found))), placing) << found;
  }
  EXPECT_EQ(step_of(keep_trust(trusting({"b\n", "a\n"}), holding("a\nb\n"))), std::nullopt);
}

TEST(Trust, RemovesTheFileWithTheLastCertificate) {
  const Step::What removal = step::RemovePaths{{trusted_file}, false};
  EXPECT_EQ(step_of(keep_trust({}, holding("a\n"))), removal);
  EXPECT_EQ(step_of(keep_trust({}, holding(""))), std::nullopt);
}

TEST(Trust, TellsWhyTheFileCannotBeWrittenAndLetsTheRestGoOn) {
  Snapshot snapshot = holding("");
  const Decision placing = keep_trust(trusting({"a\n"}), snapshot);
  ASSERT_TRUE(placing.step);
  snapshot.history.add({*placing.step, Refusal{Refusal::By::file_system, "read-only file system"}});
  const Decision then = keep_trust(trusting({"a\n"}), snapshot);
  EXPECT_EQ(then.step, std::nullopt);
  EXPECT_EQ(
      then.statuses,
      (std::vector<Status>{
          {StatusKind::active, "received certificates are not trusted: read-only file system"}}));
}

}  // namespace
}  // namespace charm
