// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/cluster.hpp"

#include "rehearsal/pods/cluster_state.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/file_text.hpp"
#include "tests/unit/rehearsal/pods/cluster_fixture.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <fstream>
#include <thread>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using rehearsal::Cluster;
using rehearsal::MachineError;
using rehearsal::pods::ClusterState;
using std::chrono::milliseconds;
using test::Printed;

class Pods : public test::ClusterTest {
 protected:
  ClusterState state() const { return ClusterState::load(directory_.path() / "cluster.json"); }

  std::string health(const std::string& from, const std::string& host) {
    const std::string request =
        "exec 3<>/dev/tcp/" + host +
        "/38813; printf 'GET /v1/health HTTP/1.0\\r\\nHost: x\\r\\n\\r\\n' >&3; cat <&3";
    const Printed printed = charm_shell(from, "bash -c \"" + request + "\"");
    return printed.out.empty() ? "" : printed.out.front();
  }

  /// Pebble listens on the port shortly after its socket exists.
  bool is_healthy(const std::string& from, const std::string& host) {
    return test::eventually([&] { return health(from, host).find("200") != std::string::npos; });
  }
};

TEST_F(Pods, RunPebbleAsTheFirstProcessOfAContainer) {
  cluster_->create_pod(pod("app/0", 5));
  EXPECT_TRUE(cluster_->pod_exists("app/0"));
  EXPECT_TRUE(cluster_->container_running("app/0", "workload"));
  const Printed printed = workload_shell("app/0", "tr '\\0' ' ' < /proc/1/cmdline; hostname");
  ASSERT_EQ(printed.out.size(), 1U);
  EXPECT_EQ(printed.out[0].rfind("/charm/bin/pebble run --create-dirs --hold --http :38813", 0), 0U)
      << printed.out[0];
  EXPECT_NE(printed.out[0].find("app-0"), std::string::npos);
}

TEST_F(Pods, ShareTheNetworkButNotFilesAndProcessesAmongTheirContainers) {
  cluster_->create_pod(pod("app/0", 5));
  EXPECT_TRUE(is_healthy("app/0", "127.0.0.1"));
  charm_shell("app/0", "touch /tmp/mine");
  EXPECT_EQ(workload_shell("app/0", "ls /tmp").out, std::vector<std::string>{});
  EXPECT_EQ(charm_shell("app/0", "tr '\\0' ' ' < /proc/1/cmdline").out,
            std::vector<std::string>{"/charm/bin/pause "});
}

TEST_F(Pods, ReachEachOtherByTheModelsNames) {
  cluster_->create_pod(pod("app/0", 5));
  cluster_->create_pod(pod("other/0", 6));
  cluster_->set_names({{"other.test.svc.cluster.local", {"10.1.0.6"}}});
  EXPECT_TRUE(is_healthy("app/0", "other.test.svc.cluster.local"));
}

TEST_F(Pods, SeeChangedNamesWithoutARestart) {
  cluster_->set_names({{"database", {"10.1.0.7", "10.1.0.8"}}, {"other", {"10.1.0.9"}}});
  cluster_->create_pod(pod("app/0", 5));
  const std::string ask = "getent ahostsv4 database | grep STREAM | cut -d' ' -f1";
  EXPECT_EQ(charm_shell("app/0", ask).out, (std::vector<std::string>{"10.1.0.7", "10.1.0.8"}));
  cluster_->set_names({{"database", {"10.1.0.9"}}});
  EXPECT_EQ(charm_shell("app/0", ask).out, std::vector<std::string>{"10.1.0.9"});
  EXPECT_EQ(workload_shell("app/0", ask).out, std::vector<std::string>{"10.1.0.9"});
  EXPECT_EQ(charm_shell("app/0", "getent hosts other").out, std::vector<std::string>{});
}

TEST_F(Pods, KnowTheirOwnFullName) {
  rehearsal::PodSpec spec = pod("app/0", 5);
  spec.dns_name = "app-0.app-endpoints.test.svc.cluster.local";
  cluster_->create_pod(spec);
  const std::vector<std::string> name = {spec.dns_name};
  EXPECT_EQ(charm_shell("app/0", "hostname -f").out, name);
  EXPECT_EQ(workload_shell("app/0", "hostname -f").out, name);
  cluster_->set_names({{"app-0.app-endpoints.test", {"10.1.0.5"}}});
  EXPECT_EQ(charm_shell("app/0", "hostname -f").out, name);
}

TEST_F(Pods, AreUnknownToTheMachinesOwnNetwork) {
  const std::string before = test::file_text("/proc/net/dev");
  cluster_->create_pod(pod("app/0", 5));
  std::istringstream lines(test::file_text("/proc/net/dev"));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_EQ(line.find("pod"), std::string::npos) << line;
  }
}

TEST_F(Pods, OfTwoModelsMayHaveTheSameAddress) {
  const test::TemporaryDirectory second("pods");
  Cluster other(second.path(), "second",
                rehearsal::find_programs(fs::path(BUILD_DIR) / "rehearsal/pods"));
  cluster_->create_pod(pod("app/0", 5));
  other.create_pod(pod("app/0", 5));
  EXPECT_TRUE(other.pod_exists("app/0"));
  other.destroy();
  EXPECT_TRUE(cluster_->container_running("app/0", "workload"));
}

/// Pebble's answer if this user asks it to make a directory; nothing if the user may not connect.
std::string make_directory_as(uid_t user, const fs::path& socket_path) {
  const std::string body = R"({"action":"make-dirs","dirs":[{"path":"/made-by-charm"}]})";
  const std::string request =
      "POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Connection: close\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  const int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(seteuid(user), 0);  // Pebble sees the user that connects, not the user that sends.
  const int connected =
      connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int why = errno;
  EXPECT_EQ(seteuid(0), 0);
  errno = why;
  if (connected != 0) {
    EXPECT_EQ(errno, EACCES);
    close(connection);
    return {};
  }
  EXPECT_GT(write(connection, request.data(), request.size()), 0);
  std::string answer;
  std::array<char, 4096> buffer{};
  for (ssize_t size = 1; size > 0;) {
    size = read(connection, buffer.data(), buffer.size());
    answer.append(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  }
  close(connection);
  return answer;
}

TEST_F(Pods, LetARootlessCharmAdministerPebble) {
  chmod(directory_.path().c_str(), 0755);  // Gives other users access to the socket.
  rehearsal::PodSpec spec = pod("app/0", 5);
  spec.charm_user = 170;
  cluster_->create_pod(spec);
  const fs::path socket_path = cluster_->pebble_socket("app/0", "workload");
  // Pebble answers 401; the stand-in leaves the check to the kernel.
  EXPECT_EQ(make_directory_as(171, socket_path).find("200 OK"), std::string::npos);
  EXPECT_FALSE(fs::exists(cluster_->container_root("app/0", "workload") / "made-by-charm"));
  EXPECT_NE(make_directory_as(170, socket_path).find("200 OK"), std::string::npos);
  EXPECT_TRUE(fs::is_directory(cluster_->container_root("app/0", "workload") / "made-by-charm"));
}

TEST_F(Pods, ShowTheirFilesByPathsOfThisMachine) {
  cluster_->create_pod(pod("app/0", 5));
  const fs::path tools = cluster_->charm_root("app/0") / "var/lib/juju/tools";
  fs::create_directories(tools);
  std::ofstream(tools / "hello") << "#!/bin/sh\necho hello\n";
  chmod((tools / "hello").c_str(), 0755);
  EXPECT_EQ(charm_shell("app/0", "/var/lib/juju/tools/hello").out,
            std::vector<std::string>{"hello"});
  EXPECT_TRUE(fs::is_socket(cluster_->pebble_socket("app/0", "workload")));
}

TEST_F(Pods, KeepStorageWhenTheyAreMadeAgain) {
  rehearsal::PodSpec spec = pod("app/0", 5);
  spec.storage = {{.id = "data/0",
                   .location = "/var/lib/juju/storage/data/0",
                   .container_locations = {{"workload", "/srv/data"}}}};
  cluster_->create_pod(spec);
  workload_shell("app/0", "echo kept > /srv/data/file; echo lost > /srv/file");
  EXPECT_EQ(charm_shell("app/0", "cat /var/lib/juju/storage/data/0/file").out,
            std::vector<std::string>{"kept"});
  cluster_->delete_pod("app/0", milliseconds(500));
  EXPECT_FALSE(cluster_->pod_exists("app/0"));
  cluster_->create_pod(spec);
  EXPECT_EQ(workload_shell("app/0", "cat /srv/data/file /srv/file").out,
            std::vector<std::string>{"kept"});
}

TEST_F(Pods, LetARootlessCharmWriteItsStorage) {
  rehearsal::PodSpec spec = pod("app/0", 5);
  spec.charm_user = 170;
  spec.storage = {{.id = "data/0",
                   .location = "/var/lib/juju/storage/data/0",
                   .container_locations = {{"workload", "/srv/data"}}}};
  const std::string folder = "/var/lib/juju/storage/data/0";
  cluster_->create_pod(spec);
  EXPECT_EQ(charm_shell("app/0", "touch " + folder + "/file; stat -c '%g %a' " + folder).out,
            std::vector<std::string>{"170 2775"});
  workload_shell("app/0", "umask 022; echo kept > /srv/data/root-made");
  cluster_->delete_pod("app/0", milliseconds(500));
  cluster_->create_pod(spec);
  EXPECT_EQ(
      charm_shell("app/0", "cd " + folder + "; echo more >> root-made; cat root-made; ls").out,
      (std::vector<std::string>{"kept", "more", "file", "root-made"}));
}

TEST_F(Pods, CarryTheProgramsAndFilesOfTheirImage) {
  const test::TemporaryDirectory image("image");
  fs::create_directories(image.path() / "hockeypuck/lib");
  std::ofstream(image.path() / "hockeypuck/lib/page") << "welcome\n";
  std::ofstream(image.path() / "rehearsal-image.json")
      << R"({"programs": {"/hockeypuck/bin/list": ["no-such-program", "ls"]}})";
  rehearsal::PodSpec spec = pod("app/0", 5);
  spec.containers[0].image = image.path();
  cluster_->create_pod(spec);
  EXPECT_EQ(
      workload_shell("app/0", "cat /hockeypuck/lib/page; /hockeypuck/bin/list /hockeypuck").out,
      (std::vector<std::string>{"welcome", "bin", "lib"}));
}

TEST_F(Pods, RestartAContainerWithAFreshFileSystem) {
  cluster_->create_pod(pod("app/0", 5));
  workload_shell("app/0", "touch /tmp/old");
  const auto before = state().pods.at("app/0");
  cluster_->restart_container("app/0", "workload");
  EXPECT_EQ(workload_shell("app/0", "ls /tmp").out, std::vector<std::string>{});
  const auto after = state().pods.at("app/0");
  EXPECT_NE(before.containers.at("workload"), after.containers.at("workload"));
  EXPECT_EQ(before.charm, after.charm);
  EXPECT_TRUE(is_healthy("app/0", "10.1.0.5"));
}

TEST_F(Pods, AreSeenAsStoppedWhenPebbleDies) {
  cluster_->create_pod(pod("app/0", 5));
  const auto process = state().pods.at("app/0").containers.at("workload");
  rehearsal::pods::end_process(process);
  EXPECT_FALSE(cluster_->container_running("app/0", "workload"));
  EXPECT_TRUE(cluster_->pod_exists("app/0"));
  cluster_->restart_container("app/0", "workload");
  EXPECT_TRUE(cluster_->container_running("app/0", "workload"));
}

TEST_F(Pods, AreFoundAgainByAnotherCommand) {
  cluster_->create_pod(pod("app/0", 5));
  Cluster later(directory_.path(), "test",
                rehearsal::find_programs(fs::path(BUILD_DIR) / "rehearsal/pods"));
  EXPECT_TRUE(later.container_running("app/0", "workload"));
  EXPECT_THROW(later.create_pod(pod("app/0", 5)), MachineError);
  later.delete_pod("app/0", milliseconds(100));
  EXPECT_FALSE(cluster_->pod_exists("app/0"));
}

TEST_F(Pods, LeaveNoProcessAndNoMountBehind) {
  cluster_->create_pod(pod("app/0", 5));
  cluster_->create_pod(pod("app/1", 6));
  charm_shell("app/0", "sleep 1000 > /dev/null 2>&1 &");
  workload_shell("app/1", "setsid sleep 1000 > /dev/null 2>&1 &");
  cluster_->port_forward("app/0", 0, 38813, true);
  EXPECT_GE(test::processes_of(directory_.path()).size(), 6U);
  EXPECT_EQ(test::file_text("/proc/self/mountinfo").find(directory_.path().string()),
            std::string::npos);
  cluster_->destroy();
  EXPECT_EQ(test::processes_of(directory_.path()), std::vector<int>{});
  EXPECT_FALSE(fs::exists(directory_.path() / "pods"));
}

TEST_F(Pods, GiveTheWorkloadTimeToStop) {
  cluster_->create_pod(pod("app/0", 5));
  workload_shell("app/0", "echo still here >> /charm/container/note");
  const auto begin = std::chrono::steady_clock::now();
  cluster_->delete_pod("app/0", std::chrono::seconds(30));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(29))
      << "Pebble ends on SIGTERM, long before the grace period ends";
}

TEST_F(Pods, SayWhatIsMissingWhenTheyDoNotExist) {
  EXPECT_THROW(charm_shell("app/7", "true"), MachineError);
  EXPECT_THROW((void)cluster_->charm_root("app/7"), MachineError);
  EXPECT_THROW(cluster_->restart_container("app/7", "workload"), MachineError);
  EXPECT_FALSE(cluster_->pod_exists("app/7"));
  EXPECT_NO_THROW(cluster_->delete_pod("app/7", milliseconds(1)));
}

ClusterState example() {
  ClusterState state;
  state.node = {.pid = 12, .started = 345};
  state.pods["app/0"] = {.spec = {.unit = "app/0",
                                  .address = "10.1.0.5",
                                  .dns_name = "app-0.test",
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
  EXPECT_EQ(pod.spec.dns_name, "app-0.test");
  EXPECT_EQ(pod.spec.charm_user, 170U);
  EXPECT_EQ(pod.spec.containers.at(0).image, "/images/one");
  EXPECT_EQ(pod.spec.storage.at(0).container_locations.at("workload"), "/data");
  EXPECT_EQ(pod.charm, example().pods.at("app/0").charm);
  EXPECT_EQ(pod.containers, example().pods.at("app/0").containers);
  ASSERT_EQ(state.forwards.size(), 1U);
  EXPECT_EQ(state.forwards[0].local_port, 8080);
  EXPECT_EQ(state.forwards[0].process, example().forwards[0].process);
}

TEST(ClusterState, IsEmptyAfterTheMachineStartedAgain) {
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
