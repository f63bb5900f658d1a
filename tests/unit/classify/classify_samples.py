"""Make values of every category: random, seeded, right in form and checksum, and nobody's.

The check digits are written here a second time, from the standards, one number at a time.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

Maker = Callable[[random.Random], str]
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
# Divisions revoked before the first number was given out: these numbers were never anybody's.
REVOKED = ("322621", "322622", "322623", "322624", "110201", "110204", "310201")


def digits(r: random.Random, count: int) -> str:
    return "".join(r.choice("0123456789") for _ in range(count))


def day(r: random.Random, first: int = 1940, last: int = 2008) -> date:
    start = date(first, 1, 1)
    return start + timedelta(days=r.randrange((date(last, 12, 31) - start).days))


def mod_11_2(body: str) -> str:
    return "10X98765432"[sum(int(c) * 2 ** (17 - i) for i, c in enumerate(body)) % 11]


def luhn(body: str) -> str:
    total = 0
    for i, c in enumerate(reversed(body)):
        n = int(c) * (2 if i % 2 == 0 else 1)
        total += n - 9 if n > 9 else n
    return body + str(-total % 10)


def resident_id(r: random.Random, first: int = 1940, last: int = 2008) -> str:
    body = f"{r.choice(REVOKED)}{day(r, first, last):%Y%m%d}{digits(r, 3)}"
    return body + mod_11_2(body)


def old_resident_id(r: random.Random) -> str:
    return f"{r.choice(REVOKED)}{day(r, 1940, 1998):%y%m%d}{digits(r, 3)}"


def hmt_permit(r: random.Random) -> str:
    body = f"8{r.choice('123')}0000{day(r):%Y%m%d}{digits(r, 3)}"
    return body + mod_11_2(body)


def foreign_residence(r: random.Random) -> str:
    body = f"9{digits(r, 5)}{day(r):%Y%m%d}{digits(r, 3)}"
    return body + mod_11_2(body)


def hk_id(r: random.Random) -> str:
    letter, number = r.choice("ABCDEFGHKMPRZ"), digits(r, 6)
    total = 36 * 9 + (ord(letter) - 55) * 8 + sum(int(n) * (7 - i) for i, n in enumerate(number))
    return f"{letter}{number}({'0123456789A'[-total % 11]})"


def taiwan_id(r: random.Random) -> str:
    letter, body = r.choice("ABCDEFGHIJ"), r.choice("12") + digits(r, 7)
    area = dict(zip("ABCDEFGHIJ", (10, 11, 12, 13, 14, 15, 16, 17, 34, 18), strict=True))[letter]
    total = area // 10 + area % 10 * 9 + sum(int(n) * (8 - i) for i, n in enumerate(body))
    return f"{letter}{body}{-total % 10}"


def uscc(r: random.Random) -> str:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = r.choice(("91", "52", "11", "A1", "N2", "Y1")) + r.choice(REVOKED)
    body += "".join(r.choice(alphabet) for _ in range(9))
    total = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + alphabet[-total % 31]


def vin(r: random.Random) -> str:
    worth = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
    head = "L" + "".join(r.choice("ABCDEFGHJKLMNPRSTUVWXYZ0123456789") for _ in range(7))
    tail = r.choice("ABCDEFGHJKLMNPRSTUVWXYZ") + r.choice("ABCDEFGHJKLMNPRSTUVWXYZ") + digits(r, 6)
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(worth.get(c, 0) * w or int(c) * w if c.isdigit() else worth[c] * w
                for c, w in zip(head + "0" + tail, weights, strict=True))  # fmt: skip
    return head + "0123456789X"[total % 11] + tail


def iban(r: random.Random) -> str:
    body = "WEST" + digits(r, 14)
    number = int("".join(str(int(c, 36)) for c in body + "GB00"))
    return f"GB{98 - number % 97:02d}{body}"


def person(r: random.Random) -> str:
    return r.choice("王李张刘陈杨赵黄周吴徐孙") + "".join(
        r.choice("伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞") for _ in range(r.choice((1, 2)))
    )


def latin_person(r: random.Random) -> str:
    return (
        f"{r.choice(('James', 'Mary', 'Anna', 'Peter'))} {r.choice(('Holloway', 'Smith', 'Marsh', 'Quill'))}"
    )


def address(r: random.Random) -> str:
    return f"望澜市{r.choice(('东湖', '西山', '河口'))}区{r.choice(('建设', '和平', '学院'))}路{r.randrange(1, 400)}号{r.randrange(1, 30)}栋{r.randrange(101, 2000)}室"


def plate(r: random.Random) -> str:
    ordinary = r.choice("宁京沪") + r.choice("WXY") + r.choice(LETTERS) + digits(r, 4)
    energy = r.choice("宁京沪") + r.choice("WXY") + r.choice("DF") + digits(r, 5)
    return r.choice((ordinary, energy, ordinary[:-1] + "学", "粤Z" + digits(r, 4) + "港"))


def choice(*words: str) -> Maker:
    return lambda r: r.choice(words)


# category -> (maker, name that speaks for it); these are known by their values alone.
BY_VALUE: dict[str, tuple[Maker, str]] = {
    "resident_id": (resident_id, "身份证号"),
    "hmt_residence_permit": (hmt_permit, "居住证号"),
    "foreign_permanent_residence": (foreign_residence, "永久居留证号"),
    "passport": (lambda r: r.choice(("E", "G")) + digits(r, 8), "huzhao"),
    "home_return_permit": (lambda r: r.choice("HM") + digits(r, r.choice((8, 10))), "回乡证"),
    "exit_endorsement_permit": (lambda r: "C" + r.choice(LETTERS.replace("I", "")) + digits(r, 7), "eep"),
    "taiwan_permit": (lambda r: r.choice("TL") + digits(r, 8), "台湾通行证"),
    "hk_id": (hk_id, "hkid"),
    "macao_id": (lambda r: f"{r.choice('157')}{digits(r, 6)}({digits(r, 1)})", "澳门身份证"),
    "taiwan_id": (taiwan_id, "台湾身份证"),
    "social_security_no": (lambda r: f"{r.randrange(101, 600)}-{r.randrange(10, 99)}-{digits(r, 4)}", "ssn"),
    "bank_card": (lambda r: luhn("62" + digits(r, r.choice((13, 16)))), "银行卡号"),
    "account": (iban, "iban"),
    "password": (lambda r: "$2b$12$" + "".join(r.choice("abcXYZ012./") for _ in range(53)), "mima"),
    "uscc": (uscc, "统一社会信用代码"),
    "mobile": (lambda r: r.choice(("154", "164", "194")) + digits(r, 8), "shoujihao"),
    "landline": (lambda r: r.choice(("010-", "0571-", "(021)")) + "6" + digits(r, 7), "固定电话"),
    "email": (lambda r: f"u{digits(r, 5)}@post.example", "邮箱"),
    "wechat_id": (lambda r: "wxid_" + "".join(r.choice("abc012") for _ in range(14)), "微信号"),
    "plate": (plate, "chepaihao"),
    "vin": (vin, "车架号"),
    "imei": (lambda r: luhn("0044" + digits(r, 10)), "imei"),
    "imsi": (lambda r: "46000" + digits(r, 10), "imsi"),
    "iccid": (lambda r: luhn("898600" + digits(r, 13)), "iccid"),
    "mac": (lambda r: ":".join(f"{r.randrange(256):02X}" for _ in range(6)), "mac"),
    "ip_address": (
        lambda r: r.choice(
            (f"10.0.{r.randrange(256)}.{r.randrange(256)}", f"2001:db8::{r.randrange(1, 65535):x}")
        ),
        "ip",
    ),
    "url": (lambda r: f"https://site{r.randrange(99)}.example/p/{r.randrange(9999)}", "url"),
    "coordinates": (lambda r: f"{r.uniform(100, 120):.6f},{r.uniform(20, 40):.6f}", "坐标"),
    "address": (address, "住址"),
    "area": (choice("北京市", "江苏省", "东城区", "河北", "110105", "320500"), "行政区划"),
    "person_name": (person, "姓名"),
    "birth_date": (lambda r: f"{day(r, 1940, 1999):%Y-%m-%d}", "出生日期"),
    "age": (lambda r: f"{r.randrange(18, 90)}岁", "年龄"),
    "sex": (choice("男", "女"), "性别"),
    "ethnicity": (choice("汉族", "回族", "维吾尔族", "满族"), "民族"),
    "nationality": (choice("中国", "日本", "France", "Viet-Nam", "Germany"), "国籍"),
    "religion": (choice("佛教", "基督教", "无宗教信仰", "Islam"), "宗教信仰"),
    "political_status": (choice("中共党员", "群众", "共青团员"), "政治面貌"),
    "marital_status": (choice("已婚", "未婚", "离异", "丧偶"), "婚姻状况"),
    "education": (choice("本科", "硕士", "高中", "初中", "Bachelors"), "学历"),
    "occupation": (choice("教师", "医生", "司机", "工程师", "软件工程师"), "职业"),
    "employment": (choice("国有企业", "私营企业", "事业单位"), "单位性质"),
    "organisation": (lambda r: f"望澜市{r.choice('甲乙丙丁')}{r.choice('戊己庚辛')}科技有限公司", "单位名称"),
    "income": (choice("<=50K", ">50K", "5000-8000元", "10万-20万"), "年收入"),
    "diagnosis": (choice("2型糖尿病", "急性支气管炎", "肺癌", "Hypertension", "Asthma"), "诊断"),
    "icd10": (choice("E11.9", "J20.9", "I10", "C34.1"), "疾病编码"),
    "blood_type": (choice("A型", "O型", "AB+", "B Rh-"), "血型"),
    "face_image": (lambda r: "/9j/4AAQSkZJRg" + "".join(r.choice("abcXYZ01+/") for _ in range(200)), "photo"),
    "biometric_template": (lambda r: ",".join(f"{r.uniform(-1, 1):.4f}" for _ in range(128)), "特征值"),
    "timestamp": (lambda r: f"{day(r, 2010, 2024)} {r.randrange(24):02d}:{r.randrange(60):02d}:00", "时间"),
    "record_id": (lambda r: f"{r.getrandbits(128):032x}", "编号"),
    "disability": (choice("视力残疾", "听力残疾", "肢体残疾"), "残疾类别"),
    "criminal_record": (choice("有期徒刑", "拘役", "管制"), "前科"),
    "sexual_orientation": (choice("heterosexual", "bisexual"), "orientation"),
}

# category -> (maker, names any of which decides): these have no form of their own.
BY_NAME: dict[str, tuple[Maker, tuple[str, ...]]] = {
    "sex": (choice("1", "2"), ("性别", "xingbie", "xb", "sex", "Gender")),
    "age": (lambda r: str(r.randrange(15, 90)), ("年龄", "nianling", "nl", "age", "AGE")),
    "qq_id": (lambda r: "3" + digits(r, r.randrange(5, 9)), ("QQ号", "qq", "qqhao")),
    "wechat_id": (lambda r: "ab_" + digits(r, 6), ("微信号", "weixin", "wechat")),
    "postcode": (lambda r: r.choice(("100", "210", "310")) + digits(r, 3), ("邮编", "youbian", "zipCode")),
    "taiwan_permit": (lambda r: digits(r, 8), ("台胞证号", "taibaozheng")),
    "medical_record_no": (lambda r: "ZY" + digits(r, 7), ("病历号", "住院号", "zhuyuanhao", "mrn")),
    "account": (lambda r: "u" + digits(r, 7), ("账号", "zhanghao", "login", "UserName")),
    "password": (lambda r: "x!" + digits(r, 8), ("密码", "mima", "password")),
    "device_id": (lambda r: f"{r.getrandbits(64):016x}", ("设备编号", "shebeiid", "device_id")),
    "longitude": (lambda r: f"{r.uniform(-170, 170):.2f}", ("经度", "jingdu", "longitude", "lng")),
    "latitude": (lambda r: f"{r.uniform(-80, 80):.2f}", ("纬度", "weidu", "latitude", "lat")),
    "birth_date": (
        lambda r: f"{day(r, 1990, 2008):%Y%m%d}",
        ("出生日期", "chushengriqi", "birthDate", "dob"),
    ),
    "ethnicity": (choice("汉", "回", "01", "11"), ("民族", "minzu", "race")),
    "marital_status": (choice("10", "20", "30"), ("婚姻状况", "hunyin", "marital-status")),
    "education": (choice("1", "2", "3"), ("学历", "xueli", "EDUCATION")),
    "occupation": (choice("Potter", "Weaver", "Diviner"), ("职业", "zhiye", "job_title")),
    "income": (lambda r: str(r.randrange(2000, 90000)), ("月收入", "gongzi", "salary")),
    "finance": (lambda r: str(r.randrange(-500, 90000)), ("余额", "BILL_AMT1", "balance")),
    "credit_record": (choice("0", "1", "-1", "2"), ("PAY_0", "逾期", "credit_score")),
    "blood_type": (choice("A", "B", "O", "AB"), ("血型", "xuexing", "blood_type")),
    "body_measure": (lambda r: str(r.randrange(45, 190)), ("身高", "shengao", "weight")),
    "person_name": (
        lambda r: r.choice(("Xochitl Quetzal", "Ngozi Okafor", "阿依古丽")),
        ("姓名", "xingming", "fullName"),
    ),
    "employer": (
        lambda r: f"{r.choice('甲乙丙丁')}{r.choice('戊己庚辛')}纺织厂",
        ("工作单位", "gongzuodanwei", "employer"),
    ),
    "record_id": (lambda r: "V" + digits(r, 6), ("编号", "order_id", "bianhao")),
    "bank_card": (lambda r: "7" + digits(r, 17), ("银行卡号", "yinhangkahao", "card_no")),
    "passport": (lambda r: digits(r, 9), ("护照号", "huzhao", "passport_no")),
    "religion": (choice("1", "2", "3"), ("宗教信仰", "zongjiao", "religion")),
    "nationality": (choice("CHN", "JPN", "DEU"), ("国籍", "guoji", "nationality")),
    "social_security_no": (lambda r: "B" + digits(r, 8), ("社保卡号", "shebaokahao", "social_security")),
}


def column(maker: Maker, rows: int = 200, seed: int = 7) -> list[str]:
    r = random.Random(seed)
    return [maker(r) for _ in range(rows)]
