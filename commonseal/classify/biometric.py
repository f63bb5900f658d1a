"""Recognize images of people and biometric templates: images in base64, feature vectors, lists of numbers."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.model import Level, Role

_BODY = (
    "face face_?image face_?photo photo picture avatar portrait image id_?photo zhaopian touxiang renlian zp"
)

FACE_IMAGE = Recognizer(
    category=category("face_image", "Image of a person", "人脸图像", Level.HIGHLY_PRIVATE, Role.DIRECT),
    names=Names(
        words=_BODY,
        unless="feature|vector|template|embedding|特征|向量",
        han="照片|头像|人脸|证件照|相片|图像",
    ),
    # The first bytes of JPEG, PNG, GIF and BMP in base64; `values` writes binary images as data URLs.
    speaks=value_is(r"data:image/.*|(?:/9j/|iVBORw0KGgo|R0lGOD|Qk[0-9A-Za-z]{2})[0-9A-Za-z+/=\s]{40,}"),
    fits=value_is(r"[^\s]{1,400}\.(?i:jpe?g|png|bmp|gif|webp|tiff?)|[0-9A-Za-z+/=]{100,}|[0-9a-f]{60,}"),
    alone=0.9,
)
TEMPLATE = Recognizer(
    category=category(
        "biometric_template", "Biometric template", "生物特征模板", Level.HIGHLY_PRIVATE, Role.DIRECT
    ),
    names=Names(
        words="feature features embedding face_?feature face_?vector template biometric fingerprint finger_?print iris "
        "voice_?print voiceprint gait gene dna vein tezheng renliantezheng zhiwen shengwen hongmo",
        han="特征|指纹|声纹|虹膜|掌纹|步态|基因|静脉|生物识别|人脸向量",
    ),
    # Sixty-four numbers or more in one cell describe something in detail; more often than not a face.
    speaks=value_is(r"[\[({]?\s*(?:[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?\s*[,;\s]\s*){63}[-+0-9.eE].*"),
    fits=value_is(
        r"[\[({]?\s*(?:[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?[,;\s]+){7}[-+0-9.eE].*|[0-9A-Za-z+/=_-]{40,}|[ACGTacgt]{20,}"
    ),
    alone=0.8,
)
