#pragma once

#include <string>

#include "turnover/steady/batch.hpp"

namespace turnover {

/// A short name, 16 hexadecimal digits, for the bits of results that this build gives on this
/// processor: two programs with the same fingerprint give the same bits for the same tile, as far
/// as a sample can tell, and may share the work of one map.
///
/// It is a hash (XXH3, 64 bits) of what fingerprint_sample() computes. Takes about 3 ms at the
/// first call; later ones remember. Safe to call from several threads.
[[nodiscard]] std::string bits_fingerprint();

namespace detail {

/// What the fingerprint is the hash of.
struct FingerprintSample {
    std::string bytes;
    BatchReport report;  ///< which ways the points took
};

/// Computes the sample: exp, log, log10, pow and expm1 of the C library over a spread of arguments
/// (it picks its versions by processor: with and without fused multiply-adds they differ in one of
/// about 1500 values of exp), and all results of a few points of three networks: with dense and
/// sparse linear algebra, with and without transients, in double and double-double, and one on the
/// reference path (CVODE, then 34 digits).
[[nodiscard]] FingerprintSample fingerprint_sample();

}  // namespace detail

}  // namespace turnover
