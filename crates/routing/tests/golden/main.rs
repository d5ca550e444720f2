//! What the documents say, one test a statement, each with its place in domain.md or contract.md.

mod contract;
mod disagreements;
mod failures;
mod faq;
mod findings;
mod ivr_and_voice_ai;
mod newest_guide;
mod office;
mod ring_more;
mod ring_time_and_greeting;
mod seed_table;
mod settings_screen;
