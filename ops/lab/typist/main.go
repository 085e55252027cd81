// Command typist plays a person at a terminal who follows the screen and nothing else:
//
//	typist FACTS TRANSCRIPT COMMAND…
//
// A question waits when the screen is still and its last line ends as a question does. The first line of FACTS
// ("pattern<TAB>answer<TAB>secret", both of regexp) that matches it says what the person knows; a secret is pasted.
// Where the person knows nothing, Enter is pressed if the question offers it. A question for which there is neither,
// and one that is asked again, is a doubt: exit 3. The person reads 200 words a minute and types 4 signs a second;
// PACE=0 is one who needs no time. What was on the screen goes to TRANSCRIPT, the times to standard output.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

const (
	still     = 300 * time.Millisecond // then nothing more is being printed
	wordTime  = time.Minute / 200
	signTime  = time.Second / 4
	pasteTime = 2 * time.Second
)

const inDoubt = 9 // exit code

// prompt is the end of a line that waits for an answer.
var prompt = regexp.MustCompile(`([:?\]]|Ctrl-C: end|Ctrl\+C — выйти) $`)

// fact is something the person knows.
type fact struct {
	asked  *regexp.Regexp
	answer string
	secret bool
}

// screen is what a terminal has shown.
type screen struct {
	mu      sync.Mutex
	shown   bytes.Buffer
	changed time.Time
}

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "typist:", err)
	}
	os.Exit(code)
}

func run(arguments []string) (int, error) {
	if len(arguments) < 3 {
		return 2, errors.New("usage: typist FACTS TRANSCRIPT COMMAND…")
	}
	facts, err := readFacts(arguments[0])
	if err != nil {
		return 2, err
	}
	person, tty, err := openTerminal()
	if err != nil {
		return 2, err
	}
	s := &screen{changed: time.Now()}
	read := make(chan struct{})
	go func() { defer close(read); s.watch(person) }()
	cmd := exec.Command(arguments[2], arguments[3:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return 2, err
	}
	_ = tty.Close()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() { <-signals; _ = cmd.Process.Signal(syscall.SIGTERM) }()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	p := &typing{screen: s, person: person, facts: facts, answered: map[string]bool{}}
	doubt := p.follow(ended)
	<-ended
	<-read
	text := s.text()
	if err := os.WriteFile(arguments[1], []byte(text), 0o600); err != nil {
		return 2, err
	}
	fmt.Printf("%d answers, %d s of them reading and typing, %d s in all\n", p.answers, int(p.spent.Seconds()),
		int(time.Since(started).Seconds()))
	if doubt != "" {
		return inDoubt, fmt.Errorf("in doubt: %s", doubt)
	}
	return cmd.ProcessState.ExitCode(), nil
}

// typing is the person at work.
type typing struct {
	*screen
	person   *os.File
	facts    []fact
	from     int // what was read up to
	answers  int
	spent    time.Duration
	answered map[string]bool
}

// follow answers until the command ends. It returns the question that the person has no answer to; then the terminal is
// closed.
func (p *typing) follow(ended chan error) string {
	for {
		select {
		case err := <-ended:
			ended <- err
			return ""
		case <-time.After(50 * time.Millisecond):
		}
		text, question := p.waiting()
		if question == "" {
			continue
		}
		f, known := p.know(question)
		if !known || p.answered[question] {
			_, _ = p.person.WriteString("\x03") // Ctrl-C
			return question
		}
		p.answered[question] = true
		p.take(time.Duration(len(strings.Fields(text[p.from:]))) * wordTime)
		if f.secret {
			p.take(pasteTime)
		} else {
			p.take(time.Duration(len(f.answer)) * signTime)
		}
		p.answers++
		p.from = len(text)
		p.mu.Lock()
		p.changed = time.Now()
		p.mu.Unlock()
		if _, err := p.person.WriteString(f.answer + "\r"); err != nil {
			return question
		}
	}
}

func (p *typing) take(d time.Duration) {
	if os.Getenv("PACE") == "0" {
		return
	}
	p.spent += d
	time.Sleep(d)
}

// waiting is all that was shown, and the question that waits at its end; "": none does.
func (p *typing) waiting() (text, question string) {
	p.mu.Lock()
	quiet := time.Since(p.changed) > still
	p.mu.Unlock()
	text = p.text()
	last := text[strings.LastIndexAny(text, "\n\r")+1:]
	if !quiet || len(text) == p.from || !prompt.MatchString(last) {
		return text, ""
	}
	return text, strings.TrimSpace(last)
}

// know finds what to answer: what the person knows, else Enter where it is offered.
func (p *typing) know(question string) (fact, bool) {
	for _, f := range p.facts {
		if f.asked.MatchString(question) {
			return f, true
		}
	}
	return fact{}, strings.Contains(question, "Enter") || strings.Contains(question, "[Y/n]")
}

func (s *screen) watch(person *os.File) {
	part := make([]byte, 4096)
	for {
		n, err := person.Read(part)
		s.mu.Lock()
		s.shown.Write(part[:n])
		if n > 0 {
			s.changed = time.Now()
		}
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.ReplaceAll(s.shown.String(), "\r\n", "\n")
}

func readFacts(path string) ([]fact, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var facts []fact
	for _, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
		fields := strings.Split(line, "\t")
		if len(fields) < 2 {
			return nil, fmt.Errorf("%s: no tab in %q", path, line)
		}
		asked, err := regexp.Compile(fields[0])
		if err != nil {
			return nil, err
		}
		facts = append(facts, fact{asked, fields[1], len(fields) > 2})
	}
	return facts, nil
}

// openTerminal makes a pair of pseudo-terminals: the person's side and that of the command.
func openTerminal() (person, tty *os.File, err error) {
	if person, err = os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0); err != nil {
		return nil, nil, err
	}
	var locked, number int32
	if err = ioctl(person, syscall.TIOCSPTLCK, unsafe.Pointer(&locked)); err == nil {
		err = ioctl(person, syscall.TIOCGPTN, unsafe.Pointer(&number))
	}
	if err != nil {
		return nil, nil, err
	}
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	return person, tty, err
}

func ioctl(f *os.File, request uintptr, argument unsafe.Pointer) error {
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(argument))
	if errno != 0 {
		return errno
	}
	return nil
}
