//! A kiosk at its station, and the worker who stands there.

use super::Board;
use super::conductor::{Act, Phase, lasts};
use super::crew::{Crew, Member};
use super::menu::Menu;
use super::wire::{Answer, CallError, Desk, Wire};
use crate::demo::ids::Seed;
use millrace_domain::{Chance, Clock, SystemChance};
use millrace_protocol::action::{ActionAnswer, ActionStamp, BindRequest, ClockSource, StatusChangeRequest};
use millrace_protocol::quantity::Quantities;
use millrace_protocol::report::{ReportDraft, ReportKind, ReportState};
use millrace_protocol::session::{
    Claimed, CompleteRequest, HandoverRequest, HeartbeatRequest, OpenRequest, TakeoverRequest,
};
use millrace_protocol::{Code, InstanceId, ReasonId, ReportId, SessionId, StationId, StatusDefinitionId};
use serde_json::Number;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// The first wait after an error; it doubles from there.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait after an error.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What a post is told.
#[derive(Debug)]
pub(super) enum Order {
    /// Do this.
    Act(Act),
    /// Go on with this worker's session, left over from an earlier run.
    Resume(Member, SessionId),
}

/// What a post does by itself, in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Back to production.
    Produce,
    /// Setup first, then production: how some begin.
    SetUp,
    /// Somebody looks after the malfunction.
    Know,
    /// It is mended: back to production.
    Mend,
    /// The kiosk is back.
    Return,
    /// After an error: nobody is here, but somebody may come again.
    Reopen,
}

/// A worker at the machine, and the claim.
#[derive(Debug)]
struct Stint {
    member: Member,
    session: SessionId,
    instance: InstanceId,
    epoch: u32,
    last_seq: u64,
    beat_at: Duration,
    silent: bool,
    /// An item is bound.
    works: bool,
    /// The machine makes parts.
    produces: bool,
    /// The malfunction that stands.
    broken: Option<(ReportId, u32)>,
}

/// A post: one kiosk, one station, at most one worker.
pub(super) struct Post {
    place: usize,
    station: StationId,
    wire: Wire,
    desk: Desk,
    crew: Arc<Crew>,
    board: Arc<Board>,
    clock: Arc<dyn Clock>,
    seed: Seed,
    menu: Option<Menu>,
    stint: Option<Stint>,
    next: Option<(Duration, Next)>,
    failures: u32,
}

impl Post {
    pub(super) fn new(
        place: usize,
        station: StationId,
        (wire, desk): (Wire, Desk),
        crew: Arc<Crew>,
        board: Arc<Board>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let seed = Seed::new(u64::try_from(place).unwrap_or_default());
        Self { place, station, wire, desk, crew, board, clock, seed, menu: None, stint: None, next: None, failures: 0 }
    }

    /// Works for ever; whoever started it ends it.
    pub(super) async fn work(mut self, mut orders: mpsc::Receiver<Order>) {
        loop {
            let wait = self.due().map(|due| due.saturating_sub(self.clock.monotonic()));
            let clock = self.clock.clone();
            let alarm = async {
                match wait {
                    Some(wait) => clock.sleep(wait).await,
                    None => std::future::pending().await,
                }
            };
            let done = tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.follow(order).await,
                    None => return,
                },
                () = alarm => self.wake().await,
            };
            match done {
                Ok(()) => self.failures = 0,
                Err(error) => self.stumble(&error),
            }
            self.show();
        }
    }

    /// When there is something to do by itself.
    fn due(&self) -> Option<Duration> {
        let beat = self.stint.as_ref().filter(|stint| !stint.silent).map(|stint| stint.beat_at);
        let next = self.next.map(|(at, _)| at);
        beat.into_iter().chain(next).min()
    }

    fn show(&self) {
        let phase = match (&self.stint, self.next) {
            (None, None) => Phase::Empty,
            (Some(_), None) => Phase::Producing,
            (_, Some(_)) => Phase::Busy,
        };
        self.board.set(self.place, phase);
    }

    async fn follow(&mut self, order: Order) -> Answer<()> {
        match order {
            Order::Resume(member, session) => self.resume(member, session).await,
            Order::Act(Act::Start) => self.start().await,
            Order::Act(act) if self.stint.is_none() || self.next.is_some() => {
                tracing::debug!(post = self.place, ?act, "nobody is free for that here");
                Ok(())
            }
            Order::Act(Act::SetUp) => {
                let setup = self.menu()?.setup();
                self.enter(setup, None).await?;
                self.later(Act::SetUp, Next::Produce);
                Ok(())
            }
            Order::Act(Act::Stop) => {
                let number = self.seed.next();
                let (stop, reason) = (self.menu()?.stop(), self.menu()?.reason(number));
                self.enter(stop, reason).await?;
                self.later(Act::Stop, Next::Produce);
                Ok(())
            }
            Order::Act(Act::Pause) => {
                let pause = self.menu()?.pause();
                self.enter(pause, None).await?;
                self.later(Act::Pause, Next::Produce);
                Ok(())
            }
            Order::Act(Act::BreakDown) => self.break_down().await,
            Order::Act(Act::HandOver) => self.hand_over().await,
            Order::Act(Act::LoseContact) => self.go_silent().await,
            Order::Act(Act::End) => self.end().await,
        }
    }

    /// What is due: the next thing, or a heartbeat.
    async fn wake(&mut self) -> Answer<()> {
        let now = self.clock.monotonic();
        match self.next {
            Some((at, next)) if at <= now => {
                match next {
                    Next::Produce => self.produce().await?,
                    Next::Know => {
                        self.judge(ReportState::Known).await?;
                        self.later(Act::BreakDown, Next::Mend);
                        return Ok(());
                    }
                    Next::Mend => {
                        self.judge(ReportState::Solved).await?;
                        self.produce().await?;
                    }
                    Next::SetUp => {
                        let setup = self.menu()?.setup();
                        self.enter(setup, None).await?;
                        self.later(Act::SetUp, Next::Produce);
                        return Ok(());
                    }
                    Next::Return => {
                        self.beat(false).await?;
                    }
                    Next::Reopen => {}
                }
                self.next = None;
                Ok(())
            }
            Some(_) | None => self.beat(false).await,
        }
    }

    fn later(&mut self, act: Act, next: Next) {
        self.next = Some((self.clock.monotonic() + lasts(act, &mut self.seed), next));
    }

    async fn start(&mut self) -> Answer<()> {
        if self.stint.is_some() {
            return Ok(());
        }
        let Some(member) = self.crew.call() else { return Ok(()) };
        let opened = self.open(&member).await;
        match opened {
            Ok((claimed, instance)) => {
                self.stand(member, &claimed, instance);
                let next = if self.seed.index(3) == 0 { Next::SetUp } else { Next::Produce };
                self.later(Act::Start, next);
                Ok(())
            }
            Err(error) => {
                self.crew.send_back(member);
                Err(error)
            }
        }
    }

    async fn open(&mut self, member: &Member) -> Answer<(Claimed, InstanceId)> {
        self.wire.sign_in(member).await?;
        self.read_menu(member).await?;
        let instance_id = self.instance();
        let request = OpenRequest { station_id: self.station, instance_id, checklist: None, id: None, action: None };
        Ok((self.wire.open(&member.code, &request).await?, instance_id))
    }

    async fn resume(&mut self, member: Member, session: SessionId) -> Answer<()> {
        let taken = self.take_over(&member, session).await;
        match taken {
            Ok((claimed, instance)) => {
                let status = claimed.session.current_status_id;
                self.stand(member, &claimed, instance);
                if !self.menu()?.produces(status) {
                    self.later(Act::Start, Next::Produce);
                }
                Ok(())
            }
            Err(error) => {
                self.crew.send_back(member);
                Err(error)
            }
        }
    }

    async fn take_over(&mut self, member: &Member, session_id: SessionId) -> Answer<(Claimed, InstanceId)> {
        self.wire.sign_in(member).await?;
        self.read_menu(member).await?;
        let instance_id = self.instance();
        let request = TakeoverRequest { session_id, instance_id, then: None, ended_at: None };
        Ok((self.wire.take_over(&member.code, &request).await?, instance_id))
    }

    async fn hand_over(&mut self) -> Answer<()> {
        let Some(session_id) = self.stint.as_ref().map(|stint| stint.session) else { return Ok(()) };
        let Some(next) = self.crew.call() else { return Ok(()) };
        let instance_id = self.instance();
        let quantities = self.made();
        // Now and then nobody knows.
        let (quantities, quantities_unknown) = match quantities {
            Some(_) if self.seed.index(5) == 0 => (None, Some(true)),
            quantities => (quantities, None),
        };
        let request = HandoverRequest {
            session_id,
            station_id: self.station,
            instance_id,
            quantities,
            quantities_unknown,
            checklist: None,
            id: None,
            action: None,
        };
        let wire = self.wire.clone();
        let handed = async {
            wire.sign_in(&next).await?;
            wire.hand_over(&next.code, &request).await
        };
        match handed.await {
            Ok(claimed) => {
                if let Some(before) = self.stint.take() {
                    self.crew.send_back(before.member);
                }
                self.stand(next, &claimed, instance_id);
                Ok(())
            }
            Err(error) => {
                self.crew.send_back(next);
                Err(error)
            }
        }
    }

    async fn go_silent(&mut self) -> Answer<()> {
        self.beat(true).await?;
        if let Some(stint) = &mut self.stint {
            stint.silent = true;
        }
        self.later(Act::LoseContact, Next::Return);
        Ok(())
    }

    async fn end(&mut self) -> Answer<()> {
        let Some((session_id, action)) = self.stamp() else { return Ok(()) };
        let request = CompleteRequest { session_id, ended_at: None, quantities: self.made(), checklist: None, action };
        self.wire.complete(&request).await?;
        self.leave();
        Ok(())
    }

    /// Production, on an item.
    async fn produce(&mut self) -> Answer<()> {
        if self.stint.as_ref().is_some_and(|stint| !stint.works) {
            let number = self.seed.next();
            let item = self.menu()?.item(number).ok_or(CallError::NotOnTheMenu)?;
            let (job_item_id, step_id) = (item.id, item.step_id);
            let Some((session_id, action)) = self.stamp() else { return Ok(()) };
            let request = BindRequest { session_id, job_item_id, step_id, quantities: None, action };
            self.wire.bind(&request).await?;
            if let Some(stint) = &mut self.stint {
                stint.works = true;
            }
        }
        let production = self.menu()?.production();
        self.enter(production, None).await?;
        if let Some(stint) = &mut self.stint {
            stint.produces = true;
        }
        Ok(())
    }

    /// The machine breaks: a malfunction with its report.
    async fn break_down(&mut self) -> Answer<()> {
        let number = self.seed.next();
        let status = self.menu()?.malfunction();
        let Some(reason_id) = self.menu()?.malfunction_reason(number) else { return Err(CallError::NotOnTheMenu) };
        let report = ReportDraft { kind: ReportKind::Malfunction, reason_id, description: None, image_ids: vec![] };
        let answer = self.enter_with(status, None, Some(report)).await?;
        if let (Some(stint), Some(report)) =
            (&mut self.stint, answer.and_then(|answer| answer.reports.into_iter().next()))
        {
            stint.broken = Some((report.id, report.version));
        }
        self.later(Act::BreakDown, Next::Know);
        Ok(())
    }

    /// The supervisor moves the malfunction on.
    async fn judge(&mut self, state: ReportState) -> Answer<()> {
        let Some(broken) = self.stint.as_mut().and_then(|stint| stint.broken.as_mut()) else { return Ok(()) };
        broken.1 = self.desk.judge(broken.0, broken.1, state).await?.version;
        Ok(())
    }

    /// What running production has made since it began: a guess, as good as a player's.
    fn made(&mut self) -> Option<Quantities> {
        if !self.stint.as_ref().is_some_and(|stint| stint.produces) {
            return None;
        }
        let good = self.seed.between(3, 30);
        let number = self.seed.next();
        let reason = self.menu.as_ref().and_then(|menu| menu.scrap_reason(number)).filter(|_| number.is_multiple_of(6));
        let scrap = reason.map(|_| Number::from(1 + number % 3));
        Some(Quantities { good: Some(good.into()), scrap, scrap_reason_id: reason, ..Quantities::default() })
    }

    async fn enter(&mut self, status: Option<StatusDefinitionId>, reason_id: Option<ReasonId>) -> Answer<()> {
        self.enter_with(status, reason_id, None).await.map(drop)
    }

    async fn enter_with(
        &mut self,
        status: Option<StatusDefinitionId>,
        reason_id: Option<ReasonId>,
        report: Option<ReportDraft>,
    ) -> Answer<Option<ActionAnswer>> {
        let status_definition_id = status.ok_or(CallError::NotOnTheMenu)?;
        let leaves = !self.menu()?.produces(Some(status_definition_id));
        let quantities = if leaves { self.made() } else { None };
        let Some((session_id, action)) = self.stamp() else { return Ok(None) };
        let request =
            StatusChangeRequest { session_id, status_definition_id, reason_id, quantities, report, note: None, action };
        let answer = self.wire.change_status(&request).await?;
        if let Some(stint) = self.stint.as_mut().filter(|_| leaves) {
            stint.produces = false;
        }
        Ok(Some(answer))
    }

    async fn beat(&mut self, closing: bool) -> Answer<()> {
        let Some(stint) = &mut self.stint else { return Ok(()) };
        let request = HeartbeatRequest {
            session_id: stint.session,
            instance_id: stint.instance,
            epoch: Some(stint.epoch),
            closing,
        };
        let answer = self.wire.heartbeat(&request).await?;
        stint.silent = closing;
        stint.last_seq = stint.last_seq.max(answer.last_seq);
        stint.beat_at = self.clock.monotonic() + jittered(answer.lease.next_ms, &mut self.seed);
        Ok(())
    }

    /// The claim and the time of a tap that happens now.
    fn stamp(&mut self) -> Option<(SessionId, ActionStamp)> {
        let occurred_at = self.clock.now();
        let stint = self.stint.as_mut()?;
        stint.last_seq += 1;
        let stamp = ActionStamp {
            seq: stint.last_seq,
            instance_id: stint.instance,
            epoch: stint.epoch,
            occurred_at,
            wall_at: None,
            clock: ClockSource::Synced,
            running_since: None,
        };
        Some((stint.session, stamp))
    }

    fn stand(&mut self, member: Member, claimed: &Claimed, instance: InstanceId) {
        let beat_at = self.clock.monotonic() + jittered(claimed.lease.next_ms, &mut self.seed);
        self.stint = Some(Stint {
            member,
            session: claimed.session.id,
            instance,
            epoch: claimed.epoch,
            last_seq: claimed.last_seq,
            beat_at,
            silent: false,
            works: claimed.session.step_id.is_some(),
            produces: self.menu.as_ref().is_some_and(|menu| menu.produces(claimed.session.current_status_id)),
            broken: None,
        });
    }

    fn leave(&mut self) {
        if let Some(stint) = self.stint.take() {
            self.crew.send_back(stint.member);
        }
        self.next = None;
    }

    async fn read_menu(&mut self, member: &Member) -> Answer<()> {
        if self.menu.is_none() {
            self.menu = Some(Menu::read(&self.wire, &member.code, self.station).await?);
        }
        Ok(())
    }

    fn menu(&self) -> Answer<&Menu> {
        self.menu.as_ref().ok_or(CallError::NotOnTheMenu)
    }

    fn instance(&self) -> InstanceId {
        InstanceId(SystemChance.uuid(self.clock.now()))
    }

    /// After an error: says so once, lets go of what is lost, and waits longer each time.
    fn stumble(&mut self, error: &CallError) {
        self.failures += 1;
        if self.failures == 1 {
            tracing::warn!(post = self.place, station.id = %self.station, %error, "a player stumbled; trying again");
        }
        let wait = FIRST_WAIT.saturating_mul(1 << self.failures.min(6)).min(LONGEST_WAIT);
        let wait = error.retry_after().unwrap_or(wait) + jittered(1_000, &mut self.seed);
        let at = self.clock.monotonic() + wait;
        if matches!(error.code(), Some(Code::InstanceMismatch | Code::SessionNotActive | Code::SessionNotFound)) {
            self.leave();
        }
        match &mut self.stint {
            None => self.next = Some((at, Next::Reopen)),
            Some(stint) => {
                stint.beat_at = stint.beat_at.max(at);
                let next = self.next.map_or(Next::Produce, |(_, next)| next);
                self.next = Some((at, next));
            }
        }
    }
}

/// A little under the whole, so that kiosks started together don't stay together.
fn jittered(millis: u64, seed: &mut Seed) -> Duration {
    Duration::from_millis(seed.between(millis - millis / 10, millis + 1))
}
