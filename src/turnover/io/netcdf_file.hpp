#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace turnover {

/// The two halves of the NetCDF C library that Turnover needs, with handles that close themselves
/// and errors as Error. Nothing here knows of maps.

/// The bytes of a finished NetCDF file.
struct NetcdfImage {
    struct Free {
        void operator()(void* memory) const { std::free(memory); }
    };
    std::unique_ptr<void, Free> memory;
    std::size_t size = 0;

    [[nodiscard]] std::string_view bytes() const {
        return {static_cast<const char*>(memory.get()), size};
    }
};

/// Builds a NetCDF-4 file in memory. Not on the disk: the HDF5 library below crashes the process
/// when a disk fills up under it, while bytes from memory can be written with every error caught.
class NetcdfWriter {
public:
    enum class Type { number, integer, long_integer, byte, text };
    static constexpr int global = -1;  ///< the "variable" that global attributes belong to

    NetcdfWriter();
    ~NetcdfWriter();
    NetcdfWriter(const NetcdfWriter&) = delete;
    NetcdfWriter& operator=(const NetcdfWriter&) = delete;

    /// Dimensions and variables get the name closest to `name` that NetCDF allows and that is not
    /// yet taken ('/' becomes '_'); where it differs, the name itself stands in the variable's
    /// attribute `turnover_name`. A variable that shall be the coordinate of a dimension is added
    /// right after it under the same name.
    int add_dimension(const std::string& name, std::size_t length);
    int add_coordinate(const std::string& name, int dimension);
    int add_variable(const std::string& name, Type type, std::span<const int> dimensions);

    void add_attribute(int variable, const char* name, std::string_view text);
    void add_attribute(int variable, const char* name, double number);
    void add_attribute(int variable, const char* name, int number);
    void add_attribute(int variable, const char* name, std::span<const signed char> bytes);
    /// Text of any length, as NetCDF's string type (a character attribute ends at 64 KiB).
    void add_long_attribute(int variable, const char* name, const std::string& text);
    /// Declares NaN to be the value of what is missing.
    void mark_missing_by_nan(int variable);

    void end_definitions();
    void put(int variable, std::span<const double> values);
    void put(int variable, std::span<const int> values);
    void put(int variable, std::span<const std::int64_t> values);
    void put(int variable, std::span<const signed char> values);
    void put(int variable, const std::vector<std::string>& values);

    /// Closes the file and hands out its bytes. Nothing may follow.
    [[nodiscard]] NetcdfImage finish();

private:
    [[nodiscard]] std::string allowed_name(const std::string& name) const;

    int id_ = -1;
    std::vector<std::string> dimension_names_;  ///< as they stand in the file
    std::vector<std::string> used_names_;
};

/// Reads a NetCDF file.
class NetcdfReader {
public:
    /// Throws Error when `path` is no NetCDF file, saying what is wrong with it.
    explicit NetcdfReader(const std::string& path);
    ~NetcdfReader();
    NetcdfReader(const NetcdfReader&) = delete;
    NetcdfReader& operator=(const NetcdfReader&) = delete;

    static constexpr int global = -1;

    [[nodiscard]] int variables() const;
    [[nodiscard]] std::optional<int> find_variable(const std::string& name) const;
    /// The variable's name before NetCDF's rules were applied to it.
    [[nodiscard]] std::string name(int variable) const;
    [[nodiscard]] std::vector<int> dimensions(int variable) const;
    /// The variable that has the name of `dimension`.
    [[nodiscard]] std::optional<int> coordinate(int dimension) const;

    /// Empty when there is no such attribute, or it is of another type.
    [[nodiscard]] std::optional<std::string> text_attribute(int variable, const char* name) const;
    [[nodiscard]] std::optional<int> integer_attribute(int variable, const char* name) const;

    /// Whether the variable holds double-precision numbers.
    [[nodiscard]] bool is_number(int variable) const;
    /// Every value of a variable, last dimension fastest.
    [[nodiscard]] std::vector<double> numbers(int variable) const;

private:
    void check(int status) const;

    std::string path_;
    int id_ = -1;
};

}  // namespace turnover
