// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/digest.hpp"
#include "charm/openpgp/armor.hpp"
#include "charm/openpgp/certificate.hpp"
#include "tests/e2e/rehearsal_test.hpp"
#include "tests/support/generated_keys.hpp"

#include <algorithm>
#include <future>

namespace test {
namespace load_dump_test {

const std::string data = "/hockeypuck/data/";

class LoadDump : public RehearsalTest {
 protected:
  Task run(const std::string& action, const std::vector<std::string>& parameters = {}) {
    return model.act(action, parameters);
  }

  Task load(const std::string& files) { return run("load-keys", {"files=" + files}); }

  void expect_refused(const Task& task, const std::string& words) {
    EXPECT_TRUE(task.failed) << testing::PrintToString(task.results);
    EXPECT_NE(task.message.find(words), std::string::npos) << task.message;
  }

  void write(const std::string& name, const std::string& content) {
    model.write_to_storage(name, content);
  }

  /// A checksum of the digests of all stored keys.
  std::string stored_digests() {
    return model.keys_sql(
        "SELECT encode(sha256(convert_to(string_agg(md5, ' ' ORDER BY md5), 'UTF8')),"
        " 'hex') FROM keys");
  }

  /// The same checksum for the keys in files of the storage.
  std::string digests_in(const std::string& directory, const std::string& ending) {
    std::vector<std::string> digests;
    for (const std::string& content : model.read_from_storage(directory, ending)) {
      for (const auto& certificate : charm::openpgp::read_certificates(content)) {
        digests.push_back(certificate.digest);
      }
    }
    std::sort(digests.begin(), digests.end());
    std::string text;
    for (const std::string& digest : digests) {
      text += (text.empty() ? "" : " ") + digest;
    }
    return charm::sha256(text);
  }
};

TEST_F(LoadDump, AFewKeysAreUploaded) {
  model.deploy_all();
  const auto keys = generated_keys(60);
  ASSERT_FALSE(run("block-keys", {"fingerprints=" + keys[7].fingerprint}).failed);
  const int before = starts();
  write("keys.pgp", packets_of(keys));
  write("other.asc", charm::openpgp::armor(charm::openpgp::ArmorType::public_key,
                                           with_another_user_id(3).packets));
  Task task = load(data + "keys.pgp " + data + "other.asc");
  ASSERT_FALSE(task.failed) << task.message;
  EXPECT_EQ(task.result("keys"), "60");
  EXPECT_EQ(task.result("added"), "59");
  EXPECT_EQ(task.result("blocked"), "1");
  EXPECT_EQ(task.result("repeated"), "1");
  EXPECT_EQ(look_up(keys[0].fingerprint), 200);
  EXPECT_EQ(look_up(keys[7].fingerprint), 404);
  EXPECT_EQ(model.keys_sql("SELECT count(*) FROM keys WHERE md5 = '" +
                           with_another_user_id(3).digest + "'"),
            "1")
      << "merged";
  EXPECT_EQ(starts(), before) << "nothing was restarted";

  task = load(data + "keys.pgp");
  EXPECT_EQ(task.result("added"), "0");
  EXPECT_EQ(task.result("already-stored"), "59");
  EXPECT_EQ(task.result("updated"), "0");
}

TEST_F(LoadDump, NothingIsLoadedUnlessEveryFileIsGood) {
  model.deploy_all();
  const auto keys = generated_keys(3);
  const std::string packets = packets_of(keys);
  write("good.pgp", packets);
  write("cut.pgp", packets.substr(0, packets.size() - 1));
  expect_refused(load(data + "good.pgp," + data + "cut.pgp"), "ends too early");
  expect_refused(load(data + "missing.pgp"), "there is no " + data + "missing.pgp");
  write("d/a.pgp", packets);
  write("d/SHA256SUMS", charm::checksum_line({std::string(64, '0'), "a.pgp"}));
  expect_refused(load(data + "d"), "its SHA-256 is not that of SHA256SUMS");
  expect_refused(run("load-keys"), "give either");
  EXPECT_EQ(look_up(keys[0].fingerprint), 404);
}

TEST_F(LoadDump, KeysMayComeFromTheWeb) {
  model.deploy_all();
  const auto keys = generated_keys(5);
  write("web/keys.pgp", packets_of(keys));
  model.workload_output(
      "setsid /usr/bin/python3 -m http.server 8765 --bind 127.0.0.1 --directory " + data +
      "web >/dev/null 2>&1 & gzip -k " + data +
      "web/keys.pgp; until curl --silent http://127.0.0.1:8765/; do sleep 0.1; done");
  const std::string url = "http://127.0.0.1:8765/keys.pgp";
  const std::string packed =
      model.workload_output("sha256sum " + data + "web/keys.pgp.gz").substr(0, 64);
  expect_refused(run("load-keys", {"urls=" + packed + "  " + url}), "is not the declared one");
  expect_refused(run("load-keys", {"urls=" + packed + "  " + url + ".none"}), "HTTP 404");
  const Task task = run("load-keys", {"urls=" + charm::sha256(packets_of(keys)) + "  " + url +
                                      "\n" + packed + "  " + url + ".gz"});
  ASSERT_FALSE(task.failed) << task.message;
  EXPECT_EQ(task.result("added"), "5");
  EXPECT_EQ(task.result("repeated"), "5");
  EXPECT_EQ(look_up(keys[4].fingerprint), 200);
}

/// hockeypuck-load loads thousands of keys while the keyserver answers.
TEST_F(LoadDump, ThousandsAreLoadedDumpedAndLoadedAgain) {
  model.deploy_all();
  const auto keys = generated_keys(4000);
  ASSERT_TRUE(upload("alice"));
  write("first.pgp", with_another_user_id(1).packets);
  ASSERT_FALSE(load(data + "first.pgp").failed);
  ASSERT_FALSE(run("block-keys", {"fingerprints=" + keys[5].fingerprint}).failed);
  const std::string own_keys = model.keys_sql("SELECT count(*) FROM keys");
  write("keys/all.pgp", packets_of(keys));

  auto loading = std::async(std::launch::async, [this] { return load(data + "keys"); });
  int answered = 0;
  while (loading.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
    answered += look_up(alice) == 200 ? 1 : 0;
  }
  const Task task = loading.get();
  ASSERT_FALSE(task.failed) << task.message;
  EXPECT_GT(answered, 5);
  EXPECT_EQ(task.result("keys"), "4000");
  EXPECT_EQ(task.result("added"), "3998");
  EXPECT_EQ(task.result("already-stored"), "1");
  EXPECT_EQ(task.result("blocked"), "1");
  EXPECT_EQ(task.result("refused"), "0");
  EXPECT_EQ(task.result("prefix-tree"), "rebuilt");
  EXPECT_EQ(look_up(keys[3999].fingerprint), 200);
  EXPECT_EQ(look_up(keys[5].fingerprint), 404);
  EXPECT_EQ(model.workload_output("ls " + data + "key-load"), "");
  expect_serving();

  const std::string digests = stored_digests();
  ASSERT_NE(model.keys_sql("SELECT count(*) FROM keys WHERE md5 LIKE '%00'"), "0")
      << "hockeypuck-dump loses exactly those";
  const Task dump = run("dump-keys", {"keys-per-file=1500"});
  ASSERT_FALSE(dump.failed) << dump.message;
  EXPECT_EQ(dump.result("files"), "3");
  EXPECT_EQ(dump.result("keys"), std::to_string(3998 + std::stoi(own_keys)));
  EXPECT_EQ(digests_in("dump", ".pgp"), digests);
  EXPECT_EQ(
      model.in_workload({"sh", "-c", "cd " + data + "dump && sha256sum --check SHA256SUMS"}).status,
      0);
  expect_refused(run("dump-keys"), "there is a dump of 3 files");

  model.keys_sql("WITH u AS (DELETE FROM userids), s AS (DELETE FROM subkeys) SELECT 1");
  model.keys_sql("WITH k AS (DELETE FROM keys) SELECT 1");
  ASSERT_EQ(look_up(alice), 404);
  const Task again = load(data + "dump");
  ASSERT_FALSE(again.failed) << again.message;
  EXPECT_EQ(again.result("added"), dump.result("keys"));
  EXPECT_EQ(stored_digests(), digests);
  EXPECT_EQ(look_up(alice), 200);
}

TEST_F(LoadDump, AnUnfinishedLoadIsEndedByTheSameCall) {
  model.deploy_all();
  const auto keys = generated_keys(4500);
  write("keys.pgp", packets_of(keys));
  const Task first = run("load-keys", {"files=" + data + "keys.pgp", "wait=1"});
  ASSERT_FALSE(first.failed) << first.message;
  EXPECT_NE(first.result("status").find("under way"), std::string::npos)
      << testing::PrintToString(first.results);
  write("other.pgp", packets_of(generated_keys(1, 9000)));
  expect_refused(load(data + "other.pgp"), "another load is under way");

  model.rehearse({"delete-pod", hockeypuck_unit, "--no-stop"});
  ASSERT_TRUE(model.becomes("active"));
  const Task second = load(data + "keys.pgp");
  ASSERT_FALSE(second.failed) << second.message;
  EXPECT_EQ(second.result("added"), "4500");
  EXPECT_EQ(second.result("keys"), "4500");
  EXPECT_EQ(model.workload_output("ls " + data + "key-load"), "");
}

}  // namespace load_dump_test
}  // namespace test
