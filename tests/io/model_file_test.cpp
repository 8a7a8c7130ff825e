#include "turnover/io/model_file.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/sentence.hpp"
#include "turnover/base/error.hpp"

namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using namespace turnover;
using namespace std::string_literals;

const std::string conditions = R"(
conditions:
  temperature: 500 K
  pressures: {CO_g: 0.1 bar, O2_g: 0.2 bar, CO2_g: 0 bar}
)";

const std::string reactions = R"(
reactions:
  - {equation: CO_g + *_s -> CO_s, name: CO in, theory: collision, area: 8e-20 m^2, barrier: 0 eV, reaction-energy: -1.5 eV}
  - {equation: O2_g + 2*_s <-> O-O_2s -> 2O_s, name: O2 in, barrier: 0.3 eV, reaction-energy: -2 eV}
  - {equation: CO_s + O_s -> CO2_g + 2*_s, name: out, barrier: 80 kJ/mol, reaction-energy: -0.5 eV}
)";

Model parse(const std::string& text, const Overrides& overrides = {}) {
    return parse_model(text, "test.yaml", overrides);
}

/// The error that `run` throws.
Error error_of(const std::function<void()>& run) {
    try {
        run();
    } catch (const Error& error) {
        return error;
    }
    return Error("no error was thrown");
}

Error error_in(const std::string& text, const Overrides& overrides = {}) {
    return error_of([&] { (void)parse(text, overrides); });
}

class ModelFileOnDisk : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("turnover_model_file_" + std::to_string(::getpid()));
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    [[nodiscard]] std::string write(const std::string& name, const std::string& bytes) const {
        const fs::path path = folder_ / name;
        std::ofstream(path, std::ios::binary) << bytes;
        return path.string();
    }
    static Error error_at(const std::string& path) {
        return error_of([&] { (void)read_model(path); });
    }

    fs::path folder_;
};

TEST_F(ModelFileOnDisk, what_is_no_text_is_refused) {
    struct Case {
        std::string name, bytes, message;
    };
    const std::vector<Case> cases{
        {"empty.yaml", "", "there is nothing in the file"},
        {"blank.yaml", " \n\n", "there is nothing in the file"},
        {"classic.nc", "CDF\x02\0\0\0\0"s, "NetCDF or HDF5"},
        {"map.nc", "\x89HDF\r\n\x1a\n\0\0"s, "NetCDF or HDF5"},
        {"program",
         "\x7f"
         "ELF\x02\x01\x01\0\0\0"s,
         "control character"},
        {"utf16.yaml", "\xFF\xFEn\0a\0"s, "UTF-16"},
        {"latin1.yaml", "name: caf\xE9\n", "not UTF-8"},
        {"overlong.yaml", "name: \xC0\xAF\n", "not UTF-8"},
        {"surrogate.yaml", "name: \xED\xA0\x80\n", "not UTF-8"},
        {"cut_short.yaml", "name: \xE2\x82", "not UTF-8"},
        {"deep.yaml", std::string(100000, '['), "not valid YAML"},
        {"big.yaml", std::string((16u << 20) + 1, '#'), "larger than 16 MiB"},
    };
    for (const Case& one : cases) {
        const std::string path = write(one.name, one.bytes);
        const Error error = error_at(path);
        EXPECT_THAT(error.what(), HasSubstr(one.message)) << one.name;
        EXPECT_EQ(error.place().file, path) << one.name;
        EXPECT_TRUE(turnover::support::is_sentence(error.advice())) << one.name;
    }
}

TEST_F(ModelFileOnDisk, a_byte_that_is_not_utf8_is_told_with_its_line) {
    EXPECT_EQ(error_at(write("a.yaml", "# one\n# two \xFF\n")).place().line, 2);
}

TEST_F(ModelFileOnDisk, a_directory_and_a_missing_file_are_refused) {
    EXPECT_THAT(error_at(folder_.string()).what(), HasSubstr("this is a directory"));
    EXPECT_THAT(error_at((folder_ / "no.yaml").string()).what(),
                HasSubstr("there is no such file"));
}

TEST_F(ModelFileOnDisk, byte_order_mark_and_carriage_returns_are_fine) {
    std::string text = "\xEF\xBB\xBF";
    for (const char c : conditions + reactions) text += c == '\n' ? "\r\n"s : std::string(1, c);
    const std::string path = write("windows.yaml", text);
    const Model model = read_model(path);
    EXPECT_EQ(model.text, text);
    EXPECT_EQ(model.path, path);
    EXPECT_EQ(model.title, "windows");
    EXPECT_EQ(model.network.steps(), 3);
}

TEST(ModelFile, carriage_returns_do_not_shift_lines) {
    EXPECT_EQ(error_in("name: a\r\n\r\nnonsense: 1\r\n").place().line, 3);
}

TEST(ModelFile, energies_and_conditions_arrive_in_SI) {
    const Model model = parse(conditions + reactions);
    const Mechanism& m = model.network.mechanism();
    const double eV = codata_2018().electronvolt;
    EXPECT_EQ(m.conditions.temperature, 500.0);
    EXPECT_DOUBLE_EQ(m.conditions.pressures[*m.find_species("CO_g")], 1e4);
    EXPECT_EQ(m.conditions.pressures[*m.find_species("CO2_g")], 0.0);
    EXPECT_EQ(m.standard_pressure, 1e5);
    EXPECT_DOUBLE_EQ(m.conditions.reaction_energies[*m.find_step("CO in")], -1.5 * eV);
    EXPECT_DOUBLE_EQ(m.conditions.barriers[*m.find_step("out")], 80e3 / codata_2018().avogadro);
    EXPECT_EQ(model.grid.size(), 1u);
    EXPECT_TRUE(model.network.initial().empty());
    ASSERT_EQ(m.sites.size(), 1u);  // without a section there is one type, s
    EXPECT_EQ(m.sites[0].name, "s");
    EXPECT_EQ(m.sites[0].total, 1.0);
}

TEST(ModelFile, sites_carry_what_is_given) {
    const Model model = parse(conditions + reactions +
                              "sites: {s: {name: Pt(100), total: 0.25, area: 7 angstrom^2, "
                              "reactive-fraction: 0.5}}\n");
    const Site& site = model.network.mechanism().sites.at(0);
    EXPECT_EQ(site.label, "Pt(100)");
    EXPECT_EQ(site.total, 0.25);
    EXPECT_DOUBLE_EQ(site.area, 7e-20);
    EXPECT_EQ(site.reactive_fraction, 0.5);
    EXPECT_EQ(model.network.mechanism().conditions.site_totals.at(0), 0.25);
}

TEST(ModelFile, constants_may_be_stated_and_electronvolts_follow_them) {
    const Model model = parse(
        "constants: {boltzmann: 1e-4 eV/K, electronvolt: 1.6e-19 J, atomic-weights: {C: 12}}\n"
        "standard-pressure: 1 atm\n" +
        conditions + reactions);
    const Mechanism& m = model.network.mechanism();
    EXPECT_EQ(m.constants.electronvolt, 1.6e-19);
    EXPECT_DOUBLE_EQ(m.constants.boltzmann, 1.6e-23);
    EXPECT_EQ(m.constants.planck, codata_2018().planck);
    EXPECT_EQ(m.constants.atomic_weight("C"), 12.0);
    EXPECT_EQ(m.standard_pressure, 101325.0);
    EXPECT_DOUBLE_EQ(m.conditions.reaction_energies[0], -1.5 * 1.6e-19);
}

TEST(ModelFile, theories_and_their_numbers) {
    const Model model = parse(R"(
conditions: {temperature: 500 K, pressures: {CO_g: 1 bar, O2_g: 1 bar}}
reactions:
  - {equation: CO_g + *_s -> CO_s, theory: arrhenius, forward: 2 1/(s bar), reverse: {A: 1e13 1/s, b: 0.5, Ea: 1 eV}}
  - {equation: O2_g + *_s -> O2_s, theory: arrhenius, forward: 3 1/(s Pa), equilibrium-constant: 4 1/bar}
  - {equation: O2_s + *_s => 2O_s, barrier: 0.5 eV, transmission-coefficient: 0.7}
  - {equation: 2O_s -> O2_g + 2*_s, reversible: false, free-energy-barrier: 1.5 eV}
)");
    const auto& steps = model.network.mechanism().steps;
    const auto& conditions = model.network.mechanism().conditions;
    const auto& first = std::get<ArrheniusTheory>(steps[0].theory);
    EXPECT_DOUBLE_EQ(first.forward.prefactor, 2e-5);
    EXPECT_EQ(first.forward.activation_energy, 0.0);
    ASSERT_TRUE(first.reverse);
    EXPECT_EQ(first.reverse->temperature_exponent, 0.5);
    EXPECT_DOUBLE_EQ(first.reverse->activation_energy, codata_2018().electronvolt);
    EXPECT_EQ(steps[0].energy_source, EnergySource::none);
    const auto& second = std::get<ArrheniusTheory>(steps[1].theory);
    EXPECT_DOUBLE_EQ(second.equilibrium_constant.value(), 4e-5);
    EXPECT_EQ(std::get<TransitionStateTheory>(steps[2].theory).transmission, 0.7);
    EXPECT_FALSE(steps[2].reversible);
    EXPECT_TRUE(std::isnan(conditions.reaction_energies[2]));
    EXPECT_FALSE(steps[3].reversible);
    EXPECT_EQ(steps[3].energy_source, EnergySource::relative_free);
}

TEST(ModelFile, a_barrier_alone_takes_the_reaction_energy_from_the_species) {
    const Model model = parse(R"(
conditions: {temperature: 500 K, pressures: {CO_g: 1 bar}}
gases: {CO_g: {energy: 0 eV}}
adsorbates: {CO_s: {energy: -1 eV}}
reactions:
  - {equation: CO_g + *_s -> CO_s, barrier: 0.2 eV}
)");
    const Mechanism& m = model.network.mechanism();
    EXPECT_EQ(m.steps[0].energy_source, EnergySource::species);
    EXPECT_DOUBLE_EQ(m.conditions.barriers[0], 0.2 * m.constants.electronvolt);
}

TEST(ModelFile, an_axis_may_vary_the_activation_energy_of_an_arrhenius_step) {
    const Model model = parse(R"(
conditions: {temperature: 500 K, pressures: {CO_g: 1 bar}}
reactions:
  - equation: CO_g + *_s => CO_s
    name: in
    theory: arrhenius
    forward: {A: 1e5 1/(s bar), Ea: 0.2 eV}
map: {axes: [{vary: barrier.in, values: [0 eV, 0.2 eV]}]}
)");
    const Conditions& base = model.network.mechanism().conditions;
    const auto forward = [&](std::size_t i) {
        return model.network.at(model.grid.conditions(base, i)).forward[0];
    };
    EXPECT_DOUBLE_EQ(forward(0), 1e5);
    EXPECT_EQ(forward(1), model.network.at(base).forward[0]);
    EXPECT_LT(forward(1), forward(0));
}

TEST(ModelFile, thermochemistry_of_every_kind) {
    const Model model = parse(R"(
conditions: {temperature: 500 K, pressures: {CO_g: 1 bar, O2_g: 1 bar, Ar_g: 1 bar}}
gases:
  CO_g: {energy: 0 eV, thermochemistry: ideal-gas, symmetry-number: 1, rotational-temperatures: [2 cm^-1], vibrations: [2143 cm^-1], zero-point-energy: false, electronic-degeneracy: 2}
  O2_g: {energy: 0 eV, thermochemistry: shomate, ranges: [{from: 298 K, to: 700 K, coefficients: [1, 2, 3, 4, 5, 6, 7, -8]}]}
  Ar_g: {energy: 0 eV, thermochemistry: ideal-gas}
adsorbates:
  CO_s: {energy: -1 eV, thermochemistry: harmonic, vibrations: [1 meV, 1 THz]}
  O2_s: {energy: -1 eV, thermochemistry: fixed, enthalpy: 0.1 eV, entropy: 100 J/(mol K)}
  Ar_s: {energy: -1 eV}
transition-states:
  CO-ts: {composition: CO, sites: {s: 1}, energy: 0.1 eV, thermochemistry: harmonic, vibrations: [50 meV]}
reactions:
  - CO_g + *_s <-> CO-ts -> CO_s
  - {equation: O2_g + *_s -> O2_s, barrier: 0 eV, reaction-energy: -1 eV}
  - {equation: Ar_g + *_s -> Ar_s, barrier: 0 eV, reaction-energy: -1 eV}
)");
    const Mechanism& m = model.network.mechanism();
    const Constants& c = m.constants;
    const auto of = [&](const char* name) { return m.thermochemistry[*m.find_species(name)]; };
    const auto gas = std::get<IdealGasCorrection>(of("CO_g"));
    ASSERT_EQ(gas.rotational_temperatures.size(), 1u);
    EXPECT_DOUBLE_EQ(gas.rotational_temperatures[0],
                     2.0 * 100.0 * c.planck * c.speed_of_light / c.boltzmann);
    EXPECT_EQ(gas.electronic_degeneracy, 2.0);
    EXPECT_FALSE(gas.zero_point_energy);
    EXPECT_EQ(std::get<ShomateCorrection>(of("O2_g")).ranges.at(0).coefficients[7], -8.0);
    EXPECT_TRUE(std::get<IdealGasCorrection>(of("Ar_g")).vibrations.empty());
    const auto harmonic = std::get<HarmonicCorrection>(of("CO_s"));
    EXPECT_TRUE(harmonic.zero_point_energy);
    ASSERT_EQ(harmonic.vibrations.size(), 2u);
    EXPECT_DOUBLE_EQ(harmonic.vibrations[1], 1e12 * c.planck);
    const auto fixed = std::get<FixedCorrection>(of("O2_s"));
    EXPECT_DOUBLE_EQ(fixed.enthalpy, 0.1 * c.electronvolt);
    EXPECT_DOUBLE_EQ(fixed.entropy, 100.0 / c.avogadro);
    EXPECT_EQ(of("Ar_s"), Thermochemistry(FixedCorrection{}));
    ASSERT_EQ(m.transition_states.size(), 1u);
    EXPECT_EQ(m.transition_states[0].composition, (Composition{{"C", 1}, {"O", 1}}));
    EXPECT_DOUBLE_EQ(m.conditions.transition_state_energies.at(0), 0.1 * c.electronvolt);
}

TEST(ModelFile, a_bidentate_over_two_site_types) {
    const Model model = parse(R"(
conditions: {temperature: 500 K, pressures: {CO2_g: 1 bar}}
sites: {s: {total: 0.4}, t: {total: 0.6}}
adsorbates: {CO2-b: {composition: CO2, sites: {s: 1, t: 1}}}
reactions:
  - {equation: CO2_g + *_s + *_t -> CO2-b, barrier: 0 eV, reaction-energy: -1 eV}
)");
    const Mechanism& m = model.network.mechanism();
    const Species& species = m.species[m.find_species("CO2-b").value()];
    EXPECT_EQ(species.sites, (SiteCount{{"s", 1}, {"t", 1}}));
    EXPECT_EQ(species.composition, (Composition{{"C", 1}, {"O", 2}}));
    EXPECT_EQ(model.network.sites(), 2);
}

TEST(ModelFile, spellings_of_one_species_are_one_species) {
    const Model model = parse(R"(
conditions: {temperature: 500 K, pressures: {CO(g): 1 bar}, initial-coverages: {CO*: 0.25}}
reactions:
  - {equation: CO_g + * -> CO_s, barrier: 0 eV, reaction-energy: -1 eV}
)");
    EXPECT_EQ(model.network.initial(), (std::map<std::string, double>{{"CO_s", 0.25}}));
}

TEST(ModelFile, anchors_and_aliases_are_read) {
    const Model model = parse(R"(
conditions: {temperature: 500 K, pressures: {CO_g: &p 1 bar, O2_g: *p}}
reactions:
  - {equation: CO_g + *_s -> CO_s, barrier: &e 0.25 eV, reaction-energy: -1 eV}
  - {equation: O2_g + *_s -> O2_s, barrier: *e, reaction-energy: -1 eV}
)");
    const auto& conditions = model.network.mechanism().conditions;
    EXPECT_EQ(conditions.barriers[0], conditions.barriers[1]);
    EXPECT_DOUBLE_EQ(conditions.barriers[1], 0.25 * codata_2018().electronvolt);
}

TEST(ModelFile, axes_keep_the_unit_and_digits_of_the_file) {
    const Model model = parse(conditions + reactions + R"(
map:
  axes:
    - {vary: pressure.CO_g, from: 0.1 atm, to: 202650 Pa, points: 3}
    - {vary: temperature, values: [300 K, 0.7 kK]}
    - {vary: barrier.out, unit: kJ/mol, from: 10, to: 1000, points: 3, spacing: logarithmic}
)");
    const auto& axes = model.grid.axes();
    ASSERT_EQ(axes.size(), 3u);
    EXPECT_EQ(axes[0].unit, "atm");
    EXPECT_EQ(axes[0].unit_factor, 101325.0);
    EXPECT_THAT(axes[0].values, ElementsAre(0.1, testing::DoubleEq(1.05), testing::DoubleEq(2.0)));
    EXPECT_THAT(axes[1].values, ElementsAre(300.0, testing::DoubleEq(700.0)));
    EXPECT_EQ(axes[1].spacing, Spacing::listed);
    EXPECT_EQ(axes[2].unit, "kJ/mol");
    EXPECT_THAT(axes[2].values, ElementsAre(10.0, testing::DoubleEq(100.0), 1000.0));
    const Conditions last =
        model.grid.conditions(model.network.mechanism().conditions, model.grid.size() - 1);
    EXPECT_DOUBLE_EQ(last.temperature, 700.0);
    EXPECT_DOUBLE_EQ(last.barriers[2], 1e6 / codata_2018().avogadro);
}

const std::string a_map = R"(
map:
  axes:
    - {vary: temperature, from: 400 K, to: 500 K, points: 3}
    - {vary: pressure.CO_g, values: [1 bar, 2 bar]}
)";

TEST(Overrides, settings_change_the_base_conditions) {
    const Model model = parse(conditions + reactions,
                              {{"pressure.CO_g=2bar", "temperature=0.6 kK", "barrier.out=0.5 eV",
                                "initial-coverage.CO_s=0.3", "site-total.s=0.5"},
                               {}});
    const Mechanism& m = model.network.mechanism();
    EXPECT_DOUBLE_EQ(m.conditions.pressures[*m.find_species("CO_g")], 2e5);
    EXPECT_DOUBLE_EQ(m.conditions.temperature, 600.0);
    EXPECT_DOUBLE_EQ(m.conditions.barriers[2], 0.5 * codata_2018().electronvolt);
    EXPECT_EQ(model.network.initial().at("CO_s"), 0.3);
    EXPECT_EQ(m.conditions.site_totals[0], 0.5);
    EXPECT_EQ(model.overrides.settings.size(), 5u);
}

TEST(Overrides, a_bad_setting_is_told_by_itself) {
    for (const std::string setting :
         {"pressure.CO_g", "=1 bar", "pressure.CO_g=", "pressure.CO_g=-1 bar", "pressure.CO_g=1 eV",
          "pressure.CO_g=1", "presure.CO_g=1 bar", "temperature=0 K", "temperature=nan K",
          "temperature=1e999 K", "temperature=500 q", "initial-coverage.CO_s=-0.1",
          "initial-coverage.XY_s=0.1", "initial-coverage.CO_s=0.1 bar", "energy.CO_s=1 eV",
          "barrier.nothing=1 eV"}) {
        const Error error = error_in(conditions + reactions, {{setting}, {}});
        EXPECT_THAT(error.what(), StartsWith("--set " + setting + ": "));
        EXPECT_TRUE(turnover::support::is_sentence(error.advice())) << error.what();
    }
}

TEST(Overrides, a_setting_without_a_unit_is_told_which) {
    for (const auto& [setting, with] : std::vector<std::pair<std::string, std::string>>{
             {"temperature=500", "temperature=500 K"},
             {"pressure.CO_g=1", "pressure.CO_g=1 bar"}}) {
        const Error error = error_in(conditions + reactions, {{setting}, {}});
        EXPECT_THAT(error.what(), HasSubstr("the number has no unit"));
        EXPECT_THAT(error.advice(), HasSubstr("--set '" + with + "'"));
    }
}

TEST(Overrides, coverages_beyond_the_sites_are_refused) {
    EXPECT_THAT(error_in(conditions + reactions, {{"initial-coverage.CO_s=1.5"}, {}}).what(),
                HasSubstr("but there are only"));
    EXPECT_THAT(error_in(conditions + "  initial-coverages: {CO_s: 0.8}\n" + reactions +
                         "map: {axes: [{vary: site-total.s, values: [1, 0.5]}]}\n")
                    .what(),
                HasSubstr("but there are only 0.5"));
}

TEST(Overrides, points_replace_the_numbers_of_points) {
    const Model model = parse(conditions + reactions + a_map, {{}, {11, 0}});
    EXPECT_EQ(model.grid.axes()[0].values.size(), 11u);
    EXPECT_EQ(model.grid.axes()[0].values[1], 410.0);
    EXPECT_EQ(model.grid.axes()[1].values.size(), 2u);
}

TEST(Overrides, points_that_do_not_fit_the_map_are_refused) {
    EXPECT_THAT(error_in(conditions + reactions + a_map, {{}, {11, 4}}).what(),
                StartsWith("--points 11x4: the axis 'pressure.CO_g' is a list"));
    EXPECT_THAT(error_in(conditions + reactions + a_map, {{}, {11}}).what(),
                StartsWith("--points 11: the map has 2 axes, not 1"));
    EXPECT_THAT(error_in(conditions + reactions, {{}, {11}}).what(),
                StartsWith("--points 11: the model has no map"));
    EXPECT_THAT(error_in(conditions + reactions + a_map, {{}, {1u << 30, 0}}).what(),
                HasSubstr("too many points"));
}

TEST(ModelFile, of_several_errors_the_first_in_the_file_is_told) {
    const Error error = error_in(R"(
conditions: {temperature: 500 K, pressures: {CO_g: 1 bar}}
reactions:
  - {equation: CO_g + *_s -> CO_s, barier: 0 eV}
  - {equation: CO_g + *_s -> C_s}
)");
    EXPECT_EQ(error.place().line, 4);
}

TEST(ModelFile, the_order_of_sections_does_not_matter) {
    const Model one = parse(conditions + reactions);
    const Model other = parse(reactions + conditions);
    EXPECT_EQ(one.network.unknown_names(), other.network.unknown_names());
    const PointKinetics a = one.network.at(one.network.mechanism().conditions);
    const PointKinetics b = other.network.at(other.network.mechanism().conditions);
    EXPECT_EQ(a.forward, b.forward);
    EXPECT_EQ(a.reverse, b.reverse);
}

TEST(Examples, in_the_documentation_are_all_read) {
    std::ifstream file(fs::path(TURNOVER_SOURCE_DIR) / "docs" / "model-file.md");
    int examples = 0;
    std::string block;
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("```")) {
            if (inside) block += line + "\n";
            continue;
        }
        if (inside) {
            ++examples;
            EXPECT_NO_THROW((void)parse(block)) << block;
        }
        inside = !inside && line == "```yaml";
        block.clear();
    }
    EXPECT_GE(examples, 5);
}

TEST(Examples, are_all_read) {
    int examples = 0;
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(TURNOVER_SOURCE_DIR) / "examples")) {
        if (entry.path().extension() != ".yaml") continue;
        ++examples;
        EXPECT_NO_THROW({
            const Model model = read_model(entry.path().string());
            EXPECT_GT(model.network.steps(), 0);
        }) << entry.path();
    }
    EXPECT_GE(examples, 7);
}

}  // namespace
