//! What comes first at one instant: answer, machine, leg end, ring time, caller.

use model::Share;
use routing::account::Device;
use routing::decision::{App, Terminal};

use crate::ring::{ann, ann_on_web};
use crate::world::{app, decision, outside};

#[test]
fn at_one_instant_an_answer_comes_before_everything() {
    let mut world = ann();
    world.machines(25).answers(Device::Web, 25).patience(25);
    world
        .answers(Device::Phone, 25)
        .people
        .answer_mut(Device::Phone)
        .decline = Share::ALWAYS;
    assert_eq!(
        world.run().lines(),
        ["0 rang 0 answered 25 ended 125 by a/ann: answered"]
    );
}

#[test]
fn at_one_instant_a_machine_comes_before_ring_time_and_caller() {
    let mut world = ann();
    world.machines(25).patience(25);
    assert_eq!(
        world.run().lines(),
        ["0 rang 0 ended 25: carrier-voicemail"]
    );
}

#[test]
fn at_one_instant_a_machine_comes_before_the_end_of_its_leg() {
    let mut world = ann();
    world.accounts[0].users[0].web_app = false;
    world.machines(6).people.answer_mut(Device::Phone).sleep = Share::ALWAYS;
    assert_eq!(world.run().lines(), ["0 rang 0 ended 6: carrier-voicemail"]);
}

#[test]
fn at_one_instant_the_end_of_the_last_leg_comes_before_the_caller() {
    let mut world = ann_on_web();
    world.patience(6).people.answer_mut(Device::Web).sleep = Share::ALWAYS;
    assert_eq!(world.run().lines(), ["0 rang 0 ended 6: voicemail"]);
}

#[test]
fn at_one_instant_the_ring_time_comes_before_the_caller() {
    assert_eq!(
        ann().patience(25).run().lines(),
        ["0 rang 0 ended 25: voicemail"]
    );
}

#[test]
fn at_one_instant_the_last_leg_ends_before_the_ring_time_of_its_stage() {
    // The first stage ends by its only leg and by its ring time at once: the second opens once.
    let mut world = ann();
    world.answers(Device::Web, 15).answers(Device::Phone, 3);
    world.people.answer_mut(Device::Web).decline = Share::ALWAYS;
    let stages = decision(
        &[(&[app(App::Web, 0)], 10), (&[outside(101)], 10)],
        Terminal::HangUp,
    );
    let told = world.run_deciding(&stages);
    assert_eq!(told.lines(), ["0 rang 0 answered 18 ended 118: answered"]);
    assert_eq!(told.leg_lines(), ["a/ann 0-15", "nobody 15-118"]);
}
