"""Recognize numbers of medical records and health cards: their forms are local, so the name decides."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("medical_record_no", "Medical record number", "病历号", Level.HIGHLY_PRIVATE, Role.DIRECT)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="mrn medical_record medical_record_?no patient_?id patient_?no admission_?no health_?card inpatient_?no "
        "binglihao blh zhuyuanhao zyh menzhenhao mzh jiuzhenhao jiuzhenkahao",
        han="病历号|病案号|住院号|门诊号|就诊号|就诊卡|健康卡|患者编号",
    ),
    fits=value_is(r"[A-Za-z]{0,6}[-_]?[0-9][A-Za-z0-9\-]{2,24}"),
)
