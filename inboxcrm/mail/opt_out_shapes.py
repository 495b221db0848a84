"""Requests by their shape: what each word means (`opt_out_lexicon`), and in which order meanings make a request.

"Stop emailing me" and "dejen de mandarme correos" have one shape. A shape is written in the names of meanings, one for
each word of the sentence, and in signs:

    .    up to five words that say little          ?    the one before it, or none
    ~4   up to four words of any kind              !    not this one
    ^    a clause begins                           |    either; in brackets
    $    a clause ends                             ,    a comma
    %    more than a clause ends: no comma
"""

from __future__ import annotations

SHAPES = (
    # stop
    "STOP . ME? . (WRITE|SEND)", "STOP . (YOU|THIS|AGAIN) . MAIL", "STOP . MAIL", "MAIL . STOP", "MAIL ~2 STOP $",
    "THIS . STOP %", "STOP THIS PLEASE? %", "^ PLEASE . STOP %", "^ STOP PLEASE %", "^ HALT . %",
    "STOP . (THIS|MAIL) GO_ON", "STOP . GET . (MAIL|THIS)", "PLEASE . STOP . LIST",
    "(STOP|NOT) . USE . (THIS|MY) . DATA", "(STOP|NOT) . USE ~4 MARKETING", "NOT . USE ~4 MAIL",
    "NOT ~4 (WRITE|MAIL) . THIS . DATA . AGAIN", "SPARE . ME? ~2 (YOU|THIS|AGAIN) . MAIL",
    "ME . SPARE . ~1 YOU . MAIL", "SPARE ~7 AGAIN . MAIL", "DEJA . DE (WRITE|SEND)",
    "SPARE . YOU? . ME (%|AGAIN|THIS|FROM)",
    # leave me in peace, forget me
    "LEAVE . ME? . PEACE", "LEAVE . ME ~4 PEACE", "ME . LEAVE . PEACE", "FORGET . (ME|I|THIS) ~1 EXIST",
    "FORGET . I? EXIST", "FORGET . (MY|THIS) . DATA", "ME . FORGET %",
    # do not write
    "NOT . WRITE . (ME|HERE|DATA|ANYONE)? . (AGAIN|PLEASE|%|, . NOT)", "NOT . ME . WRITE",
    "NOT . WRITE . ANYONE . HOUSE", "NOT . AGAIN . WRITE !LET", "NOT ~5 GO_ON . ME? . (WRITE|SEND)",
    "YOU ISNT . (WRITE|SEND) . ((ME|AGAIN|HERE|THIS|MAIL|DATA)|$)", "WRITE . ME ~2 LATE_NOT . AGAIN?",
    "!MAIL WRITE ~3 LATE_NOT . AGAIN", "WRITE . LATE_NOT . (AGAIN|MAIL)",
    "AGAIN . ME? . NOT_WRITE", "NOT_WRITE . ME? . (AGAIN|%)",
    "NOT . ME? . CALL . ME? . OR . NOT? . ME? . WRITE . (ME|AGAIN|%)", "^ . OR . CALL . OR . (MAIL|WRITE) %",
    "NOT . WRITE . ME? . OR . CALL", "NOT . WRITE . ME OR ~3 AGAIN", "(NOT|ISNT) . WANT . ME . WRITE",
    # do not send
    "MAIL . ME? . PLEASE? . AGAIN? . NOT_SEND", "NOT_SEND . ME? . AGAIN? . MAIL", "AGAIN . ME? . NOT_SEND %",
    "NOT . SEND . ME? . AGAIN? . (THESE|MAIL|HERE|NO)", "NOT . SEND . ME? . AGAIN (%|PLEASE)",
    "NOT . ME . SEND . NO? . (AGAIN|MAIL|THIS)", "NOT . ME . GET . YOU", "NO . AGAIN? . MAIL ~4 SEND",
    "SEND . ME . LATE_NOT . AGAIN? (MAIL|$)", "NOT . SEND . DATA",
    "NOT . ADD . ME . AGAIN? . (LIST|MAIL)", "NOT . ME . ADD . AGAIN? . (LIST|MAIL)", "ME . NOT ~6 LIST . ADD",
    # do not want
    "(NOT|ISNT) . WANT . ME? . GO_ON? . (GET|WRITTEN)", "NO ~4 WANT . GET", "(NOT|ISNT) . WANT . MAIL",
    "WANT LATE_NOT GET", "NOT_WANT . (AGAIN|ME)? . (GET|MAIL|LIST|WRITTEN|WRITE)", "(MAIL|THIS) . AGAIN? . NOT_WANT",
    "(NOT|ISNT) . WANT . THIS AGAIN", "(NOT|ISNT) . WANT . LIST",
    "WANT . NOT . (GET|MAIL|LIST|AGAIN)",
    "WANT ~4 NOT . AGAIN? . (GET|SEND)", "WANT ~5 NOT . AGAIN . WRITTEN", "WANT ~3 NOT . (YOU|THIS) . MAIL",
    "MAIL . NOT . WANT (%|PLEASE|HERE)",
    "MAIL ~4 NOT . WANT %", "GET NOT . AGAIN", "WANT ~6 NOT ~5 YOU . LIST", "WANT ~6 NOT . LIST",
    "(I|MY|ME) ~3 OBJECT . GET? . MARKETING", "OBJECT ~4 (THIS|MY) . DATA",
    # remove me
    "REMOVE . ME (%|PLEASE|(OFF|FROM) . THIS? . (LIST|MAIL)|(OFF|FROM) . THIS? . %)",
    "ME . REMOVE . (%|PLEASE|, PLEASE|(OFF|FROM) . (LIST|MAIL))", "REMOVE . MY . MAIL? DATA", "REMOVE . THIS . DATA",
    "MY . DATA ~3 REMOVE %", "OFF . LIST . (REMOVE|UNSUBSCRIBE|TAKE)", "FROM . LIST ~2 REMOVE %",
    "REMOVE . DATA . DATA? . FROM . (LIST|MAIL)", "TAKE ~1 OFF . ME (%|FROM)",
    "TAKE . (ME|MY . DATA|MY . DATA AND . DATA|DATA) . OFF",
    "TAKE . OFF . (THIS|LIST)", "^ . OFF . LIST", "^ . REMOVE FROM . LIST", "REMOVE . DOMAIN",
    "REMOVE . ADDRESS ~4 DOMAIN",
    "REQUEST ~6 NOT . AGAIN . YOU . LIST", "AWAY . LIST", "WANT . OFF $", "WANT . TAKE . OFF",
    "REMOVE . AGAIN . MAIL", "REMOVE . ME . DATA", "REMOVE . ADDRESS (%|PLEASE|FROM . (LIST|MAIL))",
    "REMOVE ~5 ADDRESS ~4 FROM . YOU", "REMOVE . DATA . THIS . LIST", "PLEASE . ME REMOVE", "REMOVE_ME FROM HERE",
    "^ MAIL . PLEASE? ~1 NO . AGAIN", "YOU . MAIL IS? UNWANTED", "(TAKE|REMOVE) . THIS . (OFF|FROM) . YOU . MAIL",
    "TAKE ~5 MAIL . OFF (%|PLEASE)", "PLEASE . THIS? . ADDRESS . REMOVE %", "REMOVE FROM . YOU . (LIST|MAIL)",
    "REMOVE_ME", "PLEASE ~2 ME FROM . YOU? . LIST",
    # unsubscribe
    "(MAIL|LIST) . UNSUBSCRIBE", "UNSUBSCRIBE . ME", "UNSUBSCRIBE . THIS . DATA", "TAKE . UNSUBSCRIBE",
    "ME . UNSUBSCRIBE", "DATA ~3 UNSUBSCRIBE",
    "^ PLEASE . UNSUBSCRIBE ($|PLEASE|AGAIN|THIS %)", "UNSUBSCRIBE . PLEASE", "UNSUBSCRIBE . (THIS|LIST|MAIL) %",
    "UNSUBSCRIBE ~2 FROM . (LIST|MAIL)", "PLEASE ~3 I . OFF . LIST",
    "(WANT|WRITE) . UNSUBSCRIBE (%|(OFF|FROM) . (LIST|MAIL|THIS|YOU))", "UNSUBSCRIBE REQUEST",
    # consent
    "I . WITHDRAW ~3 CONSENT", "WITHDRAW . (MY|THIS) . CONSENT", "I_WITHDRAW ~4 CONSENT", "NOT . ~1 MY . CONSENT",
    "(MY|THIS) . CONSENT ~6 WITHDRAWN",
    # no more mails
    "^ PLEASE? NO . MAIL . $", "NO AGAIN FROM YOU", "^ LATE_NOT DE . MAIL ($|PLEASE)", "^ . NO . AGAIN . MAIL",
    "^ . NO . MAIL AGAIN", "^ PLEASE? NO . MAIL FROM ~2 AGAIN %", "PLEASE . NO . MAIL",
    "(SEND|GET|WANT|STOP) . NO . AGAIN? . MAIL",
    "SEND ~4 NO . AGAIN? . MAIL",
)  # fmt: skip
"""Requests where nothing stands behind them, or what is about mail: "remove me the freight from the quote" is none."""

COMPLETE = (
    # stop, send no more
    "STOP . (THIS|MAIL) GO_ON ~1 ME", "STOP . SEND . ME . YOU . MAIL", "STOP . SEND . THIS . SMALL ME",
    "NOT . SEND . ME? . AGAIN . MAIL", "NOT . SEND ~1 OR . AGAIN . MAIL", "(GET|WANT) . NO . AGAIN . MAIL",
    "WANT . NO . MAIL . AGAIN? GET",
    "^ AGAIN NO . MAIL", "UNSUBSCRIBE . ME . PLEASE", "ME . UNSUBSCRIBE . PLEASE", "ME ~1 UNSUBSCRIBE %",
    "AWAY . ME . FROM . YOU? . LIST",
    # off your list
    "(REMOVE|TAKE) . (ME|HOUSE) . (OFF|FROM) . YOU? . MAIL? (LIST|MAIL|ADDRESS)",
    "REMOVE . MY . MAIL? DATA . FROM HERE", "(REMOVE|TAKE) ~4 ME . (OFF|FROM) . YOU . LIST",
    "REMOVE . (ME|DATA|ADDRESS)? . OFF_LIST", "OFF_LIST . REMOVE",
    "TAKE . (ME|MY . MAIL? DATA|DATA) ~3 (OFF|FROM) . YOU . LIST",
    "ME . FROM . YOU? . MAIL? LIST ~2 (REMOVE|UNSUBSCRIBE|TAKE)",
    "REMOVE . MY . MAIL? DATA . FROM . YOU? . MAIL? (LIST|MAIL)", "REMOVE . (ME|MY . DATA) ~1 YOU ~1 LIST",
    "TAKE . MY . DATA . FROM . YOU ~1 LIST",
    "(WANT|REQUEST|PLEASE) ~4 REMOVE . (OFF|FROM) . YOU? . AGAIN? . MAIL? (MAIL|LIST)",
    "REMOVE ~4 DATA . FROM . YOU . MAIL? LIST", "WANT . (THIS|ME) ~1 FROM . YOU . MAIL? LIST",
    "WANT ~4 MY . DATA ~2 FROM . YOU . MAIL? LIST", "TAKE . ME . OFF THIS (%|AND)",
    "FROM . YOU? . MAIL? LIST . UNSUBSCRIBE",
    # on a list of those who are left alone
    "(ME|DATA) ~6 NOT WRITE LIST", "MY . (DATA|HOUSE) ~6 NOT WRITE LIST", "(ME|DATA) ~6 BARRED",
)  # fmt: skip
"""They say themselves that they are about mail; only a day or a condition behind them makes them something else."""

WHOLE = (
    # threats
    "(NEXT|AGAIN) ~2 (MAIL|THIS) !FROM ~14 AUTHORITY", "(NEXT|AGAIN) ~2 MAIL FROM YOU ~10 AUTHORITY",
    "AGAIN . MAIL ~4 THREATEN", "MAIL . AGAIN ~8 AUTHORITY",
    "NEXT ~1 THREATEN",
    "NEXT ~2 MAIL ~3 THREATEN", "(NEXT|AGAIN) ~2 (MAIL|THIS) AND ~8 LAWYER",
    "(NEXT|AGAIN) ~2 MAIL FROM YOU ~14 MY . LAWYER",
    # objections
    "OBJECT ~12 MY . DATA",
)  # fmt: skip
"""Requests whatever stands behind them."""
