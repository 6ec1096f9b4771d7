//! Servers on this machine that fail on purpose, for the programs that call the C library. Each plays a script, one
//! line for each connection, and says afterwards what it saw.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a server waits for whoever it speaks to before it takes the test for lost.
const PATIENCE: Duration = Duration::from_secs(60);

/// What was seen of one connection.
pub(crate) struct Seen {
    /// When it came.
    pub(crate) at: Instant,
    /// What was sent: of HTTP the first line, of MLLP the control id.
    pub(crate) asked: String,
}

/// A server that plays its script and ends.
pub(crate) struct Server {
    port: u16,
    player: JoinHandle<Result<Vec<Seen>, String>>,
}

impl Server {
    fn start(
        connections: usize,
        play: impl Fn(usize, TcpStream) -> std::io::Result<String> + Send + 'static,
    ) -> Result<Self, String> {
        let tell = |error: std::io::Error| format!("a server on 127.0.0.1: {error}");
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(tell)?;
        let port = listener.local_addr().map_err(tell)?.port();
        listener.set_nonblocking(true).map_err(tell)?;
        let player = thread::spawn(move || {
            let mut seen = Vec::new();
            let began = Instant::now();
            while seen.len() < connections {
                match listener.accept() {
                    Ok((stream, _)) => {
                        let at = Instant::now();
                        let ready =
                            stream.set_nonblocking(false).and_then(|()| stream.set_read_timeout(Some(PATIENCE)));
                        let asked = ready.and_then(|()| play(seen.len(), stream)).map_err(tell)?;
                        seen.push(Seen { at, asked });
                    }
                    Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => return Err(tell(error)),
                    Err(_) if began.elapsed() > PATIENCE => break,
                    Err(_) => thread::sleep(Duration::from_millis(2)),
                }
            }
            Ok(seen)
        });
        Ok(Self { port, player })
    }

    /// An HTTP server. Each line of the script is what it answers; an empty one has it close the connection instead.
    pub(crate) fn http(script: &'static [&'static str]) -> Result<Self, String> {
        Self::start(script.len(), |at, mut stream| {
            let mut lines = BufReader::new(stream.try_clone()?).lines();
            let asked = lines.next().transpose()?.unwrap_or_default();
            for line in lines {
                if line?.is_empty() {
                    break;
                }
            }
            stream.write_all(script.get(at).copied().unwrap_or_default().as_bytes())?;
            Ok(asked)
        })
    }

    /// An HL7 listener. Each line of the script is what it acknowledges a message with: `AA`, `AE 207`, with `other` the
    /// acknowledgement of another message, or with `silence` none until the sender gives up.
    pub(crate) fn mllp(script: &'static [&'static str]) -> Result<Self, String> {
        Self::start(script.len(), |at, mut stream| {
            let mut message = Vec::new();
            BufReader::new(stream.try_clone()?).read_until(0x1C, &mut message)?;
            let text = String::from_utf8_lossy(&message).into_owned();
            let id = text.split('|').nth(9).unwrap_or_default().to_owned();
            let mut words = script.get(at).copied().unwrap_or_default().split(' ');
            let (code, error) = match words.next().unwrap_or_default() {
                "silence" => {
                    // Until the other side closes.
                    let _ = stream.read(&mut [0]);
                    return Ok(id);
                }
                code => (code, words.next()),
            };
            let (of, error) = match error {
                Some("other") => ("ANOTHER", None),
                error => (id.as_str(), error),
            };
            let mut answer = format!("\u{b}MSH|^~\\&|LAB|H|ADT|H|20261122||ACK|A1|P|2.5.1\rMSA|{code}|{of}\r");
            if let Some(error) = error {
                answer += &format!("ERR|||{error}^^HL70357|E\r");
            }
            stream.write_all(answer.as_bytes())?;
            stream.write_all(b"\x1c\r")?;
            Ok(id)
        })
    }

    /// Where it listens.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What it saw, once it has played its script.
    pub(crate) fn seen(self) -> Result<Vec<Seen>, String> {
        self.player.join().map_err(|_| "a server panicked".to_owned())?
    }
}
