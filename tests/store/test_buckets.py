"""What is left of a quota survives a restart."""

from __future__ import annotations

from inboxcrm.store.buckets import StoredBucket


def test_a_bucket_never_saved_is_unknown(database):
    assert StoredBucket(database, "alice").load() is None


def test_each_mailbox_has_its_own_bucket_and_the_last_word_counts(database):
    StoredBucket(database, "alice").save(100.5, 1_767_225_600.25)
    StoredBucket(database, "bob").save(7.0, 1_767_225_601.0)
    StoredBucket(database, "alice").save(90.0, 1_767_225_602.5)
    assert StoredBucket(database, "alice").load() == (90.0, 1_767_225_602.5)
    assert StoredBucket(database, "bob").load() == (7.0, 1_767_225_601.0)
