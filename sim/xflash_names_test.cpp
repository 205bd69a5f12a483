// SPDX-License-Identifier: Apache-2.0
// UPLOAD, DOWNLOAD and FORMAT_PARTITION of the XFlash agent: names, sparse images, preloaders, signatures.
#include "sim/boot_check.h"
#include "sim/xflash_bench.h"

namespace mtk::sim {
namespace {

using Packets = XflashBench::Packets;

class XflashNames : public testing::Test {
 protected:
  void reach(Model model = model_named("tiny-xflash")) {
    bench_ = std::make_unique<XflashBench>(std::move(model));
    bench_->reach_da2();
  }
  XflashBench& bench() { return *bench_; }
  Bytes stored(std::uint64_t offset, std::size_t size, std::uint8_t part = part_user) {
    return *bench().phone().card().read(part, offset, size);
  }
  std::string last_of_download(const std::string& name, const Bytes& data) {
    return bench().download(name, data, 0x1000).back();
  }

 private:
  std::unique_ptr<XflashBench> bench_;
};

constexpr std::uint64_t para = 0x20000;
constexpr std::uint64_t system = 0x28000;
constexpr std::size_t para_size = 0x1000;

Model secured() {
  Model model = model_named("tiny-xflash");
  model.security.deny = {"seccfg", "sgpt"};
  model.security.signed_parts = {"boot", "preloader"};
  model.security.key = "maker";
  model.xflash.verify_limit = 0x4000;
  return model;
}

Bytes signature(std::string_view key, ByteView data) {
  Bytes keyed = to_bytes(key);
  keyed.insert(keyed.end(), data.begin(), data.end());
  Bytes digest = sha256(keyed);
  digest.resize(0x100);
  return digest;
}

Bytes with_signature(Bytes data, std::string_view key = "maker") {
  const Bytes slot = signature(key, data);
  data.insert(data.end(), slot.begin(), slot.end());
  return data;
}

void chunk(ByteWriter& out, unsigned type, std::uint32_t blocks, ByteView body) {
  out.le(static_cast<std::uint16_t>(type)).le<std::uint16_t>(0).le(blocks);
  out.le(static_cast<std::uint32_t>(12 + body.size())).bytes(body);
}

ByteWriter sparse_header(std::uint32_t blocks, std::uint32_t chunks) {
  ByteWriter out;
  out.le<std::uint32_t>(0xed26ff3a).le<std::uint16_t>(1).le<std::uint16_t>(0).le<std::uint16_t>(28);
  out.le<std::uint16_t>(12).le<std::uint32_t>(0x1000).le(blocks).le(chunks).le<std::uint32_t>(0);
  return out;
}

TEST_F(XflashNames, a_partition_is_uploaded_whole_in_any_letter_case) {
  reach();
  const Packets answer = bench().tell({word(0x010002), to_bytes("PaRa")});
  EXPECT_EQ(answer, (Packets{"00000000", "00000000", "0010000000000000", "00000000",
                             std::string(2 * para_size, '0')}));
  EXPECT_EQ(bench().tell(0), Packets{"00000000"});
}

TEST_F(XflashNames, a_name_may_be_padded_with_zeros) {
  reach();
  Bytes name = to_bytes("para");
  name.resize(64);
  EXPECT_EQ(bench().tell({word(0x010002), name}).size(), 5u);
}

TEST_F(XflashNames, an_upload_of_an_unknown_name_is_met_with_silence) {
  reach();
  EXPECT_EQ(bench().tell({word(0x010002), to_bytes("nowhere")}), Packets{"00000000"});
  bench().expect_in_step();
}

TEST_F(XflashNames, a_plain_image_lands_at_the_beginning_of_its_partition) {
  reach();
  EXPECT_EQ(last_of_download("PARA", pattern(0x321)), "00000000");
  EXPECT_EQ(stored(para, 0x321), pattern(0x321));
}

TEST_F(XflashNames, a_download_to_an_unknown_name_is_refused_after_the_length) {
  reach();
  EXPECT_EQ(bench().download("nowhere", pattern(4), 4), (Packets{"00000000", "060004c0"}));
  bench().expect_in_step();
}

TEST_F(XflashNames, an_image_larger_than_its_partition_is_taken_and_refused_at_the_end) {
  reach();
  const Packets answer = bench().download("para", pattern(para_size + 0x400), 0x400);
  EXPECT_EQ(answer, (Packets{"00000000", "00000000", "00000000", "00000000", "00000000", "00000000",
                             "00000000", "040004c0"}));
  EXPECT_EQ(stored(para + para_size, 4), Bytes(stored(0x21000, 4))) << "the next partition is left alone";
  EXPECT_EQ(hex_compact(stored(0x21000, 4)), "88168858");
  bench().expect_in_step();
}

TEST_F(XflashNames, a_sparse_image_is_unpacked) {
  reach();
  bench().write({.offset = system + 0x2000}, Bytes(0x1000, std::byte{0x77}), 0x1000);
  ByteWriter image = sparse_header(5, 4);
  chunk(image, 0xcac1, 1, pattern(0x1000));
  chunk(image, 0xcac2, 1, to_bytes({0xaa, 0xbb, 0xcc, 0xdd}));
  chunk(image, 0xcac3, 1, {});
  chunk(image, 0xcac1, 2, pattern(0x2000, 9));
  const Bytes data = std::move(image).take();
  for (const std::size_t packet : {data.size(), std::size_t{7}}) {
    EXPECT_EQ(bench().download("system", data, packet).back(), "00000000");
    EXPECT_EQ(stored(system, 0x1000), pattern(0x1000));
    EXPECT_EQ(stored(system + 0x1ffc, 4), to_bytes({0xaa, 0xbb, 0xcc, 0xdd}));
    EXPECT_EQ(stored(system + 0x2000, 4), Bytes(4, std::byte{0x77}));
    EXPECT_EQ(stored(system + 0x3000, 0x2000), pattern(0x2000, 9));
  }
}

TEST_F(XflashNames, a_sparse_image_that_ends_early_is_told_at_the_end) {
  reach();
  ByteWriter image = sparse_header(2, 2);
  chunk(image, 0xcac1, 1, pattern(0x1000));
  EXPECT_EQ(last_of_download("system", std::move(image).take()), "01000440");
}

TEST_F(XflashNames, a_sparse_image_with_a_strange_chunk_is_refused) {
  reach();
  ByteWriter image = sparse_header(1, 1);
  chunk(image, 0xcac9, 1, {});
  EXPECT_EQ(last_of_download("system", std::move(image).take()), "050004c0");
}

TEST_F(XflashNames, a_sparse_image_larger_than_its_partition_leaves_the_next_one_alone) {
  reach();
  const Bytes next = stored(0x21000, 0x200);
  ByteWriter image = sparse_header(0x100000, 1);
  chunk(image, 0xcac2, 0x100000, to_bytes({1, 2, 3, 4}));
  EXPECT_EQ(last_of_download("para", std::move(image).take()), "040004c0");
  EXPECT_EQ(stored(0x21000, 0x200), next);
}

TEST_F(XflashNames, a_preloader_gets_its_device_header) {
  Model model = model_named("tiny-xflash");
  model.preloader.flash = PreloaderFlash::missing;
  XflashBench bench{model, Bench::keys_held()};
  bench.reach_da2();
  EXPECT_EQ(check_boot(model, bench.phone().card()).reached, BootStage::rom);
  EXPECT_EQ(bench.download("preloader", preloader_image(model), 0x200).back(), "00000000");
  EXPECT_EQ(check_boot(model, bench.phone().card()).reached, BootStage::android);
}

TEST_F(XflashNames, what_is_no_preloader_is_refused_at_the_end) {
  reach();
  const Bytes before = stored(0, 0x1000, part_boot1);
  EXPECT_EQ(last_of_download("preloader", pattern(0x400)), "040003c0");
  EXPECT_EQ(last_of_download("preloader", Bytes(0x20000)), "040003c0");
  EXPECT_EQ(stored(0, 0x1000, part_boot1), before);
}

TEST_F(XflashNames, a_partition_is_formatted_without_a_validation_status) {
  reach();
  bench().write({.offset = para}, pattern(para_size), para_size);
  EXPECT_EQ(bench().tell({word(0x010006), to_bytes("para")}), (Packets{"00000000", "04000440", "64000000"}));
  EXPECT_EQ(bench().tell(0), Packets{"05000440"});
  EXPECT_EQ(stored(para, para_size), Bytes(para_size));
  EXPECT_EQ(bench().tell({word(0x010006), to_bytes("nowhere")}), (Packets{"00000000", "060004c0"}));
  bench().expect_in_step();
}

TEST_F(XflashNames, names_are_looked_up_in_the_backup_when_the_table_is_damaged) {
  reach();
  bench().write({.offset = 0}, Bytes(0x2000), 0x2000);
  EXPECT_EQ(last_of_download("para", pattern(4)), "00000000");
  bench().write({.offset = 0xf8000}, Bytes(0x8000), 0x8000);
  EXPECT_EQ(bench().download("para", pattern(4), 4), (Packets{"00000000", "070004c0"}));
}

TEST_F(XflashNames, a_secured_phone_refuses_names_it_denies) {
  reach(secured());
  EXPECT_EQ(bench().download("seccfg", pattern(4), 4), (Packets{"00000000", "040002c0"}));
  EXPECT_EQ(bench().tell({word(0x010006), to_bytes("SECCFG")}), (Packets{"00000000", "040002c0"}));
  EXPECT_EQ(bench().tell({word(0x010006), to_bytes("sgpt")}).back(), "64000000") << "not applied to sgpt";
}

TEST_F(XflashNames, a_secured_phone_stores_only_images_whose_signature_fits) {
  reach(secured());
  const Bytes before = stored(0x10000, 0x200);
  EXPECT_EQ(last_of_download("boot", pattern(0x1000)), "070002c0");
  EXPECT_EQ(last_of_download("boot", with_signature(pattern(0x1000), "thief")), "070002c0");
  EXPECT_EQ(stored(0x10000, 0x200), before);
  EXPECT_EQ(last_of_download("boot", with_signature(pattern(0x1000))), "00000000");
  EXPECT_EQ(stored(0x10000, 0x1000), pattern(0x1000));
  EXPECT_EQ(last_of_download("boot", with_signature(pattern(0x5000))), "050002c0");
  EXPECT_EQ(last_of_download("preloader", pattern(0x400)), "060002c0");
}

TEST_F(XflashNames, a_signature_may_come_as_a_blob_of_its_own) {
  reach(secured());
  EXPECT_EQ(bench().control(0x02000a, {signature("maker", pattern(0x1000))}), Packets{"00000000"});
  EXPECT_EQ(last_of_download("boot", pattern(0x1000)), "00000000");
  EXPECT_EQ(last_of_download("boot", pattern(0x1000, 1)), "070002c0");
  Bytes blob = pattern(0x99);
  const Bytes second = signature("maker", pattern(0x1000, 1));
  blob.insert(blob.end(), second.begin(), second.end());
  bench().control(0x02000c, {blob});
  EXPECT_EQ(last_of_download("boot", pattern(0x1000, 1)), "00000000");
}

}  // namespace
}  // namespace mtk::sim
