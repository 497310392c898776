// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/image_codec.h"

#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <jpeglib.h>
#include <png.h>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/text_encoding.h"

namespace orthoscribe {
namespace {

[[noreturn]] void damaged(std::string_view name, std::string_view kind, std::string_view why) {
  throw Error(ErrorCode::InvalidInput, std::string(name) + ": damaged " + std::string(kind) + " (" + std::string(why) + ")");
}

void checkSize(std::int64_t width, std::int64_t height, std::string_view name, const DecodeLimits& limits) {
  if (width <= 0 || height <= 0 || width > limits.maxPixels / height) {
    throw Error(ErrorCode::InvalidInput,
                std::string(name) + ": image of " + std::to_string(width) + " x " + std::to_string(height) +
                    " pixels is over the limit of " + std::to_string(limits.maxPixels) + " pixels",
                "send a smaller image");
  }
}

struct JpegErrorHandler {
  jpeg_error_mgr manager;
  std::jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
};

void jpegFailed(j_common_ptr info) {
  auto* handler = reinterpret_cast<JpegErrorHandler*>(info->err);
  handler->manager.format_message(info, handler->message);
  std::longjmp(handler->jump, 1);
}

// A truncated file is a warning to libjpeg, which then invents grey pixels; to us it is damage.
void jpegWarned(j_common_ptr info, int level) {
  if (level < 0) jpegFailed(info);
}

// No object with a destructor may live across the jumps, so the image comes in by reference.
bool decodeJpegInto(std::span<const std::byte> bytes, RgbImage& image, JpegErrorHandler& handler, std::int64_t maxPixels) {
  jpeg_decompress_struct info{};
  info.err = jpeg_std_error(&handler.manager);
  handler.manager.error_exit = jpegFailed;
  handler.manager.emit_message = jpegWarned;
  if (setjmp(handler.jump)) {
    jpeg_destroy_decompress(&info);
    return false;
  }
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&info, TRUE);
  if (static_cast<std::int64_t>(info.image_width) * info.image_height > maxPixels) {
    image.width = static_cast<int>(info.image_width);
    image.height = static_cast<int>(info.image_height);
    jpeg_destroy_decompress(&info);
    return true;
  }
  info.out_color_space = JCS_RGB;
  jpeg_start_decompress(&info);
  image.width = static_cast<int>(info.output_width);
  image.height = static_cast<int>(info.output_height);
  image.pixels.resize(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 3);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = image.at(0, static_cast<int>(info.output_scanline));
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
  return true;
}

RgbImage decodeJpeg(std::span<const std::byte> bytes, std::string_view name, const DecodeLimits& limits) {
  RgbImage image;
  JpegErrorHandler handler{};
  if (!decodeJpegInto(bytes, image, handler, limits.maxPixels)) damaged(name, "JPEG", handler.message);
  checkSize(image.width, image.height, name, limits);
  return image;
}

struct PngImage {
  png_image value{};
  PngImage() { value.version = PNG_IMAGE_VERSION; }
  ~PngImage() { png_image_free(&value); }
  PngImage(const PngImage&) = delete;
  PngImage& operator=(const PngImage&) = delete;
};

// The full libpng interface and not its simplified one, because that one blends alpha and converts 16 bits by gamma.
struct PngReader {
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::span<const std::byte> left;
  char message[160] = {};

  ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }

  static void failed(png_structp png, png_const_charp why) {
    auto* self = static_cast<PngReader*>(png_get_error_ptr(png));
    std::snprintf(self->message, sizeof self->message, "%s", why);
    png_longjmp(png, 1);
  }
  static void warned(png_structp, png_const_charp) {}
  static void read(png_structp png, png_bytep out, std::size_t size) {
    auto* self = static_cast<PngReader*>(png_get_io_ptr(png));
    if (size > self->left.size()) png_error(png, "the data end early");
    std::memcpy(out, self->left.data(), size);
    self->left = self->left.subspan(size);
  }
};

// Header first, so that the size can be judged before memory is taken. False: damaged, see reader.message.
bool readPngHeader(PngReader& reader, int& width, int& height, int& depth) {
  if (setjmp(png_jmpbuf(reader.png))) return false;
  png_read_info(reader.png, reader.info);
  width = static_cast<int>(png_get_image_width(reader.png, reader.info));
  height = static_cast<int>(png_get_image_height(reader.png, reader.info));
  depth = png_get_bit_depth(reader.png, reader.info);
  return true;
}

bool readPngRows(PngReader& reader, std::uint8_t* samples, std::vector<png_bytep>& rows, std::size_t rowBytes) {
  if (setjmp(png_jmpbuf(reader.png))) return false;
  png_set_expand(reader.png);
  png_set_strip_alpha(reader.png);
  png_set_gray_to_rgb(reader.png);
  png_set_interlace_handling(reader.png);
  png_read_update_info(reader.png, reader.info);
  for (std::size_t row = 0; row < rows.size(); ++row) rows[row] = samples + row * rowBytes;
  png_read_image(reader.png, rows.data());
  png_read_end(reader.png, nullptr);
  return true;
}

RgbImage decodePng(std::span<const std::byte> bytes, std::string_view name, const DecodeLimits& limits) {
  PngReader reader;
  reader.left = bytes;
  reader.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader, PngReader::failed, PngReader::warned);
  reader.info = reader.png ? png_create_info_struct(reader.png) : nullptr;
  if (!reader.info) throw Error(ErrorCode::Internal, "libpng cannot be started");
  png_set_read_fn(reader.png, &reader, PngReader::read);
  int width = 0;
  int height = 0;
  int depth = 0;
  if (!readPngHeader(reader, width, height, depth)) damaged(name, "PNG", reader.message);
  checkSize(width, height, name, limits);
  const bool wide = depth == 16;
  const std::size_t samples = static_cast<std::size_t>(width) * 3;
  RgbImage image(width, height);
  std::vector<std::uint8_t> wideSamples(wide ? image.pixels.size() * 2 : 0);
  std::vector<png_bytep> rows(static_cast<std::size_t>(height));
  if (!readPngRows(reader, wide ? wideSamples.data() : image.pixels.data(), rows, samples * (wide ? 2 : 1))) {
    damaged(name, "PNG", reader.message);
  }
  if (wide) {
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
      const unsigned value = static_cast<unsigned>(wideSamples[2 * i]) << 8 | wideSamples[2 * i + 1];
      image.pixels[i] = static_cast<std::uint8_t>((value * 2 + 257) / 514);
    }
  }
  return image;
}

bool encodeJpegInto(const RgbImage& image, int quality, unsigned char** memory, unsigned long* size, JpegErrorHandler& handler) {
  jpeg_compress_struct info{};
  info.err = jpeg_std_error(&handler.manager);
  handler.manager.error_exit = jpegFailed;
  if (setjmp(handler.jump)) {
    jpeg_destroy_compress(&info);
    return false;
  }
  jpeg_create_compress(&info);
  jpeg_mem_dest(&info, memory, size);
  info.image_width = static_cast<JDIMENSION>(image.width);
  info.image_height = static_cast<JDIMENSION>(image.height);
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  for (int i = 0; i < info.num_components; ++i) info.comp_info[i].h_samp_factor = info.comp_info[i].v_samp_factor = 1;
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = const_cast<JSAMPROW>(image.at(0, static_cast<int>(info.next_scanline)));
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  return true;
}

}  // namespace

RgbImage decodeImage(std::span<const std::byte> bytes, std::string_view name, const DecodeLimits& limits) {
  const auto startsWith = [&](std::string_view signature) {
    return bytes.size() >= signature.size() && std::memcmp(bytes.data(), signature.data(), signature.size()) == 0;
  };
  if (startsWith("\x89PNG")) return decodePng(bytes, name, limits);
  if (startsWith("\xFF\xD8\xFF")) return decodeJpeg(bytes, name, limits);
  throw Error(ErrorCode::InvalidInput, std::string(name) + ": neither PNG nor JPEG", "convert the image to one of these");
}

RgbImage readImageFile(const std::filesystem::path& path, const DecodeLimits& limits) {
  const std::string bytes = readTextFile(path);
  return decodeImage(std::as_bytes(std::span(bytes)), path.string(), limits);
}

std::vector<std::byte> encodePng(const RgbImage& image) {
  PngImage png;
  png.value.width = static_cast<png_uint_32>(image.width);
  png.value.height = static_cast<png_uint_32>(image.height);
  png.value.format = PNG_FORMAT_RGB;
  png.value.flags = PNG_IMAGE_FLAG_FAST;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png.value);
  std::vector<std::byte> bytes(size);
  if (!png_image_write_to_memory(&png.value, bytes.data(), &size, 0, image.pixels.data(), 0, nullptr)) {
    throw Error(ErrorCode::Internal, std::string("cannot encode a PNG: ") + png.value.message);
  }
  bytes.resize(size);
  return bytes;
}

std::vector<std::byte> encodeJpeg(const RgbImage& image, int quality) {
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  JpegErrorHandler handler{};
  const bool encoded = encodeJpegInto(image, quality, &memory, &size, handler);
  std::vector<std::byte> bytes;
  if (encoded) bytes.assign(reinterpret_cast<std::byte*>(memory), reinterpret_cast<std::byte*>(memory) + size);
  std::free(memory);
  if (!encoded) throw Error(ErrorCode::Internal, std::string("cannot encode a JPEG: ") + handler.message);
  return bytes;
}

std::string pngDataUrl(const RgbImage& image) {
  return "data:image/png;base64," + encodeBase64(encodePng(image));
}

std::vector<std::byte> parseDataUrl(std::string_view url) {
  const std::size_t comma = url.find(',');
  if (!url.starts_with("data:image/") || comma == std::string_view::npos || !url.substr(0, comma).ends_with(";base64")) {
    throw Error(ErrorCode::InvalidInput, "image_url.url is not a base64 data URL of an image",
                "send the image itself as data:image/png;base64,...; nothing is fetched for a client");
  }
  return decodeBase64(url.substr(comma + 1));
}

}  // namespace orthoscribe
