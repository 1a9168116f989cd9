//! Routing configurations of aliases, and the rules that they have to keep (ASL.md §8.6).

use runtime::machines::{Qualifier, Route};
use serde_json::{Value, json};

use super::machine_arn;
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::{ARN_CHARS_MAX, ROUTES_MAX};

/// Why a routing configuration is refused, as AWS names it.
const REASON: &str = "INVALID_ROUTING_CONFIGURATION";

/// Where an alias is to lead, as the input says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GivenRoute {
    version_arn: String,
    weight: i64,
}

/// The routes of an alias, all of them versions of one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Routes {
    /// ARN of the machine.
    pub(super) machine_arn: String,
    /// Where to.
    pub(super) routes: Vec<Route>,
}

/// `routingConfiguration`, if it is given; [`checked`] judges it.
pub(super) fn routing(members: &mut Members<'_>) -> Option<Vec<GivenRoute>> {
    let routes = members.each("routingConfiguration", |route| {
        let version_arn = route.required("stateMachineVersionArn", 1, ARN_CHARS_MAX);
        if route.value("weight").is_none() {
            route.missing("weight");
        }
        GivenRoute {
            version_arn: version_arn.to_owned(),
            weight: route.number("weight", 0, 100).unwrap_or_default(),
        }
    })?;
    let constraint = match routes.len() {
        0 => "Member must have length greater than or equal to 1",
        count if count > ROUTES_MAX => "Member must have length less than or equal to 2",
        _ => return Some(routes),
    };
    let listed: Vec<String> = routes
        .iter()
        .map(|route| {
            let GivenRoute {
                version_arn,
                weight,
            } = route;
            format!(
                "RoutingConfigurationListItem(stateMachineVersionArn={version_arn}, \
                 weight={weight})"
            )
        })
        .collect();
    let value = format!("[{}]", listed.join(", "));
    members.breaks("routingConfiguration", &value, constraint);
    Some(routes)
}

/// The routes, if they are distinct versions of one machine whose weights make 100.
///
/// # Errors
/// `ValidationException`.
pub(super) fn checked(given: &[GivenRoute]) -> Result<Routes, ApiError> {
    let arns: Vec<&str> = given.iter().map(|route| &*route.version_arn).collect();
    let is_twice = |(at, arn): (usize, &&str)| arns.iter().take(at).any(|other| other == arn);
    if arns.iter().enumerate().any(is_twice) {
        return refused(&format!(
            "Routing configuration must contain distinct state machine version ARNs. Received: \
             [{}]",
            arns.join(", ")
        ));
    }
    let weights = given.iter().map(|route| route.weight);
    if weights.clone().sum::<i64>() != 100 {
        let weights: Vec<String> = weights.map(|weight| weight.to_string()).collect();
        return refused(&format!(
            "Sum of routing configuration weights must equal 100. Received: [{}]",
            weights.join(", ")
        ));
    }
    let mut machine_arn = None;
    let mut routes = Vec::with_capacity(given.len());
    for route in given {
        let parsed = machine_arn::parse(&route.version_arn)?;
        let Some(Qualifier::Version(version)) = parsed.qualifier else {
            return refused(&format!(
                "Routing configuration must contain state machine version ARNs. Received: [{}]",
                arns.join(", ")
            ));
        };
        if *machine_arn.get_or_insert(parsed.machine) != parsed.machine {
            return refused(&format!(
                "Routing configuration must contain versions of the same state machine. \
                 Received: [{}]",
                arns.join(", ")
            ));
        }
        let weight = u8::try_from(route.weight).unwrap_or_default();
        routes.push(Route { version, weight });
    }
    Ok(Routes {
        machine_arn: machine_arn.unwrap_or_default().to_owned(),
        routes,
    })
}

fn refused(text: &str) -> Result<Routes, ApiError> {
    Err(ApiError::validation(text).with("reason", REASON))
}

/// As Describe shows it.
pub(super) fn routing_value(machine_arn: &str, routes: &[Route]) -> Value {
    routes
        .iter()
        .map(|route| {
            json!({
                "stateMachineVersionArn": format!("{machine_arn}:{}", route.version),
                "weight": route.weight,
            })
        })
        .collect()
}
