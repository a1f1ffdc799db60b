//! Checks whole answers on the side: a share of them, one at a time, in a thread that no request waits for.

use super::upstream::Operation;
use crate::json::{DecodeOptions, examine};
use crate::observe::Found;
use crate::runtime::Runtime;
use bytes::Bytes;
use std::sync::OnceLock;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

/// How many answers may wait to be checked. Further ones are dropped and counted.
const WAITING: usize = 16;

/// An answer that is to be checked whole.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(super) operation: &'static Operation,
    pub(super) status: u16,
    pub(super) body: Bytes,
    pub(super) options: DecodeOptions,
}

enum Work {
    /// With the log and the counters that are told of it.
    Check(Runtime, Box<Sample>),
    Flush(SyncSender<()>),
}

/// The way to the thread, which is started by the first sample.
#[derive(Debug, Default)]
pub(crate) struct Sampler(OnceLock<Option<SyncSender<Work>>>);

impl Sampler {
    /// Hands the samples of one request over: what finds no room is dropped.
    pub(crate) fn check(&self, runtime: &Runtime, samples: Vec<Sample>) {
        for sample in samples {
            let sender = self.0.get_or_init(start).as_ref();
            let work = Work::Check(runtime.clone(), Box::new(sample));
            if sender.is_none_or(|sender| sender.try_send(work).is_err()) {
                runtime.drift().dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Waits until what was handed over is checked, at most ten seconds.
    pub(crate) fn flush(&self) {
        let (done, wait) = sync_channel(1);
        if let Some(Some(sender)) = self.0.get()
            && sender.send(Work::Flush(done)).is_ok()
        {
            let _ = wait.recv_timeout(Duration::from_secs(10));
        }
    }
}

fn start() -> Option<SyncSender<Work>> {
    let (sender, receiver) = sync_channel(WAITING);
    let spawned = std::thread::Builder::new().name("bff-samples".to_owned()).spawn(move || check_all(&receiver));
    spawned.is_ok().then_some(sender)
}

/// The thread. It ends with the last runtime that can hand samples over.
fn check_all(receiver: &Receiver<Work>) {
    while let Ok(work) = receiver.recv() {
        match work {
            Work::Check(runtime, sample) => {
                let Sample { operation, status, body, options } = *sample;
                let found = examine(&body, operation.rule(status), &options);
                runtime.tell_drift(operation, &found, Found::BySample);
                runtime.drift().checked.fetch_add(1, Ordering::Relaxed);
            }
            Work::Flush(done) => drop(done.try_send(())),
        }
    }
}
