# turnover_room(NAME [USES room...] [PUBLIC lib...] [PRIVATE lib...] [BUILD_ONLY lib...])
#
# Compiles the room src/turnover/NAME as turnover_NAME and puts its object files into the library.
#   USES        the rooms beneath that this one includes
#   PUBLIC      libraries that the room's headers include
#   PRIVATE     libraries that only its sources include and that a program has to be linked with
#   BUILD_ONLY  header-only libraries that only its sources include: users never see them
#
# The sources are globbed: a room owns its folder, so a file put there belongs to the room, and one
# more file in a room is no change to the build. CONFIGURE_DEPENDS looks again at every build. A
# room that has headers only, or nothing yet, is an interface library.
function(turnover_room name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;PUBLIC;PRIVATE;BUILD_ONLY")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "turnover_room(${name}): what is ${arg_UNPARSED_ARGUMENTS}?")
  endif()
  list(TRANSFORM arg_USES PREPEND turnover_)
  set(room turnover_${name})

  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/turnover/${name}/*.cpp)
  if(sources)
    add_library(${room} OBJECT ${sources})
    set_target_properties(${room} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF)
    target_link_libraries(${room} PRIVATE turnover_options ${arg_PRIVATE} ${arg_BUILD_ONLY})
    target_sources(turnover_library PRIVATE $<TARGET_OBJECTS:${room}>)
    set(scope PUBLIC)
  else()
    add_library(${room} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${room} ${scope} ${PROJECT_SOURCE_DIR}/src
                                              ${turnover_generated_include})
  target_link_libraries(${room} ${scope} ${arg_USES} ${arg_PUBLIC})

  target_link_libraries(turnover_library PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
endfunction()
