#pragma once

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/mpfr.hpp>

namespace turnover {

/// `Digits` decimal digits by MPFR, without allocations.
template <unsigned Digits>
using ExtendedNumber = boost::multiprecision::number<
    boost::multiprecision::mpfr_float_backend<Digits, boost::multiprecision::allocate_stack>,
    boost::multiprecision::et_off>;

/// 34 decimal digits (IEEE binary128's 113 bits).
using Digits34 =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float_quad::backend_type,
                                  boost::multiprecision::et_off>;
using Digits100 = ExtendedNumber<100>;
using Digits250 = ExtendedNumber<250>;

}  // namespace turnover
