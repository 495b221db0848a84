"""The HTML of a template with its styles inlined, as it is kept beside the version and as mails are made of it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from inboxcrm.cadence.inlining import Inlined, inline_styles
from inboxcrm.cadence.problems import TemplateProblem, problem_in
from inboxcrm.cadence.templates import problems_of
from inboxcrm.cadence.variables import variables_with
from inboxcrm.services.rendering import STYLED, fallbacks_of, ready_parts
from inboxcrm.store.desk import Desk
from inboxcrm.store.templates import TemplateVersion

_NO_ROOM = (
    "The styles stay in <style>, which some mail programs drop: written into its elements they "
    "would make the mail larger than it may be."
)
_OLDER = "It was saved before styles were written into elements; saved once more they are."


def styled(desk: Desk, parts: Mapping[str, str], fallbacks: Mapping[str, str]) -> Inlined:
    """`parts` as they are compiled, with nothing wrong in them. What comes out is checked as they were."""
    done = inline_styles(parts["html"])
    if done.html == parts["html"]:
        return done
    variables = variables_with(desk.lead_fields)
    made = {**parts, "html": done.html}
    if problems_of(**made, fallbacks=fallbacks, variables=variables):
        return Inlined(parts["html"], _NO_ROOM)
    return done


def style_notices(desk: Desk, version: TemplateVersion) -> list[TemplateProblem]:
    """What is to be said of the styles of a saved version, as warnings."""
    done = styled(desk, ready_parts(version), fallbacks_of(version))
    if done.notice:
        return [problem_in("html", 0, 0, done.notice)]
    held = json.loads(version.ready).get(STYLED, ready_parts(version)["html"])
    if held == ready_parts(version)["html"] != done.html:
        return [problem_in("html", 0, 0, _OLDER)]
    return []
