//! edXML packages of the exchange axis (QCVN 102:2016): bytes to facts.
//!
//! Lenient in what vendors vary (namespaces, prefixes, case, order, encodings, date forms), strict in what
//! attacks: see [`xml`] and [`attachment`]. Whether a package agrees with the archive is not judged here.

mod attachment;
mod canonical;
mod signature;
mod xml;

use crate::limits::Limits;
use crate::model::{
    CalendarDate, NotAssessed, PackageAction, PackageAttachment, PackageFacts, PackageParty, PackageReference,
    PackageStatus, UnixTime,
};
use base64::engine::{DecodePaddingMode, Engine, GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;
use xml::Tree;

/// Bytes at the beginning in which a package names itself.
const HEAD: usize = 4_096;

/// Whether the bytes look like an edXML package: XML whose beginning names edXML.
pub fn is_package(data: &[u8]) -> bool {
    let head = data.get(..HEAD).unwrap_or(data);
    // Without zero bytes UTF-16 reads as ASCII.
    let head: Vec<u8> = head.iter().filter(|byte| **byte != 0).map(u8::to_ascii_lowercase).collect();
    let start = head.iter().position(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf..));
    start.and_then(|start| head.get(start)) == Some(&b'<') && head.windows(5).any(|window| window == b"edxml")
}

/// Reads a package.
///
/// # Errors
/// [`NotAssessed::Structure`] if it is not XML or has no edXML header, [`NotAssessed::Limit`] at a bound.
pub fn read(data: &[u8], limits: &Limits) -> Result<PackageFacts, NotAssessed> {
    if xml::is_over(data.len(), limits.package_bytes.saturating_add(1)) {
        return Err(NotAssessed::Limit(xml::limit("package_bytes", limits.package_bytes)));
    }
    let text = decode(data)?;
    let tree = Tree::parse(&text, limits)?;
    Reader { tree: &tree, limits }.package()
}

/// UTF-8 or UTF-16 by its mark. A declaration is not believed: .NET writes "utf-16" over UTF-8.
fn decode(data: &[u8]) -> Result<Cow<'_, str>, NotAssessed> {
    let (text, _, malformed) = encoding_rs::UTF_8.decode(data);
    if malformed { Err(NotAssessed::Structure("edXML: encoding".to_owned())) } else { Ok(text) }
}

/// Base64 with white space anywhere and padding or none (RFC 2045, 6.8).
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    const ENGINE: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let compact: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    ENGINE.decode(compact).ok()
}

struct Reader<'t, 'a> {
    tree: &'t Tree<'a>,
    limits: &'t Limits,
}

impl Reader<'_, '_> {
    fn package(&self) -> Result<PackageFacts, NotAssessed> {
        let mut facts = PackageFacts { signature: signature::verify(self.tree), ..PackageFacts::default() };
        let header = self.tree.all(&["MessageHeader"]).next();
        let status = self.tree.all(&["Status"]).next();
        if header.is_none() && status.is_none() {
            return Err(NotAssessed::Structure("edXML: no MessageHeader and no Status".to_owned()));
        }
        if let Some(header) = header {
            self.header(header, &mut facts)?;
        }
        if let Some(status) = status {
            self.status(status, &mut facts)?;
        }
        self.trace(&mut facts)?;
        self.attachments(&mut facts)?;
        Ok(facts)
    }

    fn header(&self, header: usize, facts: &mut PackageFacts) -> Result<(), NotAssessed> {
        let inside = |names: &[&str]| self.tree.child(header, names);
        facts.document_id = self.value(Some(header), &["DocumentId"])?;
        let code = inside(&["Code"]);
        facts.code_number = self.value(code, &["CodeNumber"])?;
        facts.code_notation = self.value(code, &["CodeNotation"])?;
        facts.date_text = self.value(inside(&["PromulgationInfo"]), &["PromulgationDate"])?;
        facts.date = facts.date_text.as_deref().and_then(date);
        facts.type_name = self.value(inside(&["DocumentType"]), &["TypeName"])?;
        facts.subject = self.value(Some(header), &["Subject"])?;
        facts.signer = self.value(inside(&["SignerInfo"]), &["FullName"])?;
        facts.from = inside(&["From"]).map(|from| self.party(from)).transpose()?.unwrap_or_default();
        let to = self.tree.children(header, &["To"]);
        facts.to = self.bounded(to)?.into_iter().map(|to| self.party(to)).collect::<Result<_, _>>()?;
        self.concerns(header, facts)
    }

    fn status(&self, status: usize, facts: &mut PackageFacts) -> Result<(), NotAssessed> {
        let code = self.value(Some(status), &["StatusCode"])?;
        let time = self.value(Some(status), &["Timestamp"])?;
        facts.status = Some(PackageStatus {
            code: code.and_then(|code| code.parse().ok()),
            time: time.as_deref().and_then(instant),
        });
        if let Some(from) = self.tree.child(status, &["From"]) {
            facts.from = self.party(from)?;
        }
        self.concerns(status, facts)
    }

    fn concerns(&self, parent: usize, facts: &mut PackageFacts) -> Result<(), NotAssessed> {
        for reference in self.bounded(self.tree.children(parent, &["ResponseFor"]))? {
            let within = Some(reference);
            let date_text = self.value(within, &["PromulgationDate"])?;
            facts.concerns.push(PackageReference {
                organ_id: self.value(within, &["OrganId"])?,
                code: self.value(within, &["Code"])?,
                date: date_text.as_deref().and_then(date),
                document_id: self.value(within, &["DocumentId"])?,
            });
        }
        Ok(())
    }

    fn trace(&self, facts: &mut PackageFacts) -> Result<(), NotAssessed> {
        let sent = self.tree.all(&["TraceHeader"]).next();
        facts.sent = self.value(sent, &["Timestamp"])?.as_deref().and_then(instant);
        // "Bussiness" is the real spelling; some connectors correct it.
        let Some(business) = self.tree.all(&["Bussiness", "Business"]).next() else { return Ok(()) };
        let action = self.value(Some(business), &["BussinessDocType", "BusinessDocType"])?;
        facts.action = match action.as_deref() {
            None | Some("0") => PackageAction::New,
            Some("1") => PackageAction::Recall,
            Some("2") => PackageAction::Update,
            Some("3") => PackageAction::Replace,
            Some(other) => PackageAction::Other(other.to_owned()),
        };
        facts.paper = self.value(Some(business), &["Paper"])?.and_then(|paper| match paper.to_lowercase().as_str() {
            "true" => Some(1),
            "false" => Some(0),
            number => number.parse().ok(),
        });
        if let Some(document_id) = self.value(Some(business), &["DocumentId"])? {
            facts.concerns.push(PackageReference { document_id: Some(document_id), ..PackageReference::default() });
        }
        for list in self.tree.children(business, &["ReplacementInfoList"]) {
            for info in self.bounded(self.tree.children(list, &["ReplacementInfo"]))? {
                facts.replaces.extend(self.value(Some(info), &["DocumentId"])?);
            }
        }
        Ok(())
    }

    fn attachments(&self, facts: &mut PackageFacts) -> Result<(), NotAssessed> {
        let listed = self.tree.all(&["edXMLManifest", "Manifest"]).next();
        let listed = listed.map_or(0, |manifest| self.tree.children(manifest, &["Reference"]).count());
        facts.listed_attachments = u32::try_from(listed).unwrap_or(u32::MAX);
        let mut decoder = attachment::Decoder::new(self.limits);
        let frames = self.tree.all(&["AttachmentEncoded"]);
        let carried = frames.flat_map(|frame| self.tree.children(frame, &["Attachment"]));
        for carried in self.bounded(carried)? {
            let name = self.value(Some(carried), &["AttachmentName"])?;
            let encoded = self.tree.child(carried, &["ContentTransferEncoded"]).unwrap_or(carried);
            let content = decoder.decode(name.as_deref(), &self.tree.text(encoded));
            facts.attachments.push(PackageAttachment { name, content });
        }
        Ok(())
    }

    fn party(&self, party: usize) -> Result<PackageParty, NotAssessed> {
        Ok(PackageParty {
            organ_id: self.value(Some(party), &["OrganId"])?,
            name: self.value(Some(party), &["OrganName"])?,
        })
    }

    /// The text of a child; `None` if it is absent, blank or a filler.
    fn value(&self, parent: Option<usize>, names: &[&str]) -> Result<Option<String>, NotAssessed> {
        let Some(child) = parent.and_then(|parent| self.tree.child(parent, names)) else { return Ok(None) };
        let text = self.tree.text(child);
        let text = text.trim();
        if xml::is_over(text.chars().count(), self.limits.package_text.saturating_add(1)) {
            return Err(NotAssessed::Limit(xml::limit("package_text", self.limits.package_text)));
        }
        Ok((!text.is_empty() && !text.eq_ignore_ascii_case("n/a")).then(|| text.to_owned()))
    }

    fn bounded(&self, items: impl Iterator<Item = usize>) -> Result<Vec<usize>, NotAssessed> {
        let bound = self.limits.package_items;
        let items: Vec<usize> = items.take(usize::try_from(bound).unwrap_or(usize::MAX).saturating_add(1)).collect();
        if xml::is_over(items.len(), bound.saturating_add(1)) {
            return Err(NotAssessed::Limit(xml::limit("package_items", bound)));
        }
        Ok(items)
    }
}

/// A day, year first or day first; a time behind it is ignored.
fn date(text: &str) -> Option<CalendarDate> {
    let (numbers, year_first) = numbers(text)?;
    let [a, month, c, ..] = numbers.as_slice() else { return None };
    let (year, day) = if year_first { (a, c) } else { (c, a) };
    CalendarDate::new(i32::try_from(*year).ok()?, u8::try_from(*month).ok()?, u8::try_from(*day).ok()?)
}

/// A day and time; without a zone it is Vietnam's (QĐ 28/2018 Đ.14(4)).
fn instant(text: &str) -> Option<UnixTime> {
    let day = date(text)?;
    let (numbers, _) = numbers(text)?;
    let part = |at: usize| u8::try_from(numbers.get(at).copied().unwrap_or(0)).ok();
    let clock = time::Time::from_hms(part(3)?, part(4)?, part(5)?).ok()?;
    let offset = offset(text).unwrap_or(crate::model::VIETNAM);
    Some(UnixTime(day.0.with_time(clock).assume_offset(offset).unix_timestamp()))
}

/// `Z` or `+07:00` behind a time.
fn offset(text: &str) -> Option<time::UtcOffset> {
    let (_, clock) = text.split_once(['T', ' '])?;
    if clock.ends_with(['Z', 'z']) {
        return Some(time::UtcOffset::UTC);
    }
    let at = clock.rfind(['+', '-'])?;
    let sign = if clock.get(at..)?.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = clock.get(at + 1..)?.split_once(':')?;
    time::UtcOffset::from_hms(sign * hours.parse::<i8>().ok()?, sign * minutes.parse::<i8>().ok()?, 0).ok()
}

/// The first six numbers of a date and time, and whether the first is a year.
fn numbers(text: &str) -> Option<(Vec<u32>, bool)> {
    let mut words = text.split(|c: char| !c.is_ascii_digit()).filter(|word| !word.is_empty()).take(6).peekable();
    let year_first = words.peek()?.len() == 4;
    Some((words.map(|word| word.parse().ok()).collect::<Option<_>>()?, year_first))
}

#[cfg(test)]
mod tests;
