//! A call that is written over and over: reading a log makes no memory for each of its rows.

use jiff::Timestamp;

use crate::call::CanonicalCall;

/// A call, and the room of its name while it has none.
pub(super) struct Draft {
    pub(super) call: CanonicalCall,
    name: String,
}

impl Draft {
    pub(super) const fn new() -> Self {
        Self {
            call: CanonicalCall::at(Timestamp::UNIX_EPOCH),
            name: String::new(),
        }
    }

    /// Sets who talked.
    #[inline]
    pub(super) fn set_user(&mut self, user: Option<&str>) {
        match (user, &mut self.call.user) {
            (Some(user), known) => {
                let name = known.get_or_insert_with(|| std::mem::take(&mut self.name));
                name.clear();
                name.push_str(user);
            }
            (None, known @ Some(_)) => self.name = known.take().unwrap_or_default(),
            (None, None) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_last_call_stays() {
        let mut draft = Draft::new();
        draft.set_user(Some("agent-1, the first"));
        draft.set_user(Some("b"));
        assert_eq!(draft.call.user.as_deref(), Some("b"));
        draft.set_user(None);
        assert_eq!(draft.call.user, None);
        draft.set_user(Some("c"));
        assert_eq!(draft.call.user.as_deref(), Some("c"));
    }
}
