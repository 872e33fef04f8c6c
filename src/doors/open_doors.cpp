// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/doors/open_doors.hpp"

#include "charm/domain/turn.hpp"
#include "charm/download/download.hpp"
#include "charm/postgres/probe.hpp"

#include <algorithm>
#include <array>
#include <thread>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace charm {

namespace {

/// The longest wait for one address of a server, in seconds. libpq's own minimum is 2, and one hook
/// asks several servers.
constexpr int connect_seconds = 3;

postgres::Target target_of(const Database& database) {
  return {.host = database.host,
          .port = database.port,
          .database = database.name,
          .user = database.user,
          .password = database.password,
          .ssl_mode = std::string(to_string(database.ssl_mode)),
          .ca = database.ca};
}

std::string text_of(const addrinfo& address) {
  std::array<char, NI_MAXHOST> text{};
  const int failure = ::getnameinfo(address.ai_addr, address.ai_addrlen, text.data(), text.size(),
                                    nullptr, 0, NI_NUMERICHOST);
  return failure == 0 ? text.data() : std::string();
}

std::vector<std::string> resolved(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;  // Returns each address once, not once for each kind of socket.
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) {
    return {};
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> list(found, ::freeaddrinfo);
  std::vector<std::string> addresses;
  for (const addrinfo* one = list.get(); one != nullptr; one = one->ai_next) {
    addresses.push_back(text_of(*one));
  }
  return addresses;
}

/// Only planned work ends well after the deadline. Its time does not count.
template <typename Work>
auto planned(Deadline& end, Work work) {
  const auto begin = Deadline::Clock::now();
  auto result = work();
  if (end.passed()) {
    end.postpone(Deadline::Clock::now() - begin);
  }
  return result;
}

}  // namespace

postgres::ProbeResult RelatedDatabases::probe(const Database& database) {
  return postgres::probe(target_of(database), connect_seconds, *end_);
}

prefix_tree::DatabaseContent RelatedDatabases::prepare(const Database& database) {
  postgres::KeyDatabase keys = connect(database);
  static_cast<void>(planned(*end_, [&] { return keys.prepare(); }));
  return {.identity = keys.identity(), .has_keys = keys.has_keys()};
}

postgres::KeptUploads RelatedDatabases::keep_uploads(const Database& database,
                                                     const UploadPolicy& policy) {
  postgres::KeyDatabase keys = connect(database);
  static_cast<void>(planned(*end_, [&] { return keys.prepare(); }));
  return keys.keep_uploads(policy);  // Its own preparation is only one query now.
}

postgres::KeyCount RelatedDatabases::count_keys(const Database& database,
                                                std::chrono::seconds settling) {
  return connect(database).count_keys(settling);
}

postgres::KeyDatabase& RelatedDatabases::open(const Database& database) {
  if (!opened_ || opened_->database != database) {
    opened_ = {.database = database,
               .connection = std::make_unique<postgres::KeyDatabase>(target_of(database),
                                                                     connect_seconds, *end_)};
  }
  return *opened_->connection;
}

postgres::KeyDatabase RelatedDatabases::connect(const Database& database) const {
  return {target_of(database), connect_seconds, *end_};
}

std::string NetworkDownloads::fetch(const Download& program, const Egress& egress) {
  download::Limits limits;
  limits.unhurried = end_->left(limits.total);
  return planned(*end_, [&] { return download::fetch(program, egress, limits); });
}

std::string NetworkDownloads::fetch(const Checksum& file, const Egress& egress) {
  return download::fetch(file, egress);
}

std::vector<std::string> NetworkDownloads::addresses_of(const std::string& host) {
  if (patience_.count() <= 0) {
    return {};
  }
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::string> addresses = resolved(host);
  patience_ -= std::chrono::steady_clock::now() - start;
  return addresses;
}

std::chrono::sys_seconds SystemClock::now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

void SystemClock::pause() {
  std::this_thread::sleep_for(end_->left(std::chrono::milliseconds(100)));
}

/// The clock may be set while the charm waits.
void SystemClock::wait_until(std::chrono::sys_seconds time) {
  const auto wait = std::clamp<std::chrono::system_clock::duration>(
      time - std::chrono::system_clock::now(), std::chrono::seconds(0), longest_wait);
  end_->postpone(wait);
  std::this_thread::sleep_for(wait);
}

openpgp::AdminKey RandomKeys::admin_key(const std::string& user_id,
                                        std::chrono::sys_seconds created) {
  return openpgp::AdminKey::generate(user_id, created);
}

}  // namespace charm
