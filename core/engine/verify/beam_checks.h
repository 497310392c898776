// SPDX-License-Identifier: GPL-2.0-or-later
// Beam searches of a fixture, with the answers and scores that the reference implementation gave.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "core/engine/generator.h"
#include "core/engine/sequence.h"
#include "core/engine/verify/result.h"

namespace orthoscribe::engine::verify {

// expected: a case's expected.json, with new_tokens and, where there are any, searches under keys that begin with "beam", alone
// or in lists: {num_beams, ids, sum_log_prob | score, all_beams | second_ids and second_score, eos_token_id, length_penalty,
// early_stopping, max_new_tokens}. tolerance: of a token's log-probability. Throws Error{InvalidInput} when a field is missing.
std::vector<Check> beamChecks(const nlohmann::json& expected, Generator& generator, const SequenceInput& prompt,
                              double tolerance);

}  // namespace orthoscribe::engine::verify
