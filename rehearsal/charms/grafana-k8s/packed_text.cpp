// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "packed_text.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

#include <lzma.h>

namespace grafana {
namespace {

constexpr std::size_t largest = 64UL << 20U;

std::string decoded(const std::string& text) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int pending = 0;
  int padding = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    padding += c == '=' ? 1 : 0;
    if (value == std::string_view::npos) {
      continue;
    }
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    if (++pending % 4 != 1) {
      const unsigned rest = static_cast<unsigned>(6 - 2 * ((pending - 1) % 4));
      bytes += static_cast<char>((bits >> rest) & 0xFFU);
    }
  }
  const int incomplete = pending % 4;
  if (incomplete == 1 || (incomplete != 0 && padding < 4 - incomplete)) {
    throw charm::Error("content: incorrect base64 padding");
  }
  return bytes;
}

std::string explanation(lzma_ret code) {
  switch (code) {
    case LZMA_FORMAT_ERROR:
      return "Input format not supported by decoder";
    case LZMA_DATA_ERROR:
      return "Corrupt input data";
    case LZMA_OPTIONS_ERROR:
      return "Invalid or unsupported options";
    case LZMA_BUF_ERROR:
      return "Compressed data ended before the end-of-stream marker was reached";
    default:
      return "Unrecognized error from liblzma: " + std::to_string(code);
  }
}

class Decoder {
 public:
  Decoder() {
    if (lzma_auto_decoder(&stream_, std::numeric_limits<std::uint64_t>::max(), 0) != LZMA_OK) {
      throw PackingError("liblzma cannot be used");
    }
  }

  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  ~Decoder() { lzma_end(&stream_); }

  std::string run(const std::string& bytes) {
    std::string text;
    std::array<std::uint8_t, 65536> piece{};
    const std::basic_string<std::uint8_t> input(bytes.begin(), bytes.end());
    stream_.next_in = input.data();
    stream_.avail_in = input.size();
    lzma_ret code = LZMA_OK;
    while (code == LZMA_OK && text.size() <= largest) {
      stream_.next_out = piece.data();
      stream_.avail_out = piece.size();
      code = lzma_code(&stream_, LZMA_FINISH);
      text.append(piece.begin(), piece.end() - static_cast<std::ptrdiff_t>(stream_.avail_out));
    }
    if (code != LZMA_STREAM_END) {
      throw PackingError(explanation(code));
    }
    return text;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

}  // namespace

std::string unpacked(const std::string& content) {
  return Decoder().run(decoded(content));
}

}  // namespace grafana
