//! Laws that every kind of arrivals keeps. The values of the keys are made from what they take, so
//! that a new kind in the table is tested without a word here.

mod counts;
mod made;
mod times;
