package dashboard

import (
	"encoding/json"
	"net/http"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
)

// What a phone needs to keep the page among its apps: a manifest, icons, and a worker that says so where there is no
// network. Share links have none of it.
const (
	manifestPath = "/manifest.webmanifest"
	workerPath   = "/worker.js" // its folder is what it may answer for
)

// Colours of the paper, as page.css has them, for what of a window is not the page.
const (
	paper     = "#fdfdfc"
	paperDark = "#11171d"
)

type manifest struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	ShortName  string         `json:"short_name"`
	Lang       format.Locale  `json:"lang"`
	StartURL   string         `json:"start_url"`
	Scope      string         `json:"scope"`
	Display    string         `json:"display"`
	Background string         `json:"background_color"`
	Theme      string         `json:"theme_color"`
	Icons      []manifestIcon `json:"icons"`
}

type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose,omitempty"`
}

// serveManifest names the app after the organiser.
func (s *Server) serveManifest(w http.ResponseWriter, r *http.Request) {
	params, _ := address.Parse(r, address.Today) // its language is right in any case
	m := manifest{ID: "/", Name: format.Sanitize(s.options.Org), ShortName: params.Locale.T("app.short"),
		Lang:     params.Locale,
		StartURL: "/", Scope: "/", Display: "standalone", Background: paper, Theme: paper,
		Icons: []manifestIcon{
			{Src: icon192().name, Sizes: "192x192", Type: icon192().contentType},
			{Src: icon512().name, Sizes: "512x512", Type: icon512().contentType},
			{Src: iconMaskable().name, Sizes: "512x512", Type: iconMaskable().contentType, Purpose: "maskable"},
		}}
	if m.Name == "" {
		m.Name = params.Locale.T("app.name")
	}
	text, _ := json.Marshal(m) // of texts alone
	h := w.Header()
	h.Set("Cache-Control", "private, max-age=3600")
	h.Set("Content-Type", "application/manifest+json; charset=utf-8")
	writeBody(w, r, http.StatusOK, text, nil)
}

// serveWorker gives the worker under the one name that browsers look for a newer one at.
func serveWorker(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", worker().contentType)
	writeBody(w, r, http.StatusOK, worker().plain, worker().packed)
}

// offline is what the page says where there is no network, for its script and its worker.
func (f *frame) offline() string {
	text, _ := json.Marshal(map[string]string{"lang": string(f.Locale), "title": f.T("offline.title"),
		"text": f.T("offline.text", f.MomentFull(f.Fresh.At)), "again": f.T("offline.again")}) // of texts alone
	return string(text)
}
