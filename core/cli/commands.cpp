// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/commands.h"

namespace orthoscribe::cli {

#ifdef ORTHOSCRIBE_WITH_GEO
Run declareDescribe(CLI::App& app);
Run declareAsk(CLI::App& app);
Run declareDetect(CLI::App& app);
Run declareGround(CLI::App& app);
Run declareClassify(CLI::App& app);
#endif
#ifdef ORTHOSCRIBE_WITH_ENGINE
Run declareServe(CLI::App& app);
Run declareModels(CLI::App& app);
Run declareMerge(CLI::App& app);
Run declareVerify(CLI::App& app);
Run declareTrain(CLI::App& app);
Run declareEvaluate(CLI::App& app);
Run declareData(CLI::App& app);
#endif

const std::vector<Command>& commands() {
  static const std::vector<Command> list = {
#ifdef ORTHOSCRIBE_WITH_GEO
      {"describe", "Describe a raster, or a part of it, in words", declareDescribe},
      {"ask", "Answer a question about a raster", declareAsk},
      {"detect", "Find objects and write them as a layer of rotated boxes", declareDetect},
      {"ground", "Find what a phrase means and write it as a layer", declareGround},
      {"classify", "Choose the class that a raster, or a part of it, shows", declareClassify},
#endif
#ifdef ORTHOSCRIBE_WITH_ENGINE
      {"serve", "Serve a model over HTTP (OpenAI's chat completions)", declareServe},
      {"models", "List the installed models, or tell about one", declareModels},
      {"merge", "Put a plain LoRA adapter into a model's weights", declareMerge},
      {"verify", "Check this program against fixtures of reference implementations", declareVerify},
      {"train", "Train a model in stages, or an expert from a layer", declareTrain},
      {"data", "Make and look after training data", declareData},
      {"evaluate", "Measure a model on a held-out set", declareEvaluate},
#endif
  };
  return list;
}

}  // namespace orthoscribe::cli
