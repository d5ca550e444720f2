//! M/M/50 in desque, after its own M/M/1 example. Events carry nothing, so that boxing them
//! allocates nothing; time is in whole nanoseconds. The generator and the exponential are those of
//! the floor.
//!
//! `desque-mm50 CUSTOMERS SEED` prints one line of JSON.

use std::collections::VecDeque;

use desque::serial::{Event, Simulation};
use desque::{Result, SimState};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

const SERVERS: u32 = 50;
const GAP_NS: f64 = 1e9 / 45.0;
const SERVICE_NS: f64 = 1e9;

struct Centre {
    draws: Pcg64Mcg,
    customers: u64,
    arrived: u64,
    served: u64,
    waited: u64,
    wait_ns: u64,
    busy: u32,
    line: VecDeque<u64>,
}

impl SimState<u64> for Centre {
    fn is_complete(&self, _now: &u64) -> bool {
        false
    }
}

impl Centre {
    fn exponential_ns(&mut self, mean_ns: f64) -> u64 {
        (-(1.0 - self.draws.random::<f64>()).ln() * mean_ns) as u64
    }
}

#[derive(Debug)]
struct Arrival;

#[derive(Debug)]
struct ServiceEnd;

fn serve(sim: &mut Simulation<Centre, u64>) -> Result {
    sim.state_mut().served += 1;
    let ends = *sim.current_time() + sim.state_mut().exponential_ns(SERVICE_NS);
    sim.schedule(ServiceEnd, ends)
}

impl Event<Centre, u64> for Arrival {
    fn execute(&mut self, sim: &mut Simulation<Centre, u64>) -> Result {
        let now = *sim.current_time();
        let centre = sim.state_mut();
        centre.arrived += 1;
        if centre.arrived < centre.customers {
            let next = now + centre.exponential_ns(GAP_NS);
            sim.schedule(Arrival, next)?;
        }
        let centre = sim.state_mut();
        if centre.busy < SERVERS {
            centre.busy += 1;
            return serve(sim);
        }
        centre.line.push_back(now);
        Ok(())
    }
}

impl Event<Centre, u64> for ServiceEnd {
    fn execute(&mut self, sim: &mut Simulation<Centre, u64>) -> Result {
        let now = *sim.current_time();
        let centre = sim.state_mut();
        let Some(came) = centre.line.pop_front() else {
            centre.busy -= 1;
            return Ok(());
        };
        centre.waited += 1;
        centre.wait_ns += now - came;
        serve(sim)
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|word| word.parse::<u64>());
    let (Some(Ok(customers)), Some(Ok(seed))) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: desque-mm50 CUSTOMERS SEED");
        std::process::exit(2);
    };
    let centre = Centre {
        draws: Pcg64Mcg::seed_from_u64(seed),
        customers,
        arrived: 0,
        served: 0,
        waited: 0,
        wait_ns: 0,
        busy: 0,
        line: VecDeque::new(),
    };
    let mut sim = Simulation::new(centre, 0);
    let first = sim.state_mut().exponential_ns(GAP_NS);
    sim.schedule(Arrival, first).expect("the first event lies ahead");
    sim.run().expect("no event lies in the past");
    let centre = sim.state();
    let served = centre.served as f64;
    println!(
        "{{\"customers\": {}, \"wait_share\": {}, \"mean_wait_s\": {}}}",
        centre.served,
        centre.waited as f64 / served,
        centre.wait_ns as f64 / 1e9 / served,
    );
}
