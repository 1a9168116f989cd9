//! The parser: text → tree (`source`) → declared names → states → the graph as a whole.
//!
//! Each part reports what is wrong and goes on; a machine comes out only if nothing was an error.
//! Begin reading at [`run`], then [`declare`] and [`state`].

mod assign;
mod choices;
mod containers;
mod context;
mod declare;
mod fields;
mod handlers;
mod hygiene;
mod jsonata;
mod language;
mod matrix;
mod payload;
mod reach;
mod report;
mod state;
mod task;
mod unavailable;

use source::{Diagnostic, Format, Node};

use self::context::Context;
use self::declare::Declared;
use self::fields::Object;
use self::report::schema;
use crate::{
    Options, Parsed, QueryLanguage, Scope, ScopeId, State, StateId, StateMachine,
    VariableReferences, code, limits,
};

const TOP_FIELDS: [&str; 6] = [
    "Comment",
    "StartAt",
    "States",
    "Version",
    "TimeoutSeconds",
    "QueryLanguage",
];
const BRANCH_FIELDS: [&str; 3] = ["Comment", "StartAt", "States"];
const PROCESSOR_FIELDS: [&str; 5] = [
    "Comment",
    "StartAt",
    "States",
    "ProcessorConfig",
    "QueryLanguage",
];

pub(crate) fn run(text: &str, format: Format, options: Options) -> Parsed {
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        let diagnostic = Diagnostic::error(code::MISSING_DESCRIPTION, "The definition is empty");
        return Parsed {
            machine: None,
            diagnostics: vec![diagnostic],
        };
    }
    match source::parse(text, format) {
        Err(diagnostic) => Parsed {
            machine: None,
            diagnostics: vec![diagnostic],
        },
        Ok(root) => tree(text, &root, options),
    }
}

fn tree(text: &str, root: &Node, options: Options) -> Parsed {
    let mut cx = Context::new(text, options.pedantic);
    if root.members().is_none() {
        let diagnostic = Diagnostic::error(
            code::INVALID_JSON_DESCRIPTION,
            "Definition must be a valid JSON object",
        )
        .with_span(root.span)
        .with_label(format!("this is {}", root.kind_name()));
        return Parsed {
            machine: None,
            diagnostics: vec![diagnostic],
        };
    }
    let machine = Object::of(root, String::new(), None, &mut cx.report)
        .and_then(|top| definition(top, root, &mut cx));
    let machine = if cx.report.has_errors() {
        None
    } else {
        machine
    };
    Parsed {
        machine,
        diagnostics: cx.report.finish(),
    }
}

fn definition<'a>(top: Object<'a>, root: &'a Node, cx: &mut Context<'a>) -> Option<StateMachine> {
    if !top.has("States") && !top.has("StartAt") {
        // The service names both at once.
        cx.report.push(
            schema(
                "These fields are required: [States, StartAt]",
                top.anchor,
                "",
            )
            .with_label("a definition begins with `StartAt` and `States`"),
        );
        top.only(&TOP_FIELDS, "a definition", &mut cx.report);
        return None;
    }
    top.only(&TOP_FIELDS, "a definition", &mut cx.report);
    let comment = state::comment(&top, cx);
    if let Some(version) = top.get("Version") {
        version.word(&["1.0"], &mut cx.report);
    }
    let timeout_seconds = top
        .get("TimeoutSeconds")
        .and_then(|field| field.integer(0, limits::SECONDS_MAX, &mut cx.report))
        // No limit is what 0 says.
        .filter(|seconds| *seconds > 0);
    let language = language::read(&top, QueryLanguage::JsonPath, cx);

    let declared = Declared::read(top, cx);
    hygiene::check(root, &declared.states_objects, cx);
    let starts = starts(&declared, cx);
    let states = states(&declared, language, cx);
    let variable_references = variable_references(&declared, cx);
    reach::check(&declared, &starts, cx);
    assign::check_scopes(&declared, cx);

    let scopes: Option<Vec<Scope>> = declared
        .scopes
        .iter()
        .zip(starts)
        .map(|(scope, start_at)| {
            Some(Scope {
                owner: scope.owner,
                start_at: start_at?,
                states: scope.states.clone(),
            })
        })
        .collect();
    Some(StateMachine {
        comment,
        timeout_seconds,
        scopes: scopes?,
        states: states?,
        variable_references,
    })
}

/// Which variables each state reads, by the names of both.
fn variable_references(declared: &Declared<'_>, cx: &Context<'_>) -> VariableReferences {
    let mut references = VariableReferences::new();
    for variable in &cx.read {
        let Some(state) = declared.states.get(variable.state.0 as usize) else {
            continue;
        };
        references
            .entry(state.name.into())
            .or_default()
            .insert(variable.name.as_str().into());
    }
    references
}

/// `StartAt` of every scope, and the fields that a scope may have.
fn starts<'a>(declared: &Declared<'a>, cx: &mut Context<'a>) -> Vec<Option<StateId>> {
    let mut starts = Vec::new();
    for (index, scope) in (0..).zip(&declared.scopes) {
        cx.scope = ScopeId(index);
        if scope.owner.is_some() {
            let (known, what): (&[&str], _) = match scope.object.location.ends_with(']') {
                true => (&BRANCH_FIELDS, "a branch"),
                false => (&PROCESSOR_FIELDS, "an item processor"),
            };
            scope.object.only(known, what, &mut cx.report);
            state::comment(&scope.object, cx);
        }
        let start = scope.object.required("StartAt", &mut cx.report);
        starts.push(start.and_then(|field| {
            let name = field.string(&mut cx.report)?;
            let found = cx.find(name);
            match found {
                None if !scope.states.is_empty() => cx.missing_target(&field, name),
                other => other,
            }
        }));
    }
    starts
}

fn states<'a>(
    declared: &Declared<'a>,
    language: QueryLanguage,
    cx: &mut Context<'a>,
) -> Option<Vec<State>> {
    let languages = languages(declared, language, cx);
    let mut states = Some(Vec::new());
    for (index, state) in (0..).zip(&declared.states) {
        cx.state = StateId(index);
        cx.scope = state.scope;
        cx.location = state.location.clone();
        let language = languages.get(state.scope.0 as usize);
        let language = language.copied().unwrap_or_default();
        match (state::read(cx.state, state, language, cx), &mut states) {
            (Some(read), Some(states)) => states.push(read),
            _ => states = None,
        }
    }
    states
}

/// The language of each scope: an item processor may have its own, every other has that of the one around it.
fn languages<'a>(
    declared: &Declared<'a>,
    top: QueryLanguage,
    cx: &mut Context<'a>,
) -> Vec<QueryLanguage> {
    let mut languages: Vec<QueryLanguage> = Vec::new();
    for (index, scope) in (0..).zip(&declared.scopes) {
        // The scope around comes first.
        let outer = declared.outer_scopes(ScopeId(index)).next();
        let outer = outer.and_then(|outer| languages.get(outer.0 as usize).copied());
        languages.push(match outer {
            Some(outer) => language::read(&scope.object, outer, cx),
            None => top,
        });
    }
    languages
}
