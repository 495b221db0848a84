-- What fills a desk (full_desk.py). The same text runs on SQLite and PostgreSQL. Names in braces are filled
-- in by the caller; every_... makes a table n of the numbers i from 1 to that many.

INSERT INTO mailbox (id, name, provider, address) VALUES (1, 'sales', 'gmail', '{owner}');

INSERT INTO mailbox_cursor (mailbox_id, state) VALUES (1, 'live');

INSERT INTO organization (id, domain, name) {firms}
SELECT i, {firm}, 'Firm ' || (i % 997) FROM n;

-- addresses: 1 is ours, then one for every lead, the second ones, strangers

INSERT INTO address (id, key, shown, name, name_is_own, domain, org_domain, plain_key, name_key)
VALUES (1, '{owner}', '{owner}', 'Alice Berg', true, 'ourfirm.example', 'ourfirm.example', '{owner}', 'alice berg');

INSERT INTO address (id, key, shown, name, name_is_own, domain, org_domain, plain_key, name_key) {every_lead}
SELECT 1 + i, key, key, name, true, domain, domain, key, lower(name)
FROM (SELECT i, 'person' || i || '@' || {firm} AS key, 'Person ' || i || ' Tanaka' AS name, {firm} AS domain FROM n) AS made;

INSERT INTO address (id, key, shown, name, name_is_own, domain, org_domain, plain_key, name_key) {every_second}
SELECT 1 + {leads} + i, key, key, name, true, 'private.example', 'private.example', key, lower(name)
FROM (SELECT i, 'home' || i || '@private.example' AS key, 'Person Home ' || i AS name FROM n) AS made;

INSERT INTO address (id, key, shown, name, name_is_own, domain, org_domain, plain_key, name_key) {every_stranger}
SELECT {strangers_from} + i, key, key, name, true, domain, domain, key, lower(name)
FROM (SELECT i, 'stranger' || i || '@' || {firm} AS key, 'Stranger ' || i || ' Lind' AS name, {firm} AS domain FROM n) AS made;

-- mail

INSERT INTO conversation (id, last_human_at, last_human_direction, last_human_message_id) {every_thread}
SELECT i, {first_ms} + i * 3 * {step}, 'in', i * 3 FROM n;

INSERT INTO thread (id, mailbox_id, ref, subject, last_at, message_count, last_message_id) {every_thread}
SELECT i, 1, 't' || (i - 1), 'Offer ' || i, {first_ms} + i * 3 * {step}, 3, i * 3 FROM n;

INSERT INTO message (id, key, message_id, conversation_id, sent_at, date_source, direction, kind, kind_rule, subject,
  snippet, author_id, participant_count, recipient_count, size_bytes, parser_version) {every_message}
SELECT i, 'key-of-the-message-' || i, 'm' || i || '@mail.example', 1 + (i - 1) / 3, {at}, 'date', {direction},
  CASE WHEN {is_human} THEN 'human' ELSE 'automatic' END, 'default', 'Offer ' || (1 + (i - 1) / 3),
  'Thank you for the offer ' || i || ', we went through it with our colleagues in the branch and would like to know'
  || ' whether the price holds for forty seats as well.', CASE WHEN {is_out} THEN 1 ELSE 1 + {lead} END, 2, 1, 4000, 1
FROM n;

INSERT INTO message_copy (id, mailbox_id, ref, message_id, thread_id, labels, received_at) {every_message}
SELECT i, 1, 'm' || i, i, 1 + (i - 1) / 3, 'INBOX', {at} FROM n;

INSERT INTO participant (message_id, position, role, address_id, name) {every_message}
SELECT i, 0, 'from', CASE WHEN {is_out} THEN 1 ELSE 1 + {lead} END, '' FROM n
UNION ALL SELECT i, 1, 'to', CASE WHEN {is_out} THEN 1 + {lead} ELSE 1 END, '' FROM n
UNION ALL SELECT i, 2, 'cc', 1 + {other}, '' FROM n WHERE {has_other};

INSERT INTO lead_link (message_id, address_id, lead_id, at, direction, is_human, reason) {every_message}
SELECT i, 1 + {lead}, {lead}, {at}, {direction}, {is_human}, 'rule' FROM n
UNION ALL SELECT i, 1 + {other}, {other}, {at}, {direction}, {is_human}, 'rule' FROM n WHERE {has_other};

INSERT INTO lead_decision (message_id, address_id, outcome, rule, rule_version)
SELECT message_id, address_id, 'link', 'they_wrote', 1 FROM lead_link;

-- leads

INSERT INTO lead (id, name, organization_id, pipeline, stage, stage_since_at, owner_id, source, value_cents,
  value_currency, made_by, created_at, first_at, last_in_at, last_out_at, in_count, out_count, owes, owes_since_at)
{every_lead}, held AS (
  SELECT lead_id, min(at) AS first_at, max(CASE WHEN direction = 'in' THEN at END) AS in_at,
    max(CASE WHEN direction = 'out' THEN at END) AS out_at, sum(CASE WHEN direction = 'in' THEN 1 ELSE 0 END) AS ins,
    sum(CASE WHEN direction = 'out' THEN 1 ELSE 0 END) AS outs
  FROM lead_link WHERE is_human GROUP BY lead_id)
SELECT i, 'Person ' || i || ' Tanaka', 1 + i % 997, 'sales',
  CASE i % 6 WHEN 0 THEN 'won' WHEN 1 THEN 'lost' WHEN 2 THEN 'engaged' ELSE 'new' END,
  {now_ms} - (i % 90) * {day_ms}, CASE WHEN i % 4 = 0 THEN 1 END, 'Mail', CASE WHEN i % 5 = 0 THEN 120000 + i END,
  CASE WHEN i % 5 = 0 THEN 'EUR' ELSE '' END, 'rule', coalesce(first_at, 0), first_at, in_at, out_at,
  coalesce(ins, 0), coalesce(outs, 0), CASE WHEN i % 2 = 0 THEN 'us' ELSE 'them' END, coalesce(in_at, out_at)
FROM n LEFT JOIN held ON held.lead_id = i;

UPDATE lead SET moved_at = coalesce(last_in_at, last_out_at, created_at);

INSERT INTO lead_address (address_id, lead_id) {every_lead}
SELECT 1 + i, i FROM n UNION ALL SELECT 1 + {leads} + i / 20, i FROM n WHERE i % 20 = 0;

INSERT INTO address_capture (address_id, outcome, rule, mailbox_id, rests_on, decided_at)
SELECT lead_address.address_id, 'lead', 'they_wrote', 1, held.first_id, {now_ms} - held.first_id FROM lead_address
JOIN (SELECT lead_id, min(message_id) AS first_id FROM lead_link GROUP BY lead_id) AS held
  ON held.lead_id = lead_address.lead_id;

INSERT INTO address_capture (address_id, outcome, rule, mailbox_id, rests_on, decided_at, waiting_at) {every_stranger}
SELECT {strangers_from} + i, 'candidate', 'role_address', 1, i, {now_ms} - (i % 50) * {day_ms} - i,
  {now_ms} - (i % 50) * {day_ms} - i FROM n;

INSERT INTO evidence (address_id, mailbox_id, sign, messages, first_at, first_key, first_message_id) {every_stranger}
SELECT {strangers_from} + i, 1, 'they_wrote', 1, {now_ms} - (i % 50) * {day_ms}, 'key-of-the-message-' || i, i FROM n;

-- one lead with a long past, alike on every desk

INSERT INTO activity (lead_id, at, kind, text) {every_note}
SELECT {busy}, {now_ms} - i * 3600000, 'note', 'Spoke about part ' || i || ' of the offer' FROM n;

INSERT INTO activity (lead_id, at, kind, text) {every_lead}
SELECT i, {first_ms} + i, 'captured', 'Became a lead' FROM n
UNION ALL SELECT i, {now_ms} - i * 1000, 'note', 'Spoke about the offer' FROM n WHERE i % 2 = 0
UNION ALL SELECT i, {now_ms} - (i % 90) * {day_ms}, 'stage_move', 'New to Engaged' FROM n;

INSERT INTO task (lead_id, title, due_on, created_at) {every_lead}
SELECT i, 'Call back', '2026-05-2' || (i % 10), {now_ms} FROM n WHERE i % 3 = 0;
