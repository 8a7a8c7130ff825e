#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "turnover/kinetics/network.hpp"
#include "turnover/sweep/grid.hpp"

namespace turnover {

/// What a user may override on the command line.
struct Overrides {
    /// "pressure.CO_g=0.1bar", "initial-coverage.CO_s=0.3", as `--set` takes them; later ones win.
    std::vector<std::string> settings;
    /// Points of each axis, in the file's order; 0 or an empty list = as in the file.
    std::vector<std::size_t> points;
    /// `--branches`: start each point from every surface that branch_surfaces knows for the model.
    bool branches = false;
};

/// A model file, read and checked: the compiled network and the grid that it asks for.
struct Model {
    std::string path;   ///< as given
    std::string text;   ///< the file, for provenance
    std::string title;  ///< its `name`, or the file's stem
    Overrides overrides;
    Network network;  ///< with all surfaces to start from, where branches are asked for
    Grid grid;        ///< one point when the file has no map
};

/// What there is to compute of a model: its grid, with its starting surfaces as the innermost axis
/// (with_surfaces) where branches are asked for.
[[nodiscard]] Grid work_grid(const Model& model);

/// The axes of a model, by path, over numbers that its settings change too: at every point of the
/// map the axis wins.
[[nodiscard]] std::vector<std::string> axes_that_beat_settings(const Model& model);

/// Reads a model file (YAML, docs/model-file.md). Throws Error with file, line and advice on
/// anything that it does not understand or that does not balance; never returns a model whose base
/// conditions cannot be run. Errors in the overrides have "--set ..." or "--points ..." in place of
/// the file.
[[nodiscard]] Model read_model(const std::string& path, const Overrides& overrides = {});

/// The same from text; `name` stands for the file in messages.
[[nodiscard]] Model parse_model(std::string text, const std::string& name,
                                const Overrides& overrides = {});

}  // namespace turnover
