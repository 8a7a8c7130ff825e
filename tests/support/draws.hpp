#pragma once

#include <cmath>
#include <cstdint>

namespace turnover::test {

/// Random numbers that are the same with every compiler and library, to the last bit: SplitMix64
/// (Steele, Lea and Flood, OOPSLA 2014), and no function of the mathematical library but exact
/// ones.
class Draws {
public:
    explicit Draws(std::uint64_t seed) : state_(seed) {}

    [[nodiscard]] std::uint64_t bits() {
        state_ += 0x9e3779b97f4a7c15u;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }

    /// In [low, high).
    [[nodiscard]] double uniform(double low, double high) {
        return low + (high - low) * (static_cast<double>(bits() >> 11) * 0x1p-53);
    }

    /// 0 ... count - 1.
    [[nodiscard]] int pick(int count) {
        return static_cast<int>(bits() % static_cast<std::uint64_t>(count));
    }

    [[nodiscard]] bool chance(double probability) { return uniform(0.0, 1.0) < probability; }

    /// From 2^low to 2^high: every octave as likely as the next, and evenly within an octave.
    [[nodiscard]] double octaves(int low, int high) {
        const int octave = low + pick(high - low);
        return std::ldexp(uniform(1.0, 2.0), octave);
    }

private:
    std::uint64_t state_;
};

/// Seed number `index` of the series that `seed` begins.
[[nodiscard]] inline std::uint64_t seed_of(std::uint64_t seed, std::uint64_t index) {
    return Draws(Draws(seed).bits() + index).bits();
}

}  // namespace turnover::test
