#include "turnover/steady/stability.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include <Eigen/Eigenvalues>
#include <boost/multiprecision/eigen.hpp>

#include "turnover/steady/double_double.hpp"
#include "turnover/steady/extended.hpp"

template <>
struct Eigen::NumTraits<turnover::DoubleDouble> : Eigen::GenericNumTraits<turnover::DoubleDouble> {
    using Real = turnover::DoubleDouble;
    using NonInteger = turnover::DoubleDouble;
    using Nested = turnover::DoubleDouble;
    enum {
        IsComplex = 0,
        IsInteger = 0,
        IsSigned = 1,
        RequireInitialization = 1,
        ReadCost = 2,
        AddCost = 20,
        MulCost = 10
    };
    static Real epsilon() { return std::numeric_limits<Real>::epsilon(); }
    static Real dummy_precision() { return 0x1p-90; }
    static Real highest() { return std::numeric_limits<Real>::max(); }
    static Real lowest() { return std::numeric_limits<Real>::lowest(); }
    static int digits10() { return std::numeric_limits<Real>::digits10; }
};

namespace turnover {

namespace {

/// Scales rows and columns against each other by powers of two until their norms are alike.
template <class Matrix>
void balance(Matrix& a) {
    using Number = typename Matrix::Scalar;
    using std::abs;
    for (bool changed = true; changed;) {
        changed = false;
        for (Eigen::Index i = 0; i < a.rows(); ++i) {
            Number column(0.0), row(0.0);
            for (Eigen::Index k = 0; k < a.rows(); ++k) {
                if (k == i) continue;
                column += abs(a(k, i));
                row += abs(a(i, k));
            }
            if (column == Number(0.0) || row == Number(0.0)) continue;
            const int exponent =
                static_cast<int>(std::lround(0.5 * std::log2(static_cast<double>(row / column))));
            if (exponent == 0) continue;
            const Number factor(std::ldexp(1.0, exponent));
            if (column * factor + row / factor > Number(0.95) * (column + row)) continue;
            for (Eigen::Index k = 0; k < a.rows(); ++k) {
                a(k, i) *= factor;
                a(i, k) /= factor;
            }
            changed = true;
        }
    }
}

}  // namespace

template <class Number>
SlowestMode slowest_mode(std::vector<Number> matrix, int n) {
    SlowestMode mode;
    mode.real_part = -std::numeric_limits<double>::infinity();
    if (n == 0) return mode;
    using Matrix = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    Matrix a = Eigen::Map<Matrix>(matrix.data(), n, n);
    balance(a);
    double norm = 0.0;
    for (Eigen::Index i = 0; i < n; ++i) {
        for (Eigen::Index k = 0; k < n; ++k) {
            norm = std::hypot(norm, static_cast<double>(a(i, k)));
        }
    }
    // By a power of two, which is exact: squares of what is tiny or huge leave the range of double.
    const double scale =
        norm > 0.0 && std::isfinite(norm) ? std::ldexp(1.0, -std::ilogb(norm)) : 1.0;
    a *= Number(scale);
    mode.uncertainty = 1e6 * static_cast<double>(std::numeric_limits<Number>::epsilon()) * norm;

    // In two steps, because RealSchur's own way from a full matrix compiles blocked products, for
    // vectors that nobody asks for.
    Eigen::RealSchur<Matrix> schur(n);
    schur.computeFromHessenberg(Eigen::HessenbergDecomposition<Matrix>(a).matrixH(), Matrix(),
                                false);
    if (schur.info() != Eigen::Success) {  // nothing is known then
        mode.real_part = 0.0;
        mode.uncertainty = std::numeric_limits<double>::infinity();
        return mode;
    }
    const Matrix& t = schur.matrixT();
    for (Eigen::Index i = 0; i < n;) {
        const bool pair = i + 1 < n && t(i + 1, i) != Number(0.0);
        const Number real = pair ? (t(i, i) + t(i + 1, i + 1)) * Number(0.5) : t(i, i);
        mode.real_part = std::max(mode.real_part, static_cast<double>(real / Number(scale)));
        i += pair ? 2 : 1;
    }
    return mode;
}

template SlowestMode slowest_mode(std::vector<DoubleDouble>, int);
template SlowestMode slowest_mode(std::vector<Digits100>, int);
template SlowestMode slowest_mode(std::vector<Digits250>, int);

}  // namespace turnover
