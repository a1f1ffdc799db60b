//! How generated code writes rules: `Rule::integer().minimum("1").maximum("100")`, all of it `const`.

use crate::json::clause::Clauses;
use crate::json::decimal::Short;
use crate::json::field::Field;
use crate::json::names::only_names;
use crate::json::pattern::{Format, Pattern};
use crate::json::rule::{Additional, ArrayRule, Bound, Kind, NumberRule, ObjectRule, Rule, StringRule, TaggedRule};

const PLAIN_NUMBER: NumberRule = NumberRule {
    any: false,
    low: i64::MIN,
    high: i64::MAX,
    minimum: None,
    maximum: None,
    exclusive_minimum: None,
    exclusive_maximum: None,
    multiple_of: None,
    format: None,
};

impl NumberRule {
    const fn at_least(&mut self, low: i64) {
        self.low = if low > self.low { low } else { self.low };
    }

    const fn at_most(&mut self, high: i64) {
        self.high = if high < self.high { high } else { self.high };
    }

    /// A bound that is no small integer says nothing quickly.
    const fn narrow(&mut self, keyword: Keyword, bound: Option<Short>) {
        let Some(Short { digits, places: 0 }) = bound else {
            return match keyword {
                Keyword::MultipleOf => {}
                _ => self.at_least(i64::MAX),
            };
        };
        match keyword {
            Keyword::Minimum => self.at_least(digits),
            Keyword::Maximum => self.at_most(digits),
            Keyword::ExclusiveMinimum => self.at_least(digits + 1),
            Keyword::ExclusiveMaximum => self.at_most(digits - 1),
            Keyword::MultipleOf => {}
        }
    }
}

/// What a bound bounds.
#[derive(Clone, Copy)]
enum Keyword {
    Minimum,
    Maximum,
    ExclusiveMinimum,
    ExclusiveMaximum,
    MultipleOf,
}

impl Rule {
    /// Anything is valid.
    pub const ANY: Rule = Rule::new(Kind::Any);

    const fn new(kind: Kind) -> Rule {
        Rule {
            kind,
            nullable: false,
            null_is_free: false,
            closed_enum: false,
            implied: false,
            allowed: &[],
            clauses: &[],
            plain: true,
            text: matches!(kind, Kind::String(_)),
            asks_names: false,
        }
    }

    /// A string.
    pub const fn string() -> Rule {
        Rule::new(Kind::String(StringRule {
            only_lengths: true,
            surely_enough: 0,
            min_length: 0,
            max_length: u64::MAX,
            pattern: None,
            format: None,
        }))
    }

    /// A number without a fractional part (`300.0` is one).
    pub const fn integer() -> Rule {
        Rule::new(Kind::Integer(PLAIN_NUMBER))
    }

    /// A number.
    pub const fn number() -> Rule {
        Rule::new(Kind::Number(PLAIN_NUMBER))
    }

    /// `true` or `false`.
    pub const fn boolean() -> Rule {
        Rule::new(Kind::Boolean)
    }

    /// `null` and nothing else.
    pub const fn null() -> Rule {
        Rule::new(Kind::Null)
    }

    /// Nothing is valid.
    pub const fn never() -> Rule {
        Rule::new(Kind::Never)
    }

    /// A list.
    pub const fn array(items: &'static Rule) -> Rule {
        Rule::new(Kind::Array(ArrayRule { items, min_items: 0, max_items: u64::MAX, unique: false }))
    }

    /// An object; members that are not declared are cut, unless `open`, `closed` or `values` follows.
    pub const fn object(fields: &'static [Field]) -> Rule {
        let (mut required, mut index) = (0u64, 0);
        while index < fields.len() && index < 64 {
            if fields[index].required {
                required |= 1 << index;
            }
            index += 1;
        }
        Rule::new(Kind::Object(ObjectRule {
            fields,
            required,
            additional: Additional::Cut,
            min_properties: 0,
            max_properties: u64::MAX,
        }))
    }

    /// An object of any members, each as `values` says.
    pub const fn map(values: &'static Rule) -> Rule {
        Rule::object(&[]).values(values)
    }

    /// At least one of the rules.
    pub const fn any_of(rules: &'static [&'static Rule]) -> Rule {
        Rule::new(Kind::AnyOf(rules))
    }

    /// Exactly one of the rules.
    pub const fn one_of_rules(rules: &'static [&'static Rule]) -> Rule {
        Rule::new(Kind::OneOf(rules))
    }

    /// The rule that goes with the text of the member `property` (OpenAPI's `discriminator`).
    pub const fn tagged(property: &'static str, rules: &'static [(&'static str, &'static Rule)]) -> Rule {
        Rule::new(Kind::Tagged(TaggedRule { property, rules, otherwise: None }))
    }

    /// The rule for other texts, and where there is none: after [`Rule::tagged`].
    pub const fn otherwise(mut self, rule: &'static Rule) -> Rule {
        if let Kind::Tagged(tagged) = &mut self.kind {
            tagged.otherwise = Some(rule);
        }
        self
    }

    /// `null` is valid too.
    pub const fn nullable(mut self) -> Rule {
        self.nullable = true;
        (self.plain, self.text) = (false, false);
        self
    }

    /// `null` is valid, whatever holds beside the form of other values: it is an alternative of its own.
    pub const fn or_null(mut self) -> Rule {
        self.null_is_free = true;
        self.nullable()
    }

    /// `null`, or what another rule says. By reference, so that a rule may hold itself.
    pub const fn nullable_of(rule: &'static Rule) -> Rule {
        Rule::new(Kind::Of(rule)).nullable()
    }

    /// `enum` or `const`: the values, each as JSON text.
    pub const fn one_of(mut self, values: &'static [&'static str]) -> Rule {
        self.allowed = values;
        (self.plain, self.text) = (false, false);
        self
    }

    /// What must hold beside: keywords that say more than the form of a value.
    pub const fn also(mut self, clauses: Clauses) -> Rule {
        self.clauses = clauses;
        self.asks_names = !clauses.is_empty() && only_names(clauses);
        (self.plain, self.text) = (false, false);
        self
    }

    /// The schema does not say the type; what it speaks of implies it.
    pub const fn implied(mut self) -> Rule {
        self.implied = true;
        (self.plain, self.text) = (false, false);
        self
    }

    /// A value that `one_of` does not list is an error even where lists are open.
    pub const fn closed_enum(mut self) -> Rule {
        self.closed_enum = true;
        self
    }

    /// `minLength`, in code points.
    pub const fn min_length(mut self, length: u64) -> Rule {
        if let Kind::String(rule) = &mut self.kind {
            rule.min_length = length;
            rule.surely_enough = length.saturating_mul(4);
        }
        self
    }

    /// `maxLength`, in code points.
    pub const fn max_length(mut self, length: u64) -> Rule {
        if let Kind::String(rule) = &mut self.kind {
            rule.max_length = length;
        }
        self
    }

    /// `pattern`.
    pub const fn pattern(mut self, pattern: &'static Pattern) -> Rule {
        if let Kind::String(rule) = &mut self.kind {
            rule.pattern = Some(pattern);
            rule.only_lengths = false;
        }
        self
    }

    /// `format`, of a string or a number.
    pub const fn format(mut self, format: Format) -> Rule {
        match &mut self.kind {
            Kind::String(rule) => {
                rule.format = Some(format);
                rule.only_lengths = false;
            }
            Kind::Integer(rule) | Kind::Number(rule) => {
                rule.format = Some(format);
                rule.any = true;
                let (low, high) = format.range();
                rule.at_least(low);
                rule.at_most(high);
            }
            _ => {}
        }
        self
    }

    /// `minimum`, as JSON text.
    pub const fn minimum(self, bound: &'static str) -> Rule {
        self.bound(Keyword::Minimum, bound)
    }

    /// `maximum`, as JSON text.
    pub const fn maximum(self, bound: &'static str) -> Rule {
        self.bound(Keyword::Maximum, bound)
    }

    /// `exclusiveMinimum`, as JSON text.
    pub const fn exclusive_minimum(self, bound: &'static str) -> Rule {
        self.bound(Keyword::ExclusiveMinimum, bound)
    }

    /// `exclusiveMaximum`, as JSON text.
    pub const fn exclusive_maximum(self, bound: &'static str) -> Rule {
        self.bound(Keyword::ExclusiveMaximum, bound)
    }

    /// `multipleOf`, as JSON text; exact.
    pub const fn multiple_of(self, bound: &'static str) -> Rule {
        self.bound(Keyword::MultipleOf, bound)
    }

    const fn bound(mut self, keyword: Keyword, text: &'static str) -> Rule {
        if let Kind::Integer(rule) | Kind::Number(rule) = &mut self.kind {
            let short = Short::new(text);
            rule.any = true;
            rule.narrow(keyword, short);
            let bound = Some(Bound { text, short });
            match keyword {
                Keyword::Minimum => rule.minimum = bound,
                Keyword::Maximum => rule.maximum = bound,
                Keyword::ExclusiveMinimum => rule.exclusive_minimum = bound,
                Keyword::ExclusiveMaximum => rule.exclusive_maximum = bound,
                Keyword::MultipleOf => rule.multiple_of = bound,
            }
        }
        self
    }

    /// `minItems`.
    pub const fn min_items(mut self, count: u64) -> Rule {
        if let Kind::Array(rule) = &mut self.kind {
            rule.min_items = count;
        }
        self
    }

    /// `maxItems`.
    pub const fn max_items(mut self, count: u64) -> Rule {
        if let Kind::Array(rule) = &mut self.kind {
            rule.max_items = count;
        }
        self
    }

    /// `uniqueItems: true`.
    pub const fn unique_items(mut self) -> Rule {
        if let Kind::Array(rule) = &mut self.kind {
            rule.unique = true;
        }
        self
    }

    /// `minProperties`.
    pub const fn min_properties(mut self, count: u64) -> Rule {
        if let Kind::Object(rule) = &mut self.kind {
            rule.min_properties = count;
        }
        self
    }

    /// `maxProperties`.
    pub const fn max_properties(mut self, count: u64) -> Rule {
        if let Kind::Object(rule) = &mut self.kind {
            rule.max_properties = count;
        }
        self
    }

    /// Members that are not declared are kept (`additionalProperties: true`).
    pub const fn open(self) -> Rule {
        self.additional(Additional::Keep)
    }

    /// Members that are not declared are refused (`additionalProperties: false`).
    pub const fn closed(self) -> Rule {
        self.additional(Additional::Refuse)
    }

    /// Members that are not declared are kept, if they are as `rule` says (`additionalProperties: {schema}`).
    pub const fn values(self, rule: &'static Rule) -> Rule {
        self.additional(Additional::Values(rule))
    }

    const fn additional(mut self, additional: Additional) -> Rule {
        if let Kind::Object(rule) = &mut self.kind {
            rule.additional = additional;
        }
        self
    }
}
