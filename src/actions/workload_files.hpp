// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace charm::actions {

/// The limit for reading a file that the charm wrote.
inline constexpr std::size_t longest_file = 64UL << 20U;
/// The limit for reading a file of keys: the charm's container can hold it twice. Dumps of public
/// keyservers have files of 100 MiB.
inline constexpr std::size_t longest_key_file = 256UL << 20U;
/// The limit for writing a file of keys: hockeypuck-load reads a whole file into memory, and so
/// does a push through Pebble.
inline constexpr std::size_t longest_written_key_file = 24UL << 20U;

/// Reads something from the workload container. Throws Failure with Pebble's reason if Pebble
/// refuses or does not answer. `purpose` begins the sentence: "cannot read /a/b".
void with_pebble(const std::string& purpose, const std::function<void()>& work);

/// Returns a path that an operator gave for a file or directory to write. It is on the storage, not
/// in a folder that the keyserver or the charm uses, and without symbolic links: Pebble writes with
/// the rights of root. Throws Failure that names the parameter.
[[nodiscard]] std::string path_to_write(const ActionContext& context, const std::string& parameter);

/// Writes one file. Throws Failure.
void write_file(ActionContext& context, File file);

/// Removes files; missing ones are not an error. Throws Failure; `purpose` begins the sentence.
void remove_files(ActionContext& context, std::vector<std::string> paths,
                  const std::string& purpose);

/// Reads one file. Returns nothing if it does not exist. Throws Failure, for example if the file is
/// longer.
[[nodiscard]] std::optional<std::string> find_file(const pebble::Client& pebble,
                                                   const std::string& path,
                                                   std::size_t most_bytes = longest_file);

/// The same, but throws Failure if the file does not exist.
[[nodiscard]] std::string read_file(const pebble::Client& pebble, const std::string& path,
                                    std::size_t most_bytes = longest_file);

}  // namespace charm::actions
