package dashboard

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

//go:embed templates/*.html
var templateFiles embed.FS

// templates are parsed once, by New: a broken one never reaches a reader, and other commands do not pay for them.
var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{"pair": pair}).ParseFS(templateFiles, "templates/*.html"))
})

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

// frame is a page without its figures.
func (s *Server) frame(a ask, sight sight) frame {
	f := frame{
		format: format{a.lang}, Ask: a, Org: foreign(s.options.Org), Token: sight.token,
		CSS: stylesheet().name, JS: script().name, Icon: icon().name,
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
		if screen == screenData && sight.alerts > 0 {
			link.Text += " ▲" + f.Int(int64(sight.alerts))
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
func (f *frame) fill(d *answers, sight sight) {
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

// serveProblem is an honest page about why there is no other.
func (s *Server) serveProblem(w http.ResponseWriter, r *http.Request, status int, key string) {
	a, _ := parseAsk(r, screenToday)
	a = ask{screen: "problem", lang: a.lang, chosen: a.chosen, filter: figures.Filter{Period: defaultPeriod}}
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
