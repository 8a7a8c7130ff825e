// torture: random physical networks and the examples' maps against the 100-digit judge; see
// docs/torture.md.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "examine_set.hpp"
#include "summary.hpp"
#include "support/network_text.hpp"
#include "support/random_network.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/sweep/progress.hpp"

namespace turnover::test {
namespace {

struct Options {
    std::uint64_t seed = 1;
    int first = 0;
    int networks = 1000;
    int points = 100;
    int jobs = 1;
    int largest = 20;
    bool idealised = false;
    bool maps = false;
    std::string path = "batch";
    Examination how;
    std::string journal;
    std::uint64_t only_network = 0;
    int only_point = -1;
    bool show = false;

    /// What the numbers of a part depend on: parts with other settings do not add up.
    [[nodiscard]] std::string settings() const {
        return fmt::format("seed {} points {} largest {} idealised {} path {} branch-every {}",
                           seed, points, largest, idealised, path, how.branch_every);
    }
};

/// A piece of work with a name of its own: a random network or a map.
struct Part {
    std::string name;
    std::function<Summary()> run;
    std::size_t points = 0;
};

void show(const Network& network, const PointKinetics& point) {
    const SteadyState state = solve_reference(network, point);
    fmt::print("{}\n", point_as_code(network, point));
    for (std::size_t i = 0; i < state.coverages.size(); ++i) {
        fmt::print("{:12} {:.17g}\n", network.unknown_names()[i], state.coverages[i]);
    }
    fmt::print("{} {}, slowest {:.3g} 1/s, at {:.3g} s after {} steps, bounds {:.2g} {:.2g}\n",
               to_string(state.status), state.detail, state.slowest_eigenvalue,
               state.integration_time, state.integration_steps, state.coverage_error,
               state.rate_error);
}

/// All points of one random network, or the one asked for.
Summary torture_network(std::uint64_t seed, const Options& options) {
    const int adsorbates = random_size(seed, options.largest);
    const RandomNetwork random = random_network(seed, adsorbates, options.points,
                                                options.idealised ? Idealised::yes : Idealised::no);
    const Network& network = random.network;
    std::vector<std::size_t> numbers;
    std::vector<PointKinetics> points;
    for (std::size_t p = 0; p < random.points.size(); ++p) {
        if (options.only_point >= 0 && p != static_cast<std::size_t>(options.only_point)) continue;
        numbers.push_back(p);
        points.push_back(network.at(random.points[p]));
        if (options.show) show(network, points.back());
    }
    return examine_set(network, points, Summary::class_of(adsorbates), options.how,
                       [&](std::size_t p) {
                           return fmt::format("--network {:#018x} --point {}", seed, numbers[p]);
                       });
}

Summary torture_map(const std::filesystem::path& file, const Options& options) {
    const Model model = read_model(file.string());
    std::vector<PointKinetics> points;
    for (std::size_t p = 0; p < model.grid.size(); ++p) {
        points.push_back(
            model.network.at(model.grid.conditions(model.network.mechanism().conditions, p)));
    }
    Examination how = options.how;
    how.branch_every = std::min(how.branch_every, 1);
    return examine_set(model.network, points, Summary::classes.size() - 1, how, [&](std::size_t p) {
        return fmt::format("{} point {}", file.parent_path().filename().string(), p);
    });
}

std::vector<Part> parts_of(const Options& options) {
    std::vector<Part> parts;
    if (options.maps) {
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(
                 std::filesystem::path(TURNOVER_SOURCE_DIR) / "examples")) {
            if (entry.path().extension() == ".yaml") files.push_back(entry.path());
        }
        std::sort(files.begin(), files.end());
        for (const auto& file : files) {
            parts.push_back({std::filesystem::relative(file, TURNOVER_SOURCE_DIR).string(),
                             [file, &options] { return torture_map(file, options); }, 100});
        }
    }
    std::vector<std::uint64_t> seeds{options.only_network};
    if (options.only_network == 0) {
        seeds.clear();
        for (int i = options.first; i < options.first + options.networks; ++i) {
            seeds.push_back(seed_of(options.seed, static_cast<std::uint64_t>(i)));
        }
    }
    for (const std::uint64_t seed : seeds) {
        parts.push_back({fmt::format("{:#018x}", seed),
                         [seed, &options] { return torture_network(seed, options); },
                         static_cast<std::size_t>(options.points)});
    }
    return parts;
}

/// Parts that are done, one line of JSON each: what is there is not done again, and the journals of
/// several runs are put together by `cat`.
class Journal {
public:
    Journal(const std::string& path, std::string settings) : settings_(std::move(settings)) {
        if (path.empty()) return;
        std::ifstream in(path);
        for (std::string line; std::getline(in, line);) {
            const auto entry = nlohmann::json::parse(line, nullptr, false);
            if (entry.is_discarded() || entry.value("settings", "") != settings_) continue;
            done_[entry.at("part")] = entry.at("summary").get<Summary>();
        }
        out_.open(path, std::ios::app);
        if (!out_) throw std::runtime_error("cannot write " + path);
    }

    [[nodiscard]] std::map<std::string, Summary>& done() { return done_; }

    void keep(const std::string& part, Summary summary) {
        if (out_.is_open()) {
            out_ << nlohmann::json{{"settings", settings_}, {"part", part}, {"summary", summary}}
                 << '\n'
                 << std::flush;
        }
        done_[part] = std::move(summary);
    }

private:
    std::string settings_;
    std::map<std::string, Summary> done_;
    std::ofstream out_;
};

int torture(const Options& options) {
    const auto start = std::chrono::steady_clock::now();
    Journal journal(options.journal, options.settings());
    std::vector<Part> parts = parts_of(options);
    std::erase_if(parts, [&](const Part& part) { return journal.done().contains(part.name); });
    std::size_t points = 0;
    for (const Part& part : parts) points += part.points;

    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::string broken;
    {
        Progress progress(points, stderr);
        const auto work = [&] {
            for (std::size_t i = next++; i < parts.size(); i = next++) {
                Summary summary;
                std::string trouble;
                try {
                    summary = parts[i].run();
                } catch (const std::exception& error) {
                    trouble = fmt::format("{}: {}\n", parts[i].name, error.what());
                }
                const std::lock_guard lock(mutex);
                const int bad = summary.count(Outcome::failed) + summary.count(Outcome::wrong);
                progress.add(parts[i].points, static_cast<std::size_t>(bad));
                broken += trouble;
                if (trouble.empty()) journal.keep(parts[i].name, std::move(summary));
            }
        };
        std::vector<std::jthread> workers;
        for (int j = 1; j < options.jobs; ++j) workers.emplace_back(work);
        work();
    }
    // By name, so that the report does not depend on who was first.
    Summary summary;
    for (const auto& [name, part] : journal.done()) summary.add(part);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    fmt::print("{}\n{}{} now, {} jobs\n", options.settings(), summary.text(),
               describe_duration(seconds), options.jobs);
    if (!broken.empty()) fmt::print("exceptions:\n{}", broken);
    const bool fine = broken.empty() && summary.count(Outcome::wrong) == 0 &&
                      summary.count(Outcome::failed) == 0 && summary.count(Outcome::untold) == 0;
    return fine ? 0 : 1;
}

}  // namespace
}  // namespace turnover::test

int main(int argc, char** argv) {
    turnover::test::Options options;
    CLI::App app(
        "Random physical networks against the 100-digit judge (docs/torture.md). Exit code 1 when "
        "a "
        "point is wrong, cannot be judged, or fails for a reason of the numerics.");
    app.add_option("--seed", options.seed, "of the set of networks")->capture_default_str();
    app.add_option("--first", options.first, "number of the first network")->capture_default_str();
    app.add_option("--networks", options.networks, "how many")->capture_default_str();
    app.add_option("--points", options.points, "a network")->capture_default_str();
    app.add_option("-j,--jobs", options.jobs, "threads")->capture_default_str();
    app.add_option("--largest", options.largest, "most adsorbates of a network")
        ->capture_default_str();
    app.add_flag("--idealised", options.idealised,
                 "with irreversible steps and absent gases here and there");
    app.add_flag("--maps", options.maps, "the examples' maps too");
    app.add_option("--branch-every", options.how.branch_every,
                   "check the branch at every so-manieth point (0: never); networks in which "
                   "several stable states are seen have it checked everywhere")
        ->capture_default_str();
    app.add_option("--oracles", options.how.oracles,
                   "points a network that are followed in 100 digits, of those that oscillate "
                   "and of those that have not settled")
        ->capture_default_str();
    app.add_option("--path", options.path,
                   "the solver: batch, which hands over to the reference path what it cannot "
                   "certify, or reference alone")
        ->check(CLI::IsMember({"batch", "reference"}))
        ->capture_default_str();
    app.add_option("--journal", options.journal,
                   "keep finished networks here, and go on from there when run again");
    app.add_option("--network", options.only_network, "only the network of this seed");
    app.add_option("--point", options.only_point, "only this point");
    app.add_flag("--show", options.show,
                 "print each point as code, and the reference path's answer");
    CLI11_PARSE(app, argc, argv);
    options.how.batch = options.path == "batch";
    return turnover::test::torture(options);
}
