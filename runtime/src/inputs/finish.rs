//! Opening several inputs at once.

use super::Input;

/// A tuple of inputs.
pub trait Finish {
    /// The tuple of their values.
    type Values;
    /// The values, if all are valid.
    #[doc(hidden)]
    fn open(self) -> Option<Self::Values>;
}

impl Finish for () {
    type Values = ();
    fn open(self) -> Option<()> {
        Some(())
    }
}

impl<T> Finish for Input<T> {
    type Values = T;
    fn open(self) -> Option<T> {
        self.0
    }
}

macro_rules! tuples {
    ($($name:ident)+) => {
        impl<$($name: Finish),+> Finish for ($($name,)+) {
            type Values = ($($name::Values,)+);
            #[expect(non_snake_case, reason = "type parameters name the values too")]
            fn open(self) -> Option<Self::Values> {
                let ($($name,)+) = self;
                Some(($($name.open()?,)+))
            }
        }
    };
}

macro_rules! all_tuples {
    ($first:ident) => { tuples!($first); };
    ($first:ident $($rest:ident)+) => {
        tuples!($first $($rest)+);
        all_tuples!($($rest)+);
    };
}
all_tuples!(A B C D E F G H I J K L M N O P Q R S T U V W X);
