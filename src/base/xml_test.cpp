// SPDX-License-Identifier: Apache-2.0
#include "base/xml.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace mtk {
namespace {

TEST(Xml, yields_names_attributes_children_and_text) {
  const auto root = parse_xml(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- made by hand -->\n"
      "<table version='1.0'>\n <pt name=\"boot_a\"> a &amp; b </pt>\n <pt/>\n <![CDATA[<raw>]]>\n</table>\n");
  ASSERT_TRUE(root) << to_string(root.error());
  EXPECT_EQ(root->name, "table");
  EXPECT_EQ(root->attribute("version"), "1.0");
  EXPECT_EQ(root->attribute("other"), std::nullopt);
  ASSERT_EQ(root->children.size(), 2u);
  EXPECT_EQ(root->text, "<raw>");
  EXPECT_EQ(root->text_of("pt"), "a & b");
  EXPECT_EQ(root->child("pt")->attribute("name"), "boot_a");
  EXPECT_EQ(root->child("region"), nullptr);
  EXPECT_EQ(root->text_of("region"), "");
}

TEST(Xml, knows_where_an_element_stood) {
  const std::string text = "<a>\n <b/>\n</a>";
  const auto root = parse_xml(text);
  ASSERT_TRUE(root);
  EXPECT_EQ(root->offset, 1u);
  EXPECT_EQ(root->child("b")->offset, text.find("b/"));
  EXPECT_EQ(*root, (XmlElement{.name = "a", .children = {{.name = "b"}}}));
}

TEST(Xml, writes_one_line_or_indented_lines) {
  const XmlElement root{.name = "a", .children = {{.name = "b", .text = "1"}}};
  EXPECT_EQ(to_xml(root).find('\n'), std::string::npos);
  EXPECT_NE(to_xml(root, XmlLayout::indented).find("<a>\n  <b>1</b>\n</a>"), std::string::npos);
  EXPECT_EQ(parse_xml(to_xml(root, XmlLayout::indented)).value(), root);
}

TEST(Xml, skips_a_byte_order_mark) {
  const auto root = parse_xml("\xef\xbb\xbf<a>1</a>");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->text, "1");
}

TEST(Xml, names_the_line_of_what_is_broken) {
  const auto root = parse_xml("<a>\n<b>\n</c></a>");
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().code, Errc::bad_image);
  EXPECT_NE(root.error().what.find("line 3"), std::string::npos) << root.error().what;
}

TEST(Xml, calls_a_bad_document_what_the_caller_wants) {
  for (const std::string_view bad : {"", "OK", "<a>", "<a/><b/>", "<a", "<a b=c/>", "</a>"}) {
    const auto root = parse_xml(bad, {}, Errc::protocol);
    ASSERT_FALSE(root) << bad;
    EXPECT_EQ(root.error().code, Errc::protocol);
  }
  EXPECT_FALSE(parse_xml(std::string_view{"<a>\0</a>", 8}));
}

TEST(Xml, takes_no_document_type_and_no_entities_of_its_own) {
  const auto bomb = parse_xml(
      "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;\"><!ENTITY f SYSTEM "
      "\"file:///etc/passwd\">]>"
      "<a>&y;&f;</a>");
  ASSERT_FALSE(bomb);
  EXPECT_EQ(bomb.error().code, Errc::bad_image);
  const auto unknown = parse_xml("<a>&y;</a>");
  ASSERT_TRUE(unknown);
  EXPECT_EQ(unknown->text, "&y;");
}

TEST(Xml, stops_at_each_limit) {
  const XmlLimits limits{.bytes = 64, .elements = 4, .depth = 3};
  EXPECT_TRUE(parse_xml("<a><b><c/></b><d/></a>", limits));
  EXPECT_EQ(parse_xml("<a><b><c><d/></c></b></a>", limits).error().code, Errc::out_of_range);
  EXPECT_EQ(parse_xml("<a><b/><b/><b/><b/></a>", limits).error().code, Errc::out_of_range);
  EXPECT_EQ(parse_xml("<a>" + std::string(64, 'x') + "</a>", limits).error().code, Errc::out_of_range);
}

TEST(Xml, a_deep_document_is_refused_and_not_walked) {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  for (int i = 0; i < 100000; ++i) deep += "</a>";
  EXPECT_EQ(parse_xml(deep).error().code, Errc::out_of_range);
}

TEST(Xml, writes_one_line_with_a_declaration) {
  const XmlElement root{
      .name = "da",
      .children = {
          {.name = "arg", .children = {{.name = "pt", .attributes = {{"n", "\"<"}}, .text = "a&b<c>"}}},
          {.name = "empty"}}};
  EXPECT_EQ(
      to_xml(root),
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><da><arg><pt n=\"&quot;&lt;\">a&amp;b&lt;c&gt;</pt></arg>"
      "<empty></empty></da>");
}

RC_GTEST_PROP(Xml, what_was_written_is_read_again, ()) {
  const auto visible = rc::gen::inRange<char>('!', '~');
  const auto text = rc::gen::container<std::string>(visible);
  const XmlElement root{.name = "r",
                        .attributes = {{"a", *text}},
                        .children = {{.name = "c", .attributes = {}, .children = {}, .text = *text}},
                        .text = *text};
  const auto back = parse_xml(to_xml(root));
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == root);
}

}  // namespace
}  // namespace mtk
