#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "turnover/chemistry/chemistry.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/io/yaml_node.hpp"

namespace turnover {

// The sections of a model file, in the order in which they depend on each other: a later one may
// name what an earlier one has declared. Every reader throws Error with place; where a section has
// several errors, the one that stands first in the file.

/// A model while it is read.
struct ModelDraft {
    Mechanism mechanism;
    std::map<std::string, double> initial;  ///< coverages of the initial surface, by canonical name
    std::vector<Place> step_places;         ///< where each step of the mechanism was read
};

/// `constants` and `standard-pressure`.
void read_constants(const YamlMap& model, Mechanism& mechanism);

/// `sites`; without it, one site type "s" with a total of 1.
void read_sites(const YamlMap& model, Mechanism& mechanism);

/// Declares those `gases`, `adsorbates` and `transition-states` whose composition or sites are
/// given rather than read from their names.
void declare_labelled_species(const YamlMap& model, Mechanism& mechanism);

/// `reactions`.
void read_reactions(const YamlMap& model, ModelDraft& draft);

/// Energies and thermochemistry of `gases`, `adsorbates` and `transition-states`. Everything listed
/// there must take part in a reaction.
void read_species(const YamlMap& model, Mechanism& mechanism);

/// The Gibbs correction that `entry` (of a species or transition state of `composition`) asks for;
/// `kinds` are the values of `thermochemistry` that make sense for it, `common` the keys it may
/// have besides.
[[nodiscard]] Thermochemistry read_thermochemistry(const YamlMap& entry,
                                                   const std::vector<std::string>& kinds,
                                                   std::vector<std::string> common,
                                                   const Composition& composition,
                                                   const Constants& constants);

/// `conditions`: temperature, pressures, initial coverages.
void read_conditions(const YamlMap& model, ModelDraft& draft);

/// What a valid `--set KEY=VALUE` changes; empty when it is an initial coverage.
[[nodiscard]] std::optional<Parameter> setting_parameter(const std::string& setting,
                                                         const Mechanism& mechanism);

/// Applies one `--set KEY=VALUE`.
void apply_setting(const std::string& setting, ModelDraft& draft);

/// Throws Error when the initial coverages take more sites than there are, anywhere on `grid`.
void check_initial_coverages(const YamlMap& model, const ModelDraft& draft, const Grid& grid);

/// `map: starting-surfaces`, by canonical name. Throws Error like check_initial_coverages.
[[nodiscard]] std::vector<std::map<std::string, double>> read_starting_surfaces(
    const YamlMap& model, const Mechanism& mechanism, const Grid& grid);

/// `map`, with `points` (`--points`) in place of the numbers of points that the file gives.
[[nodiscard]] Grid read_map(const YamlMap& model, const Mechanism& mechanism,
                            const std::vector<std::size_t>& points);

}  // namespace turnover
