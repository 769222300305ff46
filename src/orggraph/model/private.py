"""Columns that would bring private data: one rule for reading files and for the linter. In: a header's cell, or what a model
calls a field. Out: whether it is refused, whatever its spelling.

People are here as office holders only. Some words are private wherever they stand; others (a telephone, an address) are
so of people, and may be what a model says of an office or a source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from orggraph.model.columns import column_words
from orggraph.model.model import End, Field, Kind, Model, Relation

ALWAYS = """
idcard idcardno idcardnumber idno idnumber identitycard identitycardnumber identitynumber nationalid nationalidnumber
citizenid ssn socialsecuritynumber passport passportno passportnumber homeaddress residence residentialaddress
ethnicity ethnicgroup race religion faith birthday birthdate dateofbirth birth born gender sex maritalstatus
bankaccount bankcard bloodtype nativeplace householdregister
身份证 身份证号 身份证号码 身份证件号 身份证件号码 公民身份号码 公民身份证号 证件号 证件号码 护照 护照号 护照号码
住址 家庭住址 现住址 居住地址 家庭地址 户籍 户籍地 户籍地址 户口 户口所在地 籍贯 民族 民族成分 族别 族裔 宗教 宗教信仰 信仰
生日 出生 出生日期 出生年月 出生年月日 出生时间 性别 性別 婚姻 婚姻状况 银行账号 银行卡 银行卡号 血型 社保号
""".split()  # noqa: SIM905 (lists of words)
OF_PEOPLE = """
address phone phoneno phonenumber mobile mobileno mobilephone mobilenumber cell cellphone telephone telephonenumber tel
contactnumber email mail emailaddress wechat weixin qq health healthstatus
地址 通讯地址 联系地址 电话 电话号码 联系电话 手机 手机号 手机号码 移动电话 联系方式 邮箱 电子邮箱 电子邮件 微信 微信号 qq号 健康 健康状况
""".split()  # noqa: SIM905 (lists of words)
WITHIN = """
idcard identitycard passport homeaddress ethnic religio birthda dateofbirth telephone mobilephone cellphone phonenumber
bankaccount wechat 身份证 身份号码 护照 住址 家庭地址 户籍 民族 宗教 信仰 出生日 出生年 生日 手机 电话 邮箱 微信 银行卡 银行账 婚姻
""".split()  # noqa: SIM905 (lists of words)
PEOPLE = frozenset({"person", "people", "human", "individual", "人员", "人", "人物", "个人", "自然人"})
_NEITHER = re.compile(r"[\W_]+")


def plain(word: str) -> str:
    """``ＩＤ ｃａｒｄ`` and ``Id-Card`` → idcard; ``身 份 证 号`` → 身份证号."""
    return _NEITHER.sub("", unicodedata.normalize("NFKC", word[:200]).casefold())


def is_private(model: Model, table: Kind | Relation, cell: str) -> bool:
    """Whether a column of this name is refused."""
    word = plain(cell)

    def known(parts: Iterable[Field | End]) -> bool:
        return any(plain(name) == word for part in parts for name in column_words(table, part))

    ends = known(table.ends) if isinstance(table, Relation) else False
    return says_private(word, of_people(model, table), known(table.fields), ends)


def says_private(word: str, people: bool, field: bool, end: bool) -> bool:
    """Whether a plain word is refused as a column. ``people``: rows are of people; ``field``, ``end``: the model has it."""
    if word in ALWAYS:
        return True
    if word in OF_PEOPLE:
        return people or not (field or end)
    return not end and (people or not field) and any(part in word for part in WITHIN)


def of_people(model: Model, table: Kind | Relation) -> bool:
    """Whether rows are of people: records, which say who holds what, always are."""
    if isinstance(table, Relation):
        return True
    kinds = [table, *(model.kinds[name] for name in table.supers)]
    return any(names_people(kind.name, kind.label.zh, kind.label.en) for kind in kinds)


def names_people(*names: str) -> bool:
    """Whether a kind that is called so is of people."""
    return any(plain(name) in PEOPLE for name in names)
