#pragma once

#include <boost/multiprecision/cpp_bin_float.hpp>

namespace turnover {

/// 34 decimal digits (IEEE binary128's 113 bits).
using Digits34 =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float_quad::backend_type,
                                  boost::multiprecision::et_off>;
/// 100 decimal digits.
using Digits100 = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<100>,
                                                boost::multiprecision::et_off>;
/// 250 decimal digits.
using Digits250 = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<250>,
                                                boost::multiprecision::et_off>;

}  // namespace turnover
