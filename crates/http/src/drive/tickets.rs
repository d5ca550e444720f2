//! The back end of a driven run: writes down what is to be asked, and says "later".

use engine::{Backend, Request, Submitted, Ticket};
use model::Calendar;
use routing::Nanos;
use routing::account::Accounts;
use routing::call::InboundCall;

use crate::wire::ask::Ask;

/// A question that is due.
#[derive(Debug)]
pub(super) struct Asked {
    /// Whose.
    pub(super) ticket: Ticket,
    /// As the wires carry it.
    pub(super) question: Ask,
    /// As the reply is read.
    pub(super) call: InboundCall,
    /// Time of the run.
    pub(super) due: Nanos,
}

/// Takes every question down.
pub(super) struct Tickets<'a> {
    accounts: &'a Accounts,
    calendar: &'a Calendar,
    /// In the order of their due times.
    pub(super) asked: std::collections::VecDeque<Asked>,
    /// How many there were.
    pub(super) due: u64,
}

impl<'a> Tickets<'a> {
    pub(super) fn new(accounts: &'a Accounts, calendar: &'a Calendar) -> Self {
        Self {
            accounts,
            calendar,
            asked: std::collections::VecDeque::new(),
            due: 0,
        }
    }
}

impl Backend for Tickets<'_> {
    fn submit(&mut self, ticket: Ticket, request: &Request<'_>) -> Submitted {
        self.due += 1;
        self.asked.push_back(Asked {
            ticket,
            question: Ask::of(request, self.accounts, self.calendar),
            call: request.call,
            due: request.at,
        });
        Submitted::Pending
    }
}
