//! The pipelines that come with afterloan.

use crate::words::{Kind, Side};

/// A pipeline of the repository.
#[derive(Clone, Copy)]
pub struct Shipped {
    pub name: &'static str,
    pub kind: Kind,
    pub side: Side,
    pub text: &'static str,
}

macro_rules! shipped {
    ($($place:ident $name:literal $kind:ident $side:ident;)*) => {
        $(pub const $place: Shipped = Shipped {
            name: $name,
            kind: Kind::$kind,
            side: Side::$side,
            text: include_str!(concat!("../../pipelines/", $name, ".toml")),
        };)*

        /// All, system by system.
        pub const ALL: &[Shipped] = &[$($place),*];
    };
}

shipped! {
    KOHA_LOANS "koha-loans" Loan Patron;
    KOHA_HOLDS "koha-holds" Hold Patron;
    KOHA_CONTACTS "koha-contacts" Contact Contact;
    KOHA_BILLS "koha-bills" Bill Patron;
    KOHA_BILLS_MATERIAL "koha-bills-material" Bill Material;
    EVERGREEN_LOANS "evergreen-loans" Loan Patron;
    EVERGREEN_HOLDS "evergreen-holds" Hold Patron;
    EVERGREEN_CONTACTS "evergreen-contacts" Contact Contact;
    EVERGREEN_BILLS "evergreen-bills" Bill Patron;
    EVERGREEN_BILLS_MATERIAL "evergreen-bills-material" Bill Material;
    FOLIO_LOANS "folio-loans" Loan Patron;
    FOLIO_REQUESTS "folio-requests" Hold Patron;
    FOLIO_BILLS "folio-bills" Bill Patron;
    FOLIO_BILLS_MATERIAL "folio-bills-material" Bill Material;
    SYMPHONY_LOANS "symphony-loans" Loan Patron;
    SYMPHONY_HOLDS "symphony-holds" Hold Patron;
    SYMPHONY_HISTORY "symphony-history" Loan Patron;
    SIERRA_CIRC_TRANS "sierra-circ-trans" Loan Patron;
    SIERRA_HOLDS "sierra-holds" Hold Patron;
    SIERRA_BILLS "sierra-bills" Bill Patron;
    POLARIS_LOANS "polaris-loans" Loan Patron;
    POLARIS_TRANSACTIONS "polaris-transactions" Loan Patron;
    POLARIS_BILLS "polaris-bills" Bill Patron;
    POLARIS_BILLS_MATERIAL "polaris-bills-material" Bill Material;
    ALMA_LOANS "alma-loans" Loan Patron;
    ALMA_BILLS "alma-bills" Bill Patron;
    VOYAGER_LOANS "voyager-loans" Loan Patron;
    VOYAGER_BILLS "voyager-bills" Bill Patron;
    VOYAGER_BILLS_MATERIAL "voyager-bills-material" Bill Material;
    COMPUTER_SESSIONS "computer-sessions" Session Patron;
    WIFI_RADIUS "wifi-radius" Session Patron;
    ILLIAD_ILL "illiad-ill" Ill Patron;
    LIBCAL_REGISTRATIONS "libcal-registrations" Registration Patron;
    EZPROXY_ACCESS "ezproxy-access" Access Patron;
}
