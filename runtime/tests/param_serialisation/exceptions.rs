//! Cases that are overruled, and those that OpenAPI does not define: what comes instead, and why.

/// What names a case, what comes instead, and why.
type Exceptions = &'static [(&'static str, &'static str, &'static str)];

const NO_TEXT: &str = "a text has no items; sent bare, it could not be told from a list of one";
const NO_OBJECT: &str = "with `explode` its members would stand beside the parameters, without a name or separator";
const AS_FORM: &str = "every list that is exploded looks like `form`, as two sources agree";
const NUMBERED: &str = "items are numbered, as one source and most servers have it";
const NO_EXPLODE: &str =
    "OpenAPI 3.2 says that `explode` does not apply; its default is `false`, which documents leave";

const LITERAL_COMMA: &str = "OpenAPI's tables have the comma between items as it is; encoded, it is data";
const SPACE: &str = "OpenAPI's tables have `%20` between items";
const PIPE: &str = "OpenAPI 3.0.4 and 3.1.1 have `%7C` between items";
const BRACKETS: &str = "OpenAPI 3.0.4 and 3.1.1 have `%5B` and `%5D`: brackets are not allowed in a query";
const OBJECTS: &str = "OpenAPI's tables have objects in this style";
const OLD_LABEL: &str = "OpenAPI 3.0.4 and 3.1.1 have commas where it is not exploded, as RFC 6570";
const OLD_NAME: &str = "OpenAPI 3.0.4 and 3.1.1 have the name before the value";
const ORDER: &str = "members stay in the order of the value; the source sorts them";

/// Cases of `encode` whose source is overruled.
pub const ENCODE: Exceptions = &[
    ("OAS 3.0.3 label joined path array .blue.black.brown", ".blue,black,brown", OLD_LABEL),
    ("OAS 3.0.3 label joined path object .R.100.G.200.B.150", ".R,100,G,200,B,150", OLD_LABEL),
    ("OAS 3.0.3 spaceDelimited joined query array blue%20black%20brown", "color=blue%20black%20brown", OLD_NAME),
    (
        "OAS 3.0.3 spaceDelimited joined query object R%20100%20G%20200%20B%20150",
        "color=R%20100%20G%20200%20B%20150",
        OLD_NAME,
    ),
    ("OAS 3.0.3 pipeDelimited joined query array blue|black|brown", "color=blue%7Cblack%7Cbrown", OLD_NAME),
    ("OAS 3.0.3 pipeDelimited joined query object R|100|G|200|B|150", "color=R%7C100%7CG%7C200%7CB%7C150", OLD_NAME),
    (
        "OAS 3.0.3 deepObject explode query object color[R]=100&color[G]=200&color[B]=150",
        "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
        BRACKETS,
    ),
    ("OAS 3.1.0 label joined path array .blue.black.brown", ".blue,black,brown", OLD_LABEL),
    ("OAS 3.1.0 label joined path object .R.100.G.200.B.150", ".R,100,G,200,B,150", OLD_LABEL),
    ("OAS 3.1.0 spaceDelimited joined query array blue%20black%20brown", "color=blue%20black%20brown", OLD_NAME),
    (
        "OAS 3.1.0 spaceDelimited joined query object R%20100%20G%20200%20B%20150",
        "color=R%20100%20G%20200%20B%20150",
        OLD_NAME,
    ),
    ("OAS 3.1.0 pipeDelimited joined query array blue|black|brown", "color=blue%7Cblack%7Cbrown", OLD_NAME),
    ("OAS 3.1.0 pipeDelimited joined query object R|100|G|200|B|150", "color=R%7C100%7CG%7C200%7CB%7C150", OLD_NAME),
    (
        "OAS 3.1.0 deepObject explode query object color[R]=100&color[G]=200&color[B]=150",
        "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
        BRACKETS,
    ),
    ("oapi-codegen/runtime spaceDelimited joined query array id=3 4 5", "id=3%204%205", SPACE),
    ("oapi-codegen/runtime spaceDelimited joined query object -", "id=firstName%20Alex%20role%20admin", OBJECTS),
    ("oapi-codegen/runtime pipeDelimited joined query array id=3|4|5", "id=3%7C4%7C5", PIPE),
    ("oapi-codegen/runtime pipeDelimited joined query object -", "id=firstName%7CAlex%7Crole%7Cadmin", OBJECTS),
    ("oapi-codegen/runtime deepObject joined query array -", "id%5B0%5D=3&id%5B1%5D=4&id%5B2%5D=5", NO_EXPLODE),
    (
        "oapi-codegen/runtime deepObject explode query array id[0]=3&id[1]=4&id[2]=5",
        "id%5B0%5D=3&id%5B1%5D=4&id%5B2%5D=5",
        BRACKETS,
    ),
    ("oapi-codegen/runtime deepObject joined query object -", "id%5BfirstName%5D=Alex&id%5Brole%5D=admin", NO_EXPLODE),
    (
        "oapi-codegen/runtime deepObject explode query object id[firstName]=Alex&id[role]=admin",
        "id%5BfirstName%5D=Alex&id%5Brole%5D=admin",
        BRACKETS,
    ),
    ("ogen-go/ogen uri form joined cookie array token=3%2C4%2C5", "token=3,4,5", LITERAL_COMMA),
    (
        "ogen-go/ogen uri form joined cookie object token=role%2Cadmin%2CfirstName%2CAlex",
        "token=role,admin,firstName,Alex",
        LITERAL_COMMA,
    ),
    ("ogen-go/ogen uri form joined query array id=3%2C4%2C5", "id=3,4,5", LITERAL_COMMA),
    ("ogen-go/ogen uri spaceDelimited joined query array id=a+b+c", "id=a%20b%20c", SPACE),
    ("ogen-go/ogen uri form explode query object firstName=Alex&role=admin", "role=admin&firstName=Alex", ORDER),
    (
        "ogen-go/ogen uri form joined query object id=role%2Cadmin%2CfirstName%2CAlex",
        "id=role,admin,firstName,Alex",
        LITERAL_COMMA,
    ),
    (
        "ogen-go/ogen uri deepObject explode query object id%5BfirstName%5D=Alex&id%5Brole%5D=admin",
        "id%5Brole%5D=admin&id%5BfirstName%5D=Alex",
        ORDER,
    ),
];

/// What OpenAPI does not define, and what is sent all the same.
pub const UNDEFINED: Exceptions = &[
    ("simple joined empty", "", "RFC 6570 and OpenAPI 3.0.4: nothing; refused where it would be a whole segment"),
    ("simple explode empty", "", "RFC 6570 and OpenAPI 3.0.4: nothing; refused where it would be a whole segment"),
    ("spaceDelimited joined empty", "(refused)", NO_TEXT),
    ("spaceDelimited joined string", "(refused)", NO_TEXT),
    ("spaceDelimited explode empty", "(refused)", NO_TEXT),
    ("spaceDelimited explode string", "(refused)", NO_TEXT),
    ("spaceDelimited explode array", "color=blue&color=black&color=brown", AS_FORM),
    ("spaceDelimited explode object", "(refused)", NO_OBJECT),
    ("pipeDelimited joined empty", "(refused)", NO_TEXT),
    ("pipeDelimited joined string", "(refused)", NO_TEXT),
    ("pipeDelimited explode empty", "(refused)", NO_TEXT),
    ("pipeDelimited explode string", "(refused)", NO_TEXT),
    ("pipeDelimited explode array", "color=blue&color=black&color=brown", AS_FORM),
    ("pipeDelimited explode object", "(refused)", NO_OBJECT),
    ("deepObject joined empty", "(refused)", NO_TEXT),
    ("deepObject joined string", "(refused)", NO_TEXT),
    ("deepObject joined array", "color%5B0%5D=blue&color%5B1%5D=black&color%5B2%5D=brown", NUMBERED),
    ("deepObject explode empty", "(refused)", NO_TEXT),
    ("deepObject explode string", "(refused)", NO_TEXT),
    ("deepObject explode array", "color%5B0%5D=blue&color%5B1%5D=black&color%5B2%5D=brown", NUMBERED),
    ("deepObject joined object", "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150", NO_EXPLODE),
];

const EMPTY: &str = "an empty text is no number or boolean: refused, not taken for null";
const RAW_WIRE: &str = "the source encodes the text once more before it sends it; `%26` in a query is `&`";
const GAPS: &str = "items that are missing would be nulls that nobody sent, as many as the client likes";

/// Cases of `decode` whose source is overruled.
pub const DECODE: Exceptions = &[
    ("getkin/kin-openapi - - query integer empty", "(refused)", EMPTY),
    ("getkin/kin-openapi - - query number empty", "(refused)", EMPTY),
    ("getkin/kin-openapi - - query boolean empty", "(refused)", EMPTY),
    (
        "getkin/kin-openapi - - query oneofSchema string",
        "(refused)",
        "a text that is none of the union's types is an error",
    ),
    (
        "getkin/kin-openapi deepObject explode query deepObject explode nested object with array",
        r#"{obj:{nestedObjOne:"bar",nestedObjTwo:"foo"},objTwo:["f&oo","bar"]}"#,
        RAW_WIRE,
    ),
    (
        "getkin/kin-openapi deepObject explode query deepObject explode nested object with nested array",
        r#"{obj:{nestedObjOne:"bar",nestedObjTwo:"foo"},objTwo:{items:["f&oo","bar"]}}"#,
        RAW_WIRE,
    ),
    ("getkin/kin-openapi deepObject explode query deepObject explode array of arrays", "(refused)", GAPS),
    (
        "getkin/kin-openapi deepObject explode query deepObject explode nested array of objects - missing intermediate array index",
        "(refused)",
        GAPS,
    ),
];
