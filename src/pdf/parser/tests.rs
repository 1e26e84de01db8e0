//! What the parser reads, and what it refuses.

use super::*;

fn parse(text: &str) -> Result<Object, ParseError> {
    Parser::of_buffer(text.as_bytes(), 0, 16).object()
}

#[test]
fn scalars() {
    assert_eq!(parse("% comment\n -17 ").unwrap(), Object::Integer(-17));
    assert_eq!(parse("+.5").unwrap(), Object::Real(0.5));
    assert_eq!(parse("-12.50").unwrap(), Object::Real(-12.5));
    assert_eq!(parse("4.").unwrap(), Object::Real(4.0));
    assert_eq!(parse("9223372036854775807").unwrap(), Object::Integer(i64::MAX));
    assert_eq!(parse("99999999999999999999").unwrap(), Object::Real(1e20));
    assert_eq!(parse("true").unwrap(), Object::Boolean(true));
    assert_eq!(parse("/A#42c#").unwrap(), Object::Name(Name::new(b"ABc#")));
    assert_eq!(parse("12 3 R").unwrap(), Object::Reference(ObjectId { number: 12, generation: 3 }));
    assert_eq!(parse("[1 2 3 R 4]").unwrap().array().unwrap().len(), 3);
    assert_eq!(parse("nullx"), Err(ParseError::Syntax));
    assert_eq!(parse(""), Err(ParseError::End));
}

#[test]
fn strings() {
    let text = |token: &str| decode_string(token.as_bytes(), token.starts_with('<'));
    assert_eq!(text("(a(b)\\)\\n\\101\\1\\\r\nz\r\n)"), b"a(b))\nA\x01z\n");
    assert_eq!(text("<41 4>"), b"A@");
    assert_eq!(parse("(a(b)c) 1").unwrap(), Object::String(PdfString::Decoded(b"a(b)c"[..].into())));
    assert_eq!(parse("(open"), Err(ParseError::End));
    assert_eq!(parse("<4<2>"), Err(ParseError::Syntax));
    let whole = b"/X <4142> ";
    let in_file = Parser::of_file(whole, 2, 4).object().unwrap();
    assert_eq!(in_file, Object::String(PdfString::InFile { start: 3, end: 9, hexadecimal: true }));
}

#[test]
fn nesting_is_bounded() {
    assert!(parse(&format!("{}{}", "[".repeat(16), "]".repeat(16))).is_ok());
    assert_eq!(parse(&"[".repeat(100_000)), Err(ParseError::Depth));
    assert_eq!(parse(&"<</A".repeat(100_000)), Err(ParseError::Depth));
}

#[test]
fn a_wrong_length_is_corrected() {
    let read = |length: &str| {
        let text = format!("<</Length {length}>>stream\r\nabc\nendstream\nendobj");
        let id = ObjectId { number: 1, generation: 0 };
        let value = Parser::of_file(text.as_bytes(), 0, 4).indirect_value(id, |_| Some(3)).unwrap();
        let Object::Stream(stream) = value else { panic!("a stream") };
        text[stream.start..stream.end].to_owned()
    };
    for length in ["3", "2", "99999", "-1", "9 0 R", "(x)"] {
        assert_eq!(read(length), "abc", "{length}");
    }
}

#[test]
fn references_are_read_without_objects() {
    let read = |text: &str| {
        let mut found = Vec::new();
        let length = Parser::of_buffer(text.as_bytes(), 0, 4).references(&mut |number| found.push(number));
        (found, length)
    };
    let text = "<</A 5 0 R/B[1 2 0 R 3 0]/C(9 9 R)/D<39>/Length 7 0 R>>stream 8 0 R";
    assert_eq!(read(text), (vec![5, 2, 7], Some(Length::Indirect(7))));
    assert_eq!(read("<</E<</Length 4>>/Length 12>>"), (vec![], Some(Length::Direct(12))));
    assert_eq!(read("6 % between\n0\nR").0, [6]);
    assert_eq!(read("42 endobj 7 0 obj 3 0 R").0, Vec::<u32>::new());
}
