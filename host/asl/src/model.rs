//! The compiled state machine: a table of states addressed by index, with every path, template and
//! transition resolved (DESIGN D9). Running a state never parses text.
//!
//! Begin reading at [`StateMachine`]; the parser in `parse/` is the only thing that builds one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use expr::jsonata::{Jsonata, JsonataTemplate};
use expr::{Expression, Path, ReferencePath, Template};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Index of a state in [`StateMachine::states`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StateId(pub u32);

/// Index of a scope (the top level, a Parallel branch, an item processor) in [`StateMachine::scopes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ScopeId(pub u32);

impl ScopeId {
    /// The top level of the definition.
    pub const TOP: ScopeId = ScopeId(0);
}

/// A definition, resolved. Immutable and shared by all its executions.
#[derive(Clone, Debug)]
pub struct StateMachine {
    /// `Comment` of the top level.
    pub comment: Option<String>,
    /// `TimeoutSeconds` of the whole execution (s, 1..=99999999).
    pub timeout_seconds: Option<u64>,
    /// Scope 0 is the top level; each branch and item processor follows.
    pub scopes: Vec<Scope>,
    /// All states of all scopes.
    pub states: Vec<State>,
    /// The variables that each state reads; states that read none are not in it. What
    /// DescribeStateMachine shows as `variableReferences` (ASL.md §1.6).
    pub variable_references: VariableReferences,
}

/// Name of a state to the names of variables that it reads, both sorted.
pub type VariableReferences = BTreeMap<Arc<str>, BTreeSet<Arc<str>>>;

impl StateMachine {
    /// The state with this id, if the id belongs to this machine.
    pub fn state(&self, id: StateId) -> Option<&State> {
        self.states.get(id.0 as usize)
    }

    /// The scope with this id, if the id belongs to this machine.
    pub fn scope(&self, id: ScopeId) -> Option<&Scope> {
        self.scopes.get(id.0 as usize)
    }
}

/// States that may name one another in `Next`.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The state whose branch or processor this is; `None` for the top level.
    pub owner: Option<StateId>,
    /// Where an execution of this scope begins.
    pub start_at: StateId,
    /// Its states, in the order of the definition.
    pub states: Vec<StateId>,
}

/// One state.
#[derive(Clone, Debug)]
pub struct State {
    /// Its own index.
    pub id: StateId,
    /// Its name, unique in the whole machine.
    pub name: Arc<str>,
    /// The scope it lives in.
    pub scope: ScopeId,
    /// `Comment`.
    pub comment: Option<String>,
    /// `QueryLanguage`, its own or the one around it.
    pub language: QueryLanguage,
    /// `InputPath` (Task, Pass, Choice, Wait, Succeed, Parallel, Map; others: the default).
    pub input_path: PathField,
    /// `OutputPath`, for the same types.
    pub output_path: PathField,
    /// `Output`, in JSONata (for Choice: used with `Default`).
    pub output: Option<JsonataTemplate>,
    /// `Assign` of the state itself (for Choice: used with `Default`).
    pub assign: Option<Assign>,
    /// What it does.
    pub kind: StateKind,
}

/// The language that a state's expressions are in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryLanguage {
    /// JSONPath
    #[default]
    JsonPath,
    /// JSONata
    Jsonata,
}

/// JSON with expressions in it.
#[derive(Clone, Debug)]
pub enum Payload {
    /// Members whose names end in `.$`.
    JsonPath(Template),
    /// Strings `{% … %}`.
    Jsonata(JsonataTemplate),
}

/// `InputPath` or `OutputPath`.
#[derive(Clone, Debug)]
pub enum PathField {
    /// Absent or `"$"`: the whole document.
    Whole,
    /// `null`: the empty object.
    Discard,
    /// A Path.
    Path(Path),
}

/// Where a state goes when it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// `Next`.
    Next(StateId),
    /// `End: true`.
    End,
}

/// `ResultPath`.
#[derive(Clone, Debug)]
pub enum ResultPath {
    /// Absent or `"$"`: the result replaces the input.
    Replace,
    /// `null`: the result is thrown away.
    Discard,
    /// The result is put into the raw input at this place.
    Insert(ReferencePath),
}

/// `Assign`: variable name to template, in the order of the definition.
#[derive(Clone, Debug)]
pub struct Assign {
    /// Evaluated as one object; its keys are the variable names.
    pub template: Payload,
}

/// A number of seconds or of items, written out or read from the input.
#[derive(Clone, Debug)]
pub enum Number {
    /// Written in the definition.
    Literal(u64),
    /// The `…Path` form.
    Path(ReferencePath),
    /// An expression in the place of the number.
    Jsonata(Jsonata),
}

/// The eight state types.
#[derive(Clone, Debug)]
pub enum StateKind {
    /// Task.
    Task(Box<Task>),
    /// Pass.
    Pass(Box<Pass>),
    /// Choice.
    Choice(Choice),
    /// Wait.
    Wait(Wait),
    /// Succeed.
    Succeed,
    /// Fail.
    Fail(Fail),
    /// Parallel.
    Parallel(Box<Parallel>),
    /// Map, inline (distributed: issue of its own).
    Map(Box<Map>),
}

impl StateKind {
    /// The value of the `Type` field.
    pub fn type_name(&self) -> &'static str {
        match self {
            StateKind::Task(_) => "Task",
            StateKind::Pass(_) => "Pass",
            StateKind::Choice(_) => "Choice",
            StateKind::Wait(_) => "Wait",
            StateKind::Succeed => "Succeed",
            StateKind::Fail(_) => "Fail",
            StateKind::Parallel(_) => "Parallel",
            StateKind::Map(_) => "Map",
        }
    }
}

/// What Task, Parallel and Map do with their result and their failures.
#[derive(Clone, Debug)]
pub struct ResultFlow {
    /// `Parameters`, evaluated against the effective input; in JSONata `Arguments`.
    pub parameters: Option<Payload>,
    /// `ResultSelector`, evaluated against the raw result.
    pub result_selector: Option<Template>,
    /// `ResultPath`.
    pub result_path: ResultPath,
    /// `Retry`.
    pub retry: Vec<Retrier>,
    /// `Catch`.
    pub catch: Vec<Catcher>,
    /// `Next` or `End`.
    pub transition: Transition,
}

/// A Task state.
#[derive(Clone, Debug)]
pub struct Task {
    /// What it calls.
    pub resource: Resource,
    /// Data flow, Retry and Catch.
    pub flow: ResultFlow,
    /// `TimeoutSeconds` or `TimeoutSecondsPath`; `None`: 99999999 s, which is no limit that matters.
    pub timeout_seconds: Option<Number>,
    /// `HeartbeatSeconds` or `HeartbeatSecondsPath`.
    pub heartbeat_seconds: Option<Number>,
    /// `Credentials`, a payload template with `RoleArn`.
    pub credentials: Option<Payload>,
}

/// `Resource` of a Task (ASL.md §7.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// `arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]`: the whole input is the event.
    Function {
        /// The ARN as written.
        arn: Arc<str>,
        /// The function's name, by which it is found whatever the account id says.
        name: Arc<str>,
        /// Version or alias.
        qualifier: Option<Arc<str>>,
    },
    /// `arn:aws:states:::SERVICE:ACTION[.PATTERN]`.
    Integration {
        /// The ARN as written.
        arn: Arc<str>,
        /// `lambda`, `sqs`, `states`, `aws-sdk:dynamodb` …: history's `resourceType`.
        service: Arc<str>,
        /// `invoke`, `sendMessage` …, without the pattern.
        action: Arc<str>,
        /// How the state waits.
        pattern: Pattern,
    },
    /// `arn:aws:states:REGION:ACCOUNT:activity:NAME`.
    Activity {
        /// The ARN as written.
        arn: Arc<str>,
        /// The activity's name.
        name: Arc<str>,
    },
}

impl Resource {
    /// The ARN as the definition has it.
    pub fn arn(&self) -> &Arc<str> {
        match self {
            Resource::Function { arn, .. }
            | Resource::Integration { arn, .. }
            | Resource::Activity { arn, .. } => arn,
        }
    }
}

/// How an integration is waited for (ASL.md §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Pattern {
    /// Done at the response.
    RequestResponse,
    /// `.sync`.
    Sync,
    /// `.sync:2`.
    Sync2,
    /// `.waitForTaskToken`.
    WaitForTaskToken,
}

impl Pattern {
    /// The suffix of the ARN, with its dot; empty for request-response.
    pub fn suffix(self) -> &'static str {
        match self {
            Pattern::RequestResponse => "",
            Pattern::Sync => ".sync",
            Pattern::Sync2 => ".sync:2",
            Pattern::WaitForTaskToken => ".waitForTaskToken",
        }
    }
}

/// A Pass state.
#[derive(Clone, Debug)]
pub struct Pass {
    /// `Result`, taken literally.
    pub result: Option<Arc<Value>>,
    /// `Parameters`.
    pub parameters: Option<Template>,
    /// `ResultPath`.
    pub result_path: ResultPath,
    /// `Next` or `End`.
    pub transition: Transition,
}

/// A Wait state.
#[derive(Clone, Debug)]
pub struct Wait {
    /// For how long, or until when.
    pub until: WaitUntil,
    /// `Next` or `End`.
    pub transition: Transition,
}

/// The four ways to say how long a Wait waits.
#[derive(Clone, Debug)]
pub enum WaitUntil {
    /// `Seconds` (s, 0..=99999999).
    Seconds(u64),
    /// `SecondsPath`.
    SecondsPath(ReferencePath),
    /// `Timestamp`, checked when the definition is read: µs since 1970 UTC.
    Timestamp(i64),
    /// `TimestampPath`.
    TimestampPath(ReferencePath),
    /// `Seconds`, an expression.
    SecondsJsonata(Jsonata),
    /// `Timestamp`, an expression.
    TimestampJsonata(Jsonata),
}

/// A Fail state.
#[derive(Clone, Debug)]
pub struct Fail {
    /// `Error` or `ErrorPath`.
    pub error: Option<Text>,
    /// `Cause` or `CausePath`.
    pub cause: Option<Text>,
}

/// Text that is written out or computed.
#[derive(Clone, Debug)]
pub enum Text {
    /// Written in the definition.
    Literal(Arc<str>),
    /// The `…Path` form: a reference path or an intrinsic that gives a string.
    Computed(Expression),
    /// An expression in the place of the text.
    Jsonata(Jsonata),
}

/// A Parallel state.
#[derive(Clone, Debug)]
pub struct Parallel {
    /// The branches, at least one.
    pub branches: Vec<ScopeId>,
    /// Data flow, Retry and Catch.
    pub flow: ResultFlow,
}

/// A Map state.
#[derive(Clone, Debug)]
pub struct Map {
    /// `ItemProcessor` (or the legacy `Iterator`).
    pub processor: ScopeId,
    /// `ItemsPath` or `Items`.
    pub items: Items,
    /// `ItemSelector` (or the legacy `Parameters`): evaluated against the effective input.
    pub item_selector: Option<Payload>,
    /// `MaxConcurrency` or its Path form; 0: as many as the host allows.
    pub max_concurrency: Number,
    /// Data flow, Retry and Catch; `flow.parameters` is always `None`.
    pub flow: ResultFlow,
}

/// Where the items of a Map come from.
#[derive(Clone, Debug)]
pub enum Items {
    /// The effective input itself.
    Input,
    /// `ItemsPath`.
    Path(ReferencePath),
    /// `Items`.
    Jsonata(JsonataTemplate),
}

/// A Choice state.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The rules, tried in order.
    pub rules: Vec<Rule>,
    /// `Default`.
    pub default: Option<StateId>,
}

/// A top-level choice rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// When it matches.
    pub condition: When,
    /// `Next`.
    pub next: StateId,
    /// `Assign` of the rule.
    pub assign: Option<Assign>,
    /// `Output` of the rule, in JSONata.
    pub output: Option<JsonataTemplate>,
}

/// When a rule matches.
#[derive(Clone, Debug)]
pub enum When {
    /// A comparison or several.
    JsonPath(Condition),
    /// `Condition`, an expression that gives a boolean.
    Jsonata(Jsonata),
    /// `Condition`, written out.
    Literal(bool),
}

/// A boolean expression over the effective input.
#[derive(Clone, Debug)]
pub enum Condition {
    /// `And`.
    And(Vec<Condition>),
    /// `Or`.
    Or(Vec<Condition>),
    /// `Not`.
    Not(Box<Condition>),
    /// A data test.
    Test {
        /// `Variable`.
        variable: Path,
        /// The comparison.
        test: Test,
    },
}

/// A data test expression (ASL.md §2.1).
#[derive(Clone, Debug)]
pub enum Test {
    /// `StringEquals` … and its Path twins.
    String(Ordering, Operand<Arc<str>>),
    /// `NumericEquals` ….
    Numeric(Ordering, Operand<serde_json::Number>),
    /// `TimestampEquals` …; a literal is held as µs since 1970 UTC.
    Timestamp(Ordering, Operand<i64>),
    /// `BooleanEquals`.
    Boolean(Operand<bool>),
    /// `StringMatches`.
    Matches(Pieces),
    /// `IsNull: expected`, and so on.
    Is(Kind, bool),
}

/// The right-hand side of a comparison.
#[derive(Clone, Debug)]
pub enum Operand<T> {
    /// Written in the definition.
    Literal(T),
    /// The `…Path` twin.
    Path(Path),
}

/// The five orderings of a comparator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordering {
    /// `…Equals`
    Equals,
    /// `…LessThan`
    LessThan,
    /// `…GreaterThan`
    GreaterThan,
    /// `…LessThanEquals`
    LessThanEquals,
    /// `…GreaterThanEquals`
    GreaterThanEquals,
}

/// The type tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `IsNull`
    Null,
    /// `IsPresent`
    Present,
    /// `IsNumeric`
    Numeric,
    /// `IsString`
    String,
    /// `IsBoolean`
    Boolean,
    /// `IsTimestamp`
    Timestamp,
}

/// A `StringMatches` pattern: literal pieces with a `*` between each two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pieces(pub Vec<String>);

/// A retrier (ASL.md §4.1).
#[derive(Clone, Debug)]
pub struct Retrier {
    /// `ErrorEquals`.
    pub error_equals: Vec<Arc<str>>,
    /// `IntervalSeconds` (s, 1..=99999999), default 1.
    pub interval_seconds: u64,
    /// `MaxAttempts` (0..=99999999), default 3.
    pub max_attempts: u64,
    /// `BackoffRate` (>= 1.0), default 2.0.
    pub backoff_rate: f64,
    /// `MaxDelaySeconds` (s, 1..=31622400).
    pub max_delay_seconds: Option<u64>,
    /// `JitterStrategy: FULL`.
    pub full_jitter: bool,
}

/// A catcher (ASL.md §4.2).
#[derive(Clone, Debug)]
pub struct Catcher {
    /// `ErrorEquals`.
    pub error_equals: Vec<Arc<str>>,
    /// `Next`.
    pub next: StateId,
    /// `ResultPath`, into the raw input.
    pub result_path: ResultPath,
    /// `Assign`; `$` is the Error Output.
    pub assign: Option<Assign>,
    /// `Output`, in JSONata; without it the Error Output is the output.
    pub output: Option<JsonataTemplate>,
}
