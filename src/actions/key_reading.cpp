// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "key_reading.hpp"

#include "charm/hockeypuck/key_load.hpp"
#include "charm/openpgp/certificate.hpp"
#include "load_staging.hpp"
#include "results.hpp"

namespace charm::actions {
namespace {

/// From so many on hockeypuck-load (2.3) stores a file's keys at once.
constexpr std::size_t least_keys_in_original = 3500;

/// Sorts the keys of one file and collects what is to be offered. Throws charm::Error when the file
/// is none of keys.
void collect(const ActionContext& context, const KeySource& source, KeySorter& sorter,
             KeyCollector& collector) {
  std::string content = content_of(context, source);
  const bool binary = openpgp::is_binary(content);
  const std::string packets = openpgp::key_packets(std::move(content));
  const auto certificates = openpgp::read_certificates(packets);
  if (certificates.empty()) {
    throw Error("there is no key in it");
  }
  const SortedKeys keys = sorter.sort(certificates);
  const bool all_fresh = keys.fresh.size() == certificates.size();
  if (all_fresh && binary && !source.is_url && certificates.size() >= least_keys_in_original &&
      key_load::is_plain_path(source.name)) {
    collector.take_original(source.name, keys);
  } else {
    collector.take(keys);
  }
}

}  // namespace

KeyCounts read_keys(const ActionContext& context, const std::vector<KeySource>& sources,
                    postgres::KeyDatabase& database, KeyCollector& collector) {
  KeySorter sorter(database);
  Results troubles;
  for (const KeySource& source : sources) {
    try {
      collect(context, source, sorter, collector);
    } catch (const Failure&) {
      throw;
    } catch (const postgres::DatabaseError&) {
      throw;
    } catch (const pebble::ConnectionError&) {
      throw;
    } catch (const Error& error) {
      troubles[result_key(source.name)] = source.name + ": " + error.what();
    }
  }
  if (!troubles.empty()) {
    remove_load(context);
    throw Failure(
        "nothing was loaded, because not all files are files of public keys: " +
            troubles.begin()->second +
            (troubles.size() > 1 ? ", and " + std::to_string(troubles.size() - 1) + " more" : ""),
        troubles);
  }
  return sorter.counts();
}

}  // namespace charm::actions
