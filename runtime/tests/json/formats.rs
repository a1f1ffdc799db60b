//! Texts that have a format, and texts that do not.

use bff_runtime::json::{Format, Pattern};

#[test]
fn formats_are_told() {
    let cases: &[(Format, &[&str], &[&str])] = &[
        (
            Format::DateTime,
            &[
                "2024-02-29T23:59:59Z",
                "1985-04-12T23:20:50.52z",
                "1990-12-31T15:59:60-08:00",
                "1998-12-31T23:59:60Z",
                "2020-01-01t00:00:00+14:00",
            ],
            &[
                "2023-02-29T00:00:00Z",
                "2024-01-01",
                "2024-01-01T00:00:00",
                "2024-01-01 00:00:00Z",
                "1998-12-31T22:59:60Z",
                "2024-13-01T00:00:00Z",
                "2024-01-01T24:00:00Z",
                "2024-01-01T00:00:00.Z",
                "2024-01-01T00:00:00+24:00",
                "2024-01-01T00:00Z",
                "é024-01-01T00:00:00Z",
                "",
            ],
        ),
        (
            Format::Date,
            &["2000-02-29", "2024-12-31"],
            &["1900-02-29", "2024-04-31", "2024-1-1", "2024-00-10", "2024-01-00", "२०२४-01-01"],
        ),
        (
            Format::Time,
            &["08:30:06Z", "08:30:06.283185+00:20", "23:59:60Z"],
            &["08:30:06", "8:30:06Z", "08:60:06Z", "08:30:06#00:20", "12:00:00Z "],
        ),
        (
            Format::Duration,
            &["P4DT12H30M5S", "P4Y", "PT0S", "P2W", "P1Y2M3D", "PT36H"],
            &["P", "PT", "4D", "P1", "P1YT", "P1D2H", "P2S", "P1W1D", "PT1D", "P1Y2D", "PT1H2S", "P-1D"],
        ),
        (
            Format::Uuid,
            &["2EB8AA08-aa98-11ea-B4aa-73b441d16380"],
            &[
                "2eb8aa08aa9811eab4aa73b441d16380",
                "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
                "2eb8aa08-aa98-11ea-b4aa-73b441d1638g",
                "",
            ],
        ),
        (
            Format::Ipv4,
            &["0.0.0.0", "255.255.255.255"],
            &["256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1..2.3", "1.2.3.4 ", "१.2.3.4"],
        ),
        (
            Format::Ipv6,
            &["::1", "2001:db8::192.0.2.1", "::"],
            &["12345::", "1::2::3", "fe80::1%eth0", ":::", "1.2.3.4"],
        ),
        (Format::Hostname, &["example.com", "a-b.c", "localhost", "1.a"], &["-a.b", "a-.b", "a..b", "a_b", "", "a b"]),
        (
            Format::Email,
            &[
                "joe@example.com",
                "a.b+c@d.example",
                "o'neil@x.org",
                "user@[127.0.0.1]",
                "user@[IPv6:::1]",
                "jö@exämple.de",
            ],
            &["joe", "@x.org", "a@", ".a@b.c", "a..b@c.d", "a.@b.c", "a b@c.d", "a@b@c.d", "a@[300.1.1.1]", "a@-b.c"],
        ),
        (
            Format::Uri,
            &[
                "https://user:pw@example.com:8080/a/b;c?x=1&y=/?#frag",
                "urn:isbn:123",
                "mailto:a@b.c",
                "http://[::1]/",
                "file:///etc",
                "http://a/%20",
            ],
            &[
                "//example.com",
                "/a/b",
                "http://a b",
                "1http://a",
                "http://a/%2",
                "http://[::1",
                "http://a:port/",
                "http://a/<b>",
                "",
                "http://ä",
            ],
        ),
        (
            Format::UriReference,
            &["/a/b?c#d", "//example.com/x", "a/b:c", "#x", "", "http://a"],
            &["a b", "\\\\win", "1:b", "#a#b", "/%zz"],
        ),
        (Format::Iri, &["http://ä/ö?ü#ß", "urn:x"], &["/ä", "ä:b", "http://a b"]),
        (Format::IriReference, &["ä/ö", "#ß", ""], &["ä:b", "\\\\ä"]),
        (Format::JsonPointer, &["", "/a/~0~1/", "/0"], &["a", "/~", "/~2", "#/a"]),
        (Format::RelativeJsonPointer, &["0", "1/a", "12#"], &["", "01", "-1", "1a", "#"]),
        (Format::UriTemplate, &["/a{?b,c*}{/d:3}", "{+x}", ""], &["{", "}", "{a b}", "a b", "{x:0}", "%2"]),
        (Format::Base64Url, &["", "YQ", "YQ==", "Y-_j"], &["Y", "YQ=", "Y+/j"]),
        (Format::Char, &["é"], &["", "ab"]),
        (Format::Byte, &["", "YQ==", "YWI=", "YWJj"], &["YQ=", "YQ", "Y===", "YW-j", "YQ==YQ=="]),
    ];
    for (format, good, bad) in cases {
        for text in *good {
            assert!(format.check(text), "{format:?} {text}");
        }
        for text in *bad {
            assert!(!format.check(text), "{format:?} {text}");
        }
    }
}

/// Small patterns are tables, others are left to `regex`; nobody can tell.
#[test]
fn patterns_are_found_whatever_they_become() {
    let cases = [
        ("^[a-z0-9]+(-[a-z0-9]+)*$", "ab-9-c", "ab--c"),
        ("^[0-9]{8,14}$", "12345678", "1234567"),
        ("b+", "abc", "ac"),
        (r"^\w{2}$", "äß", "ä-"),
        (r"\bdé\b", "a dé", "adé"),
        (r"^(\w{1,8} ){3,6}$", "a bc déf ", "a bc déf"),
        ("", "", "\u{0}"),
    ];
    for (source, yes, no) in cases {
        let pattern = Pattern::new(source);
        assert!(pattern.is_match(yes), "{source} in {yes}");
        assert_eq!(pattern.is_match(no), source.is_empty(), "{source} in {no}");
    }
    assert!(!Pattern::new("(").is_match("("), "what does not compile is found nowhere");
}

/// All short texts over a few characters, `regex` being the judge.
#[test]
fn tables_find_what_regex_finds() {
    let characters = ["a", "b", "-", "1", "é", "\n"];
    let mut texts = vec![String::new()];
    for length in 1..=5 {
        let longest = texts.iter().filter(|text| text.chars().count() == length - 1).cloned().collect::<Vec<_>>();
        texts.extend(longest.iter().flat_map(|text| characters.map(|character| format!("{text}{character}"))));
    }
    let sources = r"|a|^|$|^$|^a|a$|^a$|b+1|^(ab)*$|^[^a]{2,3}$|a.b|^\w+$|\d{2}|[é-]{2}|^(aé?){2}$|(?m)^b$|^a?b?-?1?$|(a+)+$|-$|\bé|^.{3}$|(?s)^.{3}$";
    let runs = r"^a[b]$|^[ab]+$|^ab[a1-]{2}$|^[a-b1]{0,2}$|^-[-ab]*$|^[-]$|^[a-]{3,}$|^a-b[a-b1-1]{1,}$|^1[ab]{2,1}$|^[a-b-1]+$|^[b-a]$|^[^a]$|^a[b]{,2}$|^[ab]?$|^a[]b]$|^[--a]$|^[a--]$|^[\d]$|^a|b[1]$|^a.[b]$|^[a[b]]$|^[a&&b]+$|^[é]$|^[a]{1}{2}$|^[a]{ 1}$|^[a]{+1}$|^[aé]+$|^a[b]$a|^[ab]++$|^[a~~b]$|^[a--b]$";
    let runs = runs.split('|').filter(|source| regex::Regex::new(source).is_ok());
    for source in sources.split('|').chain(runs).chain(["^(ab|b-)*$", "^(?:[ab]1|[1é]-)+a?$"]) {
        let (ours, theirs) =
            (Pattern::new(source), regex::Regex::new(source).unwrap_or_else(|error| panic!("{error}")));
        for text in &texts {
            assert_eq!(ours.is_match(text), theirs.is_match(text), "{source} in {text:?}");
        }
    }
}
