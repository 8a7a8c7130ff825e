# turnover_warnings: the warnings that every file of ours is compiled with, the same for GCC and
# Clang.
add_library(turnover_warnings INTERFACE)
target_compile_options(
  turnover_warnings
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wconversion
            # Clang counts sign conversions under -Wconversion, GCC does not; they follow GCC here.
            $<$<CXX_COMPILER_ID:Clang,AppleClang>:-Wno-sign-conversion>
            $<$<BOOL:${TURNOVER_WERROR}>:-Werror>)

# GCC takes what a unity build includes for headers, where an implementation must not hold what is in
# an anonymous namespace.
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(turnover_warnings INTERFACE -Wno-subobject-linkage)
endif()
