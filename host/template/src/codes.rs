//! The code names of the diagnostics of a template.

/// A key stands twice in one object.
pub(crate) const DUPLICATE_KEY: &str = "DUPLICATE_KEY";
/// Two functions, or two state machines, have one name.
pub(crate) const DUPLICATE_NAME: &str = "DUPLICATE_NAME";
/// Two properties of which only one may be given.
pub(crate) const EXCLUSIVE_PROPERTIES: &str = "EXCLUSIVE_PROPERTIES";
/// A CloudFormation function where a literal value has to stand.
pub(crate) const INTRINSIC_NOT_AVAILABLE: &str = "INTRINSIC_NOT_AVAILABLE";
/// A name with characters or a length that AWS refuses.
pub(crate) const INVALID_NAME: &str = "INVALID_NAME";
/// A value of the right type that is none of the legal ones.
pub(crate) const INVALID_VALUE: &str = "INVALID_VALUE";
/// Something that has to be there is not.
pub(crate) const MISSING_PROPERTY: &str = "MISSING_PROPERTY";
/// `Transform` does not say that this is SAM.
pub(crate) const MISSING_TRANSFORM: &str = "MISSING_TRANSFORM";
/// A property that exists in SAM and has no meaning here, or none yet.
pub(crate) const NOT_AVAILABLE: &str = "PROPERTY_NOT_AVAILABLE";
/// A number outside its range, or more of something than the limit.
pub(crate) const OUT_OF_RANGE: &str = "OUT_OF_RANGE";
/// A property that the type does not have.
pub(crate) const UNKNOWN_PROPERTY: &str = "UNKNOWN_PROPERTY";
/// A resource of a type that is not run here.
pub(crate) const UNKNOWN_RESOURCE_TYPE: &str = "UNKNOWN_RESOURCE_TYPE";
/// A section that a template does not have.
pub(crate) const UNKNOWN_SECTION: &str = "UNKNOWN_SECTION";
/// A YAML tag that is no CloudFormation function.
pub(crate) const UNKNOWN_TAG: &str = "UNKNOWN_TAG";
/// A value of the wrong type.
pub(crate) const WRONG_TYPE: &str = "WRONG_TYPE";
