-- Rows around the fixture's: what the purge must find, and beside each what it must not.

-- Loan 2112 was lost and paid for in April. 2113 was renewed as 2114, both are over; the first will owe again.
INSERT INTO action.circulation
    (id, usr, xact_start, xact_finish, target_copy, circ_lib, circ_staff, renewal_remaining, grace_period, due_date,
     checkin_time, stop_fines, duration, duration_rule, recurring_fine_rule, max_fine_rule, parent_circ) VALUES
    (2112, 301, '2026-01-01 10:15-05', '2026-04-30 10:15-04', 5009, 4, 901, 2, '1 day', '2026-01-31', NULL, 'LOST',
     '14 days', 'default', 'default', 'default', NULL),
    (2113, 306, '2026-06-01 10:15-04', '2026-06-14 10:15-04', 5010, 4, 901, 2, '1 day', '2026-06-15', '2026-06-14 10:15-04',
     'RENEW', '14 days', 'default', 'default', 'default', NULL),
    (2114, 306, '2026-06-14 10:15-04', '2026-06-28 10:15-04', 5010, 4, 901, 1, '1 day', '2026-06-28', '2026-06-28 10:15-04',
     'CHECKIN', '14 days', 'default', 'default', 'default', 2113);
-- 2015 is the last of the chain 2013, 2014, 2015: she renewed it herself, and staff lent the others.
UPDATE action.circulation SET circ_staff = usr, opac_renewal = TRUE WHERE id = 2015;
UPDATE action.circulation SET checkin_staff = usr WHERE id = 2014;
INSERT INTO money.billing (id, xact, create_date, voided, amount, billing_type, note) VALUES
    (101, 2013, '2026-06-14 10:15-04', FALSE, 1.20, 'Overdue materials', 'Ms Quarles will pay'),
    (102, 2006, '2026-08-15 10:15-04', TRUE, 1.20, 'Overdue materials', 'in hospital'),
    (103, 2112, '2026-03-15 10:15-04', FALSE, 24.99, 'Lost Materials', 'dog'),
    (104, 2113, '2026-06-14 10:15-04', FALSE, 1.20, 'Overdue materials', 'Ida Vance'),
    (105, 2007, '2026-10-01 10:15-04', TRUE, 1.20, 'Overdue materials', 'desk 2'),
    (106, 2009, '2026-07-21 10:15-04', FALSE, 1.20, 'Overdue materials', 'Pell, again');
INSERT INTO money.credit_card_payment
    (id, xact, payment_ts, amount, note, amount_collected, accepting_usr, cc_number, cc_order_number, approval_code) VALUES
    (201, 2013, '2026-06-14 10:15-04', 1.20, 'paid from home', 1.20, 302, '4242', 'O-1', 'A-1');
INSERT INTO money.cash_payment (id, xact, payment_ts, amount, note, amount_collected, accepting_usr) VALUES
    (202, 2112, '2026-04-30 10:15-04', 24.99, 'for the Vole Atlas', 24.99, 901),
    (203, 2113, '2026-06-14 10:15-04', 1.20, 'by her mother', 1.20, 901);

-- Of chain 2115, 2116 the second is a return that staff dated back by a month: it came in 29 days ago. 2117 was never checked
-- out, as she says, and so was 2121 since the list was made. 2118 and 2119 were lost and paid for, and are left open; of 2119
-- something is still owed. 2120 was paid for with a cheque.
INSERT INTO action.circulation
    (id, usr, xact_start, xact_finish, target_copy, circ_lib, circ_staff, renewal_remaining, grace_period, due_date,
     checkin_time, checkin_scan_time, stop_fines, duration, duration_rule, recurring_fine_rule, max_fine_rule, parent_circ)
SELECT id, usr, start, finish, copy, 4, 901, 2, '1 day', start + '14 days', checkin, scan, stop, '14 days', 'default',
       'default', 'default', parent
  FROM (VALUES
    (2115, 303, '2026-07-01 10:15-04'::TIMESTAMPTZ, '2026-07-10 10:15-04'::TIMESTAMPTZ, 5004,
     '2026-07-10 10:15-04'::TIMESTAMPTZ, '2026-07-10 10:15-04'::TIMESTAMPTZ, 'RENEW', NULL::INT),
    (2116, 303, '2026-07-10 10:15-04', '2026-10-03 12:15-04', 5004, '2026-09-03 10:15-04', '2026-10-03 12:15-04', 'CHECKIN', 2115),
    (2117, 304, '2026-05-01 10:15-04', '2026-07-01 10:15-04', 5003, '2026-05-01 10:15-04', '2026-07-01 10:15-04',
     'CLAIMSNEVERCHECKEDOUT', NULL),
    (2118, 305, '2026-01-01 10:15-05', NULL, 5006, NULL, NULL, 'LOST', NULL),
    (2119, 306, '2026-01-01 10:15-05', NULL, 5008, NULL, NULL, 'LONGOVERDUE', NULL),
    (2120, 301, '2026-06-01 10:15-04', '2026-06-20 10:15-04', 5001, '2026-06-20 10:15-04', '2026-06-20 10:15-04', 'CHECKIN', NULL),
    (2121, 302, '2026-06-01 10:15-04', '2026-06-20 10:15-04', 5002, '2026-06-20 10:15-04', '2026-06-20 10:15-04', 'CHECKIN', NULL))
    AS these (id, usr, start, finish, copy, checkin, scan, stop, parent);
INSERT INTO money.billing (id, xact, create_date, amount, billing_type, note) VALUES
    (107, 2118, '2026-02-15 10:15-05', 24.99, 'Lost Materials', NULL),
    (108, 2119, '2026-03-15 10:15-04', 24.99, 'Lost Materials', NULL),
    (109, 2120, '2026-06-20 10:15-04', 1.20, 'Overdue materials', NULL);
INSERT INTO money.cash_payment (id, xact, payment_ts, amount, note, amount_collected, accepting_usr) VALUES
    (204, 2118, '2026-03-15 10:15-04', 24.99, NULL, 24.99, 901), (205, 2119, '2026-04-15 10:15-04', 4.99, NULL, 4.99, 901);
INSERT INTO money.check_payment (id, xact, payment_ts, amount, note, amount_collected, accepting_usr, check_number) VALUES
    (206, 2120, '2026-06-20 10:15-04', 1.20, NULL, 1.20, 901, '10077');

-- Letters: 1 is about 2013 alone, 2 about 2006 and 2007, which will be out again, 3 a receipt for payment 201, 4 about hold
-- 2003, 5 a list of holds 2003 and 2004, which will wait again, 6 about the transit of hold 2003; 7 about a loan that is open.
INSERT INTO action_trigger.hook (key, core_type) VALUES
    ('checkout.due', 'circ'), ('money.format.payment_receipt.email', 'mp'), ('hold.available', 'ahr'),
    ('hold_transit.start', 'ahtc');
INSERT INTO action_trigger.event_definition (id, name, hook) VALUES
    (1, 'due', 'checkout.due'), (2, 'receipt', 'money.format.payment_receipt.email'), (3, 'available', 'hold.available'),
    (4, 'on its way', 'hold_transit.start');
INSERT INTO action_trigger.event_output (id, data) SELECT id, 'Dear Ms Quarles' FROM generate_series(1, 7) AS id;
INSERT INTO action_trigger.event (id, target, event_def, template_output, context_user, user_data) VALUES
    (1, 2013, 1, 1, 302, '{"name": "Quarles"}'), (2, 2006, 1, 2, 301, NULL), (3, 2007, 1, 2, 302, NULL),
    (4, 201, 2, 3, NULL, NULL), (5, 2003, 3, 4, 303, NULL), (6, 2003, 3, 5, 303, NULL), (7, 2004, 3, 5, 304, NULL),
    (8, 1, 4, 6, 303, NULL), (9, 2001, 1, 7, 301, NULL),
    -- Not a loan, though the number is one's.
    (10, 2013, 3, NULL, 306, NULL);
INSERT INTO action.archive_actor_stat_cat (id, xact, stat_cat, value) VALUES
    (1, 2013, 1, 'Fenwick School'), (2, 2001, 1, 'Fenwick School');

-- Bills by hand: 3101 to 3104 of eight years ago, 3105 and 3106 of June; 3001 isn't paid.
INSERT INTO money.grocery (id, usr, xact_start, xact_finish, billing_location, note) VALUES
    (3001, 312, '2026-05-01 10:15-04', NULL, 5, NULL),
    (3101, 302, '2018-05-04 10:15-04', '2018-06-01 10:15-04', 5, NULL),
    (3102, 302, '2018-05-04 10:15-04', '2018-06-01 10:15-04', 5, 'room 2, Ms Quarles'),
    (3103, 303, '2018-05-04 10:15-04', '2018-06-01 10:15-04', 5, NULL),
    (3104, 304, '2018-05-04 10:15-04', '2018-06-01 10:15-04', 5, 'Pell'),
    (3105, 305, '2026-06-01 10:15-04', '2026-06-09 10:15-04', 5, 'for Marta'),
    (3106, 306, '2026-06-01 10:15-04', '2026-06-09 10:15-04', 5, 'for Ida');
-- Bill 125 was raised after all was finished: nobody can say when it closed, and 124 waits for it.
INSERT INTO money.billing (id, xact, create_date, amount, billing_type, note) VALUES
    (120, 3001, '2026-05-01 10:15-04', 5.00, 'Copies', NULL),
    (121, 3101, '2018-05-04 10:15-04', 0.50, 'Copies', NULL),
    (122, 3102, '2018-05-04 10:15-04', 0.50, 'Copies', 'thesis'),
    (124, 3103, '2018-05-04 10:15-04', 0.50, 'Copies', NULL),
    (125, 3103, '2019-05-04 10:15-04', 0.50, 'Copies', NULL),
    (126, 3104, '2018-05-04 10:15-04', 0.50, 'Copies', 'his own paper'),
    (127, 3105, '2026-06-01 10:15-04', 0.50, 'Copies', 'sheet music'),
    (128, 3106, '2026-06-01 10:15-04', 0.50, 'Copies', 'letters');
INSERT INTO money.credit_card_payment (id, xact, payment_ts, amount, note, amount_collected, accepting_usr) VALUES
    (221, 3102, '2018-06-01 10:15-04', 0.50, 'from home', 0.50, 302),
    (222, 3105, '2026-06-09 10:15-04', 0.50, 'from home', 0.50, 305);
INSERT INTO money.forgive_payment (id, xact, payment_ts, amount, note, amount_collected, accepting_usr) VALUES
    (223, 3101, '2018-06-01 10:15-04', 0.50, NULL, 0.50, 901), (224, 3106, '2026-06-09 10:15-04', 0.50, 'a friend', 0.50, 901);

-- Holds with what hangs on them. 2004 will wait again.
INSERT INTO action.hold_request_note (id, hold, title, body) VALUES (1, 2003, 'x', 'call Ada'), (2, 2004, 'x', 'call Pell');
INSERT INTO action.hold_notification (id, hold, method) VALUES (1, 2003, 'phone'), (2, 2004, 'phone');
INSERT INTO action.hold_transit_copy (id, hold, target_copy) VALUES (1, 2003, 5003), (2, 2004, 5004);
INSERT INTO action.hold_request_reset_reason_entry (id, hold, requestor) VALUES (1, 2003, 303), (2, 2004, 304);
-- She checked out herself.
UPDATE action.hold_request SET fulfillment_staff = usr WHERE id IN (2003, 2004);

-- Parents (328, 330) and children, all expired in 2023. 329 will renew.
INSERT INTO actor.usr (id, profile, usrname, passwd, first_given_name, family_name, home_ou, usrgroup, email, create_date,
                       expire_date)
SELECT id, 2, 'user' || id, 'x', 'Given', 'Family' || id, 4, usrgroup, mail, '2015-10-27', '2023-04-01'
  FROM (VALUES (328, 328, 'p328@example.org'), (329, 328, NULL), (330, 330, 'p330@example.org'), (331, 330, NULL))
       AS t (id, usrgroup, mail);
UPDATE actor.usr SET usrgroup = id WHERE id IN (301, 302, 303, 304, 305, 306);
-- 311 has two addresses, of which one takes the other's place.
INSERT INTO actor.usr_address (id, usr, street1, city, country, post_code, pending, replaces) VALUES
    (401, 311, '1 Larch Hollow', 'Fenwick', 'USA', '97301', FALSE, NULL),
    (402, 311, '2 Larch Hollow', 'Fenwick', 'USA', '97301', TRUE, 401);
UPDATE actor.usr SET mailing_address = 401, billing_address = 401 WHERE id = 311;
-- 330's address is her child's, too. Nobody else lives at the other.
INSERT INTO actor.usr_address (id, usr, street1, city, country, post_code) VALUES
    (403, 330, '3 Larch Hollow', 'Fenwick', 'USA', '97301'), (404, 330, '4 Larch Hollow', 'Fenwick', 'USA', '97301');
INSERT INTO actor.usr (id, profile, usrname, passwd, first_given_name, family_name, home_ou, usrgroup, mailing_address, create_date,
                       expire_date)
    VALUES (332, 2, 'user332', 'x', 'Given', 'Family332', 4, 332, 403, '2015-10-27', '2090-04-01');
UPDATE actor.usr SET mailing_address = 403, billing_address = 404 WHERE id = 330;
