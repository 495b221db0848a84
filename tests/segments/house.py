"""A house with everything a segment can ask for, random leads in it, and random questions."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from sqlalchemy import insert, select

from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.leads.pipeline import Pipeline, Pipelines, Stage, StageKind
from inboxcrm.leads.segment_facts import LeadFacts
from inboxcrm.leads.segment_fields import Choice, SegmentField, segment_fields
from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.leads.segment_values import read_value
from inboxcrm.leads.segments import OF_DAYS, WITHOUT_VALUE, AllOf, AnyOf, FieldType, Leaf, Not, Op
from inboxcrm.mail.addresses import domain_of, match_key, org_domain
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.segment_sql import Ground
from inboxcrm.store.tables import (
    account,
    address,
    cadence,
    enrollment,
    lead,
    lead_address,
    lead_consent,
    lead_tag,
    mailbox,
    organization,
    suppression,
    tag,
    task,
)

NOW = datetime(2026, 5, 20, 12, 0, 0, 123000, tzinfo=UTC)
ZONE = "America/Sao_Paulo"
COLD_AFTER = 120

PIPELINES = Pipelines(
    (
        Pipeline(
            "sales",
            "Sales",
            (
                Stage("new", "New"),
                Stage("won", "Won", StageKind.WON),
                Stage("lost", "Lost", StageKind.LOST),
            ),
        ),
        # The same key means another thing here.
        Pipeline("support", "Support", (Stage("new", "Asked"), Stage("lost", "Lost in time"))),
    )
)
PLACES = [
    ("sales", "new"),
    ("sales", "won"),
    ("sales", "lost"),
    ("support", "lost"),
    ("old", "won"),
]
FIELDS = (
    LeadField("budget", "Budget", FieldKind.NUMBER),
    LeadField("renewal", "Renewal", FieldKind.DATE),
    LeadField("size", "Size", FieldKind.CHOICE, ("small", "Large")),
    LeadField("vip", "VIP", FieldKind.YES_NO),
    LeadField("motto", "Motto", FieldKind.TEXT),
)
OWNERS = ("alice@ourfirm.example", "account-2")
CADENCES = ("Spring fair", "Déjà vu")
TAGS = ("Fair", "Straße", "a%b")
ORGANIZATIONS = {
    "kitaura.example": "Kitaura",
    "müller.example": "MÜLLER & Söhne",
    "x.example": "[x]*?",
}
ADDRESSES = (
    "bob@kitaura.example",
    "bob+shop@mail.kitaura.example",
    "info@x.example",
    "carol@gmail.com",
    '"a b"@x.example',
    "jörg@xn--mller-kva.example",
)
SUPPRESSED = (("address", "carol@gmail.com", None), ("domain", "kitaura.example", None))
FORGIVEN = (("domain", "x.example", 5),)

SEGMENT_FIELDS = segment_fields(
    pipelines=PIPELINES,
    lead_fields=FIELDS,
    owners=(Choice(OWNERS[0], "Alice"), Choice(OWNERS[1], "Bea")),
    cadences=CADENCES,
    me=OWNERS[0],
)

HOSTILE = (
    "'; DROP TABLE lead; --",
    '" OR 1=1',
    "%",
    "_",
    "\\",
    "a\nb",
    "${x}",
    "{{ x }}",
    ":param",
    "?",
    "%(x)s",
)
# Letters whose cases lead elsewhere, and what patterns would take for commands.
LETTERS = "aAzZüÜßẞİıiIKkKΣςσǅǆéÉ*?[]^-%_'\"\\ 0"
text_values = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(LETTERS, min_size=1, max_size=4),
    st.sampled_from(["Kitaura", "müller"]),
)


@st.composite
def numbers(draw) -> str:
    figures = draw(st.integers(-(10**12), 10**12))
    places = draw(st.sampled_from([0, 0, 1, 3, 12]))
    text = f"{figures}e-{places}" if places else str(figures)
    return FIELDS[0].read(
        draw(st.sampled_from([text, text, "0", "0.5", "-0.5", "10", "9.99", "1" * 29]))
    )


days = st.integers(-40, 40).map(lambda many: (NOW + timedelta(days=many)).date().isoformat())
moments = st.one_of(
    st.none(),
    st.integers(-200 * 86_400_000, 5 * 86_400_000).map(lambda ms: NOW + timedelta(milliseconds=ms)),
    # On the line itself.
    st.sampled_from(
        [
            NOW - timedelta(days=30),
            datetime(2026, 5, 14, 3, tzinfo=UTC),
            datetime(2026, 5, 15, 3, tzinfo=UTC),
        ]
    ),
)
CUSTOM = st.fixed_dictionaries(
    {},
    optional={
        "budget": st.one_of(
            numbers(),
            st.sampled_from(
                ["high", "007", "1.50", "-0", "1.", ".5", "--1", "1-2", "1.2.3", "1e5", " 1"]
            ),
        ),
        "renewal": st.one_of(days, st.sampled_from(["soon", "2026-5-1", "2026-05-201"])),
        "size": st.sampled_from(["small", "Large", "huge"]),
        "vip": st.sampled_from(["yes", "no"]),
        "motto": text_values,
    },
)


@st.composite
def leads(draw) -> LeadFacts:
    """Without its addresses: each belongs to one lead."""
    pipeline, stage = draw(st.sampled_from(PLACES))
    last_in = draw(moments)
    is_cold = last_in is None or last_in <= NOW - timedelta(days=COLD_AFTER)
    domain = draw(st.sampled_from(["", *ORGANIZATIONS]))
    return LeadFacts(
        created_at=draw(moments) or NOW,
        stage_since_at=draw(moments) or NOW,
        name=draw(st.one_of(st.just(""), text_values)),
        organization=ORGANIZATIONS.get(domain, ""),
        organization_domain=domain,
        pipeline=pipeline,
        stage=stage,
        stage_kind=PIPELINES.place(pipeline, stage).stage.kind.value,
        owner=draw(st.sampled_from(["", *OWNERS])),
        source=draw(st.one_of(st.just(""), text_values)),
        tags=tuple(draw(st.sets(st.sampled_from(TAGS)))),
        temperature="cold" if is_cold else draw(st.sampled_from(["warm", "hot"])),
        value_cents=draw(
            st.one_of(st.none(), st.integers(0, 10**6), st.sampled_from([1000, 1050]))
        ),
        currency=draw(st.sampled_from(["", "EUR"])),
        last_in_at=last_in,
        last_out_at=draw(moments),
        owes=draw(st.sampled_from(["us", "them", "nobody"])),
        phone=draw(st.sampled_from(["", "+49 30 1"])),
        custom=draw(CUSTOM),
        consent=draw(st.sampled_from(["", "given", "withdrawn"])),
        close_on=draw(st.one_of(st.none(), days)),
        first_at=draw(moments),
        mails=draw(st.sampled_from([0, 1, 9, 10, 11, 400])),
        tasks=tuple(draw(st.lists(st.one_of(st.just(""), days), max_size=2))),
        cadences=tuple(
            draw(
                st.sets(
                    st.tuples(
                        st.sampled_from(CADENCES).map(folded_name),
                        st.sampled_from(["active", "finished", "stopped"]),
                    ),
                    max_size=2,
                )
            )
        ),
    )


@st.composite
def some_leads(draw) -> list[LeadFacts]:
    drawn = draw(st.lists(leads(), min_size=1, max_size=6))
    homes = [draw(st.integers(-1, len(drawn) - 1)) for _ in ADDRESSES]
    found = []
    for number, facts in enumerate(drawn):
        own = tuple(one for one, home in zip(ADDRESSES, homes, strict=True) if home == number)
        found.append(replace(facts, addresses=own, is_suppressed=any(map(is_suppressed, own))))
    return found


def is_suppressed(key: str) -> bool:
    covered = {("address", key), ("domain", domain_of(key)), ("domain", org_domain(domain_of(key)))}
    return any((scope, subject) in covered for scope, subject, _ in SUPPRESSED)


# --- questions -------------------------------------------------------------------


@st.composite
def leaf_of(draw, name: str, op: Op) -> Leaf:
    asked = SEGMENT_FIELDS.find(name)
    if op in WITHOUT_VALUE:
        return Leaf(asked.key, op, (), asked.type)
    many = draw(st.integers(1, 3)) if op is Op.ANY_OF else 1
    written = written_for(asked, op).filter(str.strip)
    values = (read_value(SEGMENT_FIELDS, asked, op, draw(written)) for _ in range(many))
    return Leaf(asked.key, op, tuple(dict.fromkeys(values)), asked.type)


@st.composite
def leaves(draw) -> Leaf:
    name = draw(st.sampled_from([*SEGMENT_FIELDS.fields, *(f"cadence:{one}" for one in CADENCES)]))
    return draw(leaf_of(name, draw(st.sampled_from(SEGMENT_FIELDS.find(name).ops))))


def written_for(asked: SegmentField, op: Op) -> st.SearchStrategy[str]:
    if op in OF_DAYS:
        return st.sampled_from(["1", "7", "30", "36500"])
    match asked.type:
        case FieldType.TIME | FieldType.DAY:
            return st.one_of(days, st.sampled_from(["2026-05-14", "2026-05-13"]))
        case FieldType.NUMBER:
            return numbers()
        case FieldType.MONEY:
            return st.sampled_from(["10", "10.5", "10.505", "0", "-3", "9" * 29, "10.50"])
        case FieldType.TAG:
            return st.sampled_from(["fair", "STRASSE", "A%B", "nobody's"])
        case FieldType.ADDRESS if op in {Op.IS, Op.IS_NOT, Op.ANY_OF}:
            return st.sampled_from([*ADDRESSES, "CAROL@googlemail.com", "nobody@x.example"])
        case FieldType.DOMAIN if op in {Op.IS, Op.IS_NOT, Op.ANY_OF}:
            return st.sampled_from(["kitaura.example", "X.example", "@gmail.com", "müller.example"])
        case FieldType.ADDRESS | FieldType.DOMAIN:
            return st.one_of(
                st.sampled_from(["bob", "KITAURA", "x.ex", "@", "ö", '"a']), text_values
            )
        case FieldType.TEXT:
            return text_values
    return st.sampled_from([one.key for one in asked.choices])


trees = st.recursive(
    st.one_of(leaves(), st.just(AllOf(()))),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda of: AllOf(tuple(of))),
        st.lists(inner, min_size=2, max_size=3).map(lambda of: AnyOf(tuple(of))),
        inner.map(Not),
    ),
    max_leaves=6,
)


# --- rows ------------------------------------------------------------------------


@dataclass
class Rows:
    """Numbers of what every example finds in the database."""

    owners: dict[str, int]
    organizations: dict[str, int]
    tags: dict[str, int]
    cadences: dict[str, int]


def furnish(tx) -> Rows:
    def add(table, **values) -> int:
        return tx.execute(insert(table).values(**values).returning(table.c.id)).scalar_one()

    box = add(mailbox, name="alice", provider="gmail", address=OWNERS[0])
    for scope, subject, removed_at in (*SUPPRESSED, *FORGIVEN):
        add(
            suppression,
            scope=scope,
            subject=subject,
            reason="person",
            first_at=1,
            removed_at=removed_at,
        )
    for key in ADDRESSES:
        assert match_key(key) == key
        add(
            address,
            key=key,
            shown=key,
            domain=domain_of(key),
            org_domain=org_domain(domain_of(key)),
        )
    return Rows(
        owners={OWNERS[0]: 1, OWNERS[1]: add(account, name="Bea", role="rep", created_at=1)},
        organizations={
            domain: add(organization, domain=domain, name=name)
            for domain, name in ORGANIZATIONS.items()
        },
        tags={name: add(tag, name=name, key=folded_name(name)) for name in TAGS},
        cadences={
            folded_name(name): add(
                cadence, name=name, key=folded_name(name), mailbox_id=box, made_at=1
            )
            for name in CADENCES
        },
    )


def put_leads(tx, rows: Rows, drawn: list[LeadFacts]) -> dict[int, LeadFacts]:
    """By lead id."""
    address_ids = dict(tx.execute(select(address.c.key, address.c.id)).all())
    found = {}
    for facts in drawn:
        lead_id = tx.execute(
            insert(lead)
            .values(
                name=facts.name,
                organization_id=rows.organizations.get(facts.organization_domain),
                pipeline=facts.pipeline,
                stage=facts.stage,
                stage_since_at=to_ms(facts.stage_since_at),
                owner_id=rows.owners.get(facts.owner),
                source=facts.source,
                phone=facts.phone,
                value_cents=facts.value_cents,
                value_currency=facts.currency,
                custom=json.dumps(dict(facts.custom), ensure_ascii=False, sort_keys=True),
                created_at=to_ms(facts.created_at),
                last_in_at=to_ms(facts.last_in_at),
                last_out_at=to_ms(facts.last_out_at),
                owes=facts.owes,
                close_on=facts.close_on,
                first_at=to_ms(facts.first_at),
                in_count=facts.mails // 2,
                out_count=facts.mails - facts.mails // 2,
            )
            .returning(lead.c.id)
        ).scalar_one()
        found[lead_id] = facts
        if facts.consent:
            tx.execute(
                insert(lead_consent).values(
                    lead_id=lead_id,
                    state=facts.consent,
                    source="Form",
                    given_on="2026-05-01",
                    noted_at=1,
                )
            )
        for due_on in facts.tasks:
            tx.execute(
                insert(task).values(lead_id=lead_id, title="x", due_on=due_on or None, created_at=1)
            )
        # Neither is open any more.
        for ended in ("done_at", "removed_at"):
            tx.execute(
                insert(task).values(
                    lead_id=lead_id, title="x", due_on="2026-05-14", created_at=1, **{ended: 2}
                )
            )
        for name in facts.tags:
            tx.execute(insert(lead_tag).values(lead_id=lead_id, tag_id=rows.tags[name]))
        for key in facts.addresses:
            tx.execute(insert(lead_address).values(lead_id=lead_id, address_id=address_ids[key]))
        if facts.cadences:
            anywhere = min(address_ids.values())
            for number, (key, state) in enumerate(sorted(facts.cadences)):
                tx.execute(
                    insert(enrollment).values(
                        cadence_id=rows.cadences[key],
                        lead_id=lead_id,
                        address_id=anywhere,
                        generation=number + 1,
                        state=state,
                        version=1,
                        enrolled_at=1,
                    )
                )
    return found


def ground(rows: Rows, found: dict[int, LeadFacts]) -> Ground:
    return Ground(
        now=NOW,
        zone=ZONE,
        pipelines=PIPELINES,
        owner_ids=rows.owners,
        cold_after_days=COLD_AFTER,
        hot=[lead_id for lead_id, facts in found.items() if facts.temperature == "hot"],
    )
