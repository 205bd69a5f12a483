// SPDX-License-Identifier: Apache-2.0
#include "sim/test_bench.h"

#include <algorithm>

namespace mtk::sim {
namespace {

const std::string smallest = R"(
format = 1
name = "x"
[chip]
name = "MT6580"
hw_code = 0x6580
family = "legacy"
[preloader]
generation = "A"
[agent]
profile = "2015"
[storage]
cid = "150100513832334D42075A351122A501"
boot1 = 0x10000
boot2 = 0x10000
rpmb = 0x10000
user = 0x100000
[scatter]
project = "x"
[[partition]]
name = "lk"
start = 0x8000
size = 0x8000
)";

std::string with(std::string_view line, std::string_view instead) {
  std::string text = smallest;
  text.replace(text.find(line), line.size(), instead);
  return text;
}

Errc complaint(const std::string& text) {
  const auto model = parse_model(text, "x.toml");
  return model ? Errc::internal : model.error().code;
}

TEST(Model, every_phone_of_the_project_can_be_read_and_is_named_like_its_file) {
  std::size_t seen = 0;
  for (const auto& file :
       std::filesystem::directory_iterator{std::filesystem::path{MTK_SOURCE_DIR} / "data/phones"}) {
    const auto model = load_model(file.path());
    ASSERT_TRUE(model) << to_string(model.error());
    EXPECT_EQ(model->name, file.path().stem().string());
    ++seen;
  }
  EXPECT_GE(seen, 12u);
}

TEST(Model, defaults_are_those_of_the_older_agent) {
  const auto model = parse_model(smallest, "x.toml");
  ASSERT_TRUE(model) << to_string(model.error());
  EXPECT_EQ(model->agent.greeting_nand, 0x0bc0u);
  EXPECT_EQ(model->agent.numbering, 3u);
  EXPECT_FALSE(model->agent.emi_from_brom);
  EXPECT_EQ(model->preloader.bl_version, 1);
  EXPECT_EQ(model->memory.ids, std::vector<Bytes>{model->storage.cid});
}

TEST(Model, the_newer_profile_changes_greeting_numbering_and_memory_start) {
  const auto model = parse_model(with("profile = \"2015\"", "profile = \"newer\""), "x.toml");
  ASSERT_TRUE(model);
  EXPECT_EQ(model->agent.greeting_nand, 0x0bc4u);
  EXPECT_EQ(model->agent.numbering, 5u);
  EXPECT_TRUE(model->agent.emi_from_brom);
}

TEST(Model, another_format_version_is_refused) {
  EXPECT_EQ(complaint(with("format = 1", "format = 2")), Errc::bad_image);
  EXPECT_EQ(complaint(with("format = 1", "")), Errc::bad_image);
}

TEST(Model, an_unknown_key_is_refused_wherever_it_stands) {
  EXPECT_EQ(complaint(with("hw_code", "hwcode")), Errc::bad_image);
  EXPECT_EQ(complaint(with("name = \"x\"", "name = \"x\"\ncolour = \"red\"")), Errc::bad_image);
  EXPECT_EQ(complaint(smallest + "colour = \"red\"\n"), Errc::bad_image);
}

TEST(Model, values_that_cannot_be_are_refused) {
  EXPECT_EQ(complaint(with("hw_code = 0x6580", "hw_code = 0x16580")), Errc::bad_image);
  EXPECT_EQ(complaint(with("hw_code = 0x6580", "hw_code = -1")), Errc::bad_image);
  EXPECT_EQ(complaint(with("hw_code = 0x6580", "hw_code = \"0x6580\"")), Errc::bad_image);
  EXPECT_EQ(complaint(with("family = \"legacy\"", "family = \"steam\"")), Errc::bad_image);
  EXPECT_EQ(complaint(with("generation = \"A\"", "generation = \"D\"")), Errc::bad_image);
  EXPECT_EQ(complaint(with("150100513832334D42075A351122A501", "1501")), Errc::bad_image);
  EXPECT_EQ(complaint(with("size = 0x8000", "size = 0x8001")), Errc::bad_image);
  EXPECT_EQ(complaint(with("size = 0x8000", "size = 0x800000")), Errc::bad_image);
  EXPECT_EQ(complaint("this is no toml"), Errc::bad_image);
}

TEST(Model, a_missing_key_is_refused) {
  EXPECT_EQ(complaint(with("hw_code = 0x6580", "")), Errc::bad_image);
  EXPECT_EQ(complaint(with("project = \"x\"", "")), Errc::bad_image);
  EXPECT_EQ(complaint(with("start = 0x8000", "")), Errc::bad_image);
}

TEST(Model, addresses_of_reserved_partitions_are_counted_from_the_end) {
  const Model model = model_named("leagoo-z5");
  ASSERT_NE(model.partition("sgpt"), nullptr);
  EXPECT_EQ(model.partition("sgpt")->start, model.storage.user - 0x80000);
  EXPECT_EQ(model.partition("flashinfo")->start, model.storage.user - 0x84 * 0x20000);
  EXPECT_EQ(model.partition("flashinfo")->start + 0x1000000, model.partition("sgpt")->start);
  EXPECT_FALSE(model.partition("flashinfo")->in_gpt);
}

const std::string smallest_ufs = R"(
format = 1
name = "u"
[chip]
name = "MT6886"
hw_code = 0x1229
family = "xml"
[preloader]
generation = "C"
[agent]
build = "2022"
[storage]
kind = "UFS"
cid = "4B4D3256383030314D2D42373037303031"
lu0 = 0x10000
lu1 = 0x10000
lu2 = 0x100000
gpt_slots = 16
[scatter]
project = "u"
block_size = 0x80000
[[partition]]
name = "preloader"
start = 0
size = 0x10000
region = "UFS_LU0_LU1"
content = "preloader"
[[partition]]
name = "lk"
start = 0x8000
size = 0x8000
region = "UFS_LU2"
content = "lk"
[variant.secured.security]
daa = true
key = "k"
)";

TEST(Model, a_ufs_counts_in_blocks_of_4096_and_has_luns) {
  const auto model = parse_model(smallest_ufs, "u.toml");
  ASSERT_TRUE(model) << to_string(model.error());
  EXPECT_EQ(model->storage.kind, StorageKind::ufs);
  EXPECT_EQ(model->storage.sector, 4096u);
  EXPECT_EQ(model->storage.first_usable, 6u);
  EXPECT_EQ(model->storage.user, 0x100000u);
  EXPECT_EQ(model->partition("preloader")->region, Region::both_boots);
  EXPECT_TRUE(model->partition("lk")->in_gpt);
}

TEST(Model, areas_beside_the_usual_ones_are_files_of_their_own) {
  const auto model =
      parse_model(with("rpmb = 0x10000", "rpmb = 0x10000\ngp1 = 0x400\ngp4 = 0x200"), "x.toml");
  ASSERT_TRUE(model) << to_string(model.error());
  EXPECT_EQ(model->storage.gp, (std::array<std::uint64_t, 4>{0x400, 0, 0, 0x200}));
  Folder folder;
  auto card = Card::open(*model, folder.path());
  ASSERT_TRUE(card) << to_string(card.error());
  ASSERT_TRUE(card->write(part_gp4, 0x1ff, to_bytes({7})));
  EXPECT_FALSE(card->write(part_gp1 + 1, 0, to_bytes({7})));
  EXPECT_EQ(std::filesystem::file_size(folder.path() / "gp1"), 0x400u);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "gp2"));
  auto again = Card::open(*model, folder.path());
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_EQ(*again->read(part_gp4, 0x1ff, 1), to_bytes({7}));
  Model smaller = *model;
  smaller.storage.gp = {};
  EXPECT_EQ(Card::open(smaller, folder.path()).error().code, Errc::usage) << "another phone";

  std::string ufs = smallest_ufs;
  ufs.replace(ufs.find("lu2 ="), 5, "lu3 = 0x1000\nlu2 =");
  const auto with_lu3 = parse_model(ufs, "u.toml");
  ASSERT_TRUE(with_lu3) << to_string(with_lu3.error());
  EXPECT_EQ(with_lu3->storage.gp[0], 0x1000u);
  EXPECT_EQ(complaint(with("rpmb = 0x10000", "rpmb = 0x10000\ngp1 = 0x201")), Errc::bad_image);
  EXPECT_EQ(complaint(with("rpmb = 0x10000", "rpmb = 0x10000\nlu3 = 0x200")), Errc::bad_image);
}

TEST(Model, an_agent_that_tells_a_date_knows_the_newer_codes) {
  std::string text = smallest;
  text.replace(text.find("legacy"), 6, "xflash");
  const auto profile = text.find("\"2015\"");
  text.replace(profile, 6, "\"2019\"\nexpire_date = \"2027-01-31\"");
  EXPECT_EQ(complaint(text), Errc::bad_image);
  text.replace(profile, 6, "\"newer\"");
  EXPECT_EQ(parse_model(text, "x.toml")->xflash.expire_date, "2027-01-31");
}

TEST(Model, a_variant_lays_its_keys_over_the_phone_and_has_a_name_of_its_own) {
  const auto open = parse_model(smallest_ufs, "u.toml");
  ASSERT_TRUE(open);
  EXPECT_FALSE(open->security.daa);
  const auto secured = parse_model(smallest_ufs, "u.toml", "secured");
  ASSERT_TRUE(secured) << to_string(secured.error());
  EXPECT_TRUE(secured->security.daa);
  EXPECT_EQ(secured->security.key, "k");
  EXPECT_EQ(secured->name, "u:secured");
  const auto other = parse_model(smallest_ufs, "u.toml", "golden");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Errc::usage);
}

TEST(Model, partitions_of_the_project_do_not_overlap) {
  for (const auto& file :
       std::filesystem::directory_iterator{std::filesystem::path{MTK_SOURCE_DIR} / "data/phones"}) {
    const std::string name = file.path().stem().string();
    std::vector<PartitionModel> parts = model_named(name).partitions;
    // In genuine files the table at the end lies inside flashinfo.
    std::erase_if(
        parts, [](const PartitionModel& part) { return part.region != Region::user || part.name == "sgpt"; });
    std::ranges::sort(parts, {}, &PartitionModel::start);
    for (std::size_t i = 1; i < parts.size(); ++i)
      EXPECT_LE(parts[i - 1].start + parts[i - 1].size, parts[i].start) << name << ": " << parts[i].name;
  }
}

}  // namespace
}  // namespace mtk::sim
