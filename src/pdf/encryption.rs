//! The standard security handler with the empty user password (ISO 32000-2, 7.6): what every reader opens
//! without asking. No other password is tried, and nothing here protects anything.

use super::filter::FilterError;
use super::object::{Dictionary, Object, ObjectId, PdfString, Stream};
use super::parser::decode_string;
use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockDecryptMut, BlockEncryptMut, KeyIvInit};
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

/// Stands for an empty password (ISO 32000-2, 7.6.4.3.2, algorithm 2, step a).
const PADDING: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e, 0x2e, 0x00,
    0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Method {
    Identity,
    Rc4,
    Aes128,
    Aes256,
}

/// Decrypts the strings and streams of one document.
pub(super) struct Decryptor {
    key: Vec<u8>,
    strings: Method,
    streams: Method,
    named: HashMap<Vec<u8>, Method>,
    metadata: bool,
    /// The encryption dictionary's own number: its strings are plain.
    own: Option<u32>,
}

/// The decryptor, if the empty user password opens the document.
pub(super) fn open(
    entries: &Dictionary,
    id: &[u8],
    own: Option<u32>,
    resolve: impl Fn(&Object) -> Rc<Object>,
    bytes: impl Fn(&PdfString) -> Vec<u8>,
) -> Option<Decryptor> {
    let value = |key: &[u8]| entries.get(key).map(&resolve).unwrap_or_default();
    let integer = |key: &[u8]| value(key).integer();
    let string = |key: &[u8]| value(key).string().map(&bytes);
    if value(b"Filter").name() != Some(b"Standard") {
        return None;
    }
    let version = integer(b"V")?;
    let revision = integer(b"R")?;
    let metadata = *value(b"EncryptMetadata") != Object::Boolean(false);
    let mut named = HashMap::new();
    let mut bits = integer(b"Length");
    for (name, filter) in value(b"CF").dictionary().iter().flat_map(|filters| filters.iter()) {
        let filter = resolve(filter);
        let Some(filter) = filter.dictionary() else { continue };
        let method = match filter.name(b"CFM") {
            Some(b"V2") => Method::Rc4,
            Some(b"AESV2") => Method::Aes128,
            Some(b"AESV3") => Method::Aes256,
            _ => Method::Identity,
        };
        named.insert(name.to_vec(), method);
    }
    let (strings, streams) = match version {
        1 | 2 => (Method::Rc4, Method::Rc4),
        4 | 5 => {
            let method = |key: &[u8]| {
                let name = value(key).name().map(<[u8]>::to_vec);
                name.and_then(|name| named.get(&name).copied()).unwrap_or(Method::Identity)
            };
            (method(b"StrF"), method(b"StmF"))
        }
        _ => return None,
    };
    // Version 4 always uses 128 bits, whatever /Length says (table 20 and its note).
    bits = match version {
        1 => Some(40),
        4 => Some(128),
        _ => bits,
    };
    let length = usize::try_from(bits.unwrap_or(40) / 8).ok()?.clamp(5, 16);
    let (owner, user) = (string(b"O")?, string(b"U")?);
    let key = match revision {
        2..=4 => {
            // /P is a signed 32-bit number, yet some write it unsigned.
            let permissions = integer(b"P")?.to_le_bytes();
            let permissions = permissions.get(..4)?;
            let plain = revision >= 4 && !metadata;
            let key = key_of_revision_2_to_4(owner.get(..32)?, permissions, id, plain, revision, length);
            opens(&key, &user, id, revision)?;
            key
        }
        5 | 6 => key_of_revision_5_and_6(&user, &string(b"UE")?, revision)?,
        _ => return None,
    };
    Some(Decryptor { key, strings, streams, named, metadata, own })
}

/// Algorithm 2.
fn key_of_revision_2_to_4(
    owner: &[u8],
    permissions: &[u8],
    id: &[u8],
    plain_metadata: bool,
    revision: i64,
    length: usize,
) -> Vec<u8> {
    let mut input = PADDING.to_vec();
    input.extend_from_slice(owner);
    input.extend_from_slice(permissions);
    input.extend_from_slice(id);
    if plain_metadata {
        input.extend([0xff; 4]);
    }
    let mut digest = md5::compute(input).0.to_vec();
    digest.truncate(length);
    if revision >= 3 {
        for _ in 0..50 {
            digest = md5::compute(&digest).0.to_vec();
            digest.truncate(length);
        }
    }
    digest
}

/// Algorithms 4 to 6: whether the key is that of the empty user password.
fn opens(key: &[u8], user: &[u8], id: &[u8], revision: i64) -> Option<()> {
    if revision == 2 {
        return (rc4(key, &PADDING) == user.get(..32)?).then_some(());
    }
    let mut input = PADDING.to_vec();
    input.extend_from_slice(id);
    let mut digest = rc4(key, &md5::compute(input).0);
    for round in 1..=19_u8 {
        let key: Vec<u8> = key.iter().map(|byte| byte ^ round).collect();
        digest = rc4(&key, &digest);
    }
    (digest == user.get(..16)?).then_some(())
}

/// Algorithm 2.A for the empty user password.
fn key_of_revision_5_and_6(user: &[u8], encrypted_key: &[u8], revision: i64) -> Option<Vec<u8>> {
    let (digest, validation, salt) = (user.get(..32)?, user.get(32..40)?, user.get(40..48)?);
    if hash(validation, revision)? != digest {
        return None;
    }
    let intermediate = hash(salt, revision)?;
    let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(&intermediate, &[0; 16]).ok()?;
    cipher.decrypt_padded_vec_mut::<NoPadding>(encrypted_key.get(..32)?).ok()
}

/// Algorithm 2.B with the empty password; revision 5 stops after the first digest.
fn hash(salt: &[u8], revision: i64) -> Option<Vec<u8>> {
    let mut key = Sha256::digest(salt).to_vec();
    if revision == 5 {
        return Some(key);
    }
    let mut round = 0_u32;
    loop {
        let input = key.repeat(64);
        let cipher = cbc::Encryptor::<aes::Aes128>::new_from_slices(key.get(..16)?, key.get(16..32)?).ok()?;
        let output = cipher.encrypt_padded_vec_mut::<NoPadding>(&input);
        let remainder: u32 = output.get(..16)?.iter().map(|&byte| u32::from(byte)).sum::<u32>() % 3;
        key = match remainder {
            0 => Sha256::digest(&output).to_vec(),
            1 => Sha384::digest(&output).to_vec(),
            _ => Sha512::digest(&output).to_vec(),
        };
        round += 1;
        let last = u32::from(*output.last()?);
        if round >= 64 && last <= round - 32 {
            key.truncate(32);
            return Some(key);
        }
    }
}

fn rc4(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut state: [u8; 256] = std::array::from_fn(|index| u8::try_from(index).unwrap_or_default());
    let at = |state: &[u8; 256], index: u8| state.get(usize::from(index)).copied().unwrap_or_default();
    let mut j = 0_u8;
    for i in 0..=255_u8 {
        let byte = key.get(usize::from(i) % key.len().max(1)).copied().unwrap_or_default();
        j = j.wrapping_add(at(&state, i)).wrapping_add(byte);
        state.swap(usize::from(i), usize::from(j));
    }
    let (mut i, mut j) = (0_u8, 0_u8);
    data.iter()
        .map(|byte| {
            i = i.wrapping_add(1);
            j = j.wrapping_add(at(&state, i));
            state.swap(usize::from(i), usize::from(j));
            byte ^ at(&state, at(&state, i).wrapping_add(at(&state, j)))
        })
        .collect()
}

impl Decryptor {
    fn decrypt(&self, method: Method, id: ObjectId, data: &[u8]) -> Option<Vec<u8>> {
        // Algorithm 1: the key of one object.
        let object_key = |salt: &[u8]| {
            let mut input = self.key.clone();
            input.extend(id.number.to_le_bytes().iter().take(3));
            input.extend(id.generation.to_le_bytes());
            input.extend_from_slice(salt);
            let mut key = md5::compute(input).0.to_vec();
            key.truncate((self.key.len() + 5).min(16));
            key
        };
        match method {
            Method::Identity => Some(data.to_vec()),
            Method::Rc4 => Some(rc4(&object_key(&[]), data)),
            Method::Aes128 => {
                let (vector, data) = data.split_at_checked(16)?;
                let cipher = cbc::Decryptor::<aes::Aes128>::new_from_slices(&object_key(b"sAlT"), vector).ok()?;
                unpad(cipher.decrypt_padded_vec_mut::<NoPadding>(whole_blocks(data)).ok()?)
            }
            Method::Aes256 => {
                let (vector, data) = data.split_at_checked(16)?;
                let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(&self.key, vector).ok()?;
                unpad(cipher.decrypt_padded_vec_mut::<NoPadding>(whole_blocks(data)).ok()?)
            }
        }
    }

    /// Replaces the strings of an indirect object by their plain text. /Contents of a signature is never
    /// encrypted (ISO 32000-2, 7.6.2).
    pub(super) fn decrypt_strings(&self, id: ObjectId, object: &mut Object, data: &[u8]) {
        if self.strings == Method::Identity || self.own == Some(id.number) {
            return;
        }
        match object {
            Object::String(string) => {
                let PdfString::InFile { start, end, hexadecimal } = string else { return };
                let token = data.get(*start..*end).unwrap_or_default();
                let plain = self.decrypt(self.strings, id, &decode_string(token, *hexadecimal));
                *string = PdfString::Decoded(plain.unwrap_or_default().into());
            }
            Object::Array(elements) => {
                Rc::make_mut(elements).iter_mut().for_each(|element| self.decrypt_strings(id, element, data));
            }
            Object::Dictionary(entries) => self.decrypt_entries(id, entries, data),
            Object::Stream(stream) => {
                if let Some(stream) = Rc::get_mut(stream)
                    && !stream.dictionary.is(b"Type", b"XRef")
                {
                    self.decrypt_entries(id, &mut stream.dictionary, data);
                }
            }
            _ => {}
        }
    }

    fn decrypt_entries(&self, id: ObjectId, entries: &mut Dictionary, data: &[u8]) {
        let signature = entries.get(b"ByteRange").is_some()
            || entries.is(b"Type", b"Sig")
            || entries.is(b"Type", b"DocTimeStamp")
            || entries.get(b"SubFilter").is_some();
        entries.map(|key, value| {
            if !(signature && key == b"Contents") {
                self.decrypt_strings(id, value, data);
            }
        });
    }

    /// The plain data of a stream, still encoded by its other filters.
    pub(super) fn decrypt_stream<'s>(
        &self,
        stream: &Stream,
        raw: &'s [u8],
        filter: Option<&Object>,
        parameters: Option<&Object>,
    ) -> Result<Cow<'s, [u8]>, FilterError> {
        let entries = &stream.dictionary;
        let mut method = self.streams;
        if entries.is(b"Type", b"XRef") || (entries.is(b"Type", b"Metadata") && !self.metadata) {
            method = Method::Identity;
        }
        if filter.and_then(Object::name) == Some(b"Crypt") {
            let name = parameters.and_then(Object::dictionary).and_then(|entries| entries.name(b"Name"));
            method = name.and_then(|name| self.named.get(name).copied()).unwrap_or(Method::Identity);
        }
        if method == Method::Identity {
            return Ok(Cow::Borrowed(raw));
        }
        self.decrypt(method, stream.id, raw).map(Cow::Owned).ok_or(FilterError::Malformed)
    }
}

fn whole_blocks(data: &[u8]) -> &[u8] {
    data.get(..data.len() / 16 * 16).unwrap_or_default()
}

/// Takes the PKCS #7 padding off; data that ends without one is kept whole, as other readers do.
fn unpad(mut data: Vec<u8>) -> Option<Vec<u8>> {
    if let Some(&count) = data.last()
        && (1..=16).contains(&count)
    {
        data.truncate(data.len().saturating_sub(usize::from(count)));
    }
    Some(data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::model::{NotAssessed, StructureNote};
    use crate::pdf::open;
    use crate::pdf::testing::Builder;

    fn bytes(text: &str) -> Vec<u8> {
        decode_string(format!("<{text}>").as_bytes(), true)
    }

    /// Values that qpdf 11 wrote for an empty user password, AES-256.
    #[test]
    fn revision_6_opens_with_the_empty_password() {
        let user =
            bytes("d31d8e668d5597b188eeeccd6368395e13302cd9dbf8bb4ca04a54f925804faadb44baea56d8786b8f31b45873912ccf");
        let encrypted_key = bytes("c83225b0892ecdfcb8d8221da81b9cf90b585d41d738a0a378e5d21b458fd8f5");
        let key = key_of_revision_5_and_6(&user, &encrypted_key, 6).unwrap();
        // /Perms decrypts to "adb" behind the permissions (algorithm 13).
        let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(&key, &[0; 16]).unwrap();
        let permissions = bytes("a4fa27833b3f47a0c9297d43f5466599");
        let plain = cipher.decrypt_padded_vec_mut::<NoPadding>(&permissions).unwrap();
        assert_eq!(&plain[9..12], b"adb");
        let mut other = user;
        other[0] ^= 1;
        assert_eq!(key_of_revision_5_and_6(&other, &encrypted_key, 6), None);
    }

    /// Values that qpdf 11 wrote for an empty user password, AES-128.
    #[test]
    fn revision_4_opens_with_the_empty_password() {
        let owner = bytes("566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2c6da2aa6f5");
        let user = bytes("88a23f22298556edefb5087cd93c57c00122456a91bae5134273a6db134c87c4");
        let id = bytes("0d618cae2d7ad78011a2a9dc5513839e");
        let key = key_of_revision_2_to_4(&owner, &(-4_i32).to_le_bytes(), &id, false, 4, 16);
        assert_eq!(opens(&key, &user, &id, 4), Some(()));
        assert_eq!(opens(&key, &owner, &id, 4), None);
    }

    fn encrypted(user: &[u8], key: &[u8]) -> Builder {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let plain = Decryptor {
            key: key.to_vec(),
            strings: Method::Rc4,
            streams: Method::Rc4,
            named: HashMap::new(),
            metadata: true,
            own: None,
        };
        let producer = plain.decrypt(Method::Rc4, ObjectId { number: 6, generation: 0 }, b"secret").unwrap();
        let mut builder = Builder::document().object(6, &format!("<</Producer<{}>>>", hex(&producer)));
        builder =
            builder.object(9, &format!("<</Filter/Standard/V 1/R 2/P -4/O<{}>/U<{}>>>", hex(&[7; 32]), hex(user)));
        builder.trailer = "/Encrypt 9 0 R/ID[<01><01>]".to_owned();
        builder.finish().sign(10, "S", &[], "/M(D:2026)")
    }

    #[test]
    fn strings_are_decrypted_and_contents_are_not() {
        let key = key_of_revision_2_to_4(&[7; 32], &(-4_i32).to_le_bytes(), &[1], false, 2, 5);
        let builder = encrypted(&rc4(&key, &PADDING), &key);
        let file = builder.open();
        assert_eq!(file.producer().as_deref(), Some("secret"));
        assert!(file.notes().contains(&StructureNote::EncryptedWithEmptyPassword));
        assert_eq!(file.signature_fields()[0].byte_range.layout, crate::model::RangeLayout::Exact);
        let locked = encrypted(&[0; 32], &key);
        assert_eq!(open(&locked.data, &Limits::default()).err(), Some(NotAssessed::Encrypted));
    }
}
