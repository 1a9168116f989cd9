//! The 18 functions: their names and how many arguments each takes (ASL.md 5.2).

/// An intrinsic function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Array,
    ArrayContains,
    ArrayGetItem,
    ArrayLength,
    ArrayPartition,
    ArrayRange,
    ArrayUnique,
    Base64Decode,
    Base64Encode,
    Format,
    Hash,
    JsonMerge,
    JsonToString,
    MathAdd,
    MathRandom,
    StringSplit,
    StringToJson,
    Uuid,
}

/// How close two names must be (Jaro-Winkler, 1 is equal) for one to be suggested for the other.
const SUGGESTION_SIMILARITY_MIN: f64 = 0.85;

impl Function {
    pub(crate) const ALL: [Function; 18] = [
        Function::Array,
        Function::ArrayContains,
        Function::ArrayGetItem,
        Function::ArrayLength,
        Function::ArrayPartition,
        Function::ArrayRange,
        Function::ArrayUnique,
        Function::Base64Decode,
        Function::Base64Encode,
        Function::Format,
        Function::Hash,
        Function::JsonMerge,
        Function::JsonToString,
        Function::MathAdd,
        Function::MathRandom,
        Function::StringSplit,
        Function::StringToJson,
        Function::Uuid,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Function::Array => "States.Array",
            Function::ArrayContains => "States.ArrayContains",
            Function::ArrayGetItem => "States.ArrayGetItem",
            Function::ArrayLength => "States.ArrayLength",
            Function::ArrayPartition => "States.ArrayPartition",
            Function::ArrayRange => "States.ArrayRange",
            Function::ArrayUnique => "States.ArrayUnique",
            Function::Base64Decode => "States.Base64Decode",
            Function::Base64Encode => "States.Base64Encode",
            Function::Format => "States.Format",
            Function::Hash => "States.Hash",
            Function::JsonMerge => "States.JsonMerge",
            Function::JsonToString => "States.JsonToString",
            Function::MathAdd => "States.MathAdd",
            Function::MathRandom => "States.MathRandom",
            Function::StringSplit => "States.StringSplit",
            Function::StringToJson => "States.StringToJson",
            Function::Uuid => "States.UUID",
        }
    }

    /// The fewest and the most arguments; no most when any number will do.
    fn arity(self) -> (usize, Option<usize>) {
        match self {
            Function::Uuid => (0, Some(0)),
            Function::ArrayLength
            | Function::ArrayUnique
            | Function::Base64Decode
            | Function::Base64Encode
            | Function::JsonToString
            | Function::StringToJson => (1, Some(1)),
            Function::ArrayContains
            | Function::ArrayGetItem
            | Function::ArrayPartition
            | Function::Hash
            | Function::MathAdd
            | Function::StringSplit => (2, Some(2)),
            Function::ArrayRange | Function::JsonMerge => (3, Some(3)),
            Function::MathRandom => (2, Some(3)),
            Function::Array => (0, None),
            Function::Format => (1, None),
        }
    }

    /// The function of that name, exactly as written.
    pub(crate) fn named(name: &str) -> Option<Function> {
        Function::ALL
            .into_iter()
            .find(|function| function.name() == name)
    }

    /// The function that was probably meant, if one is close; letters' case does not count.
    pub(crate) fn closest(name: &str) -> Option<Function> {
        let bare = |name: &str| name.to_ascii_lowercase().replace("states.", "");
        let wanted = bare(name);
        Function::ALL
            .into_iter()
            .map(|function| {
                (
                    strsim::jaro_winkler(&wanted, &bare(function.name())),
                    function,
                )
            })
            .filter(|(similarity, _)| *similarity >= SUGGESTION_SIMILARITY_MIN)
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, function)| function)
    }

    /// What is wrong with this number of arguments, if anything.
    pub(crate) fn check_arity(self, given: usize) -> Result<(), String> {
        let takes = match self.arity() {
            (fewest, most) if given >= fewest && most.is_none_or(|most| given <= most) => {
                return Ok(());
            }
            (0, Some(0)) => "no arguments".to_owned(),
            (1, Some(1)) => "1 argument".to_owned(),
            (fewest, Some(most)) if fewest == most => format!("{most} arguments"),
            (fewest, Some(most)) => format!("{fewest} to {most} arguments"),
            (fewest, None) => format!("at least {fewest} argument"),
        };
        Err(format!("`{}` takes {takes}, {given} given", self.name()))
    }
}
