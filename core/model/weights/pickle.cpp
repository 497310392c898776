// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/weights/pickle.h"

#include <array>
#include <cstdio>
#include <deque>
#include <optional>

#include "core/base/error.h"

namespace orthoscribe::model {
namespace {

struct StorageType {
  std::string_view name;
  torch::ScalarType dtype;
};

constexpr std::array<StorageType, 10> kStorages = {{{"FloatStorage", torch::kFloat32},
                                                    {"DoubleStorage", torch::kFloat64},
                                                    {"HalfStorage", torch::kFloat16},
                                                    {"BFloat16Storage", torch::kBFloat16},
                                                    {"LongStorage", torch::kInt64},
                                                    {"IntStorage", torch::kInt32},
                                                    {"ShortStorage", torch::kInt16},
                                                    {"CharStorage", torch::kInt8},
                                                    {"ByteStorage", torch::kUInt8},
                                                    {"BoolStorage", torch::kBool}}};

// Everything that was read lives in one arena and is named by its place there, so that a pickle whose containers hold each other
// neither leaks nor makes anything recurse.
using Place = std::size_t;

enum class Kind {
  Nothing,
  Number,
  Text,
  Tuple,
  List,
  Dict,
  OrderedDictType,
  RebuildTensor,
  RebuildParameter,
  StorageKind,
  Storage,
  Tensor
};

struct Object {
  Kind kind = Kind::Nothing;
  std::int64_t number = 0;   // booleans too; of a storage: its elements
  std::string text;          // of a storage: its key
  std::vector<Place> items;  // of a dict: keys and values in turn
  torch::ScalarType dtype = torch::kFloat32;
  PickledTensor tensor;
};

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {}

  std::map<std::string, PickledTensor> read() {
    while (true) {
      const auto code = static_cast<unsigned char>(number(1));
      if (code == '.') return result();
      step(code);
    }
  }

 private:
  [[noreturn]] void damaged(const std::string& what) const {
    throw Error(ErrorCode::InvalidInput, file_ + ": " + what, "the file is damaged or cut short; fetch it again");
  }
  [[noreturn]] void refused(const std::string& what) const {
    throw Error(ErrorCode::Unsupported, file_ + ": " + what + "; only tensors are read from it, nothing is executed",
                "save the tensors as safetensors");
  }

  std::string_view take(std::uint64_t count) {
    if (count > bytes_.size()) damaged("its pickle ends too early");
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }
  std::uint64_t number(int count) {
    std::uint64_t value = 0;
    const std::string_view taken = take(static_cast<std::uint64_t>(count));
    for (auto byte = taken.rbegin(); byte != taken.rend(); ++byte) value = value << 8 | static_cast<unsigned char>(*byte);
    return value;
  }
  std::string line() {
    const std::size_t end = bytes_.find('\n');
    if (end == std::string_view::npos) damaged("its pickle ends too early");
    const std::string text(take(end));
    take(1);
    return text;
  }

  Object& push(Kind kind) {
    stack_.push_back(arena_.size());
    arena_.emplace_back();
    arena_.back().kind = kind;
    return arena_.back();
  }
  void pushNumber(std::int64_t value) { push(Kind::Number).number = value; }
  void pushText(std::string_view text) { push(Kind::Text).text = text; }
  Place pop() {
    if (stack_.size() <= floor()) damaged("its pickle takes more than it gave");
    const Place place = stack_.back();
    stack_.pop_back();
    return place;
  }
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  Object& top() {
    if (stack_.size() <= floor()) damaged("its pickle takes more than it gave");
    return arena_[stack_.back()];
  }
  std::vector<Place> popToMark() {
    if (marks_.empty()) damaged("its pickle closes what it never opened");
    std::vector<Place> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return items;
  }
  void remember(std::uint64_t key) {
    top();
    memo_[key] = stack_.back();
  }
  void recall(std::uint64_t key) {
    const auto found = memo_.find(key);
    if (found == memo_.end()) damaged("its pickle recalls what it never kept");
    stack_.push_back(found->second);
  }
  void pushTuple(std::size_t count) {
    std::vector<Place> items(count);
    for (std::size_t i = count; i-- > 0;) items[i] = pop();
    push(Kind::Tuple).items = std::move(items);
  }

  void step(unsigned char code);
  void integers(unsigned char code);
  void pushGlobal(const std::string& module, const std::string& name);
  void reduce();
  void pushStorage();
  void rebuild(const std::vector<Place>& arguments);
  void setItems(std::vector<Place> items);
  std::vector<std::int64_t> counts(const Object& tuple) const;
  std::map<std::string, PickledTensor> result();

  std::string_view bytes_;
  const std::string& file_;
  std::deque<Object> arena_;
  std::vector<Place> stack_;
  std::vector<std::size_t> marks_;
  std::map<std::uint64_t, Place> memo_;
};

void Reader::step(unsigned char code) {
  switch (code) {
    case 0x80: {  // PROTO
      const std::uint64_t version = number(1);
      if (version > 5) refused("its pickle is of version " + std::to_string(version));
      return;
    }
    case 0x95:  // FRAME
      number(8);
      return;
    case '(':  // MARK
      marks_.push_back(stack_.size());
      return;
    case '}':  // EMPTY_DICT
      push(Kind::Dict);
      return;
    case ']':  // EMPTY_LIST
      push(Kind::List);
      return;
    case ')':  // EMPTY_TUPLE
      push(Kind::Tuple);
      return;
    case 't': {  // TUPLE
      std::vector<Place> items = popToMark();
      push(Kind::Tuple).items = std::move(items);
      return;
    }
    case 0x85:  // TUPLE1
    case 0x86:  // TUPLE2
    case 0x87:  // TUPLE3
      pushTuple(code - 0x84u);
      return;
    case 'X':  // BINUNICODE
      pushText(take(number(4)));
      return;
    case 0x8c:  // SHORT_BINUNICODE
      pushText(take(number(1)));
      return;
    case 0x8d:  // BINUNICODE8
      pushText(take(number(8)));
      return;
    case 'c': {  // GLOBAL
      const std::string module = line();
      pushGlobal(module, line());
      return;
    }
    case 0x93: {  // STACK_GLOBAL
      const Place name = pop();
      const Place module = pop();
      if (arena_[name].kind != Kind::Text || arena_[module].kind != Kind::Text) damaged("its pickle names a global by no text");
      pushGlobal(arena_[module].text, arena_[name].text);
      return;
    }
    case 'q':  // BINPUT
      remember(number(1));
      return;
    case 'r':  // LONG_BINPUT
      remember(number(4));
      return;
    case 0x94:  // MEMOIZE
      remember(memo_.size());
      return;
    case 'h':  // BINGET
      recall(number(1));
      return;
    case 'j':  // LONG_BINGET
      recall(number(4));
      return;
    case 'Q':  // BINPERSID
      pushStorage();
      return;
    case 'R':  // REDUCE
      reduce();
      return;
    case 's': {  // SETITEM
      const Place value = pop();
      setItems({pop(), value});
      return;
    }
    case 'u':  // SETITEMS
      setItems(popToMark());
      return;
    case 'b':  // BUILD: of an OrderedDict, the attributes that torch keeps beside a state
      pop();
      if (top().kind != Kind::Dict) refused("its pickle sets attributes of an object");
      return;
    default:
      integers(code);
  }
}

void Reader::integers(unsigned char code) {
  switch (code) {
    case 'N':  // NONE
      push(Kind::Nothing);
      return;
    case 0x88:  // NEWTRUE
    case 0x89:  // NEWFALSE
      pushNumber(code == 0x88 ? 1 : 0);
      return;
    case 'J':  // BININT
      pushNumber(static_cast<std::int32_t>(number(4)));
      return;
    case 'K':  // BININT1
      pushNumber(static_cast<std::int64_t>(number(1)));
      return;
    case 'M':  // BININT2
      pushNumber(static_cast<std::int64_t>(number(2)));
      return;
    case 0x8a: {  // LONG1
      const auto count = static_cast<int>(number(1));
      if (count > 8) refused("its pickle holds a number of " + std::to_string(count) + " bytes");
      const std::uint64_t value = number(count);
      const int unused = 64 - 8 * count;
      // The last byte carries the sign.
      pushNumber(count == 0 ? 0 : static_cast<std::int64_t>(value << unused) >> unused);
      return;
    }
    default: {
      std::array<char, 8> hex{};
      std::snprintf(hex.data(), hex.size(), "0x%02x", code);
      refused(std::string("its pickle uses the opcode ") + hex.data() +
              (code > 0x20 && code < 0x7f ? std::string(" ('") + static_cast<char>(code) + "')" : ""));
    }
  }
}

void Reader::pushGlobal(const std::string& module, const std::string& name) {
  if (module == "collections" && name == "OrderedDict") {
    push(Kind::OrderedDictType);
    return;
  }
  if (module == "torch._utils" && name == "_rebuild_tensor_v2") {
    push(Kind::RebuildTensor);
    return;
  }
  if (module == "torch._utils" && name == "_rebuild_parameter") {
    push(Kind::RebuildParameter);
    return;
  }
  for (const StorageType& type : kStorages) {
    if (module != "torch" || name != type.name) continue;
    push(Kind::StorageKind).dtype = type.dtype;
    return;
  }
  refused("its pickle asks Python for '" + module + "." + name + "'");
}

// The persistent id ('storage', type, key, device, elements).
void Reader::pushStorage() {
  const Place id = pop();
  const std::vector<Place>& parts = arena_[id].items;
  const auto is = [&](std::size_t part, Kind kind) { return arena_[parts[part]].kind == kind; };
  if (arena_[id].kind != Kind::Tuple || parts.size() != 5 || !is(0, Kind::Text) || arena_[parts[0]].text != "storage" ||
      !is(1, Kind::StorageKind) || !is(2, Kind::Text) || !is(4, Kind::Number)) {
    refused("its pickle refers to something that is no storage of a tensor");
  }
  const torch::ScalarType dtype = arena_[parts[1]].dtype;
  const std::string key = arena_[parts[2]].text;
  const std::int64_t elements = arena_[parts[4]].number;
  if (elements < 0) damaged("a storage has " + std::to_string(elements) + " elements");
  Object& storage = push(Kind::Storage);
  storage.dtype = dtype;
  storage.text = key;
  storage.number = elements;
}

void Reader::reduce() {
  const Place arguments = pop();
  const Kind what = arena_[pop()].kind;
  if (arena_[arguments].kind != Kind::Tuple) damaged("its pickle calls something without a tuple of arguments");
  const std::vector<Place> items = arena_[arguments].items;
  if (what == Kind::OrderedDictType && items.empty()) {
    push(Kind::Dict);
  } else if (what == Kind::RebuildTensor) {
    rebuild(items);
  } else if (what == Kind::RebuildParameter && !items.empty() && arena_[items[0]].kind == Kind::Tensor) {
    stack_.push_back(items[0]);
  } else {
    refused("its pickle calls something that makes no tensor");
  }
}

std::vector<std::int64_t> Reader::counts(const Object& tuple) const {
  constexpr std::size_t kMostDimensions = 16;
  std::vector<std::int64_t> values;
  if (tuple.kind != Kind::Tuple || tuple.items.size() > kMostDimensions) damaged("a tensor's shape is no short tuple");
  for (const Place item : tuple.items) {
    if (arena_[item].kind != Kind::Number || arena_[item].number < 0) damaged("a tensor's shape is not made of counts");
    values.push_back(arena_[item].number);
  }
  return values;
}

// (storage, offset, sizes, strides, requires_grad, hooks, ...)
void Reader::rebuild(const std::vector<Place>& arguments) {
  if (arguments.size() < 4 || arena_[arguments[0]].kind != Kind::Storage || arena_[arguments[1]].kind != Kind::Number)
    damaged("a tensor is not made of a storage and its shape");
  const Object& storage = arena_[arguments[0]];
  PickledTensor tensor{.dtype = storage.dtype,
                       .storage = storage.text,
                       .storageElements = storage.number,
                       .offset = arena_[arguments[1]].number,
                       .sizes = counts(arena_[arguments[2]]),
                       .strides = counts(arena_[arguments[3]])};
  if (tensor.sizes.size() != tensor.strides.size()) damaged("a tensor has not as many strides as sides");
  // 128 bits hold any sum and product of these.
  __extension__ using Wide = __int128;
  Wide last = tensor.offset;
  Wide elements = 1;
  for (std::size_t i = 0; i < tensor.sizes.size(); ++i) {
    elements *= tensor.sizes[i];
    if (elements > 0) last += static_cast<Wide>(tensor.sizes[i] - 1) * tensor.strides[i];
    if (elements > storage.number) damaged("a tensor has more elements than its storage");
  }
  if (tensor.offset < 0 || (elements > 0 && last >= storage.number)) damaged("a tensor reaches beyond its storage");
  push(Kind::Tensor).tensor = std::move(tensor);
}

void Reader::setItems(std::vector<Place> items) {
  Object& dict = top();
  if (dict.kind != Kind::Dict || items.size() % 2 != 0) damaged("its pickle sets items of what is no dictionary");
  dict.items.insert(dict.items.end(), items.begin(), items.end());
}

std::map<std::string, PickledTensor> Reader::result() {
  if (stack_.size() != 1 || !marks_.empty()) damaged("its pickle does not end with one object");
  const Object& dict = arena_[stack_.front()];
  if (dict.kind != Kind::Dict) refused("its pickle holds no dictionary of tensors");
  std::map<std::string, PickledTensor> tensors;
  for (std::size_t i = 0; i < dict.items.size(); i += 2) {
    const Object& key = arena_[dict.items[i]];
    const Object& value = arena_[dict.items[i + 1]];
    if (key.kind != Kind::Text) refused("a key of its dictionary is no text");
    if (value.kind != Kind::Tensor) refused("'" + key.text + "' in it is no tensor");
    if (!tensors.emplace(key.text, value.tensor).second) damaged("its dictionary names '" + key.text + "' twice");
  }
  return tensors;
}

}  // namespace

std::map<std::string, PickledTensor> readPickledTensors(std::string_view bytes, const std::string& file) {
  return Reader(bytes, file).read();
}

}  // namespace orthoscribe::model
