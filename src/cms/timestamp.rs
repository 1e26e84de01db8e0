//! RFC 3161 timestamp tokens: the imprint, TSTInfo, and the token's own signer.

use super::SignedContent;
use super::attributes::Attribute;
use super::blobs::Collector;
use super::instant::instant;
use super::note;
use super::oid;
use super::signer::{self, Octets, compare, keep_archived};
use super::structure::{self, AlgorithmIdentifier, SignedData};
use super::tlv::{Element, Malformed, Reader, tag};
use crate::crypto::DigestAlgorithm;
use crate::model::{CmsFacts, DigestOutcome, SignerFacts, TimestampFacts, UnixTime};
use std::borrow::Cow;

/// Timestamp tokens looked at in one signature. Real signatures carry one; each costs a signature check.
const TOKENS: usize = 16;

/// TSTInfo (RFC 3161, 2.4.2), as far as it is used.
struct Info<'a> {
    policy: String,
    imprint_algorithm: AlgorithmIdentifier<'a>,
    imprint: Cow<'a, [u8]>,
    generation_time: Option<UnixTime>,
}

impl<'a> Info<'a> {
    fn parse(octets: &'a [u8], depth: usize) -> Result<Self, Malformed> {
        let mut reader = Reader::new(octets, depth);
        let info = reader.expect(tag::SEQUENCE, "TSTInfo")?;
        reader.finish("TSTInfo")?;
        let mut fields = info.reader(depth);
        if fields.expect(tag::INTEGER, "TSTInfo version")?.content != [1] {
            return Err("TSTInfo version unknown".into());
        }
        let policy = oid::dotted(fields.expect(tag::OBJECT_IDENTIFIER, "TSA policy")?.content);
        let mut imprint = fields.expect(tag::SEQUENCE, "messageImprint")?.reader(depth);
        let algorithm = AlgorithmIdentifier::parse(&imprint.expect(tag::SEQUENCE, "hashAlgorithm")?, depth)?;
        let hash = imprint.octet_string("hashedMessage")?;
        imprint.finish("messageImprint")?;
        fields.expect(tag::INTEGER, "timestamp serial number")?;
        let generation_time = instant(&fields.expect(tag::GENERALIZED_TIME, "genTime")?);
        Ok(Self { policy, imprint_algorithm: algorithm, imprint: hash, generation_time })
    }

    /// The imprint against what it has to cover.
    fn compare(&self, covered: &dyn SignedContent) -> DigestOutcome {
        match DigestAlgorithm::from_algorithm_identifier(self.imprint_algorithm.raw) {
            Some(algorithm) if algorithm.length() == self.imprint.len() => {
                compare(&self.imprint, covered.digest(algorithm).as_deref())
            }
            _ => DigestOutcome::NotComputable,
        }
    }
}

/// Evaluates a token whose imprint has to cover `covered`.
pub(super) fn evaluate(
    signed: &SignedData<'_>,
    covered: &dyn SignedContent,
    depth: usize,
    blobs: &mut Collector,
) -> Result<TimestampFacts, Malformed> {
    if signed.content_type != oid::TST_INFO {
        return Err(Malformed::new(format!("no timestamp but {}", oid::dotted(signed.content_type))));
    }
    let octets = signed.content.as_deref().ok_or("timestamp without content")?;
    let info = Info::parse(octets, depth)?;
    let mut facts = signer::evaluate(signed, &Octets(octets), depth, blobs)?;
    unsigned_attributes(signed, &mut facts, depth, blobs, None);
    let algorithm = DigestAlgorithm::from_algorithm_identifier(info.imprint_algorithm.raw);
    Ok(TimestampFacts {
        imprint: info.compare(covered),
        imprint_algorithm: match algorithm {
            Some(algorithm) => algorithm.name().to_owned(),
            None => oid::dotted(info.imprint_algorithm.oid),
        },
        generation_time: info.generation_time,
        policy: Some(info.policy),
        signer: CmsFacts::Parsed(Box::new(facts)),
    })
}

/// Looks through the unsigned attributes of `signed` for timestamp tokens, whose imprint covers `stamped`
/// (`None`: tokens are not looked for), and for archived revocation data. Nothing else is decoded.
pub(super) fn unsigned_attributes(
    signed: &SignedData<'_>,
    facts: &mut SignerFacts,
    depth: usize,
    blobs: &mut Collector,
    stamped: Option<&[u8]>,
) {
    let Some(element) = signed.signer.unsigned_attributes else { return };
    let mut members = element.reader(depth);
    loop {
        let attribute = match members.next() {
            Ok(None) => return,
            Ok(Some(member)) => Attribute::parse(&member, depth),
            Err(reason) => Err(reason),
        };
        let Ok(attribute) = attribute else {
            note::add(&mut facts.notes, note::UNSIGNED_ATTRIBUTES_MALFORMED);
            return;
        };
        match (attribute.kind, stamped) {
            (oid::TIMESTAMP_TOKEN, Some(stamped)) => tokens(&attribute.values, stamped, facts, depth, blobs),
            (oid::REVOCATION_ARCHIVAL, _) => match attribute.values.reader(depth).next() {
                Ok(Some(value)) => keep_archived(&value, facts, blobs, depth),
                _ => note::add(&mut facts.notes, note::REVOCATION_DATA_UNREADABLE),
            },
            _ => note::add(&mut facts.notes, note::UNDECODED_UNSIGNED_ATTRIBUTE),
        }
    }
}

/// Each value of one timestamp attribute.
fn tokens(values: &Element<'_>, stamped: &[u8], facts: &mut SignerFacts, depth: usize, blobs: &mut Collector) {
    let mut members = values.reader(depth);
    loop {
        let token = match members.next() {
            Ok(None) => return,
            Ok(Some(token)) => token,
            Err(_) => {
                note::add(&mut facts.notes, note::UNSIGNED_ATTRIBUTES_MALFORMED);
                return;
            }
        };
        if facts.timestamps.len() == TOKENS {
            note::add(&mut facts.notes, note::TIMESTAMPS_LEFT_OUT);
            return;
        }
        let evaluated = structure::parse(token.raw, depth)
            .and_then(|(signed, _)| evaluate(&signed, &Octets(stamped), depth, blobs));
        facts.timestamps.push(evaluated.unwrap_or_else(|reason| TimestampFacts {
            imprint: DigestOutcome::NotComputable,
            imprint_algorithm: String::new(),
            generation_time: None,
            policy: None,
            signer: CmsFacts::Malformed(reason.into()),
        }));
    }
}
