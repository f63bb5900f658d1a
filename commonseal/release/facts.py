"""Put what the stages found into the facts that the law reads (docs/facts.md)."""

from __future__ import annotations

from collections.abc import Sequence

from commonseal.model import Column, Fact, Risk, Role
from commonseal.release.agreement import AgreedColumn, Agreement

NAME = "person_name"
# direct identifiers that many people share by nature: where they repeat, it need not be one person
SHARED_BY_MANY = frozenset({NAME, "address", "landline", "ip_address"})
MINOR = "minor_under_14"  # what classify adds where people under fourteen occur


def names_one_person(column: Column) -> bool:
    """Tell whether equal cells of a column mean one and the same person."""
    return column.category.role == Role.DIRECT and column.category.id not in SHARED_BY_MANY


def agreement_facts(agreement: Agreement, columns: Sequence[Column], *, repeats: bool) -> dict[str, Fact]:
    """Return the facts of an agreement over the columns that it lets go.

    Args: repeats: a direct identifier stands on several rows.
    """
    document = agreement.source
    return {
        "id": agreement.id,
        "provider": agreement.provider,
        "recipient": agreement.recipient,
        "recipient_kind": agreement.recipient_kind,
        "purpose": agreement.purpose,
        "legal_basis": agreement.legal_basis,
        "basis_reference": agreement.basis_reference,
        "valid_from": agreement.valid_from,
        "valid_to": agreement.valid_to,
        "sharing_mode": agreement.sharing_mode,
        "separate_consent": bool(document.get("separate_consent", False)),
        "guardian_consent": bool(document.get("guardian_consent", False)),
        "minor_rules": document.get("minor_rules"),
        "impact_assessment": document.get("impact_assessment"),
        "overseas": bool(document.get("overseas", False)),
        "export_basis": document.get("export_basis"),
        "columns_agreed": tuple(column.name for column in agreement.columns),
        "has_sensitive": any(column.category.role == Role.SENSITIVE for column in columns),
        "has_minors": any(MINOR in column.evidence.others for column in columns),
        "persons_repeat": repeats,
        "person_named": agreement.person is not None,
        "adopted_packs": agreement.packs,
    }


def column_facts(
    agreement: Agreement, agreed: AgreedColumn | None, found: Column, *, found_level: int
) -> dict[str, Fact]:
    """Return the facts of one column, its category declared or found.

    Args: agreed: None where the agreement does not name it. found_level: what its values show.
    """
    return {
        "name": found.name,
        "category": found.category.id,
        "level": int(found.category.level),
        "role": str(found.category.role),
        "use": agreed.use if agreed else "plain",
        "sharing_mode": agreement.sharing_mode,
        "agreed": agreed is not None,
        "found_level": found_level,
        "confidence": found.confidence,
        "minors": MINOR in found.evidence.others,
        "declared": bool(agreed and agreed.category),
    }


def intended_facts(agreement: Agreement, *, linked: bool) -> dict[str, Fact]:
    """Return what is known of a release before it is measured: what its thresholds depend on.

    Args: linked: rows of one person stay linked by a pseudonym in the copy.
    """
    return {
        "sharing_mode": agreement.sharing_mode,
        "k": agreement.asked.k,
        "has_sensitive": agreement.sensitive is not None,
        "linked": linked,
        "pseudonym_period": agreement.rotation.period if agreement.rotation else "none",
    }


def release_facts(
    agreement: Agreement, after: Risk, *, linked: bool, suppression_rate: float, trace_unicity: float | None
) -> dict[str, Fact]:
    """Return the facts of a release as it was measured."""
    sensitive = agreement.sensitive is not None
    return {
        **intended_facts(agreement, linked=linked),
        "rows": after.rows,
        "persons": after.persons,
        "smallest_class": after.smallest_class,
        "highest_risk": after.highest_risk,
        "average_risk": after.average_risk,
        "suppression_rate": suppression_rate,
        "homogeneous_classes": after.homogeneous_classes if sensitive else None,
        "smallest_l": after.smallest_l,
        "highest_t": after.highest_t,
        "trace_unicity": trace_unicity,
    }
