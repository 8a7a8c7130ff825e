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
};

int run_plot(const PlotOptions& options) {
    const std::string picture =
        options.picture.empty()
            ? std::filesystem::path(options.map).replace_extension(".png").string()
            : options.picture;
    plot_map(read_map(options.map), picture, options.style);
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
    command->add_flag("--keep-script", options->style.keep_script,
                      "leave the gnuplot script beside the picture, to be edited");
    command->footer(
        "Examples:\n"
        "  turnover plot out/co_oxidation/map.nc\n"
        "  turnover plot out/co_oxidation/map.nc -o co.pdf --gas CO_g");
    command->callback([options, &action] { action = [options] { return run_plot(*options); }; });
}

}  // namespace turnover::program
