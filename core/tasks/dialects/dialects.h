// SPDX-License-Identifier: GPL-2.0-or-later
// One function a dialect, each in a file of its own.
#pragma once

#include "core/tasks/dialect.h"

namespace orthoscribe::tasks {

const Dialect& starterDialect();
const Dialect& rscovlmPolygonDialect();
const Dialect& rscovlmHbbDialect();
const Dialect& rscovlmObbDialect();
const Dialect& skynovaDialect();
const Dialect& qwen25VlDialect();
const Dialect& qwen3VlDialect();
const Dialect& internvlDialect();
const Dialect& geochatDialect();
const Dialect& lmmrotateDialect();

}  // namespace orthoscribe::tasks
