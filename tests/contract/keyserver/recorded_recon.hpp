// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace contract {

// Octets that Hockeypuck 2.3.3 sent, in hexadecimal.

/// The message with its configuration: version 1.1.6, HTTP port 21011, bit quantum 2, mbar 5, no
/// filters but its own.
inline const std::string recorded_configuration =
    "0000011f0a000000050000000776657273696f6e00000005312e312e36000000096874747020706f727400000004"
    "000052130000000a6269747175616e74756d0000000400000002000000046d626172000000040000000500000007"
    "66696c74657273000000bc64726f703a5541542c64726f703a686172645265766f6b656443727566742c64726f70"
    "3a696d706c61757369626c652c64726f703a696e76616c696453656c665369672c64726f703a7374727563747572"
    "616c4d61727469616e2c64726f703a756e626f756e642c64726f703a756e706172736561626c652c736368656d61"
    "3a6170706c69636174696f6e2f7067702d6b6579732c76657273696f6e733a33342c796d696e736b792e64656475"
    "702c796d696e736b792e6d65726765";
/// The text with which it accepts a configuration.
inline const std::string recorded_passed = "00000006706173736564";

/// The digest of key01_ed25519.
inline const std::string digest_of_key01 = "4d6e876efd9b604dc5700bd663e8ea19";
/// A request for all below the root of a tree with that key, and for none in an empty tree.
inline const std::string recorded_full_request =
    "0000001e010000000000000000000000014d6e876efd9b604dc5700bd663e8ea1900";
inline const std::string recorded_empty_request = "0000000d01000000000000000000000000";
inline const std::string recorded_flush = "0000000106";
inline const std::string recorded_done = "0000000105";
/// Elements: none.
inline const std::string recorded_no_elements = "000000050200000000";

/// The body of its `POST /pks/hashquery` for that key.
inline const std::string recorded_hash_query = "00000001000000104d6e876efd9b604dc5700bd663e8ea19";

}  // namespace contract
