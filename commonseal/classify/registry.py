"""List every recognizer, the most specific first.

The order decides twice: among equals the first wins, and in free text what is found first is taken
out before the next looks, so that a mobile number is not seen inside an identity number.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from commonseal.classify import (
    account,
    address,
    age,
    area,
    bank_card,
    biometric,
    birth_date,
    blood_type,
    body_measure,
    chat_id,
    coordinates,
    credit_record,
    device_id,
    diagnosis,
    education,
    email,
    employment,
    ethnicity,
    finance,
    foreign_residence,
    hk_id,
    hmt_permit,
    imei,
    income,
    ip_address,
    landline,
    mac,
    macao_id,
    marital_status,
    medical_record,
    mobile,
    nationality,
    occupation,
    organisation,
    passport,
    password,
    person_name,
    plain,
    plate,
    political_status,
    postcode,
    record_id,
    religion,
    resident_id,
    sex,
    sim,
    social_security,
    specific_identity,
    taiwan_id,
    timestamp,
    travel_permits,
    url,
    uscc,
    vin,
)
from commonseal.classify._internal.recognizer import Recognizer
from commonseal.model import Category, Level

RECOGNIZERS: tuple[Recognizer, ...] = (
    url.RECOGNIZER,
    email.RECOGNIZER,
    hmt_permit.RECOGNIZER,
    foreign_residence.RECOGNIZER,
    resident_id.RECOGNIZER,
    social_security.RECOGNIZER,
    uscc.RECOGNIZER,
    sim.ICCID,
    bank_card.RECOGNIZER,
    account.RECOGNIZER,
    vin.RECOGNIZER,
    sim.IMSI,
    imei.RECOGNIZER,
    mac.RECOGNIZER,
    ip_address.RECOGNIZER,
    coordinates.BOTH,
    mobile.RECOGNIZER,
    landline.RECOGNIZER,
    passport.RECOGNIZER,
    travel_permits.HOME_RETURN,
    travel_permits.EXIT_ENDORSEMENT,
    travel_permits.TAIWAN,
    hk_id.RECOGNIZER,
    macao_id.RECOGNIZER,
    taiwan_id.RECOGNIZER,
    plate.RECOGNIZER,
    chat_id.WECHAT,
    chat_id.QQ,
    medical_record.RECOGNIZER,
    password.RECOGNIZER,
    biometric.FACE_IMAGE,
    biometric.TEMPLATE,
    coordinates.LONGITUDE,
    coordinates.LATITUDE,
    address.RECOGNIZER,
    religion.RECOGNIZER,
    specific_identity.DISABILITY,
    specific_identity.CRIMINAL_RECORD,
    specific_identity.ORIENTATION,
    political_status.RECOGNIZER,
    sex.RECOGNIZER,
    ethnicity.RECOGNIZER,
    nationality.RECOGNIZER,
    marital_status.RECOGNIZER,
    education.RECOGNIZER,
    blood_type.RECOGNIZER,
    diagnosis.ICD,
    diagnosis.WORDS,
    age.RECOGNIZER,
    birth_date.RECOGNIZER,
    postcode.RECOGNIZER,
    area.RECOGNIZER,
    employment.RECOGNIZER,
    occupation.RECOGNIZER,
    income.RECOGNIZER,
    credit_record.RECOGNIZER,
    finance.RECOGNIZER,
    body_measure.RECOGNIZER,
    organisation.ORGANISATION,
    organisation.EMPLOYER,
    person_name.RECOGNIZER,
    timestamp.RECOGNIZER,
    device_id.RECOGNIZER,
    record_id.RECOGNIZER,
)

_PLAIN = (
    plain.FREE_TEXT,
    plain.QUANTITY,
    plain.CODE,
    plain.FLAG,
    plain.UNKNOWN,
    plain.TRAJECTORY,
    plain.MINOR,
)

CATEGORIES: Mapping[str, Category] = MappingProxyType(
    {c.id: c for c in (*(r.category for r in RECOGNIZERS), *_PLAIN)}
)


def text_patterns() -> Mapping[str, str]:
    """Return category id -> Rust regex of what is found inside free text, in the order to apply them.

    No look-around. The patterns expect text in form NFKC, and may take along one letter that is glued
    to a number. Only categories of level 3 and 4 are here.
    """
    found = {
        r.category.id: r.text
        for r in RECOGNIZERS
        if r.text is not None and r.category.level >= Level.SEMI_PRIVATE
    }
    return MappingProxyType(found)
