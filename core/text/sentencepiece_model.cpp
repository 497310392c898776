// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/sentencepiece_model.h"

#include <dlfcn.h>

#include <filesystem>

#include "core/base/error.h"
#include "core/text/sentencepiece_module_path.h"

namespace orthoscribe::text {
namespace {

namespace fs = std::filesystem;

// Installed under the prefix of the program; in the build folder before that.
fs::path modulePath() {
  std::error_code ignored;
  Dl_info self{};
  if (dladdr(reinterpret_cast<void*>(&openSentencePieceModel), &self) != 0 && self.dli_fname) {
    const fs::path folder = fs::weakly_canonical(self.dli_fname, ignored).parent_path();
    const fs::path installed = folder.parent_path() / "lib/orthoscribe" / kSentencePieceModuleName;
    if (fs::exists(installed, ignored)) return installed;
  }
  return kBuiltSentencePieceModule;
}

SentencePieceFactory openModule() {
  int flags = RTLD_NOW | RTLD_LOCAL;
#ifndef __SANITIZE_ADDRESS__
  // The library's own protobuf before the one that torch made global. The address sanitizer does not allow it.
  flags |= RTLD_DEEPBIND;
#endif
  const fs::path path = modulePath();
  void* module = dlopen(path.c_str(), flags);
  void* factory = module ? dlsym(module, kSentencePieceFactory) : nullptr;
  if (!factory) {
    const char* why = dlerror();
    throw Error(ErrorCode::NotFound, "SentencePiece cannot be opened: " + std::string(why ? why : path.c_str()),
                "reinstall Orthoscribe");
  }
  return reinterpret_cast<SentencePieceFactory>(factory);
}

}  // namespace

std::unique_ptr<SentencePieceModel> openSentencePieceModel(const std::string& serialized, const std::string& name) {
  static const SentencePieceFactory factory = openModule();
  return std::unique_ptr<SentencePieceModel>(factory(serialized, name));
}

}  // namespace orthoscribe::text
