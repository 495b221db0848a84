"""When somebody who is away comes back, from the note their machine sends: the day, and the sentence it rests on.

In the order of their worth:

 1. the day somebody is back      "back on Monday", "wieder da", "de retour le", "di nuovo", "weer aanwezig"
 2. the day until which they are away, and the end of a span   "until", "bis", "jusqu'au", "hasta", "fino al", "até";
    "for two weeks from 4 May"
 3. a day on which they mean to answer
 4. the week or the days on which they are away, and for how long from now   "this week", "on 6 and 7 May", "today",
    "for the next two weeks"

Where the last day of the absence is named ("until 12 May inclusive", "t/m", "from 4 to 12 May") the day after it is the
first one back, and so it is behind "until the end of May"; "until Monday" may mean either and is taken for Monday. A
return before the end of the absence is somebody else's, unless another absence begins behind it; and an "until" of
something else gives way to the days away. Nothing that cannot be read is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter

from inboxcrm.mail import absence_words as words
from inboxcrm.mail.day_words import NamedDay, day_of_month, days_in, days_of
from inboxcrm.mail.feast_days import feasts_dated

_MOST_TEXT = 4_000
_COUNTED = 4
"""The worth of a day that is counted, not said: number 4 above."""
_LONGEST_AWAY = timedelta(days=60)
_WEEKEND = timedelta(days=4)
"""With a feast at its side."""


@dataclass(frozen=True, slots=True)
class Absence:
    """`back_on` is the first day on which they are back. `is_said`: of a return or of the last day away; else it is
    counted from the days on which they are away.
    """

    back_on: date
    sentence: str
    is_said: bool = True


def read_absence(subject: str, text: str, *, written: date) -> Absence | None:
    """`text` without the quoted past; days are read as on the day of the mail, `written`. None: nothing is read."""
    found = [
        (worth, Absence(day, " ".join(sentence.split())[:300], is_said=worth < _COUNTED))
        for sentence in _sentences(f"{subject}\n\n{text[:_MOST_TEXT]}")
        for worth, day in _readings(sentence, written)
    ]
    if not found:
        return None
    best, said = min(found, key=itemgetter(0))
    for worth, one in ((worth, one) for worth, one in found if words.AWAY.search(one.sentence)):
        is_longer = one.back_on > said.back_on + timedelta(days=1)
        if (best, worth) == (1, 2) and is_longer and not _begins_behind(said, one, written):
            return one  # behind "Bas is back on Monday"
        if (best, worth) == (2, _COUNTED) and not words.AWAY.search(said.sentence):
            return one  # behind "we take offers until 11 May"
    return _or_days_behind(said, [one for worth, one in found if (best, worth) == (2, 3)])


def _or_days_behind(said: Absence, answers: list[Absence]) -> Absence:
    """Where they are away until a Friday and mean to answer on Monday, Monday."""
    last = said.back_on + _WEEKEND
    behind = [one for one in answers if said.back_on < one.back_on <= last]
    return min(behind, key=lambda one: one.back_on, default=said)


def _begins_behind(said: Absence, other: Absence, written: date) -> bool:
    """As in "back on Monday, then away again from 25 May to 5 June"."""
    days = [one.day for one in days_in(other.sentence, written=written) if one.day is not None]
    return len(days) > 1 and min(days) > said.back_on


def _sentences(text: str) -> Iterator[str]:
    at = 0
    for found in words.SENTENCE.finditer(text):
        yield text[at : found.end()]
        at = found.end()
    yield text[at:]


def _readings(sentence: str, written: date) -> Iterator[tuple[int, date]]:
    """(worth, first day back), lower is better."""
    plain = feasts_dated(re.sub(r"\s+", " ", sentence).strip(), written=written)
    line = words.BETWEEN.sub(r"\1-", plain)
    alone = list(words.DAY_ALONE.finditer(line))
    opens = words.OPENING.search(line) is not None
    days = [
        one
        for one in days_in(line, written=written)
        if not (
            one.is_vague and (opens or any(own.start() <= one.start < own.end() for own in alone))
        )
    ]
    last_end, last_away = 0, None
    if not days:
        yield from _from_now(line, written)
    for at, one in enumerate(days):
        before, last_end = line[last_end : one.start], one.end
        behind = line[one.end : days[at + 1].start if at + 1 < len(days) else len(line)]
        lasting = _lasting(before, behind)
        first = _first_of(line, one, written) if lasting else None
        if first and first + timedelta(days=lasting) >= written:
            yield 2, first + timedelta(days=lasting)
            continue
        if one.day is None:
            continue
        worth = _worth(one, before, behind, is_first=at == 0, is_last=at + 1 == len(days))
        if worth is None:
            if _is_a_day_of_it(line, before, behind, last_away):
                off = written if _is_today(line, one, before, written) else one.day
                last_away = _number_behind(behind, off) or off
            continue
        number, is_last_day = worth
        yield number, _first_after(one, one.day) if is_last_day else one.day
    if last_away:
        yield _COUNTED, last_away + timedelta(days=1)
    for found in alone:
        if any(one.start <= found.start("day") < one.end and not one.is_vague for one in days):
            continue
        number = int(found["day"])
        day = day_of_month(number, written=written) if 1 <= number <= 31 else None
        if day is not None:
            yield (1 if words.BACK.search(found["cue"]) else 2), day


def _is_a_day_of_it(line: str, before: str, behind: str, last_away: date | None) -> bool:
    """As in "away on Tuesday and Wednesday", "away today and tomorrow", "on the 5th and 6th I am away"."""
    if last_away is not None:
        return words.AND.search(before) is not None
    if words.TODAY_AND.search(before):
        return words.AWAY.search(line) is not None
    is_away = words.AWAY.search(before) or words.AWAY.search(behind[:60])
    return bool(is_away and (words.ON.search(before) or words.AT_ONCE.search(before))) and not (
        words.STARTS.search(before) or words.SO_LONG_BY_NOW.search(before)
    )


def _is_today(line: str, one: NamedDay, before: str, written: date) -> bool:
    """Written on a Monday, "on Monday I am away" means that very day, and not the Monday in a week."""
    return (
        one.day == written + timedelta(days=7)
        and words.ONE_WEEKDAY.fullmatch(line, one.start, one.end) is not None
        and words.COMING.search(before) is None
    )


def _number_behind(behind: str, day: date) -> date | None:
    """The 7th of "on the 6th and 7th"."""
    found = words.AND_NUMBER.match(behind)
    last = day_of_month(int(found[1]), written=day) if found and int(found[1]) <= 31 else None
    return last if last and last - day <= timedelta(days=7) else None


def _from_now(line: str, written: date) -> Iterator[tuple[int, date]]:
    """Where no day is named: away today, or for so long."""
    lasting = words.NOW_SO_LONG.search(line) or words.SO_LONG_NOW.search(line)
    if not words.AWAY.search(line) and not (lasting and words.BACK.search(line)):
        return
    if lasting is None and not words.SO_LONG_BY_NOW.search(line):
        lasting = words.FOR_SO_LONG.search(line)
    if lasting:
        yield _COUNTED, written + timedelta(days=days_of(lasting))
    elif words.AWAY_TODAY.search(line):
        yield _COUNTED, written + timedelta(days=1)


def _lasting(before: str, behind: str) -> int:
    """For how many days from the one between them, or 0 where that is not said."""
    found = words.SO_LONG_FROM.search(before)
    if found and not words.AWAY.search(before + behind):
        return 0
    if found is None and words.STARTS.search(before):
        found = words.SO_LONG.match(behind)
        if found and words.BACK.search(found[0]):
            return 0
    return days_of(found) if found else 0


def _first_of(line: str, one: NamedDay, written: date) -> date | None:
    """That day, also where it is past: whoever is away already has named the day it began."""
    if one.day is not None:
        return one.day
    lately = days_in(line, written=written - _LONGEST_AWAY)
    return next((same.day for same in lately if same.start == one.start), None)


def _first_after(one: NamedDay, day: date) -> date:
    """Of a week, the Monday behind it."""
    is_week = one.is_week or one.is_next_week
    return day + timedelta(days=7 - day.weekday() if is_week else 1)


def _worth(
    one: NamedDay, before: str, behind: str, *, is_first: bool, is_last: bool
) -> tuple[int, bool] | None:
    """How good a reading it is, and whether the day is the last one away. None: it says nothing of a return."""
    is_inclusive = bool(
        words.INCLUSIVE_BEHIND.match(behind) or words.INCLUSIVE_BEFORE.search(before)
    )
    until = words.UNTIL.search(before)
    if until and words.WAS.search(before[: until.start()]):
        return None
    if until:
        is_span = bool(re.search(r"\d{1,2}\.?\s*$", before[: until.start()])) or (
            not is_first and before[: until.start()].strip() == ""
        )
        is_whole = one.is_week or one.ends_month
        return 2, is_inclusive or bool(until["inclusive"]) or is_span or is_whole
    if one.is_range or (
        words.SPAN.search(before) and not (is_first and before.strip() in {"-", "–"})
    ):
        has_start = one.is_range or not is_first or bool(re.search(r"\d", before))
        if has_start:
            return 2, True
    if one.is_week and one.is_vague and (words.AWAY.search(before) or words.AWAY.search(behind)):
        return _COUNTED, True
    near = before[-70:]
    if words.BACK.search(near) and not words.NOT_BACK.search(near):
        return 1, False
    if is_last and not re.search(r"[.;]", behind[:1]) and not words.DAY_ALONE.search(behind):
        after = words.BACK.search(behind[:60])
        if after and not words.NOT_BACK.search(behind[:60]):
            return 1, False
    is_away = words.AWAY.search(before) or (one.is_week and words.AWAY.search(behind))
    if (one.is_next_week or one.is_week) and is_away:
        return _COUNTED, True
    if words.ANSWER.search(before[-110:]):
        return 3, False
    if words.ANSWER_FROM.search(before[-60:]) and words.ANSWER_BEHIND.match(behind[:80]):
        return 3, False
    return None
