# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
# The libraries of development builds: the distribution's shared libraries.
find_package(OpenSSL 3.0 REQUIRED)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib>=0.11)
pkg_check_modules(pqxx REQUIRED IMPORTED_TARGET libpqxx>=6.4)

# yaml-cpp 0.8 exports yaml-cpp::yaml-cpp, 0.7 exports yaml-cpp.
if(NOT TARGET yaml-cpp::yaml-cpp)
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()

dependency(yaml yaml-cpp::yaml-cpp)
dependency(spdlog spdlog::spdlog)
# The package's compile definitions change class layouts, so they must come from the pkg-config
# target.
dependency(httplib PkgConfig::httplib OpenSSL::SSL Threads::Threads)
dependency(pqxx PkgConfig::pqxx)
dependency(openssl OpenSSL::Crypto)
find_package(ZLIB 1.2.11 REQUIRED)
dependency(zlib ZLIB::ZLIB)
