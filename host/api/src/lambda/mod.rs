//! Lambda: its table of operations.
//!
//! `wire` says which function a request is about, `settings` and `code` read what it says of it, `shape`
//! shows it, `failure` has the error codes.

mod code;
mod create_alias;
mod create_function;
mod delete_alias;
mod delete_function;
mod delete_function_concurrency;
mod failure;
mod get_account_settings;
mod get_alias;
mod get_function;
mod get_function_code_signing_config;
mod get_function_concurrency;
mod get_function_configuration;
mod get_policy;
mod invoke;
mod list_aliases;
mod list_functions;
mod list_tags;
mod list_versions_by_function;
mod page;
mod publish_version;
mod put_function_concurrency;
mod routing;
mod settings;
mod shape;
mod tag_resource;
mod untag_resource;
mod update_alias;
mod update_function_code;
mod update_function_configuration;
mod wire;

use crate::operation::{Operation, Protocol, Service};

/// The service.
pub const SERVICE: Service = Service {
    name: "lambda",
    protocol: Protocol::RestJson,
    operations: OPERATIONS,
};

const OPERATIONS: &[Operation] = &[
    create_alias::OPERATION,
    create_function::OPERATION,
    delete_alias::OPERATION,
    delete_function::OPERATION,
    delete_function_concurrency::OPERATION,
    get_account_settings::OPERATION,
    get_alias::OPERATION,
    get_function::OPERATION,
    get_function_code_signing_config::OPERATION,
    get_function_concurrency::OPERATION,
    get_function_configuration::OPERATION,
    get_policy::OPERATION,
    invoke::OPERATION,
    list_aliases::OPERATION,
    list_functions::OPERATION,
    list_tags::OPERATION,
    list_versions_by_function::OPERATION,
    publish_version::OPERATION,
    put_function_concurrency::OPERATION,
    tag_resource::OPERATION,
    untag_resource::OPERATION,
    update_alias::OPERATION,
    update_function_code::OPERATION,
    update_function_configuration::OPERATION,
];
