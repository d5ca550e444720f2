//! Things by slot, with room that is used again: where live calls and races are kept.

use crate::queue::MAX_SLOTS;

/// Things by slot, with room that is used again.
#[derive(Debug)]
pub(crate) struct Room<T> {
    slots: Vec<T>,
    free: Vec<u32>,
}

impl<T> Default for Room<T> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Room<T> {
    /// A slot for this thing; none when there is no room for more.
    #[inline]
    pub(crate) fn put(&mut self, thing: T) -> Option<u32> {
        if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = thing;
            return Some(slot);
        }
        self.grow();
        if self.slots.len() >= MAX_SLOTS {
            return None;
        }
        self.slots.push(thing);
        Some(self.slots.len() as u32 - 1)
    }

    /// Grows by a thirty-second rather than to the double: what is kept is bounded by what lives at
    /// once, and half of it empty would be the larger half of a million calls.
    #[inline]
    fn grow(&mut self) {
        if self.slots.len() == self.slots.capacity() {
            self.slots.reserve_exact(self.slots.len() / 32 + 64);
        }
    }

    /// A slot whose thing was used before (or `make` makes it), for things that keep their memory.
    pub(crate) fn take_used(&mut self, make: impl FnOnce() -> T) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.slots.push(make());
            self.slots.len() as u32 - 1
        })
    }

    /// How many slots there are, taken or free.
    pub(crate) fn slots(&self) -> u32 {
        self.slots.len() as u32
    }

    /// How many slots are taken.
    #[inline]
    pub(crate) fn taken(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Gives a slot back.
    #[inline]
    pub(crate) fn free(&mut self, slot: u32) {
        self.free.push(slot);
    }
}

impl<T> std::ops::Index<u32> for Room<T> {
    type Output = T;
    #[inline]
    fn index(&self, slot: u32) -> &T {
        &self.slots[slot as usize]
    }
}

impl<T> std::ops::IndexMut<u32> for Room<T> {
    #[inline]
    fn index_mut(&mut self, slot: u32) -> &mut T {
        &mut self.slots[slot as usize]
    }
}
