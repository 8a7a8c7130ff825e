#include "turnover/plot/contours.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace turnover {

namespace {

struct Vertex {
    double x, y, z;
};

using Triangle = std::array<Vertex, 3>;

/// The point of edge a-b where the field is `level`. The order of a and b does not change it, so
/// that neighbouring triangles meet without a gap.
Vertex crossing(Vertex a, Vertex b, double level) {
    if (a.z > b.z) std::swap(a, b);
    const double t = (level - a.z) / (b.z - a.z);
    return {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y), level};
}

/// The part of a convex polygon on one side of `level` (Sutherland and Hodgman, Commun. ACM 17, 32
/// (1974)).
template <class Inside>
std::vector<Vertex> clip(const std::vector<Vertex>& polygon, double level, Inside inside) {
    std::vector<Vertex> kept;
    for (std::size_t k = 0; k < polygon.size(); ++k) {
        const Vertex& here = polygon[k];
        const Vertex& next = polygon[(k + 1) % polygon.size()];
        if (inside(here.z)) kept.push_back(here);
        if (inside(here.z) != inside(next.z)) kept.push_back(crossing(here, next, level));
    }
    return kept;
}

/// Calls `visit` with each triangle of cell (i, j).
template <class Visit>
void triangles_of(const Field& f, std::size_t i, std::size_t j, Visit visit) {
    const std::array<Vertex, 4> corners{{{f.x[i], f.y[j], f.at(i, j)},
                                         {f.x[i + 1], f.y[j], f.at(i + 1, j)},
                                         {f.x[i + 1], f.y[j + 1], f.at(i + 1, j + 1)},
                                         {f.x[i], f.y[j + 1], f.at(i, j + 1)}}};
    std::vector<Vertex> known;
    std::ranges::copy_if(corners, std::back_inserter(known),
                         [](const Vertex& v) { return std::isfinite(v.z); });
    if (known.size() == 3) visit(Triangle{known[0], known[1], known[2]});
    if (known.size() < 4) return;
    const Vertex centre{0.5 * (f.x[i] + f.x[i + 1]), 0.5 * (f.y[j] + f.y[j + 1]),
                        0.25 * (corners[0].z + corners[1].z + corners[2].z + corners[3].z)};
    for (std::size_t k = 0; k < 4; ++k) visit(Triangle{corners[k], corners[(k + 1) % 4], centre});
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

void cut_triangle(const Triangle& triangle, const std::vector<double>& levels,
                  std::vector<std::vector<Polygon>>& bands) {
    const auto [low, high] = std::minmax({triangle[0].z, triangle[1].z, triangle[2].z});
    const std::size_t last = band_of(high, levels);
    for (std::size_t band = band_of(low, levels); band <= last; ++band) {
        std::vector<Vertex> part(triangle.begin(), triangle.end());
        if (band > 0) {
            part = clip(part, levels[band], [&](double z) { return z >= levels[band]; });
        }
        if (band + 2 < levels.size()) {
            part = clip(part, levels[band + 1], [&](double z) { return z < levels[band + 1]; });
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
    for (std::size_t i = 0; i + 1 < field.x.size(); ++i) {
        std::size_t j = 0;
        while (j + 1 < field.y.size()) {
            // Neighbouring cells that lie in one band become one rectangle: fewer polygons to draw.
            const std::size_t first = j;
            const std::size_t band = whole_band(field, i, j, levels);
            if (band == bands.size()) {
                triangles_of(field, i, j,
                             [&](const Triangle& t) { cut_triangle(t, levels, bands); });
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
    std::vector<Segment> line;
    for (std::size_t i = 0; i + 1 < field.x.size(); ++i) {
        for (std::size_t j = 0; j + 1 < field.y.size(); ++j) {
            if (rise_of(field, i, j) > steepest) continue;
            triangles_of(field, i, j, [&](const Triangle& triangle) {
                std::vector<PlanePoint> ends;
                for (std::size_t k = 0; k < 3; ++k) {
                    const Vertex& a = triangle[k];
                    const Vertex& b = triangle[(k + 1) % 3];
                    if ((a.z < level) == (b.z < level)) continue;
                    const Vertex c = crossing(a, b, level);
                    ends.push_back({c.x, c.y});
                }
                if (ends.size() == 2) line.push_back({ends[0], ends[1]});
            });
        }
    }
    return line;
}

}  // namespace turnover
