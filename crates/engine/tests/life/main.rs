//! "The life of a call" of contract.md section 4, sentence by sentence, with times worked out by
//! hand.

mod after;
mod busy;
mod connect;
mod decision;
mod hold;
mod hops;
mod ivr;
mod laws;
mod loops;
mod loss;
mod parts;
mod random_world;
mod ring;
mod shifts;
mod silence;
mod staff;
mod ties;
mod told;
mod world;
