//! What an expression of a state can see beside its input: the context object, built when somebody
//! asks for it (ASL.md §6), and the variables of its scope and those around it (§1.6).

use std::cell::OnceCell;

use asl::StateKind;
use expr::{Bindings, Data, Scope};
use serde_json::{Map, Value, json};

use super::Here;
use super::query::Extra;
use crate::ids::FrameId;
use crate::state::{Execution, Visit};

/// Bindings of one frame at one moment.
pub(super) struct View<'a> {
    execution: &'a Execution,
    frame: FrameId,
    state_name: &'a str,
    has_retry_count: bool,
    visit: &'a Visit,
    token: Option<&'a str>,
    item: Option<(u64, &'a Value)>,
    given: Option<&'a Value>,
    context: OnceCell<Value>,
}

impl<'a> View<'a> {
    pub(super) fn new(execution: &'a Execution, here: &'a Here<'_>) -> View<'a> {
        View {
            execution,
            frame: here.id,
            state_name: &here.state.name,
            has_retry_count: matches!(
                here.state.kind,
                StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)
            ),
            visit: &here.visit,
            token: None,
            item: execution.map_item(here.id),
            given: here.given_context,
            context: OnceCell::new(),
        }
    }

    pub(super) fn scope(&'a self, input: &'a Data) -> Scope<'a> {
        Scope {
            input,
            bindings: self,
        }
    }

    /// With what only this evaluation sees.
    pub(super) fn with(mut self, extra: Extra<'a>) -> View<'a> {
        self.token = extra.token.or(self.token);
        self.item = extra.item.or(self.item);
        self
    }

    fn build(&self) -> Value {
        let mut context = match self.given {
            Some(given) => given.as_object().cloned().unwrap_or_default(),
            None => self.of_execution(),
        };
        if let Some(token) = self.token
            && !context.contains_key("Task")
        {
            context.insert("Task".into(), json!({ "Token": token }));
        }
        if let Some((index, value)) = self.item {
            context.insert(
                "Map".into(),
                json!({ "Item": { "Index": index, "Value": value } }),
            );
        }
        Value::Object(context)
    }

    fn of_execution(&self) -> Map<String, Value> {
        let mut context = Map::new();
        if let Some(header) = self.execution.header() {
            let mut execution = json!({
                "Id": header.arn.as_str(),
                "Input": header.input.value(),
                "StartTime": header.started_at.to_iso_millis(),
                "Name": &*header.name,
                "RoleArn": &*header.role_arn,
            });
            if let Some(members) = execution.as_object_mut() {
                let count = self.execution.redrive_count();
                members.insert("RedriveCount".into(), count.into());
                if let Some(at) = self.execution.redriven_at() {
                    members.insert("RedriveTime".into(), at.to_iso_millis().into());
                }
            }
            context.insert("Execution".into(), execution);
            context.insert(
                "StateMachine".into(),
                json!({ "Id": &*header.machine_arn, "Name": &*header.machine_name }),
            );
        }
        let mut state = json!({
            "Name": self.state_name,
            "EnteredTime": self.visit.entered_at.to_iso_millis(),
        });
        if self.has_retry_count
            && let Some(state) = state.as_object_mut()
        {
            state.insert("RetryCount".into(), self.visit.retries.into());
        }
        context.insert("State".into(), state);
        context
    }
}

impl Bindings for View<'_> {
    fn context(&self) -> &Value {
        self.context.get_or_init(|| self.build())
    }

    fn variable(&self, name: &str) -> Option<&Value> {
        self.execution.variable(self.frame, name).map(Data::value)
    }
}
