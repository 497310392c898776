// SPDX-License-Identifier: GPL-2.0-or-later
// The known templates. Strings after InternVL's conversation.py and the chat_template of each family's tokenizer_config.json.
#include "core/text/chat_template.h"

#include <utility>

#include "core/base/error.h"
#include "core/text/delimited_template.h"

namespace orthoscribe::text {
namespace {

constexpr const char* kInternVl2System =
    "你是由上海人工智能实验室联合商汤科技开发的书生多模态大模型，英文名叫InternVL, 是一个有用无害的人工智能助手。";
constexpr const char* kInternVl25System =
    "你是书生·万象，英文名是InternVL，是由上海人工智能实验室、清华大学及多家合作单位联合开发的多模态大语言模型。";

// InternVL's style "MPT": a turn without text is written as its role alone.
DelimitedForm internVlForm(const std::string& name, const std::string& separator, const std::string& system) {
  const RoleForm user{"<|im_start|>user\n", separator};
  const RoleForm assistant{"<|im_start|>assistant\n", separator};
  return {.name = name,
          .system = {"<|im_start|>system\n", separator},
          .user = user,
          .assistant = assistant,
          .generationPrompt = assistant.before,
          .stops = {"<|im_end|>"},
          .ownSystem = system,
          .emptyUser = RoleForm{user.before, ""},
          .emptyAssistant = RoleForm{assistant.before, ""}};
}

DelimitedForm phi3ChatForm() {
  return {.name = "phi3-chat",
          .system = {"<|system|>\n", "<|end|>"},
          .user = {"<|user|>\n", "<|end|>"},
          .assistant = {"<|assistant|>\n", "<|end|>"},
          .generationPrompt = "<|assistant|>\n",
          .stops = {"<|end|>"},
          .ownSystem = kInternVl2System,
          .emptyUser = RoleForm{"<|user|>\n", ""},
          .emptyAssistant = RoleForm{"<|assistant|>\n", ""}};
}

DelimitedForm internVlZhForm() {
  return {.name = "internvl_zh",
          .system = {"", " "},
          .user = {"<human>: ", " "},
          .assistant = {"<bot>: ", "</s>"},
          .generationPrompt = "<bot>:",
          .stops = {"</s>"},
          .ownSystem = "",
          .emptyUser = RoleForm{"<human>:", ""},
          .emptyAssistant = RoleForm{"<bot>:", ""}};
}

DelimitedForm qwen2Form() {
  return {.name = "qwen2",
          .system = {"<|im_start|>system\n", "<|im_end|>\n"},
          .user = {"<|im_start|>user\n", "<|im_end|>\n"},
          .assistant = {"<|im_start|>assistant\n", "<|im_end|>\n"},
          .generationPrompt = "<|im_start|>assistant\n",
          .stops = {"<|im_end|>", "<|endoftext|>"},
          .ownSystem = "You are a helpful assistant.",
          .systemAnywhere = true};
}

// Qwen2.5-VL writes a system text where there is none, Qwen3-VL does not.
DelimitedForm qwenVlForm(const std::string& name, std::optional<std::string> system, bool systemAnywhere, bool numbersImages) {
  DelimitedForm form = qwen2Form();
  form.name = name + (numbersImages ? "_numbered" : "");
  form.ownSystem = std::move(system);
  form.systemAnywhere = systemAnywhere;
  form.image = "<|vision_start|><|image_pad|><|vision_end|>";
  form.numbersImages = numbersImages;
  return form;
}

// InternVL as transformers writes it: no system text of its own, each image on a line.
DelimitedForm internVlHfForm() {
  DelimitedForm form = qwen2Form();
  form.name = "internvl_hf";
  form.ownSystem.reset();
  form.image = "<IMG_CONTEXT>\n";
  return form;
}

DelimitedForm phi3Form() {
  return {.name = "phi3",
          .system = {"<|system|>\n", "<|end|>\n"},
          .user = {"<|user|>\n", "<|end|>\n"},
          .assistant = {"<|assistant|>\n", "<|end|>\n"},
          .generationPrompt = "<|assistant|>\n",
          .stops = {"<|end|>", "<|endoftext|>"},
          .endWithoutPrompt = "<|endoftext|>",
          .systemAnywhere = true};
}

DelimitedForm llama3Form() {
  const auto header = [](const std::string& role) { return "<|start_header_id|>" + role + "<|end_header_id|>\n\n"; };
  return {.name = "llama3",
          .system = {header("system"), "<|eot_id|>"},
          .user = {header("user"), "<|eot_id|>"},
          .assistant = {header("assistant"), "<|eot_id|>"},
          .generationPrompt = header("assistant"),
          .stops = {"<|eot_id|>", "<|end_of_text|>"},
          .beginning = "<|begin_of_text|>",
          .trimsTexts = true,
          .systemAnywhere = true};
}

// Our own, for the model that comes with the program: as few tokens as can be.
DelimitedForm starterForm() {
  return {.name = "starter",
          .system = {"<|system|>", "<|end|>"},
          .user = {"<|user|>", "<|end|>"},
          .assistant = {"<|assistant|>", "<|end|>"},
          .generationPrompt = "<|assistant|>",
          .stops = {"<|end|>"}};
}

std::vector<DelimitedForm> delimitedForms() {
  return {internVlForm("Hermes-2", "<|im_end|>", kInternVl2System),
          internVlForm("internlm2-chat", "<|im_end|>", kInternVl2System),
          phi3ChatForm(),
          internVlForm("internvl2_5", "<|im_end|>\n", kInternVl25System),
          internVlZhForm(),
          qwen2Form(),
          qwenVlForm("qwen2_5_vl", qwen2Form().ownSystem, true, false),
          qwenVlForm("qwen2_5_vl", qwen2Form().ownSystem, true, true),
          qwenVlForm("qwen3_vl", std::nullopt, false, false),
          qwenVlForm("qwen3_vl", std::nullopt, false, true),
          internVlHfForm(),
          phi3Form(),
          llama3Form(),
          starterForm()};
}

// The system text stands inside the first user turn, and turns alternate.
class Llama2Template : public ChatTemplate {
 public:
  explicit Llama2Template(std::string defaultSystem) : defaultSystem_(std::move(defaultSystem)) {}

  std::string_view name() const override { return "llama2"; }
  std::vector<std::string> stopTexts() const override { return {"</s>"}; }

  std::string render(const std::vector<Turn>& turns, bool) const override {
    const bool hasSystem = !turns.empty() && turns.front().role == "system";
    std::string system;
    if (hasSystem || !defaultSystem_.empty()) {
      system = "<<SYS>>\n" + (hasSystem ? turns.front().text : defaultSystem_) + "\n<</SYS>>\n\n";
    }
    std::string text;
    for (std::size_t i = hasSystem ? 1 : 0; i < turns.size(); ++i) {
      const bool userIsNext = (i - (hasSystem ? 1 : 0)) % 2 == 0;
      if (turns[i].role != (userIsNext ? "user" : "assistant")) {
        throw Error(ErrorCode::InvalidInput,
                    "turns must alternate between user and assistant with the chat template 'llama2', but turn " +
                        std::to_string(i + 1) + " is of '" + turns[i].role + "'");
      }
      if (userIsNext) {
        text += "<s>[INST] " + trimmed(std::exchange(system, {}) + turns[i].text) + " [/INST]";
      } else {
        text += " " + trimmed(turns[i].text) + " </s>";
      }
    }
    return text;
  }

 private:
  std::string defaultSystem_;
};

// The question as it is: InstructBLIP has no roles, and its image stands before all text (Dai et al. 2023, section 2.3).
class InstructBlipTemplate : public ChatTemplate {
 public:
  std::string_view name() const override { return kName; }
  std::vector<std::string> stopTexts() const override { return {"</s>"}; }

  std::string render(const std::vector<Turn>& turns, bool) const override {
    if (turns.size() != 1 || turns.front().role != "user") {
      throw Error(ErrorCode::InvalidInput,
                  "the chat template 'instructblip' knows one question of the user and nothing else, but the conversation has " +
                      std::to_string(turns.size()) + " messages",
                  "ask each question in a conversation of its own, without a system text");
    }
    return turns.front().text;
  }

  static constexpr std::string_view kName = "instructblip";
};

}  // namespace

std::unique_ptr<ChatTemplate> chatTemplateNamed(std::string_view name, std::string defaultSystem) {
  if (name == "llama2") return std::make_unique<Llama2Template>(std::move(defaultSystem));
  if (name == InstructBlipTemplate::kName) return std::make_unique<InstructBlipTemplate>();
  std::string known = "llama2, instructblip";
  for (DelimitedForm& form : delimitedForms()) {
    if (form.name == name) return std::make_unique<DelimitedTemplate>(std::move(form), std::move(defaultSystem));
    known += ", " + form.name;
  }
  throw Error(ErrorCode::Unsupported, "chat template '" + std::string(name) + "' is not supported", "known: " + known);
}

}  // namespace orthoscribe::text
