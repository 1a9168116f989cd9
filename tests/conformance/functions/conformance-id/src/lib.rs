//! `id_function`: returns its event, whatever it is.

use serde_json::Value;

#[stepwell_task::task]
fn id(event: Value) -> Value {
    event
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn the_event_comes_back() {
        for event in [json!(null), json!([1, 2.5]), json!({ "b": "ä", "a": {} })] {
            assert_eq!(test::run(id, event.clone()), Ok(event));
        }
    }
}
