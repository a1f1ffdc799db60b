//! A small pattern as one table: a look-up for each byte of a text.

use std::collections::HashMap;

use regex_automata::dfa::{Automaton, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::{Anchored, Input};

/// The states of a deterministic automaton: for each 256 next ones by byte. A state is named by where its row begins.
///
/// The tables of `regex-automata` find where a match lies, and share rows between bytes; whether there is one is asked here,
/// of texts of a dozen bytes.
#[derive(Debug)]
pub(crate) struct Table {
    next: Vec<u16>,
    start: u16,
    /// Whether a text that ends in the state matches.
    ends: Vec<bool>,
}

/// How many states follow on one, one for each byte.
const ROW: usize = 256;
/// No match will come.
const LOST: u16 = 0;
/// There is a match.
const FOUND: u16 = ROW as u16;

/// How many states a table may have: 32 KB.
const STATES: usize = 64;
/// How large the automaton that a table is made of may be, in bytes, and how much memory finding it may take.
const SIZE: usize = 32 << 10;

impl Table {
    /// `None`: it would have too many states, or needs more than the next byte to go on.
    pub(crate) fn new(source: &str) -> Option<Table> {
        let limits = dense::Config::new().dfa_size_limit(Some(SIZE)).determinize_size_limit(Some(8 * SIZE));
        let automaton = dense::Builder::new().configure(limits).build(source).ok()?;
        let first = automaton.start_state_forward(&Input::new("").anchored(Anchored::No)).ok()?;
        let mut table = Table { next: [[LOST; ROW], [FOUND; ROW]].concat(), start: LOST, ends: vec![false, true] };
        let (mut names, mut open) = (HashMap::new(), Vec::new());
        table.start = table.name(&automaton, first, &mut names, &mut open)?;
        while let Some((state, name)) = open.pop() {
            for byte in 0..=255 {
                let next = automaton.next_state(state, byte);
                table.next[usize::from(name) + usize::from(byte)] =
                    table.name(&automaton, next, &mut names, &mut open)?;
            }
            table.ends[usize::from(name) / ROW] = automaton.is_match_state(automaton.next_eoi_state(state));
        }
        Some(table)
    }

    /// The number of a state; a new one is put on the list.
    fn name(
        &mut self,
        automaton: &dense::DFA<Vec<u32>>,
        state: StateID,
        names: &mut HashMap<StateID, u16>,
        open: &mut Vec<(StateID, u16)>,
    ) -> Option<u16> {
        if automaton.is_dead_state(state) {
            return Some(LOST);
        }
        if automaton.is_match_state(state) {
            return Some(FOUND);
        }
        if automaton.is_quit_state(state) {
            return None;
        }
        if let Some(name) = names.get(&state) {
            return Some(*name);
        }
        let name = u16::try_from(self.next.len()).ok().filter(|_| self.ends.len() < STATES)?;
        self.next.extend([LOST; ROW]);
        self.ends.push(false);
        names.insert(state, name);
        open.push((state, name));
        Some(name)
    }

    /// Whether the pattern is found in a text.
    #[inline]
    pub(crate) fn is_match(&self, text: &[u8]) -> bool {
        let mut state = self.start;
        for byte in text {
            state = self.next[usize::from(state) + usize::from(*byte)];
            if state <= FOUND {
                return state == FOUND;
            }
        }
        self.ends[usize::from(state) / ROW]
    }
}
