"""An mbox file as a mailbox: everything in it once, in order, whatever state the file is in."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime

import pytest

from inboxcrm.errors import CursorExpired, Gone, UserError
from inboxcrm.mbox import letter, pages, scan
from inboxcrm.mbox.source import MboxSource
from inboxcrm.ports import Fetched, Missing, Wanted

FROM = b"From bob@acme.example Thu Aug 22 13:15:25 2002\n"


def mail(number: int, text: bytes = b"Hello\n") -> bytes:
    return b"From: bob@acme.example\nMessage-ID: <%d@acme.example>\nSubject: Mail %d\n\n%s" % (
        number,
        number,
        text,
    )


@pytest.fixture
def write(tmp_path):
    opened: list[MboxSource] = []

    def write_file(content: bytes) -> MboxSource:
        path = tmp_path / "mail.mbox"
        path.write_bytes(content)
        opened.append(MboxSource(path, address="alice@own.example"))
        return opened[-1]

    yield write_file
    for each in opened:
        each.close()


def read_all(box: MboxSource, label: str | None = None) -> list[Fetched]:
    found: list[Fetched] = []
    token = None
    while True:
        page = box.list_page(label=label, token=token)
        for outcome in box.fetch([Wanted((item.ref,)) for item in page.items]):
            assert isinstance(outcome, Fetched)
            found.append(outcome)
        token = page.next_token
        if token is None:
            return found


def subjects(box: MboxSource) -> list[str]:
    return [each.message.subject for each in read_all(box)]


def test_mails_come_oldest_place_first_by_pages(write):
    box = write(b"".join(FROM + mail(n) + b"\n" for n in range(1150)))

    assert subjects(box) == [f"Mail {n}" for n in range(1150)]
    assert len(box.list_page(label=None, token=None).items) == pages.PAGE_ITEMS


def test_the_from_line_says_when_a_mail_came_in(write):
    (found,) = read_all(write(FROM + mail(1)))

    assert found.received_at == datetime(2002, 8, 22, 13, 15, 25, tzinfo=UTC)
    assert found.message.defects == ("The mail has no date.",)


def test_windows_line_ends_are_read(write):
    box = write((FROM + mail(1) + b"\n" + FROM + mail(2)).replace(b"\n", b"\r\n"))

    assert subjects(box) == ["Mail 1", "Mail 2"]
    assert read_all(box)[0].message.text == "Hello"


def test_one_sign_is_taken_from_quoted_from_lines(write):
    box = write(FROM + mail(1, b"a\n>From here\n>>From there\n> From far\n>Fromage\n"))

    assert read_all(box)[0].message.text == "a\nFrom here\n>From there\n> From far\n>Fromage"


@pytest.mark.parametrize(
    "text",
    [
        b"a\nFrom here on\nb\n",
        b"a\n\nFrom here on it is 2002\nb\n",
        b"a\nFrom bob Thu Aug 22 13:15:25 2002\nand more\n",
    ],
)
def test_a_sentence_that_begins_with_from_cuts_no_mail(write, text):
    (found,) = read_all(write(FROM + mail(1, text)))

    assert found.message.text == text.decode().strip()


def test_a_separator_without_a_blank_line_above_is_found(write):
    assert subjects(write(FROM + mail(1) + FROM + mail(2))) == ["Mail 1", "Mail 2"]


def test_what_stands_before_the_first_separator_is_a_mail_with_a_defect(write):
    first, second = read_all(write(mail(1) + b"\n" + FROM + mail(2)))

    assert first.message.subject == "Mail 1"
    assert letter.NO_SEPARATOR in first.message.defects
    assert second.message.subject == "Mail 2"


def test_a_file_that_ends_in_the_middle_loses_only_what_it_lacks(write):
    first, second = read_all(write(FROM + mail(1) + b"\n" + FROM + mail(2, b"cut in the midd")))

    assert first.message.text == "Hello"
    assert second.message.text == "cut in the midd"
    assert letter.CUT_SHORT in second.message.defects


@pytest.mark.parametrize(
    "content",
    [
        b"no mail at all\n",
        mail(1),
        b"\x00" * 5_000,
        b"\x1f\x8b\x08\x00gz",
        b"PK\x03\x04zip",
        b"From",
    ],
)
def test_a_file_that_is_no_mbox_is_refused_with_what_to_do(write, content):
    with pytest.raises(UserError) as refused:
        write(content)

    assert "mail.mbox" in refused.value.message
    assert refused.value.remedy


def test_an_empty_file_is_an_empty_mailbox(write):
    assert read_all(write(b"")) == []
    assert read_all(write(b"\n\n")) == []


def test_a_missing_file_a_folder_and_an_unreadable_one_are_refused(tmp_path):
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(UserError):
            MboxSource(path, address="alice@own.example")


TAKEOUT = (
    b"From 1234567890@xxx Thu Aug 22 13:15:25 +0000 2002\nX-GM-THRID: 1741234567890123456\n"
    b"X-Gmail-Labels: =?UTF-8?Q?Posteingang,Ge=C3=B6ffnet,Wichtig,=22Kunden,_alt=22,?=\n =?UTF-8?Q?Entw=C3=BCrfe?=\n"
)


def test_takeout_gives_labels_and_threads(write):
    (found,) = read_all(write(TAKEOUT + mail(1)))

    assert found.labels == {"INBOX", "IMPORTANT", "Kunden, alt", "DRAFT"}
    assert found.thread_ref == format(1741234567890123456, "x")
    assert found.received_at == datetime(2002, 8, 22, 13, 15, 25, tzinfo=UTC)


def test_a_label_narrows_the_listing(write):
    box = write(TAKEOUT + mail(1) + b"\n" + FROM + mail(2))

    assert [each.message.subject for each in read_all(box, label="INBOX")] == ["Mail 1"]


def test_words_like_labels_in_the_text_are_none(write):
    (found,) = read_all(write(FROM + mail(1, b"X-Gmail-Labels: Inbox\nX-GM-THRID: 1\n")))

    assert (found.labels, found.thread_ref) == (frozenset(), "")


def test_a_page_just_listed_is_not_read_again(write):
    box = write(FROM + mail(1) + b"\n" + FROM + mail(2))
    page = box.list_page(label=None, token=None)
    box._file.close()

    assert len(box.fetch([Wanted(tuple(item.ref for item in page.items))])) == 2


def test_a_later_run_finds_mails_it_has_not_listed_itself(write):
    content = b"".join(FROM + mail(n) + b"\n" for n in range(1150))
    refs = [each.ref for each in read_all(write(content))]
    later = write(content)

    outcomes = later.fetch([Wanted((refs[449], refs[3])), Wanted((refs[200], "0" * 64))])

    assert [type(each) for each in outcomes] == [Fetched, Fetched, Fetched, Missing]
    assert [each.ref for each in outcomes] == [refs[449], refs[3], refs[200], "0" * 64]


def test_a_file_that_grew_is_read_on_and_keeps_its_refs(write, tmp_path):
    box = write(FROM + mail(1) + b"\n")
    before = read_all(box)
    with (tmp_path / "mail.mbox").open("ab") as file:
        file.write(FROM + mail(2) + b"\n")
    after = read_all(box)

    assert box.anchor().cursor != ""
    assert [each.message.subject for each in after] == ["Mail 1", "Mail 2"]
    assert before[0].ref == after[0].ref


def test_a_page_token_into_a_changed_file_is_refused(write, tmp_path):
    box = write(b"".join(FROM + mail(n) + b"\n" for n in range(700)))
    token = box.list_page(label=None, token=None).next_token
    (tmp_path / "mail.mbox").write_bytes(FROM + mail(1, b"other\n" * 20_000))

    for bad in (token, "999999999", "x", "-1"):
        with pytest.raises(CursorExpired):
            box.list_page(label=None, token=bad)


def test_the_same_mail_twice_is_one_ref(write):
    page = write((FROM + mail(1) + b"\n") * 3 + FROM + mail(2)).list_page(label=None, token=None)

    assert len(page.items) == 2


def test_an_mbox_has_no_history_and_costs_nothing(write):
    box = write(FROM + mail(1))

    assert not box.capabilities.has_changes
    assert (box.spending().units, box.spending().requests) == (0, 0)
    with pytest.raises(CursorExpired):
        box.changes(cursor="", token=None)


def test_an_attachment_is_read_from_the_file(write):
    body = b"--b\n\nsee\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nSGVsbG8=\n--b--\n"
    box = write(FROM + b"Content-Type: multipart/mixed; boundary=b\n" + mail(1, body))
    (found,) = read_all(box)

    assert box.attachment(ref=found.ref, part=found.message.attachments[0].part) == b"Hello"
    for ref, part in ((found.ref, "7"), ("0" * 64, "1")):
        with pytest.raises(Gone):
            box.attachment(ref=ref, part=part)


def test_a_mail_larger_than_fifty_megabytes_is_read_in_part(tmp_path):
    path = tmp_path / "mail.mbox"
    with path.open("wb") as file:
        file.write(FROM + mail(1, b"first words\n"))
        for _ in range(60):
            file.write(b"0123456789abcde\n" * 65_536)
        file.write(b"\n" + FROM + mail(2))
    box = MboxSource(path, address="alice@own.example")
    tracemalloc.start()
    first, second = read_all(box)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    box.close()

    assert first.message.text.startswith("first words")
    assert any("Only the first 10 MB" in defect for defect in first.message.defects)
    assert first.message.size_bytes > 60_000_000
    assert second.message.subject == "Mail 2"
    assert peak < 80_000_000


def test_long_files_are_read_with_bounded_memory(tmp_path):
    path = tmp_path / "mail.mbox"
    with path.open("wb") as file:
        for n in range(20_000):
            file.write(FROM + mail(n, b"x" * 2_000 + b"\n") + b"\n")
    box = MboxSource(path, address="alice@own.example")
    tracemalloc.start()
    token: str | None = None
    count = 0
    while True:
        page = box.list_page(label=None, token=token)
        count += len(page.items)
        token = page.next_token
        if token is None:
            break
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    box.close()

    assert count == 20_000
    assert peak < 8 * scan.BLOCK


@pytest.mark.parametrize("block", [50, 1000])
def test_where_a_block_ends_does_not_matter(tmp_path, block):
    path = tmp_path / "mail.mbox"
    path.write_bytes(b"".join(FROM + mail(n, b"y" * n + b"\n") + b"\n" for n in range(200)))
    with path.open("rb") as file:
        small = [each.ref for each in scan.scan(file, block=block)]
    with path.open("rb") as file:
        large = [each.ref for each in scan.scan(file)]

    assert small == large
    assert len(set(large)) == 200


def test_the_real_sample_is_read_whole(real_mbox):
    box = MboxSource(real_mbox, address="alice@own.example")
    found = read_all(box)
    box.close()

    assert len(found) == len({each.ref for each in found}) == 605
    assert all(each.received_at for each in found)
