// turnover plot: the picture of a map that was written before.
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "command.hpp"
#include "turnover/io/netcdf.hpp"
#include "turnover/plot/map_plot.hpp"

namespace turnover::program {

namespace {

struct PlotOptions {
    std::string map;
    std::string picture;
    MapPlotOptions style;
    bool branches = false;
};

int run_plot(const PlotOptions& options) {
    std::string picture = options.picture;
    if (picture.empty()) {
        std::filesystem::path beside = options.map;
        if (options.branches) beside.replace_filename("branches");
        picture = beside.replace_extension(".png").string();
    }
    const MapData map = read_map(options.map);
    if (options.branches) {
        plot_branches(map, picture, options.style);
    } else {
        plot_map(map, picture, options.style);
    }
    fmt::print("{}\n", picture);
    return all_converged;
}

}  // namespace

void add_plot_command(CLI::App& app, Action& action) {
    auto options = std::make_shared<PlotOptions>();
    CLI::App* command = app.add_subcommand("plot", "draw a map that was written before");
    command->add_option("MAP", options->map, "a map.nc")->required();
    command
        ->add_option("-o,--output", options->picture,
                     "the picture, .png, .pdf or .svg (default: MAP with the ending .png)")
        ->type_name("FILE");
    command
        ->add_option("--gas", options->style.gas,
                     "gas whose turnover frequency is drawn (default: the first product)")
        ->type_name("NAME");
    command
        ->add_option(
            "--at", options->style.at,
            "hold an axis at its value nearest to this, such as temperature=500K, and draw "
            "the first two others; may be given repeatedly (default: the middle)")
        ->type_name("AXIS=VALUE")
        ->allow_extra_args(false);
    command->add_flag("--branches", options->branches,
                      "draw how many stable states each point has and the turnover frequency of "
                      "each, of a map made with --branches (default: branches.png beside MAP)");
    command->add_flag("--keep-script", options->style.keep_script,
                      "leave the gnuplot script beside the picture, to be edited");
    command->footer(
        "Examples:\n"
        "  turnover plot out/co_oxidation/map.nc\n"
        "  turnover plot out/co_oxidation/map.nc -o co.pdf --gas CO_g\n"
        "  turnover plot out/co_oxidation/map.nc -o cut.png --at 'pressure.O2_g=0.2 atm'");
    command->callback([options, &action] { action = [options] { return run_plot(*options); }; });
}

}  // namespace turnover::program
