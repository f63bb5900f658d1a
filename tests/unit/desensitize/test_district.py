"""Addresses are cut behind their district, never behind more."""

from __future__ import annotations

import pytest

CUT = {
    "浙江省杭州市西湖区文三路1号": "浙江省杭州市西湖区",
    "杭州市西湖区文三路1号": "杭州市西湖区",
    "西湖区文三路1号": "西湖区",
    "浙江省 杭州市 西湖区 文三路": "浙江省杭州市西湖区",
    "北京市朝阳区建国路88号": "北京市朝阳区",
    "北京市市辖区朝阳区建国路": "北京市朝阳区",
    "北京市北京市朝阳区建国路": "北京市朝阳区",
    "上海市浦东新区世纪大道1号": "上海市浦东新区",
    "江苏省苏州市昆山市玉山镇": "江苏省苏州市昆山市",
    "云南省大理白族自治州大理市下关镇": "云南省大理白族自治州大理市",
    "内蒙古自治区锡林郭勒盟正蓝旗": "内蒙古自治区锡林郭勒盟正蓝旗",
    "呼伦贝尔市鄂温克族自治旗": "呼伦贝尔市鄂温克族自治旗",
    "海南省陵水黎族自治县椰林镇": "海南省陵水黎族自治县",
    "河北省唐山市路北区": "河北省唐山市路北区",
    "河南省新乡市新乡县": "河南省新乡市新乡县",
    "湖北省荆州市沙市区": "湖北省荆州市沙市区",
    "湖南省常德市津市市": "湖南省常德市津市市",
    "山东省潍坊市诸城市密州街道": "山东省潍坊市诸城市",
    "河南省商丘市梁园区": "河南省商丘市梁园区",
    "香港特别行政区湾仔区轩尼诗道": "香港特别行政区湾仔区",
}
CITY_ONLY = {
    "广东省东莞市南城街道": "广东省东莞市",
    "湖北省仙桃市沙嘴街道": "湖北省仙桃市",
    "杭州市翠苑小区3幢": "杭州市",
    "杭州市文三路1号西溪小区": "杭州市",
    "杭州市武林路某某区": "杭州市",
    "杭州市联华超市": "杭州市",
    "长春市红旗街5号": "长春市",
    "苏州市工业园区": "苏州市",
}


@pytest.mark.parametrize(("address", "expected"), [*CUT.items(), *CITY_ONLY.items()])
def test_an_address_is_cut_to_its_district_or_else_its_city(treated, address, expected):
    assert treated([address], "generalize", to="district") == [expected]


def test_what_names_no_place_becomes_null_and_is_counted(treated, bad):
    texts = ["No. 1 Wensan Road, Hangzhou", "翠苑小区3幢", "浙江省", "😀", "", None]
    assert treated(texts, "generalize", to="district") == [None] * 6
    assert bad(texts, "generalize", to="district") == 5
