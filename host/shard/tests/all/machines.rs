//! Definitions from a tape: all eight types of state, nested to depth 3, with data flow, variables,
//! Retry, Catch, timeouts, heartbeats, callbacks and activities. Every one of them is valid; what
//! happens at run time is another matter. Most go forwards only, so that every execution ends; in the
//! others a Choice or a Catch may lead back.

use serde_json::{Map, Value, json};

use crate::draw::Draw;
use crate::states;

const DEPTH_MAX: u32 = 3;

/// The functions that a generated definition may call; the second one holds an outward grant.
pub(crate) const FUNCTIONS: [&str; 2] = ["sealed", "outward"];

/// The names that a generated Retry or Catch may know.
pub(crate) const ERRORS: [&str; 3] = ["One", "Two", "Three"];

/// A valid definition.
pub(crate) struct Definition {
    pub(crate) text: String,
    /// It may go round for ever.
    pub(crate) goes_round: bool,
}

pub(crate) fn definition(draw: &mut Draw<'_>) -> Definition {
    let goes_round = draw.once_in(5);
    let mut generator = Generator {
        names: 0,
        variables: Vec::new(),
        goes_round,
    };
    let mut machine = generator.scope(draw, 0);
    if draw.once_in(5) {
        machine["TimeoutSeconds"] = json!(1 + draw.below(90));
    }
    Definition {
        text: machine.to_string(),
        goes_round,
    }
}

/// Mostly what the definitions can work with, else anything.
pub(crate) fn data(draw: &mut Draw<'_>) -> Value {
    if draw.once_in(10) {
        return anything(draw, 0);
    }
    let items: Vec<u32> = (0..draw.below(5)).collect();
    let a = json!({ "a": { "b": 1 }, "b": draw.below(3), "n": 1, "r": 1 });
    json!({ "a": a, "n": 1 + draw.below(4), "items": items, "r": { "a": { "a": 1 }, "n": 2 } })
}

/// Any JSON value. Its numbers are small or no use as a delay, so that no Wait takes a year.
fn anything(draw: &mut Draw<'_>, depth: u32) -> Value {
    let kinds = if depth < 3 { 10 } else { 8 };
    match draw.below(kinds) {
        0 => Value::Null,
        1 => json!(draw.below(7)),
        2 => json!(-2),
        3 => json!(0.5),
        4 => json!(draw.once_in(2)),
        5 => json!(draw.pick(&["", "text", "$.a", "{", "2026-01-01T00:00:20Z", "\u{1F600}"])),
        6 => json!("x".repeat(300 + draw.below(100) as usize)),
        7 => json!(1e300),
        8 => (0..draw.below(4))
            .map(|_| anything(draw, depth + 1))
            .collect(),
        _ => {
            let names = ["a", "b", "n", "items", "Error"];
            let members = (0..draw.below(4)).map(|_| {
                let name = (*draw.pick(&names)).to_owned();
                (name, anything(draw, depth + 1))
            });
            Value::Object(members.collect())
        }
    }
}

/// Where a state may lead.
#[derive(Clone, Copy)]
pub(crate) struct Way<'n> {
    /// Forwards.
    pub(crate) later: &'n [String],
    /// By a rule of a Choice or by a Catch, beside a way forwards.
    pub(crate) other: &'n [String],
}

/// Makes the states of one definition.
pub(crate) struct Generator {
    names: u32,
    /// What the states made so far assign, in this scope or around it.
    variables: Vec<String>,
    goes_round: bool,
}

impl Generator {
    fn scope(&mut self, draw: &mut Draw<'_>, depth: u32) -> Value {
        let outside = self.variables.len();
        let made = self.states(draw, depth);
        self.variables.truncate(outside);
        made
    }

    fn states(&mut self, draw: &mut Draw<'_>, depth: u32) -> Value {
        let count = 1 + draw.below(if depth == 0 { 7 } else { 4 });
        let names: Vec<String> = (0..count)
            .map(|_| {
                self.names += 1;
                format!("S{}", self.names)
            })
            .collect();
        let mut states = Map::new();
        for (index, name) in names.iter().enumerate() {
            let way = Way {
                later: &names[index + 1..],
                other: if self.goes_round {
                    &names
                } else {
                    &names[index + 1..]
                },
            };
            let state = self.state(draw, depth, name, way);
            states.insert(name.clone(), state);
        }
        json!({ "StartAt": names[0], "States": reachable(states, &names[0]) })
    }

    fn state(&mut self, draw: &mut Draw<'_>, depth: u32, name: &str, way: Way<'_>) -> Value {
        let kinds = if depth < DEPTH_MAX { 24 } else { 15 };
        let mut state = match draw.below(kinds) {
            0..=6 => states::task(draw),
            7 | 8 => states::wait(draw),
            9..=11 if !way.later.is_empty() => return states::choice(draw, name, way),
            12 => return json!({ "Type": "Succeed" }),
            13 => return states::fail(draw),
            15..=19 => self.parallel(draw, depth),
            20..=23 => self.map(draw, depth),
            _ => states::pass(draw),
        };
        self.flow(draw, &mut state, name);
        if matches!(states::kind(&state), "Task" | "Parallel" | "Map") {
            states::retry_and_catch(draw, &mut state, name, way);
        }
        match way.later.is_empty() || draw.once_in(12) {
            true => state["End"] = json!(true),
            false => state["Next"] = json!(draw.pick(way.later)),
        }
        state
    }

    fn parallel(&mut self, draw: &mut Draw<'_>, depth: u32) -> Value {
        let branches: Vec<Value> = (0..1 + draw.below(3))
            .map(|_| self.scope(draw, depth + 1))
            .collect();
        json!({ "Type": "Parallel", "Branches": branches })
    }

    fn map(&mut self, draw: &mut Draw<'_>, depth: u32) -> Value {
        let mut map = json!({
            "Type": "Map",
            "ItemProcessor": self.scope(draw, depth + 1),
        });
        if draw.once_in(5) {
            map["MaxConcurrencyPath"] = json!("$.n");
        } else {
            map["MaxConcurrency"] = json!(draw.below(4));
        }
        if !draw.once_in(8) {
            map["ItemsPath"] = json!("$$.Execution.Input.items");
        }
        if draw.once_in(3) {
            map["ItemSelector"] = json!({
                "item.$": "$$.Map.Item.Value", "a": { "b": 1 }, "all.$": "$",
            });
        }
        map
    }

    /// The data through a state, and the variables it assigns.
    fn flow(&mut self, draw: &mut Draw<'_>, state: &mut Value, name: &str) {
        states::paths(draw, state);
        if draw.once_in(4) {
            let mut assign = Map::new();
            assign.insert(format!("v{name}.$"), json!("$"));
            if let Some(read) = self.some_variable(draw) {
                assign.insert(format!("w{name}.$"), json!(read));
            }
            state["Assign"] = Value::Object(assign);
        }
        if matches!(states::kind(state), "Pass" | "Parallel" | "Task")
            && state.get("Parameters").is_none()
            && let Some(read) = self.some_variable(draw)
        {
            state["Parameters"] = json!({ "n": 1, "read.$": read });
        }
        self.variables
            .extend(state.get("Assign").map(|_| name.to_owned()));
    }

    /// A path to a variable that may have been assigned, once in three times if there is one.
    fn some_variable(&self, draw: &mut Draw<'_>) -> Option<String> {
        if self.variables.is_empty() || !draw.once_in(3) {
            return None;
        }
        Some(format!("$v{}", draw.pick(&self.variables)))
    }
}

/// Without the states that no transition leads to: they are an error.
fn reachable(mut states: Map<String, Value>, start_at: &str) -> Map<String, Value> {
    let mut kept = Map::new();
    let mut next = vec![start_at.to_owned()];
    while let Some(name) = next.pop() {
        let Some(state) = states.remove(&name) else {
            continue;
        };
        let handlers = ["Catch", "Choices"].map(|field| state[field].as_array());
        let steps = handlers.into_iter().flatten().flatten();
        let targets = steps.map(|step| &step["Next"]);
        let targets = targets.chain([&state["Next"], &state["Default"]]);
        next.extend(targets.filter_map(Value::as_str).map(str::to_owned));
        kept.insert(name, state);
    }
    kept
}
