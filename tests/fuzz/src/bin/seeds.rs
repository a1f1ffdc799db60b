//! Writes the inputs to begin with: `seeds FOLDER` fills `FOLDER/tree`, `FOLDER/reader` and so on.

use std::path::Path;
use std::{env, fs, io};

use bffgen_fuzz::seeds::{Seeds, files, project, sort};
use bffgen_fuzz::tabled;

fn main() -> io::Result<()> {
    let out = env::args().nth(1).unwrap_or_else(|| "target/seeds".to_owned());
    let mut all = vec![project(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))];
    match env::var("BFFGEN_CORPUS") {
        Ok(folder) => all.push(corpus(Path::new(&folder))),
        Err(_) => println!("without the corpus: BFFGEN_CORPUS names no folder"),
    }
    for (nth, seeds) in all.into_iter().enumerate() {
        let scanner = seeds.tree.iter().cloned().chain([tabled::DOCUMENT.into()]).collect();
        let targets = [
            ("tree", seeds.tree),
            ("reader", seeds.reader),
            ("check", seeds.check),
            ("overlay", seeds.overlay),
            ("scanner", scanner),
        ];
        for (target, inputs) in targets {
            let folder = Path::new(&out).join(target);
            fs::create_dir_all(&folder)?;
            println!("{}: {} inputs", folder.display(), inputs.len());
            for (at, input) in inputs.iter().enumerate() {
                fs::write(folder.join(format!("{nth}-{at}")), input)?;
            }
        }
    }
    Ok(())
}

/// Small documents of the corpus, by its folder.
fn corpus(root: &Path) -> Seeds {
    let mut seeds = Seeds::default();
    for folder in ["openapi", "swagger2", "multifile", "suites"] {
        for path in files(&root.join(folder)) {
            sort(&path, &mut seeds, 16 * 1024);
        }
    }
    seeds
}
