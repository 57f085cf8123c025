//! Why the host refused something.

use std::fmt;

/// Why the host refused something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A stable word, such as `queue/lease-lost`.
    pub code: String,
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

/// Declares the errors of one interface of the host: its cases, each with the kind of failure that
/// `?` makes of it.
macro_rules! refusals {
    ($(#[$docs:meta])* $error:ident { $($(#[$case_docs:meta])* $case:ident => $kind:ident,)* }) => {
        $(#[$docs])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $error {
            $($(#[$case_docs])* $case($crate::Problem),)*
        }

        impl $error {
            /// What the host says about it.
            pub fn problem(&self) -> &$crate::Problem {
                match self {
                    $(Self::$case(problem) => problem,)*
                }
            }

            /// The stable word, such as `queue/lease-lost`.
            pub fn code(&self) -> &str {
                &self.problem().code
            }
        }

        impl std::fmt::Display for $error {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.problem().fmt(out)
            }
        }

        impl std::error::Error for $error {}

        impl From<$error> for $crate::Error {
            fn from(error: $error) -> Self {
                match error {
                    $($error::$case(problem) => {
                        let $crate::Problem { code, message, hint } = problem;
                        $crate::Error::$kind(code, message).with_hint(hint)
                    })*
                }
            }
        }
    };
}

pub(crate) use refusals;
