#include "turnover/io/model_file.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <utility>

#include "turnover/io/model_sections.hpp"
#include "turnover/io/model_values.hpp"
#include "turnover/io/text_file.hpp"
#include "turnover/io/yaml_node.hpp"
#include "turnover/sweep/branches.hpp"

namespace turnover {

namespace {

const std::vector<std::string> model_keys{
    "name",  "constants",  "standard-pressure", "conditions", "sites",
    "gases", "adsorbates", "transition-states", "reactions",  "map"};

std::string read_title(const YamlMap& model, const std::string& file) {
    const YamlEntry* name = model.find("name");
    if (name == nullptr) return std::filesystem::path(file).stem().string();
    return name->value.text("a title");
}

/// What can only be checked of the whole mechanism, each error at the step or section it is about.
void check(const YamlMap& model, const ModelDraft& draft) {
    FirstError errors;
    for (std::size_t j = 0; j < draft.mechanism.steps.size(); ++j) {
        errors.attempt(
            [&] { at_place(draft.step_places[j], [&] { check_step(draft.mechanism, j); }); });
    }
    errors.raise();
    at_place(model.find("conditions")->place, [&] {
        (void)gibbs_corrections(draft.mechanism, draft.mechanism.conditions.temperature);
    });
    at_place(model.find("reactions")->place, [&] { check_mechanism(draft.mechanism); });
}

}  // namespace

Model read_model(const std::string& path, const Overrides& overrides) {
    return parse_model(read_text_file(path), path, overrides);
}

Grid work_grid(const Model& model) {
    return model.overrides.branches ? with_surfaces(model.grid, model.network) : model.grid;
}

std::vector<std::string> axes_that_beat_settings(const Model& model) {
    std::vector<std::string> paths;
    for (const Axis& axis : model.grid.axes()) {
        const auto sets = [&](const std::string& setting) {
            return setting_parameter(setting, model.network.mechanism()) == axis.parameter;
        };
        if (std::ranges::any_of(model.overrides.settings, sets)) paths.push_back(axis.path);
    }
    return paths;
}

Model parse_model(std::string text, const std::string& name, const Overrides& overrides) {
    const YamlNode document = parse_yaml(clean_text(text, name), name);
    const YamlMap model = document.map("a model, a map with conditions and reactions", model_keys);
    ModelDraft draft;
    const std::string title = read_title(model, name);
    draft.mechanism.name = title;
    read_constants(model, draft.mechanism);
    read_sites(model, draft.mechanism);
    declare_labelled_species(model, draft.mechanism);
    read_reactions(model, draft);
    read_species(model, draft.mechanism);
    read_conditions(model, draft);
    check(model, draft);

    const Place set{"--set", 0, 0};
    for (const std::string& setting : overrides.settings) apply_setting(setting, draft);
    if (!overrides.settings.empty()) {
        at_place(set, [&] { check_mechanism(draft.mechanism); });
    }
    Grid grid = read_map(model, draft.mechanism, overrides.points);
    check_initial_coverages(model, draft, grid);
    const auto listed = read_starting_surfaces(model, draft.mechanism, grid);

    // What is left to fail are the rate constants of the base conditions.
    std::optional<Network> network;
    at_place(overrides.settings.empty() ? model.find("conditions")->place : set, [&] {
        network.emplace(draft.mechanism, draft.initial);
        (void)network->at(draft.mechanism.conditions);
        if (overrides.branches) {
            network = network->with_surfaces(branch_surfaces(*network, listed));
        }
    });
    return {name, std::move(text), title, overrides, std::move(*network), std::move(grid)};
}

}  // namespace turnover
