// SPDX-License-Identifier: Apache-2.0
// Keeps a phone's identity partitions in a folder, each content once, with their SHA-256.
// Source: docs/format/identity.md
#pragma once

#include "base/hash.h"
#include "flash/executor.h"

namespace mtk {

class FolderKeepStore final : public KeepStore {
 public:
  /// Creates the folder. Errors: io; unsupported (a manifest of an unknown version).
  static Result<FolderKeepStore> open(const std::filesystem::path& folder);

  Result<Sink*> begin(const std::string& partition) override;
  Result<std::string> commit() override;

 private:
  class FileSink final : public Sink {
   public:
    explicit FileSink(File file) : file_(std::move(file)) {}
    Result<> write(ByteView data) override;
    std::string sha256() { return hex_compact(hasher_.finish()); }
    Result<> sync() { return file_.sync(); }

   private:
    File file_;
    Hasher hasher_;
    std::uint64_t size_ = 0;
  };

  explicit FolderKeepStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
  std::string partition_;
  std::unique_ptr<FileSink> sink_;
};

}  // namespace mtk
