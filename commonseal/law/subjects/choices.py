"""Choices that several subjects share."""

from __future__ import annotations

SHARING_MODES = ("public", "controlled", "enclave")
RECIPIENTS = ("department", "authorised_body", "enterprise", "research", "public")
EXPORT_BASES = ("security_assessment", "certification", "standard_contract", "other")

# who acts: a government department, a body that a law authorises to manage public affairs, ...
ACTORS = ("department", "authorised_body", "enterprise", "research", "person")

# the grade of data: GB/T 43697 (core, important, general) and what is no government data at all
DATA_GRADES = ("general", "important", "core", "work_secret", "state_secret")

# the seven bases of PIPL article 13
PIPL_BASES = tuple(f"pipl13_{number}" for number in range(1, 8))

# the six bases of GDPR article 6(1)
GDPR_BASES = tuple(f"gdpr6_1_{letter}" for letter in "abcdef")

# the exceptions of GDPR article 9(2)
GDPR_EXCEPTIONS = tuple(f"gdpr9_2_{letter}" for letter in "abcdefghij")

# the grounds of a transfer to a third country: GDPR 45, 46(2), 49
TRANSFER_GROUNDS = (
    "adequacy",
    "public_instrument",
    "binding_rules",
    "commission_clauses",
    "authority_clauses",
    "code_of_conduct",
    "certification",
    "derogation",
)

# what data are processed for
PURPOSES = (
    "public_security",
    "traffic",
    "public_service",
    "commercial",
    "research",
    "algorithm_training",
    "attendance",
    "other",
)

# where a device stands, as the public video regulation divides places (articles 7, 8, 9, 33)
PLACES = (
    "public_infrastructure",  # roads, bridges, tunnels, squares, surroundings of key security units: 7(1)
    "operated_public_place",  # malls, schools, hospitals, stations, trains, service areas: 7(2)
    "other_public_place",  # public, and not listed: 9
    "private_interior",  # guest rooms, dormitories, toilets, changing and fitting rooms: 8(1)
    "non_public_place",  # neighbourhood interiors closed to the public, offices, homes: 33
)

# what one who is entrusted may not do without leave: NDSR 16, GDS 36
TRUSTEE_ACTS = ("access", "obtain", "retain", "use", "leak", "provide", "correlate")

TIERS = ("township", "county", "municipal", "provincial", "national")

# who leads a smart-city project, as the founding paper divides (IV.C.1)
PROJECT_LEADS = ("government", "enterprise")

# what an incident or inspection is about, which names the authority that leads (the founding paper, IV.C.2)
SUBJECT_MATTERS = ("personal_information", "crime", "market", "telecom")

# what a city adopts a model text by: only the first three can set a licence
INSTRUMENT_RANKS = (
    "law",
    "administrative_regulation",
    "local_regulation",
    "government_rule",
    "normative_document",
)
