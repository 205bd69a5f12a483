// SPDX-License-Identifier: Apache-2.0
#include <mtk/plan.h>

#include <fmt/format.h>

namespace mtk {

namespace {

std::string describe(const ImageRef& image) {
  std::string text = image.file;
  if (image.form == ImageForm::boot_area) text += " with boot area header";
  if (image.form == ImageForm::bare_preloader) text += " by name";
  text += fmt::format(" ({} bytes", image.bytes);
  if (image.content_bytes != image.bytes) text += fmt::format(", {} of them content", image.content_bytes);
  return text + ")";
}

struct Printer {
  std::string operator()(const KeepStep& step) const {
    return fmt::format("keep    {:<12} {}", step.partition, to_string(step.from));
  }
  std::string operator()(const EraseStep& step) const {
    return fmt::format("erase   {:<12} {}", step.partition, to_string(step.target));
  }
  std::string operator()(const WriteStep& step) const {
    return fmt::format("write   {:<12} {} from {}{}{}", step.partition, to_string(step.target),
                       describe(step.image), step.skip_if_same ? ", unless the same" : "",
                       step.stop == Interruptible::no ? ", not interruptible" : "");
  }
  std::string operator()(const VerifyStep& step) const {
    return fmt::format("verify  {:<12} {} by {}", step.partition, to_string(step.target), to_string(step.by));
  }
  std::string operator()(const RebootStep& step) const {
    return fmt::format("reboot  {}", to_string(step.into));
  }
};

}  // namespace

std::string_view to_string(VerifyBy by) {
  switch (by) {
    case VerifyBy::read_back:
      return "read-back";
    case VerifyBy::device:
      return "device";
    case VerifyBy::none:
      return "nothing";
  }
  return "?";
}

std::uint64_t Plan::bytes_to_write() const {
  std::uint64_t total = 0;
  for (const Step& step : steps) {
    if (const auto* write = std::get_if<WriteStep>(&step)) total += write->image.content_bytes;
  }
  return total;
}

std::string to_string(const Plan& plan) {
  std::string text;
  for (const Step& step : plan.steps) text += std::visit(Printer{}, step) + "\n";
  for (const Warning& warning : plan.warnings)
    text += fmt::format("warning {}: {}\n", warning.subject, warning.text);
  return text;
}

}  // namespace mtk
