#include "turnover/plot/contours.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace turnover {

namespace {

struct Vertex {
    double x, y, z;
    double known;  ///< 1 at a point with a value, 0 at one without
};

/// A convex part of a triangle.
using Part = std::vector<Vertex>;

/// The point of edge a-b where `quantity` is `level`. The order of a and b does not change it, so
/// that neighbouring triangles meet without a gap.
Vertex crossing(Vertex a, Vertex b, double Vertex::*quantity, double level) {
    if (a.*quantity > b.*quantity) std::swap(a, b);
    const double t = (level - a.*quantity) / (b.*quantity - a.*quantity);
    const auto mixed = [&](double Vertex::*of) { return a.*of + t * (b.*of - a.*of); };
    Vertex point{mixed(&Vertex::x), mixed(&Vertex::y), mixed(&Vertex::z), mixed(&Vertex::known)};
    point.*quantity = level;
    return point;
}

/// The part of a convex polygon on one side of where `quantity` is `level` (Sutherland and Hodgman,
/// Commun. ACM 17, 32 (1974)).
template <class Inside>
Part clip(const Part& polygon, double Vertex::*quantity, double level, Inside inside) {
    Part kept;
    for (std::size_t k = 0; k < polygon.size(); ++k) {
        const Vertex& here = polygon[k];
        const Vertex& next = polygon[(k + 1) % polygon.size()];
        if (inside(here.*quantity)) kept.push_back(here);
        if (inside(here.*quantity) != inside(next.*quantity)) {
            kept.push_back(crossing(here, next, quantity, level));
        }
    }
    return kept;
}

/// A field in which points beside those with a value have one too: the mean of their neighbours
/// along the axes or, where those have none, across the corners.
class Continued {
public:
    explicit Continued(const Field& field) : field_(field), z_(field.z) {
        for (std::size_t i = 0; i < field.x.size(); ++i) {
            for (std::size_t j = 0; j < field.y.size(); ++j) {
                double& here = z_[i * field.y.size() + j];
                if (std::isfinite(here)) continue;
                here = mean_around(i, j, true);
                if (!std::isfinite(here)) here = mean_around(i, j, false);
            }
        }
    }

    [[nodiscard]] Vertex at(std::size_t i, std::size_t j) const {
        return {field_.x[i], field_.y[j], z_[i * field_.y.size() + j],
                std::isfinite(field_.at(i, j)) ? 1.0 : 0.0};
    }

private:
    [[nodiscard]] double mean_around(std::size_t i, std::size_t j, bool along) const {
        double sum = 0.0, count = 0.0;
        for (const int di : {-1, 0, 1}) {
            for (const int dj : {-1, 0, 1}) {
                if ((di == 0 || dj == 0) != along) continue;
                const std::size_t k = i + static_cast<std::size_t>(di);  // -1 wraps: too large
                const std::size_t l = j + static_cast<std::size_t>(dj);
                if (k >= field_.x.size() || l >= field_.y.size()) continue;
                if (!std::isfinite(field_.at(k, l))) continue;
                sum += field_.at(k, l);
                count += 1.0;
            }
        }
        return sum / count;  // NaN where there is none
    }

    const Field& field_;
    std::vector<double> z_;
};

/// Calls `visit` with what is to be drawn of each triangle of cell (i, j).
template <class Visit>
void parts_of(const Continued& field, std::size_t i, std::size_t j, Visit visit) {
    const std::array<Vertex, 4> corners{field.at(i, j), field.at(i + 1, j), field.at(i + 1, j + 1),
                                        field.at(i, j + 1)};
    const auto mean = [&](double Vertex::*of) {
        return 0.25 * (corners[0].*of + corners[1].*of + corners[2].*of + corners[3].*of);
    };
    const double known = mean(&Vertex::known);
    if (known == 0.0) return;
    const Vertex centre{mean(&Vertex::x), mean(&Vertex::y), mean(&Vertex::z), known};
    for (std::size_t k = 0; k < 4; ++k) {
        Part part{corners[k], corners[(k + 1) % 4], centre};
        if (known < 1.0) {
            part = clip(part, &Vertex::known, 0.5, [](double share) { return share >= 0.5; });
        }
        if (part.size() >= 3) visit(part);
    }
}

std::size_t band_of(double z, const std::vector<double>& levels) {
    const auto inner = std::upper_bound(levels.begin() + 1, levels.end() - 1, z);
    return static_cast<std::size_t>(inner - levels.begin()) - 1;
}

/// The only band that cell (i, j) lies in, or the number of bands if there is no such one.
std::size_t whole_band(const Field& f, std::size_t i, std::size_t j,
                       const std::vector<double>& levels) {
    const std::size_t none = levels.size() - 1;
    const std::array<double, 4> z{f.at(i, j), f.at(i + 1, j), f.at(i + 1, j + 1), f.at(i, j + 1)};
    if (!std::ranges::all_of(z, [](double v) { return std::isfinite(v); })) return none;
    const std::size_t band = band_of(z[0], levels);
    return std::ranges::all_of(z, [&](double v) { return band_of(v, levels) == band; }) ? band
                                                                                        : none;
}

/// Largest less smallest corner of cell (i, j), those without a value left out.
double rise_of(const Field& f, std::size_t i, std::size_t j) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double z : {f.at(i, j), f.at(i + 1, j), f.at(i + 1, j + 1), f.at(i, j + 1)}) {
        if (!std::isfinite(z)) continue;
        low = std::min(low, z);
        high = std::max(high, z);
    }
    return high - low;
}

void cut(const Part& whole, const std::vector<double>& levels,
         std::vector<std::vector<Polygon>>& bands) {
    const auto [low, high] = std::ranges::minmax(whole, {}, &Vertex::z);
    const std::size_t last = band_of(high.z, levels);
    for (std::size_t band = band_of(low.z, levels); band <= last; ++band) {
        Part part = whole;
        if (band > 0) {
            part =
                clip(part, &Vertex::z, levels[band], [&](double z) { return z >= levels[band]; });
        }
        if (band + 2 < levels.size()) {
            part = clip(part, &Vertex::z, levels[band + 1],
                        [&](double z) { return z < levels[band + 1]; });
        }
        if (part.size() < 3) continue;
        Polygon polygon;
        for (const Vertex& v : part) polygon.push_back({v.x, v.y});
        bands[band].push_back(std::move(polygon));
    }
}

}  // namespace

std::vector<std::vector<Polygon>> filled_bands(const Field& field,
                                               const std::vector<double>& levels) {
    std::vector<std::vector<Polygon>> bands(levels.size() - 1);
    const Continued continued(field);
    for (std::size_t i = 0; i + 1 < field.x.size(); ++i) {
        std::size_t j = 0;
        while (j + 1 < field.y.size()) {
            // Neighbouring cells that lie in one band become one rectangle: fewer polygons to draw.
            const std::size_t first = j;
            const std::size_t band = whole_band(field, i, j, levels);
            if (band == bands.size()) {
                parts_of(continued, i, j, [&](const Part& part) { cut(part, levels, bands); });
                ++j;
                continue;
            }
            while (j + 1 < field.y.size() && whole_band(field, i, j, levels) == band) ++j;
            bands[band].push_back({{field.x[i], field.y[first]},
                                   {field.x[i + 1], field.y[first]},
                                   {field.x[i + 1], field.y[j]},
                                   {field.x[i], field.y[j]}});
        }
    }
    return bands;
}

std::vector<Segment> contour_line(const Field& field, double level, double steepest) {
    const Continued continued(field);
    std::vector<Segment> line;
    for (std::size_t i = 0; i + 1 < field.x.size(); ++i) {
        for (std::size_t j = 0; j + 1 < field.y.size(); ++j) {
            if (rise_of(field, i, j) > steepest) continue;
            parts_of(continued, i, j, [&](const Part& part) {
                std::vector<PlanePoint> ends;
                for (std::size_t k = 0; k < part.size(); ++k) {
                    const Vertex& a = part[k];
                    const Vertex& b = part[(k + 1) % part.size()];
                    if ((a.z < level) == (b.z < level)) continue;
                    const Vertex c = crossing(a, b, &Vertex::z, level);
                    ends.push_back({c.x, c.y});
                }
                if (ends.size() == 2) line.push_back({ends[0], ends[1]});
            });
        }
    }
    return line;
}

}  // namespace turnover
