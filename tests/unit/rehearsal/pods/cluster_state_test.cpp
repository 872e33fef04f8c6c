// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/cluster_state.hpp"

#include "tests/support/file_text.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/rehearsal/pods/cluster_fixture.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace {

using rehearsal::pods::ClusterState;

ClusterState example() {
  ClusterState state;
  state.node = {.pid = 12, .started = 345};
  state.pods["app/0"] = {.spec = {.unit = "app/0",
                                  .address = "10.1.0.5",
                                  .charm_user = 170,
                                  .containers = {{.name = "workload", .image = "/images/one"}},
                                  .storage = {{.id = "data/0",
                                               .location = "/srv",
                                               .container_locations = {{"workload", "/data"}}}}},
                         .charm = {.pid = 13, .started = 346},
                         .containers = {{"workload", {.pid = 14, .started = 347}}}};
  state.forwards = {{.process = {.pid = 15, .started = 348},
                     .unit = "app/0",
                     .local_port = 8080,
                     .remote_port = 80}};
  return state;
}

TEST(ClusterState, IsReadAsItWasWritten) {
  const test::TemporaryDirectory directory("state");
  example().save(directory.path() / "cluster.json");
  const ClusterState state = ClusterState::load(directory.path() / "cluster.json");
  EXPECT_EQ(state.node, example().node);
  ASSERT_EQ(state.pods.size(), 1U);
  const rehearsal::pods::PodState& pod = state.pods.at("app/0");
  EXPECT_EQ(pod.spec.unit, "app/0");
  EXPECT_EQ(pod.spec.address, "10.1.0.5");
  EXPECT_EQ(pod.spec.charm_user, 170U);
  EXPECT_EQ(pod.spec.containers.at(0).image, "/images/one");
  EXPECT_EQ(pod.spec.storage.at(0).container_locations.at("workload"), "/data");
  EXPECT_EQ(pod.charm, example().pods.at("app/0").charm);
  EXPECT_EQ(pod.containers, example().pods.at("app/0").containers);
  ASSERT_EQ(state.forwards.size(), 1U);
  EXPECT_EQ(state.forwards[0].local_port, 8080);
  EXPECT_EQ(state.forwards[0].process, example().forwards[0].process);
}

TEST(ClusterState, IsEmptyAfterTheMachineStartedAnew) {
  const test::TemporaryDirectory directory("state");
  const auto file = directory.path() / "cluster.json";
  example().save(file);
  auto value = nlohmann::json::parse(test::file_text(file));
  value["boot-id"] = "of another day";
  std::ofstream(file) << value;
  EXPECT_TRUE(ClusterState::load(file).pods.empty());
  EXPECT_EQ(ClusterState::load(file).node, rehearsal::pods::ProcessIdentity{});
}

TEST(ClusterState, ThatCannotBeReadIsAnError) {
  const test::TemporaryDirectory directory("state");
  std::ofstream(directory.path() / "cluster.json") << "{\"boot-id\": ";
  EXPECT_THROW((void)ClusterState::load(directory.path() / "cluster.json"),
               rehearsal::MachineError);
  EXPECT_TRUE(ClusterState::load(directory.path() / "none.json").pods.empty());
}

}  // namespace
