//! Just enough DER to write a CMS.

/// Tag, length, content.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    if length < 0x80 {
        out.push(u8::try_from(length).unwrap_or(0));
    } else {
        let bytes: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        out.push(0x80 | u8::try_from(bytes.len()).unwrap_or(0));
        out.extend(bytes);
    }
    out.extend(content);
    out
}

/// Constructed value from parts in the order given.
pub(crate) fn constructed(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    tlv(tag, &parts.concat())
}

/// SEQUENCE.
pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    constructed(0x30, parts)
}

/// SET OF, sorted as DER wants.
pub(crate) fn set_of(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut parts = parts.to_vec();
    parts.sort();
    tlv(0x31, &parts.concat())
}

/// OBJECT IDENTIFIER.
pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u64> = dotted.split('.').filter_map(|arc| arc.parse().ok()).collect();
    let mut content = Vec::new();
    let mut push = |arc: u64| {
        let mut groups = vec![arc & 0x7f];
        let mut rest = arc >> 7;
        while rest > 0 {
            groups.push((rest & 0x7f) | 0x80);
            rest >>= 7;
        }
        content.extend(groups.into_iter().rev().filter_map(|group| u8::try_from(group).ok()));
    };
    if let [first, second, rest @ ..] = arcs.as_slice() {
        push(first * 40 + second);
        rest.iter().for_each(|arc| push(*arc));
    }
    tlv(0x06, &content)
}

/// AlgorithmIdentifier with NULL parameters.
pub(crate) fn algorithm(dotted: &str) -> Vec<u8> {
    sequence(&[&oid(dotted), &[0x05, 0x00]])
}

/// The whole element at the start of `data` and what follows it.
pub(crate) fn split(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let first = usize::from(*data.get(1)?);
    let (header, length) = if first < 0x80 {
        (2, first)
    } else {
        let count = first & 0x7f;
        let length = data.get(2..2 + count)?.iter().fold(0usize, |n, byte| (n << 8) | usize::from(*byte));
        (2 + count, length)
    };
    Some((data.get(..header + length)?, data.get(header + length..)?))
}

/// The content of the element at the start of `data`.
pub(crate) fn content(data: &[u8]) -> Option<&[u8]> {
    let header = match *data.get(1)? {
        short @ ..=0x7f => return data.get(2..2 + usize::from(short)),
        long => 2 + usize::from(long & 0x7f),
    };
    split(data)?.0.get(header..)
}
