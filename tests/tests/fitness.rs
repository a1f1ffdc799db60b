//! The fitness crates on real sockets: every answer is as published, whoever of the services fails.

use bffgen_tests::bff::{Bff, serve};
use bffgen_tests::oracle::Published;
use bffgen_tests::project;
use bffgen_tests::stand_ins::StandIns;

const SERVICES: [(&str, &str); 3] =
    [("activity", "activity.yaml"), ("heart", "heart-rate.yaml"), ("sleep", "sleep.json")];

/// An endpoint, and the services without which it has no answer. The others degrade it.
type Needs = (&'static str, &'static [&'static str]);

const WATCH: [Needs; 1] = [("getNow", &["activity"])];
const DESKTOP: [Needs; 5] = [
    ("getOverview", &["activity"]),
    ("listWorkouts", &["activity"]),
    ("getWorkout", &["activity"]),
    ("deleteWorkout", &["activity"]),
    ("putGoals", &["activity"]),
];

async fn stand_ins(seed: u64) -> StandIns {
    let services = SERVICES.map(|(name, file)| (name, project(&format!("specs/{file}"))));
    StandIns::start(&services, seed).await
}

/// Asks every endpoint with all services up, then with each of them down in turn.
async fn drive(folder: &str, needs: &[Needs], seed: u64, bff: &Bff, stand_ins: &StandIns) {
    let published = Published::of_crate(&project(folder));
    let ids: Vec<&str> = published.operations().iter().map(|operation| operation.head.id.as_str()).collect();
    assert_eq!(ids, needs.iter().map(|(id, _)| *id).collect::<Vec<_>>(), "every endpoint is in the table");
    for down in [None, Some("activity"), Some("heart"), Some("sleep")] {
        stand_ins.fail(down.as_slice());
        for (operation, (id, needs)) in published.operations().iter().zip(needs) {
            let answer = published.ask(&bff.address, operation, seed).await;
            let fails = down.is_some_and(|down| needs.contains(&down));
            assert_eq!(answer.status >= 500, fails, "{id}, {down:?} down: {answer:?}");
            assert_eq!(answer.status < 300, !fails, "{id}, {down:?} down: {answer:?}");
        }
    }
}

#[tokio::test]
async fn the_watch_has_what_is_to_be_had() {
    for seed in 0..20 {
        let stand_ins = stand_ins(seed).await;
        let bff = serve(watch_bff::router, watch_bff::UPSTREAMS, &stand_ins).await;
        drive("examples/fitness/watch-bff", &WATCH, seed, &bff, &stand_ins).await;
        for (down, lost) in [("heart", "bpm"), ("sleep", "sleepMinutes")] {
            stand_ins.fail(&[down]);
            let answer = bffgen_tests::client::ask(&bff.address, "GET", "/now", &[], None).await.json();
            assert!(answer["steps"].is_u64() && answer.get(lost).is_none(), "{down}: {answer}");
        }
    }
}

#[tokio::test]
async fn the_desktop_has_what_is_to_be_had() {
    for seed in 0..20 {
        let stand_ins = stand_ins(seed).await;
        let bff = serve(desktop_bff::router, desktop_bff::UPSTREAMS, &stand_ins).await;
        drive("examples/fitness/desktop-bff", &DESKTOP, seed, &bff, &stand_ins).await;
        let overview = "/api/overview?from=2026-01-01&to=2026-01-31";
        for (down, call, lost) in [("heart", "heart", "zones"), ("sleep", "nights", "sleep")] {
            stand_ins.fail(&[down]);
            let answer = bffgen_tests::client::ask(&bff.address, "GET", overview, &[], None).await.json();
            assert_eq!(answer["charts"][lost], serde_json::json!([]), "{down}: {answer}");
            assert_eq!(answer["warnings"][0]["call"], call, "{down}: {answer}");
            assert_eq!(answer["missing"][0]["call"], call, "{down}: {answer}");
            let parts = answer["missing"][0]["parts"].as_array().expect("pointers");
            assert!(parts.contains(&format!("/charts/{lost}").into()), "{down}: {answer}");
        }
    }
}
