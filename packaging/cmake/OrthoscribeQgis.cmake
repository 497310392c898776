# SPDX-License-Identifier: GPL-2.0-or-later
# Finds QGIS and follows the Qt it was built with. Gives
#   orthoscribe::qgis          interface target: core and gui library with their headers as system headers, and the Qt modules we use
#   orthoscribe::qgis_auth     the same with what the header of the authentication manager includes
#   QT_DEFAULT_MAJOR_VERSION   5 or 6, so that Qt's versionless commands and targets mean the right one
#   ORTHOSCRIBE_QGIS_PLUGIN_DIR, ORTHOSCRIBE_QGIS_VERSION, ORTHOSCRIBE_QGIS_PREFIX, ORTHOSCRIBE_QGIS_APP (empty when not installed)
#
# ORTHOSCRIBE_QGIS: "auto" looks where systems put it; "qt6" in /opt/qgis-qt6; anything else is taken as the prefix of an installation.
set(ORTHOSCRIBE_QGIS "auto" CACHE STRING "Which QGIS to build the plugin for: auto, qt6, or the prefix of an installation")

if(ORTHOSCRIBE_QGIS STREQUAL "auto")
  set(qgis_hints /usr /usr/local)
elseif(ORTHOSCRIBE_QGIS STREQUAL "qt6")
  set(qgis_hints /opt/qgis-qt6)
else()
  set(qgis_hints ${ORTHOSCRIBE_QGIS})
endif()

find_path(ORTHOSCRIBE_QGIS_INCLUDE_DIR qgis.h HINTS ${qgis_hints} PATH_SUFFIXES include/qgis NO_DEFAULT_PATH)
find_library(ORTHOSCRIBE_QGIS_CORE NAMES qgis_core HINTS ${qgis_hints} PATH_SUFFIXES lib lib64 lib/${CMAKE_LIBRARY_ARCHITECTURE} NO_DEFAULT_PATH)
find_library(ORTHOSCRIBE_QGIS_GUI NAMES qgis_gui HINTS ${qgis_hints} PATH_SUFFIXES lib lib64 lib/${CMAKE_LIBRARY_ARCHITECTURE} NO_DEFAULT_PATH)
if(NOT ORTHOSCRIBE_QGIS_INCLUDE_DIR OR NOT ORTHOSCRIBE_QGIS_CORE OR NOT ORTHOSCRIBE_QGIS_GUI)
  message(FATAL_ERROR "QGIS was not found under ${qgis_hints}. Install libqgis-dev, name another prefix with -DORTHOSCRIBE_QGIS=PREFIX, "
                      "or leave the plugin out with -DORTHOSCRIBE_PLUGIN=OFF.")
endif()
get_filename_component(ORTHOSCRIBE_QGIS_PREFIX ${ORTHOSCRIBE_QGIS_INCLUDE_DIR}/../.. ABSOLUTE)
set(ORTHOSCRIBE_QGIS_PLUGIN_DIR ${ORTHOSCRIBE_QGIS_PREFIX}/lib/qgis/plugins)
find_program(ORTHOSCRIBE_QGIS_APP NAMES qgis HINTS ${ORTHOSCRIBE_QGIS_PREFIX}/bin NO_DEFAULT_PATH)

file(STRINGS ${ORTHOSCRIBE_QGIS_INCLUDE_DIR}/qgsconfig.h qgis_version_line REGEX "#define VERSION ")
string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" ORTHOSCRIBE_QGIS_VERSION "${qgis_version_line}")

# Two majors of Qt in one process crash, so the library itself is asked which one it needs.
execute_process(COMMAND ${CMAKE_READELF} -d ${ORTHOSCRIBE_QGIS_CORE} OUTPUT_VARIABLE qgis_needs)
if(qgis_needs MATCHES "libQt([56])Core")
  set(QT_DEFAULT_MAJOR_VERSION ${CMAKE_MATCH_1})
else()
  message(FATAL_ERROR "${ORTHOSCRIBE_QGIS_CORE} does not say which Qt it was built with.")
endif()
set(QT_VERSION_MAJOR ${QT_DEFAULT_MAJOR_VERSION})
set(qgis_qt Qt${QT_VERSION_MAJOR})
find_package(${qgis_qt} REQUIRED COMPONENTS Core Gui Widgets Network Sql Xml Svg LinguistTools)
find_package(GDAL REQUIRED)
find_path(ORTHOSCRIBE_QCA_INCLUDE_DIR QtCrypto PATH_SUFFIXES Qca-qt${QT_VERSION_MAJOR}/QtCrypto REQUIRED)
if(TARGET orthoscribe_qgis)
  return()
endif()
message(STATUS "QGIS ${ORTHOSCRIBE_QGIS_VERSION} for Qt ${QT_VERSION_MAJOR} in ${ORTHOSCRIBE_QGIS_PREFIX}")

add_library(orthoscribe_qgis INTERFACE)
add_library(orthoscribe::qgis ALIAS orthoscribe_qgis)
target_include_directories(orthoscribe_qgis SYSTEM INTERFACE ${ORTHOSCRIBE_QGIS_INCLUDE_DIR})
target_link_libraries(
  orthoscribe_qgis
  INTERFACE ${ORTHOSCRIBE_QGIS_GUI}
            ${ORTHOSCRIBE_QGIS_CORE}
            ${qgis_qt}::Widgets
            ${qgis_qt}::Network
            ${qgis_qt}::Xml
            ${qgis_qt}::Svg)
# QGIS's own headers use Qt's keywords and strings from char pointers, so those cannot be forbidden.
target_compile_definitions(orthoscribe_qgis INTERFACE QT_NO_CAST_TO_ASCII QT_NO_FOREACH)

add_library(orthoscribe_qgis_auth INTERFACE)
add_library(orthoscribe::qgis_auth ALIAS orthoscribe_qgis_auth)
target_include_directories(orthoscribe_qgis_auth SYSTEM INTERFACE ${ORTHOSCRIBE_QCA_INCLUDE_DIR})
target_link_libraries(orthoscribe_qgis_auth INTERFACE orthoscribe_qgis ${qgis_qt}::Sql)
