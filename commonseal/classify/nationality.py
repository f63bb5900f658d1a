"""Recognize nationality and country of birth."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, folded_is, one_of
from commonseal.model import Level, Role

CATEGORY = category("nationality", "Nationality or country", "国籍", Level.PERSONAL, Role.QUASI)
_ENGLISH = (
    "afghanistan albania algeria angola argentina armenia australia austria azerbaijan bahrain bangladesh belarus "
    "belgium belize benin bhutan bolivia bosnia bosniaandherzegovina botswana brazil brunei bulgaria burkinafaso "
    "burundi cambodia cameroon canada chad chile china colombia columbia congo costarica croatia cuba cyprus "
    "czechia czechrepublic denmark dominica dominicanrepublic ecuador egypt elsalvador england eritrea estonia "
    "ethiopia fiji finland france gabon gambia georgia germany ghana greece guam guatemala guinea guyana haiti "
    "honduras hong hongkong hungary iceland india indonesia iran iraq ireland israel italy jamaica japan jordan "
    "kazakhstan kenya korea southkorea northkorea kuwait kyrgyzstan laos latvia lebanon liberia libya lithuania "
    "luxembourg macao macau madagascar malawi malaysia maldives mali malta mauritius mexico moldova monaco mongolia "
    "montenegro morocco mozambique myanmar namibia nepal netherlands holandnetherlands newzealand nicaragua niger "
    "nigeria northmacedonia norway oman outlyingusguamusvietc pakistan palestine panama paraguay peru philippines "
    "poland portugal puertorico qatar romania russia rwanda saudiarabia scotland senegal serbia singapore slovakia "
    "slovenia somalia south southafrica spain srilanka sudan sweden switzerland syria taiwan tajikistan tanzania "
    "thailand togo trinadad&tobago trinadadtobago trinidadandtobago tunisia turkey turkiye turkmenistan uganda ukraine "
    "unitedarabemirates unitedkingdom greatbritain unitedstates unitedstatesofamerica usa uk uruguay uzbekistan "
    "venezuela vietnam yemen yugoslavia zambia zimbabwe chinese american british french german japanese korean indian"
)
_CHINESE = (
    "中国 中华人民共和国 美国 英国 法国 德国 日本 韩国 朝鲜 俄罗斯 加拿大 澳大利亚 新西兰 印度 印度尼西亚 巴基斯坦 "
    "孟加拉国 泰国 越南 老挝 柬埔寨 缅甸 马来西亚 新加坡 菲律宾 蒙古 蒙古国 哈萨克斯坦 乌兹别克斯坦 伊朗 伊拉克 土耳其 "
    "沙特阿拉伯 阿联酋 以色列 埃及 南非 尼日利亚 肯尼亚 埃塞俄比亚 意大利 西班牙 葡萄牙 荷兰 比利时 瑞士 瑞典 挪威 芬兰 "
    "丹麦 波兰 乌克兰 希腊 奥地利 爱尔兰 捷克 匈牙利 巴西 阿根廷 墨西哥 智利 秘鲁 古巴 中国香港 中国澳门 中国台湾"
)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="nationality country native_country citizenship country_of_birth nation guoji gj guobie",
        han="国籍|国家|国别",
    ),
    speaks=one_of(f"{_ENGLISH} {_CHINESE}"),
    fits=folded_is(r"[a-z]{2,30}|\p{Han}{2,10}|[0-9]{1,3}|other|其他"),
    alone=0.85,
)
