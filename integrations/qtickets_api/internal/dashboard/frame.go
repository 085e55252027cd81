package dashboard

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
)

//go:embed templates/*.html
var templateFiles embed.FS

// templates are parsed once, by New: a broken one never reaches a reader, and other commands do not pay for them.
var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(templateFiles, "templates/*.html"))
})

// frame is everything the template of a page needs.
type frame struct {
	format.Locale
	Screen           address.Screen
	Wall             bool // large type
	Title            string
	Heading          string
	Org              string
	Token            string
	Nav              []block.Link
	Langs            []block.Link
	Fresh            *freshness
	Banner           string
	Problem          string // why there is no other page
	OurFault         bool   // not of the address
	Filters          *filters
	Blocks           []block.View
	CSS              string
	JS               string
	Icon             string
	Apple            string // icon
	App              string // address of the manifest; "": the page cannot be installed
	Offline          string // what it says without a network
	Paper, PaperDark string
	Shared           bool   // a page of its own: no menu, no keys
	Live             string // where the news come from
	Foot             string
	SignOut          string // address of the form that ends the session; "": there is none
}

// newFrame is a page without its figures.
func newFrame(org string, params address.Params, current snapshot) frame {
	f := frame{
		Locale: params.Locale, Screen: params.Screen, Wall: params.Wall, Org: format.Sanitize(org), Token: current.token,
		CSS: stylesheet().name, JS: script().name, Icon: icon().name, Paper: paper, PaperDark: paperDark,
	}
	f.Heading = f.T("screen." + string(params.Screen))
	f.Title = f.Heading
	if f.Org != "" {
		f.Title += " — " + f.Org
	}
	if params.Scope.Shared {
		f.share(params.Scope)
	} else {
		f.Live, f.Nav = "/live", f.menu(params, current.alerts)
		f.App, f.Apple = address.WithQuery(manifestPath, url.Values{"lang": {string(f.Locale)}}), iconApple().name
	}
	if params.Scope.SignedIn {
		f.SignOut = access.SignOutPath
	}
	for _, l := range format.Locales() {
		f.Langs = append(f.Langs, block.Link{
			Text: strings.ToUpper(string(l)), Current: l == params.Locale, Key: string(l),
			Href: params.With(func(next *address.Params) { next.Locale, next.Chosen = l, true }),
		})
	}
	if !current.version.AsOf.IsZero() {
		f.Fresh = newFreshness(params.Locale, current)
		f.Offline = f.offline()
	}
	if current.problem != problemNone {
		f.Banner = f.T(current.problem.banner())
	}
	return f
}

// menu are the screens, with the number of open alerts.
func (f frame) menu(params address.Params, alerts int) []block.Link {
	var list []block.Link
	for i, screen := range address.Screens() {
		if params.Scope.Event != 0 && screen != address.Event {
			continue
		}
		link := block.Link{Text: f.T("screen." + string(screen)), Current: screen == params.Screen, Key: strconv.Itoa(i + 1),
			Href: params.To(screen)}
		if screen == address.Event {
			link.Href = address.WithQuery("/events", params.KeptQuery())
		}
		if screen == address.Data && alerts > 0 {
			link.Text += " ▲" + f.Int(int64(alerts))
		}
		list = append(list, link)
	}
	return list
}

// nameEvent puts the event into the heading of its screen.
func (f *frame) nameEvent(params address.Params, a *results) {
	if event, known := a.event(); known && params.Screen == address.Event {
		f.Heading = format.Sanitize(event.Name)
		f.Title = f.Heading + " — " + f.T("screen.event")
	}
}

func (f frame) render() (page, error) {
	var out bytes.Buffer
	if err := templates().ExecuteTemplate(&out, "page.html", f); err != nil {
		return page{}, fmt.Errorf("page %s: %w", f.Screen, err)
	}
	return page{plain: out.Bytes(), packed: packed(out.Bytes())}, nil
}
