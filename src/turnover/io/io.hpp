// Room: io (floor 7)
//
// Charter: files in, files out: the model file that a user writes, and the results as CSV and
// NetCDF. Whatever is written is written whole or not at all.
#pragma once

#include "turnover/io/csv.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/io/netcdf.hpp"
#include "turnover/io/recipe.hpp"
