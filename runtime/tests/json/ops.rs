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
    assert_eq!(list::distinct(vec![1, 2, 1, 3, 2]), [1, 2, 3]);
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
