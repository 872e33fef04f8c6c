// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// Servers with a certificate of a private authority, and the relation that provides the authority.
#include "tests/e2e/rehearsal_test.hpp"
#include "tests/support/certificate_authority.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/file_text.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

namespace test {
namespace certificates_test {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* trusted_file = "/etc/ssl/certs/hockeypuck-k8s.pem";
constexpr const char* data = "/hockeypuck/data/";

/// Serves the files of its folder, and appends posted data to the file `posted`.
constexpr const char* server_program = R"(
import http.server, ssl
class Handler(http.server.SimpleHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        with open('posted', 'ab') as kept:
            kept.write(body)
        self.send_response(204)
        self.end_headers()
server = http.server.ThreadingHTTPServer(('127.0.0.1', 8766), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('server.crt', 'server.key')
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
)";

/// A charm that publishes its authority, and offers a Loki.
constexpr const char* charm_metadata = R"(
name: private-cloud
provides:
  send-ca-cert: {interface: certificate_transfer}
  logging: {interface: loki_push_api}
)";
constexpr const char* charm_dispatch = R"sh(#!/bin/bash
set -e
for id in $(relation-ids send-ca-cert); do
  relation-set -r "$id" --app "certificates=$(cat certificates.json)" version=1
done
for id in $(relation-ids logging);
do
  relation-set -r "$id" 'endpoint={"url": "https://127.0.0.1:8766/loki/api/v1/push"}'
done
status-set active
)sh";

class PrivateAuthority : public RehearsalTest {
 protected:
  void SetUp() override {
    make_authority(folder_.path(), "ca");
    make_server_certificate(folder_.path(), {"IP:127.0.0.1"});
    model.deploy_all();
    for (const auto* const name : {"server.crt", "server.key"}) {
      model.write_to_storage(name, file_text(folder_.path() / name));
    }
    model.write_to_storage("server.py", server_program);
    model.write_to_storage("key.asc", file_text(fs::path(TEST_DATA_DIR) / "e2e/alice.asc"));
    model.workload_output(
        std::string("cd ") + data +
        " && setsid /usr/bin/python3 server.py >/dev/null 2>&1 & "
        "until curl --silent --insecure https://127.0.0.1:8766/; do sleep 0.1; done");
  }

  /// Deploys the provider, with the authority's certificate.
  void deploy_provider() {
    const fs::path charm = folder_.path() / "charm";
    fs::create_directory(charm);
    std::ofstream(charm / "metadata.yaml") << charm_metadata;
    std::ofstream(charm / "certificates.json")
        << json::array({file_text(folder_.path() / "ca.crt")}).dump();
    std::ofstream(charm / "dispatch") << charm_dispatch;
    fs::permissions(charm / "dispatch",
                    fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read);
    model.rehearse({"deploy", charm.string()});
    model.rehearse({"integrate", "hockeypuck-k8s:receive-ca-cert", "private-cloud:send-ca-cert"});
    ASSERT_TRUE(model.becomes("active"));
  }

  Task load_from_the_web() {
    const std::string key = file_text(fs::path(TEST_DATA_DIR) / "e2e/alice.asc");
    const std::string digest = model.workload_output(std::string("sha256sum ") + data + "key.asc");
    return model.act("load-keys",
                     {"urls=" + digest.substr(0, 64) + "  https://127.0.0.1:8766/key.asc"});
  }

  TemporaryDirectory folder_{"authority"};
};

TEST_F(PrivateAuthority, IsTrustedAsLongAsTheRelationBringsIt) {
  const std::string process = process_id();
  Task task = load_from_the_web();
  EXPECT_TRUE(task.failed);
  EXPECT_NE(task.message.find("SSL"), std::string::npos) << task.message;

  deploy_provider();
  EXPECT_EQ(model.workload_output(std::string("cat ") + trusted_file) + "\n",
            file_text(folder_.path() / "ca.crt"));
  task = load_from_the_web();
  EXPECT_FALSE(task.failed) << task.message;
  EXPECT_EQ(task.result("added"), "1");
  expect_settled();

  model.rehearse(
      {"remove-relation", "hockeypuck-k8s:receive-ca-cert", "private-cloud:send-ca-cert"});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(model.in_workload({"ls", trusted_file}).status, 2);
  EXPECT_TRUE(load_from_the_web().failed);
  EXPECT_EQ(process_id(), process) << "no certificate restarts the keyserver";
}

TEST_F(PrivateAuthority, LetsPebbleSendLogsToALokiBehindIt) {
  const std::string process = process_id();
  deploy_provider();
  model.rehearse({"integrate", "hockeypuck-k8s:logging", "private-cloud:logging"});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_TRUE(eventually([this] {
    EXPECT_NE(http_status("/pks/lookup?op=index&search=behind-an-authority"), 0);
    return model
               .in_workload(
                   {"grep", "--quiet", "behind-an-authority", std::string(data) + "posted"})
               .status == 0;
  }));
  EXPECT_EQ(process_id(), process);
}

}  // namespace certificates_test
}  // namespace test
