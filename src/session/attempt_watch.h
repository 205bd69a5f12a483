// SPDX-License-Identifier: Apache-2.0
// Passes everything on to the front end and keeps in mind whether a phone's port has left meanwhile.
#pragma once

#include <mtk/session.h>

#include <algorithm>
#include <array>

namespace mtk {

class AttemptWatch final : public SessionObserver {
 public:
  explicit AttemptWatch(SessionObserver& front) : front_(front) {}

  /// A port in download mode came and went.
  bool lost_one() const { return lost_one_; }

  void stage(Stage stage) override { front_.stage(stage); }
  void progress(const Progress& progress) override { front_.progress(progress); }
  void write(LogLevel level, std::string_view text) override { front_.write(level, text); }
  void silent(std::chrono::seconds seconds) override { front_.silent(seconds); }
  void phone(const PhoneCard& card) override { front_.phone(card); }
  void finding(const Notice& finding) override { front_.finding(finding); }
  void plan(const Plan& plan) override { front_.plan(plan); }
  void bus(const BusEvent& event) override {
    constexpr std::array<std::string_view, 4> download_faces{"brom", "preloader", "agent", "vcom"};
    if (event.kind == BusEvent::Kind::left &&
        std::ranges::find(download_faces, event.face) != download_faces.end())
      lost_one_ = true;
    front_.bus(event);
  }

 private:
  SessionObserver& front_;
  bool lost_one_ = false;
};

}  // namespace mtk
