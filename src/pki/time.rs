//! UTCTime and GeneralizedTime (RFC 5280, 4.1.2.5) as [`UnixTime`].

use crate::crypto::der::Element;
use crate::model::UnixTime;
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;

/// The moment in a UTCTime or GeneralizedTime; `None` for anything else.
pub(super) fn time(element: &Element<'_>) -> Option<UnixTime> {
    // UTCTime, GeneralizedTime
    if !element.is(23) && !element.is(24) {
        return None;
    }
    let (_, moment) = ASN1Time::from_der(element.raw).ok()?;
    Some(UnixTime(moment.timestamp()))
}
