// SPDX-License-Identifier: GPL-2.0-or-later
// One function a family, each in a file of its own.
#pragma once

#include "core/tasks/task_prompts.h"

namespace orthoscribe::tasks {

const TaskPrompts& starterTasks();
const TaskPrompts& rscovlmTasks();
const TaskPrompts& skynovaTasks();
const TaskPrompts& qwen25VlTasks();
const TaskPrompts& qwen3VlTasks();
const TaskPrompts& internvlTasks();
const TaskPrompts& geochatTasks();

}  // namespace orthoscribe::tasks
