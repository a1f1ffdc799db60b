//! JSON: a reader that decodes and checks in one pass, and a writer into one buffer.
