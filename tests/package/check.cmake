# Uses Turnover as another project would, in one of two ways, and fails when that does not work:
#   installed   installs the build into a fresh prefix, then configures, builds and runs the
#               consumer, which says find_package(turnover)
#   subproject  configures the consumer with add_subdirectory and compiles its file, not the library
#               all over again

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

set(work ${build_dir}/tests/package-${way})
file(REMOVE_RECURSE ${work})

if(way STREQUAL installed)
  run(${CMAKE_COMMAND} --install ${build_dir} --prefix ${work}/prefix)
  set(how -D CMAKE_PREFIX_PATH=${work}/prefix)
else()
  set(how -D turnover_source_dir=${source_dir})
endif()

run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${work}/build -G ${generator}
    -D CMAKE_BUILD_TYPE=${build_type} -D CMAKE_CXX_COMPILER=${compiler}
    -D CMAKE_CXX_FLAGS=${flags} ${how})

if(way STREQUAL installed)
  run(${CMAKE_COMMAND} --build ${work}/build)
  execute_process(COMMAND ${work}/build/consumer COMMAND_ERROR_IS_FATAL ANY
                  OUTPUT_VARIABLE output OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT output STREQUAL version)
    message(FATAL_ERROR "The consumer printed '${output}', expected '${version}'")
  endif()
else()
  run(${CMAKE_COMMAND} --build ${work}/build --target consumer_objects)
endif()
file(REMOVE_RECURSE ${work})
