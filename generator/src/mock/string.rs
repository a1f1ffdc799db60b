//! Strings of a format, a length or a pattern.

use crate::schema::StringRules;

use super::check::{self, Patterns};
use super::random::Random;

const WORDS: [&str; 32] = [
    "amber", "birch", "cedar", "coral", "delta", "ember", "fjord", "garnet", "harbor", "indigo", "jasper", "kelp",
    "lagoon", "maple", "nectar", "ocean", "pebble", "quartz", "river", "saffron", "tundra", "umber", "violet",
    "willow", "yarrow", "zephyr", "meadow", "lantern", "copper", "orchid", "summit", "drift",
];

/// Ends of the names of members that hold a name for machines, which has no spaces.
const NAMING: [&str; 7] = ["id", "key", "code", "sku", "slug", "token", "cursor"];

/// How often a pattern is tried.
const ATTEMPTS: u32 = 60;

/// A word of the list.
pub fn word(random: &mut Random) -> &'static str {
    WORDS[random.below(WORDS.len())]
}

/// A string that satisfies the rules; the error is the best that could be made. `name` is the schema's.
pub fn make(rules: &StringRules, name: &str, patterns: &Patterns, random: &mut Random) -> Result<String, String> {
    let mut last = String::new();
    for attempt in 0..ATTEMPTS {
        let pattern = rules.pattern.as_deref().and_then(|source| patterns.get(source));
        // A pattern beside a format usually says the same; which of the two is stricter is not known.
        let from_format = rules.format.as_deref().filter(|_| pattern.is_none() || attempt % 2 == 0);
        last = match (from_format.and_then(|format| of_format(format, random)), &pattern) {
            (Some(text), _) => text,
            (None, Some(pattern)) => {
                // Short first, then longer and longer up to what `minLength` may ask for.
                let most = rules.min_length.unwrap_or(0).clamp(u64::from(attempt), 400) as u32;
                pattern.make(random, most * attempt / ATTEMPTS)
            }
            (None, None) => words(rules, name, random),
        };
        if check::string(rules, patterns, &last) && pattern.is_none_or(|p| !p.inexact || attempt > 0) {
            let exact = rules.pattern.as_deref().is_none_or(|p| patterns.get(p).is_some_and(|p| !p.inexact));
            return if exact { Ok(last) } else { Err(last) };
        }
    }
    Err(last)
}

/// Two words, or for what names something one word with a number, as far as the lengths allow.
fn words(rules: &StringRules, name: &str, random: &mut Random) -> String {
    let (min, max) = (rules.min_length.unwrap_or(0), rules.max_length.unwrap_or(u64::MAX));
    let mut text = word(random).to_owned();
    let last = name.rsplit([' ', '.', '/']).next().unwrap_or_default().to_ascii_lowercase();
    if NAMING.iter().any(|end| last.ends_with(end)) {
        text = format!("{text}-{}", random.between(1, 999));
    } else if max >= 16 {
        text = format!("{text} {}", word(random));
    }
    while (text.len() as u64) < min.min(100_000) {
        text.push(' ');
        text.push_str(word(random));
    }
    // A cut must not leave a space at the end: some services would trim it.
    let mut text: String = text.chars().take(usize::try_from(max).unwrap_or(usize::MAX)).collect();
    if text.ends_with(' ') {
        text.pop();
        text.push('s');
    }
    text
}

fn of_format(format: &str, random: &mut Random) -> Option<String> {
    let number = |random: &mut Random, low, high| random.between(low, high);
    Some(match format {
        "date-time" => format!("{}T{}Z", date(random), time(random)),
        "date" => date(random),
        "time" => format!("{}Z", time(random)),
        "duration" => format!("PT{}M", number(random, 1, 90)),
        "email" | "idn-email" => format!("{}.{}@example.com", word(random), word(random)),
        "uuid" => uuid(random),
        "uri" | "url" | "iri" => format!("https://example.com/{}/{}", word(random), number(random, 1, 999)),
        "uri-reference" | "iri-reference" => format!("/{}/{}", word(random), number(random, 1, 999)),
        "uri-template" => format!("/{}/{{id}}", word(random)),
        "hostname" | "idn-hostname" => format!("{}.example.com", word(random)),
        "ipv4" => format!("192.0.2.{}", number(random, 1, 254)),
        "ipv6" => format!("2001:db8::{:x}", number(random, 1, 65_535)),
        // Base64 of "bffgen" and "mock": any multiple of three bytes needs no padding.
        "byte" => ["YmZmZ2Vu", "bW9ja3Vw"][random.below(2)].to_owned(),
        "json-pointer" => format!("/{}/{}", word(random), number(random, 0, 9)),
        "relative-json-pointer" => format!("{}/{}", number(random, 0, 3), word(random)),
        "regex" => "^[a-z]+$".to_owned(),
        _ => return None,
    })
}

fn date(random: &mut Random) -> String {
    let (year, month, day) = (random.between(2023, 2025), random.between(1, 12), random.between(1, 28));
    format!("{year}-{month:02}-{day:02}")
}

fn time(random: &mut Random) -> String {
    format!("{:02}:{:02}:{:02}", random.between(0, 23), random.between(0, 59), random.between(0, 59))
}

fn uuid(random: &mut Random) -> String {
    let (high, low) = (random.bits(), random.bits());
    let (a, b, c) = (high >> 32, (high >> 16) & 0xffff, high & 0x0fff);
    let (d, e) = ((low >> 48) & 0x3fff | 0x8000, low & 0xffff_ffff_ffff);
    format!("{a:08x}-{b:04x}-4{c:03x}-{d:04x}-{e:012x}")
}
