#include "turnover/steady/transient.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <new>

#include <cvode/cvode.h>
#include <cvode/cvode_ls.h>
#include <fmt/format.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_context.h>
#include <sunmatrix/sunmatrix_dense.h>

#include "turnover/steady/double_double.hpp"
#include "turnover/steady/lu.hpp"
#include "turnover/steady/standing_law.hpp"

namespace turnover {

namespace {

/// The systems (I - gamma J) z = b of the integrator, in coordinates relative to the coverages.
class NewtonMatrix {
public:
    NewtonMatrix(const Network& network, const PointKinetics& point, const LiveNetwork& live)
        : network_(network),
          point_(point),
          live_(live),
          n_(static_cast<std::size_t>(network.unknowns())) {}

    /// The Jacobian is the one at `x` until the next call.
    void take_jacobian(const double* x) {
        x_.assign(x, x + n_);
        jacobian_.resize(n_ * n_);
        jacobian(network_, point_, x_.data(), jacobian_.data());
        have_exact_ = false;
    }

    void take_step(double gamma, const double* x) {
        gamma_ = gamma;
        scale_.resize(n_);
        for (std::size_t i = 0; i < n_; ++i) {
            scale_[i] = std::max(std::abs(x[i]), Transient::floor);
        }
    }

    [[nodiscard]] bool factor() {
        laws_ = place_laws<DoubleDouble>(point_, live_, live_.unknowns, scale_);
        const std::vector<double> matrix = assemble(jacobian_);
        const double largest =
            std::abs(*std::max_element(matrix.begin(), matrix.end(), [](double a, double b) {
                return std::abs(a) < std::abs(b);
            }));
        // Double leaves 1e-16 times the largest entry on every mode, and the slow ones are of
        // size 1.
        in_double_ = largest < 1e9;
        if (in_double_) return lu_.factor(matrix, static_cast<int>(n_));
        if (!have_exact_) {
            const std::vector<DoubleDouble> x(x_.begin(), x_.end());
            exact_jacobian_.resize(n_ * n_);
            jacobian(network_, point_, x.data(), exact_jacobian_.data());
            have_exact_ = true;
        }
        return exact_lu_.factor(assemble(exact_jacobian_), static_cast<int>(n_));
    }

    [[nodiscard]] bool in_double() const { return in_double_; }

    /// Double: `b` as the integrator formed it. `x`: the iterate that the correction `z` is for; it
    /// brings x + z back onto the conservation laws.
    void solve(const double* x, const double* b, double* z) {
        double_side_.assign(b, b + n_);
        solve_with(lu_, double_side_, x, z);
    }

    /// Double-double: b = gamma dx/dt - history(i) formed again at `x`. In double the two ends of a
    /// fast step would be rounded separately, and their sum, which drives the slow modes, be noise.
    template <class History>
    void solve_exactly(const double* x, double gamma, const History& history, double* z) {
        const std::vector<DoubleDouble> exact_x(x, x + n_);
        exact_side_.resize(n_);
        forward_.resize(static_cast<std::size_t>(network_.steps()));
        reverse_.resize(forward_.size());
        step_rates(network_, point_, exact_x.data(), forward_.data(), reverse_.data());
        balances(network_, forward_.data(), reverse_.data(), exact_side_.data());
        for (std::size_t i = 0; i < n_; ++i) {
            exact_side_[i] = DoubleDouble(gamma) * exact_side_[i] - history(i);
        }
        solve_with(exact_lu_, exact_side_, x, z);
    }

private:
    template <class Number>
    [[nodiscard]] std::vector<Number> assemble(const std::vector<Number>& jacobian) const {
        std::vector<Number> matrix(n_ * n_, Number(0.0));
        for (std::size_t i = 0; i < n_; ++i) {
            for (std::size_t k = 0; k < n_; ++k) {
                const Number& slope = jacobian[i * n_ + k];
                if (slope != Number(0.0)) {
                    matrix[i * n_ + k] = -Number(gamma_) * slope * Number(scale_[k] / scale_[i]);
                }
            }
            matrix[i * n_ + i] += Number(1.0);
        }
        for (const StandingLaw<DoubleDouble>& law : laws_) {
            const auto place = static_cast<std::size_t>(law.place);
            for (std::size_t k = 0; k < n_; ++k) {
                matrix[place * n_ + k] = Number(law.coefficients[k] * (scale_[k] / scale_[place]));
            }
        }
        return matrix;
    }

    template <class Number>
    void solve_with(const Lu<Number>& lu, std::vector<Number>& side, const double* x, double* z) {
        for (std::size_t i = 0; i < n_; ++i) side[i] /= Number(scale_[i]);
        for (const StandingLaw<DoubleDouble>& law : laws_) {
            DoubleDouble missing = law.total;
            for (std::size_t k = 0; k < n_; ++k) {
                missing -= DoubleDouble(double(law.coefficients[k])) * DoubleDouble(x[k]);
            }
            const auto place = static_cast<std::size_t>(law.place);
            side[place] = Number(missing.high() / scale_[place]);
        }
        lu.solve(side);
        for (std::size_t i = 0; i < n_; ++i) z[i] = static_cast<double>(side[i]) * scale_[i];
    }

    const Network& network_;
    const PointKinetics& point_;
    const LiveNetwork& live_;
    std::size_t n_;
    double gamma_ = 0.0;
    std::vector<double> x_, scale_, jacobian_, double_side_;
    std::vector<DoubleDouble> exact_jacobian_, exact_side_, forward_, reverse_;
    std::vector<StandingLaw<DoubleDouble>> laws_;
    bool have_exact_ = false;
    bool in_double_ = true;
    Lu<double> lu_;
    Lu<DoubleDouble> exact_lu_;
};

struct ContextDeleter {
    void operator()(SUNContext context) const { SUNContext_Free(&context); }
};
struct VectorDeleter {
    void operator()(N_Vector vector) const { N_VDestroy(vector); }
};
struct MatrixDeleter {
    void operator()(SUNMatrix matrix) const { SUNMatDestroy(matrix); }
};
struct SolverDeleter {
    void operator()(SUNLinearSolver solver) const { SUNLinSolFreeEmpty(solver); }
};
struct CvodeDeleter {
    void operator()(void* memory) const { CVodeFree(&memory); }
};

template <class Handle, class Deleter>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Deleter>;

void check(bool fine) {
    if (!fine) throw std::bad_alloc();  // the set-up calls fail for want of memory only
}

}  // namespace

struct Transient::Implementation {
    Implementation(const Network& the_network, const PointKinetics& the_point,
                   const LiveNetwork& live, double tolerance)
        : network(the_network),
          point(the_point),
          matrix(the_network, the_point, live),
          coverages(the_point.initial),
          iterate(the_point.initial),
          forward(static_cast<std::size_t>(the_network.steps())),
          reverse(forward.size()) {
        SUNContext raw_context = nullptr;
        check(SUNContext_Create(nullptr, &raw_context) == 0);
        context.reset(raw_context);
        const auto n = static_cast<sunindextype>(coverages.size());
        state.reset(N_VMake_Serial(n, coverages.data(), raw_context));
        // CVODE wants a matrix for a direct solver; ours lives in `matrix`.
        unused_matrix.reset(SUNDenseMatrix(1, 1, raw_context));
        solver.reset(SUNLinSolNewEmpty(raw_context));
        cvode.reset(CVodeCreate(CV_BDF, raw_context));
        check(state && unused_matrix && solver && cvode);
        solver->content = this;
        solver->ops->gettype = [](SUNLinearSolver) { return SUNLINEARSOLVER_DIRECT; };
        solver->ops->setup = factor;
        solver->ops->solve = solve;

        void* memory = cvode.get();
        check(CVodeInit(memory, derivative, 0.0, state.get()) == CV_SUCCESS);
        CVodeSetErrHandlerFn(memory, remember, this);
        CVodeSetUserData(memory, this);
        CVodeSStolerances(memory, tolerance, floor);
        CVodeSetLinearSolver(memory, solver.get(), unused_matrix.get());
        CVodeSetLinSysFn(memory, build);
        CVodeSetMaxErrTestFails(memory, 30);
        CVodeSetMaxConvFails(memory, 30);
        CVodeSetMaxHnilWarns(memory, -1);
        CVodeSetInitStep(memory, first_step());
    }

    /// Short enough for a coverage that has to be made in two steps from an empty surface to be
    /// under the absolute tolerance still.
    [[nodiscard]] double first_step() const {
        double fastest = 0.0;
        for (const double k : point.forward) fastest = std::max(fastest, k);
        for (const double k : point.reverse) fastest = std::max(fastest, k);
        return fastest > 0.0 ? 0.1 * std::sqrt(floor) / fastest : 1.0;
    }

    static int derivative(realtype, N_Vector x, N_Vector dx, void* self) {
        auto& own = *static_cast<Implementation*>(self);
        const double* values = N_VGetArrayPointer(x);
        own.iterate.assign(values, values + own.iterate.size());
        step_rates(own.network, own.point, values, own.forward.data(), own.reverse.data());
        balances(own.network, own.forward.data(), own.reverse.data(), N_VGetArrayPointer(dx));
        return 0;
    }

    static int build(realtype, N_Vector x, N_Vector, SUNMatrix, booleantype jacobian_may_be_old,
                     booleantype* updated, realtype gamma, void* self, N_Vector, N_Vector,
                     N_Vector) {
        auto& matrix = static_cast<Implementation*>(self)->matrix;
        if (!jacobian_may_be_old) matrix.take_jacobian(N_VGetArrayPointer(x));
        *updated = !jacobian_may_be_old;
        matrix.take_step(gamma, N_VGetArrayPointer(x));
        return 0;
    }

    static int factor(SUNLinearSolver solver, SUNMatrix) {
        const bool fine = static_cast<Implementation*>(solver->content)->matrix.factor();
        return fine ? SUNLS_SUCCESS : SUNLS_LUFACT_FAIL;
    }

    static int solve(SUNLinearSolver solver, SUNMatrix, N_Vector z, N_Vector b, realtype) {
        auto& own = *static_cast<Implementation*>(solver->content);
        const double* x = own.iterate.data();
        if (own.matrix.in_double()) {
            own.matrix.solve(x, N_VGetArrayPointer(b), N_VGetArrayPointer(z));
            return SUNLS_SUCCESS;
        }
        // b = gamma dx/dt - (x - predicted) - rl1 zn1, in the words of CVODE's guide.
        N_Vector predicted = nullptr, current = nullptr, rate = nullptr, slope = nullptr;
        realtype time = 0.0, gamma = 0.0, rl1 = 0.0;
        void* data = nullptr;
        CVodeGetNonlinearSystemData(own.cvode.get(), &time, &predicted, &current, &rate, &gamma,
                                    &rl1, &slope, &data);
        const double* before = N_VGetArrayPointer(predicted);
        const double* zn1 = N_VGetArrayPointer(slope);
        own.matrix.solve_exactly(
            x, gamma,
            [&](std::size_t i) {
                return DoubleDouble(x[i]) - DoubleDouble(before[i]) +
                       DoubleDouble(rl1) * DoubleDouble(zn1[i]);
            },
            N_VGetArrayPointer(z));
        return SUNLS_SUCCESS;
    }

    static void remember(int code, const char*, const char*, char* message, void* self) {
        if (code < 0) static_cast<Implementation*>(self)->message = message;
    }

    const Network& network;
    const PointKinetics& point;
    NewtonMatrix matrix;
    std::vector<double> coverages;
    std::vector<double>
        iterate;  ///< where the derivative was last asked for: CVODE's Newton iterate
    std::vector<double> forward, reverse;
    double time = 0.0;
    int steps = 0;
    std::string message, failure;
    Owned<SUNContext, ContextDeleter> context;
    Owned<N_Vector, VectorDeleter> state;
    Owned<SUNMatrix, MatrixDeleter> unused_matrix;
    Owned<SUNLinearSolver, SolverDeleter> solver;
    std::unique_ptr<void, CvodeDeleter> cvode;
};

Transient::Transient(const Network& network, const PointKinetics& point, const LiveNetwork& live,
                     double relative_tolerance)
    : implementation_(std::make_unique<Implementation>(network, point, live, relative_tolerance)) {}

Transient::~Transient() = default;

bool Transient::step() {
    Implementation& own = *implementation_;
    const double direction = std::numeric_limits<double>::max();
    const int flag = CVode(own.cvode.get(), direction, own.state.get(), &own.time, CV_ONE_STEP);
    if (flag < 0) {
        own.failure =
            fmt::format("after {} steps, at {:.3g} s: {}", own.steps, own.time, own.message);
        return false;
    }
    ++own.steps;
    return true;
}

void Transient::limit_step(double longest) {
    CVodeSetMaxStep(implementation_->cvode.get(), std::isinf(longest) ? 0.0 : longest);
}

double Transient::time() const { return implementation_->time; }
int Transient::steps() const { return implementation_->steps; }
const std::vector<double>& Transient::coverages() const { return implementation_->coverages; }
const std::string& Transient::failure() const { return implementation_->failure; }

}  // namespace turnover
