//! What is easier to see from within.
