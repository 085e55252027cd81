package testkit

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"
)

// Mail is an SMTP server that keeps what it was sent.
type Mail struct {
	mu       sync.Mutex
	listener net.Listener
	serving  sync.WaitGroup
	letters  []Letter
	broken   bool
}

// Letter is a mail that arrived.
type Letter struct{ To, Subject, Body string }

// MailPassword is the password of its user "robot".
const MailPassword = "canary-password-of-mail"

// ServeMail serves until the test ends.
func ServeMail(t testing.TB) *Mail {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &Mail{listener: listener}
	m.serving.Go(m.accept)
	t.Cleanup(func() { _ = listener.Close(); m.serving.Wait() })
	return m
}

// URL is the address of a channel that sends to a recipient, or to several with commas between.
func (m *Mail) URL(to string) string {
	return "smtp://robot:" + MailPassword + "@" + m.listener.Addr().String() + "/?from=robot@example.test&to=" + to
}

// Break makes it refuse letters, or accept them again.
func (m *Mail) Break(broken bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = broken
}

// Letters are those since the last call.
func (m *Mail) Letters() []Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	letters := m.letters
	m.letters = nil
	return letters
}

func (m *Mail) accept() {
	for {
		conn, err := m.listener.Accept()
		if err != nil { // closed
			return
		}
		m.serving.Go(func() { m.talk(textproto.NewConn(conn)) })
	}
}

// talk is one conversation.
func (m *Mail) talk(c *textproto.Conn) {
	defer func() { _ = c.Close() }()
	reply := func(text string) { _ = c.PrintfLine("%s", text) }
	reply("220 mail.example.test")
	var to string
	for {
		line, err := c.ReadLine()
		if err != nil {
			return
		}
		verb, argument, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			reply("250-mail.example.test")
			reply("250-8BITMIME")
			reply("250 AUTH PLAIN")
		case "AUTH":
			reply(m.login(argument))
		case "RCPT":
			to = strings.Trim(strings.TrimPrefix(argument, "TO:"), "<>")
			reply(m.recipient(to))
		case "DATA":
			reply("354 go on")
			m.keep(to, c.DotReader())
			reply("250 kept")
		case "QUIT":
			reply("221 bye")
			return
		default:
			reply("250 ok")
		}
	}
}

func (m *Mail) login(argument string) string {
	text, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(argument, "PLAIN "))
	if err != nil || string(text) != "\x00robot\x00"+MailPassword {
		return "535 wrong password " + string(text[bytes.LastIndexByte(text, 0)+1:]) // as a careless server does
	}
	return "235 welcome"
}

func (m *Mail) recipient(to string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken {
		return "451 no room for letters to " + to
	}
	return "250 ok"
}

func (m *Mail) keep(to string, r io.Reader) {
	letter := Letter{To: to}
	if parsed, err := mail.ReadMessage(r); err == nil {
		letter.Subject, _ = new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
		body, _ := io.ReadAll(parsed.Body)
		letter.Body = strings.TrimSpace(string(body))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = append(m.letters, letter)
}
