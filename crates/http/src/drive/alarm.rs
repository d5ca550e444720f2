//! Being woken at a time, more finely than a runtime's timers do it: those round up to a
//! millisecond.

use std::io;
use std::task::{Context, Poll};
use std::time::Duration;

/// How long before its time the alarm rings: what the machine may need to wake up. The rest is
/// looked away in short looks at the sockets.
pub(super) const EARLY: Duration = Duration::from_micros(60);

/// So short a rest is not worth a look at the sockets.
pub(super) const LAST: Duration = Duration::from_micros(8);

/// An alarm for one time at a time.
#[cfg(target_os = "linux")]
pub(super) struct Alarm(tokio::io::unix::AsyncFd<std::os::fd::OwnedFd>);

#[cfg(target_os = "linux")]
impl Alarm {
    /// One that is not set. To be made within a runtime.
    #[expect(
        deprecated,
        reason = "its successor is unsafe; an OwnedFd stays the same open file, which is all that \
                  both ask for"
    )]
    pub(super) fn new() -> io::Result<Self> {
        use rustix::time::{TimerfdClockId, TimerfdFlags, timerfd_create};
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
        Ok(Self(tokio::io::unix::AsyncFd::new(timer)?))
    }

    /// Sets it anew.
    pub(super) fn set(&mut self, after: Duration) {
        use rustix::time::{Itimerspec, TimerfdTimerFlags, Timespec, timerfd_settime};
        let none = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        // Zero would switch it off.
        let after = after.max(Duration::from_nanos(1));
        let once = Itimerspec {
            it_interval: none,
            it_value: Timespec {
                tv_sec: after.as_secs().cast_signed(),
                tv_nsec: after.subsec_nanos().into(),
            },
        };
        // A valid time cannot be refused.
        let _ = timerfd_settime(self.0.get_ref(), TimerfdTimerFlags::empty(), &once);
    }

    /// Whether it has rung; else whoever polls is woken when it does.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match self.0.poll_read_ready(cx) {
            Poll::Ready(Ok(mut rung)) => {
                rung.clear_ready();
                Poll::Ready(())
            }
            Poll::Ready(Err(_)) => Poll::Ready(()),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// An alarm for one time at a time: elsewhere the runtime's, a millisecond early.
#[cfg(not(target_os = "linux"))]
pub(super) struct Alarm(std::pin::Pin<Box<tokio::time::Sleep>>);

#[cfg(not(target_os = "linux"))]
impl Alarm {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self(Box::pin(tokio::time::sleep(Duration::ZERO))))
    }

    pub(super) fn set(&mut self, after: Duration) {
        let after = after.saturating_sub(Duration::from_millis(1));
        let at = tokio::time::Instant::now() + after;
        self.0.as_mut().reset(at);
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        std::future::Future::poll(self.0.as_mut(), cx)
    }
}
