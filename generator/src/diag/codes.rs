//! Every code with its page in `docs/diagnostics/`. One line a code, sorted; a test keeps it complete.

/// A code that `bffgen explain` knows.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// `BFF0301`
    pub code: &'static str,
    /// The page, Markdown; its first line is `# BFF0301: title`.
    pub page: &'static str,
}

macro_rules! codes {
    ($($code:ident)*) => {
        &[$(Code {
            code: stringify!($code),
            page: include_str!(concat!("../../../docs/diagnostics/", stringify!($code), ".md")),
        }),*]
    };
}

/// All codes, sorted.
#[rustfmt::skip]
pub const CODES: &[Code] = codes! {
    BFF0101
    BFF0102
    BFF0103
    BFF0104
    BFF0105
    BFF0106
    BFF0107
    BFF0108
    BFF0109
    BFF0201
    BFF0202
    BFF0203
    BFF0204
    BFF0205
    BFF0206
    BFF0207
    BFF0208
    BFF0209
    BFF0210
    BFF0301
    BFF0302
    BFF0303
    BFF0304
    BFF0305
    BFF0306
    BFF0307
    BFF0308
    BFF0309
    BFF0310
    BFF0311
    BFF0312
    BFF0313
    BFF0314
    BFF0315
    BFF0316
    BFF0317
    BFF0330
    BFF0331
    BFF0332
    BFF0333
    BFF0334
    BFF0335
    BFF0336
    BFF0337
    BFF0338
    BFF0401
    BFF0402
    BFF0403
    BFF0404
    BFF0405
    BFF0406
    BFF0407
    BFF0408
    BFF0409
    BFF0410
    BFF0411
    BFF0412
    BFF0413
    BFF0414
    BFF0415
    BFF0416
    BFF0417
    BFF0418
    BFF0419
    BFF0420
    BFF0421
    BFF0422
    BFF0423
    BFF0424
    BFF0425
    BFF0430
    BFF0440
    BFF0441
    BFF0442
    BFF0445
    BFF0446
    BFF0447
    BFF0448
    BFF0449
    BFF0450
    BFF0451
    BFF0452
    BFF0499
    BFF0601
    BFF0602
    BFF0603
    BFF0701
    BFF0702
    BFF0703
    BFF0704
    BFF0705
    BFF0706
    BFF0707
    BFF0708
    BFF0709
    BFF0710
    BFF0711
};

impl Code {
    /// The title: the first line of the page without the code.
    pub fn title(&self) -> &'static str {
        let first = self.page.lines().next().unwrap_or("");
        first.split_once(": ").map_or(first, |(_, title)| title)
    }
}

/// A code by its name; case does not matter.
pub fn find(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|known| known.code.eq_ignore_ascii_case(code))
}
