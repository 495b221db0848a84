CREATE TABLE account (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	role TEXT DEFAULT 'admin' NOT NULL,
	address TEXT DEFAULT '' NOT NULL,
	password_hash TEXT DEFAULT '' NOT NULL,
	identity TEXT DEFAULT '' NOT NULL,
	zone TEXT DEFAULT 'UTC' NOT NULL,
	working_hours TEXT DEFAULT '' NOT NULL,
	is_closed BOOLEAN DEFAULT false NOT NULL,
	created_at BIGINT NOT NULL,
	CONSTRAINT pk_account PRIMARY KEY (id)
);

CREATE UNIQUE INDEX ix_account_address ON account (address) WHERE address <> '';

CREATE UNIQUE INDEX ix_account_identity ON account (identity) WHERE identity <> '';

CREATE TABLE address (
	id INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	shown TEXT NOT NULL,
	name TEXT DEFAULT '' NOT NULL,
	name_is_own BOOLEAN DEFAULT false NOT NULL,
	name_at BIGINT DEFAULT 0 NOT NULL,
	domain TEXT DEFAULT '' NOT NULL,
	org_domain TEXT DEFAULT '' NOT NULL,
	plain_key TEXT DEFAULT '' NOT NULL,
	name_key TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_address PRIMARY KEY (id),
	CONSTRAINT uq_address_key UNIQUE ("key")
);

CREATE INDEX ix_address_domain ON address (domain);

CREATE INDEX ix_address_name_key ON address (name_key) WHERE name_key <> '';

CREATE INDEX ix_address_org_domain ON address (org_domain);

CREATE INDEX ix_address_plain_key ON address (plain_key);

CREATE TABLE assignment_turn (
	ring TEXT NOT NULL,
	next BIGINT DEFAULT 0 NOT NULL,
	CONSTRAINT pk_assignment_turn PRIMARY KEY (ring)
);

CREATE TABLE attempt (
	"key" TEXT NOT NULL,
	failures BIGINT DEFAULT 0 NOT NULL,
	first_at BIGINT NOT NULL,
	CONSTRAINT pk_attempt PRIMARY KEY ("key")
);

CREATE TABLE conversation (
	id INTEGER NOT NULL,
	last_human_at BIGINT,
	last_human_direction TEXT DEFAULT '' NOT NULL,
	last_human_message_id INTEGER,
	dismissed_message_id INTEGER,
	CONSTRAINT pk_conversation PRIMARY KEY (id)
);

CREATE INDEX ix_conversation_waiting ON conversation (last_human_direction, last_human_at, id) WHERE dismissed_message_id IS NULL OR dismissed_message_id <> last_human_message_id;

CREATE TABLE export_key (
	kind TEXT NOT NULL,
	"key" TEXT NOT NULL,
	row_id BIGINT NOT NULL,
	made_row BOOLEAN DEFAULT false NOT NULL,
	CONSTRAINT pk_export_key PRIMARY KEY (kind, "key")
);

CREATE INDEX ix_export_key_row_id ON export_key (kind, row_id);

CREATE TABLE kept_file (
	sha256 TEXT NOT NULL,
	size BIGINT NOT NULL,
	content BLOB NOT NULL,
	made_at BIGINT NOT NULL,
	CONSTRAINT pk_kept_file PRIMARY KEY (sha256)
);

CREATE TABLE organization (
	id INTEGER NOT NULL,
	domain TEXT NOT NULL,
	name TEXT NOT NULL,
	CONSTRAINT pk_organization PRIMARY KEY (id),
	CONSTRAINT uq_organization_domain UNIQUE (domain)
);

CREATE INDEX ix_organization_name ON organization (name);

CREATE TABLE quota_bucket (
	name TEXT NOT NULL,
	tokens FLOAT NOT NULL,
	updated_at BIGINT NOT NULL,
	CONSTRAINT pk_quota_bucket PRIMARY KEY (name)
);

CREATE TABLE setting (
	"key" TEXT NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_setting PRIMARY KEY ("key")
);

CREATE TABLE tag (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	"key" TEXT NOT NULL,
	CONSTRAINT pk_tag PRIMARY KEY (id),
	CONSTRAINT uq_tag_key UNIQUE ("key")
);

CREATE TABLE audit (
	id INTEGER NOT NULL,
	at BIGINT NOT NULL,
	account_id INTEGER,
	kind TEXT NOT NULL,
	about TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_audit PRIMARY KEY (id),
	CONSTRAINT fk_audit_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_audit_at ON audit (at);

CREATE TABLE bulk_edit (
	id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	made_at BIGINT NOT NULL,
	asked TEXT DEFAULT '{}' NOT NULL,
	what TEXT DEFAULT '' NOT NULL,
	given TEXT DEFAULT '{}' NOT NULL,
	state TEXT DEFAULT 'chosen' NOT NULL,
	leads BIGINT DEFAULT 0 NOT NULL,
	CONSTRAINT pk_bulk_edit PRIMARY KEY (id),
	CONSTRAINT fk_bulk_edit_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE conversation_ref (
	message_id TEXT NOT NULL,
	conversation_id INTEGER NOT NULL,
	CONSTRAINT pk_conversation_ref PRIMARY KEY (message_id),
	CONSTRAINT fk_conversation_ref_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversation (id)
);

CREATE INDEX ix_conversation_ref_conversation_id ON conversation_ref (conversation_id);

CREATE TABLE idempotency_key (
	"key" TEXT NOT NULL,
	account_id INTEGER,
	fingerprint TEXT NOT NULL,
	http_code INTEGER NOT NULL,
	body BLOB NOT NULL,
	made_at BIGINT NOT NULL,
	CONSTRAINT pk_idempotency_key PRIMARY KEY ("key"),
	CONSTRAINT fk_idempotency_key_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_idempotency_key_made_at ON idempotency_key (made_at);

CREATE TABLE import_batch (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	columns TEXT DEFAULT '[]' NOT NULL,
	mapping TEXT DEFAULT '[]' NOT NULL,
	mode TEXT DEFAULT 'update' NOT NULL,
	tag TEXT DEFAULT '' NOT NULL,
	account_id INTEGER,
	made_at BIGINT NOT NULL,
	ended_at BIGINT,
	undone_at BIGINT,
	created BIGINT DEFAULT 0 NOT NULL,
	updated BIGINT DEFAULT 0 NOT NULL,
	unchanged BIGINT DEFAULT 0 NOT NULL,
	skipped BIGINT DEFAULT 0 NOT NULL,
	rejected BIGINT DEFAULT 0 NOT NULL,
	CONSTRAINT pk_import_batch PRIMARY KEY (id),
	CONSTRAINT fk_import_batch_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE import_file (
	id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	content BLOB NOT NULL,
	made_at BIGINT NOT NULL,
	CONSTRAINT pk_import_file PRIMARY KEY (id),
	CONSTRAINT fk_import_file_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE invitation (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	token_hash TEXT NOT NULL,
	role TEXT NOT NULL,
	address TEXT DEFAULT '' NOT NULL,
	made_by INTEGER,
	made_at BIGINT NOT NULL,
	ends_at BIGINT NOT NULL,
	used_at BIGINT,
	CONSTRAINT uq_invitation_token_hash UNIQUE (token_hash),
	CONSTRAINT fk_invitation_made_by FOREIGN KEY(made_by) REFERENCES account (id)
);

CREATE TABLE lead (
	id INTEGER NOT NULL,
	name TEXT DEFAULT '' NOT NULL,
	organization_id INTEGER,
	pipeline TEXT NOT NULL,
	stage TEXT NOT NULL,
	stage_since_at BIGINT NOT NULL,
	owner_id INTEGER,
	source TEXT DEFAULT '' NOT NULL,
	phone TEXT DEFAULT '' NOT NULL,
	snoozed_until_at BIGINT,
	pinned_message_id INTEGER,
	value_cents BIGINT,
	value_currency TEXT DEFAULT '' NOT NULL,
	close_on TEXT,
	stage_reason TEXT DEFAULT '' NOT NULL,
	state_since_at BIGINT,
	custom TEXT DEFAULT '{}' NOT NULL,
	merged_into INTEGER,
	version INTEGER DEFAULT 1 NOT NULL,
	made_by TEXT DEFAULT 'rule' NOT NULL,
	is_touched BOOLEAN DEFAULT false NOT NULL,
	is_withdrawn BOOLEAN DEFAULT false NOT NULL,
	created_at BIGINT NOT NULL,
	first_at BIGINT,
	last_in_at BIGINT,
	last_out_at BIGINT,
	in_count BIGINT DEFAULT 0 NOT NULL,
	out_count BIGINT DEFAULT 0 NOT NULL,
	owes TEXT DEFAULT 'nobody' NOT NULL,
	owes_since_at BIGINT,
	owes_message_id INTEGER,
	moved_at BIGINT DEFAULT 0 NOT NULL,
	CONSTRAINT pk_lead PRIMARY KEY (id),
	CONSTRAINT fk_lead_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
	CONSTRAINT fk_lead_owner_id FOREIGN KEY(owner_id) REFERENCES account (id),
	CONSTRAINT fk_lead_merged_into FOREIGN KEY(merged_into) REFERENCES lead (id)
);

CREATE INDEX ix_lead_moved_at ON lead (moved_at, id);

CREATE INDEX ix_lead_organization_moved_at ON lead (organization_id, moved_at, id);

CREATE INDEX ix_lead_owes_moved_at ON lead (owes, moved_at, id);

CREATE INDEX ix_lead_owes_since_at ON lead (owes, owes_since_at, id, owner_id) WHERE owes <> 'nobody';

CREATE INDEX ix_lead_owner_moved_at ON lead (owner_id, moved_at, id);

CREATE INDEX ix_lead_pinned_message_id ON lead (pinned_message_id) WHERE pinned_message_id IS NOT NULL;

CREATE INDEX ix_lead_stage_moved_at ON lead (pipeline, stage, moved_at, id, merged_into, is_withdrawn);

CREATE INDEX ix_lead_sums ON lead (pipeline, stage, value_currency, value_cents) WHERE merged_into IS NULL AND is_withdrawn IS 0;

CREATE TABLE mailbox (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	provider TEXT NOT NULL,
	address TEXT DEFAULT '' NOT NULL,
	aliases TEXT DEFAULT '[]' NOT NULL,
	capture TEXT DEFAULT 'enquiry' NOT NULL,
	since_at BIGINT,
	labels TEXT DEFAULT '[]' NOT NULL,
	auth TEXT DEFAULT 'ok' NOT NULL,
	made_in TEXT DEFAULT 'settings' NOT NULL,
	owner_id INTEGER,
	visibility TEXT DEFAULT 'shared' NOT NULL,
	token TEXT DEFAULT '' NOT NULL,
	scopes TEXT DEFAULT '[]' NOT NULL,
	paused BOOLEAN DEFAULT false NOT NULL,
	wake_at BIGINT,
	trouble TEXT DEFAULT '' NOT NULL,
	synced_at BIGINT,
	audited_at BIGINT,
	lease_owner TEXT DEFAULT '' NOT NULL,
	lease_until BIGINT,
	signature TEXT DEFAULT '' NOT NULL,
	signature_html TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_mailbox PRIMARY KEY (id),
	CONSTRAINT uq_mailbox_name UNIQUE (name),
	CONSTRAINT fk_mailbox_owner_id FOREIGN KEY(owner_id) REFERENCES account (id)
);

CREATE TABLE message (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	"key" TEXT NOT NULL,
	message_id TEXT DEFAULT '' NOT NULL,
	conversation_id INTEGER NOT NULL,
	sent_at BIGINT NOT NULL,
	date_source TEXT DEFAULT '' NOT NULL,
	direction TEXT DEFAULT '' NOT NULL,
	kind TEXT DEFAULT '' NOT NULL,
	kind_rule TEXT DEFAULT '' NOT NULL,
	kind_evidence TEXT DEFAULT '' NOT NULL,
	subject TEXT DEFAULT '' NOT NULL,
	snippet TEXT DEFAULT '' NOT NULL,
	author_id INTEGER,
	participant_count BIGINT DEFAULT 0 NOT NULL,
	recipient_count BIGINT DEFAULT 0 NOT NULL,
	attachment_count BIGINT DEFAULT 0 NOT NULL,
	size_bytes BIGINT DEFAULT 0 NOT NULL,
	defects TEXT DEFAULT '[]' NOT NULL,
	parser_version BIGINT DEFAULT 0 NOT NULL,
	CONSTRAINT uq_message_key UNIQUE ("key"),
	CONSTRAINT fk_message_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversation (id),
	CONSTRAINT fk_message_author_id FOREIGN KEY(author_id) REFERENCES address (id)
);

CREATE INDEX ix_message_author_id ON message (author_id);

CREATE INDEX ix_message_conversation_id_sent_at ON message (conversation_id, sent_at);

CREATE TABLE review_answer (
	id INTEGER NOT NULL,
	account_id INTEGER,
	at BIGINT NOT NULL,
	text TEXT DEFAULT '' NOT NULL,
	data TEXT DEFAULT '[]' NOT NULL,
	undone_at BIGINT,
	CONSTRAINT pk_review_answer PRIMARY KEY (id),
	CONSTRAINT fk_review_answer_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE review_later (
	address_id INTEGER NOT NULL,
	until_at BIGINT NOT NULL,
	set_at BIGINT NOT NULL,
	account_id INTEGER,
	CONSTRAINT pk_review_later PRIMARY KEY (address_id),
	CONSTRAINT fk_review_later_address_id FOREIGN KEY(address_id) REFERENCES address (id) ON DELETE CASCADE,
	CONSTRAINT fk_review_later_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_review_later_until_at ON review_later (until_at);

CREATE TABLE saved_view (
	id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	"key" TEXT NOT NULL,
	page TEXT NOT NULL,
	pipeline TEXT DEFAULT '' NOT NULL,
	filter_text TEXT DEFAULT '' NOT NULL,
	conditions TEXT DEFAULT '' NOT NULL,
	columns TEXT DEFAULT '' NOT NULL,
	sort TEXT DEFAULT '' NOT NULL,
	is_descending BOOLEAN DEFAULT false NOT NULL,
	grouping TEXT DEFAULT '' NOT NULL,
	days INTEGER DEFAULT 0 NOT NULL,
	is_shared BOOLEAN DEFAULT false NOT NULL,
	version INTEGER DEFAULT 1 NOT NULL,
	made_at BIGINT NOT NULL,
	removed_at BIGINT,
	CONSTRAINT pk_saved_view PRIMARY KEY (id),
	CONSTRAINT fk_saved_view_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE UNIQUE INDEX ix_saved_view_account_id ON saved_view (account_id, "key");

CREATE INDEX ix_saved_view_shared ON saved_view ("key", id) WHERE is_shared IS 1 AND removed_at IS NULL;

CREATE TABLE segment (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	"key" TEXT NOT NULL,
	kind TEXT DEFAULT 'live' NOT NULL,
	text TEXT DEFAULT '' NOT NULL,
	tree TEXT DEFAULT '{}' NOT NULL,
	account_id INTEGER,
	made_at BIGINT NOT NULL,
	removed_at BIGINT,
	CONSTRAINT pk_segment PRIMARY KEY (id),
	CONSTRAINT uq_segment_key UNIQUE ("key"),
	CONSTRAINT fk_segment_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE session (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	token_hash TEXT NOT NULL,
	account_id INTEGER NOT NULL,
	browser TEXT DEFAULT '' NOT NULL,
	made_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	CONSTRAINT uq_session_token_hash UNIQUE (token_hash),
	CONSTRAINT fk_session_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE
);

CREATE INDEX ix_session_account_id ON session (account_id);

CREATE TABLE snippet (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	"key" TEXT NOT NULL,
	account_id INTEGER,
	made_at BIGINT NOT NULL,
	removed_at BIGINT,
	CONSTRAINT pk_snippet PRIMARY KEY (id),
	CONSTRAINT uq_snippet_key UNIQUE ("key"),
	CONSTRAINT fk_snippet_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE suppression (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	scope TEXT NOT NULL,
	subject TEXT NOT NULL,
	reason TEXT NOT NULL,
	source TEXT DEFAULT '' NOT NULL,
	message_id INTEGER,
	account_id INTEGER,
	first_at BIGINT NOT NULL,
	removed_at BIGINT,
	CONSTRAINT uq_suppression_scope_subject UNIQUE (scope, subject),
	CONSTRAINT fk_suppression_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE template (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	"key" TEXT NOT NULL,
	account_id INTEGER,
	made_at BIGINT NOT NULL,
	removed_at BIGINT,
	CONSTRAINT pk_template PRIMARY KEY (id),
	CONSTRAINT uq_template_key UNIQUE ("key"),
	CONSTRAINT fk_template_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE activity (
	id INTEGER NOT NULL,
	lead_id INTEGER NOT NULL,
	at BIGINT NOT NULL,
	kind TEXT NOT NULL,
	account_id INTEGER,
	text TEXT DEFAULT '' NOT NULL,
	data TEXT DEFAULT '{}' NOT NULL,
	is_pinned BOOLEAN DEFAULT false NOT NULL,
	undone_at BIGINT,
	CONSTRAINT pk_activity PRIMARY KEY (id),
	CONSTRAINT fk_activity_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE,
	CONSTRAINT fk_activity_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_activity_kind ON activity (lead_id, kind, at, id);

CREATE INDEX ix_activity_pinned ON activity (lead_id) WHERE is_pinned IS 1;

CREATE INDEX ix_activity_timeline ON activity (lead_id, at, id);

CREATE TABLE address_capture (
	address_id INTEGER NOT NULL,
	outcome TEXT NOT NULL,
	rule TEXT NOT NULL,
	detail TEXT DEFAULT '' NOT NULL,
	mailbox_id INTEGER,
	rests_on INTEGER,
	decided_at BIGINT NOT NULL,
	decided_by TEXT DEFAULT 'rule' NOT NULL,
	waiting_at BIGINT,
	CONSTRAINT pk_address_capture PRIMARY KEY (address_id),
	CONSTRAINT fk_address_capture_address_id FOREIGN KEY(address_id) REFERENCES address (id),
	CONSTRAINT fk_address_capture_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id)
);

CREATE INDEX ix_address_capture_outcome ON address_capture (outcome, decided_at, address_id);

CREATE INDEX ix_address_capture_rule ON address_capture (outcome, rule, decided_at, address_id);

CREATE INDEX ix_address_capture_waiting ON address_capture (waiting_at, address_id) WHERE waiting_at IS NOT NULL;

CREATE TABLE answer_mark (
	id INTEGER NOT NULL,
	message_id INTEGER NOT NULL,
	mark TEXT NOT NULL,
	account_id INTEGER,
	made_at BIGINT NOT NULL,
	replaced_at BIGINT,
	CONSTRAINT pk_answer_mark PRIMARY KEY (id),
	CONSTRAINT fk_answer_mark_message_id FOREIGN KEY(message_id) REFERENCES message (id) ON DELETE CASCADE,
	CONSTRAINT fk_answer_mark_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE UNIQUE INDEX ix_answer_mark_current ON answer_mark (message_id) WHERE replaced_at IS NULL;

CREATE INDEX ix_answer_mark_message_id ON answer_mark (message_id);

CREATE TABLE attachment (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	message_id INTEGER NOT NULL,
	part TEXT NOT NULL,
	filename TEXT DEFAULT '' NOT NULL,
	content_type TEXT DEFAULT '' NOT NULL,
	size_bytes BIGINT DEFAULT 0 NOT NULL,
	content_id TEXT DEFAULT '' NOT NULL,
	is_inline BOOLEAN DEFAULT false NOT NULL,
	CONSTRAINT fk_attachment_message_id FOREIGN KEY(message_id) REFERENCES message (id) ON DELETE CASCADE
);

CREATE INDEX ix_attachment_message_id ON attachment (message_id);

CREATE TABLE bulk_edit_lead (
	bulk_edit_id INTEGER NOT NULL,
	lead_id INTEGER NOT NULL,
	version INTEGER NOT NULL,
	outcome TEXT DEFAULT '' NOT NULL,
	activity_id BIGINT,
	reason TEXT,
	CONSTRAINT pk_bulk_edit_lead PRIMARY KEY (bulk_edit_id, lead_id),
	CONSTRAINT fk_bulk_edit_lead_bulk_edit_id FOREIGN KEY(bulk_edit_id) REFERENCES bulk_edit (id) ON DELETE CASCADE
);

CREATE INDEX ix_bulk_edit_lead_outcome ON bulk_edit_lead (bulk_edit_id, outcome, lead_id);

CREATE TABLE cadence (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	"key" TEXT NOT NULL,
	state TEXT DEFAULT 'draft' NOT NULL,
	mailbox_id INTEGER NOT NULL,
	from_address TEXT DEFAULT '' NOT NULL,
	segment TEXT DEFAULT '' NOT NULL,
	rules TEXT DEFAULT '{}' NOT NULL,
	version INTEGER DEFAULT 1 NOT NULL,
	account_id INTEGER,
	made_at BIGINT NOT NULL,
	started_at BIGINT,
	ended_at BIGINT,
	CONSTRAINT pk_cadence PRIMARY KEY (id),
	CONSTRAINT uq_cadence_key UNIQUE ("key"),
	CONSTRAINT fk_cadence_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id),
	CONSTRAINT fk_cadence_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_cadence_mailbox_id ON cadence (mailbox_id);

CREATE TABLE capture_rule (
	id INTEGER NOT NULL,
	scope TEXT NOT NULL,
	subject TEXT NOT NULL,
	outcome TEXT NOT NULL,
	lead_id INTEGER,
	account_id INTEGER,
	made_at BIGINT NOT NULL,
	removed_at BIGINT,
	CONSTRAINT pk_capture_rule PRIMARY KEY (id),
	CONSTRAINT fk_capture_rule_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id),
	CONSTRAINT fk_capture_rule_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_capture_rule_standing ON capture_rule (scope, made_at, id) WHERE removed_at IS NULL;

CREATE INDEX ix_capture_rule_subject ON capture_rule (scope, subject);

CREATE TABLE consent (
	state_hash TEXT NOT NULL,
	account_id INTEGER NOT NULL,
	session TEXT NOT NULL,
	mailbox_id INTEGER,
	verifier TEXT DEFAULT '' NOT NULL,
	redirect_uri TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	CONSTRAINT pk_consent PRIMARY KEY (state_hash),
	CONSTRAINT fk_consent_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE,
	CONSTRAINT fk_consent_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id) ON DELETE CASCADE
);

CREATE TABLE evidence (
	address_id INTEGER NOT NULL,
	mailbox_id INTEGER NOT NULL,
	sign TEXT NOT NULL,
	messages BIGINT DEFAULT 0 NOT NULL,
	first_at BIGINT NOT NULL,
	last_at BIGINT DEFAULT 0 NOT NULL,
	first_key TEXT NOT NULL,
	first_message_id INTEGER NOT NULL,
	CONSTRAINT pk_evidence PRIMARY KEY (address_id, mailbox_id, sign),
	CONSTRAINT fk_evidence_address_id FOREIGN KEY(address_id) REFERENCES address (id),
	CONSTRAINT fk_evidence_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id) ON DELETE CASCADE
);

CREATE TABLE fetch_item (
	id INTEGER NOT NULL,
	mailbox_id INTEGER NOT NULL,
	ref TEXT NOT NULL,
	thread_ref TEXT DEFAULT '' NOT NULL,
	priority BIGINT DEFAULT 0 NOT NULL,
	rank BIGINT DEFAULT 0 NOT NULL,
	attempts BIGINT DEFAULT 0 NOT NULL,
	not_before BIGINT DEFAULT 0 NOT NULL,
	state TEXT DEFAULT 'todo' NOT NULL,
	reason TEXT DEFAULT '' NOT NULL,
	parser_version BIGINT DEFAULT 0 NOT NULL,
	mentions TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_fetch_item PRIMARY KEY (id),
	CONSTRAINT uq_fetch_item_mailbox_id_ref UNIQUE (mailbox_id, ref),
	CONSTRAINT fk_fetch_item_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id) ON DELETE CASCADE
);

CREATE INDEX ix_fetch_item_next ON fetch_item (mailbox_id, state, priority, rank);

CREATE INDEX ix_fetch_item_thread ON fetch_item (mailbox_id, thread_ref);

CREATE TABLE import_row (
	batch_id INTEGER NOT NULL,
	line INTEGER NOT NULL,
	outcome TEXT NOT NULL,
	lead_id BIGINT,
	activity_id BIGINT,
	data TEXT DEFAULT '{}' NOT NULL,
	undone_at BIGINT,
	CONSTRAINT pk_import_row PRIMARY KEY (batch_id, line),
	CONSTRAINT fk_import_row_batch_id FOREIGN KEY(batch_id) REFERENCES import_batch (id) ON DELETE CASCADE
);

CREATE TABLE label (
	mailbox_id INTEGER NOT NULL,
	ref TEXT NOT NULL,
	name TEXT NOT NULL,
	CONSTRAINT uq_label_mailbox_id_ref UNIQUE (mailbox_id, ref),
	CONSTRAINT fk_label_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id) ON DELETE CASCADE
);

CREATE TABLE lead_address (
	address_id INTEGER NOT NULL,
	lead_id INTEGER NOT NULL,
	added_by TEXT DEFAULT 'rule' NOT NULL,
	CONSTRAINT pk_lead_address PRIMARY KEY (address_id),
	CONSTRAINT fk_lead_address_address_id FOREIGN KEY(address_id) REFERENCES address (id),
	CONSTRAINT fk_lead_address_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE
);

CREATE INDEX ix_lead_address_lead_id ON lead_address (lead_id);

CREATE TABLE lead_consent (
	lead_id INTEGER NOT NULL,
	state TEXT NOT NULL,
	source TEXT NOT NULL,
	given_on TEXT NOT NULL,
	account_id INTEGER,
	noted_at BIGINT NOT NULL,
	CONSTRAINT pk_lead_consent PRIMARY KEY (lead_id),
	CONSTRAINT fk_lead_consent_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE,
	CONSTRAINT fk_lead_consent_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE lead_decision (
	message_id INTEGER NOT NULL,
	address_id INTEGER NOT NULL,
	outcome TEXT NOT NULL,
	rule TEXT NOT NULL,
	rests_on INTEGER,
	rule_version INTEGER NOT NULL,
	CONSTRAINT pk_lead_decision PRIMARY KEY (message_id, address_id),
	CONSTRAINT fk_lead_decision_message_id FOREIGN KEY(message_id) REFERENCES message (id),
	CONSTRAINT fk_lead_decision_address_id FOREIGN KEY(address_id) REFERENCES address (id)
);

CREATE INDEX ix_lead_decision_address_id ON lead_decision (address_id);

CREATE TABLE lead_link (
	message_id INTEGER NOT NULL,
	address_id INTEGER NOT NULL,
	lead_id INTEGER NOT NULL,
	at BIGINT NOT NULL,
	direction TEXT DEFAULT '' NOT NULL,
	is_human BOOLEAN DEFAULT false NOT NULL,
	reason TEXT DEFAULT '' NOT NULL,
	is_unlinked BOOLEAN DEFAULT false NOT NULL,
	CONSTRAINT pk_lead_link PRIMARY KEY (message_id, address_id),
	CONSTRAINT fk_lead_link_message_id FOREIGN KEY(message_id) REFERENCES message (id),
	CONSTRAINT fk_lead_link_address_id FOREIGN KEY(address_id) REFERENCES address (id),
	CONSTRAINT fk_lead_link_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE
);

CREATE INDEX ix_lead_link_at ON lead_link (at, message_id);

CREATE INDEX ix_lead_link_timeline ON lead_link (lead_id, at, message_id);

CREATE TABLE lead_past (
	id INTEGER NOT NULL,
	lead_id INTEGER NOT NULL,
	from_at BIGINT NOT NULL,
	until_at BIGINT NOT NULL,
	pipeline TEXT NOT NULL,
	stage TEXT NOT NULL,
	stage_since_at BIGINT NOT NULL,
	stage_reason TEXT DEFAULT '' NOT NULL,
	owner_id INTEGER,
	source TEXT DEFAULT '' NOT NULL,
	value_cents BIGINT,
	value_currency TEXT DEFAULT '' NOT NULL,
	close_on TEXT,
	taken_back_at BIGINT,
	CONSTRAINT pk_lead_past PRIMARY KEY (id),
	CONSTRAINT fk_lead_past_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE
);

CREATE INDEX ix_lead_past_lead_id ON lead_past (lead_id, pipeline, stage, stage_since_at, from_at, taken_back_at, until_at);

CREATE INDEX ix_lead_past_until_at ON lead_past (until_at, from_at);

CREATE TABLE lead_score (
	lead_id INTEGER NOT NULL,
	fit BIGINT DEFAULT 0 NOT NULL,
	engagement BIGINT DEFAULT 0 NOT NULL,
	computed_at BIGINT NOT NULL,
	changes_at BIGINT,
	CONSTRAINT pk_lead_score PRIMARY KEY (lead_id),
	CONSTRAINT fk_lead_score_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE
);

CREATE INDEX ix_lead_score_changes_at ON lead_score (changes_at, lead_id) WHERE changes_at IS NOT NULL;

CREATE TABLE lead_tag (
	lead_id INTEGER NOT NULL,
	tag_id INTEGER NOT NULL,
	CONSTRAINT pk_lead_tag PRIMARY KEY (lead_id, tag_id),
	CONSTRAINT fk_lead_tag_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE,
	CONSTRAINT fk_lead_tag_tag_id FOREIGN KEY(tag_id) REFERENCES tag (id) ON DELETE CASCADE
);

CREATE INDEX ix_lead_tag_tag_id ON lead_tag (tag_id);

CREATE TABLE mailbox_cursor (
	mailbox_id INTEGER NOT NULL,
	state TEXT DEFAULT 'new' NOT NULL,
	generation BIGINT DEFAULT 0 NOT NULL,
	cursor TEXT DEFAULT '' NOT NULL,
	walk_cursor TEXT DEFAULT '' NOT NULL,
	page_token TEXT DEFAULT '' NOT NULL,
	scope TEXT DEFAULT '' NOT NULL,
	message_total BIGINT DEFAULT 0 NOT NULL,
	CONSTRAINT pk_mailbox_cursor PRIMARY KEY (mailbox_id),
	CONSTRAINT fk_mailbox_cursor_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id) ON DELETE CASCADE
);

CREATE TABLE mailbox_member (
	mailbox_id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	CONSTRAINT pk_mailbox_member PRIMARY KEY (mailbox_id, account_id),
	CONSTRAINT fk_mailbox_member_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id) ON DELETE CASCADE,
	CONSTRAINT fk_mailbox_member_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE
);

CREATE TABLE message_body (
	message_id INTEGER NOT NULL,
	text TEXT DEFAULT '' NOT NULL,
	html TEXT DEFAULT '' NOT NULL,
	headers TEXT DEFAULT '[]' NOT NULL,
	report TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_message_body PRIMARY KEY (message_id),
	CONSTRAINT fk_message_body_message_id FOREIGN KEY(message_id) REFERENCES message (id) ON DELETE CASCADE
);

CREATE TABLE message_verdict (
	id INTEGER NOT NULL,
	message_id INTEGER NOT NULL,
	said TEXT NOT NULL,
	back_on TEXT DEFAULT '' NOT NULL,
	rule_kind TEXT NOT NULL,
	rule TEXT DEFAULT '' NOT NULL,
	rule_evidence TEXT DEFAULT '' NOT NULL,
	account_id INTEGER,
	made_at BIGINT NOT NULL,
	replaced_at BIGINT,
	CONSTRAINT pk_message_verdict PRIMARY KEY (id),
	CONSTRAINT fk_message_verdict_message_id FOREIGN KEY(message_id) REFERENCES message (id) ON DELETE CASCADE,
	CONSTRAINT fk_message_verdict_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE UNIQUE INDEX ix_message_verdict_current ON message_verdict (message_id) WHERE replaced_at IS NULL;

CREATE INDEX ix_message_verdict_message_id ON message_verdict (message_id);

CREATE TABLE participant (
	message_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	role TEXT NOT NULL,
	address_id INTEGER NOT NULL,
	name TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_participant PRIMARY KEY (message_id, position),
	CONSTRAINT fk_participant_message_id FOREIGN KEY(message_id) REFERENCES message (id) ON DELETE CASCADE,
	CONSTRAINT fk_participant_address_id FOREIGN KEY(address_id) REFERENCES address (id)
);

CREATE INDEX ix_participant_address_id_message_id ON participant (address_id, message_id);

CREATE TABLE score_due (
	id INTEGER NOT NULL,
	lead_id INTEGER NOT NULL,
	CONSTRAINT pk_score_due PRIMARY KEY (id),
	CONSTRAINT fk_score_due_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE
);

CREATE INDEX ix_score_due_lead_id ON score_due (lead_id);

CREATE TABLE seen_ref (
	mailbox_id INTEGER NOT NULL,
	generation BIGINT NOT NULL,
	scope TEXT NOT NULL,
	ref TEXT NOT NULL,
	CONSTRAINT pk_seen_ref PRIMARY KEY (mailbox_id, generation, scope, ref),
	CONSTRAINT fk_seen_ref_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id) ON DELETE CASCADE
);

CREATE TABLE segment_lead (
	segment_id INTEGER NOT NULL,
	lead_id INTEGER NOT NULL,
	CONSTRAINT pk_segment_lead PRIMARY KEY (segment_id, lead_id),
	CONSTRAINT fk_segment_lead_segment_id FOREIGN KEY(segment_id) REFERENCES segment (id) ON DELETE CASCADE,
	CONSTRAINT fk_segment_lead_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE
);

CREATE INDEX ix_segment_lead_lead_id ON segment_lead (lead_id);

CREATE TABLE sending (
	mailbox_id INTEGER NOT NULL,
	lease_owner TEXT DEFAULT '' NOT NULL,
	lease_until BIGINT,
	fence BIGINT DEFAULT 0 NOT NULL,
	paused_until_at BIGINT,
	paused_for TEXT DEFAULT '' NOT NULL,
	day_cap INTEGER,
	gap_seconds INTEGER,
	zone TEXT DEFAULT '' NOT NULL,
	addresses TEXT DEFAULT '[]' NOT NULL,
	addresses_at BIGINT,
	CONSTRAINT pk_sending PRIMARY KEY (mailbox_id),
	CONSTRAINT fk_sending_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id) ON DELETE CASCADE
);

CREATE TABLE snippet_version (
	id INTEGER NOT NULL,
	snippet_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	text TEXT DEFAULT '' NOT NULL,
	html TEXT DEFAULT '' NOT NULL,
	account_id INTEGER,
	made_at BIGINT NOT NULL,
	CONSTRAINT pk_snippet_version PRIMARY KEY (id),
	CONSTRAINT uq_snippet_version_snippet_id_number UNIQUE (snippet_id, number),
	CONSTRAINT fk_snippet_version_snippet_id FOREIGN KEY(snippet_id) REFERENCES snippet (id) ON DELETE CASCADE,
	CONSTRAINT fk_snippet_version_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE template_version (
	id INTEGER NOT NULL,
	template_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	subject TEXT DEFAULT '' NOT NULL,
	text TEXT DEFAULT '' NOT NULL,
	html TEXT DEFAULT '' NOT NULL,
	fallbacks TEXT DEFAULT '{}' NOT NULL,
	ready TEXT DEFAULT '{}' NOT NULL,
	signs BOOLEAN DEFAULT false NOT NULL,
	files TEXT DEFAULT '[]' NOT NULL,
	account_id INTEGER,
	made_at BIGINT NOT NULL,
	CONSTRAINT pk_template_version PRIMARY KEY (id),
	CONSTRAINT uq_template_version_template_id_number UNIQUE (template_id, number),
	CONSTRAINT fk_template_version_template_id FOREIGN KEY(template_id) REFERENCES template (id) ON DELETE CASCADE,
	CONSTRAINT fk_template_version_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE thread (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	mailbox_id INTEGER NOT NULL,
	ref TEXT NOT NULL,
	subject TEXT DEFAULT '' NOT NULL,
	last_at BIGINT DEFAULT 0 NOT NULL,
	message_count BIGINT DEFAULT 0 NOT NULL,
	last_message_id INTEGER,
	CONSTRAINT uq_thread_mailbox_id_ref UNIQUE (mailbox_id, ref),
	CONSTRAINT fk_thread_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id) ON DELETE CASCADE
);

CREATE INDEX ix_thread_last_at ON thread (last_at);

CREATE INDEX ix_thread_mailbox_id_last_at ON thread (mailbox_id, last_at);

CREATE TABLE cadence_version (
	cadence_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	text TEXT DEFAULT '' NOT NULL,
	for_all BOOLEAN DEFAULT false NOT NULL,
	account_id INTEGER,
	made_at BIGINT NOT NULL,
	CONSTRAINT uq_cadence_version_cadence_id_number UNIQUE (cadence_id, number),
	CONSTRAINT fk_cadence_version_cadence_id FOREIGN KEY(cadence_id) REFERENCES cadence (id) ON DELETE CASCADE,
	CONSTRAINT fk_cadence_version_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE enrollment (
	id INTEGER NOT NULL,
	cadence_id INTEGER NOT NULL,
	lead_id INTEGER NOT NULL,
	address_id INTEGER NOT NULL,
	generation INTEGER DEFAULT 1 NOT NULL,
	state TEXT DEFAULT 'active' NOT NULL,
	stop_reason TEXT DEFAULT '' NOT NULL,
	stop_words TEXT DEFAULT '' NOT NULL,
	stop_message_id INTEGER,
	parked_until_at BIGINT,
	parked_message_id INTEGER,
	version INTEGER NOT NULL,
	account_id INTEGER,
	enrolled_at BIGINT NOT NULL,
	ended_at BIGINT,
	CONSTRAINT pk_enrollment PRIMARY KEY (id),
	CONSTRAINT uq_enrollment_cadence_id_lead_id_generation UNIQUE (cadence_id, lead_id, generation),
	CONSTRAINT fk_enrollment_cadence_id FOREIGN KEY(cadence_id) REFERENCES cadence (id) ON DELETE CASCADE,
	CONSTRAINT fk_enrollment_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE,
	CONSTRAINT fk_enrollment_address_id FOREIGN KEY(address_id) REFERENCES address (id),
	CONSTRAINT fk_enrollment_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE UNIQUE INDEX ix_enrollment_active ON enrollment (cadence_id, lead_id) WHERE state = 'active';

CREATE INDEX ix_enrollment_address_id ON enrollment (address_id);

CREATE INDEX ix_enrollment_lead_id ON enrollment (lead_id);

CREATE INDEX ix_enrollment_stop_message_id ON enrollment (stop_message_id);

CREATE TABLE message_copy (
	id INTEGER NOT NULL,
	mailbox_id INTEGER NOT NULL,
	ref TEXT NOT NULL,
	message_id INTEGER,
	thread_id INTEGER,
	labels TEXT DEFAULT '' NOT NULL,
	received_at BIGINT,
	is_withdrawn BOOLEAN DEFAULT false NOT NULL,
	delivered_to TEXT DEFAULT '' NOT NULL,
	tombstoned_at BIGINT,
	CONSTRAINT pk_message_copy PRIMARY KEY (id),
	CONSTRAINT uq_message_copy_mailbox_id_ref UNIQUE (mailbox_id, ref),
	CONSTRAINT fk_message_copy_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id) ON DELETE CASCADE,
	CONSTRAINT fk_message_copy_message_id FOREIGN KEY(message_id) REFERENCES message (id),
	CONSTRAINT fk_message_copy_thread_id FOREIGN KEY(thread_id) REFERENCES thread (id)
);

CREATE INDEX ix_message_copy_message_id ON message_copy (message_id);

CREATE INDEX ix_message_copy_thread_id ON message_copy (thread_id);

CREATE TABLE step (
	id INTEGER NOT NULL,
	cadence_id INTEGER NOT NULL,
	version INTEGER NOT NULL,
	number INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	kind TEXT DEFAULT 'mail' NOT NULL,
	template_version_id INTEGER,
	delay BIGINT DEFAULT 0 NOT NULL,
	delay_unit TEXT DEFAULT 'days' NOT NULL,
	data TEXT DEFAULT '{}' NOT NULL,
	CONSTRAINT pk_step PRIMARY KEY (id),
	CONSTRAINT uq_step_cadence_id_version_number UNIQUE (cadence_id, version, number),
	CONSTRAINT uq_step_cadence_id_version_key UNIQUE (cadence_id, version, "key"),
	CONSTRAINT fk_step_cadence_id FOREIGN KEY(cadence_id) REFERENCES cadence (id) ON DELETE CASCADE,
	CONSTRAINT fk_step_template_version_id FOREIGN KEY(template_version_id) REFERENCES template_version (id)
);

CREATE INDEX ix_step_template_version_id ON step (template_version_id);

CREATE TABLE task (
	id INTEGER NOT NULL,
	lead_id INTEGER NOT NULL,
	title TEXT NOT NULL,
	due_on TEXT,
	account_id INTEGER,
	created_at BIGINT NOT NULL,
	done_at BIGINT,
	removed_at BIGINT,
	unless_answered BOOLEAN DEFAULT false NOT NULL,
	answered_at BIGINT,
	cadence_id INTEGER,
	step_key TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_task PRIMARY KEY (id),
	CONSTRAINT fk_task_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE,
	CONSTRAINT fk_task_account_id FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_task_cadence_id FOREIGN KEY(cadence_id) REFERENCES cadence (id)
);

CREATE INDEX ix_task_due_on ON task (due_on, id) WHERE done_at IS NULL AND removed_at IS NULL;

CREATE INDEX ix_task_open ON task (lead_id, due_on) WHERE done_at IS NULL AND removed_at IS NULL;

CREATE UNIQUE INDEX ix_task_step ON task (cadence_id, lead_id, step_key) WHERE cadence_id IS NOT NULL;

CREATE INDEX ix_task_unless_answered ON task (lead_id) WHERE unless_answered IS 1;

CREATE TABLE test_mail (
	id INTEGER NOT NULL,
	mailbox_id INTEGER NOT NULL,
	template_version_id INTEGER NOT NULL,
	lead_id INTEGER NOT NULL,
	account_id INTEGER,
	request TEXT NOT NULL,
	"key" TEXT NOT NULL,
	state TEXT DEFAULT 'claimed' NOT NULL,
	to_address TEXT DEFAULT '' NOT NULL,
	subject TEXT DEFAULT '' NOT NULL,
	mime_sha256 TEXT DEFAULT '' NOT NULL,
	ref TEXT DEFAULT '' NOT NULL,
	fault TEXT DEFAULT '' NOT NULL,
	made_at BIGINT NOT NULL,
	handed_over_at BIGINT,
	ended_at BIGINT,
	CONSTRAINT pk_test_mail PRIMARY KEY (id),
	CONSTRAINT fk_test_mail_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id) ON DELETE CASCADE,
	CONSTRAINT fk_test_mail_template_version_id FOREIGN KEY(template_version_id) REFERENCES template_version (id) ON DELETE CASCADE,
	CONSTRAINT fk_test_mail_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE,
	CONSTRAINT fk_test_mail_account_id FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT uq_test_mail_request UNIQUE (request),
	CONSTRAINT uq_test_mail_key UNIQUE ("key")
);

CREATE INDEX ix_test_mail_lead_id ON test_mail (lead_id);

CREATE INDEX ix_test_mail_mailbox_id ON test_mail (mailbox_id, state);

CREATE INDEX ix_test_mail_template_version_id ON test_mail (template_version_id, id);

CREATE TABLE adding_question (
	id INTEGER NOT NULL,
	cadence_id INTEGER NOT NULL,
	lead_id INTEGER NOT NULL,
	asked_of INTEGER NOT NULL,
	account_id INTEGER,
	task_id INTEGER NOT NULL,
	text TEXT DEFAULT '' NOT NULL,
	answer TEXT DEFAULT '' NOT NULL,
	answered_by INTEGER,
	asked_at BIGINT NOT NULL,
	answered_at BIGINT,
	CONSTRAINT pk_adding_question PRIMARY KEY (id),
	CONSTRAINT uq_adding_question_cadence_id_lead_id UNIQUE (cadence_id, lead_id),
	CONSTRAINT fk_adding_question_cadence_id FOREIGN KEY(cadence_id) REFERENCES cadence (id) ON DELETE CASCADE,
	CONSTRAINT fk_adding_question_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE,
	CONSTRAINT fk_adding_question_asked_of FOREIGN KEY(asked_of) REFERENCES account (id),
	CONSTRAINT fk_adding_question_account_id FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_adding_question_task_id FOREIGN KEY(task_id) REFERENCES task (id) ON DELETE CASCADE,
	CONSTRAINT fk_adding_question_answered_by FOREIGN KEY(answered_by) REFERENCES account (id)
);

CREATE INDEX ix_adding_question_lead_id ON adding_question (lead_id);

CREATE INDEX ix_adding_question_task_id ON adding_question (task_id);

CREATE TABLE copy_participant (
	copy_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	role TEXT NOT NULL,
	address_id INTEGER NOT NULL,
	name TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_copy_participant PRIMARY KEY (copy_id, position),
	CONSTRAINT fk_copy_participant_copy_id FOREIGN KEY(copy_id) REFERENCES message_copy (id) ON DELETE CASCADE,
	CONSTRAINT fk_copy_participant_address_id FOREIGN KEY(address_id) REFERENCES address (id)
);

CREATE INDEX ix_copy_participant_address_id_copy_id ON copy_participant (address_id, copy_id);

CREATE TABLE outbox (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	enrollment_id INTEGER NOT NULL,
	cadence_id INTEGER NOT NULL,
	lead_id INTEGER NOT NULL,
	mailbox_id INTEGER NOT NULL,
	step_key TEXT NOT NULL,
	resend INTEGER DEFAULT 0 NOT NULL,
	resent_by INTEGER,
	repeats_id INTEGER,
	"key" TEXT NOT NULL,
	state TEXT DEFAULT 'planned' NOT NULL,
	due_at BIGINT NOT NULL,
	not_before_at BIGINT DEFAULT 0 NOT NULL,
	waits_for TEXT DEFAULT '[]' NOT NULL,
	fence BIGINT DEFAULT 0 NOT NULL,
	template_version_id INTEGER,
	from_address TEXT DEFAULT '' NOT NULL,
	to_address TEXT DEFAULT '' NOT NULL,
	subject TEXT DEFAULT '' NOT NULL,
	mime_sha256 TEXT DEFAULT '' NOT NULL,
	draft_ref TEXT DEFAULT '' NOT NULL,
	draft_message_ref TEXT DEFAULT '' NOT NULL,
	history TEXT DEFAULT '' NOT NULL,
	attempts BIGINT DEFAULT 0 NOT NULL,
	looks BIGINT DEFAULT 0 NOT NULL,
	looked_at BIGINT,
	unseen_since_at BIGINT,
	ref TEXT DEFAULT '' NOT NULL,
	thread_ref TEXT DEFAULT '' NOT NULL,
	fared TEXT DEFAULT '' NOT NULL,
	fared_message_id INTEGER,
	fault TEXT DEFAULT '' NOT NULL,
	claimed_at BIGINT,
	handed_over_at BIGINT,
	ended_at BIGINT,
	CONSTRAINT uq_outbox_enrollment_id_step_key_resend UNIQUE (enrollment_id, step_key, resend),
	CONSTRAINT uq_outbox_cadence_id_lead_id_step_key_resend UNIQUE (cadence_id, lead_id, step_key, resend),
	CONSTRAINT ck_outbox_resent_by_a_person CHECK ((resend = 0) = (resent_by IS NULL)),
	CONSTRAINT ck_outbox_ref_of_what_was_sent CHECK (ref = '' OR state = 'sent'),
	CONSTRAINT fk_outbox_enrollment_id FOREIGN KEY(enrollment_id) REFERENCES enrollment (id) ON DELETE CASCADE,
	CONSTRAINT fk_outbox_cadence_id FOREIGN KEY(cadence_id) REFERENCES cadence (id) ON DELETE CASCADE,
	CONSTRAINT fk_outbox_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE,
	CONSTRAINT fk_outbox_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id),
	CONSTRAINT fk_outbox_resent_by FOREIGN KEY(resent_by) REFERENCES account (id),
	CONSTRAINT uq_outbox_key UNIQUE ("key"),
	CONSTRAINT fk_outbox_template_version_id FOREIGN KEY(template_version_id) REFERENCES template_version (id)
);

CREATE INDEX ix_outbox_cadence ON outbox (cadence_id, state, id);

CREATE INDEX ix_outbox_due ON outbox (mailbox_id, state, due_at, id) WHERE ref = '';

CREATE INDEX ix_outbox_lead_id ON outbox (lead_id);

CREATE INDEX ix_outbox_needs_somebody ON outbox (id) WHERE CASE state WHEN 'unconfirmed' THEN 1 WHEN 'unknown' THEN 1 WHEN 'failed' THEN 1 WHEN 'skipped' THEN 1 END = 1;

CREATE INDEX ix_outbox_ref ON outbox (mailbox_id, ref) WHERE ref <> '';

CREATE INDEX ix_outbox_template_version_id ON outbox (template_version_id);

CREATE INDEX ix_outbox_thread_ref ON outbox (mailbox_id, thread_ref) WHERE thread_ref <> '';

CREATE TABLE frozen_mail (
	outbox_id INTEGER NOT NULL,
	mime BLOB NOT NULL,
	CONSTRAINT pk_frozen_mail PRIMARY KEY (outbox_id),
	CONSTRAINT fk_frozen_mail_outbox_id FOREIGN KEY(outbox_id) REFERENCES outbox (id) ON DELETE CASCADE
);

CREATE TABLE outbox_line (
	id INTEGER NOT NULL,
	outbox_id INTEGER NOT NULL,
	at BIGINT NOT NULL,
	state TEXT NOT NULL,
	text TEXT DEFAULT '' NOT NULL,
	account_id INTEGER,
	message_id INTEGER,
	CONSTRAINT pk_outbox_line PRIMARY KEY (id),
	CONSTRAINT fk_outbox_line_outbox_id FOREIGN KEY(outbox_id) REFERENCES outbox (id) ON DELETE CASCADE,
	CONSTRAINT fk_outbox_line_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_outbox_line_outbox_id ON outbox_line (outbox_id, id);

CREATE TABLE send_ledger (
	id INTEGER NOT NULL,
	mailbox_id INTEGER NOT NULL,
	outbox_id INTEGER,
	at BIGINT NOT NULL,
	to_domain TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_send_ledger PRIMARY KEY (id),
	CONSTRAINT fk_send_ledger_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id) ON DELETE CASCADE,
	CONSTRAINT fk_send_ledger_outbox_id FOREIGN KEY(outbox_id) REFERENCES outbox (id) ON DELETE CASCADE
);

CREATE INDEX ix_send_ledger_at ON send_ledger (mailbox_id, at, to_domain);

CREATE INDEX ix_send_ledger_outbox_id ON send_ledger (outbox_id);

CREATE VIRTUAL TABLE message_terms USING fts5(
	subject, people, body, tokenize = 'ascii', detail = 'column'
);

CREATE VIRTUAL TABLE lead_terms USING fts5(
	text, tokenize = 'ascii', detail = 'column'
);

INSERT INTO message_terms (message_terms, rank) VALUES ('automerge', 0);

INSERT INTO message_terms (message_terms, rank) VALUES ('crisismerge', 500);

INSERT INTO lead_terms (lead_terms, rank) VALUES ('automerge', 0);

INSERT INTO lead_terms (lead_terms, rank) VALUES ('crisismerge', 500);

INSERT INTO account (name, role, created_at) VALUES ('You', 'admin', 0);
