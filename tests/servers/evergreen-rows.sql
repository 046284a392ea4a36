-- Rows around the fixture's: what the purge must find, and beside each what it must not.

-- Loan 2112 was lost and paid for in August. 2113 was renewed as 2114, both are over; the first will owe again.
INSERT INTO action.circulation
    (id, usr, xact_start, xact_finish, target_copy, circ_lib, circ_staff, renewal_remaining, grace_period, due_date,
     checkin_time, stop_fines, duration, duration_rule, recurring_fine_rule, max_fine_rule, parent_circ) VALUES
    (2112, 301, '2026-04-01 10:15-04', '2026-08-30 10:15-04', 5009, 4, 901, 2, '1 day', '2026-05-01', NULL, 'LOST',
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
    (103, 2112, '2026-07-15 10:15-04', FALSE, 24.99, 'Lost Materials', 'dog'),
    (104, 2113, '2026-06-14 10:15-04', FALSE, 1.20, 'Overdue materials', 'Ida Vance'),
    (105, 2007, '2026-10-01 10:15-04', TRUE, 1.20, 'Overdue materials', 'desk 2'),
    (106, 2009, '2026-07-21 10:15-04', FALSE, 1.20, 'Overdue materials', 'Pell, again');
INSERT INTO money.credit_card_payment (id, xact, payment_ts, amount, note, amount_collected, accepting_usr) VALUES
    (201, 2013, '2026-06-14 10:15-04', 1.20, 'paid from home', 1.20, 302);
INSERT INTO money.cash_payment (id, xact, payment_ts, amount, note, amount_collected, accepting_usr) VALUES
    (202, 2112, '2026-08-30 10:15-04', 24.99, 'for the Vole Atlas', 24.99, 901),
    (203, 2113, '2026-06-14 10:15-04', 1.20, 'by her mother', 1.20, 901);

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
