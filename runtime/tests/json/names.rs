//! Clauses that ask for names only are answered apart from all others: both ways say the same.

use bff_runtime::json::{Clause, Clauses, DecodeFailure, DecodeOptions, Field, Map, Raw, Rule, Violations, decode};

use crate::lines;

/// The first three are declared.
const NAMES: [&str; 6] = ["alpha", "beta", "c", "delta", "e", "a name of many characters"];

static FIELDS: [Field; 3] = [
    Field::optional(NAMES[0], &Rule::integer()),
    Field::optional(NAMES[1], &Rule::ANY),
    Field::optional(NAMES[2], &Rule::array(&Rule::string())),
];

#[test]
fn names_are_asked_for_in_one_walk_as_in_many() {
    let mut random = Random(7);
    let mut told = [0; 2];
    for _ in 0..400 {
        let (quick, slow) = random.clauses(3);
        let rules = [quick, slow].map(|clauses| Rule::object(&FIELDS).open().also(clauses));
        for members in 0..1u32 << NAMES.len() {
            let there: Vec<&str> =
                (0..NAMES.len()).filter(|bit| members >> bit & 1 == 1).map(|bit| NAMES[bit]).collect();
            let member = |name: &&str| match *name {
                "alpha" => format!("\"{name}\":1"),
                "c" => format!("\"{name}\":[\"delta\",\"e\"]"),
                _ => format!("\"{name}\":{{\"alpha\":{{\"e\":1}}}}"),
            };
            let mut texts: Vec<String> = there.iter().map(member).collect();
            if random.below(2) == 0 {
                texts.reverse();
            }
            let body = format!("{{{}}}", texts.join(","));
            let [as_text, other] = rules.map(|rule| found(decode::<Raw>(body.as_bytes(), &rule, &OPTIONS)));
            assert_eq!(as_text, other, "{quick:?}: {body}");
            let [as_map, other] = rules.map(|rule| found(decode::<Map<Raw>>(body.as_bytes(), &rule, &OPTIONS)));
            assert_eq!(as_map, other, "{quick:?}: {body}");
            assert_eq!(as_map, as_text, "{quick:?}: {body}");
            told[usize::from(as_text.is_empty())] += 1;
        }
    }
    assert!(told.iter().all(|count| *count > 1000), "{told:?}");
}

const OPTIONS: DecodeOptions = DecodeOptions::input();

fn found<T>(result: Result<T, DecodeFailure>) -> Vec<String> {
    match result {
        Ok(_) => Vec::new(),
        Err(DecodeFailure::Invalid(violations)) => sorted(&violations),
        Err(failure) => panic!("{failure}"),
    }
}

fn sorted(violations: &Violations) -> Vec<String> {
    let mut lines = lines(violations);
    lines.sort();
    lines
}

struct Random(u64);

impl Random {
    /// Xorshift.
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn names(&mut self) -> &'static [&'static str] {
        let count = self.below(3);
        (0..count).map(|_| NAMES[self.below(NAMES.len())]).collect::<Vec<_>>().leak()
    }

    /// A list of clauses, and the same with one in each list that asks for more than names, and refuses nothing.
    fn clauses(&mut self, levels: usize) -> (Clauses, Clauses) {
        let (mut quick, mut slow): (Vec<Clause>, Vec<Clause>) = Default::default();
        for _ in 0..1 + self.below(2) {
            let (one, other) = self.clause(levels);
            quick.push(one);
            slow.push(other);
        }
        slow.push(Clause::MinProperties(0));
        (quick.leak(), slow.leak())
    }

    fn clause(&mut self, levels: usize) -> (Clause, Clause) {
        let same = |clause: Clause| (clause, clause);
        match self.below(if levels == 0 { 3 } else { 8 }) {
            0 => same(Clause::Type(if self.below(5) == 0 { &["string"] } else { &["null", "object"] })),
            1 => same(Clause::Required(self.names())),
            2 => same(Clause::DependentRequired(
                vec![(NAMES[self.below(NAMES.len())], self.names()), (NAMES[self.below(NAMES.len())], self.names())]
                    .leak(),
            )),
            3 => {
                let (quick, slow) = self.clauses(levels - 1);
                (Clause::Not(quick), Clause::Not(slow))
            }
            4 => {
                let [(c, other_c), (t, other_t), (e, other_e)] = [(); 3].map(|()| self.clauses(levels - 1));
                (
                    Clause::If { condition: c, then: t, otherwise: e },
                    Clause::If { condition: other_c, then: other_t, otherwise: other_e },
                )
            }
            kind => {
                let (quick, slow): (Vec<Clauses>, Vec<Clauses>) =
                    (0..1 + self.below(3)).map(|_| self.clauses(levels - 1)).unzip();
                let (quick, slow): (&[Clauses], &[Clauses]) = (quick.leak(), slow.leak());
                match kind {
                    5 => (Clause::AllOf(quick), Clause::AllOf(slow)),
                    6 => (Clause::AnyOf(quick), Clause::AnyOf(slow)),
                    _ => (Clause::OneOf(quick), Clause::OneOf(slow)),
                }
            }
        }
    }
}
