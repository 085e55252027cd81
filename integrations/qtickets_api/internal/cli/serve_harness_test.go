package cli_test

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/cli"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

const webhookSecret = "hush-secret-of-the-webhooks"

// serving is a "serve" under way, and what it prints.
type serving struct {
	*shell
	url            string
	link           string // what opens the page; "": no link was printed
	cookie         string // what the link gave
	stdout, stderr *output
	stop           func() int // like SIGTERM; the exit code
}

// output may be read while it is written.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// live is a shell with everything that "serve" needs.
func (s *shell) live() *shell {
	reader := testkit.As(s, s.db, "datalens_reader")
	return s.with("CLICKHOUSE_READER_PASSWORD", reader.Password, "QTICKETS_WEBHOOK_SECRET", webhookSecret)
}

var (
	servingAt = regexp.MustCompile(`Serving (http://\S+/) \(access: (\w+)\)`)
	linkAt    = regexp.MustCompile(`http://\S+/\?token=\S+`)
)

// serve starts the command on a free port, unless told otherwise, and stops it with the test.
func (s *shell) serve(arguments ...string) *serving {
	s.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l := &serving{shell: s, stdout: &output{}, stderr: &output{}}
	ended := make(chan int, 1)
	if !strings.Contains(strings.Join(arguments, " "), "--listen") {
		arguments = append(arguments, "--listen", "127.0.0.1:0")
	}
	go func() {
		ended <- cli.Run(ctx, append([]string{"serve"}, arguments...), cli.Process{Stdout: l.stdout, Stderr: l.stderr,
			Environ: s.environ()})
	}()
	l.stop = sync.OnceValue(func() int { cancel(); return <-ended })
	s.Cleanup(func() { l.stop() })
	wait(s, "serve listens", func() bool {
		select {
		case code := <-ended:
			s.Fatalf("serve ended with %d:\n%s%s", code, l.stdout, l.stderr)
		default:
		}
		return servingAt.MatchString(l.stdout.String())
	})
	said := servingAt.FindStringSubmatch(l.stdout.String())
	l.url = said[1]
	if said[2] == "link" && !slices.Contains(arguments, "--no-page") {
		wait(s, "the link is printed", func() bool { return linkAt.MatchString(l.stdout.String()) })
		l.logIn(linkAt.FindString(l.stdout.String()))
	}
	return l
}

// logIn opens the link as a browser does, and keeps the cookie for what follows.
func (l *serving) logIn(link string) {
	l.Helper()
	r, err := http.NewRequestWithContext(l.Context(), http.MethodGet, link, nil)
	if err != nil {
		l.Fatal(err)
	}
	r.Close = true
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		l.Fatal(err)
	}
	_ = response.Body.Close()
	cookies := response.Cookies()
	if response.StatusCode != http.StatusSeeOther || len(cookies) != 1 ||
		strings.Contains(response.Header.Get("Location"), "token") {
		l.Fatalf("the link is answered with %d, %v", response.StatusCode, response.Header)
	}
	l.link, l.cookie = link, cookies[0].Name+"="+cookies[0].Value
}

func (s *shell) environ() []string {
	var environ []string
	for name, value := range s.env {
		environ = append(environ, name+"="+value)
	}
	return environ
}

// wait for a condition, five minutes at most: after a publication that a busy machine made long the next one for
// webhooks waits ten times as long.
func wait(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("five minutes passed: not true that %s", what)
		}
	}
}

// webhooks are those of the simulated QTickets, sent to this serve.
func (l *serving) webhooks(o simulator.WebhookOptions) *simulator.Webhooks {
	o.URL = l.url + "webhooks/qtickets"
	if o.Secret == "" {
		o.Secret = webhookSecret
	}
	return simulator.NewWebhooks(l.server.World(), o)
}

// get asks for a path with headers, in pairs, and with the cookie of the link unless they have one.
func (l *serving) get(path string, headers ...string) (status int, body string) {
	l.Helper()
	r, err := http.NewRequestWithContext(l.Context(), http.MethodGet, l.url+strings.TrimPrefix(path, "/"), nil)
	if err != nil {
		l.Fatal(err)
	}
	if l.cookie != "" {
		r.Header.Set("Cookie", l.cookie)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	return do(l, r)
}

func do(t testing.TB, r *http.Request) (status int, body string) {
	t.Helper()
	r.Close = true
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// pending is how many webhooks wait.
func (l *serving) pending() string {
	l.Helper()
	return l.sql("SELECT count() FROM meta_webhooks WHERE isNull(handled_at)")
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, seed)) }
