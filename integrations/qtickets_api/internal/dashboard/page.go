package dashboard

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

//go:embed templates/*.html
var templateFiles embed.FS

// templates are parsed at start: a broken one never reaches a reader.
var templates = template.Must(template.New("").Funcs(template.FuncMap{"pair": pair}).ParseFS(templateFiles, "templates/*.html"))

// frame is everything the template of a page needs.
type frame struct {
	format
	Ask     ask
	Title   string
	Heading string
	Org     string
	Token   string
	Nav     []Link
	Langs   []Link
	Fresh   *freshView
	Banner  string
	Alerts  int
	Filters *filtersView
	Blocks  []Block
	CSS     string
	JS      string
	Icon    string
}

// Lang is the language of the page, for its attribute.
func (f frame) Lang() string { return f.lang }

// Wall tells the large type.
func (f frame) Wall() bool { return f.Ask.wall }

// servePage answers with a screen.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request, screen screen) {
	a, err := s.parse(r, screen)
	if err != nil {
		s.serveProblem(w, r, http.StatusBadRequest, "problem.address")
		return
	}
	sight := s.watch.look(r.Context())
	etag := a.etag(sight.token)
	if s.answered(w, r, a, etag) {
		return
	}
	d, err := s.figures(r.Context(), a, sight)
	switch {
	case errors.Is(err, ErrNoEvent):
		s.serveProblem(w, r, http.StatusNotFound, "problem.no_event")
		return
	case d == nil && sight.problem == problemAway:
		w.Header().Set("Retry-After", "30")
		s.serveProblem(w, r, http.StatusServiceUnavailable, "problem.away")
		return
	}
	if d != nil && d.stale {
		sight.problem = problemAway
	} else if d != nil && sight.problem == problemNone {
		sight = d.sight // a publication may have landed meanwhile
		w.Header().Set("ETag", a.etag(sight.token))
	}
	page, err := s.write(a, d, sight)
	if err != nil {
		s.log.ErrorContext(r.Context(), "page: write", "screen", string(screen), "error", err)
		s.serveProblem(w, r, http.StatusInternalServerError, "problem.internal")
		return
	}
	if !d.whole() { // the next one who asks may have luck
		w.Header().Del("ETag")
		w.Header().Set("Cache-Control", "no-store")
	}
	writeBody(w, r, http.StatusOK, page.plain, page.packed)
}

// whole figures make the page of their publication; one with a hole in it is not that page.
func (d *figures) whole() bool { return d == nil || d.failed == 0 && !d.stale }

// write a page once for all who ask for it now, and keep it when it is whole.
func (s *Server) write(a ask, d *figures, sight sight) (written, error) {
	etag := a.etag(sight.token)
	made, err, _ := s.flights.Do("page\x00"+etag, func() (any, error) {
		if page, found := s.cache.page(etag); found && d.whole() {
			return page, nil
		}
		f := s.frame(a, sight)
		f.fill(d, sight)
		page, err := f.write()
		if err == nil && d.whole() {
			s.cache.keepPage(etag, page)
		}
		return page, err
	})
	if err != nil {
		return written{}, err
	}
	return made.(written), nil
}

func (s *Server) parse(r *http.Request, screen screen) (ask, error) {
	a, err := parseAsk(r, screen)
	if err != nil || screen != screenEvent {
		return a, err
	}
	a.filter = Filter{Show: a.filter.Show, Period: defaultPeriod}
	a.filter.Event, err = strconv.ParseUint(r.PathValue("id"), 10, 64)
	return a, err
}

// etag names everything a page depends on. All who may see it see the same, so who asks is not part of it.
func (a ask) etag(token string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{token, a.url(nil), a.lang, stylesheet.name, script.name}, "\x00")))
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// answered answers from memory: with "not modified", or with the page as it was written before.
func (s *Server) answered(w http.ResponseWriter, r *http.Request, a ask, etag string) bool {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", a.lang)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Accept-Language, Authorization, Cookie")
	h.Set("ETag", etag)
	// A name is given to whole pages only, so a copy that has it is this page.
	if matches(r.Header.Get("If-None-Match"), etag) {
		h.Add("Vary", "Accept-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	page, found := s.cache.page(etag)
	if !found {
		return false
	}
	writeBody(w, r, http.StatusOK, page.plain, page.packed)
	return true
}

// matches compares weakly: a proxy that packed the page made the name weak.
func matches(header, etag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == etag || part == "*" {
			return true
		}
	}
	return false
}

// retryAfter is how long figures with a failed block are shown before they are asked for again.
const retryAfter = 5 * time.Second

// figures are those of the publication, from memory when they are there. While ClickHouse is away they are the
// last known ones, or nil. The error is ErrNoEvent or nil: blocks carry their own.
func (s *Server) figures(ctx context.Context, a ask, sight sight) (*figures, error) {
	key := a.dataKey()
	kept := s.cache.figuresOf(key)
	switch {
	case sight.problem == problemAway:
		return kept, nil
	case sight.problem != problemNone && a.screen != screenData:
		return nil, nil
	case kept != nil && kept.sight.token == sight.token && (kept.failed == 0 || s.options.Now().Sub(kept.loaded) < retryAfter):
		return kept, nil
	}
	found, err, _ := s.flights.Do(key+"\x00"+sight.token, func() (any, error) {
		// Not the caller's context: others wait for the same figures.
		return s.ask(context.WithoutCancel(ctx), a, sight, kept)
	})
	if err != nil {
		return nil, err
	}
	d := found.(*figures)
	return d, nil
}

// tries is how often a page is asked for when a publication lands in between.
const tries = 3

func (s *Server) ask(ctx context.Context, a ask, sight sight, kept *figures) (*figures, error) {
	key := a.dataKey()
	if d := s.cache.figuresOf(key); d != nil && d != kept && d.sight.token == sight.token && d.failed == 0 {
		return d, nil // another flight has just landed
	}
	filter := a.filter
	var d *figures
	for try := range tries {
		filter.Version, filter.Now = sight.version, s.options.Now()
		var err error
		if d, err = load(ctx, s.from, a.screen, filter); errors.Is(err, ErrNoEvent) {
			return nil, ErrNoEvent
		}
		if err != nil {
			s.log.ErrorContext(ctx, "page: blocks failed", "screen", string(a.screen), "error", err)
		}
		if sight.problem != problemNone {
			break
		}
		// All blocks show one publication, or are asked for again.
		version, err := s.from.Version(ctx)
		if err != nil || version == sight.version || try == tries-1 {
			break
		}
		s.watch.expire()
		sight = s.watch.look(ctx)
		s.hub.tell(sight.token)
	}
	d.sight, d.loaded = sight, s.options.Now()
	if d.failed == d.total && kept != nil && kept.failed < kept.total {
		old := *kept
		old.stale = true
		return &old, nil
	}
	s.cache.keepFigures(key, d)
	return d, nil
}

// frame is a page without its figures.
func (s *Server) frame(a ask, sight sight) frame {
	f := frame{
		format: format{a.lang}, Ask: a, Org: foreign(s.options.Org), Token: sight.token, Alerts: sight.alerts,
		CSS: stylesheet.name, JS: script.name, Icon: icon.name,
	}
	f.Heading = f.T("screen." + string(a.screen))
	f.Title = f.Heading
	if f.Org != "" {
		f.Title += " — " + f.Org
	}
	for i, screen := range []screen{screenToday, screenEvent, screenChannels, screenData} {
		link := Link{Text: f.T("screen." + string(screen)), Current: screen == a.screen, Key: strconv.Itoa(i + 1), Href: a.to(screen)}
		if screen == screenEvent {
			link.Href = withQuery("/events", a.keptQuery())
		}
		f.Nav = append(f.Nav, link)
	}
	for _, lang := range []string{"ru", "en"} {
		f.Langs = append(f.Langs, Link{Text: strings.ToUpper(lang), Current: lang == a.lang, Key: lang, Href: a.url(func(next *ask) { next.lang, next.chosen = lang, true })})
	}
	if !sight.version.AsOf.IsZero() {
		line := f.freshLine(sight)
		f.Fresh = &line
	}
	return f
}

// keptQuery is what goes along to any other page: language and type size.
func (a ask) keptQuery() url.Values {
	return ask{screen: screenData, lang: a.lang, chosen: a.chosen, wall: a.wall}.query()
}

// fill puts figures into a page, or says why there are none.
func (f *frame) fill(d *figures, sight sight) {
	switch sight.problem {
	case problemAway:
		f.Banner = f.T("banner.away")
	case problemEmpty, problemOld:
		f.Banner = f.T("banner." + string(sight.problem))
	}
	if d == nil {
		return
	}
	b := builder{format: f.format, ask: f.Ask, d: d, now: d.version.AsOf}
	if d.version.AsOf.IsZero() {
		b.now = sight.at
	}
	f.Blocks = b.blocks()
	if f.Ask.screen == screenEvent && d.event.err == nil {
		f.Heading = foreign(d.event.value.Name)
		f.Title = f.Heading + " — " + f.T("screen.event")
	}
	f.Filters = b.filters()
}

func (f frame) write() (written, error) {
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, "page.html", f); err != nil {
		return written{}, fmt.Errorf("page %s: %w", f.Ask.screen, err)
	}
	return written{plain: out.Bytes(), packed: packed(out.Bytes())}, nil
}

// serveProblem is an honest page about why there is no other.
func (s *Server) serveProblem(w http.ResponseWriter, r *http.Request, status int, key string) {
	a, _ := parseAsk(r, screenToday)
	a = ask{screen: "problem", lang: a.lang, chosen: a.chosen, filter: Filter{Period: defaultPeriod}}
	f := s.frame(a, sight{})
	f.Token = "problem" // which the script does not keep up to date
	if status == http.StatusServiceUnavailable {
		f.Token = s.watch.look(r.Context()).token // the page comes by itself when ClickHouse is back
	}
	f.Heading, f.Banner = f.T("problem.heading"), f.T(key)
	f.Title = f.Heading
	page, err := f.write()
	if err != nil {
		http.Error(w, f.Banner, status)
		return
	}
	h := w.Header()
	h.Del("ETag")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", a.lang)
	writeBody(w, r, status, page.plain, page.packed)
}

// chooseEvent leads to an event: the one a form names, else the one that needs help most.
func (s *Server) chooseEvent(w http.ResponseWriter, r *http.Request) {
	a, err := parseAsk(r, screenToday)
	if err != nil {
		s.serveProblem(w, r, http.StatusBadRequest, "problem.address")
		return
	}
	event := a.filter.Event
	if event == 0 {
		a.filter = Filter{Period: defaultPeriod}
		d, _ := s.figures(r.Context(), a, s.watch.look(r.Context()))
		if d != nil && len(d.shows.value.Shows) > 0 {
			event = d.shows.value.Shows[0].EventID
		} else if d != nil && len(d.choices.value.Events) > 0 {
			event = d.choices.value.Events[0].EventID
		}
	}
	if event == 0 {
		s.serveProblem(w, r, http.StatusNotFound, "problem.no_events")
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, a.toEvent(event, 0), http.StatusSeeOther)
}

// serveCSV answers with one table of a screen, with the filters of the address.
func (s *Server) serveCSV(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("table")
	screen, known := tableScreens[name]
	if !known {
		s.serveProblem(w, r, http.StatusNotFound, "problem.not_found")
		return
	}
	a, err := parseAsk(r, screen)
	if err != nil || screen == screenEvent && a.filter.Event == 0 {
		s.serveProblem(w, r, http.StatusBadRequest, "problem.address")
		return
	}
	if screen == screenEvent {
		a.filter = Filter{Event: a.filter.Event, Show: a.filter.Show, Period: defaultPeriod}
	}
	sight := s.watch.look(r.Context())
	d, err := s.figures(r.Context(), a, sight)
	if err != nil {
		s.serveProblem(w, r, http.StatusNotFound, "problem.no_event")
		return
	}
	if d == nil || sight.problem == problemAway { // a file has no banner that says how old it is
		w.Header().Set("Retry-After", "30")
		s.serveProblem(w, r, http.StatusServiceUnavailable, "problem.away")
		return
	}
	b := builder{format: format{a.lang}, ask: a, d: d, now: d.version.AsOf}
	for _, block := range b.blocks() {
		if block.ID == name {
			s.writeTable(w, r, a, block, d)
			return
		}
	}
	s.serveProblem(w, r, http.StatusNotFound, "problem.no_table")
}

func (s *Server) writeTable(w http.ResponseWriter, r *http.Request, a ask, block Block, d *figures) {
	if block.Failed != "" {
		s.serveProblem(w, r, http.StatusServiceUnavailable, "block.failed")
		return
	}
	table := block.Table
	if table == nil {
		table = &Table{}
	}
	var out bytes.Buffer
	_ = format{a.lang}.writeCSV(&out, *table) // into memory
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Language", a.lang)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s_%s.csv"`, block.ID, d.version.AsOf.In(moscow).Format("2006-01-02_1504")))
	writeBody(w, r, http.StatusOK, out.Bytes(), packed(out.Bytes()))
}

// tableScreens says which screen each CSV belongs to.
var tableScreens = map[string]screen{
	"cards": screenToday, "hours": screenToday, "shows": screenToday, "weeks": screenToday, "cities": screenToday,
	"event": screenEvent, "pacing": screenEvent, "event-days": screenEvent, "zones": screenEvent, "event-shows": screenEvent,
	"channels": screenChannels, "promo": screenChannels, "days": screenChannels, "heat": screenChannels, "lead": screenChannels,
	"sizes": screenChannels, "payments": screenChannels,
	"feeds": screenData, "runs": screenData, "quarantine": screenData, "alerts": screenData, "history": screenData, "glossary": screenData,
}
