//! `soat trust update` against a server on this machine: what is fetched, what is believed, and what is
//! left as it was.

use super::run::{archive, bare};
use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

#[derive(Clone)]
enum Reply {
    Body(Vec<u8>),
    Redirect(String),
    Silence,
}

/// Answers every host: the program reaches it as its proxy.
#[derive(Clone, Default)]
struct Server {
    replies: Arc<Mutex<HashMap<String, Reply>>>,
    asked: Arc<Mutex<Vec<String>>>,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self { port: listener.local_addr().unwrap().port(), ..Self::default() };
        let shared = server.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                std::thread::spawn(move || shared.answer(stream));
            }
        });
        server
    }

    fn serve(&self, path: &str, reply: Reply) {
        self.replies.lock().unwrap().insert(path.to_owned(), reply);
    }

    fn answer(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        loop {
            let mut request = String::new();
            if reader.read_line(&mut request).unwrap_or(0) == 0 {
                return;
            }
            let mut line = String::new();
            while reader.read_line(&mut line).unwrap_or(0) > 2 {
                line.clear();
            }
            let mut words = request.split_whitespace();
            let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            if method == "CONNECT" {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
                continue;
            }
            let path = target.trim_start_matches("http://crl.example.test").to_owned();
            self.asked.lock().unwrap().push(path.clone());
            let reply = self.replies.lock().unwrap().get(&path).cloned();
            let _ = match reply {
                None => stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
                Some(Reply::Body(body)) => stream
                    .write_all(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes())
                    .and_then(|()| stream.write_all(&body)),
                Some(Reply::Redirect(to)) => stream
                    .write_all(format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n").as_bytes()),
                Some(Reply::Silence) => {
                    std::thread::sleep(Duration::from_secs(20));
                    return;
                }
            };
        }
    }
}

/// An archive of one signed document, with the roots and CAs of the fixtures and no revocation list.
struct Archive {
    folder: TempDir,
    base: PathBuf,
}

impl Archive {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().join("kho");
        for part in ["van-ban", "trust", "crls"] {
            fs::create_dir_all(base.join(part)).unwrap();
        }
        let document = archive().join("documents/LĐVL/2026-09/481-SNV-LĐVL.signed.pdf");
        fs::copy(document, base.join("van-ban/481.pdf")).unwrap();
        for entry in fs::read_dir(archive().join("trust")).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), base.join("trust").join(entry.file_name())).unwrap();
        }
        let configuration = "[archive]\ndocuments = [\"van-ban\"]\nclock = \"2026-11-05T08:00:00+07:00\"\n[trust]\nfolder = \"trust\"\n[revocation]\nfolder = \"crls\"\n";
        fs::write(base.join("soat.toml"), configuration).unwrap();
        let archive = Self { folder, base };
        let audit = archive.command(&["audit", "--no-report"], None);
        assert_eq!(audit.status.code(), Some(0), "{}", String::from_utf8_lossy(&audit.stderr));
        archive
    }

    fn command(&self, arguments: &[&str], server: Option<&Server>) -> Output {
        let mut command = bare();
        for name in
            ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]
        {
            command.env_remove(name);
        }
        if let Some(server) = server {
            command.env("HTTP_PROXY", format!("http://127.0.0.1:{}", server.port));
            command.env("ALL_PROXY", format!("http://127.0.0.1:{}", server.port));
        }
        command.arg("--state").arg(self.folder.path().join("s.db")).arg("--archive").arg(&self.base);
        command.args(arguments).output().unwrap()
    }

    fn update(&self, server: &Server) -> (Option<i32>, String) {
        let output = self.command(&["trust", "update", "--timeout", "2"], Some(server));
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code(), said)
    }

    /// Names and contents of the lists.
    fn lists(&self) -> Vec<(String, Vec<u8>)> {
        let mut lists: Vec<_> = fs::read_dir(self.base.join("crls"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap()))
            .collect();
        lists.sort();
        lists
    }
}

fn list(name: &str) -> Vec<u8> {
    fs::read(archive().join("crls").join(name)).unwrap()
}

const G2: &str = "/pki/pub/crl/g2ca.crl";

#[test]
fn lists_are_fetched_where_trusted_certificates_say_and_replaced_by_newer_ones() {
    let archive = Archive::new();
    let server = Server::start();
    for (name, file) in
        [("g1root", "g1root.crl"), ("g2root", "g2root.crl"), ("g3root", "g3root.crl"), ("pubroot", "pubroot.crl")]
    {
        server.serve(&format!("/pki/pub/crl/{name}.crl"), Reply::Body(list(file)));
    }
    server.serve(G2, Reply::Body(list("g2ca-2026-08-31.crl")));
    let (code, said) = archive.update(&server);
    let asked = server.asked.lock().unwrap().clone();
    assert!(asked.iter().any(|path| path == G2), "{asked:?}\n{said}");
    assert_eq!(code, Some(0), "{said}");
    let first = archive.lists();
    assert!(first.iter().any(|(_, bytes)| *bytes == list("g2ca-2026-08-31.crl")));
    assert!(first.iter().any(|(_, bytes)| *bytes == list("g1root.crl")));
    // The same again: nothing newer, nothing changed.
    let (code, said) = archive.update(&server);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("không có bản mới hơn"), "{said}");
    assert_eq!(archive.lists(), first);
    // A newer one takes the place of the older.
    server.serve(G2, Reply::Body(list("g2ca-2026-10-31.crl")));
    assert_eq!(archive.update(&server).0, Some(0));
    let second = archive.lists();
    assert!(second.iter().any(|(_, bytes)| *bytes == list("g2ca-2026-10-31.crl")));
    assert!(!second.iter().any(|(_, bytes)| *bytes == list("g2ca-2026-08-31.crl")));
    // An older one does not come back.
    server.serve(G2, Reply::Body(list("g2ca-2026-09-30.crl")));
    let (code, said) = archive.update(&server);
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("cũ hơn"), "{said}");
    assert_eq!(archive.lists(), second);
}

#[test]
fn what_is_not_a_list_of_the_authority_changes_nothing() {
    let archive = Archive::new();
    let server = Server::start();
    let mut forged = list("g2ca-2026-10-31.crl");
    let at = forged.len() / 2;
    forged[at] ^= 1;
    // The date inside the signed part, the signature of another authority, a page, nothing, a loop, silence.
    let mut bad_signature = list("g2ca-2026-10-31.crl");
    let last = bad_signature.len() - 1;
    bad_signature[last] ^= 1;
    let replies = [
        Reply::Body(forged),
        Reply::Body(bad_signature),
        Reply::Body(b"<html>login</html>".to_vec()),
        Reply::Body(Vec::new()),
        // More than any list is.
        Reply::Body(vec![0x30; (64 << 20) + 1]),
        Reply::Redirect(format!("http://crl.example.test{G2}")),
        Reply::Redirect("https://crl.example.test/x.crl".into()),
        Reply::Redirect("file:///etc/passwd".into()),
        Reply::Silence,
    ];
    for (index, reply) in replies.into_iter().enumerate() {
        server.serve(G2, reply);
        let (code, said) = archive.update(&server);
        assert_eq!(code, Some(4), "{index}: {said}");
        assert!(said.lines().any(|line| line.starts_with("✗") && line.contains("g2ca.crl")), "{index}: {said}");
        assert!(archive.lists().is_empty(), "{index}: {said}");
    }
}

#[test]
fn an_address_in_a_document_that_leads_to_no_root_is_not_asked() {
    let archive = Archive::new();
    let server = Server::start();
    for entry in fs::read_dir(archive.base.join("trust")).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let (code, said) = archive.update(&server);
    assert_eq!(code, Some(3), "{said}");
    assert!(server.asked.lock().unwrap().is_empty());
}

#[test]
fn a_dry_run_asks_nobody() {
    let archive = Archive::new();
    let server = Server::start();
    let output = archive.command(&["trust", "update", "--dry-run"], Some(&server));
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("http://crl.example.test/pki/pub/crl/g2ca.crl"));
    assert!(server.asked.lock().unwrap().is_empty());
}

#[test]
fn only_this_command_speaks_to_the_network() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let users: Vec<String> = walkdir::WalkDir::new(&sources)
        .into_iter()
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"))
        .filter(|entry| {
            let text = fs::read_to_string(entry.path()).unwrap();
            ["ureq::", "TcpStream", "TcpListener", "UdpSocket", "ToSocketAddrs"].iter().any(|word| text.contains(word))
        })
        .map(|entry| entry.path().strip_prefix(&sources).unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(users, ["fetch.rs"]);
}
