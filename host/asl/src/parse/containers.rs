//! Parallel and Map. Their inner scopes were declared in the first pass.

use expr::Root;

use super::context::Context;
use super::fields::{Field, Object};
use super::report::schema;
use super::unavailable::not_available;
use super::{jsonata, payload, state};
use crate::{Items, Map, Number, Parallel, QueryLanguage, ScopeId};

pub(super) fn parallel<'a>(
    object: &Object<'a>,
    branches: &[ScopeId],
    cx: &mut Context<'a>,
) -> Option<Parallel> {
    let flow = state::flow(object, true, cx);
    Some(Parallel {
        branches: branches.to_vec(),
        flow: flow?,
    })
}

pub(super) fn map<'a>(object: &Object<'a>, inner: &[ScopeId], cx: &mut Context<'a>) -> Option<Map> {
    if let Some(field) = object
        .get("ItemProcessor")
        .or_else(|| object.get("Iterator"))
    {
        processor_config(&field, cx);
    }
    let items = items(object, cx);
    let selector = match cx.language {
        QueryLanguage::JsonPath => {
            object.one_of(&["ItemSelector", "Parameters"], false, &mut cx.report)
        }
        QueryLanguage::Jsonata => object.get("ItemSelector"),
    };
    let item_selector = selector.and_then(|field| payload::payload(&field, jsonata::ENTRY, cx));
    let max_concurrency = state::number(object, ["MaxConcurrency", "MaxConcurrencyPath"], 0, cx);
    if let (Some(Number::Path(path)), Some(field)) =
        (&max_concurrency, object.get("MaxConcurrencyPath"))
        && *path.root() == Root::Context
    {
        cx.report.push(
            schema(
                "Value is not a Reference Path",
                field.node.span,
                &field.location,
            )
            .with_label("it cannot be read from the context object"),
        );
    }
    let flow = state::flow(object, false, cx);
    Some(Map {
        processor: inner.first().copied()?,
        items,
        item_selector,
        max_concurrency: max_concurrency.unwrap_or(Number::Literal(0)),
        flow: flow?,
    })
}

fn items<'a>(object: &Object<'a>, cx: &mut Context<'a>) -> Items {
    if cx.language == QueryLanguage::Jsonata {
        let items = object
            .get("Items")
            .and_then(|field| jsonata::template(&field, jsonata::ENTRY, cx));
        return items.map_or(Items::Input, Items::Jsonata);
    }
    let path = object
        .get("ItemsPath")
        .and_then(|field| payload::reference(&field, cx));
    match path.filter(|path| !path.is_whole()) {
        Some(path) => Items::Path(path),
        None => Items::Input,
    }
}

fn processor_config<'a>(processor: &Field<'a>, cx: &mut Context<'a>) {
    let Some(member) = processor.node.get("ProcessorConfig") else {
        return;
    };
    let location = format!("{}/ProcessorConfig", processor.location);
    let config = Object::of(
        &member.value,
        location,
        Some(member.key_span),
        &mut cx.report,
    );
    let Some(config) = config else { return };
    config.only(
        &["Mode", "ExecutionType"],
        "ProcessorConfig",
        &mut cx.report,
    );
    let mode = config.get("Mode");
    let is_distributed = mode.as_ref().is_some_and(|field| {
        field.word(&["INLINE", "DISTRIBUTED"], &mut cx.report) == Some("DISTRIBUTED")
    });
    if let Some(field) = config.get("ExecutionType") {
        field.word(&["STANDARD", "EXPRESS"], &mut cx.report);
        if !is_distributed {
            cx.report.push(
                schema(
                    "Field 'ExecutionType' is not supported",
                    field.key_span,
                    &config.location,
                )
                .with_label("only a distributed Map has child executions"),
            );
        }
    }
    if let (true, Some(field)) = (is_distributed, mode) {
        cx.report.push(
            not_available("Distributed Map", &field)
                .with_help("an inline Map (`\"Mode\": \"INLINE\"`) takes an array from the input"),
        );
    }
}
