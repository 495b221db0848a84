-- What fills a pipeline (full_pipeline.py). The same text runs on SQLite and PostgreSQL. Names in braces are filled in
-- by the caller; every_lead makes a table n of the numbers i, with all_changes beside it the numbers k of a lead's changes.

INSERT INTO account (id, name, role, created_at) {every_seller}
SELECT 1 + i, 'Seller ' || i, 'rep', 0 FROM n;

INSERT INTO organization (id, domain, name) {every_firm}
SELECT i, 'firm' || i || '.example', 'Firm ' || i FROM n;

INSERT INTO lead (id, name, organization_id, pipeline, stage, stage_since_at, stage_reason, owner_id, source, value_cents,
  value_currency, close_on, state_since_at, made_by, is_touched, created_at, first_at, last_in_at, in_count, out_count, owes,
  owes_since_at, moved_at)
{every_lead}
SELECT i, 'Person ' || i || ' Tanaka', 1 + i % 997, 'sales', {stage_now}, {since_now}, {reason_now}, {owner_now}, {source},
  {value_now}, {currency_now}, {close_now}, CASE WHEN {changes} > 0 THEN {last_at} END, 'rule', {changes} > 0, {made_at},
  {made_at}, {moved_at}, 2, 1, CASE WHEN {waits} THEN 'us' ELSE 'them' END, {moved_at}, {moved_at}
FROM n;

-- as they come in: one lead's past lies between those of all others

INSERT INTO lead_past (lead_id, from_at, until_at, pipeline, stage, stage_since_at, stage_reason, owner_id, source,
  value_cents, value_currency, close_on, taken_back_at)
{every_lead}, {all_changes}
SELECT i, {from_at}, {until_at}, 'sales', {stage_then}, {since_then}, {reason_then}, {owner_then}, {source}, {value_then},
  {currency_then}, {close_then}, CASE WHEN i % 50 = 7 AND k IN (3, 4) THEN {until_at} END
FROM n JOIN c ON k < {changes} ORDER BY {until_at}, i;

INSERT INTO activity (lead_id, at, kind, account_id, text, data)
{every_lead}, {all_changes}
SELECT i, {from_at}, CASE WHEN k = 0 THEN 'captured' WHEN k % 2 = 1 THEN 'stage_move' ELSE 'field_change' END, 1,
  'To ' || {stage_then}, '{{"from": {{"pipeline": "sales", "stage": "new"}}, "reason_before": "", "since": ' || {from_at} || '}}'
FROM n JOIN c ON k <= {changes} ORDER BY {from_at}, i;

INSERT INTO address (id, key, shown, name, name_is_own, domain, org_domain, plain_key, name_key) {every_lead}
SELECT i, key, key, name, true, domain, domain, key, lower(name)
FROM (SELECT i, 'person' || i || '@firm' || (i % 997) || '.example' AS key, 'Person ' || i || ' Tanaka' AS name,
  'firm' || (i % 997) || '.example' AS domain FROM n) AS made;

INSERT INTO lead_address (address_id, lead_id) {every_lead}
SELECT i, i FROM n;

-- one conversation each: their first mail, mostly an answer to it, and the last word

INSERT INTO mailbox (id, name, provider) VALUES (1, 'sales', 'gmail');

INSERT INTO conversation (id, last_human_at, last_human_direction, last_human_message_id, dismissed_message_id) {every_lead}
SELECT i, {moved_at}, CASE WHEN i % 2 = 0 THEN 'in' ELSE 'out' END, i * 3,
  CASE WHEN i % 40 = 4 THEN i * 3 WHEN i % 90 = 7 THEN i * 3 - 2 END
FROM n;

INSERT INTO message (id, key, message_id, conversation_id, sent_at, date_source, direction, kind, kind_rule, subject, snippet,
  participant_count, recipient_count, size_bytes, parser_version)
{every_lead}, {all_mails}
SELECT i * 3 - 2 + k, 'key-' || i || '-' || k, 'm' || i || '-' || k || '@mail.example', i, {mailed_at}, 'date', {direction},
  'human', 'default', 'Offer ' || i, '', 2, 1, 4000, 1
FROM n CROSS JOIN c;

INSERT INTO message_copy (id, mailbox_id, ref, message_id, received_at) SELECT id, 1, 'm' || id, id, sent_at FROM message;

INSERT INTO lead_link (message_id, address_id, lead_id, at, direction, is_human, reason)
SELECT id, conversation_id, conversation_id, sent_at, direction, true, 'rule' FROM message;

INSERT INTO task (lead_id, title, due_on, created_at) {every_lead}
SELECT i, 'Call back', '2026-05-2' || (i % 10), {now_ms} FROM n WHERE i % 3 = 0;
