//! What a server says when it is ready: where it is, and how clients get there.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use api::wire::Auth;
use runtime::Recovered;

/// What there is to say.
pub(crate) struct Banner<'a> {
    pub(crate) address: SocketAddr,
    pub(crate) data_folder: &'a Path,
    pub(crate) region: &'a str,
    pub(crate) auth: Auth,
    /// The file that holds the first key, while it is there.
    pub(crate) credentials: Option<&'a Path>,
    /// What became of the stored executions.
    pub(crate) recovered: &'a Recovered,
    pub(crate) ready_ms: u64,
}

impl Banner<'_> {
    /// The text, for stderr.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail; so below.
        let _ = writeln!(
            text,
            "stepwell {} listens on http://{} (ready after {} ms)",
            env!("CARGO_PKG_VERSION"),
            self.address,
            self.ready_ms,
        );
        let _ = writeln!(text, "data: {}", self.data_folder.display());
        match self.recovered.count {
            0 => {}
            1 => text.push_str("1 execution goes on\n"),
            count => {
                let _ = writeln!(text, "{count} executions go on");
            }
        }
        let left = &self.recovered.left;
        for (execution, reason) in left {
            let _ = writeln!(text, "left alone: {execution}: {reason}");
        }
        if self.recovered.left_count > left.len() {
            let more = self.recovered.left_count - left.len();
            let _ = writeln!(text, "left alone: {more} more");
        }
        text.push_str("\nFor the aws CLI (1.x) and the SDKs:\n");
        let _ = writeln!(text, "  export AWS_ENDPOINT_URL=http://{}", self.address);
        let _ = writeln!(text, "  export AWS_DEFAULT_REGION={}", self.region);
        text.push_str("  export AWS_DISABLE_HOST_PREFIX_INJECTION=true\n");
        match (self.auth, self.credentials) {
            (Auth::Off, _) => {
                text.push_str("  export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any\n");
                text.push_str("\nAnybody on this machine may do everything: requests are not checked (--no-auth).\n");
            }
            (Auth::Required, Some(file)) => {
                let _ = writeln!(
                    text,
                    "  export AWS_SHARED_CREDENTIALS_FILE={}",
                    file.display()
                );
                text.push_str("\nThat file holds a key which may do everything. `stepwell keys` makes others.\n");
            }
            (Auth::Required, None) => {
                text.push_str("  export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…   (`stepwell keys create`)\n");
            }
        }
        text.push_str(
            "For sqs the aws CLI 1.x wants the address as --endpoint-url; see docs/clients.md.\n",
        );
        text
    }
}
