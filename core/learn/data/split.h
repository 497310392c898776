// SPDX-License-Identifier: GPL-2.0-or-later
// Which pictures are held out. Whole runs of neighbouring numbers are: pictures of one flight often have neighbouring numbers,
// and the picture on each side of a run belongs to neither part, so that no look-alike stands on both sides.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace orthoscribe::learn {

enum class Part { Train, HeldOut, Guard };

struct Split {
  std::set<std::string> heldOut;  // names relative to the data folder
  std::set<std::string> guard;
  Part partOf(const std::string& name) const;
};

// names: every picture, "folder/class/classNN.jpg". Of each folder the numbers start..start+length-1 are held out, where start
// differs from folder to folder (it is drawn from the folder's name, so that the split depends on nothing but the names).
Split splitByRuns(const std::vector<std::string>& names, int length = 11);

// {"rule": ..., "heldOut": [...], "guard": [...]}. Throws Error{Io}, Error{InvalidInput} naming the field.
void writeSplit(const Split& split, const std::filesystem::path& path);
Split readSplit(const std::filesystem::path& path);

}  // namespace orthoscribe::learn
