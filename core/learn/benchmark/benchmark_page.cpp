// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <map>
#include <set>

#include "core/learn/benchmark/fact.h"
#include "core/learn/benchmark/make_benchmark.h"

namespace orthoscribe::learn {
namespace {

// How many questions of each type, in the order choice, short, boolean, numeric.
using Counts = std::array<int, 4>;

std::string row(const std::string& name, const Counts& counts) {
  std::string text = "| " + name + " |";
  int all = 0;
  for (const int count : counts) {
    text += " " + std::to_string(count) + " |";
    all += count;
  }
  return text + " " + std::to_string(all) + " |\n";
}

Counts countsOf(const std::vector<BenchmarkQuestion>& questions) {
  Counts counts{};
  for (const BenchmarkQuestion& question : questions) ++counts[static_cast<std::size_t>(question.type)];
  return counts;
}

std::set<std::string> factsOf(const std::vector<BenchmarkQuestion>& questions) {
  std::set<std::string> facts;
  for (const BenchmarkQuestion& question : questions) facts.insert(question.fact);
  return facts;
}

std::size_t ofKind(const std::set<std::string>& facts, std::string_view kind) {
  std::size_t count = 0;
  for (const std::string& fact : facts) count += fact.starts_with(std::string(kind) + ".") ? 1 : 0;
  return count;
}

std::string kindTable(const Benchmark& benchmark) {
  std::string text =
      "| kind | topic | difficulty | facts | of them unseen | asked like |\n| --- | --- | --- | --- | --- | --- |\n";
  const std::set<std::string> seen = factsOf(benchmark.train);
  const std::set<std::string> unseen = factsOf(benchmark.unseen);
  for (const FactKind& kind : factKinds()) {
    const std::size_t unseenOnes = ofKind(unseen, kind.name);
    std::string example;
    for (const BenchmarkQuestion& question : benchmark.paraphrase) {
      const bool first = question.type == kind.forms.front().type;
      if (!first || !question.fact.starts_with(std::string(kind.name) + ".")) continue;
      example = question.question + " *" + question.answer + "*";
      break;
    }
    text += "| `" + std::string(kind.name) + "` | " + std::string(kind.topic) + " | " + std::string(kind.difficulty) + " | " +
            std::to_string(ofKind(seen, kind.name) + unseenOnes) + " | " + std::to_string(unseenOnes) + " | " + example + " |\n";
  }
  return text;
}

}  // namespace

std::string benchmarkPage(const Benchmark& benchmark, const BenchmarkOptions& options) {
  const std::size_t seen = factsOf(benchmark.train).size();
  const std::size_t unseen = factsOf(benchmark.unseen).size();
  std::string text =
      "# Closed-book questions about remote sensing\n\n"
      "Questions without pictures about spectral indices, satellites' bands, missions and terms: what a model has learned, not "
      "what it sees. A benchmark of Orthoscribe's own; it has nothing to do with any benchmark of a similar aim that was "
      "published elsewhere.\n\n"
      "Made from open tables of facts, byte for byte the same every time, by\n\n"
      "    orthoscribe data benchmark --facts FOLDER --out resources/benchmark\n\n"
      "where FOLDER holds `spectral-indices-dict.json`, `bands.json`, `constants.json` (awesome-spectral-indices), "
      "`sensor_bands.csv`, `missions.csv` and `glossary.csv`.\n\n"
      "## Facts and questions\n\n";
  text += std::to_string(seen + unseen) + " facts.\n\n" + kindTable(benchmark);
  text +=
      "\nOf the 280 spectral indices those are taken that people can say: a short name of two to five letters, a long name "
      "without "
      "digits or brackets, two or three bands, a formula of at most 40 characters. Bands that a satellite has twice under one "
      "name "
      "are left out, and so are the index formulas of the glossary, which the indices' own table holds.\n\n"
      "| part | choice | short | boolean | numeric | all |\n| --- | --- | --- | --- | --- | --- |\n" +
      row("`train.jsonl`", countsOf(benchmark.train)) + row("`paraphrase.jsonl`", countsOf(benchmark.paraphrase)) +
      row("`unseen.jsonl`", countsOf(benchmark.unseen)) +
      "\n- **choice**: four options of the same kind; the right one stands equally often in each place. The answer is the "
      "option's "
      "text; its letter is as good.\n"
      "- **short**: a word, an acronym, a short list.\n"
      "- **boolean**: a statement, right as often as wrong. Answered with yes or no; true and false are as good.\n"
      "- **numeric**: a number with its unit.\n\n"
      "One JSON object a line: `id`, `question`, `type`, `choices`, `answer`, `aliases` (answers that are as good), `topic`, "
      "`difficulty`, `source` (the table), `fact` (the same for all questions about one fact), `split`. `choices` and `aliases` "
      "are "
      "left out where there are none.\n\n"
      "## How it is split\n\n"
      "- **unseen**: " +
      std::to_string(unseen) +
      " facts, drawn from every kind, are in no question of the training part, not even as wrong answers. Their "
      "questions are worded as in training, so that only the fact is new: what is right here was inferred or guessed.\n"
      "- **train** and **paraphrase** ask for the other " +
      std::to_string(seen) +
      " facts. There are eight wordings for everything; six are for training, of which a fact is asked in " +
      std::to_string(options.wordings) +
      " (`--wordings 6` makes a larger training part that asks in all six, and leaves the other parts as they are: train with "
      "that), two for the paraphrase part only.\n\n"
      "## How it is scored\n\n"
      "One answer each, greedy, without a picture. A choice is asked with its options on lines `A) ...`. An answer is right when "
      "it "
      "is the expected one or an alias after both are put in lower case and freed of articles, punctuation and doubled blanks; "
      "lists in any order; numbers within 1 %, in the expected unit, one that can be converted into it, or none; a choice by "
      "its letter or its text. `orthoscribe evaluate --data resources/benchmark/paraphrase.jsonl` reports the share of right "
      "answers "
      "by topic and type, with counts and Wilson's 95 % intervals. Chance gets a quarter of the choices and half of the "
      "booleans.\n\n"
      "## Whose the facts are\n\n"
      "Spectral indices, bands and constants: [awesome-spectral-indices](https://github.com/awesome-spectral-indices/"
      "awesome-spectral-indices) by David Montero Loaiza and contributors, MIT licence (`LICENSE_awesome-spectral-indices.txt`). "
      "The "
      "tables of sensors, missions and terms were written for this project from general knowledge of public ESA, USGS and NASA "
      "documentation, with rounded numbers; free to use. The questions are under the project's licence.\n";
  return text;
}

}  // namespace orthoscribe::learn
