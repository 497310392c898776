// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/task_prompts.h"

#include "core/base/error.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::tasks {
namespace {

[[noreturn]] void throwUntrained(std::string_view task) {
  throw Error(ErrorCode::Internal, "a family was asked to " + std::string(task) + ", which it does not offer");
}

}  // namespace

std::string_view nameOf(BoxShape shape) {
  return shape == BoxShape::Upright ? "upright" : "turned";
}

const TaskPrompts& Dialect::tasks() const {
  static const TaskPrompts none;
  return none;
}

std::vector<Message> TaskPrompts::classifyMessages(const std::vector<std::string>&, RgbImage) const {
  throwUntrained("classify");
}

std::vector<Message> TaskPrompts::groundMessages(const std::string&, BoxShape, RgbImage) const {
  throwUntrained("ground");
}

ParsedAnswer TaskPrompts::parseGround(std::string_view text, const Dialect& dialect, const PictureFrame& frame,
                                      const std::string& phrase, BoxShape) const {
  return dialect.parse(text, frame, {phrase}, true);
}

std::string TaskPrompts::formatGround(const Dialect& dialect, const std::string& phrase, const geo::Quad& quad, BoxShape shape,
                                      const PictureFrame& frame) const {
  const geo::Quad drawn = shape == BoxShape::Upright ? turnedQuad(boundsOf(quad), 0.0) : quad;
  return dialect.formatAnswer({{phrase, drawn}}, frame);
}

std::vector<Message> TaskPrompts::changeMessages(const std::string&, RgbImage, RgbImage) const {
  throwUntrained("compare");
}

void requireTask(const Dialect& dialect, std::string_view task, const std::function<bool(const TaskPrompts&)>& has) {
  if (has(dialect.tasks())) return;
  std::vector<std::string> able;
  for (const std::string_view name : dialectNames()) {
    if (has(dialectNamed(name).tasks())) able.emplace_back(name);
  }
  throw Error(ErrorCode::Unsupported, "models that speak '" + std::string(dialect.name()) + "' cannot " + std::string(task),
              "use a model of one of these dialects: " + joined(able, ", "));
}

}  // namespace orthoscribe::tasks
