// SPDX-License-Identifier: Apache-2.0
// The only file of this program that names the JSON library.
#include "announce.h"

#include <nlohmann/json.hpp>

#include <iostream>

namespace mtk::phone {

namespace {

void print(const nlohmann::ordered_json& line) {
  std::cout << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
}

std::string_view name_of(sim::BootStage stage) {
  switch (stage) {
    case sim::BootStage::rom:
      return "brom";
    case sim::BootStage::memory:
      return "memory";
    case sim::BootStage::preloader:
      return "preloader";
    case sim::BootStage::logo:
      return "lk";
    case sim::BootStage::android:
      break;
  }
  return "android";
}

}  // namespace

void announce(const std::string& model, const std::string& address) {
  print({{"v", 1}, {"event", "listening"}, {"port", address}, {"model", model}});
}

void announce(const std::string& model, const sim::BootReport& report) {
  print({{"v", 1},
         {"event", "boot"},
         {"model", model},
         {"reaches", name_of(report.reached)},
         {"why", report.why},
         {"download_mode", report.reached >= sim::BootStage::preloader},
         {"radio", report.radio},
         {"identity", report.identity_notes}});
}

}  // namespace mtk::phone
