-- Koha's tables, as far as the exports and the purge know them: types, nulls, defaults, keys and what a key does to
-- rows that refer to it. Columns that nothing here reads are left out.

CREATE TABLE categories (
  categorycode varchar(10) NOT NULL DEFAULT '' PRIMARY KEY,
  category_type varchar(1) NOT NULL DEFAULT 'A'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE borrowers (
  borrowernumber int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  cardnumber varchar(32) DEFAULT NULL UNIQUE,
  surname longtext DEFAULT NULL,
  firstname mediumtext DEFAULT NULL,
  streetnumber tinytext DEFAULT NULL,
  address longtext DEFAULT NULL,
  address2 mediumtext DEFAULT NULL,
  city longtext DEFAULT NULL,
  state mediumtext DEFAULT NULL,
  zipcode tinytext DEFAULT NULL,
  country mediumtext DEFAULT NULL,
  email longtext DEFAULT NULL,
  phone mediumtext DEFAULT NULL,
  mobile tinytext DEFAULT NULL,
  fax longtext DEFAULT NULL,
  emailpro mediumtext DEFAULT NULL,
  phonepro mediumtext DEFAULT NULL,
  B_streetnumber tinytext DEFAULT NULL,
  B_address mediumtext DEFAULT NULL,
  B_address2 mediumtext DEFAULT NULL,
  B_city longtext DEFAULT NULL,
  B_state mediumtext DEFAULT NULL,
  B_zipcode tinytext DEFAULT NULL,
  B_country mediumtext DEFAULT NULL,
  B_email mediumtext DEFAULT NULL,
  B_phone longtext DEFAULT NULL,
  dateofbirth date DEFAULT NULL,
  branchcode varchar(10) NOT NULL DEFAULT '',
  categorycode varchar(10) NOT NULL DEFAULT '',
  dateenrolled date DEFAULT NULL,
  dateexpiry date DEFAULT NULL,
  debarred date DEFAULT NULL,
  contactname longtext DEFAULT NULL,
  contactfirstname mediumtext DEFAULT NULL,
  borrowernotes longtext DEFAULT NULL,
  password varchar(60) DEFAULT NULL,
  flags bigint(11) DEFAULT NULL,
  userid varchar(75) DEFAULT NULL UNIQUE,
  altcontactfirstname mediumtext DEFAULT NULL,
  altcontactsurname mediumtext DEFAULT NULL,
  altcontactaddress1 mediumtext DEFAULT NULL,
  altcontactaddress2 mediumtext DEFAULT NULL,
  altcontactaddress3 mediumtext DEFAULT NULL,
  altcontactstate mediumtext DEFAULT NULL,
  altcontactzipcode mediumtext DEFAULT NULL,
  altcontactcountry mediumtext DEFAULT NULL,
  altcontactphone mediumtext DEFAULT NULL,
  smsalertnumber varchar(50) DEFAULT NULL,
  opacnote longtext DEFAULT NULL,
  contactnote varchar(255) DEFAULT NULL,
  privacy int(11) NOT NULL DEFAULT 1,
  updated_on timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  lastseen datetime DEFAULT NULL,
  CONSTRAINT borrowers_ibfk_1 FOREIGN KEY (categorycode) REFERENCES categories (categorycode)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE borrower_relationships (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  guarantor_id int(11) NOT NULL,
  guarantee_id int(11) NOT NULL,
  relationship varchar(100) NOT NULL,
  UNIQUE KEY (guarantor_id, guarantee_id),
  CONSTRAINT r_guarantee FOREIGN KEY (guarantee_id) REFERENCES borrowers (borrowernumber) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT r_guarantor FOREIGN KEY (guarantor_id) REFERENCES borrowers (borrowernumber) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE items (
  itemnumber int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  biblionumber int(11) NOT NULL DEFAULT 0,
  barcode varchar(20) DEFAULT NULL UNIQUE,
  homebranch varchar(10) DEFAULT NULL,
  itype varchar(10) DEFAULT NULL,
  ccode varchar(80) DEFAULT NULL,
  location varchar(80) DEFAULT NULL,
  itemcallnumber varchar(255) DEFAULT NULL,
  itemlost tinyint(1) NOT NULL DEFAULT 0,
  withdrawn tinyint(1) NOT NULL DEFAULT 0,
  datelastborrowed date DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE biblio (
  biblionumber int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  title longtext DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE bookings (
  booking_id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  patron_id int(11) NOT NULL DEFAULT 0,
  item_id int(11) DEFAULT NULL,
  start_date datetime DEFAULT NULL,
  end_date datetime DEFAULT NULL,
  status enum('new','cancelled','completed') NOT NULL DEFAULT 'new',
  CONSTRAINT bookings_ibfk_1 FOREIGN KEY (patron_id) REFERENCES borrowers (borrowernumber) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE issues (
  issue_id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  borrowernumber int(11) NOT NULL,
  issuer_id int(11) DEFAULT NULL,
  itemnumber int(11) NOT NULL UNIQUE,
  booking_id int(11) DEFAULT NULL,
  date_due datetime DEFAULT NULL,
  branchcode varchar(10) DEFAULT NULL,
  returndate datetime DEFAULT NULL,
  checkin_library varchar(10) DEFAULT NULL,
  lastreneweddate datetime DEFAULT NULL,
  renewals_count tinyint(4) NOT NULL DEFAULT 0,
  unseen_renewals tinyint(4) NOT NULL DEFAULT 0,
  auto_renew tinyint(1) DEFAULT 0,
  auto_renew_error varchar(32) DEFAULT NULL,
  timestamp timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  issuedate datetime DEFAULT NULL,
  onsite_checkout tinyint(1) NOT NULL DEFAULT 0,
  note longtext DEFAULT NULL,
  notedate datetime DEFAULT NULL,
  noteseen tinyint(1) DEFAULT NULL,
  CONSTRAINT issues_booking_id_fk FOREIGN KEY (booking_id) REFERENCES bookings (booking_id) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT issues_ibfk_1 FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON UPDATE CASCADE,
  CONSTRAINT issues_ibfk_2 FOREIGN KEY (itemnumber) REFERENCES items (itemnumber) ON UPDATE CASCADE,
  CONSTRAINT issues_ibfk_3 FOREIGN KEY (issuer_id) REFERENCES borrowers (borrowernumber) ON DELETE SET NULL ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE old_issues (
  issue_id int(11) NOT NULL PRIMARY KEY,
  borrowernumber int(11) DEFAULT NULL,
  issuer_id int(11) DEFAULT NULL,
  itemnumber int(11) DEFAULT NULL,
  booking_id int(11) DEFAULT NULL,
  date_due datetime DEFAULT NULL,
  branchcode varchar(10) DEFAULT NULL,
  returndate datetime DEFAULT NULL,
  checkin_library varchar(10) DEFAULT NULL,
  lastreneweddate datetime DEFAULT NULL,
  renewals_count tinyint(4) NOT NULL DEFAULT 0,
  unseen_renewals tinyint(4) NOT NULL DEFAULT 0,
  auto_renew tinyint(1) DEFAULT 0,
  auto_renew_error varchar(32) DEFAULT NULL,
  timestamp timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  issuedate datetime DEFAULT NULL,
  onsite_checkout tinyint(1) NOT NULL DEFAULT 0,
  note longtext DEFAULT NULL,
  notedate datetime DEFAULT NULL,
  noteseen tinyint(1) DEFAULT NULL,
  KEY old_issuesborridx (borrowernumber),
  KEY old_issuesitemidx (itemnumber),
  CONSTRAINT old_issues_booking_id_fk FOREIGN KEY (booking_id) REFERENCES bookings (booking_id) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT old_issues_ibfk_1 FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON DELETE SET NULL ON UPDATE SET NULL,
  CONSTRAINT old_issues_ibfk_2 FOREIGN KEY (itemnumber) REFERENCES items (itemnumber) ON DELETE SET NULL ON UPDATE SET NULL,
  CONSTRAINT old_issues_ibfk_3 FOREIGN KEY (issuer_id) REFERENCES borrowers (borrowernumber) ON DELETE SET NULL ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE hold_groups (
  hold_group_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  borrowernumber int(11) DEFAULT NULL,
  CONSTRAINT hold_groups_ibfk_1 FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE reserves (
  reserve_id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  borrowernumber int(11) NOT NULL DEFAULT 0,
  reservedate date DEFAULT NULL,
  biblionumber int(11) NOT NULL DEFAULT 0,
  branchcode varchar(10) NOT NULL,
  notificationdate date DEFAULT NULL,
  cancellationdate date DEFAULT NULL,
  cancellation_reason varchar(80) DEFAULT NULL,
  reservenotes longtext DEFAULT NULL,
  priority smallint(6) NOT NULL DEFAULT 1,
  found varchar(1) DEFAULT NULL,
  timestamp timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  itemnumber int(11) DEFAULT NULL,
  waitingdate date DEFAULT NULL,
  expirationdate date DEFAULT NULL,
  itemtype varchar(10) DEFAULT NULL,
  hold_group_id int(10) unsigned DEFAULT NULL,
  CONSTRAINT reserves_ibfk_1 FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT reserves_ibfk_3 FOREIGN KEY (itemnumber) REFERENCES items (itemnumber) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT reserves_ibfk_hg FOREIGN KEY (hold_group_id) REFERENCES hold_groups (hold_group_id) ON DELETE SET NULL ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE old_reserves (
  reserve_id int(11) NOT NULL PRIMARY KEY,
  borrowernumber int(11) DEFAULT NULL,
  reservedate date DEFAULT NULL,
  biblionumber int(11) DEFAULT NULL,
  branchcode varchar(10) DEFAULT NULL,
  notificationdate date DEFAULT NULL,
  cancellationdate date DEFAULT NULL,
  cancellation_reason varchar(80) DEFAULT NULL,
  reservenotes longtext DEFAULT NULL,
  priority smallint(6) NOT NULL DEFAULT 1,
  found varchar(1) DEFAULT NULL,
  timestamp timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  itemnumber int(11) DEFAULT NULL,
  waitingdate date DEFAULT NULL,
  expirationdate date DEFAULT NULL,
  itemtype varchar(10) DEFAULT NULL,
  hold_group_id int(10) unsigned DEFAULT NULL,
  CONSTRAINT old_reserves_ibfk_1 FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON DELETE SET NULL ON UPDATE SET NULL,
  CONSTRAINT old_reserves_ibfk_3 FOREIGN KEY (itemnumber) REFERENCES items (itemnumber) ON DELETE SET NULL ON UPDATE SET NULL,
  CONSTRAINT old_reserves_ibfk_hg FOREIGN KEY (hold_group_id) REFERENCES hold_groups (hold_group_id) ON DELETE SET NULL ON UPDATE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE accountlines (
  accountlines_id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  issue_id int(11) DEFAULT NULL,
  old_issue_id int(11) DEFAULT NULL,
  reserve_id int(11) DEFAULT NULL,
  old_reserve_id int(11) DEFAULT NULL,
  borrowernumber int(11) DEFAULT NULL,
  itemnumber int(11) DEFAULT NULL,
  date timestamp NULL DEFAULT NULL,
  amount decimal(28,6) DEFAULT NULL,
  description longtext DEFAULT NULL,
  credit_type_code varchar(80) DEFAULT NULL,
  debit_type_code varchar(80) DEFAULT NULL,
  status varchar(16) DEFAULT NULL,
  payment_type varchar(80) DEFAULT NULL,
  amountoutstanding decimal(28,6) DEFAULT NULL,
  timestamp timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  note mediumtext DEFAULT NULL,
  manager_id int(11) DEFAULT NULL,
  interface varchar(16) NOT NULL,
  branchcode varchar(10) DEFAULT NULL,
  CONSTRAINT accountlines_ibfk_borrowers FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT accountlines_ibfk_borrowers_2 FOREIGN KEY (manager_id) REFERENCES borrowers (borrowernumber) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT accountlines_ibfk_issues FOREIGN KEY (issue_id) REFERENCES issues (issue_id) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT accountlines_ibfk_items FOREIGN KEY (itemnumber) REFERENCES items (itemnumber) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT accountlines_ibfk_old_issues FOREIGN KEY (old_issue_id) REFERENCES old_issues (issue_id) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT accountlines_ibfk_reserves FOREIGN KEY (reserve_id) REFERENCES reserves (reserve_id) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT accountlines_ibfk_old_reserves FOREIGN KEY (old_reserve_id) REFERENCES old_reserves (reserve_id) ON DELETE SET NULL ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE return_claims (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  itemnumber int(11) NOT NULL,
  issue_id int(11) DEFAULT NULL,
  borrowernumber int(11) NOT NULL,
  notes mediumtext DEFAULT NULL,
  created_on timestamp NULL DEFAULT NULL,
  updated_on timestamp NULL DEFAULT NULL ON UPDATE current_timestamp(),
  resolution varchar(80) DEFAULT NULL,
  resolved_on timestamp NULL DEFAULT NULL,
  UNIQUE KEY item_issue (itemnumber, issue_id),
  CONSTRAINT rc_borrowers_ibfk FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT rc_items_ibfk FOREIGN KEY (itemnumber) REFERENCES items (itemnumber) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE checkout_renewals (
  renewal_id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  checkout_id int(11) DEFAULT NULL,
  renewer_id int(11) DEFAULT NULL,
  interface varchar(16) NOT NULL,
  timestamp timestamp NOT NULL DEFAULT current_timestamp(),
  CONSTRAINT renewals_renewer_id FOREIGN KEY (renewer_id) REFERENCES borrowers (borrowernumber) ON DELETE SET NULL ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE items_last_borrower (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  itemnumber int(11) NOT NULL,
  borrowernumber int(11) NOT NULL,
  created_on timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  KEY (itemnumber),
  CONSTRAINT items_last_borrower_ibfk_1 FOREIGN KEY (itemnumber) REFERENCES items (itemnumber) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT items_last_borrower_ibfk_2 FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- No key: here `other`, which Koha hardly uses, tells rows apart.
CREATE TABLE statistics (
  datetime datetime DEFAULT NULL,
  branch varchar(10) DEFAULT NULL,
  value double(16,4) DEFAULT NULL,
  type varchar(16) DEFAULT NULL,
  other longtext DEFAULT NULL,
  itemnumber int(11) DEFAULT NULL,
  borrowernumber int(11) DEFAULT NULL,
  KEY timeidx (datetime),
  KEY itemnumber_idx (itemnumber),
  KEY borrowernumber_idx (borrowernumber)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE action_logs (
  action_id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  timestamp timestamp NOT NULL DEFAULT current_timestamp(),
  user int(11) NOT NULL DEFAULT 0,
  module mediumtext DEFAULT NULL,
  action mediumtext DEFAULT NULL,
  object int(11) DEFAULT NULL,
  info mediumtext DEFAULT NULL,
  interface varchar(30) DEFAULT NULL,
  diff longtext DEFAULT NULL,
  KEY timestamp_idx (timestamp),
  KEY user_idx (user),
  KEY module_idx (module(191)),
  KEY object_idx (object),
  KEY info_idx (info(191))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE illrequests (
  illrequest_id bigint(20) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  borrowernumber int(11) DEFAULT NULL,
  completed date DEFAULT NULL,
  CONSTRAINT illrequests_bnfk FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE patron_consent (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  borrowernumber int(11) NOT NULL,
  type tinytext DEFAULT NULL,
  given_on datetime DEFAULT NULL,
  refused_on datetime DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE user_permissions (
  borrowernumber int(11) NOT NULL DEFAULT 0,
  module_bit int(11) NOT NULL DEFAULT 0,
  code varchar(64) NOT NULL,
  PRIMARY KEY (borrowernumber, module_bit, code),
  CONSTRAINT user_permissions_ibfk_1 FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE systempreferences (
  variable varchar(50) NOT NULL DEFAULT '' PRIMARY KEY,
  value mediumtext NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE article_requests (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  borrowernumber int(11) NOT NULL,
  biblionumber int(11) NOT NULL,
  status enum('REQUESTED','PENDING','PROCESSING','COMPLETED','CANCELED') NOT NULL DEFAULT 'REQUESTED',
  debit_id int(11) DEFAULT NULL,
  updated_on timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  CONSTRAINT article_requests_ibfk_1 FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT article_requests_ibfk_5 FOREIGN KEY (debit_id) REFERENCES accountlines (accountlines_id) ON DELETE SET NULL ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What is counted alone: the columns that the counts name, and those that lead to a patron.

CREATE TABLE message_queue (
  message_id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  borrowernumber int(11) DEFAULT NULL,
  CONSTRAINT messageq_ibfk_1 FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE messages (
  message_id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  borrowernumber int(11) NOT NULL,
  manager_id int(11) DEFAULT NULL,
  CONSTRAINT messages_borrowernumber FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT messages_ibfk_1 FOREIGN KEY (manager_id) REFERENCES borrowers (borrowernumber) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE pseudonymized_transactions (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  hashed_borrowernumber varchar(60) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE background_jobs (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  borrowernumber int(11) DEFAULT NULL,
  type varchar(64) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE saved_reports (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE search_history (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  userid int(11) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE linktracker (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  borrowernumber int(11) DEFAULT NULL,
  CONSTRAINT linktracker_borrower_ibfk FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON DELETE SET NULL ON UPDATE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE curbside_pickups (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  borrowernumber int(11) NOT NULL,
  staged_by int(11) DEFAULT NULL,
  delivered_by int(11) DEFAULT NULL,
  CONSTRAINT curbside_pickups_ibfk_2 FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE recalls (
  recall_id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  patron_id int(11) NOT NULL DEFAULT 0,
  completed tinyint(1) NOT NULL DEFAULT 0,
  CONSTRAINT recalls_ibfk_1 FOREIGN KEY (patron_id) REFERENCES borrowers (borrowernumber) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE suggestions (
  suggestionid int(8) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  suggestedby int(11) DEFAULT NULL,
  CONSTRAINT suggestions_ibfk_suggestedby FOREIGN KEY (suggestedby) REFERENCES borrowers (borrowernumber) ON DELETE SET NULL ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE deletedborrowers (
  borrowernumber int(11) NOT NULL DEFAULT 0,
  KEY borrowernumber (borrowernumber)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE borrower_modifications (
  verification_token varchar(255) NOT NULL DEFAULT '',
  borrowernumber int(11) NOT NULL DEFAULT 0,
  PRIMARY KEY (verification_token(191), borrowernumber)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE borrower_attributes (
  id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  borrowernumber int(11) NOT NULL,
  CONSTRAINT borrower_attributes_ibfk_1 FOREIGN KEY (borrowernumber) REFERENCES borrowers (borrowernumber) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
