-- Evergreen's tables, as far as the exports and the purge know them: types, nulls, keys, what inherits from what, and what
-- its triggers do. Written from its schema; columns and triggers that bear on nothing here are left out.

CREATE SCHEMA config;
CREATE SCHEMA permission;
CREATE SCHEMA actor;
CREATE SCHEMA asset;
CREATE SCHEMA money;
CREATE SCHEMA action;
CREATE SCHEMA action_trigger;
CREATE SCHEMA auditor;
CREATE SCHEMA acq;
CREATE SCHEMA booking;
CREATE SCHEMA staging;
CREATE SCHEMA reporter;

CREATE TABLE config.global_flag (name TEXT PRIMARY KEY, value TEXT, enabled BOOL NOT NULL DEFAULT FALSE);
INSERT INTO config.global_flag VALUES ('history.money.age_with_circs', NULL, FALSE);

CREATE TABLE permission.grp_tree (
    id SERIAL PRIMARY KEY, name TEXT NOT NULL UNIQUE, parent INT REFERENCES permission.grp_tree (id),
    usergroup BOOL NOT NULL DEFAULT TRUE, perm_interval INTERVAL NOT NULL DEFAULT '3 years', description TEXT,
    application_perm TEXT, hold_priority INT NOT NULL DEFAULT 0, erenew BOOL NOT NULL DEFAULT FALSE,
    temporary_perm_interval INTERVAL);

CREATE TABLE actor.org_unit (
    id SERIAL PRIMARY KEY, parent_ou INT REFERENCES actor.org_unit (id), ou_type INT NOT NULL, ill_address INT,
    holds_address INT, mailing_address INT, billing_address INT, shortname TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE,
    email TEXT, phone TEXT, opac_visible BOOL NOT NULL DEFAULT TRUE, fiscal_calendar INT NOT NULL DEFAULT 1,
    staff_catalog_visible BOOL NOT NULL DEFAULT TRUE);

CREATE TABLE actor.usr (
    id SERIAL PRIMARY KEY, card INT UNIQUE, profile INT NOT NULL REFERENCES permission.grp_tree (id),
    usrname TEXT NOT NULL UNIQUE, email TEXT, passwd TEXT NOT NULL, standing INT NOT NULL DEFAULT 1,
    ident_type INT NOT NULL DEFAULT 1, ident_value TEXT, ident_type2 INT, ident_value2 TEXT,
    net_access_level INT NOT NULL DEFAULT 1, photo_url TEXT, prefix TEXT, first_given_name TEXT NOT NULL,
    second_given_name TEXT, family_name TEXT NOT NULL, suffix TEXT, guardian TEXT, pref_prefix TEXT,
    pref_first_given_name TEXT, pref_second_given_name TEXT, pref_family_name TEXT, pref_suffix TEXT, name_keywords TEXT,
    name_kw_tsvector TSVECTOR, alias TEXT, day_phone TEXT, evening_phone TEXT, other_phone TEXT, mailing_address INT,
    billing_address INT, home_ou INT NOT NULL REFERENCES actor.org_unit (id) DEFERRABLE INITIALLY DEFERRED, dob DATE,
    active BOOL NOT NULL DEFAULT TRUE, master_account BOOL NOT NULL DEFAULT FALSE, super_user BOOL NOT NULL DEFAULT FALSE,
    barred BOOL NOT NULL DEFAULT FALSE, deleted BOOL NOT NULL DEFAULT FALSE, juvenile BOOL NOT NULL DEFAULT FALSE,
    usrgroup SERIAL NOT NULL, claims_returned_count INT NOT NULL DEFAULT 0,
    credit_forward_balance NUMERIC(6,2) NOT NULL DEFAULT 0.00, last_xact_id TEXT NOT NULL DEFAULT 'none',
    create_date TIMESTAMPTZ NOT NULL DEFAULT now(), expire_date TIMESTAMPTZ NOT NULL DEFAULT now() + '3 years',
    claims_never_checked_out_count INT NOT NULL DEFAULT 0, last_update_time TIMESTAMPTZ, locale TEXT, guardian_email TEXT);
CREATE FUNCTION actor.au_updated() RETURNS TRIGGER AS $$
BEGIN
    NEW.last_update_time := now();
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER au_update_trig BEFORE INSERT OR UPDATE ON actor.usr FOR EACH ROW EXECUTE FUNCTION actor.au_updated();

CREATE TABLE actor.card (
    id SERIAL PRIMARY KEY, usr INT NOT NULL REFERENCES actor.usr (id) DEFERRABLE INITIALLY DEFERRED,
    barcode TEXT NOT NULL UNIQUE, active BOOL NOT NULL DEFAULT TRUE);

CREATE TABLE actor.usr_address (
    id SERIAL PRIMARY KEY, valid BOOL NOT NULL DEFAULT TRUE, within_city_limits BOOL NOT NULL DEFAULT TRUE,
    address_type TEXT NOT NULL DEFAULT 'MAILING',
    usr INT NOT NULL REFERENCES actor.usr (id) DEFERRABLE INITIALLY DEFERRED, street1 TEXT NOT NULL, street2 TEXT,
    city TEXT NOT NULL, county TEXT, state TEXT, country TEXT NOT NULL, post_code TEXT NOT NULL,
    pending BOOL NOT NULL DEFAULT FALSE,
    replaces INT REFERENCES actor.usr_address (id) DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE actor.usr
    ADD FOREIGN KEY (mailing_address) REFERENCES actor.usr_address (id) DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (billing_address) REFERENCES actor.usr_address (id) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE actor.usr_setting (
    id BIGSERIAL PRIMARY KEY, usr INT NOT NULL REFERENCES actor.usr ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (usr, name));

CREATE TABLE actor.usr_activity (
    id BIGSERIAL PRIMARY KEY, usr INT REFERENCES actor.usr (id) ON DELETE SET NULL, etype INT NOT NULL,
    event_time TIMESTAMPTZ NOT NULL DEFAULT now(), event_data TEXT);
CREATE TABLE actor.usr_message (
    id SERIAL PRIMARY KEY, usr INT NOT NULL REFERENCES actor.usr (id), title TEXT, message TEXT NOT NULL,
    create_date TIMESTAMPTZ NOT NULL DEFAULT now(), deleted BOOL NOT NULL DEFAULT FALSE);
CREATE TABLE staging.user_stage (row_id BIGSERIAL PRIMARY KEY, usrname TEXT NOT NULL, requesting_usr INT REFERENCES actor.usr (id));

-- What a record was before each change.
CREATE SEQUENCE auditor.actor_usr_pkey_seq;
CREATE TABLE auditor.actor_usr_history (
    audit_id BIGINT PRIMARY KEY, audit_time TIMESTAMPTZ NOT NULL DEFAULT now(), audit_user INT, LIKE actor.usr);
CREATE SEQUENCE auditor.actor_usr_address_pkey_seq;
CREATE TABLE auditor.actor_usr_address_history (
    audit_id BIGINT PRIMARY KEY, audit_time TIMESTAMPTZ NOT NULL DEFAULT now(), audit_user INT, LIKE actor.usr_address);
CREATE TABLE auditor.asset_copy_history (
    audit_id BIGSERIAL PRIMARY KEY, audit_time TIMESTAMPTZ NOT NULL DEFAULT now(), audit_user INT, id BIGINT NOT NULL);
CREATE FUNCTION auditor.audit_actor_usr() RETURNS TRIGGER AS $$
BEGIN
    INSERT INTO auditor.actor_usr_history
        SELECT nextval('auditor.actor_usr_pkey_seq'), now(), NULL, OLD.*;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE FUNCTION auditor.audit_actor_usr_address() RETURNS TRIGGER AS $$
BEGIN
    INSERT INTO auditor.actor_usr_address_history
        SELECT nextval('auditor.actor_usr_address_pkey_seq'), now(), NULL, OLD.*;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER audit AFTER UPDATE OR DELETE ON actor.usr FOR EACH ROW EXECUTE FUNCTION auditor.audit_actor_usr();
CREATE TRIGGER audit AFTER UPDATE OR DELETE ON actor.usr_address
    FOR EACH ROW EXECUTE FUNCTION auditor.audit_actor_usr_address();

CREATE TABLE asset.call_number (
    id BIGSERIAL PRIMARY KEY, creator BIGINT NOT NULL, create_date TIMESTAMPTZ DEFAULT now(), editor BIGINT NOT NULL,
    edit_date TIMESTAMPTZ DEFAULT now(), record BIGINT NOT NULL, owning_lib INT NOT NULL, label TEXT NOT NULL,
    deleted BOOL NOT NULL DEFAULT FALSE, prefix INT NOT NULL DEFAULT -1, suffix INT NOT NULL DEFAULT -1,
    label_class BIGINT NOT NULL DEFAULT 1, label_sortkey TEXT);

CREATE TABLE asset.copy (
    id BIGSERIAL PRIMARY KEY, circ_lib INT NOT NULL, creator BIGINT NOT NULL,
    call_number BIGINT NOT NULL REFERENCES asset.call_number (id) DEFERRABLE INITIALLY DEFERRED, editor BIGINT NOT NULL,
    create_date TIMESTAMPTZ DEFAULT now(), edit_date TIMESTAMPTZ DEFAULT now(), copy_number INT,
    status INT NOT NULL DEFAULT 0, location INT NOT NULL DEFAULT 1, loan_duration INT NOT NULL, fine_level INT NOT NULL,
    age_protect INT, circulate BOOL NOT NULL DEFAULT TRUE, deposit BOOL NOT NULL DEFAULT FALSE,
    ref BOOL NOT NULL DEFAULT FALSE, holdable BOOL NOT NULL DEFAULT TRUE, deposit_amount NUMERIC(6,2) NOT NULL DEFAULT 0.00,
    price NUMERIC(8,2), barcode TEXT NOT NULL, circ_modifier TEXT, circ_as_type TEXT, dummy_title TEXT, dummy_author TEXT,
    alert_message TEXT, opac_visible BOOL NOT NULL DEFAULT TRUE, deleted BOOL NOT NULL DEFAULT FALSE, floating INT,
    dummy_isbn TEXT, status_changed_time TIMESTAMPTZ, active_date TIMESTAMPTZ, mint_condition BOOL NOT NULL DEFAULT TRUE,
    cost NUMERIC(8,2));

-- ---- money --------------------------------------------------------------------------------------------------------

CREATE TABLE money.billable_xact (
    id BIGSERIAL PRIMARY KEY, usr INT NOT NULL, xact_start TIMESTAMPTZ NOT NULL DEFAULT now(), xact_finish TIMESTAMPTZ,
    unrecovered BOOL);
CREATE TABLE money.grocery (billing_location INT NOT NULL, note TEXT) INHERITS (money.billable_xact);
ALTER TABLE money.grocery ADD PRIMARY KEY (id), ADD FOREIGN KEY (usr) REFERENCES actor.usr (id) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE money.billing (
    id BIGSERIAL PRIMARY KEY, xact BIGINT NOT NULL, billing_ts TIMESTAMPTZ NOT NULL DEFAULT now(),
    voided BOOL NOT NULL DEFAULT FALSE, voider INT, void_time TIMESTAMPTZ, amount NUMERIC(6,2) NOT NULL,
    billing_type TEXT NOT NULL, btype INT NOT NULL DEFAULT 1, note TEXT, create_date TIMESTAMPTZ NOT NULL DEFAULT now());
CREATE TABLE money.payment (
    id BIGSERIAL PRIMARY KEY, xact BIGINT NOT NULL, payment_ts TIMESTAMPTZ NOT NULL DEFAULT now(),
    voided BOOL NOT NULL DEFAULT FALSE, amount NUMERIC(6,2) NOT NULL, note TEXT);
CREATE TABLE money.bnm_payment (amount_collected NUMERIC(6,2) NOT NULL, accepting_usr INT NOT NULL) INHERITS (money.payment);
CREATE TABLE money.forgive_payment () INHERITS (money.bnm_payment);
CREATE TABLE money.bnm_desk_payment (cash_drawer INT) INHERITS (money.bnm_payment);
CREATE TABLE money.cash_payment () INHERITS (money.bnm_desk_payment);
CREATE TABLE money.check_payment (check_number TEXT NOT NULL) INHERITS (money.bnm_desk_payment);
CREATE TABLE money.credit_card_payment (cc_number TEXT, cc_processor TEXT, cc_order_number TEXT, approval_code TEXT)
    INHERITS (money.bnm_desk_payment);
CREATE TABLE money.aged_billing (LIKE money.billing);
CREATE TABLE money.aged_payment (LIKE money.payment, payment_type TEXT NOT NULL, accepting_usr INT, cash_drawer INT);
CREATE TABLE money.collections_tracker (
    id BIGSERIAL PRIMARY KEY, usr INT NOT NULL REFERENCES actor.usr (id), collector INT NOT NULL REFERENCES actor.usr (id));

CREATE TABLE money.materialized_billable_xact_summary (
    id BIGINT PRIMARY KEY, usr INT, xact_start TIMESTAMPTZ, xact_finish TIMESTAMPTZ, total_paid NUMERIC,
    last_payment_ts TIMESTAMPTZ, last_payment_note TEXT, last_payment_type NAME, total_owed NUMERIC,
    last_billing_ts TIMESTAMPTZ, last_billing_note TEXT, last_billing_type TEXT, balance_owed NUMERIC, xact_type NAME);

-- One row a transaction, kept by triggers: made, changed and gone with it; and by its bills and payments. Where a bill or a
-- payment changes without being voided, the sums follow, and the last note stays.
CREATE FUNCTION money.mat_summary_create() RETURNS TRIGGER AS $$
BEGIN
    INSERT INTO money.materialized_billable_xact_summary
        (id, usr, xact_start, xact_finish, total_paid, total_owed, balance_owed, xact_type)
        VALUES (NEW.id, NEW.usr, NEW.xact_start, NEW.xact_finish, 0, 0, 0, TG_ARGV[0]);
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE FUNCTION money.mat_summary_update() RETURNS TRIGGER AS $$
BEGIN
    UPDATE money.materialized_billable_xact_summary
       SET usr = NEW.usr, xact_start = NEW.xact_start, xact_finish = NEW.xact_finish WHERE id = NEW.id;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE FUNCTION money.mat_summary_delete() RETURNS TRIGGER AS $$
BEGIN
    DELETE FROM money.materialized_billable_xact_summary WHERE id = OLD.id;
    RETURN OLD;
END $$ LANGUAGE plpgsql;
CREATE FUNCTION money.billing_summed() RETURNS TRIGGER AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT NEW.voided THEN
        UPDATE money.materialized_billable_xact_summary
           SET total_owed = total_owed + NEW.amount, balance_owed = balance_owed + NEW.amount,
               last_billing_ts = NEW.billing_ts, last_billing_note = NEW.note, last_billing_type = NEW.billing_type
         WHERE id = NEW.xact;
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE money.materialized_billable_xact_summary
           SET total_owed = total_owed - (OLD.amount - NEW.amount), balance_owed = balance_owed - (OLD.amount - NEW.amount)
         WHERE id = NEW.xact;
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE FUNCTION money.payment_summed() RETURNS TRIGGER AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT NEW.voided THEN
        UPDATE money.materialized_billable_xact_summary
           SET total_paid = total_paid + NEW.amount, balance_owed = balance_owed - NEW.amount,
               last_payment_ts = NEW.payment_ts, last_payment_note = NEW.note, last_payment_type = TG_ARGV[0]
         WHERE id = NEW.xact;
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE money.materialized_billable_xact_summary
           SET total_paid = total_paid - (OLD.amount - NEW.amount), balance_owed = balance_owed + (OLD.amount - NEW.amount)
         WHERE id = NEW.xact;
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER a AFTER INSERT ON money.grocery FOR EACH ROW EXECUTE FUNCTION money.mat_summary_create('grocery');
CREATE TRIGGER b AFTER UPDATE ON money.grocery FOR EACH ROW EXECUTE FUNCTION money.mat_summary_update();
CREATE TRIGGER c AFTER DELETE ON money.grocery FOR EACH ROW EXECUTE FUNCTION money.mat_summary_delete();
CREATE TRIGGER a AFTER INSERT OR UPDATE ON money.billing FOR EACH ROW EXECUTE FUNCTION money.billing_summed();
CREATE TRIGGER a AFTER INSERT OR UPDATE ON money.payment FOR EACH ROW EXECUTE FUNCTION money.payment_summed('payment');
CREATE TRIGGER a AFTER INSERT OR UPDATE ON money.forgive_payment
    FOR EACH ROW EXECUTE FUNCTION money.payment_summed('forgive_payment');
CREATE TRIGGER a AFTER INSERT OR UPDATE ON money.cash_payment
    FOR EACH ROW EXECUTE FUNCTION money.payment_summed('cash_payment');
CREATE TRIGGER a AFTER INSERT OR UPDATE ON money.check_payment
    FOR EACH ROW EXECUTE FUNCTION money.payment_summed('check_payment');
CREATE TRIGGER a AFTER INSERT OR UPDATE ON money.credit_card_payment
    FOR EACH ROW EXECUTE FUNCTION money.payment_summed('credit_card_payment');

-- ---- letters ------------------------------------------------------------------------------------------------------

-- What happened to what, and the letter that was made of it: one letter may be about several things.
CREATE TABLE action_trigger.hook (key TEXT PRIMARY KEY, core_type TEXT NOT NULL, passive BOOL NOT NULL DEFAULT FALSE);
CREATE TABLE action_trigger.event_definition (
    id SERIAL PRIMARY KEY, name TEXT NOT NULL, hook TEXT NOT NULL REFERENCES action_trigger.hook (key), group_field TEXT);
CREATE TABLE action_trigger.event_output (
    id BIGSERIAL PRIMARY KEY, create_time TIMESTAMPTZ NOT NULL DEFAULT now(), is_error BOOL NOT NULL DEFAULT FALSE,
    data TEXT NOT NULL, locale TEXT);
CREATE TABLE action_trigger.event (
    id BIGSERIAL PRIMARY KEY, target BIGINT NOT NULL, event_def INT REFERENCES action_trigger.event_definition (id),
    run_time TIMESTAMPTZ NOT NULL DEFAULT now(), state TEXT NOT NULL DEFAULT 'complete', user_data TEXT,
    template_output BIGINT REFERENCES action_trigger.event_output (id),
    error_output BIGINT REFERENCES action_trigger.event_output (id),
    async_output BIGINT REFERENCES action_trigger.event_output (id),
    context_user INT REFERENCES actor.usr (id), context_library INT, context_bib BIGINT, context_item BIGINT);

-- ---- circulations -------------------------------------------------------------------------------------------------

CREATE TABLE action.circulation (
    target_copy BIGINT NOT NULL, circ_lib INT NOT NULL, circ_staff INT NOT NULL, checkin_staff INT, checkin_lib INT,
    renewal_remaining INT NOT NULL, grace_period INTERVAL NOT NULL, due_date TIMESTAMPTZ, stop_fines_time TIMESTAMPTZ,
    checkin_time TIMESTAMPTZ, create_time TIMESTAMPTZ NOT NULL DEFAULT now(), duration INTERVAL,
    fine_interval INTERVAL NOT NULL DEFAULT '1 day', recurring_fine NUMERIC(6,2), max_fine NUMERIC(6,2),
    phone_renewal BOOL NOT NULL DEFAULT FALSE, desk_renewal BOOL NOT NULL DEFAULT FALSE,
    opac_renewal BOOL NOT NULL DEFAULT FALSE, duration_rule TEXT NOT NULL, recurring_fine_rule TEXT NOT NULL,
    max_fine_rule TEXT NOT NULL,
    stop_fines TEXT CHECK (stop_fines IN (
        'CHECKIN', 'CLAIMSRETURNED', 'LOST', 'MAXFINES', 'RENEW', 'LONGOVERDUE', 'CLAIMSNEVERCHECKEDOUT')),
    workstation INT, checkin_workstation INT, copy_location INT NOT NULL DEFAULT 1, checkin_scan_time TIMESTAMPTZ,
    auto_renewal BOOL NOT NULL DEFAULT FALSE, auto_renewal_remaining INT
) INHERITS (money.billable_xact);
ALTER TABLE action.circulation ADD PRIMARY KEY (id);
ALTER TABLE action.circulation ADD COLUMN parent_circ BIGINT
    REFERENCES action.circulation (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE action.circulation
    ADD FOREIGN KEY (usr) REFERENCES actor.usr (id) DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (circ_staff) REFERENCES actor.usr (id) DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (checkin_staff) REFERENCES actor.usr (id) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX circ_parent_idx ON action.circulation (parent_circ) WHERE parent_circ IS NOT NULL;
CREATE UNIQUE INDEX only_one_concurrent_checkout_per_copy ON action.circulation (target_copy) WHERE checkin_time IS NULL;

CREATE TRIGGER a AFTER INSERT ON action.circulation FOR EACH ROW EXECUTE FUNCTION money.mat_summary_create('circulation');
CREATE TRIGGER b AFTER UPDATE ON action.circulation FOR EACH ROW EXECUTE FUNCTION money.mat_summary_update();
CREATE TRIGGER c AFTER DELETE ON action.circulation FOR EACH ROW EXECUTE FUNCTION money.mat_summary_delete();
-- Loans of whole days are due at the end of one: of the day that the session's time zone says.
CREATE FUNCTION action.push_circ_due_time() RETURNS TRIGGER AS $$
BEGIN
    IF extract(EPOCH FROM NEW.duration)::INT % 86400 = 0 THEN
        NEW.due_date := (NEW.due_date::DATE + '1 day'::INTERVAL - '1 second'::INTERVAL)::TIMESTAMPTZ;
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER push_due_date_tgr BEFORE INSERT OR UPDATE ON action.circulation
    FOR EACH ROW EXECUTE FUNCTION action.push_circ_due_time();

CREATE TABLE action.aged_circulation (
    usr_post_code TEXT, usr_home_ou INT NOT NULL, usr_profile INT NOT NULL, usr_birth_year INT, copy_call_number INT NOT NULL,
    copy_owning_lib INT NOT NULL, copy_circ_lib INT NOT NULL, copy_bib_record BIGINT NOT NULL, LIKE action.circulation);
ALTER TABLE action.aged_circulation ADD PRIMARY KEY (id);
ALTER TABLE action.aged_circulation DROP COLUMN usr;

CREATE TABLE action.archive_actor_stat_cat (
    id BIGSERIAL PRIMARY KEY, xact BIGINT NOT NULL, stat_cat INT NOT NULL, value TEXT NOT NULL);
CREATE TABLE action.usr_circ_history (
    id BIGSERIAL PRIMARY KEY, usr INT NOT NULL REFERENCES actor.usr (id), xact_start TIMESTAMPTZ NOT NULL DEFAULT now(),
    target_copy BIGINT NOT NULL, due_date TIMESTAMPTZ NOT NULL, checkin_time TIMESTAMPTZ,
    source_circ BIGINT REFERENCES action.circulation (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE action.emergency_closing_circulation (
    id BIGSERIAL PRIMARY KEY, emergency_closing INT NOT NULL,
    circulation INT NOT NULL REFERENCES action.circulation (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE action.non_cataloged_circulation (
    id SERIAL PRIMARY KEY, patron INT NOT NULL REFERENCES actor.usr (id), staff INT NOT NULL REFERENCES actor.usr (id),
    circ_lib INT NOT NULL, item_type INT NOT NULL, circ_time TIMESTAMPTZ NOT NULL DEFAULT now());
CREATE TABLE booking.reservation (target_resource_type INT NOT NULL, cancel_time TIMESTAMPTZ, note TEXT)
    INHERITS (money.billable_xact);

-- A circulation that is deleted is aged, without its patron, and its parent after it. One that was renewed stays. Its events
-- forget the patron.
CREATE FUNCTION action.age_circ_on_delete() RETURNS TRIGGER AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM action.circulation WHERE parent_circ = OLD.id) THEN
        RETURN NULL;
    END IF;
    INSERT INTO action.aged_circulation
        (id, usr_post_code, usr_home_ou, usr_profile, usr_birth_year, copy_call_number, copy_owning_lib, copy_circ_lib,
         copy_bib_record, xact_start, xact_finish, target_copy, circ_lib, circ_staff, checkin_staff, checkin_lib,
         renewal_remaining, grace_period, due_date, stop_fines_time, checkin_time, create_time, duration, fine_interval,
         recurring_fine, max_fine, phone_renewal, desk_renewal, opac_renewal, duration_rule, recurring_fine_rule,
         max_fine_rule, stop_fines, workstation, checkin_workstation, copy_location, checkin_scan_time, auto_renewal,
         auto_renewal_remaining, parent_circ)
    SELECT OLD.id, coalesce(a.post_code, b.post_code), p.home_ou, p.profile, extract(YEAR FROM p.dob)::INT, cp.call_number,
           cn.owning_lib, cp.circ_lib, cn.record, OLD.xact_start, OLD.xact_finish, OLD.target_copy, OLD.circ_lib,
           OLD.circ_staff, OLD.checkin_staff, OLD.checkin_lib, OLD.renewal_remaining, OLD.grace_period, OLD.due_date,
           OLD.stop_fines_time, OLD.checkin_time, OLD.create_time, OLD.duration, OLD.fine_interval, OLD.recurring_fine,
           OLD.max_fine, OLD.phone_renewal, OLD.desk_renewal, OLD.opac_renewal, OLD.duration_rule, OLD.recurring_fine_rule,
           OLD.max_fine_rule, OLD.stop_fines, OLD.workstation, OLD.checkin_workstation, OLD.copy_location,
           OLD.checkin_scan_time, OLD.auto_renewal, OLD.auto_renewal_remaining, OLD.parent_circ
      FROM asset.copy cp JOIN asset.call_number cn ON cn.id = cp.call_number, actor.usr p
      LEFT JOIN actor.usr_address a ON a.id = p.mailing_address
      LEFT JOIN actor.usr_address b ON b.id = p.billing_address
     WHERE cp.id = OLD.target_copy AND p.id = OLD.usr;
    UPDATE action_trigger.event e SET context_user = NULL
      FROM action_trigger.event_definition d JOIN action_trigger.hook h ON h.key = d.hook
     WHERE d.id = e.event_def AND h.core_type = 'circ' AND e.target = OLD.id AND e.context_user = OLD.usr;
    RETURN OLD;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER action_circulation_aging_tgr BEFORE DELETE ON action.circulation
    FOR EACH ROW EXECUTE FUNCTION action.age_circ_on_delete();
CREATE FUNCTION action.age_parent_circ_on_delete() RETURNS TRIGGER AS $$
BEGIN
    IF OLD.parent_circ IS NOT NULL THEN
        DELETE FROM action.circulation WHERE id = OLD.parent_circ;
    END IF;
    RETURN OLD;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER age_parent_circ AFTER DELETE ON action.circulation
    FOR EACH ROW EXECUTE FUNCTION action.age_parent_circ_on_delete();

-- ---- holds --------------------------------------------------------------------------------------------------------

CREATE TABLE action.hold_request (
    id SERIAL PRIMARY KEY, request_time TIMESTAMPTZ NOT NULL DEFAULT now(), capture_time TIMESTAMPTZ,
    fulfillment_time TIMESTAMPTZ, checkin_time TIMESTAMPTZ, return_time TIMESTAMPTZ, prev_check_time TIMESTAMPTZ,
    expire_time TIMESTAMPTZ, cancel_time TIMESTAMPTZ, cancel_cause INT, cancel_note TEXT,
    canceled_by INT REFERENCES actor.usr (id) DEFERRABLE INITIALLY DEFERRED, canceling_ws INT, target BIGINT NOT NULL,
    current_copy BIGINT, fulfillment_staff INT REFERENCES actor.usr (id) DEFERRABLE INITIALLY DEFERRED, fulfillment_lib INT,
    request_lib INT NOT NULL, requestor INT NOT NULL REFERENCES actor.usr (id) DEFERRABLE INITIALLY DEFERRED,
    usr INT NOT NULL REFERENCES actor.usr (id) DEFERRABLE INITIALLY DEFERRED, selection_ou INT NOT NULL,
    selection_depth INT NOT NULL DEFAULT 0, pickup_lib INT NOT NULL, hold_type TEXT, holdable_formats TEXT,
    phone_notify TEXT, email_notify BOOL NOT NULL DEFAULT FALSE, sms_notify TEXT, sms_carrier INT,
    frozen BOOL NOT NULL DEFAULT FALSE, thaw_date TIMESTAMPTZ, shelf_time TIMESTAMPTZ, cut_in_line BOOL,
    mint_condition BOOL NOT NULL DEFAULT TRUE, shelf_expire_time TIMESTAMPTZ, current_shelf_lib INT,
    behind_desk BOOL NOT NULL DEFAULT FALSE, hopeless_date TIMESTAMPTZ, acq_request INT);
CREATE TABLE action.hold_request_note (
    id BIGSERIAL PRIMARY KEY,
    hold BIGINT NOT NULL REFERENCES action.hold_request (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    title TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE action.hold_notification (
    id SERIAL PRIMARY KEY,
    hold INT NOT NULL REFERENCES action.hold_request (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    method TEXT NOT NULL);
-- As Evergreen 3.14.0 has it: it isn't deleted with its hold.
CREATE TABLE action.hold_request_reset_reason_entry (
    id SERIAL PRIMARY KEY, hold INT REFERENCES action.hold_request (id) DEFERRABLE INITIALLY DEFERRED, reset_reason INT,
    note TEXT, reset_time TIMESTAMPTZ, previous_copy BIGINT,
    requestor INT REFERENCES actor.usr (id) DEFERRABLE INITIALLY DEFERRED, requestor_workstation INT);
CREATE TABLE action.emergency_closing_hold (
    id BIGSERIAL PRIMARY KEY, emergency_closing INT NOT NULL,
    hold INT NOT NULL REFERENCES action.hold_request (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE action.curbside (
    id SERIAL PRIMARY KEY, patron INT NOT NULL REFERENCES actor.usr (id), org INT NOT NULL, delivered TIMESTAMPTZ, notes TEXT);
CREATE TABLE acq.user_request (id SERIAL PRIMARY KEY, usr INT NOT NULL REFERENCES actor.usr (id), title TEXT);
CREATE TABLE action.hold_transit_copy (
    id SERIAL PRIMARY KEY, target_copy BIGINT NOT NULL,
    hold INT REFERENCES action.hold_request (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE action.aged_hold_request (
    usr_post_code TEXT, usr_home_ou INT NOT NULL, usr_profile INT NOT NULL, usr_birth_year INT, staff_placed BOOL NOT NULL,
    LIKE action.hold_request);
ALTER TABLE action.aged_hold_request
    ADD PRIMARY KEY (id), DROP COLUMN usr, DROP COLUMN requestor, DROP COLUMN sms_carrier,
    ALTER COLUMN phone_notify TYPE BOOL USING phone_notify <> '', ALTER COLUMN sms_notify TYPE BOOL USING sms_notify <> '';
CREATE FUNCTION action.age_hold_on_delete() RETURNS TRIGGER AS $$
BEGIN
    INSERT INTO action.aged_hold_request
        (id, usr_post_code, usr_home_ou, usr_profile, usr_birth_year, staff_placed, request_time, capture_time,
         fulfillment_time, checkin_time, return_time, prev_check_time, expire_time, cancel_time, cancel_cause, cancel_note,
         target, current_copy, fulfillment_staff, fulfillment_lib, request_lib, selection_ou, selection_depth, pickup_lib,
         hold_type, holdable_formats, phone_notify, email_notify, sms_notify, frozen, thaw_date, shelf_time, cut_in_line,
         mint_condition, shelf_expire_time, current_shelf_lib, behind_desk)
    SELECT OLD.id, coalesce(a.post_code, b.post_code), p.home_ou, p.profile, extract(YEAR FROM p.dob)::INT,
           OLD.requestor <> OLD.usr, OLD.request_time, OLD.capture_time, OLD.fulfillment_time, OLD.checkin_time,
           OLD.return_time, OLD.prev_check_time, OLD.expire_time, OLD.cancel_time, OLD.cancel_cause, OLD.cancel_note,
           OLD.target, OLD.current_copy, OLD.fulfillment_staff, OLD.fulfillment_lib, OLD.request_lib, OLD.selection_ou,
           OLD.selection_depth, OLD.pickup_lib, OLD.hold_type, OLD.holdable_formats, coalesce(OLD.phone_notify, '') <> '',
           OLD.email_notify, coalesce(OLD.sms_notify, '') <> '', OLD.frozen, OLD.thaw_date, OLD.shelf_time,
           OLD.cut_in_line, OLD.mint_condition, OLD.shelf_expire_time, OLD.current_shelf_lib, OLD.behind_desk
      FROM actor.usr p LEFT JOIN actor.usr_address a ON a.id = p.mailing_address
      LEFT JOIN actor.usr_address b ON b.id = p.billing_address
     WHERE p.id = OLD.usr;
    RETURN OLD;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER action_hold_request_aging_tgr BEFORE DELETE ON action.hold_request
    FOR EACH ROW EXECUTE FUNCTION action.age_hold_on_delete();

-- What holds are for, kept for reports.
CREATE TABLE reporter.hold_request_record (
    id INT PRIMARY KEY, target BIGINT NOT NULL, hold_type TEXT NOT NULL, bib_record BIGINT);
CREATE TABLE reporter.materialized_simple_record (
    id BIGINT PRIMARY KEY, fingerprint TEXT, quality INT, tcn_source TEXT, tcn_value TEXT, title TEXT, author TEXT, publisher TEXT,
    pubdate TEXT, isbn TEXT[], issn TEXT[]);
