#include "turnover/io/netcdf_file.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <limits>
#include <new>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <netcdf.h>
#include <netcdf_mem.h>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

static_assert(NetcdfWriter::global == NC_GLOBAL && NetcdfReader::global == NC_GLOBAL);

/// While a file is made in memory only lack of memory or a fault of ours can go wrong.
void check_writing(int status) {
    if (status != NC_NOERR) {
        throw Error(fmt::format("cannot make the NetCDF file: {}", nc_strerror(status)),
                    "Is there enough memory for a map of this size?");
    }
}

nc_type type_of(NetcdfWriter::Type type) {
    switch (type) {
        case NetcdfWriter::Type::number:
            return NC_DOUBLE;
        case NetcdfWriter::Type::integer:
            return NC_INT;
        case NetcdfWriter::Type::long_integer:
            return NC_INT64;
        case NetcdfWriter::Type::byte:
            return NC_BYTE;
        case NetcdfWriter::Type::text:
            break;
    }
    return NC_STRING;
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// At most `length` bytes of `text`, not cut within a UTF-8 character nor after a space.
std::string shortened(std::string text, std::size_t length) {
    if (text.size() > length) {
        while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
        text.resize(length);
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
}

/// An HDF5 file with nothing in it but a root group that remembers in which order things are put
/// into it, by the HDF5 File Format Specification 3.0. The files that nc_create_mem starts do not
/// remember it, and then NetCDF lists variables alphabetically and refuses to add anything to a
/// finished map.
std::string empty_file() {
    using namespace std::string_literals;
    const std::string nowhere(8, '\xFF');  // an undefined address
    const std::string zero(8, '\0');

    // II.A, superblock, version 0: signature, versions, sizes of offsets and lengths, B-tree ranks,
    // flags, base address, free space, end of file (331), driver.
    std::string file = "\x89HDF\r\n\x1A\n"s + "\0\0\0\0\0\x08\x08\0"s + "\x04\0\x10\0\0\0\0\0"s +
                       zero + nowhere + "\x4B\x01\0\0\0\0\0\0"s + nowhere;
    // III.C, root group's symbol table entry: no name, object header at byte 96, nothing cached.
    file += zero + "\x60\0\0\0\0\0\0\0"s + zero + zero + zero;
    // IV.A.1.b, object header, version 2: order of attributes tracked and indexed, 224 bytes long.
    file += "OHDR\x02\x0C\xE0"s;
    // IV.A.2.c, link info: order of links tracked and indexed, no links yet.
    file += "\x02\x22\0\0\0\0"s + "\0\x03"s + zero + nowhere + nowhere + nowhere;
    // IV.A.2.k, group info; IV.A.2.a, 170 bytes kept free; checksum.
    file += "\x0A\x02\0\x01\0\0"s + "\0\0"s + "\0\xAA\0\0\0\0"s + std::string(170, '\0') +
            "\x53\xB4\x0E\x79"s;
    return file;
}

}  // namespace

// ---- Writing ---------------------------------------------------------------------------------

NetcdfWriter::NetcdfWriter() {
    const std::string start = empty_file();
    std::unique_ptr<void, NetcdfImage::Free> memory(std::malloc(start.size()));
    if (!memory) throw std::bad_alloc();
    std::memcpy(memory.get(), start.data(), start.size());
    NC_memio image{start.size(), memory.get(), 0};
    check_writing(nc_open_memio("map.nc", NC_NETCDF4 | NC_WRITE, &image, &id_));
    static_cast<void>(memory.release());  // the library's now, which may have moved it
    check_writing(nc_redef(id_));
}

NetcdfWriter::~NetcdfWriter() {
    if (id_ < 0) return;
    NC_memio unused{};
    if (nc_close_memio(id_, &unused) == NC_NOERR) std::free(unused.memory);
}

std::string NetcdfWriter::allowed_name(const std::string& name) const {
    std::string allowed = name;
    for (char& c : allowed) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '/' || byte < 0x20 || byte == 0x7F) c = '_';
    }
    allowed = shortened(allowed, NC_MAX_NAME);
    const std::string first_choice = allowed;
    for (int n = 2; std::find(used_names_.begin(), used_names_.end(), allowed) != used_names_.end();
         ++n) {
        const std::string ending = fmt::format("_{}", n);
        allowed = shortened(first_choice, NC_MAX_NAME - ending.size()) + ending;
    }
    return allowed;
}

int NetcdfWriter::add_dimension(const std::string& name, std::size_t length) {
    int dimension = 0;
    const std::string allowed = allowed_name(name);
    check_writing(nc_def_dim(id_, allowed.c_str(), length, &dimension));
    used_names_.push_back(allowed);
    dimension_names_.push_back(allowed);
    return dimension;
}

int NetcdfWriter::add_coordinate(const std::string& name, int dimension) {
    int variable = 0;
    const std::string& allowed = dimension_names_.at(static_cast<std::size_t>(dimension));
    check_writing(nc_def_var(id_, allowed.c_str(), NC_DOUBLE, 1, &dimension, &variable));
    if (allowed != name || !is_ascii(name)) add_attribute(variable, "turnover_name", name);
    return variable;
}

int NetcdfWriter::add_variable(const std::string& name, Type type,
                               std::span<const int> dimensions) {
    int variable = 0;
    const std::string allowed = allowed_name(name);
    check_writing(nc_def_var(id_, allowed.c_str(), type_of(type),
                             static_cast<int>(dimensions.size()), dimensions.data(), &variable));
    used_names_.push_back(allowed);
    // NetCDF keeps names in Unicode's composed form, so what is not ASCII may read back
    // differently.
    if (allowed != name || !is_ascii(name)) add_attribute(variable, "turnover_name", name);
    return variable;
}

void NetcdfWriter::add_attribute(int variable, const char* name, std::string_view text) {
    check_writing(nc_put_att_text(id_, variable, name, text.size(), text.data()));
}

void NetcdfWriter::add_attribute(int variable, const char* name, double number) {
    check_writing(nc_put_att_double(id_, variable, name, NC_DOUBLE, 1, &number));
}

void NetcdfWriter::add_attribute(int variable, const char* name, int number) {
    check_writing(nc_put_att_int(id_, variable, name, NC_INT, 1, &number));
}

void NetcdfWriter::add_attribute(int variable, const char* name,
                                 std::span<const signed char> bytes) {
    check_writing(nc_put_att_schar(id_, variable, name, NC_BYTE, bytes.size(), bytes.data()));
}

void NetcdfWriter::add_long_attribute(int variable, const char* name, const std::string& text) {
    const char* pointer = text.c_str();
    check_writing(nc_put_att_string(id_, variable, name, 1, &pointer));
}

void NetcdfWriter::mark_missing_by_nan(int variable) {
    const double missing = std::numeric_limits<double>::quiet_NaN();
    check_writing(nc_def_var_fill(id_, variable, NC_FILL, &missing));
}

void NetcdfWriter::end_definitions() { check_writing(nc_enddef(id_)); }

void NetcdfWriter::put(int variable, std::span<const double> values) {
    check_writing(nc_put_var_double(id_, variable, values.data()));
}

void NetcdfWriter::put(int variable, std::span<const int> values) {
    check_writing(nc_put_var_int(id_, variable, values.data()));
}

void NetcdfWriter::put(int variable, std::span<const std::int64_t> values) {
    const std::vector<long long> numbers(values.begin(), values.end());
    check_writing(nc_put_var_longlong(id_, variable, numbers.data()));
}

void NetcdfWriter::put(int variable, std::span<const signed char> values) {
    check_writing(nc_put_var_schar(id_, variable, values.data()));
}

void NetcdfWriter::put(int variable, const std::vector<std::string>& values) {
    std::vector<const char*> pointers;
    for (const std::string& value : values) pointers.push_back(value.c_str());
    check_writing(nc_put_var_string(id_, variable, pointers.data()));
}

NetcdfImage NetcdfWriter::finish() {
    NC_memio image{};
    check_writing(nc_close_memio(std::exchange(id_, -1), &image));
    return {std::unique_ptr<void, NetcdfImage::Free>(image.memory), image.size};
}

// ---- Reading ---------------------------------------------------------------------------------

NetcdfReader::NetcdfReader(const std::string& path) : path_(path) {
    // Asked here and not left to the library, which takes some paths for addresses on the network.
    std::error_code problem;
    const std::filesystem::file_status there = std::filesystem::status(path, problem);
    if (!std::filesystem::exists(there)) {
        throw Error(fmt::format("cannot read {}: {}", path,
                                problem ? problem.message() : "there is no such file"),
                    "Check the path; `turnover map` writes map.nc into its output directory.");
    }
    if (!std::filesystem::is_regular_file(there)) {
        throw Error(fmt::format("cannot read {}: it is not a file", path),
                    "Name the map.nc itself, not its directory.");
    }
    if (const int status = nc_open(path.c_str(), NC_NOWRITE, &id_); status != NC_NOERR) {
        throw Error(fmt::format("cannot read {}: {}", path, nc_strerror(status)),
                    "Give a map.nc that `turnover map` wrote; if it is one, it is damaged: run "
                    "`turnover map` again.");
    }
}

NetcdfReader::~NetcdfReader() { nc_close(id_); }

void NetcdfReader::check(int status) const {
    if (status != NC_NOERR) {
        throw Error(
            fmt::format("cannot read {}: {}", path_, nc_strerror(status)),
            "The file is damaged or was not written by Turnover; run `turnover map` again.");
    }
}

int NetcdfReader::variables() const {
    int count = 0;
    check(nc_inq_nvars(id_, &count));
    return count;
}

std::optional<int> NetcdfReader::find_variable(const std::string& name) const {
    int variable = 0;
    if (nc_inq_varid(id_, name.c_str(), &variable) != NC_NOERR) return std::nullopt;
    return variable;
}

std::string NetcdfReader::name(int variable) const {
    if (std::optional<std::string> original = text_attribute(variable, "turnover_name")) {
        return *original;
    }
    char name[NC_MAX_NAME + 1] = {};
    check(nc_inq_varname(id_, variable, name));
    return name;
}

std::vector<int> NetcdfReader::dimensions(int variable) const {
    int count = 0;
    check(nc_inq_varndims(id_, variable, &count));
    std::vector<int> dimensions(static_cast<std::size_t>(count));
    check(nc_inq_vardimid(id_, variable, dimensions.data()));
    return dimensions;
}

std::optional<int> NetcdfReader::coordinate(int dimension) const {
    char name[NC_MAX_NAME + 1] = {};
    check(nc_inq_dimname(id_, dimension, name));
    return find_variable(name);
}

std::optional<std::string> NetcdfReader::text_attribute(int variable, const char* name) const {
    nc_type type = NC_NAT;
    std::size_t length = 0;
    if (nc_inq_att(id_, variable, name, &type, &length) != NC_NOERR) return std::nullopt;
    if (type == NC_CHAR) {
        std::string text(length, '\0');
        check(nc_get_att_text(id_, variable, name, text.data()));
        return text;
    }
    if (type != NC_STRING || length != 1) return std::nullopt;
    char* pointer = nullptr;
    check(nc_get_att_string(id_, variable, name, &pointer));
    std::string text = pointer == nullptr ? "" : pointer;
    nc_free_string(1, &pointer);
    return text;
}

std::optional<int> NetcdfReader::integer_attribute(int variable, const char* name) const {
    nc_type type = NC_NAT;
    std::size_t length = 0;
    if (nc_inq_att(id_, variable, name, &type, &length) != NC_NOERR) return std::nullopt;
    if (type != NC_INT || length != 1) return std::nullopt;
    int number = 0;
    check(nc_get_att_int(id_, variable, name, &number));
    return number;
}

bool NetcdfReader::is_number(int variable) const {
    nc_type type = NC_NAT;
    check(nc_inq_vartype(id_, variable, &type));
    return type == NC_DOUBLE;
}

std::vector<double> NetcdfReader::numbers(int variable) const {
    constexpr std::size_t most = std::size_t{1} << 40;
    std::size_t size = 1;
    for (const int dimension : dimensions(variable)) {
        std::size_t length = 0;
        check(nc_inq_dimlen(id_, dimension, &length));
        if (length != 0 && size > most / length) check(NC_EDIMSIZE);
        size *= length;
    }
    std::vector<double> values(size);
    check(nc_get_var_double(id_, variable, values.data()));
    return values;
}

}  // namespace turnover
