package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
)

// trouble hits one request of a process, to ClickHouse or to QTickets, counted together.
type trouble struct {
	at    int // which request; 0: none
	how   failing
	kills bool // the process ends there: nothing it asks for is answered any more
	power bool // and ClickHouse is killed with it
}

type failing int

const (
	unsent   failing = iota // the request never arrives
	underWay                // it is carried out while the asker has gone on
	unheard                 // it is carried out, the answer is lost
)

func (t trouble) String() string {
	what := "loses"
	switch {
	case t.power:
		what = "is killed together with ClickHouse at"
	case t.kills:
		what = "is killed at"
	}
	return fmt.Sprintf("%s request %d (%s)", what, t.at, []string{"unsent", "under way", "unheard"}[t.how])
}

// process is a run of the loader as the outside sees it: its connections to ClickHouse and to QTickets.
type process struct {
	trouble trouble
	server  *httptest.Server // between the run and ClickHouse; nil: they talk directly
	api     http.RoundTripper
	// at the given request to QTickets meanwhile happens, once: before the request, or behind it
	// with its answer still under way.
	at        int
	behind    bool
	meanwhile func()

	sent, asked atomic.Int64 // requests, to both and to QTickets
	hit         atomic.Bool  // trouble came
	dead        atomic.Bool
	powerCut    func()        // kills ClickHouse
	gone        chan struct{} // closed with the death
	cancel      context.CancelFunc
	loose       sync.WaitGroup // requests that are carried out behind the back of the process
}

var errGone = errors.New("connection lost")

// clickhouse puts a proxy before ClickHouse and returns its port.
func (p *process) clickhouse(target *url.URL, transport http.RoundTripper) string {
	pass := httputil.NewSingleHostReverseProxy(target)
	pass.Transport = transport
	pass.ErrorLog = log.New(io.Discard, "", 0)
	pass.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !p.strikes() {
			pass.ServeHTTP(w, r)
			return
		}
		if p.trouble.how != unsent && !p.dead.Load() {
			p.carryOut(target, transport, r)
		}
		p.end()
		panic(http.ErrAbortHandler) // closes the connection without an answer
	}))
	address, _ := url.Parse(p.server.URL)
	return address.Port()
}

// strikes counts a request and tells whether it fails.
func (p *process) strikes() bool {
	if p.dead.Load() {
		return true
	}
	n := int(p.sent.Add(1))
	if n != p.trouble.at {
		return false
	}
	p.hit.Store(true)
	return true
}

// end kills the process, if its trouble does.
func (p *process) end() {
	if p.trouble.kills && !p.dead.Swap(true) {
		if p.trouble.power {
			p.powerCut()
		}
		p.cancel()
		close(p.gone)
	}
}

func (p *process) carryOut(target *url.URL, transport http.RoundTripper, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	copied := r.Clone(context.WithoutCancel(r.Context()))
	copied.RequestURI, copied.Body = "", io.NopCloser(bytes.NewReader(body))
	copied.URL.Scheme, copied.URL.Host = target.Scheme, target.Host
	do := func() {
		response, err := transport.RoundTrip(copied)
		if err == nil {
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		}
	}
	if p.trouble.how == underWay {
		p.loose.Go(do)
		return
	}
	do()
}

// RoundTrip carries a request to QTickets.
func (p *process) RoundTrip(r *http.Request) (*http.Response, error) {
	if p.strikes() {
		p.end()
		return nil, errGone
	}
	now := p.at > 0 && int(p.asked.Add(1)) == p.at
	if now && !p.behind {
		p.meanwhile()
	}
	response, err := p.api.RoundTrip(r)
	if !now || !p.behind || err != nil {
		return response, err
	}
	body, readErr := io.ReadAll(response.Body)
	_ = response.Body.Close()
	response.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failingReader{readErr}))
	p.meanwhile()
	return response, nil
}

// failingReader ends with the given error, or well.
type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

// close waits for what is still carried out and ends the proxy.
func (p *process) close() {
	if p.server != nil {
		p.server.CloseClientConnections()
		p.server.Close()
	}
	p.loose.Wait() // after its last handler, which may still have begun one
}
