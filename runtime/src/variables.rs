//! Environment variables that look like settings and are none: mistyped ones, which would be ignored in silence.

/// The names of all settings. Other variables that begin with [`PREFIX`] are told of.
const SETTINGS: [&str; 4] = ["BFF_LISTEN", "BFF_MANAGEMENT", "BFF_LOG_SAMPLE", "BFF_CA_FILE"];

const PREFIX: &str = "BFF_";

/// One sentence or two for each variable of this list that begins with `BFF_` and that nothing reads. `urls` are
/// the templates of the upstreams' urls, which may name any variable.
pub(crate) fn unknown<'a>(names: impl Iterator<Item = &'a str>, urls: &[&str]) -> Vec<String> {
    let read = |name: &str| SETTINGS.contains(&name) || urls.iter().any(|url| mentions(url, name));
    let told = names.filter(|name| name.starts_with(PREFIX) && !read(name)).map(|name| {
        let near = SETTINGS.iter().map(|known| (distance(name, known), known)).min();
        let help = match near.filter(|(distance, _)| *distance <= MAX_SLIPS) {
            Some((_, known)) => format!("Did you mean `{known}`?"),
            None => format!("Settings are {}.", SETTINGS.map(|known| format!("`{known}`")).join(", ")),
        };
        format!("The environment variable `{name}` is no setting of a BFF and is ignored. {help}")
    });
    told.collect()
}

/// Letters that may be wrong in a name that is still recognised.
const MAX_SLIPS: usize = 4;

/// Whether a template has `${NAME}` or `${NAME:-default}`.
fn mentions(url: &str, name: &str) -> bool {
    let mut names = url.split("${").skip(1).filter_map(|rest| rest.split('}').next());
    names.any(|reference| reference.split(":-").next() == Some(name))
}

/// How many letters to insert, delete or change. Names of variables are short; of long ones, only the beginning
/// counts.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        for (right, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let changed = diagonal + usize::from(left != right);
            diagonal = *cell;
            before = changed.min(diagonal + 1).min(before + 1);
            *cell = before;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::unknown;

    #[test]
    fn mistyped_settings_are_told_of() {
        let urls = ["${BFF_ORDERS:-http://a}/v1", "http://${BFF_HOST}"];
        let cases = [
            ("BFF_LISTEN", None),
            ("BFF_ORDERS", None),
            ("BFF_HOST", None),
            ("BFFGEN_CORPUS", None),
            ("PATH", None),
            ("BFF_LSITEN", Some("Did you mean `BFF_LISTEN`?")),
            ("BFF_LISTEN_ADDR", Some("Settings are `BFF_LISTEN`, ")),
            ("BFF_MANAGMENT", Some("Did you mean `BFF_MANAGEMENT`?")),
            ("BFF_LOGSAMPLE", Some("Did you mean `BFF_LOG_SAMPLE`?")),
            ("BFF_CAFILE", Some("Did you mean `BFF_CA_FILE`?")),
            ("BFF_COLOUR_OF_THE_SKY", Some("Settings are `BFF_LISTEN`, ")),
        ];
        for (name, help) in cases {
            let told = unknown([name].into_iter(), &urls);
            match help {
                None => assert_eq!(told, Vec::<String>::new()),
                Some(help) => assert!(told.len() == 1 && told[0].contains(name) && told[0].contains(help), "{told:?}"),
            }
        }
    }
}
