-- Rows around the fixture's: what the purge must find, and beside each what it must not.

INSERT INTO bookings (booking_id, patron_id, item_id, status) VALUES
  (1, 61, 519, 'completed'), (2, 61, 511, 'completed'), (3, 66, 514, 'new');
INSERT INTO systempreferences (variable, value) VALUES ('AnonymousPatron', '');

-- Loan 1001 is due: patron 61, item 511, lent on 1 August 10:30, back on 12 August, from the book drop: dated back to 17:00,
-- and taken in at 23:50. With her again the next day (loan 1109). Loan 1016, of the same patron and item in June, is owing.
UPDATE old_issues SET timestamp = '2026-08-12 23:50:00' WHERE issue_id = 1001;
INSERT INTO issues (issue_id, borrowernumber, itemnumber, branchcode, issuedate) VALUES
  (1109, 61, 511, 'MAIN', '2026-08-13 09:00:00');
INSERT INTO statistics (other, datetime, type, itemnumber, borrowernumber) VALUES
  ('1001 lent',              '2026-08-01 10:30:05', 'issue',  511, 61),
  ('1001 renewed',           '2026-08-10 09:00:00', 'renew',  511, 61),
  ('1001 from the book drop','2026-08-12 23:50:02', 'return', 511, 61),
  ('1109 lent',              '2026-08-13 09:00:03', 'issue',  511, 61),
  ('long after',             '2026-08-15 17:00:01', 'return', 511, 61),
  ('long before',            '2026-08-01 10:24:59', 'issue',  511, 61),
  ('1016 back',              '2026-06-22 10:00:00', 'return', 511, 61),
  ('another patron',         '2026-08-05 10:00:00', 'issue',  511, 64),
  ('another item',           '2026-08-05 10:00:00', 'issue',  518, 61),
  ('a recall',               '2026-08-05 10:00:00', 'recall', 511, 61),
  ('nobody',                 '2026-08-05 10:00:00', 'localuse', 511, NULL),
  ('no day',                 '0000-00-00 00:00:00', 'issue',  511, 61);
-- Lent on no day that anybody knows.
INSERT INTO old_issues (issue_id, borrowernumber, itemnumber, branchcode, issuedate, returndate) VALUES
  (1042, 61, 511, 'MAIN', '0000-00-00 00:00:00', '2026-06-10 10:00:00');
INSERT INTO action_logs (action_id, timestamp, user, module, action, object, info, interface) VALUES
  (1, '2026-08-01 10:30:05', 7,  'CIRCULATION', 'ISSUE',   61, '511', 'intranet'),
  (2, '2026-08-10 09:00:00', 61, 'CIRCULATION', 'RENEWAL', 61, '511', 'opac'),
  (3, '2026-08-12 23:50:00', 7,  'CIRCULATION', 'RETURN',  61, '511', 'intranet'),
  (4, '2026-08-13 09:00:03', 7,  'CIRCULATION', 'ISSUE',   61, '511', 'intranet'),
  (5, '2026-08-20 09:00:00', 7,  'CIRCULATION', 'RETURN',  61, '511', 'intranet'),
  (6, '2026-08-05 09:00:00', 7,  'CIRCULATION', 'ISSUE',   61, '5110', 'intranet'),
  (7, '2026-08-05 09:00:00', 7,  'CIRCULATION', 'ISSUE',   64, '511', 'intranet'),
  (8, '2026-08-05 09:00:00', 61, 'MEMBERS',     'MODIFY',  61, '511', 'opac'),
  (9, '2026-08-05 09:00:00', 7,  'FINES',       'CREATE',  61, '511', 'intranet');
INSERT INTO items_last_borrower (id, itemnumber, borrowernumber, created_on) VALUES
  (1, 511, 61, '2026-08-12 23:50:00'), (2, 511, 64, '2026-08-12 23:50:00'), (3, 518, 61, '2026-08-12 23:50:00'),
  (4, 511, 61, '2026-08-20 09:00:00');
INSERT INTO checkout_renewals (renewal_id, checkout_id, renewer_id, interface, timestamp) VALUES
  (1, 1001, 61, 'opac', '2026-08-10 09:00:00'), (2, 1001, 7, 'intranet', '2026-08-11 09:00:00'),
  (3, 1016, 61, 'opac', '2026-06-15 09:00:00'), (4, 1102, 64, 'opac', '2025-04-01 10:00:00');
-- Whoever lends to herself issues the loan.
UPDATE old_issues SET issuer_id = 64, timestamp = timestamp WHERE issue_id IN (1010, 1023);
UPDATE old_issues SET booking_id = 1, timestamp = timestamp WHERE issue_id = 1014;
UPDATE old_issues SET booking_id = 2, timestamp = timestamp WHERE issue_id = 1016;

-- Loan 1002 is due, and will be out again before the worklist is carried out. So will 1012 and its bill.
INSERT INTO statistics (other, datetime, type, itemnumber, borrowernumber) VALUES
  ('1002 lent', '2026-08-20 15:31:05', 'issue', 512, 64), ('1012 lent', '2026-01-10 10:30:45', 'issue', 517, 66);
INSERT INTO action_logs (action_id, timestamp, user, module, action, object, info) VALUES
  (10, '2026-08-20 15:31:05', 7, 'CIRCULATION', 'ISSUE', 64, '512');
INSERT INTO items_last_borrower (id, itemnumber, borrowernumber, created_on) VALUES (5, 512, 64, '2026-09-01 15:59:30');
INSERT INTO checkout_renewals (renewal_id, checkout_id, renewer_id, interface) VALUES (5, 1002, 64, 'opac');
INSERT INTO return_claims (id, itemnumber, issue_id, borrowernumber, resolution) VALUES (7, 512, 1002, 64, 'RET_BY_PATRON');

-- Loan 1003 names nobody any more: Koha saw to that as it came back, for patron 65, and left all this. Its item was lent on to 66
-- within seconds (1043), who gave it back and let a machine lend it to him again (1044): both are on the list, too.
INSERT INTO old_issues (issue_id, borrowernumber, issuer_id, itemnumber, branchcode, issuedate, returndate, timestamp,
                        lastreneweddate) VALUES
  (1043, 66, 7, 513, 'MAIN', '2026-09-01 15:59:29', '2026-09-09 10:00:00', '2026-09-09 10:00:00', NULL),
  (1044, NULL, 66, 513, 'MAIN', '2026-09-09 10:00:20', '2026-09-15 10:00:00', '2026-10-01 03:00:00', '2026-09-12 10:00:00');
UPDATE old_issues SET note = 'torn', lastreneweddate = '2026-08-25 10:00:00', timestamp = timestamp WHERE issue_id = 1003;
INSERT INTO statistics (other, datetime, type, itemnumber, borrowernumber) VALUES
  ('1003 lent',    '2026-08-20 15:31:01', 'issue',  513, 65),
  ('1003 renewed', '2026-08-25 10:00:00', 'renew',  513, 65),
  ('1003 back',    '2026-09-01 15:59:31', 'return', 513, 65),
  ('1043 lent',    '2026-09-01 15:59:32', 'issue',  513, 66),
  ('1043 back',    '2026-09-09 10:00:01', 'return', 513, 66),
  ('1044 lent',    '2026-09-09 10:00:20', 'issue',  513, 66),
  ('1044 renewed', '2026-09-12 10:00:00', 'renew',  513, 66),
  ('1044 back',    '2026-09-15 10:00:00', 'return', 513, 66),
  ('513 since',    '2026-10-01 03:06:00', 'issue',  513, 64);
INSERT INTO action_logs (action_id, timestamp, user, module, action, object, info, interface) VALUES
  (31, '2026-08-20 15:30:59', 7,  'CIRCULATION', 'ISSUE',   65, '513', 'intranet'),
  (32, '2026-08-25 10:00:00', 65, 'CIRCULATION', 'RENEWAL', 65, '513', 'opac'),
  (33, '2026-09-01 15:59:32', 7,  'CIRCULATION', 'RETURN',  65, '513', 'intranet'),
  (34, '2026-09-01 15:59:33', 7,  'CIRCULATION', 'ISSUE',   66, '513', 'intranet'),
  (35, '2026-10-01 03:06:00', 7,  'CIRCULATION', 'ISSUE',   64, '513', 'intranet');
INSERT INTO checkout_renewals (renewal_id, checkout_id, renewer_id, interface, timestamp) VALUES
  (6, 1003, 65, 'opac', '2026-08-25 10:00:00'), (7, 1044, 66, 'opac', '2026-09-12 10:00:00'),
  (8, 1044, 7, 'intranet', '2026-09-13 10:00:00');
INSERT INTO items_last_borrower (id, itemnumber, borrowernumber, created_on) VALUES (6, 513, 66, '2026-09-15 10:00:00');
INSERT INTO return_claims (id, itemnumber, issue_id, borrowernumber, resolution) VALUES (9, 513, 1003, 65, 'RET_BY_PATRON');

-- Items that were weeded. Loan 1023 is of patron 64, and 1045 of 67 whom nobody knows any more; 1046 began in the same second as
-- 1023 and is owing, 1047 in that of 1045.
INSERT INTO old_issues (issue_id, borrowernumber, issuer_id, branchcode, issuedate, returndate, timestamp, lastreneweddate) VALUES
  (1045, NULL, 7, 'MAIN', '2026-07-05 12:00:00', '2026-07-20 11:00:00', '2026-07-20 11:00:00', '2026-07-12 11:00:00'),
  (1046, 66, 7, 'MAIN', '2026-07-04 11:30:30', '2026-07-19 11:00:00', '2026-07-19 11:00:00', NULL),
  (1047, 66, 7, 'MAIN', '2026-07-05 12:00:00', '2026-07-19 11:00:00', '2026-07-19 11:00:00', NULL);
INSERT INTO accountlines (accountlines_id, old_issue_id, borrowernumber, date, amount, amountoutstanding, debit_type_code, interface,
                          timestamp) VALUES
  (9041, 1046, 66, '2026-07-19 11:00:00', 1, 1, 'OVERDUE', 'intranet', '2026-07-19 11:00:00'),
  (9042, 1047, 66, '2026-07-19 11:00:00', 1, 1, 'OVERDUE', 'intranet', '2026-07-19 11:00:00');
INSERT INTO statistics (other, datetime, type, itemnumber, borrowernumber) VALUES
  ('1023 lent',       '2026-07-04 11:30:31', 'issue',  591, 64),
  ('1023 renewed',    '2026-07-11 09:00:00', 'renew',  591, 64),
  ('1023 back',       '2026-07-19 11:00:01', 'return', 591, 64),
  ('591 again',       '2026-07-19 11:00:20', 'issue',  591, 64),
  ('1046 lent',       '2026-07-04 11:30:30', 'issue',  592, 66),
  ('1023 not weeded', '2026-07-04 11:30:32', 'issue',  512, 64),
  ('1045 lent',       '2026-07-05 12:00:02', 'issue',  593, 67),
  ('1045 renewed',    '2026-07-12 11:00:00', 'renew',  593, 67),
  ('1047 lent',       '2026-07-05 12:00:01', 'issue',  594, 66);
INSERT INTO action_logs (action_id, timestamp, user, module, action, object, info, interface) VALUES
  (41, '2026-07-04 11:30:31', 64, 'CIRCULATION', 'ISSUE',   64, '591', 'opac'),
  (42, '2026-07-19 11:00:01', 7,  'CIRCULATION', 'RETURN',  64, '591', 'intranet'),
  (43, '2026-07-05 12:00:01', 7,  'CIRCULATION', 'ISSUE',   67, '593', 'intranet'),
  (44, '2026-07-05 12:00:01', 7,  'CIRCULATION', 'ISSUE',   66, '594', 'intranet');
INSERT INTO checkout_renewals (renewal_id, checkout_id, renewer_id, interface, timestamp) VALUES
  (9, 1045, 67, 'opac', '2026-07-12 11:00:00');

-- Holds and loans have numbers in common.
INSERT INTO action_logs (action_id, timestamp, user, module, action, object, info, diff) VALUES
  (21, '2026-07-02 10:00:00', 61, 'HOLDS', 'CREATE', 1001, 'borrowernumber: 61', '{"D":{"borrowernumber":{"A":61}}}'),
  (22, '2026-08-03 10:00:00', 7,  'HOLDS', 'FILL',   1001, 'borrowernumber: 61', NULL),
  (23, '2026-05-04 10:00:00', 64, 'HOLDS', 'CREATE', 1002, 'borrowernumber: 64', NULL),
  (24, '2026-05-20 10:00:00', 66, 'HOLDS', 'CREATE', 1003, 'borrowernumber: 66', NULL),
  (25, '2026-05-20 10:00:00', 66, 'CATALOGUING', 'MODIFY', 1001, 'item', NULL);
-- Hold 1008 names nobody any more, and its log does. Two of 61's were in a group.
INSERT INTO action_logs (action_id, timestamp, user, module, action, object, info, diff) VALUES
  (26, '2026-05-04 10:00:00', 65, 'HOLDS', 'CREATE', 1008, 'borrowernumber: 65', NULL),
  (27, '2026-05-28 10:00:00', 7,  'HOLDS', 'FILL',   1008, 'borrowernumber: 65', NULL);
INSERT INTO hold_groups (hold_group_id, borrowernumber) VALUES (1, 61);
UPDATE old_reserves SET hold_group_id = 1, timestamp = timestamp WHERE reserve_id IN (1001, 1006, 1008);
UPDATE old_reserves SET reservenotes = 'for Mr Thrummel', timestamp = timestamp WHERE reserve_id IN (1004, 1005);

-- Bills of patron 68 from 4 May 2018, at midnight: 9026 is due. Of 61 others were raised in the same minutes.
INSERT INTO statistics (other, datetime, type, borrowernumber) VALUES
  ('9026 paid',        '2018-05-04 00:02:00', 'payment',  68),
  ('9026 later',       '2018-05-04 00:05:01', 'payment',  68),
  ('9026 no payment',  '2018-05-04 00:02:00', 'localuse', 68),
  ('9026 of another',  '2018-05-04 00:02:00', 'payment',  67),
  ('9019 or another',  '2018-05-04 10:31:00', 'payment',  61);
INSERT INTO article_requests (id, borrowernumber, biblionumber, status, debit_id) VALUES
  (1, 68, 5501, 'COMPLETED', 9026), (2, 61, 5502, 'PENDING', 9019);
UPDATE accountlines SET manager_id = 68, timestamp = timestamp WHERE accountlines_id = 9026;

-- Patron records: children, and loans that still name their patron.
INSERT INTO borrowers (borrowernumber, categorycode, dateenrolled, dateexpiry) VALUES
  (7, 'STAFF', '2010-01-01', NULL),
  (901, 'CH', '2009-01-01', '2024-01-01'), (902, 'CH', '2009-01-01', '2010-01-01'),
  (903, 'CH', '2009-01-01', '2027-09-01'), (904, 'CH', '2009-01-01', '2024-10-31'),
  (905, 'CH', '2009-01-01', '0000-00-00'), (906, 'CH', '2009-01-01', '2024-10-31');
INSERT INTO borrower_relationships (id, guarantor_id, guarantee_id, relationship) VALUES
  (1, 818, 901, 'mother'), (2, 819, 902, 'father'), (3, 819, 903, 'father'), (4, 820, 904, 'mother'),
  (5, 821, 905, 'father'), (6, 823, 906, 'father');
INSERT INTO issues (issue_id, borrowernumber, itemnumber, branchcode, issuedate) VALUES
  (1110, 901, 520, 'MAIN', '2026-10-01 09:00:00');
INSERT INTO old_issues (issue_id, borrowernumber, itemnumber, branchcode, issuedate, returndate) VALUES
  (1040, 817, 519, 'MAIN', '2026-02-10 17:00:00', '2026-03-02 17:00:00'),
  (1041, 816, 519, 'MAIN', '2023-04-01 17:00:00', '2023-04-20 09:00:00');
