# Every third-party library under one name each: dep::json, dep::yaml, dep::spdlog, dep::httplib,
# dep::pqxx, dep::openssl, dep::tomlplusplus, dep::gtest. Distribution packages only.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(yaml-cpp 0.7 REQUIRED)
find_package(spdlog 1.10 REQUIRED)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib>=0.11)
pkg_check_modules(pqxx REQUIRED IMPORTED_TARGET libpqxx>=6.4)

# yaml-cpp 0.8 exports yaml-cpp::yaml-cpp, 0.7 exports yaml-cpp.
if(NOT TARGET yaml-cpp::yaml-cpp)
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()

function(dependency name)
  add_library(dep_${name} INTERFACE)
  target_link_libraries(dep_${name} INTERFACE ${ARGN})
  add_library(dep::${name} ALIAS dep_${name})
endfunction()

dependency(json nlohmann_json::nlohmann_json)
dependency(yaml yaml-cpp::yaml-cpp)
dependency(spdlog spdlog::spdlog)
# The package's compile definitions change class layouts: they come with the pkg-config target.
dependency(httplib PkgConfig::httplib OpenSSL::SSL Threads::Threads)
dependency(pqxx PkgConfig::pqxx)
dependency(openssl OpenSSL::Crypto)

if(HOCKEYPUCK_REHEARSAL)
  pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus>=3.3)
  dependency(tomlplusplus PkgConfig::tomlplusplus)
endif()
if(BUILD_TESTING)
  find_package(GTest 1.12 REQUIRED)
  dependency(gtest GTest::gtest GTest::gtest_main)
  include(GoogleTest)
endif()
