//! Inline Map (ASL.md §3.2): at most `MaxConcurrency` iterations at once, results by index.

use asl::{Items, Map, Number};
use expr::Data;
use expr::jsonata::JsonataTemplate;
use serde_json::Value;

use super::flow::{Broken, within_limit};
use super::query::{Extra, Subject};
use super::{Decider, Here, Step};
use crate::event::{EventKind, Place};
use crate::limits;
use crate::state::{Children, Phase, Status};

impl Decider<'_> {
    pub(super) fn begin_map(&mut self, here: &Here<'_>, map: &Map) -> Step {
        let made = self.effective_input(here).and_then(|input| {
            let concurrency = self.concurrency(here, map, &input)?;
            let items = self.items(here, map, &input)?;
            self.observe_items(here, map, &items)?;
            Ok((items, concurrency))
        });
        match made {
            Ok((items, concurrency)) => {
                let length = items.value().as_array().map_or(0, Vec::len) as u64;
                self.emit(
                    here.id,
                    EventKind::MapStarted {
                        items,
                        length,
                        concurrency,
                    },
                )
            }
            Err(broken) => self.break_retryable(here, broken),
        }
    }

    /// Starts what there is room for, or ends the Map when all iterations are done.
    pub(super) fn advance_map(&mut self, here: &Here<'_>, map: &Map) -> Step {
        let Some(processor) = self.environment.machine.scope(map.processor) else {
            return Err(self.defect("the definition has no such processor"));
        };
        let place = Place {
            scope: map.processor,
            start_at: processor.start_at,
        };
        loop {
            if self.execution.status != Status::Running {
                return Ok(());
            }
            let Some(Phase::Children(children)) =
                self.execution.frame(here.id).map(|frame| &frame.phase)
            else {
                return Err(self.defect("a Map that goes on has no iterations"));
            };
            if children.is_done() {
                return match children.results_fit() {
                    true => self.emit(here.id, EventKind::MapSucceeded),
                    false => self.break_retryable(here, here.too_large()),
                };
            }
            let (Some(progress), true) = (&children.map, children.can_start()) else {
                return Ok(());
            };
            let (index, previous) = (progress.next, follows(children));
            let items = progress.items.clone();
            match self.iteration_input(here, map, index, &items) {
                Ok(input) => {
                    let previous = previous.unwrap_or_else(|| self.previous(here.id));
                    let kind = EventKind::IterationStarted {
                        index,
                        input,
                        place,
                    };
                    self.emit_aside(here.id, kind, previous)?;
                    if self.allowance.is_used_up() {
                        // The frame stays ready: the rest is for the next decision.
                        return Ok(());
                    }
                }
                Err(broken) => return self.break_map(here, broken),
            }
        }
    }

    /// The input of an iteration cannot be made: those that run are aborted, and the Map fails.
    fn break_map(&mut self, here: &Here<'_>, broken: Broken) -> Step {
        let previous = self.previous(here.id);
        if !broken.is_fatal {
            for iteration in self.children(here.id) {
                self.abort(iteration, previous)?;
            }
        }
        self.break_retryable(here, broken)
    }

    fn concurrency(&mut self, here: &Here<'_>, map: &Map, input: &Data) -> Result<u64, Broken> {
        let wanted = match &map.max_concurrency {
            Number::Literal(wanted) => *wanted,
            Number::Jsonata(expression) => {
                self.queried_integer(here, "MaxConcurrency", expression, 0)?
            }
            Number::Path(path) => {
                let read = |value: &Value| value.as_u64().ok_or_else(|| value.clone());
                let text = path.text();
                match self.reference(here, path, input, read) {
                    Some(Ok(wanted)) => wanted,
                    Some(Err(value)) => {
                        let shown = value.as_str().map_or_else(|| value.to_string(), Into::into);
                        return Err(here.runtime_error(&format!(
                            "The MaxConcurrencyPath field refers to value \"{shown}\" which is \
                             not a valid integer: {text}"
                        )));
                    }
                    None => {
                        return Err(here.runtime_error(&format!(
                            "The MaxConcurrencyPath parameter does not reference an input value: \
                             {text}"
                        )));
                    }
                }
            }
        };
        self.observe_concurrency(wanted);
        Ok(if wanted == 0 {
            limits::INLINE_CONCURRENCY_MAX
        } else {
            wanted.min(limits::INLINE_CONCURRENCY_MAX)
        })
    }

    fn items(&mut self, here: &Here<'_>, map: &Map, input: &Data) -> Result<Data, Broken> {
        let path = match &map.items {
            Items::Input if here.is_jsonata() => return items_of_input(here, input),
            Items::Jsonata(template) => return self.queried_items(here, template),
            Items::Input => None,
            Items::Path(path) => Some(path),
        };
        let items = match path {
            None => input.clone(),
            Some(path) if path.is_whole() && *path.root() == expr::Root::Input => input.clone(),
            Some(path) => match self.reference(here, path, input, Value::clone) {
                Some(value) => value.into(),
                None => {
                    return Err(here.runtime_error(&format!(
                        "Reference path \"{}\" could not be found in the input '{}'.",
                        path.text(),
                        input.text()
                    )));
                }
            },
        };
        if !items.value().is_array() {
            let path = path.map_or("$", |path| path.text());
            // The context object is `$` here, too (recorded from AWS).
            let path = path
                .strip_prefix('$')
                .filter(|path| path.starts_with('$'))
                .unwrap_or(path);
            return Err(
                here.runtime_error(&format!("Reference path \"{path}\" must point to array."))
            );
        }
        Ok(items)
    }

    /// `Items`: an array, written out or computed.
    fn queried_items(
        &mut self,
        here: &Here<'_>,
        template: &JsonataTemplate,
    ) -> Result<Data, Broken> {
        let input = &here.visit.input;
        let items = self.queried_output(here, "Items", Some(template), input, Subject::Entry)?;
        if items.value().is_array() {
            return Ok(items);
        }
        Err(match template.as_expression() {
            Some(expression) => here.unexpected_type("Items", expression, "array", items.value()),
            None => {
                let cause = format!("Map state items must be an array but was: {}", items.text());
                here.query_error(Some("Items"), &cause)
            }
        })
    }

    pub(super) fn iteration_input(
        &mut self,
        here: &Here<'_>,
        map: &Map,
        index: u64,
        items: &Data,
    ) -> Result<Data, Broken> {
        let item = usize::try_from(index)
            .ok()
            .and_then(|index| items.value().get(index));
        let item = item.unwrap_or(&Value::Null);
        let Some(selector) = &map.item_selector else {
            return Ok(Data::new(item.clone()));
        };
        let input = self.effective_input(here)?;
        let extra = Extra {
            token: None,
            item: Some((index, item)),
        };
        let seen = (Subject::Entry, extra);
        let selected = self.payload(here, "ItemSelector", selector, &input, seen)?;
        within_limit(here, selected.into())
    }
}

/// Without `Items` the input has to be the array.
fn items_of_input(here: &Here<'_>, input: &Data) -> Result<Data, Broken> {
    match input.value().is_array() {
        true => Ok(input.clone()),
        false => {
            let cause = format!(
                "Map state input must be an array but was: {}",
                input.value()
            );
            Err(here.query_error(None, &cause))
        }
    }
}

/// An iteration that takes the place of another one follows what that one did last.
fn follows(children: &Children) -> Option<u64> {
    (children.freed_by != 0).then_some(children.freed_by)
}
