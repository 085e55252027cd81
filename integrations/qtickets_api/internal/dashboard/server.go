// Package dashboard is the organiser's page over HTTP: routes, pages and files of tables, news of a publication, files.
// What stands on the page is in block, how it is written in format, what an address means in address, and the figures
// come from figures.
package dashboard

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/plan"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Options of a page.
type Options struct {
	// Open connects with the rights of a reader. It is called when the page is asked for, and again after a failure. Who
	// opens closes, after the page.
	Open   func(context.Context) (*warehouse.DB, error)
	Logger *slog.Logger
	Build  string // a new one makes browsers fetch again
	Org    string // stands at the top
	Now    func() time.Time
	// Poll is how often the publication is looked at while pages are open; 0 means 2 s.
	Poll time.Duration
	// Viewers is how many may be kept up to date at a time; more ask by themselves every minute. 0 means 200.
	Viewers int
	// SavePlan keeps a plan that somebody typed, whose name is by, if it is known. The error is plan.Refusals where the
	// values are wrong. nil: plans are not typed here.
	SavePlan func(ctx context.Context, typed plan.Typed, by string) error
	// Access is where share links are made, and what people may see is ended; nil: neither is done here.
	Access *access.Guard
	// Address is how browsers reach the page; "": as the one that makes a link does.
	Address string
	// Client tells clients apart, for limits; nil: all are one.
	Client func(*http.Request) netip.Prefix

	source source // instead of Open, in tests
	ping   time.Duration
	limits limits
}

// Server is the page: an http.Handler for "/" and everything below. Safe for concurrent use.
type Server struct {
	options     Options
	log         *slog.Logger
	mux         *http.ServeMux
	patterns    []string // that are read, for tests of who may see what
	publication *publication
	loader      *loader
	pages       *recent[page] // rendered, by ETag
	open        *recent[*openPage]
	renders     singleflight.Group
	gate        *gate // what is made for a page at a time
	hub         *hub
	stop        context.CancelFunc
	done        chan struct{}
}

// New starts a page. Close ends it.
func New(o Options) (*Server, error) {
	if o.source == nil && o.Open == nil {
		return nil, errors.New("page: Options.Open is not set")
	}
	if o.source == nil {
		o.source = &reader{open: o.Open}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Poll <= 0 {
		o.Poll = 2 * time.Second
	}
	if o.Viewers <= 0 {
		o.Viewers = 200
	}
	if o.Client == nil {
		o.Client = func(*http.Request) netip.Prefix { return netip.Prefix{} }
	}
	if o.ping <= 0 {
		o.ping = 15 * time.Second
	}
	if o.limits == (limits{}) {
		o.limits = defaultLimits()
	}
	templates()
	format.LoadLocales()
	s := &Server{
		options: o, log: o.Logger, publication: newPublication(o), hub: newHub(o.Viewers),
		pages: newWeighed(keptPages, keptBytes, page.bytes), open: newRecent[*openPage](mostOpen), done: make(chan struct{}),
		gate: newGate(madeAtOnce, waitForOne, waitTime),
	}
	s.loader = &loader{
		source: o.source, limits: o.limits, publication: s.publication, hub: s.hub, now: o.Now, log: o.Logger,
		kept: newWeighed(keptResults, keptResults, (*results).weight), gate: s.gate,
	}
	s.routes()
	ctx, cancel := context.WithCancel(context.Background())
	s.stop = cancel
	go s.follow(ctx)
	return s, nil
}

// Close stops following publications and ends the streams of viewers. It may be called twice.
func (s *Server) Close() error {
	s.stop()
	<-s.done
	s.hub.close()
	return nil
}

// Published says that something was published just now: viewers need not wait for the next poll.
func (s *Server) Published() { s.publication.refresh() }

// Ready is why the page cannot read, with the next step; nil: it can. Who only finds no figures can read.
func (s *Server) Ready(ctx context.Context) error {
	if current := s.publication.current(ctx); current.problem.away() {
		return current.problem
	}
	return nil
}

// Watching is how many viewers follow the page now.
func (s *Server) Watching() int { return s.hub.count() }

// follow polls for publications while pages are open, makes them, and tells their viewers.
func (s *Server) follow(ctx context.Context) {
	defer close(s.done)
	ticker := time.NewTicker(s.options.Poll)
	defer ticker.Stop()
	var rest time.Time // of idle pages
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if s.hub.count() == 0 && len(s.openPages()) == 0 {
				continue
			}
		case <-s.publication.refreshed:
			s.publication.expire()
		}
		rest = s.tell(ctx, s.publication.current(ctx), rest)
	}
}

func (s *Server) routes() {
	s.mux = http.NewServeMux()
	get := func(pattern string, answer http.HandlerFunc) {
		s.patterns = append(s.patterns, pattern)
		s.mux.HandleFunc("GET "+pattern, answer)
	}
	page := func(pattern string, screen address.Screen) {
		get(pattern, func(w http.ResponseWriter, r *http.Request) { s.servePage(w, r, screen) })
	}
	page("/{$}", address.Today)
	page("/events/{id}", address.Event)
	page("/channels", address.Channels)
	page("/data", address.Data)
	page("/explain", address.Explain)
	get("/events", s.chooseEvent)
	for _, kind := range []fileKind{csvFile, xlsxFile} {
		get("/"+kind.extension+"/{block}", func(w http.ResponseWriter, r *http.Request) { s.serveFile(w, r, kind) })
	}
	get(access.SharePath+"{token}/", s.serveShared)
	get("/live", s.serveLive)
	get(manifestPath, s.serveManifest)
	get(workerPath, serveWorker)
	s.mux.HandleFunc("POST /plan", s.savePlan)
	s.mux.HandleFunc("POST /share", s.makeLink)
	s.mux.HandleFunc("POST /share/revoke", s.revokeLink)
	s.mux.HandleFunc("POST /people/revoke", s.removePerson)
	for _, a := range assets() {
		get(a.name, a.ServeHTTP)
	}
	get("/favicon.ico", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, icon().name, http.StatusMovedPermanently)
	})
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			s.serveProblem(w, r, wrongMethod)
			return
		}
		s.serveProblem(w, r, notFound)
	})
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	switch {
	case !fromAnotherSite(r):
	case r.Method == http.MethodPost:
		s.serveProblem(w, r, foreignWrite)
		return
	default:
		s.serveProblem(w, r, crossSite)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// contentPolicy lets the page use its own files and nothing else; no script can turn a text into markup. The one policy
// there is names the worker, whatever it is given.
var contentPolicy = strings.Join([]string{
	"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self'",
	"manifest-src 'self'",
	"form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
	"require-trusted-types-for 'script'", "trusted-types worker",
}, "; ")
