pub trait KeyedCheck {}
pub struct Verified;
pub fn verify() {}
