//! Where this installation says it is: the middle of every ARN.

/// Partition, region and account in ARNs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `aws`.
    pub partition: String,
    /// `us-east-1`.
    pub region: String,
    /// 12 digits.
    pub account: String,
}

impl Default for Place {
    fn default() -> Place {
        Place {
            partition: String::from("aws"),
            region: String::from("us-east-1"),
            account: String::from("123456789012"),
        }
    }
}

impl Place {
    /// `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE`.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        let Place {
            partition,
            region,
            account,
        } = self;
        format!("arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}
