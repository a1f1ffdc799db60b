//! A page of cases: Markdown with files, compositions, findings and requests.

use std::path::{Path, PathBuf};

use crate::script::{self, Run};

/// A page.
pub struct Page {
    /// The file's stem: `reading-fields`.
    pub name: String,
    /// Files of every case: name and text.
    pub files: Vec<(String, String)>,
    /// What stands behind the keys of every composition.
    pub rest: String,
    /// The team's hooks, where a page has them.
    pub hooks: Option<String>,
    pub cases: Vec<Case>,
    path: PathBuf,
    lines: Vec<String>,
}

/// A case.
#[derive(Default)]
pub struct Case {
    pub title: String,
    pub composition: String,
    pub files: Vec<(String, String)>,
    /// What the compiler is expected to say.
    pub findings: Vec<String>,
    /// Whether its help and mends stand there, too.
    pub with_help: bool,
    pub runs: Vec<Run>,
    /// The lines of the page behind which findings go: the composition's closing fence.
    end_of_composition: usize,
    /// The block of findings, fences included.
    block: Option<(usize, usize)>,
}

impl Page {
    /// Reads a page.
    ///
    /// # Panics
    /// Where it is not as `README.md` says.
    pub fn read(path: &Path) -> Page {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut page = Page {
            name: path.file_stem().expect("a stem").to_string_lossy().into_owned(),
            files: Vec::new(),
            rest: String::new(),
            hooks: None,
            cases: Vec::new(),
            path: path.to_owned(),
            lines: text.lines().map(str::to_owned).collect(),
        };
        let mut at = 0;
        while at < page.lines.len() {
            let line = page.lines[at].clone();
            if let Some(title) = line.strip_prefix("## ") {
                page.cases.push(Case { title: title.to_owned(), ..Case::default() });
            } else if let Some(info) = line.strip_prefix("```") {
                let length = page.lines[at + 1..].iter().position(|line| line == "```");
                let end = at + 1 + length.unwrap_or_else(|| panic!("{}:{}: a block without end", page.name, at + 1));
                page.block(info, at, end);
                at = end;
            }
            at += 1;
        }
        for case in &page.cases {
            assert!(!case.composition.is_empty(), "{} ## {}: no composition", page.name, case.title);
        }
        page
    }

    fn block(&mut self, info: &str, at: usize, end: usize) {
        let text: String = self.lines[at + 1..end].iter().flat_map(|line| [line, "\n"]).collect();
        let (kind, name) = info.split_once(' ').unwrap_or((info, ""));
        match (self.cases.last_mut(), kind, name) {
            (_, "rust", "hooks.rs") => self.hooks = Some(text),
            (None, "yaml", "web.bff.yaml") => self.rest = text,
            (None, "yaml" | "json", name) if !name.is_empty() => self.files.push((name.to_owned(), text)),
            (Some(case), "yaml", "") => (case.composition, case.end_of_composition) = (text, end),
            (Some(case), "yaml" | "json", name) => case.files.push((name.to_owned(), text)),
            (Some(case), "text", "findings" | "findings with help") => {
                case.with_help = name.ends_with("help");
                case.findings = text.lines().map(str::to_owned).collect();
                case.block = Some((at, end));
            }
            (Some(case), "http", "run") => case.runs.extend(script::read(&text, at + 1, &self.name)),
            _ => panic!("{}:{}: what is a block `{info}` here?", self.name, at + 1),
        }
    }

    /// The page's services in the order of the rest: the keys of `upstreams`.
    pub fn upstreams(&self) -> Vec<String> {
        let behind = self.rest.lines().skip_while(|line| *line != "upstreams:").skip(1);
        let own = behind.take_while(|line| line.starts_with(' '));
        own.filter(|line| !line.starts_with("   "))
            .filter_map(|line| Some(line.trim().split_once(':')?.0.to_owned()))
            .collect()
    }

    /// Writes findings as they were into the page.
    pub fn bless_findings(&mut self, found: &[Vec<String>]) {
        // From the last to the first, so that lines further up stay where they are.
        for (case, found) in self.cases.iter().zip(found).rev().filter(|(case, found)| case.findings != **found) {
            let mut block = Vec::new();
            if !found.is_empty() {
                block.push(format!("```text findings{}", if case.with_help { " with help" } else { "" }));
                block.extend(found.iter().cloned());
                block.push("```".to_owned());
            }
            match case.block {
                Some((at, end)) => drop(self.lines.splice(at..=end, block)),
                None => {
                    block.insert(0, String::new());
                    drop(self.lines.splice(case.end_of_composition + 1..case.end_of_composition + 1, block));
                }
            }
        }
        self.write();
    }

    /// Writes answers as they were: each with its line.
    pub fn bless_answers(&mut self, answers: &[(usize, String)]) {
        for (line, answer) in answers {
            self.lines[*line] = answer.clone();
        }
        self.write();
    }

    fn write(&self) {
        std::fs::write(&self.path, self.lines.join("\n") + "\n").expect("written");
    }
}
