// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/dump_keys.hpp"

#include "charm/hockeypuck/hockeypuck.hpp"
#include "key_dump.hpp"
#include "workload_files.hpp"

#include <algorithm>

namespace charm::actions {
namespace {

/// What a directory holds of an earlier dump.
struct EarlierDump {
  std::vector<std::string> files;  ///< Names.
  bool complete = false;
  bool unfinished = false;  ///< A dump of this action was cut off.
};

std::string directory_of(const ActionContext& context) {
  std::string directory = context.parameters.text("directory");
  directory.erase(directory.find_last_not_of('/') + 1);
  if (directory.empty()) {
    throw Failure("the parameter directory is the root directory: name one for the dump");
  }
  return directory;
}

EarlierDump earlier_dump(const ActionContext& context, const std::string& directory) {
  EarlierDump earlier;
  with_pebble("cannot list " + directory, [&] {
    for (const pebble::FileInfo& file :
         context.pebble.list(directory).value_or(std::vector<pebble::FileInfo>())) {
      if (file.path == directory) {
        throw Failure("cannot dump into " + directory + ": it is a file");
      }
      earlier.complete = earlier.complete || file.name == key_dump::checksums;
      earlier.unfinished = earlier.unfinished || file.name == key_dump::unfinished;
      if (key_dump::is_file_name(file.name)) {
        earlier.files.push_back(file.name);
      }
    }
  });
  return earlier;
}

void require_replaceable(const ActionContext& context, const std::string& directory,
                         const EarlierDump& earlier) {
  const bool is_free = !earlier.complete && earlier.files.empty();
  if (!is_free && !earlier.unfinished && !context.parameters.flag("replace")) {
    throw Failure("there is a dump of " + std::to_string(earlier.files.size()) + " files in " +
                  directory + " already: name another directory, or let it go with replace=true");
  }
}

/// From now on the directory holds no complete dump, and says so.
void begin(const ActionContext& context, const std::string& directory) {
  with_pebble("cannot make " + directory, [&] {
    context.pebble.make_directories({{.path = directory,
                                      .mode = 0750,
                                      .user_id = hockeypuck::user_id,
                                      .group_id = hockeypuck::user_id}});
  });
  write_file(context, {.path = directory + "/" + std::string(key_dump::unfinished),
                       .content = "The keys in this directory are not all there.\n",
                       .mode = 0640,
                       .user_id = hockeypuck::user_id,
                       .group_id = hockeypuck::user_id});
  with_pebble("cannot replace the dump in " + directory, [&] {
    context.pebble.remove({directory + "/" + std::string(key_dump::checksums)}, false);
  });
}

/// Files of the earlier dump that this one has no use for: they would be loaded with it.
void remove_surplus(const ActionContext& context, const std::string& directory,
                    const EarlierDump& earlier, const std::vector<Checksum>& files) {
  std::vector<std::string> surplus;
  for (const std::string& name : earlier.files) {
    if (std::ranges::find(files, name, &Checksum::name) == files.end()) {
      surplus.push_back(std::string(directory).append("/").append(name));
    }
  }
  with_pebble("cannot remove the earlier dump in " + directory,
              [&] { context.pebble.remove(surplus, false); });
}

void write_dump(const ActionContext& context, const std::string& directory,
                const EarlierDump& earlier, KeyDumpWriter& writer) {
  const auto database = context.open_database();
  begin(context, directory);
  try {
    database->dump([&writer](const auto& keys) { writer.take(keys); });
    writer.end_file();
    remove_surplus(context, directory, earlier, writer.files());
    writer.write_checksums();
  } catch (const std::exception&) {
    writer.give_up();
    throw;
  }
  with_pebble("cannot finish the dump in " + directory, [&] {
    context.pebble.remove({directory + "/" + std::string(key_dump::unfinished)}, false);
  });
}

}  // namespace

Results DumpKeys::run(const ActionContext& context) const {
  const std::string directory = directory_of(context);
  const EarlierDump earlier = earlier_dump(context, directory);
  require_replaceable(context, directory, earlier);
  KeyDumpWriter writer(context, directory,
                       static_cast<std::size_t>(context.parameters.number("keys-per-file")));
  write_dump(context, directory, earlier, writer);
  return {{"directory", directory},
          {"files", std::to_string(writer.files().size())},
          {"keys", std::to_string(writer.keys())},
          {"bytes", std::to_string(writer.bytes())}};
}

}  // namespace charm::actions
