// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/actions/key_actions_test.hpp"

#include "charm/domain/digest.hpp"
#include "charm/domain/text.hpp"
#include "charm/hockeypuck/key_load.hpp"
#include "charm/openpgp/armor.hpp"
#include "charm/openpgp/certificate.hpp"
#include "src/openpgp/packet.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace charm::actions {
namespace {

std::string packet(openpgp::PacketTag tag, const std::string& body) {
  openpgp::Octets octets;
  append(octets, {.tag = tag, .body = openpgp::Octets(body)});
  return std::string(std::string_view(octets));
}

/// Returns the first packet, whose length has one octet, in hexadecimal digits.
std::string first_packet(std::string_view packets) {
  const auto length = static_cast<unsigned char>(packets.at(1));
  std::ostringstream digits;
  for (const char octet : packets.substr(0, 2U + length)) {
    digits << std::hex << std::setw(2) << std::setfill('0')
           << static_cast<unsigned>(static_cast<unsigned char>(octet));
  }
  return digits.str();
}

}  // namespace

KeyActionsTest::KeyActionsTest() {
  make_hockeypuck_tables();
  postgres::KeyDatabase(target(), 5).prepare();
  unit.keyserver.Get("/pks/lookup", [this](const httplib::Request&, httplib::Response& response) {
    response.status = serving ? 404 : 500;
  });
  unit.keyserver.Post("/pks/add",
                      [this](const httplib::Request& request, httplib::Response& response) {
                        take_upload(request, response);
                      });
  unit.keyserver.Post("/pks/delete",
                      [this](const httplib::Request& request, httplib::Response& response) {
                        take_deletion(request, response);
                      });
  unit.listen();
}

Results KeyActionsTest::run(std::string_view action, const nlohmann::json& parameters) {
  Settings settings;
  settings.max_key_length = 1000;
  unit.key_load = key_load::plan(settings, {});
  unit.connect = [this] { return std::make_unique<postgres::KeyDatabase>(target(), 5); };
  unit.download = [this](const Checksum& file) { return fetch(file); };
  unit.on_pause = pause;
  unit.tree_rebuild = [this](const std::string& reason) {
    tree_rebuilds.push_back(reason);
    return tree_rebuild();
  };
  return unit.run(action, parameters);
}

std::string KeyActionsTest::failure(std::string_view action, const nlohmann::json& parameters) {
  return failure_of([&] { return run(action, parameters); }, shown);
}

std::string KeyActionsTest::certificate(int number, const std::string& user_id) {
  return packet(openpgp::PacketTag::public_key, "\x04" + std::to_string(number)) +
         packet(openpgp::PacketTag::user_id, user_id);
}

std::string KeyActionsTest::certificates(int first, int last) {
  std::string packets;
  for (int number = first; number <= last; ++number) {
    packets += certificate(number);
  }
  return packets;
}

std::string KeyActionsTest::fingerprint(int number) {
  const std::string packets = certificate(number);
  return openpgp::read_certificates(packets).front().fingerprint;
}

void KeyActionsTest::write(const std::string& path, const std::string& content) {
  pebble.files[path] = {.path = path, .content = content};
}

void KeyActionsTest::store(const std::string& packets) {
  // A statement is one argument of psql, and the length of an argument is limited.
  constexpr std::size_t at_once = 1000;
  std::vector<std::string> values;
  for (const openpgp::Certificate& each : openpgp::read_certificates(packets)) {
    if (!unwelcome.contains(each.fingerprint)) {
      values.push_back("('" + each.fingerprint + "','" + each.digest + "','" +
                       first_packet(each.packets) + "')");
    }
    if (values.size() == at_once) {
      store_values(values);
    }
  }
  store_values(values);
}

void KeyActionsTest::store_values(std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) {
    list += (list.empty() ? "" : ",") + value;
  }
  if (!list.empty()) {
    sql("INSERT INTO keys SELECT DISTINCT ON (f) reverse(f), jsonb_build_object('packet',"
        " jsonb_build_object('data', encode(decode(p, 'hex'), 'base64'))), now(), now(), d, NULL,"
        " now(), '' FROM (VALUES " +
        list + ") AS given(f, d, p) ON CONFLICT (rfingerprint) DO UPDATE SET md5 = excluded.md5");
  }
  values.clear();
}

std::vector<std::string> KeyActionsTest::loaded_paths() const {
  const std::string command = pebble.plan().at("services").at("key-load").at("command");
  std::vector<std::string> paths;
  for (const std::string_view word : words(command, " ")) {
    if (word.ends_with(".pgp")) {
      paths.emplace_back(word);
    }
  }
  return paths;
}

void KeyActionsTest::load_to_the_end() {
  std::string packets;
  for (const std::string& path : loaded_paths()) {
    packets += pebble.files.at(path).content;
  }
  store(packets);
  pebble.end("key-load", 0);
}

/// Behaves like Hockeypuck: a blocked key ends the request with an error.
void KeyActionsTest::take_upload(const httplib::Request& request, httplib::Response& response) {
  const auto block = openpgp::dearmor(request.get_param_value("keytext"));
  const std::string packets{std::string_view(block.octets)};
  const auto certificates = openpgp::read_certificates(packets);
  uploads.push_back(certificates.size());
  response.set_content("{}", "application/json");
  if (sql("SELECT count(*) FROM blocked_keys") == "0") {
    store(packets);
    return;
  }
  for (const openpgp::Certificate& each : certificates) {
    if (sql("SELECT count(*) FROM blocked_keys WHERE fingerprint = '" + each.fingerprint + "'") !=
        "0") {
      response.status = 500;
      return;
    }
    store(std::string(each.packets));
  }
}

/// Deletes the keys with the packets of the request.
void KeyActionsTest::take_deletion(const httplib::Request& request, httplib::Response& response) {
  const std::string octets = openpgp::key_packets(request.get_param_value("keytext"));
  std::string packets;
  for (const openpgp::Certificate& each : openpgp::read_certificates(octets)) {
    packets += (packets.empty() ? "'" : ",'") + first_packet(each.packets) + "'";
  }
  std::string kept = "''";
  for (const std::string& fingerprint : undeletable) {
    kept += ",'" + fingerprint + "'";
  }
  deletions.push_back(static_cast<std::size_t>(std::ranges::count(packets, ',')) + 1);
  response.status = deletion_status();
  if (response.status == 200) {
    const std::string chosen =
        "SELECT rfingerprint FROM keys WHERE encode(decode(doc->'packet'->>'data', 'base64'),"
        " 'hex') IN (" +
        packets + ") AND reverse(rfingerprint) NOT IN (" + kept + ")";
    sql("DELETE FROM subkeys WHERE rfingerprint IN (" + chosen +
        "); DELETE FROM keys WHERE rfingerprint IN (" + chosen + ")");
  }
}

std::string KeyActionsTest::fetch(const Checksum& file) const {
  const auto found = web.find(file.name);
  if (found == web.end()) {
    throw Error("from the web: HTTP 404");
  }
  if (sha256(found->second) != file.sha256) {
    throw InputError("the SHA-256 of the downloaded file is not the declared one");
  }
  return found->second;
}

}  // namespace charm::actions
