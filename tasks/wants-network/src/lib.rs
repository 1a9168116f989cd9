//! Task `wants-network`: opens a connection and so imports `wasi:sockets`. A sandbox that does not
//! grant sockets refuses it before it runs.
//!
//! Input: `{ "address": "127.0.0.1:80" }`. Output: `{ "connected": true }`.

use std::net::{SocketAddr, TcpStream};

use serde::{Deserialize, Serialize};

/// Where to.
#[derive(Debug, Deserialize)]
pub struct Input {
    address: SocketAddr,
}

/// Whether somebody was there.
#[derive(Debug, Serialize)]
pub struct Output {
    connected: bool,
}

#[stepwell_task::task]
fn wants_network(input: Input) -> Output {
    Output {
        connected: TcpStream::connect(input.address).is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn text_that_is_no_address_is_not_called() {
        let error = test::run(wants_network, json!({"address": "nowhere"})).unwrap_err();
        assert_eq!(error.error, "Runtime.UnmarshalError");
    }
}
