//! `SdkHttpMetadata` and `SdkResponseMetadata` (ASL.md §7.4), as the optimised integrations add them.

use serde_json::{Value, json};

pub(super) fn add(result: &mut Value, request_id: &str) {
    let Some(members) = result.as_object_mut() else {
        return;
    };
    members.insert(
        "SdkHttpMetadata".into(),
        json!({
            "AllHttpHeaders": { "x-amzn-RequestId": [request_id] },
            "HttpHeaders": { "x-amzn-RequestId": request_id },
            "HttpStatusCode": 200,
        }),
    );
    members.insert(
        "SdkResponseMetadata".into(),
        json!({ "RequestId": request_id }),
    );
}
