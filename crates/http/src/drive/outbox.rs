//! The engine's side: questions that wait to be sent.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use engine::{Backend, Request, Submitted, Ticket};
use model::Calendar;
use routing::Nanos;
use routing::account::Accounts;
use routing::call::InboundCall;

use crate::wire::ask::Ask;

/// A question on its way.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) ticket: Ticket,
    pub(super) call: InboundCall,
    pub(super) ask: Ask,
    /// Time of the run at which it is due.
    pub(super) due: Nanos,
}

/// Questions in the order in which they came.
pub(super) type Questions = Rc<RefCell<VecDeque<Question>>>;

/// Takes questions and answers none: the driver does, through [`engine::Engine::reply`].
pub(super) struct Outbox {
    pub(super) questions: Questions,
    pub(super) accounts: Arc<Accounts>,
    pub(super) calendar: Calendar,
}

impl Backend for Outbox {
    fn submit(&mut self, ticket: Ticket, request: &Request<'_>) -> Submitted {
        self.questions.borrow_mut().push_back(Question {
            ticket,
            call: request.call,
            ask: Ask::of(request, &self.accounts, &self.calendar),
            due: request.at,
        });
        Submitted::Pending
    }
}
