// turnover merge: one map of the shards that several runs have computed.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "command.hpp"
#include "map_files.hpp"
#include "map_journal.hpp"
#include "output_folder.hpp"
#include "shard.hpp"
#include "turnover/base/error.hpp"
#include "turnover/sweep/journal.hpp"
#include "turnover/sweep/result_set.hpp"

namespace turnover::program {

namespace {

namespace fs = std::filesystem;

struct MergeOptions {
    std::vector<std::string> paths;
    std::string folder;
    bool no_plot = false;
    bool quiet = false;
};

constexpr std::size_t most_listed = 20;

/// The journals that the user means: a directory stands for the shards in it.
std::vector<std::string> journals_in(const std::vector<std::string>& paths) {
    std::vector<std::string> journals;
    for (const std::string& path : paths) {
        if (!fs::is_directory(path)) {
            journals.push_back(path);
            continue;
        }
        const std::size_t before = journals.size();
        for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
            const std::string name = entry.path().filename().string();
            if (name.starts_with("shard-") && name.ends_with(".sqlite")) {
                journals.push_back(entry.path().string());
            }
        }
        if (journals.size() == before) {
            throw Error("there are no shards in " + path,
                        "Compute them with `turnover map ... --shard I/N -o " + path + "`.");
        }
        std::sort(journals.begin() + static_cast<std::ptrdiff_t>(before), journals.end());
    }
    return journals;
}

/// Shards on their way into one map, journal by journal.
class Merger {
public:
    void add(const std::string& path) {
        Journal journal = Journal::open(path);
        if (journal.facts().empty()) return;  // it was stopped before it had begun
        if (!model_) {
            begin(journal);
        } else if (const std::string difference = describe_difference(facts_, journal.facts());
                   !difference.empty()) {
            throw Error(
                fmt::format("{} and {} are of different maps: {}", first_, path, difference),
                "Merge the shards of one map.");
        }
        if (const std::string shard = journal.fact("shard"); !shard.empty()) {
            shards_ = std::max(shards_, read_shard(shard).count);
        }
        const DamagedTiles damaged = read_tiles(
            journal, model_->network, tiles_, [&](TileResult&& result, std::string_view bytes) {
                const Kept here{path, std::hash<std::string_view>{}(bytes)};
                const auto [there, is_new] = kept_.try_emplace(result.tile.first, here);
                if (is_new) {
                    results_->store(std::move(result));
                } else if (there->second.hash != here.hash) {
                    throw Error(fmt::format("{} and {} have different results of the points from "
                                            "{} to {}",
                                            there->second.path, path, result.tile.first,
                                            result.tile.first + result.tile.count - 1),
                                "They were computed by different builds. Compute one of the two "
                                "again, with --fresh.");
                }
            });
        damaged_ += damaged.points;
    }

    /// Throws Error when points are missing, with the commands that compute them.
    void check_complete(const std::string& shown_folder) const {
        if (!model_) throw Error("the shards are empty", "Run their commands again.");
        if (results_->complete()) return;
        std::set<int> missing;
        for (std::size_t k = 0; k < tiles_.size(); ++k) {
            if (!kept_.contains(tiles_[k].first)) missing.insert(dealt_to(k, std::max(1, shards_)));
        }
        std::string commands;
        std::size_t listed = 0;
        for (const int index : missing) {
            if (++listed > most_listed) {
                commands += fmt::format("\n    and {} more", missing.size() - most_listed);
                break;
            }
            commands += fmt::format("\n    {} -o {}", command_, shown_folder);
            if (shards_ > 0) commands += fmt::format(" --shard {}/{}", index, shards_);
        }
        const std::string why =
            damaged_ == 0 ? "" : fmt::format(", {} of them because they are damaged", damaged_);
        throw Error(fmt::format("{} of {} points are missing{}",
                                results_->size() - results_->stored(), results_->size(), why),
                    "Compute them, then merge again:" + commands);
    }

    [[nodiscard]] const Model& model() const { return *model_; }
    [[nodiscard]] const ResultSet& results() const { return *results_; }

private:
    struct Kept {
        std::string path;
        std::size_t hash;
    };

    void begin(const Journal& journal) {
        first_ = journal.path();
        facts_ = journal.facts();
        command_ = command_of(journal);
        model_.emplace(model_of(journal));
        const Grid work = work_grid(*model_);
        tiles_ = tiles_of(work);
        results_.emplace(model_->network, work.size());
    }

    std::string first_, command_;
    std::vector<JournalFact> facts_;
    std::optional<Model> model_;
    std::vector<Tile> tiles_;
    std::optional<ResultSet> results_;
    std::unordered_map<std::size_t, Kept> kept_;  // by Tile::first
    std::size_t damaged_ = 0;
    int shards_ = 0;
};

int run_merge(const MergeOptions& options) {
    const std::vector<std::string> journals = journals_in(options.paths);
    Merger merger;
    for (const std::string& path : journals) merger.add(path);
    const fs::path beside = fs::path(journals.front()).parent_path();
    merger.check_complete(beside.empty() ? "." : beside.string());

    OutputFolder folder(options.folder);
    folder.check_writable(map_file_names(merger.model()));
    write_map(
        merger.model(), merger.results(),
        fmt::format("  merged      {} file{}\n", journals.size(), journals.size() == 1 ? "" : "s"),
        folder, {.plot = !options.no_plot, .quiet = options.quiet});
    return exit_code(merger.results());
}

}  // namespace

void add_merge_command(CLI::App& app, Action& action) {
    auto options = std::make_shared<MergeOptions>();
    CLI::App* command = app.add_subcommand("merge", "make one map of the shards of it");
    command
        ->add_option("SHARDS", options->paths,
                     "the directory that the shards were written to, or their files")
        ->required();
    command
        ->add_option("-o,--output", options->folder,
                     "directory for map.nc, map.csv and the pictures, made when missing")
        ->type_name("DIR")
        ->required();
    command->add_flag("--no-plot", options->no_plot, "write no picture");
    command->add_flag("-q,--quiet", options->quiet, "no summary");
    command->footer(
        "Examples:\n"
        "  turnover map examples/01_co_oxidation/model.yaml -o out/shards --shard 1/2\n"
        "  turnover map examples/01_co_oxidation/model.yaml -o out/shards --shard 2/2\n"
        "  turnover merge out/shards -o out/merged");
    command->callback([options, &action] { action = [options] { return run_merge(*options); }; });
}

}  // namespace turnover::program
