package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// paths are the pages of the site.
var paths = map[string]string{
	"today": "/", "event": "/events/1", "show": "/events/1?show=100", "seats": "/events/1?show=100&seats=price",
	"channels": "/channels?compare=previous",
	"data":     "/data", "explain": "/explain?figure=sold",
}

// states are what a page can be met in. Each prepares a world after its pages were seen once.
var states = map[string]func(*invented){
	"full":  func(*invented) {},
	"empty": func(w *invented) { w.empty = true; w.version.Batch++ },
	"stale": func(w *invented) {
		w.fresh.State, w.fresh.Reason, w.fresh.AsOf = figures.Stale, figures.ReasonNoLoad, inventedNow.Add(-4*time.Hour)
		w.version.AsOf, w.now = w.fresh.AsOf, inventedNow.Add(time.Minute)
	},
	"failed": func(w *invented) {
		w.version.Batch++
		for _, name := range []string{"hours", "cities", "event-days", "zones", "channels", "heat", "feeds"} {
			w.fail[name] = true
		}
	},
	"away": func(w *invented) { w.away = true },
}

// TestScreens looks at every page in every state, language and theme, the dark one in Russian, as a person would:
// nothing in the console, nothing from elsewhere, nothing axe objects to, nothing to scroll sideways for. A short run
// looks at full pages alone.
func TestScreens(t *testing.T) {
	for state, prepare := range states {
		for _, dark := range []bool{false, true} {
			theme := map[bool]string{false: "light", true: "dark"}[dark]
			if testing.Short() && (state != "full" || dark) {
				continue
			}
			t.Run(state+"/"+theme, func(t *testing.T) {
				w := newInvented()
				s, address := site(t, w)
				for _, path := range paths {
					get(t, address+path+langQuery(path, "ru"), nil)
				}
				w.change(prepare)
				w.change(func(w *invented) { w.now = w.now.Add(3 * time.Second) })
				s.Published()
				b := open(t, address+"/", tabOptions{width: 1280, dark: dark})
				for name, path := range paths {
					if state == "empty" && (name == "event" || name == "show" || name == "seats") {
						continue // there is no event to look at
					}
					for _, lang := range []string{"ru", "en"} {
						if dark && lang == "en" {
							continue // colours are the same in both
						}
						b.inspect(address+path+langQuery(path, lang), strings.Join([]string{name, lang, theme, state}, "_"))
					}
				}
				b.local(address)
			})
		}
	}
}

func langQuery(path, lang string) string {
	if strings.Contains(path, "?") {
		return "&lang=" + lang
	}
	return "?lang=" + lang
}

// inspect one page at all widths.
func (b *tab) inspect(address, name string) {
	b.t.Helper()
	b.width(1280)
	b.steps(chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("main")))
	b.wait(`document.readyState === "complete" && document.querySelectorAll("[data-chart]").length === document.querySelectorAll(".uplot").length`)
	if said := b.said(); len(said) != 0 {
		b.t.Fatalf("%s: the console says %q", name, said)
	}
	b.keep(name)
	for _, width := range []int64{320, 360, 768, 1280} {
		b.width(width)
		b.fits(fmt.Sprintf("%s at %d", name, width))
		if width == 360 {
			b.keep(name + "_360")
		}
	}
	if found := b.axeRun(); len(found) != 0 {
		b.t.Errorf("%s: axe: %s", name, strings.Join(found, "\n  "))
	}
}

// fits: no sideways scroll, no part of the page beyond its edge, no target too small for a finger.
func (b *tab) fits(name string) {
	b.t.Helper()
	if problem := eval[string](b, `(() => {
		const wide = document.documentElement.scrollWidth;
		if (wide > innerWidth) {
			const e = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1
				&& !e.closest(".sr, .skip"))[0];
			return "scrolls sideways: " + wide + " > " + innerWidth + " because of " + (e ? e.outerHTML.slice(0, 200) : "?");
		}
		for (const e of document.querySelectorAll("a, button, select, input:not([type=hidden]), summary")) {
			const r = e.getBoundingClientRect();
			if (r.width === 0 || e.closest(".skip, dialog:not([open])")) continue;
			if (r.width < 23.5 || r.height < 23.5)
				return "too small: " + Math.round(r.width) + "×" + Math.round(r.height) + " " + e.outerHTML.slice(0, 160);
		}
		return "";
	})()`); problem != "" {
		b.t.Errorf("%s: %s", name, problem)
	}
}

// local: the browser was asked to fetch nothing from anywhere else.
func (b *tab) local(address string) {
	b.t.Helper()
	for _, request := range b.asked() {
		if !strings.HasPrefix(request, address+"/") && !strings.HasPrefix(request, "data:") && request != "about:blank" {
			b.t.Errorf("a foreign request: %s", request)
		}
	}
}

// TestColdPageWithoutClickHouse: there is no last page, and the page says so.
func TestColdPageWithoutClickHouse(t *testing.T) {
	w := newInvented()
	w.away = true
	_, address := site(t, w)
	b := open(t, address+"/?lang=ru", tabOptions{})
	if status, body := get(t, address+"/?lang=ru", nil); status != http.StatusServiceUnavailable ||
		!strings.Contains(body, "База данных не отвечает") {
		t.Errorf("%d %.200s", status, body)
	}
	if found := b.axeRun(); len(found) != 0 {
		t.Errorf("axe: %s", found)
	}
	b.fits("cold")
	b.keep("cold_away")
}

// TestKeyboardReachesEverything walks with Tab through each page.
func TestKeyboardReachesEverything(t *testing.T) {
	testkit.Long(t)
	_, address := site(t, newInvented())
	for name, path := range paths {
		for _, width := range []int64{1280, 320} {
			b := open(t, address+path, tabOptions{width: width})
			b.wait(`document.readyState === "complete"`)
			eval[bool](b, `(() => {
				window.reached = new Set();
				document.addEventListener("focusin", e => reached.add(e.target));
				document.body.focus();
				return true})()`)
			most := 3*eval[int](b, `document.querySelectorAll("a, button, select, input, summary, [tabindex]").length`) + 10
			left := ""
			for range most / 20 {
				b.do(func(ctx context.Context, target *chromedp.Target) error {
					for range 20 {
						for _, typ := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown,
							input.DispatchKeyEventTypeKeyUp} {
							if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: typ, Key: "Tab",
								Code: "Tab", WindowsVirtualKeyCode: 9}); err != nil {
								return err
							}
						}
					}
					return nil
				})
				left = eval[string](b, `(() => {
					const all = document.querySelectorAll(
						"a[href], button, select, input:not([type=hidden]), summary, [tabindex='0']");
					const e = [...all].filter(e => e.checkVisibility() && !reached.has(e))[0];
					return e ? e.outerHTML.slice(0, 200) : ""})()`)
				if left == "" {
					break
				}
			}
			if left != "" {
				t.Errorf("%s at %d: Tab never reaches %s", name, width, left)
			}
			b.close()
		}
	}
}

// TestKeys: shortcuts work, read the chart aloud, and can be switched off.
func TestKeys(t *testing.T) {
	_, address := site(t, newInvented())
	b := open(t, address+"/?lang=ru", tabOptions{})
	b.wait(`document.querySelectorAll(".uplot").length > 0`)
	b.steps(chromedp.KeyEvent("n"))
	b.wait(`[...document.querySelectorAll("main details")].every(d => d.open)`)
	b.steps(chromedp.KeyEvent("/"))
	b.wait(`document.activeElement.tagName === "SELECT"`)
	eval[bool](b, `(document.activeElement.blur(), true)`)
	b.steps(chromedp.Focus(chromedp.CSS(".b-hours .plot")), chromedp.KeyEvent("\u0303")) // arrow right
	b.wait(`/00:00: Билеты/.test(document.querySelector(".b-hours .say").textContent)`)
	b.steps(chromedp.KeyEvent("?"))
	b.wait(`document.querySelector("dialog.help").open`)
	b.keep("keys_help")
	eval[bool](b, `(document.querySelector("#keys-on").click(), document.querySelector("dialog.help").close(), true)`)
	b.steps(chromedp.KeyEvent("3"))
	if path := eval[string](b, "location.pathname"); path != "/" {
		t.Errorf("keys are off, and 3 led to %s", path)
	}
	eval[bool](b, `(document.querySelector("#keys-on").click(), document.activeElement.blur(), true)`)
	b.steps(chromedp.KeyEvent("3"))
	b.wait(`location.pathname === "/channels" && document.readyState === "complete"`)
	b.steps(chromedp.KeyEvent("]"))
	b.wait(`location.search.includes("period=90")`)
}

// TestWithoutScripts: figures instead of drawings, links and forms that work.
func TestWithoutScripts(t *testing.T) {
	testkit.Long(t)
	_, address := site(t, newInvented())
	for name, path := range paths {
		b := open(t, address+path, tabOptions{noScripts: true})
		if bad := eval[string](b, `(() => {
			for (const c of document.querySelectorAll(".chart")) if (c.getClientRects().length)
				return "a chart without a script";
			for (const t of document.querySelectorAll("table")) if (t.getBoundingClientRect().height < 30)
				return "a hidden table: " + t.outerHTML.slice(0, 100);
			return document.querySelectorAll("table").length ? "" : "no tables"})()`); bad != "" {
			t.Errorf("%s: %s", name, bad)
		}
		b.keep(name + "_noscript")
		if name == "channels" {
			b.steps(chromedp.SetValue(chromedp.CSS("select[name=city]"), "Владивосток"),
				chromedp.Click(chromedp.CSS(".filters button")))
			b.wait(`new URLSearchParams(location.search).get("city") === "Владивосток" && document.querySelector("select[name=city]")?.value === "Владивосток"`)
		}
		if said := b.said(); len(said) != 0 {
			t.Errorf("%s: the console says %q", name, said)
		}
		b.close()
	}
}

// TestPrint from a dark system: dark ink on white paper, figures instead of drawings.
func TestPrint(t *testing.T) {
	testkit.Long(t)
	_, address := site(t, newInvented())
	for name, path := range paths {
		b := open(t, address+path, tabOptions{dark: true})
		b.media("print", tabOptions{dark: true})
		if bad := eval[string](b, `(() => {
			const s = getComputedStyle(document.documentElement);
			if (s.backgroundColor !== "rgb(255, 255, 255)" || s.color !== "rgb(0, 0, 0)")
				return s.color + " on " + s.backgroundColor;
			for (const c of document.querySelectorAll(".chart, nav, form.filters")) if (c.getClientRects().length)
				return "printed: " + c.className;
			for (const t of document.querySelectorAll("table")) if (t.getBoundingClientRect().height < 30)
				return "not printed: " + t.outerHTML.slice(0, 100);
			return ""})()`); bad != "" {
			t.Errorf("%s: %s", name, bad)
		}
		pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
		if err != nil || len(pdf) < 10_000 {
			t.Errorf("%s: PDF of %d bytes: %v", name, len(pdf), err)
		}
		b.keep(name + "_print")
		b.close()
	}
}

// TestForcedColours: chosen by the reader's system, they win.
func TestForcedColours(t *testing.T) {
	_, address := site(t, newInvented())
	b := open(t, address+"/?lang=ru", tabOptions{forced: true})
	b.fits("forced colours")
	b.keep("today_forced")
}

// TestWall is the large type for a screen on a wall.
func TestWall(t *testing.T) {
	_, address := site(t, newInvented())
	b := open(t, address+"/?wall=1&lang=ru", tabOptions{width: 1920, height: 1080})
	if size := eval[string](b, "getComputedStyle(document.body).fontSize"); size != "22px" {
		t.Errorf("the type is %s", size)
	}
	b.fits("wall")
	b.keep("wall")
}

// TestHostileNames: names, marks and codes of strangers stand there as text, stay in their lines, and do
// nothing.
func TestHostileNames(t *testing.T) {
	w := newInvented()
	w.hostile = true
	_, address := site(t, w)
	for name, path := range paths {
		b := open(t, address+path+langQuery(path, "ru"), tabOptions{width: 1280})
		if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[chromedp.Void]("0")); err != nil {
			t.Fatal(err)
		}
		b.wait(`document.querySelectorAll("[data-chart]").length === document.querySelectorAll(".uplot").length`)
		if found := eval[string](b, `(() => {
			if (document.scripts.length !== 1) return document.scripts.length + " scripts";
			if (document.querySelector("img, iframe, object, embed, [onerror], [onclick], [style*=url]"))
				return "foreign markup";
			const control = /[\u202a-\u202e\u0000-\u0008]/.exec(document.body.innerText);
			return control ? "a control character in the text" : ""})()`); found != "" {
			t.Errorf("%s: %s", name, found)
		}
		for _, width := range []int64{320, 360, 768, 1280} {
			b.width(width)
			b.fits(fmt.Sprintf("hostile %s at %d", name, width))
			if width == 360 || width == 1280 {
				b.keep(fmt.Sprintf("hostile_%s_%d", name, width))
			}
		}
		if said := b.said(); len(said) != 0 {
			t.Errorf("%s: the console says %q", name, said)
		}
		b.local(address)
		b.close()
	}
}

// TestLiveUpdate: a publication reaches the page by itself, and the reader keeps the place, the focus and what
// was opened.
func TestLiveUpdate(t *testing.T) {
	w := newInvented()
	s, address := site(t, w)
	b := open(t, address+"/?lang=ru", tabOptions{height: 600})
	b.wait(`document.querySelectorAll(".uplot").length > 0`)
	waitFor(t, func() bool { return s.Watching() == 1 })
	eval[bool](b, `(() => {
		document.querySelector("#d-hours").open = true;
		document.querySelector(".b-shows tbody a").focus({preventScroll: true});
		window.name = document.activeElement.textContent;
		window.old = document.querySelector("main");
		scrollTo(0, 400);
		return true})()`)
	began := time.Now()
	w.change(func(w *invented) { w.now = w.now.Add(time.Minute) })
	w.publish()
	s.Published()
	b.wait(`document.querySelector("main") !== old`)
	t.Logf("from publication to page: %s", time.Since(began).Round(time.Millisecond))
	if bad := eval[string](b, `(() => {
		if (!document.querySelector("#d-hours").open) return "the details were closed";
		if (document.activeElement.textContent !== window.name || !document.activeElement.closest(".b-shows"))
			return "the focus is at " + document.activeElement.outerHTML.slice(0, 100);
		if (Math.abs(scrollY - 400) > 2) return "scrolled to " + scrollY;
		if (document.querySelectorAll(".uplot").length !== document.querySelectorAll("[data-chart]").length)
			return "charts were not drawn";
		return ""})()`); bad != "" {
		t.Error(bad)
	}
	w.change(func(w *invented) { w.away = true; w.now = w.now.Add(time.Minute) })
	s.Published()
	b.wait(`!!document.querySelector(".banner")`)
	w.change(func(w *invented) { w.away = false; w.now = w.now.Add(time.Minute) })
	s.Published()
	b.wait(`!document.querySelector(".banner")`)
	if said := b.said(); len(said) != 0 {
		t.Errorf("the console says %q", said)
	}
}

// TestBudgets: the page stays small.
func TestBudgets(t *testing.T) {
	_, address := site(t, newInvented())
	b := open(t, address+"/?lang=ru", tabOptions{})
	b.wait(`document.readyState === "complete" && document.querySelectorAll(".uplot").length > 0`)
	if n := eval[int](b,
		`fetch(location.href).then(r => r.text()).then(t => (t.match(/<[a-z]/g) || []).length)`); n > 1500 {
		t.Errorf("%d elements", n)
	} else {
		t.Logf("%d elements", n)
	}
	requests := 0
	for _, request := range b.asked() {
		// The manifest and its icon are asked for beside the page.
		u, err := url.Parse(request)
		if err == nil && u.Path != "/live" && u.Path != manifestPath && path.Ext(u.Path) != ".png" {
			requests++
		}
	}
	if requests > 5 { // the page, its look, its script, its icon; the last is the count above
		t.Errorf("%d requests: %q", requests, b.asked())
	}
}

// waitFor a condition.
func waitFor(t testing.TB, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never happened")
		}
	}
}
