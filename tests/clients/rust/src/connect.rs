//! Clients of the three services, over plain HTTP.

use std::time::Duration;

use aws_sdk_sfn::config::interceptors::BeforeSerializationInterceptorContextMut;
use aws_sdk_sfn::config::retry::RetryConfig;
use aws_sdk_sfn::config::{
    BehaviorVersion, ConfigBag, Credentials, Intercept, Region, RuntimeComponents,
};
use aws_sdk_sfn::error::BoxError;
use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::endpoint::EndpointPrefix;

/// Where the server is, and who asks.
#[derive(Clone)]
pub struct Server {
    endpoint: String,
    region: String,
    credentials: Credentials,
    retries: RetryConfig,
}

/// StartSyncExecution and TestState are asked of `sync-HOST`, which resolves on AWS only. There is no
/// setting against it; this takes the prefix away before the SDK puts it on.
#[derive(Debug)]
struct NoHostPrefix;

impl Intercept for NoHostPrefix {
    fn name(&self) -> &'static str {
        "NoHostPrefix"
    }

    fn modify_before_serialization(
        &self,
        _: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        config
            .interceptor_state()
            .store_or_unset::<EndpointPrefix>(None);
        Ok(())
    }
}

impl Server {
    pub fn from_environment() -> Option<Server> {
        let variable = |name| std::env::var(name).ok();
        Some(Server {
            endpoint: variable("AWS_ENDPOINT_URL")?,
            region: variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION"))?,
            credentials: key("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")?,
            retries: RetryConfig::standard().with_initial_backoff(Duration::from_millis(50)),
        })
    }

    /// The same server, asked by somebody else.
    pub fn asked_by(&self, credentials: Credentials) -> Server {
        Server {
            credentials,
            ..self.clone()
        }
    }

    /// The key of who asks.
    pub fn key_id(&self) -> &str {
        self.credentials.access_key_id()
    }

    /// The same server, asked once.
    pub fn without_retries(&self) -> Server {
        Server {
            retries: RetryConfig::disabled(),
            ..self.clone()
        }
    }

    pub fn states(&self) -> aws_sdk_sfn::Client {
        let config = aws_sdk_sfn::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(Builder::new().build_http())
            .endpoint_url(&self.endpoint)
            .region(Region::new(self.region.clone()))
            .credentials_provider(self.credentials.clone())
            .retry_config(self.retries.clone())
            .interceptor(NoHostPrefix);
        aws_sdk_sfn::Client::from_conf(config.build())
    }

    pub fn lambda(&self) -> aws_sdk_lambda::Client {
        let config = aws_sdk_lambda::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(Builder::new().build_http())
            .endpoint_url(&self.endpoint)
            .region(Region::new(self.region.clone()))
            .credentials_provider(self.credentials.clone())
            .retry_config(self.retries.clone());
        aws_sdk_lambda::Client::from_conf(config.build())
    }

    pub fn queues(&self) -> aws_sdk_sqs::Client {
        let config = aws_sdk_sqs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(Builder::new().build_http())
            .endpoint_url(&self.endpoint)
            .region(Region::new(self.region.clone()))
            .credentials_provider(self.credentials.clone())
            .retry_config(self.retries.clone());
        aws_sdk_sqs::Client::from_conf(config.build())
    }
}

/// The key in these variables of the environment.
pub fn key(id: &str, secret: &str) -> Option<Credentials> {
    let id = std::env::var(id).ok()?;
    let secret = std::env::var(secret).ok()?;
    Some(Credentials::new(id, secret, None, None, "environment"))
}
