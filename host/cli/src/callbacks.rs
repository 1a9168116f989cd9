//! The desk at which messages of the execution arrive, and the question to whoever sits at it.

use std::io::{BufRead as _, Write as _};
use std::sync::Arc;

use engine::ExecutionArn;
use runtime::{LogLine, Message, MessageSink};
use serde_json::Value;
use tokio::sync::mpsc;

use crate::answers::{Answer, parse_answer};
use crate::limits::MESSAGES_WAITING_MAX;
use crate::terminal::{FAINT, NOTICE, clean};

/// Takes the messages of the runtime for the follower.
pub(crate) struct Desk {
    messages: mpsc::Sender<Message>,
    shows_logs: bool,
}

/// A desk, and where its messages come out.
pub(crate) fn desk(shows_logs: bool) -> (Desk, mpsc::Receiver<Message>) {
    let (sender, receiver) = mpsc::channel(MESSAGES_WAITING_MAX);
    let desk = Desk {
        messages: sender,
        shows_logs,
    };
    (desk, receiver)
}

impl MessageSink for Desk {
    fn deliver(&self, message: Message) {
        // Each message is an event of a bounded history, so there is room; and when nobody follows
        // any more, nobody wants it.
        let _ = self.messages.try_send(message);
    }

    fn log(&self, _execution: &ExecutionArn, state_name: &Arc<str>, lines: Vec<LogLine>) {
        if !self.shows_logs {
            return;
        }
        // One lock for all of them: the lines of an attempt stay together.
        let mut stderr = anstream::stderr().lock();
        for line in lines {
            let text = format!("{} {}", line.message, line.fields);
            let _ = writeln!(
                stderr,
                "{FAINT}{} {:5} {}{FAINT:#}",
                clean(state_name),
                line.level,
                clean(text.trim_end()),
            );
        }
    }
}

/// The body of a message for people: JSON laid out, anything else as it is.
pub(crate) fn readable(body: &str) -> String {
    match serde_json::from_str::<Value>(body) {
        Ok(value) => format!("{value:#}"),
        Err(_) => body.to_owned(),
    }
}

/// Asks at the terminal until there is an answer. `None`: the input ended. Blocks.
pub(crate) fn ask(message: &Message) -> Option<Answer> {
    let mut stderr = anstream::stderr();
    let _ = writeln!(
        stderr,
        "{NOTICE}{} waits for an answer.{NOTICE:#} Its message to {}:\n{}",
        clean(&message.state_name),
        clean(&message.queue),
        clean(&readable(&message.body)),
    );
    loop {
        let _ = write!(
            stderr,
            "approve [a], reject [r], fail:ERROR[:CAUSE], or JSON {FAINT}>{FAINT:#} "
        );
        let _ = stderr.flush();
        let mut line = String::new();
        match std::io::stdin().lock().read_line(&mut line) {
            Ok(0) | Err(_) => return None,
            Ok(_) => {}
        }
        let typed = match line.trim() {
            "" => continue,
            "a" | "approve" => "{\"approved\":true}",
            "r" | "reject" => "{\"approved\":false}",
            other => other,
        };
        match parse_answer(typed, "answer") {
            Ok(answer) => return Some(answer),
            Err(failure) => {
                let _ = writeln!(stderr, "{}", failure.text);
            }
        }
    }
}
