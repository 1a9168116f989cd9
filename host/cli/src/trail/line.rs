//! How a line looks: its columns, marks and colours. The last step before the terminal, so that here
//! whatever a guest or a definition says is cut and cleaned.

use std::borrow::Cow;

use anstyle::Style;
use api::places::Child;
use asl::{ScopeId, StateKind, StateMachine};
use engine::{ErrorOutput, Status, Timestamp, Usage};

use super::{Figures, Look, amount, note};
use crate::limits::{COLUMN_CHARS_MAX, NOTE_CHARS_MAX};
use crate::terminal::{self, ERROR, FAINT, GOOD, NOTICE};

/// Width of an offset (characters): up to `+99.999s`.
const OFFSET_CHARS: usize = 8;
/// Width of a duration (characters): up to `59 min 59 s`.
const DURATION_CHARS: usize = 11;
/// Width of a state's type (characters): `Parallel`.
const TYPE_CHARS: usize = 8;
/// Width of a mark in ASCII (characters): `caught`.
const ASCII_MARK_CHARS: usize = 6;

/// What became of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Its branches or iterations begin.
    Begins,
    /// It waits for a moment or for somebody.
    Waits,
    /// It ended well.
    Done,
    /// It failed and will be tried again.
    Retried,
    /// It failed and a catcher took it.
    Caught,
    /// It failed for good.
    Failed,
    /// Something else ended it.
    Stopped,
}

impl Mark {
    fn text(self, ascii: bool) -> &'static str {
        let (mark, word) = match self {
            Mark::Begins => ("▸", "begin"),
            Mark::Waits => ("⏸", "wait"),
            Mark::Done => ("✓", "ok"),
            Mark::Retried => ("↻", "retry"),
            Mark::Caught => ("↷", "caught"),
            Mark::Failed => ("✗", "FAIL"),
            Mark::Stopped => ("■", "stop"),
        };
        if ascii { word } else { mark }
    }

    fn style(self) -> Style {
        match self {
            Mark::Begins => FAINT,
            Mark::Done => GOOD,
            Mark::Waits | Mark::Retried | Mark::Caught | Mark::Stopped => NOTICE,
            Mark::Failed => ERROR,
        }
    }

    /// That of a whole execution.
    fn of(status: Status) -> Mark {
        match status {
            Status::Running => Mark::Waits,
            Status::Succeeded => Mark::Done,
            Status::Failed | Status::TimedOut => Mark::Failed,
            Status::Aborted => Mark::Stopped,
        }
    }
}

/// What a line says.
#[derive(Debug)]
pub(super) struct Row<'r> {
    pub(super) mark: Mark,
    pub(super) name: &'r str,
    pub(super) from: Timestamp,
    /// `None`: it goes on.
    pub(super) until: Option<Timestamp>,
    pub(super) type_name: &'r str,
    pub(super) path: &'r [(&'r str, Child)],
    pub(super) attempt: u64,
    pub(super) usage: Usage,
    pub(super) note: String,
}

/// The columns of one execution's lines.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    look: Look,
    started_at: Timestamp,
    name_chars: usize,
    /// 0: the machine has no branches, and the lines no column for them.
    path_chars: usize,
}

impl Layout {
    /// Columns that fit the names of `machine`, within the limit.
    pub(super) fn new(machine: &StateMachine, look: Look) -> Layout {
        let names = machine
            .states
            .iter()
            .map(|state| state.name.chars().count());
        let scopes = (0..).zip(&machine.scopes);
        let paths = scopes.map(|(id, _)| widest_path(machine, ScopeId(id)));
        Layout {
            look,
            started_at: Timestamp(0),
            name_chars: names.max().unwrap_or(0).min(COLUMN_CHARS_MAX),
            path_chars: paths.max().unwrap_or(0).min(COLUMN_CHARS_MAX),
        }
    }

    /// Offsets count from this moment.
    pub(super) fn start(&mut self, at: Timestamp) {
        self.started_at = at;
    }

    /// A duration (µs), for a note.
    pub(super) fn duration(&self, us: u64) -> String {
        self.ascii(amount::duration(us))
    }

    /// What happened and what comes of it, the first one cut. `next` may be empty.
    pub(super) fn then(&self, what: &str, next: &str) -> String {
        let what = self.cut(what);
        match (&*what, next) {
            (_, "") => what,
            ("", _) => format!("{} {next}", self.arrow()),
            _ => format!("{what} {} {next}", self.arrow()),
        }
    }

    /// The line.
    pub(super) fn line(&self, row: &Row<'_>) -> String {
        let mark = row.mark.text(self.look.ascii);
        let mark_chars = if self.look.ascii { ASCII_MARK_CHARS } else { 1 };
        let mut line = self.styled(row.mark.style(), &format!("{mark:<mark_chars$}"));
        let name = self.fit(row.name);
        line.push_str(&format!(" {name:<0$}  ", self.name_chars));
        line.push_str(&self.styled(FAINT, &self.times(row)));
        line.push_str(&format!("  {:<TYPE_CHARS$}", row.type_name));
        if self.path_chars > 0 {
            let path = format!("{:<1$}", self.path(row.path), self.path_chars);
            line.push_str(&format!("  {}", self.styled(FAINT, &path)));
        }
        for detail in details(row) {
            line.push_str("  ");
            line.push_str(&detail);
        }
        if !row.note.is_empty() {
            let style = match row.mark {
                Mark::Failed | Mark::Retried | Mark::Caught => row.mark.style(),
                Mark::Begins | Mark::Waits | Mark::Done | Mark::Stopped => Style::new(),
            };
            line.push_str("  ");
            line.push_str(&self.styled(style, &self.fit(&row.note)));
        }
        line.truncate(line.trim_end().len());
        line
    }

    /// The lines at the end.
    pub(super) fn summary(
        &self,
        status: Status,
        error: Option<&ErrorOutput>,
        figures: &Figures,
        objection: Option<&str>,
    ) -> Vec<String> {
        let mark = Mark::of(status);
        let told = format!("{} {}", mark.text(self.look.ascii), status.as_str());
        let mut first = self.styled(mark.style(), &told);
        if let Some(error) = error.filter(|error| **error != ErrorOutput::default()) {
            first.push_str("  ");
            first.push_str(&self.cut(&note::of(error)));
        }
        let objection = objection.map_or(String::new(), |objection| format!("; {objection}"));
        let billed = format!(
            "  AWS would bill {} as Standard (free tier left out), {} as Express (64 MB{objection})",
            amount::dollars(figures.standard_usd),
            amount::dollars(figures.express_usd),
        );
        vec![first, self.sums(figures), self.styled(FAINT, &billed)]
    }

    fn sums(&self, figures: &Figures) -> String {
        let mut sums = format!(
            "  {}, {} in {}",
            amount::counted(figures.states, "state", "states"),
            amount::counted(figures.transitions, "transition", "transitions"),
            amount::duration(figures.duration_us),
        );
        if figures.task_us > 0 {
            let (time, fuel) = (
                amount::duration(figures.task_us),
                amount::count(figures.fuel),
            );
            sums.push_str(&format!("; {time} and {fuel} fuel in tasks"));
        }
        let overhead = figures.overhead_us_per_state;
        sums.push_str(&format!("; overhead {overhead:.1} µs per state"));
        self.ascii(sums)
    }

    fn times(&self, row: &Row<'_>) -> String {
        let offset = |at: Timestamp| amount::offset(at.micros_since(self.started_at));
        let (until, lasted) = match row.until {
            Some(until) => (offset(until), self.duration(until.micros_since(row.from))),
            None => (self.dots().to_owned(), String::new()),
        };
        format!(
            "{:>OFFSET_CHARS$} {} {until:<OFFSET_CHARS$}  {lasted:>DURATION_CHARS$}",
            offset(row.from),
            self.arrow(),
        )
    }

    fn path(&self, path: &[(&str, Child)]) -> String {
        let steps: Vec<String> = path
            .iter()
            .map(|(name, child)| format!("{}[{}]", self.fit(name), child.index()))
            .collect();
        steps.join(if self.look.ascii { " > " } else { " › " })
    }

    fn styled(&self, style: Style, text: &str) -> String {
        if self.look.color && !text.trim().is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// In one line, at the most so long as the limit, and fit for this terminal.
    fn cut(&self, text: &str) -> String {
        let dots = self.dots();
        let kept = match text.char_indices().nth(NOTE_CHARS_MAX) {
            None => Cow::Borrowed(text),
            Some(_) => {
                let room = NOTE_CHARS_MAX.saturating_sub(dots.chars().count());
                Cow::Owned(text.chars().take(room).chain(dots.chars()).collect())
            }
        };
        self.fit(&kept)
    }

    /// In one line and fit for this terminal.
    fn fit(&self, text: &str) -> String {
        let one_line = text.replace(['\n', '\t'], " ");
        self.ascii(terminal::clean(&one_line).into_owned())
    }

    /// Where only ASCII is shown, other characters are not.
    fn ascii(&self, text: String) -> String {
        if !self.look.ascii || text.is_ascii() {
            return text;
        }
        text.replace('µ', "u").replace(|c: char| !c.is_ascii(), "?")
    }

    fn arrow(&self) -> &'static str {
        if self.look.ascii { "->" } else { "→" }
    }

    fn dots(&self) -> &'static str {
        if self.look.ascii { "..." } else { "…" }
    }
}

fn details(row: &Row<'_>) -> impl Iterator<Item = String> {
    let (usage, attempt) = (row.usage, row.attempt);
    let attempt = (attempt > 1).then(|| format!("attempt {attempt}"));
    let fuel = (usage.fuel > 0).then(|| format!("{} fuel", amount::count(usage.fuel)));
    let peak = usage.memory_peak_bytes;
    let memory = (peak > 0).then(|| amount::bytes(peak));
    [attempt, fuel, memory].into_iter().flatten()
}

/// Characters of the longest path that a frame of this scope is likely to have.
fn widest_path(machine: &StateMachine, scope: ScopeId) -> usize {
    let mut width = 0;
    let mut owner = machine.scope(scope).and_then(|scope| scope.owner);
    // A scope is inside its owner, so that this comes to an end; the bound is for a table that lies.
    for _ in 0..machine.scopes.len() {
        let Some(state) = owner.and_then(|id| machine.state(id)) else {
            break;
        };
        let digits = match &state.kind {
            StateKind::Parallel(parallel) => {
                let last = parallel.branches.len().saturating_sub(1);
                last.to_string().len()
            }
            _ => 2,
        };
        let separator = if width == 0 {
            0
        } else {
            " › ".chars().count()
        };
        width += state.name.chars().count() + digits + "[]".len() + separator;
        owner = machine.scope(state.scope).and_then(|scope| scope.owner);
    }
    width
}
