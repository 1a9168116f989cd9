//! JSONata that its author wrote to do harm: each ends as an error, within two seconds and without taking the
//! memory of the host, on a small stack.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use stepwell_expr::jsonata::{Available, Jsonata, JsonataScope};
use stepwell_expr::{Budget, Data, Entropy, NoBindings};

const STACK_BYTES: usize = 2 * 1024 * 1024;

/// What comes out, and after how long.
fn run(text: &str) -> (Result<Value, String>, Duration) {
    let text = text.to_owned();
    let work = move || {
        #[expect(
            clippy::disallowed_methods,
            reason = "the time it takes is what is tested"
        )]
        let begun = Instant::now();
        let result = evaluate(&text);
        (result, begun.elapsed())
    };
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    thread.spawn(work).unwrap().join().unwrap()
}

fn evaluate(text: &str) -> Result<Value, String> {
    let expression =
        Jsonata::parse(text, Available::default()).map_err(|errors| errors[0].message.clone())?;
    let input = Data::new(json!({"s": "x".repeat(200_000), "list": vec![1; 1_000]}));
    let scope = JsonataScope {
        input: &input,
        result: None,
        error_output: None,
        bindings: &NoBindings,
        now_ms: 0,
    };
    expression
        .evaluate(
            "Output",
            scope,
            &mut Entropy::from_seed(1),
            &mut Budget::default(),
        )
        .map_err(|failure| failure.cause)
}

/// The most memory that this process has held so far, bytes.
fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

#[test]
fn what_would_take_the_memory_of_the_host_is_refused() {
    let before = peak_bytes();
    for text in [
        r#"$pad("x", 1e12)"#,
        r#"$pad("x", 3e9, "ab")"#,
        r#"$map([1,2], function($i){ $pad("x", 1e10) })"#,
        r#""x" ~> $pad(1e12)"#,
        r#"($p := $pad; $p("x", 1e12))"#,
        r#"($f := function($s){ $f($s & $s) }; $f("xxxxxxxx"))"#,
        r#"$reduce([1..60], function($a, $v){ $a & $a }, "x")"#,
        r#"$join($map([1..800000], $string), $pad("", 1000, "x"))"#,
        r#"$map([1..800000], $string) ~> $join($states.input.s)"#,
        r#"$replace($states.input.s, "x", $states.input.s)"#,
        r#"$states.input.s ~> $replace(/x/, $states.input.s)"#,
        r#"$replace($states.input.s, /x/, function($m){ $states.input.s })"#,
        r#"($r := function($m){ $states.input.s }; $replace($states.input.s, /x/, $r))"#,
        r#"($r := $replace; $r($states.input.s, "x", $states.input.s))"#,
        r#"($r := $replace(?, "x", $states.input.s); $r($states.input.s))"#,
        r#"[1..9999999]"#,
        r#"$map([1..1000], function($i){ [1..800000] })"#,
        r#"$range(1, 1e12, 1)"#,
        r#"$map([1..1000], function($i){ $range(1, 800000, 1) })"#,
        r#"$reduce([1..40], function($a, $v){ $append($a, $a) }, [1])"#,
        r#"$formatInteger(1e15, "I")"#,
        r#"($f := function($x, $n){ $n = 0 ? $x : $f({"l": $x, "r": $x}, $n - 1) }; $string($f(1, 90)))"#,
        r#"($f := function($x, $n){ $n = 0 ? $x : $f({"l": $x, "r": $x}, $n - 1) }; $f(1, 90) = $f(1, 90))"#,
        r#"($f := function($x, $n){ $n = 0 ? $x : $f({"l": $x, "r": $x}, $n - 1) }; $f(1, 90))"#,
    ] {
        let (result, took) = run(text);
        let cause = result.expect_err(text);
        assert!(
            cause.ends_with("memory limit exceeded: Check for excessive memory usage")
                || cause.contains("evaluation timeout"),
            "{text}: {cause}"
        );
        assert!(took < Duration::from_secs(2), "{text}: {took:?}");
    }
    let taken = peak_bytes().saturating_sub(before);
    assert!(taken < 256 * 1024 * 1024, "{taken} bytes");
}

#[test]
fn what_would_not_end_is_stopped() {
    for (text, what) in [
        ("($f := function(){ $f() }; $f())", "evaluation timeout"),
        (
            "($f := function($n){ 1 + $f($n) }; $f(1))",
            "Stack overflow error",
        ),
        (
            "$map([1..800000], function($i){ $map([1..800000], function($j){ $j }) })",
            "",
        ),
    ] {
        let (result, took) = run(text);
        let cause = result.expect_err(text);
        assert!(cause.contains(what), "{text}: {cause}");
        assert!(took < Duration::from_secs(2), "{text}: {took:?}");
    }
}

#[test]
fn what_is_nested_too_deeply_is_refused_and_ends_no_host() {
    for text in [
        format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000)),
        format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000)),
        format!("{}1", "-".repeat(10_000)),
        format!("1{}", "+1".repeat(10_000)),
        format!("1{}", "&1".repeat(10_000)),
        "true?".repeat(5_000),
        format!("$a{}", ".b".repeat(10_000)),
        format!("{}1{}", "function($x){".repeat(2_000), "}".repeat(2_000)),
        format!("$a{}", "[0]".repeat(10_000)),
        format!("$a{}", "~>$f".repeat(10_000)),
    ] {
        let (result, took) = run(&text);
        assert!(result.is_err(), "{}", &text[..40]);
        assert!(took < Duration::from_secs(2), "{}: {took:?}", &text[..40]);
    }
}

#[test]
fn a_pathological_regex_takes_no_time() {
    let (result, took) = run(r#"$contains($pad("", 5000, "a") & "!", /^(a+)+$/)"#);
    assert_eq!(result, Ok(json!(false)));
    assert!(took < Duration::from_secs(2), "{took:?}");
    let (result, _) = run(r#"$contains("a", /(((a{1000}){1000}){1000})/)"#);
    assert!(result.is_err());
}

#[test]
fn equal_values_are_found_without_a_look_at_every_pair() {
    let (result, took) = run("$count($distinct([1..100000]))");
    assert_eq!(result, Ok(json!(100_000)));
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[test]
fn limits_hold_on_both_sides() {
    for (text, fits) in [
        ("$length($pad('', 2000000, 'x'))", true),
        ("$length($pad('', 2200000, 'x'))", false),
        ("$count([1..873782])", true),
        ("$count([1..873783])", false),
        ("$count($range(1, 873782, 1))", true),
        ("$count($range(1, 873783, 1))", false),
        ("$length($formatInteger(1000000, 'I'))", true),
        ("$length($formatInteger(1000001, 'I'))", false),
        (
            "($n := 262144; $count($split($pad('', $n, 'x'), 'x')))",
            true,
        ),
        (
            "($n := 262145; $count($split($pad('', $n, 'x'), 'x')))",
            false,
        ),
        (
            "($f := function($n){ $n = 0 ? 0 : 1 + $f($n - 1) }; $f(31))",
            true,
        ),
        (
            "($f := function($n){ $n = 0 ? 0 : 1 + $f($n - 1) }; $f(32))",
            false,
        ),
        (
            "($f := function($n){ $n = 0 ? 0 : $f($n - 1) }; $f(5000))",
            true,
        ),
    ] {
        let (result, _) = run(text);
        assert_eq!(result.is_ok(), fits, "{text}: {result:?}");
    }
}
