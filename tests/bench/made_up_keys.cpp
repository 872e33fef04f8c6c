// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// Makes OpenPGP keys for a benchmark: `made-up-keys COUNT FOLDER` writes FOLDER/1.asc and so on,
// and prints their fingerprints, one on each line.
#include "charm/openpgp/admin_key.hpp"

#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: made-up-keys COUNT FOLDER\n";
    return EXIT_FAILURE;
  }
  try {
    const std::string folder = argv[2];
    for (int number = 1; number <= std::stoi(argv[1]); ++number) {
      const auto key = charm::openpgp::AdminKey::generate(
          "Made up " + std::to_string(number) + " <made.up@example.com>",
          std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000)));
      std::ofstream(folder + "/" + std::to_string(number) + ".asc") << key.public_armor();
      std::cout << key.fingerprint() << '\n';
    }
    return EXIT_SUCCESS;
  } catch (const std::exception& fault) {
    std::cerr << fault.what() << "\n";
    return EXIT_FAILURE;
  }
}
