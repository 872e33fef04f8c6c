// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "key_upload.hpp"

#include "charm/openpgp/armor.hpp"

#include <span>

namespace charm::actions {
namespace {

using KeySpan = std::span<const postgres::KeyPackets>;
using Refusals = std::map<std::string, std::string>;

std::size_t batch_of(KeySpan keys) {
  std::size_t count = 0;
  std::size_t octets = 0;
  while (count < keys.size() && count < keys_in_request &&
         (count == 0 || octets + keys[count].packets.size() <= octets_in_request)) {
    octets += keys[count].packets.size();
    ++count;
  }
  return count;
}

keyserver::Answer upload(const Keyserver& keyserver, KeySpan keys) {
  std::string packets;
  for (const postgres::KeyPackets& key : keys) {
    packets += key.packets;
  }
  keyserver::Answer answer = keyserver.add(openpgp::armor(openpgp::ArmorType::public_key, packets));
  if (answer.status == 0) {
    throw Failure("the keyserver does not answer: " + answer.error +
                  "; run the action again to continue");
  }
  return answer;
}

/// One key that the keyserver cannot take keeps it from the rest of the request.
void upload_batch(const Keyserver& keyserver, KeySpan keys, Refusals& refusals) {
  const keyserver::Answer answer = upload(keyserver, keys);
  if (answer.status == 200) {
    return;
  }
  if (keys.size() == 1) {
    refusals[keys.front().fingerprint] =
        "the keyserver refuses it with HTTP status " + std::to_string(answer.status);
    return;
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    upload_batch(keyserver, keys.subspan(i, 1), refusals);
  }
}

}  // namespace

Refusals upload_keys(const Keyserver& keyserver, const juju::HookTools& juju,
                     const std::vector<postgres::KeyPackets>& keys) {
  Refusals refusals;
  std::size_t done = 0;
  for (KeySpan left(keys); !left.empty();) {
    const std::size_t count = batch_of(left);
    upload_batch(keyserver, left.first(count), refusals);
    left = left.subspan(count);
    done += count;
    if (keys.size() > keys_in_request) {
      juju.action_log("uploaded " + std::to_string(done) + " of " + std::to_string(keys.size()) +
                      " keys");
    }
  }
  return refusals;
}

}  // namespace charm::actions
