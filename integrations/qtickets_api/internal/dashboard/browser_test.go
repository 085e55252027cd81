package dashboard

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
)

// chromium is started once for all browser tests.
var chromium struct {
	once  sync.Once
	ctx   context.Context
	close func()
	err   error
}

// browser is a real Chromium, or the loud reason for going without. QTICKETS_BROWSER=required makes a missing
// one a failure, as in CI.
func browser(t *testing.T) context.Context {
	t.Helper()
	chromium.once.Do(func() { chromium.err = startChromium() })
	if chromium.err != nil {
		if os.Getenv("QTICKETS_BROWSER") == "required" {
			t.Fatal(chromium.err)
		}
		t.Skipf("THE PAGE IS NOT TESTED IN A BROWSER: %v: install the package chromium", chromium.err)
	}
	return chromium.ctx
}

func startChromium() error {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return fmt.Errorf("no Chromium on this machine")
	}
	dir, err := os.MkdirTemp("", "qtickets_chromium_")
	if err != nil {
		return err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("no-proxy-server", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.UserDataDir(dir), chromedp.WindowSize(1280, 800),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	chromium.ctx = ctx
	chromium.close = func() { cancel(); stop(); _ = os.RemoveAll(dir) }
	return chromedp.Do(ctx) // starts it
}

// tab is a page open in the browser, with everything it said and asked for.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	messages []string
	requests []string
}

// tabOptions are how a tab looks at the page.
type tabOptions struct {
	width, height int64
	dark          bool
	noScripts     bool
	forced        bool
}

// open a page and wait until it has drawn itself.
func open(t *testing.T, url string, l tabOptions) *tab {
	t.Helper()
	if l.width == 0 {
		l.width = 1280
	}
	if l.height == 0 {
		l.height = 800
	}
	ctx, cancel := chromedp.NewContext(browser(t))
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	b.do(func(ctx context.Context, target *chromedp.Target) error {
		for _, enable := range []cdp.Command[cdp.Empty, cdp.Empty]{log.Enable, runtime.Enable} {
			if _, err := cdp.Call(ctx, target, enable, cdp.Empty{}); err != nil {
				return err
			}
		}
		if _, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled,
			emulation.SetScriptExecutionDisabledParams{Value: l.noScripts}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: l.width, Height: l.height, DeviceScaleFactor: 1, Mobile: l.width < 768,
		})
		return err
	})
	b.media("", l)
	b.steps(chromedp.Navigate(url), chromedp.WaitReady(chromedp.CSS("main")))
	return b
}

func (b *tab) media(media string, l tabOptions) {
	b.t.Helper()
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
	if l.forced {
		features = append(features, &emulation.MediaFeature{Name: "forced-colors", Value: "active"})
	}
	b.do(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media,
			Features: features})
		return err
	})
}

// close the page. A browser keeps six connections to a host, and each page in sight holds one for its news.
func (b *tab) close() {
	b.t.Helper()
	if err := chromedp.Cancel(b.ctx); err != nil {
		b.t.Fatal(err)
	}
}

// width changes the window.
func (b *tab) width(width int64) {
	b.t.Helper()
	b.do(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: width, Height: 800, DeviceScaleFactor: 1, Mobile: width < 768,
		})
		return err
	})
	eval[bool](b, "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
}

func (b *tab) do(f func(context.Context, *chromedp.Target) error) {
	b.t.Helper()
	b.steps(chromedp.Func(f))
}

func (b *tab) steps(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// eval runs a script in the page.
func eval[T any](b *tab, script string) T {
	b.t.Helper()
	value, err := tryEval[T](b, script)
	if err != nil {
		b.t.Fatalf("%.200s: %v", script, err)
	}
	return value
}

func tryEval[T any](b *tab, script string) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, 60*time.Second)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// wait until a script says true. A page that another one takes the place of meanwhile cannot answer: the next is asked.
func (b *tab) wait(script string) {
	b.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		done, err := tryEval[bool](b, script)
		if done {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s: never; %v", script, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		b.messages = append(b.messages, fmt.Sprint(e.Entry.Source, ": ", e.Entry.Text, " ", e.Entry.URL))
	case *runtime.EventConsoleAPICalled:
		b.messages = append(b.messages, fmt.Sprint("console.", e.Type))
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		b.messages = append(b.messages, "exception: "+text)
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

// said is what the console heard so far.
func (b *tab) said() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string{}, b.messages...)
}

func (b *tab) asked() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string{}, b.requests...)
}

// keep a screenshot of the whole page for people to look at.
func (b *tab) keep(name string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	image, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	dir := os.Getenv("QTICKETS_SCREENSHOTS")
	if dir == "" {
		dir = b.t.ArtifactDir()
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), image, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

var axe struct {
	once   sync.Once
	source string
	err    error
}

// axeRun judges the page by axe-core, pinned in deps/page and fetched by make deps.
func (b *tab) axeRun() []string {
	b.t.Helper()
	axe.once.Do(func() {
		var out []byte
		if out, axe.err = exec.Command("../../deps/page/fetch.sh").Output(); axe.err == nil {
			out, axe.err = os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "axe-core", "axe.min.js"))
			axe.source = string(out)
		}
	})
	if axe.err != nil {
		b.t.Fatalf("axe-core: %v: deps/page/fetch.sh could not fetch it", axe.err)
	}
	eval[bool](b, "(() => {"+axe.source+"; return true})()")
	found := eval[string](b, `axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]}).then(r => JSON.stringify(
		r.violations.map(v => v.id + ": " + v.help + " at " + v.nodes.slice(0, 4).map(n => n.html.slice(0, 160) + " — " + (n.any[0] || n.all[0] || n.none[0] || {}).message).join(" | "))))`)
	var list []string
	if err := json.Unmarshal([]byte(found), &list); err != nil {
		b.t.Fatal(err)
	}
	return list
}

// site serves a page over an invented world, to an administrator.
func site(t testing.TB, w *invented, change ...func(*Options)) (*Server, string) {
	t.Helper()
	o := Options{source: w, Org: "Театр «Волна»", Build: "test", SavePlan: w.savePlan, Access: inventedPeople(t),
		Now: func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now }}
	for _, c := range change {
		c(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		viewer := w.viewer
		w.mu.Unlock()
		s.ServeHTTP(rw, r.WithContext(access.With(r.Context(), viewer)))
	}))
	t.Cleanup(func() {
		_ = s.Close()
		server.Close()
	})
	return s, server.URL
}

// inventedPeople are some of each kind, with two links to the first event.
func inventedPeople(t testing.TB) *access.Guard {
	t.Helper()
	file := filepath.Join(t.TempDir(), "users")
	lines := "Анна:" + inventedHash + ":admin\nboris@example.test:" + inventedHash +
		":view-no-money\nvera:invited:event:3\n"
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	guard, err := access.New(access.Options{Listen: "127.0.0.1:0", UsersFile: file})
	if err != nil {
		t.Fatal(err)
	}
	for i, link := range []access.Share{{Event: 1, Label: "Площадка «Маяк»"}, {Event: 1, Show: 100, NoMoney: true}} {
		link.Made, link.Until = inventedNow.Add(time.Duration(i)*time.Minute), inventedNow.AddDate(0, 0, 30)
		if _, _, err := guard.AddShare(link); err != nil {
			t.Fatal(err)
		}
	}
	return guard
}

// inventedHash is of a text that nobody knows.
const inventedHash = "$2a$12$bHkf.yqS84Ye5FTCAJVL3Oniw3/9StdMBEKJROzBxNIflOgSXrClC"
