package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"dashboard-mvp/integrations/qtickets_api/internal/cli"
)

// terminal is a real one: a pair of pseudo-terminals, of which the command has the one and the test, as the person, the
// other.
type terminal struct {
	testing.TB
	person, tty *os.File
	mu          sync.Mutex
	shown       bytes.Buffer
	read        chan struct{} // closed when all that was shown is read
}

func openTerminal(t testing.TB) *terminal {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fd := int(person.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	tty, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	term := &terminal{TB: t, person: person, tty: tty, read: make(chan struct{})}
	go term.watch()
	return term
}

// watch reads until nobody has the other side open.
func (t *terminal) watch() {
	defer close(t.read)
	part := make([]byte, 4096)
	for {
		n, err := t.person.Read(part)
		t.mu.Lock()
		t.shown.Write(part[:n])
		t.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (t *terminal) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.ReplaceAll(t.shown.String(), "\r\n", "\n")
}

// echoes tells whether what is typed would be seen.
func (t *terminal) echoes() bool {
	state, err := unix.IoctlGetTermios(int(t.tty.Fd()), unix.TCGETS)
	if err != nil {
		t.Error(err)
		return false
	}
	return state.Lflag&unix.ECHO != 0
}

// reply is what a person types when the terminal asks.
type reply struct {
	asked  string // what the question holds
	answer string
}

// talk runs a command on a terminal and answers its questions in their order. A question that is not asked, or one more
// than there are answers, fails the test.
func (s *shell) talk(replies []reply, arguments ...string) outcome {
	s.Helper()
	// No deadline: ClickHouse would be told of it, and a reader may not wish for so long. A test that hangs ends.
	ctx, cancel := context.WithCancel(s.Context())
	defer cancel()
	defer time.AfterFunc(2*time.Minute, cancel).Stop()
	t := openTerminal(s)
	var environ []string
	for name, value := range s.env {
		environ = append(environ, name+"="+value)
	}
	code := make(chan int, 1)
	go func() {
		code <- cli.Run(ctx, arguments, cli.Process{Stdin: t.tty, Stdout: t.tty, Stderr: t.tty, Environ: environ})
	}()
	from := 0
	out := outcome{code: -1}
	for _, r := range replies {
		for out.code < 0 && !t.asks(from, r.asked) {
			select {
			case out.code = <-code:
			case <-time.After(5 * time.Millisecond):
			}
		}
		if out.code >= 0 {
			s.Errorf("%q is not asked for", r.asked)
			break
		}
		from = len(t.text())
		if _, err := t.person.WriteString(r.answer + "\n"); err != nil {
			s.Fatal(err)
		}
	}
	if out.code < 0 {
		out.code = <-code
	}
	_, _ = t.person.WriteString("\n") // for a reader that was left behind
	_ = t.tty.Close()
	<-t.read
	_ = t.person.Close()
	out.stdout = t.text()
	if ctx.Err() != nil {
		s.Fatalf("%q hangs:\n%s", arguments, out.stdout)
	}
	s.checkSecrets(arguments, out)
	return out
}

// asks tells whether a question waits for an answer. A secret one does when nothing is echoed any more.
func (t *terminal) asks(from int, what string) bool {
	text := t.text()
	if from > len(text) || !strings.Contains(text[from:], what) || !strings.HasSuffix(strings.TrimRight(text, " "), ":") &&
		!strings.HasSuffix(text, "] ") && !strings.HasSuffix(text, "Ctrl-C: end ") {
		return false
	}
	last := text[strings.LastIndex(text, "\n")+1:]
	return !strings.Contains(last, "not shown while typed") || !t.echoes()
}
