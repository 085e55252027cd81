package dashboard

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image/png"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	devtools "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
)

// TestManifest names the organiser, in the language of the page, with icons that are what it says of them; share links
// have none of it.
func TestManifest(t *testing.T) {
	t.Parallel()
	s, at := site(t, newInvented())
	for lang, short := range map[string]string{"ru": "Продажи", "en": "Sales"} {
		r := getReply(t, at+"/manifest.webmanifest?lang="+lang, nil)
		var m manifest
		if err := json.Unmarshal([]byte(r.Body), &m); err != nil || m.Name != "Театр «Волна»" || m.ShortName != short ||
			m.Display != "standalone" || m.StartURL != "/" || r.Header.Get("Cache-Control") != "private, max-age=3600" {
			t.Errorf("%s: %v %s", lang, err, r.Body)
		}
		purposes := ""
		for _, icon := range m.Icons {
			file := getReply(t, at+icon.Src, nil)
			found, err := png.DecodeConfig(strings.NewReader(file.Body))
			if size := fmt.Sprintf("%dx%d", found.Width, found.Height); err != nil || size != icon.Sizes {
				t.Errorf("%s: %s, %v", icon.Src, size, err)
			}
			purposes += icon.Sizes + icon.Purpose + " "
		}
		if purposes != "192x192 512x512 512x512maskable " {
			t.Errorf("icons %s", purposes)
		}
		_, body := get(t, at+"/?lang="+lang, nil)
		if !strings.Contains(body, `<link rel="manifest" href="/manifest.webmanifest?lang=`+lang+`"`) ||
			strings.Count(body, `name="theme-color"`) != 2 {
			t.Errorf("%s: the page leads to no manifest", lang)
		}
	}
	shared := ask(t, s, access.Viewer{Role: access.Shared, Event: 3}, "/s/T/").Body.String()
	for _, path := range []string{manifestPath, "worker.js", "apple-touch"} {
		if strings.Contains(shared, path) {
			t.Errorf("a share link leads to %s", path)
		}
	}
	for _, path := range []string{"/s/T/worker.js", "/s/T" + icon512().name, "/s/T" + manifestPath} {
		if code := ask(t, s, access.Viewer{Role: access.Shared, Event: 3}, path).Code; code != http.StatusNotFound {
			t.Errorf("%s: %d", path, code)
		}
	}
}

// TestPaperIsTheSame in the stylesheet and where a window is no page.
func TestPaperIsTheSame(t *testing.T) {
	t.Parallel()
	for _, color := range []string{paper, paperDark} {
		if !bytes.Contains(stylesheet().plain, []byte("--paper: "+color+";")) {
			t.Errorf("page.css has no paper of %s", color)
		}
	}
}

// TestOffline: the page that was installed is opened without a server: it says so and up to when the last figures were,
// in its language, and shows no figure; when the server is back it comes by itself. What is open says the same.
func TestOffline(t *testing.T) {
	w := newInvented()
	s, _ := site(t, w)
	server := httptest.NewServer(seenBy(s, w.viewer))
	for _, lang := range []string{"ru", "en"} {
		b := open(t, server.URL+"/?lang="+lang, tabOptions{width: 390})
		b.wait(`navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)`)
		b.wait(`caches.match("/offline").then((r) => !!r && r.json()).then((t) => t.lang === "` + lang + `")`)
		if problems := installability(t, b); len(problems) > 0 {
			t.Errorf("it cannot be installed: %q", problems)
		}
		if kept := eval[string](b, `caches.keys().then((all) => Promise.all(all.map((name) => caches.open(name).then((c) =>
			c.keys()).then((list) => list.map((r) => new URL(r.url).pathname))))).then((all) => all.flat().join())`); kept !=
			"/offline" {
			t.Errorf("kept: %s", kept)
		}
		server.CloseClientConnections()
		address := server.Listener.Addr().String()
		server.Close()
		b.wait(`document.querySelector(".fresh").className === "fresh away"`)
		for _, path := range []string{"/?lang=" + lang, "/data", "/events/1"} {
			b.steps(chromedp.Navigate(server.URL+path), chromedp.WaitReady(chromedp.CSS("main")))
			text := eval[string](b, "document.body.innerText")
			want := map[string]string{"ru": "Нет связи", "en": "No connection"}[lang]
			if !strings.Contains(text, want) || !strings.Contains(text, "14:02") || strings.Contains(text, "Волна") ||
				strings.Contains(text, "₽") || eval[string](b, "document.documentElement.lang") != lang {
				t.Errorf("%s in %s: %s", path, lang, text)
			}
		}
		if found := b.axeRun(); len(found) != 0 {
			t.Errorf("axe: %s", strings.Join(found, "\n  "))
		}
		b.fits("offline")
		b.keep("offline_" + lang)
		server = again(t, seenBy(s, w.viewer), address)
		eval[bool](b, `dispatchEvent(new Event("online"))`)
		b.wait(`!!document.querySelector("#main .cards")`)
		b.close()
	}
	server.Close()
}

// again listens where another server did.
func again(t *testing.T, handler http.Handler, address string) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
		if err == nil {
			_ = server.Listener.Close()
			server.Listener = listener
			server.Start()
			return server
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// installability is what keeps the browser from installing the page.
func installability(t *testing.T, b *tab) (problems []string) {
	t.Helper()
	b.do(func(ctx context.Context, target *chromedp.Target) error {
		found, err := cdp.Call(ctx, target, devtools.GetInstallabilityErrors, cdp.Empty{})
		for _, e := range found.InstallabilityErrors {
			problems = append(problems, e.ErrorID)
		}
		return err
	})
	return problems
}

// TestWorkerLetsNobodyIn: with the worker in the browser, a form of another site is refused as without it, whoever is
// signed out is told so, and a share link is answered by the server alone.
func TestWorkerLetsNobodyIn(t *testing.T) {
	w := newInvented()
	s, _ := site(t, w)
	address, file := guarded(t, s)
	_, token, err := access.AddShare(file, access.Share{Event: 3, Made: time.Now(), Until: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, address+"/?lang=ru", tabOptions{})
	if eval[bool](b, `navigator.serviceWorker.getRegistrations().then((r) => r.length > 0)`) {
		t.Error("the form to sign in registers a worker")
	}
	link := address + access.SharePath + token + "/"
	b.steps(chromedp.Navigate(link), chromedp.WaitReady(chromedp.CSS("#main .cards")))
	if eval[bool](b, `navigator.serviceWorker.getRegistrations().then((r) => r.length > 0)`) {
		t.Error("a share link registers a worker")
	}
	b.steps(chromedp.Navigate(address+"/?lang=ru"), chromedp.WaitReady(chromedp.CSS("form")),
		chromedp.Evaluate[chromedp.Void](`document.querySelector("[name=name]").value = "anna";
		document.querySelector("[name=password]").value = "a long password"; document.querySelector("button").click()`))
	b.wait(`location.pathname === "/events/3" && !!document.querySelector("#main .cards")`)
	b.wait(`navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)`)
	evil := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(rw, `<main></main><form method="post" action="%s/people/revoke"><input name="name" value="anna"></form>
			<script>document.forms[0].submit()</script>`, address)
	}))
	defer evil.Close()
	b.steps(chromedp.Navigate(evil.URL))
	b.wait(`document.readyState === "complete" && location.pathname === "/people/revoke"`)
	if text := eval[string](b, "document.body.innerText"); !strings.Contains(text, "с чужого сайта") &&
		!strings.Contains(text, "another site") {
		t.Errorf("a form of another site: %s", text)
	}
	if err := access.RemovePerson(file, "anna"); err != nil {
		t.Fatal(err)
	}
	b.steps(chromedp.Navigate(address+"/events/3"), chromedp.WaitReady(chromedp.CSS("form")))
	if text := eval[string](b, "document.body.innerText"); strings.Contains(text, "Стендап") {
		t.Errorf("removed, and sees %s", text)
	}
}
