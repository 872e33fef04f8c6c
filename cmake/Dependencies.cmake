# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
# Gives every third-party library one name: dep::json, dep::yaml, dep::spdlog, dep::httplib,
# dep::pqxx, dep::openssl, dep::zlib, dep::tomlplusplus, dep::lzma, dep::rnp, dep::gtest.
# Distribution packages only.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(yaml-cpp 0.7 REQUIRED)
find_package(spdlog 1.10 REQUIRED)

function(dependency name)
  add_library(dep_${name} INTERFACE)
  target_link_libraries(dep_${name} INTERFACE ${ARGN})
  add_library(dep::${name} ALIAS dep_${name})
endfunction()

dependency(json nlohmann_json::nlohmann_json)
if(HOCKEYPUCK_STATIC)
  include(${CMAKE_CURRENT_LIST_DIR}/StaticDependencies.cmake)
else()
  include(${CMAKE_CURRENT_LIST_DIR}/SharedDependencies.cmake)
endif()

if(HOCKEYPUCK_REHEARSAL)
  pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus>=3.3)
  dependency(tomlplusplus PkgConfig::tomlplusplus)
  pkg_check_modules(liblzma REQUIRED IMPORTED_TARGET liblzma>=5.2)
  dependency(lzma PkgConfig::liblzma)
  pkg_check_modules(librnp REQUIRED IMPORTED_TARGET librnp>=0.16)
  dependency(rnp PkgConfig::librnp)
endif()
if(BUILD_TESTING)
  find_package(GTest 1.12 REQUIRED)
  dependency(gtest GTest::gtest GTest::gtest_main)
  include(GoogleTest)
endif()
