// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// The files that operators give to the charm, and those that it keeps on the storage.
#include "actions/key_loading/load_job.hpp"
#include "charm/domain/block_list.hpp"
#include "charm/domain/digest.hpp"
#include "charm/domain/error.hpp"
#include "charm/domain/utc.hpp"
#include "charm/hockeypuck/key_load.hpp"
#include "charm/pebble/transport.hpp"
#include "charm/prefix_tree/tree.hpp"
#include "pebble/multipart.hpp"
#include "subjects.hpp"

#include <array>

namespace fuzz::files {
namespace {

namespace tree = charm::prefix_tree;
namespace multipart = charm::pebble::multipart;

constexpr std::int64_t now = 1796000000;

void block_list(std::string_view text) {
  charm::BlockListReader reader(text);
  try {
    while (const auto line = reader.next()) {
      require(charm::read_block_list_line(charm::block_list_line(line->entry)) == line->entry,
              "an entry of a block list is the same after it was written and read");
    }
  } catch (const charm::InputError&) {
    return;
  }
}

void checksums(std::string_view text) {
  try {
    const auto read = charm::read_checksums(text);
    std::string written;
    for (const charm::Checksum& checksum : read) {
      written += charm::checksum_line(checksum);
    }
    require(charm::read_checksums(written) == read,
            "checksums are the same after they were written and read");
  } catch (const charm::InputError&) {
    return;
  }
}

void tree_record(std::string_view text) {
  const auto record = tree::read_record(text);
  static_cast<void>(tree::comparison_is_due(record, now, std::chrono::seconds(180)));
  if (!record) {
    return;
  }
  require(tree::read_record(tree::file_text(*record)) == record,
          "a record of the tree is the same after it was written and read");
  static_cast<void>(tree::is_far(record->comparison));
  static_cast<void>(tree::drifts(record->comparison));
  static_cast<void>(tree::may_rebuild(*record, now));
  static_cast<void>(tree::may_repair(*record, now));
  static_cast<void>(tree::far_off(*record));
  static_cast<void>(tree::with_comparison(*record, record->comparison, now, {}));
}

void rebuild(std::string_view text) {
  const tree::Rebuild read = tree::read_rebuild(text);
  require(tree::read_rebuild(tree::file_text(read)) == read,
          "a rebuild is the same after it was written and read");
  static_cast<void>(tree::progress(read, now));
  static_cast<void>(tree::is_after("2026-11-30T00:00:00Z", read.since));
}

/// Pebble with one file.
class OneFile final : public charm::pebble::Transport {
 public:
  explicit OneFile(std::string_view content) : content_(content) {}

  charm::pebble::Response send(const charm::pebble::Request& request,
                               std::chrono::milliseconds /*timeout*/) override {
    if (request.target.find("action=list") != std::string::npos) {
      return {.status = 200,
              .body = R"({"type": "sync", "result": [{"size": )" + std::to_string(content_.size()) +
                      "}]}"};
    }
    const std::vector<multipart::Part> parts = {
        {.name = "files",
         .quoted_file_name = std::string(charm::key_load::job_path),
         .content = content_},
        {.name = "response", .content = R"({"type": "sync", "result": []})"}};
    const std::string boundary = multipart::boundary_for(parts);
    return {.status = 200,
            .body = multipart::render(parts, boundary),
            .content_type = "multipart/form-data; boundary=" + boundary};
  }

 private:
  std::string content_;
};

void load_job(std::string_view text) {
  OneFile file(text);
  const auto job = charm::actions::kept_job(charm::pebble::Client(file));
  if (job) {
    require(job->merged <= job->known.size(), "a load has merged at most its files");
    static_cast<void>(charm::actions::refusal_of(*job, {.size = 1}));
  }
}

void load_list(std::string_view text) {
  for (const charm::actions::OfferedKey& key : charm::actions::read_list(text)) {
    require(!key.fingerprint.empty(), "a key of a list has a fingerprint");
  }
}

void time(std::string_view text) {
  const auto read = charm::read_time(text);
  if (read && text.ends_with('Z')) {
    require(charm::read_time(charm::utc_text(*read)) == read,
            "a time is the same after it was written and read");
  }
}

constexpr std::array all = {
    Parser{"block-list", block_list},
    Parser{"checksums", checksums},
    Parser{"tree-record", tree_record},
    Parser{"rebuild", rebuild},
    Parser{"load-job", load_job},
    Parser{"load-list", load_list},
    Parser{"time", time},
};

}  // namespace

std::span<const Parser> parsers() {
  return all;
}

}  // namespace fuzz::files
