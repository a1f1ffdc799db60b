//! What expressions call.

use std::cmp::Ordering;

use bff_runtime::json::Str;
use bff_runtime::ops::{EvalError, compare, conv, list, num, text};

#[test]
fn integers_fail_instead_of_wrapping() {
    assert_eq!(num::add(i64::MAX, 1), Err(EvalError::OVERFLOW));
    assert_eq!(num::sub(i64::MIN, 1), Err(EvalError::OVERFLOW));
    assert_eq!(num::mul(i64::MAX, 2), Err(EvalError::OVERFLOW));
    assert_eq!(num::div(1, 0), Err(EvalError::DIVISION_BY_ZERO));
    assert_eq!(num::div(i64::MIN, -1), Err(EvalError::OVERFLOW));
    assert_eq!(num::rem(1, 0), Err(EvalError::DIVISION_BY_ZERO));
    assert_eq!((num::div(-7, 2), num::rem(-7, 2), num::neg(3)), (Ok(-3), Ok(-1), Ok(-3)));
}

#[test]
fn conversions_check_their_range() {
    assert_eq!(conv::int_of_text("-42"), Ok(-42));
    assert_eq!(conv::int_of_text(&Str::plain("4.2")), Err(EvalError::CONVERSION));
    assert_eq!(conv::int_of_double(-4.9), Ok(-4));
    for value in [f64::NAN, f64::INFINITY, 9_223_372_036_854_775_807.0, -9_223_372_036_854_775_808.0] {
        assert_eq!(conv::int_of_double(value), Err(EvalError::CONVERSION));
    }
    assert_eq!(conv::string_of_double(-4.5e-3), "-0.0045");
    assert_eq!((conv::bool_of_text("True"), conv::bool_of_text("yes")), (Ok(true), Err(EvalError::CONVERSION)));
}

#[test]
fn texts_count_code_points() {
    let name = Str::plain("Zoë 😀!");
    assert_eq!(text::size(&name), 6);
    assert_eq!(text::index_of(&name, "!"), 5);
    assert_eq!(text::index_of(&name, "x"), -1);
    assert_eq!(text::substring(&name, 2, Some(5)).as_deref(), Ok("ë 😀"));
    assert_eq!(text::substring(&name, 6, None).as_deref(), Ok(""));
    for (start, end) in [(7, None), (-1, None), (3, Some(2)), (0, Some(7))] {
        assert_eq!(text::substring(&name, start, end), Err(EvalError::INDEX));
    }
    assert_eq!((text::lower("ÄBC"), text::upper("äbc")), ("Äbc".into(), "äBC".into()));
    assert_eq!(text::split("a,b,", ","), ["a", "b", ""]);
    assert_eq!(text::split("äb", ""), ["ä", "b"]);
    assert_eq!(text::join(["a", "b"], "-"), "a-b");
    assert_eq!(text::replace("aXbX", "X", &String::from("YY")), "aYYbYY");
}

#[test]
fn lists_fail_where_cel_does() {
    assert_eq!(
        (list::at(&[1, 2], 1), list::at(&[1, 2], 2), list::get(&[1], -1)),
        (Ok(&2), Err(EvalError::INDEX), None)
    );
    assert_eq!(list::sum_int([i64::MAX, 1]), Err(EvalError::OVERFLOW));
    assert_eq!(list::min([3, 1, 2]), Ok(1));
    assert_eq!(list::max([1.5, f64::NAN, 2.5]).map(f64::is_nan), Ok(true));
    assert_eq!(list::max(Vec::<i64>::new()), Err(EvalError::EMPTY));
    assert_eq!(list::min_by(["ccc", "a", "b"], |text| text.len()), Ok("a"));
    assert_eq!(list::max_by(["ccc", "a", "ddd"], |text| text.len()), Ok("ccc"));
    assert_eq!(list::distinct([1, 2, 1, 3, 2]), [1, 2, 3]);
    assert_eq!(list::distinct_doubles([0.0, 1.5, -0.0, 1.5]), [0.0, 1.5]);
    let inverse = |x: i64| num::div(1, x);
    assert_eq!(list::try_any([0, 1], |x| Ok(inverse(x)? == 1)), Ok(true));
    assert_eq!(list::try_any([0, 2], |x| Ok(inverse(x)? == 1)), Err(EvalError::DIVISION_BY_ZERO));
    assert_eq!(list::try_all([0, 2], |x| Ok(inverse(x)? == 1)), Ok(false));
    assert_eq!(list::try_exists_one([0, 1], |x| Ok(inverse(x)? == 1)), Err(EvalError::DIVISION_BY_ZERO));
    assert_eq!(list::try_map([1, 2], inverse), Ok(vec![1, 0]));
    assert_eq!(list::try_filter([1, 2], |x| Ok(inverse(*x)? == 1)), Ok(vec![1]));
    assert!(list::exists_one([1, 2, 3], |x| x == 2) && !list::exists_one([2, 2], |x| x == 2));
}

#[test]
fn any_two_values_have_an_order() {
    assert_eq!(compare(&f64::NAN, &1.0), Ordering::Greater);
    assert_eq!(compare(&1.0, &f64::NAN), Ordering::Less);
    assert_eq!(compare(&f64::NAN, &f64::NAN), Ordering::Equal);
    assert_eq!(compare(&Str::plain("a"), &Str::plain("b")), Ordering::Less);
}

#[test]
fn the_side_that_decides_counts() {
    use bff_runtime::ops::logic::{and, or};
    let fails = || num::div(1, 0).map(|x| x > 0);
    assert_eq!((and(fails, || Ok(false)), or(fails, || Ok(true))), (Ok(false), Ok(true)));
    assert_eq!(and(fails, || Ok(true)), Err(EvalError::DIVISION_BY_ZERO));
    assert_eq!(or(|| Ok(false), fails), Err(EvalError::DIVISION_BY_ZERO));
    assert_eq!((and(|| Ok(false), fails), or(|| Ok(true), fails)), (Ok(false), Ok(true)));
}

#[test]
fn integers_and_doubles_are_compared_exactly() {
    let large = 9_007_199_254_740_993;
    assert!(num::gt_mixed(large, 9_007_199_254_740_992.0) && !num::eq_mixed(large, 9_007_199_254_740_992.0));
    assert!(
        num::lt_mixed(i64::MAX, 9_223_372_036_854_775_808.0) && num::eq_mixed(i64::MIN, -9_223_372_036_854_775_808.0)
    );
    assert!(num::lt_mixed(-1, -0.5) && num::gt_mixed(-1, -1.5) && num::eq_mixed(0, -0.0) && num::le_mixed(2, 2.5));
    assert!(!num::le_mixed(1, f64::NAN) && !num::ge_mixed(1, f64::NAN) && num::lt_mixed(1, f64::INFINITY));
}

#[test]
fn times_are_read_and_shown() {
    use bff_runtime::ops::{Offset, time};
    let shown = [
        ("2024-02-29T12:34:56.7890Z", "2024-02-29T12:34:56.789Z"),
        ("2009-02-13T23:31:30+02:00", "2009-02-13T21:31:30Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999999z", "9999-12-31T23:59:59.999999999Z"),
        ("1969-12-31T23:59:59.5-00:30", "1970-01-01T00:29:59.5Z"),
    ];
    for (text, expected) in shown {
        assert_eq!(time::timestamp(text).map(|time| time.to_string()).as_deref(), Ok(expected));
    }
    for text in [
        "",
        "2024-02-30T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "2024-01-01",
        "2024-01-01T24:00:00Z",
        "0000-01-01T00:00:00Z",
        "2024-01-01T00:00:00",
        "9999-12-31T23:59:59-01:00",
        "2024-01-01T00:00:00.Z",
        "２024-01-01T00:00:00Z",
    ] {
        assert_eq!(time::timestamp(text), Err(EvalError::CONVERSION), "{text}");
    }
    for (text, expected) in [
        ("1h30m", "5400s"),
        ("-1.5s", "-1.5s"),
        ("250ms", "0.25s"),
        ("1us2ns", "0.000001002s"),
        (".5m", "30s"),
        ("0", "0s"),
    ] {
        assert_eq!(time::duration(text).map(|span| span.to_string()).as_deref(), Ok(expected), "{text}");
    }
    for text in ["", "-", "1", "1x", "1.s.", "s", "320000000000s", "1h 2m", "1..5s"] {
        assert_eq!(time::duration(text), Err(EvalError::CONVERSION), "{text}");
    }
    // Each day of 400 years follows the one before.
    let mut day = time::timestamp("1899-12-31T23:30:00Z").expect("a timestamp");
    let step = time::duration("24h").expect("a duration");
    let offset = Offset::parse("-01:00").expect("an offset");
    for _ in 0..146_097 {
        let next = day.plus(step).expect("a timestamp");
        let parts = |time: bff_runtime::ops::Timestamp| (time.year(offset), time.month(offset), time.date(offset));
        let (year, month, date) = parts(day);
        let follows = [(year, month, date + 1), (year, month + 1, 1), (year + 1, 0, 1)];
        assert!(follows.contains(&parts(next)), "{day} {next}");
        assert_eq!(next.day_of_week(offset), (day.day_of_week(offset) + 1) % 7);
        assert_eq!(time::timestamp(&next.to_string()), Ok(next));
        day = next;
    }
    assert_eq!(day.to_string(), "2299-12-31T23:30:00Z");
}

#[test]
fn tables_keep_their_order_and_their_first() {
    use bff_runtime::ops::table;
    let by_size = table::group_by(["aa", "b", "cc"], |text| text.len() as i64);
    assert_eq!((by_size.get(2), by_size.get(3)), (Some(&vec!["aa", "cc"]), None));
    assert_eq!(by_size.keys().copied().collect::<Vec<_>>(), [2, 1]);
    let first = table::index_by(["aa", "b", "cc"], |text| text.len() as i64);
    assert_eq!(first.get(2), Some(&"aa"));
    assert!(table::try_of([("a", 1), ("a", 2)]).is_err());
    assert!(table::of([("a", 1), ("b", 2)]) == table::of([("b", 2), ("a", 1)]));
}
