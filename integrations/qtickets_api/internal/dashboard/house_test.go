package dashboard

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
)

func linkForm(label, term, money string) url.Values {
	return url.Values{"label": {label}, "term": {term}, "money": {money}}
}

// madeAddress is the address of the link that a page was told of.
var madeAddress = regexp.MustCompile(`<input value="([^"]*/s/[^"]*)" readonly`)

// holding are the links to an event that hold.
func holding(t *testing.T, s *Server, event uint64) []access.Share {
	t.Helper()
	links, err := s.options.Access.Links(event, inventedNow)
	if err != nil {
		t.Fatal(err)
	}
	return links
}

// TestLinkIsMadeOnThePage: the page tells the address once, the link shows what was asked for, by the same store as
// "share add", and what is revoked opens nothing for the next request.
func TestLinkIsMadeOnThePage(t *testing.T) {
	t.Parallel()
	w := newInvented()
	w.change(func(w *invented) { w.now = time.Now() }) // the guard has no other clock
	s, at := site(t, w)
	outside := s.options.Access.Page(s)
	open := func(path string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		answer := httptest.NewRecorder()
		outside.ServeHTTP(answer, r)
		return answer
	}
	for _, c := range []struct {
		show, term, money string
		days              int
	}{{"", "7d", "no", 7}, {"100", "30d", "yes", 30}, {"110", "7d", "no", 7}} {
		before := holding(t, s, 1)
		answer := sendForm(t, at+"/share?lang=ru&event=1&show="+c.show, linkForm("Площадка «Б»", c.term, c.money), fromPage)
		made := madeAddress.FindStringSubmatch(answer.Body)
		if answer.StatusCode != http.StatusOK || answer.Header.Get("Cache-Control") != "no-store" || made == nil ||
			answer.Header.Get("ETag") != "" || !strings.Contains(answer.Body, `data-state="problem"`) {
			t.Fatalf("%+v: %d %v", c, answer.StatusCode, answer.Header)
		}
		_, again := get(t, at+"/events/1?lang=ru&show="+c.show, nil)
		path := strings.TrimPrefix(made[1], at)
		if madeAddress.MatchString(again) || !strings.Contains(plainText(again), "Площадка «Б»") || path == made[1] {
			t.Errorf("%+v: %q, and then: %t", c, made[1], madeAddress.MatchString(again))
		}
		links := slices.DeleteFunc(holding(t, s, 1), func(l access.Share) bool { return slices.Contains(before, l) })
		if len(links) != 1 {
			t.Fatalf("%+v: %d new links", c, len(links))
		}
		link, want := links[0], w.now.AddDate(0, 0, c.days)
		if link.Event != 1 || fmt.Sprint(link.Show) != cmp.Or(c.show, "0") || link.NoMoney != (c.money == "no") ||
			want.Sub(link.Until) > time.Second || link.Until.After(want) {
			t.Errorf("%+v: %+v", c, link)
		}
		seen := open(path)
		if seen.Code != http.StatusOK || strings.Contains(seen.Body.String(), "₽") != (c.money == "yes") ||
			strings.Contains(seen.Body.String(), "Площадка") {
			t.Errorf("%+v: the link shows %d", c, seen.Code)
		}
		ended := sendForm(t, at+"/share/revoke?lang=ru&event=1&show="+c.show, url.Values{"id": {link.ID}}, fromPage)
		if to := ended.Header.Get("Location"); ended.StatusCode != http.StatusSeeOther ||
			!strings.HasPrefix(to, "/events/1?lang=ru") || !strings.HasSuffix(to, "#h-share") ||
			open(path).Code != http.StatusNotFound {
			t.Errorf("%+v: revoked: %d to %q, and the link: %d", c, ended.StatusCode, to, open(path).Code)
		}
		if twice := sendForm(t, at+"/share/revoke?event=1", url.Values{"id": {link.ID}}, fromPage); twice.StatusCode != 303 {
			t.Errorf("revoked twice: %d", twice.StatusCode)
		}
	}
}

// TestLinkUntilTheShow ends when the chosen show begins, or the last of the event.
func TestLinkUntilTheShow(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, at := site(t, w)
	for show, want := range map[string]time.Time{"": *w.show(20).Start, "100": *w.show(0).Start} {
		before := holding(t, s, 1)
		answer := sendForm(t, at+"/share?event=1&show="+show, linkForm(show+"!", "show", "no"), fromPage)
		links := holding(t, s, 1)
		if answer.StatusCode != http.StatusOK || len(links) != len(before)+1 || !slices.ContainsFunc(links,
			func(l access.Share) bool { return l.Label == show+"!" && l.Until.Equal(want) }) {
			t.Errorf("show %q: %d %+v", show, answer.StatusCode, links)
		}
	}
	w.change(func(w *invented) { w.now = w.show(0).Start.Add(time.Minute) })
	answer := sendForm(t, at+"/share?event=1&show=100", linkForm("", "show", "no"), fromPage)
	if answer.StatusCode != 400 {
		t.Errorf("after the show: %d", answer.StatusCode)
	}
}

// TestFault3_12_OthersChangeNoAccess: what another site, no browser, or one who may only look sends makes and ends no
// link and removes nobody; nor does a form that is not whole, or about what is not there.
func TestFault3_12_OthersChangeNoAccess(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, at := site(t, w)
	id := holding(t, s, 1)[0].ID
	state := func() string {
		return fmt.Sprint(len(holding(t, s, 1)), len(holding(t, s, 3)), len(s.options.Access.People()))
	}
	forms := map[string]url.Values{"/share?event=1&show=100": linkForm("x", "7d", "yes"),
		"/share/revoke?event=1": {"id": {id}}, "/people/revoke": {"name": {"vera"}}}
	before := state()
	for path, form := range forms {
		for name, c := range senders {
			if c.taken {
				continue
			}
			if answer := sendForm(t, at+path, form, c.headers); answer.StatusCode != http.StatusForbidden {
				t.Errorf("%s from %s: %d", path, name, answer.StatusCode)
			}
		}
		for _, method := range []string{"GET", "HEAD", "PUT", "DELETE"} {
			r, err := http.NewRequestWithContext(t.Context(), method, at+path+"&"+form.Encode(), nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			answer, err := http.DefaultClient.Do(r)
			if err != nil || answer.StatusCode < 400 {
				t.Errorf("%s by %s: %v %v", path, method, answer, err)
			}
			_ = answer.Body.Close()
		}
		admin := w.viewer
		for _, viewer := range []access.Viewer{{}, {Name: "Анна", Role: access.View}, {Name: "b", Role: access.ViewNoMoney},
			{Name: "c", Role: access.Event, Event: 1}, {Role: access.Shared, Event: 1}} {
			w.change(func(w *invented) { w.viewer = viewer })
			answer := sendForm(t, at+path, form, fromPage)
			if answer.StatusCode != http.StatusForbidden || !strings.Contains(answer.Body, "администратор") {
				t.Errorf("%s by %+v: %d", path, viewer, answer.StatusCode)
			}
			for _, page := range []string{"/events/1?show=100", "/data"} {
				if _, body := get(t, at+page, nil); strings.Contains(body, "/share") || strings.Contains(body, "/people/revoke") ||
					strings.Contains(body, "Маяк") || strings.Contains(body, "boris@example.test") {
					t.Errorf("%s of %+v shows who else sees it", page, viewer)
				}
			}
		}
		w.change(func(w *invented) { w.viewer = admin })
		for name, send := range map[string]func() reply{
			"an empty form": func() reply { return sendForm(t, at+path, nil, fromPage) },
			"JSON":          func() reply { return sendForm(t, at+path, form, fromPage, kind("application/json")) },
			"a huge form": func() reply {
				return sendForm(t, at+path, url.Values{"label": {strings.Repeat("x", access.LongestForm)}}, fromPage)
			},
		} {
			if answer := send(); answer.StatusCode != http.StatusBadRequest {
				t.Errorf("%s: %s: %d", path, name, answer.StatusCode)
			}
		}
	}
	for path, form := range map[string]url.Values{
		"/share":                     linkForm("", "7d", "no"),
		"/share?event=1&a":           linkForm("", "8d", "no"),
		"/share?event=1&b":           linkForm("", "7d", ""),
		"/share?event=1&c":           linkForm("a\u202eb", "7d", "no"),
		"/share?event=1&d":           linkForm(strings.Repeat("ы", 61), "7d", "no"),
		"/share?event=x":             linkForm("", "7d", "no"),
		"/share/revoke":              {"id": {id}},
		"/people/revoke?a":           {"name": {"Анна"}},
		"/share?event=99":            linkForm("", "7d", "no"),
		"/share?event=1&show=101":    linkForm("", "7d", "no"),
		"/share?event=1&show=999999": linkForm("", "7d", "no"),
	} {
		if answer := sendForm(t, at+path, form, fromPage); answer.StatusCode != 400 && answer.StatusCode != 404 {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
	if after := state(); after != before {
		t.Errorf("%s links and people became %s", before, after)
	}
	s.options.Access = nil
	for path, form := range forms {
		answer := sendForm(t, at+path, form, fromPage)
		_, body := get(t, at+"/events/1", nil)
		if answer.StatusCode != http.StatusForbidden || strings.Contains(body, "/share") {
			t.Errorf("%s where there are no people: %d", path, answer.StatusCode)
		}
	}
}

// TestPersonIsRemovedOnThePage, and signed out with that; nobody removes themselves.
func TestPersonIsRemovedOnThePage(t *testing.T) {
	t.Parallel()
	s, at := site(t, newInvented())
	_, body := get(t, at+"/data?lang=ru", nil)
	if body = plainText(body); !strings.Contains(body, "Панель видят 3 человека") || !strings.Contains(body,
		"всё, кроме денег") || !strings.Contains(body, "одно мероприятие 3") || strings.Contains(body, `value="Анна"`) {
		t.Error("the page does not list the people")
	}
	answer := sendForm(t, at+"/people/revoke?lang=ru", url.Values{"name": {"boris@example.test"}}, fromPage)
	_, body = get(t, at+"/data?lang=ru", nil)
	if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != "/data?lang=ru#h-people" ||
		strings.Contains(body, "boris@") || len(s.options.Access.People()) != 2 {
		t.Errorf("%d %v", answer.StatusCode, answer.Header)
	}
}

// TestAccessCannotBeSaved: the page says so, and keeps what was typed.
func TestAccessCannotBeSaved(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "users")
	if err := errors.Join(os.WriteFile(file, []byte("Анна:invited:admin\n"), 0o600),
		os.WriteFile(file+".shares", []byte("{"), 0o600)); err != nil {
		t.Fatal(err)
	}
	guard, err := access.New(access.Options{Listen: "127.0.0.1:0", UsersFile: file})
	if err != nil {
		t.Fatal(err)
	}
	_, at := site(t, newInvented(), func(o *Options) { o.Access = guard })
	answer := sendForm(t, at+"/share?lang=ru&event=1", linkForm("Маяк", "7d", "no"), fromPage)
	if answer.StatusCode != http.StatusServiceUnavailable || !strings.Contains(answer.Body, "Не сохранено") ||
		!strings.Contains(answer.Body, `value="Маяк"`) || madeAddress.MatchString(answer.Body) {
		t.Errorf("%d", answer.StatusCode)
	}
	if answer := sendForm(t, at+"/share/revoke?lang=ru&event=1", url.Values{"id": {"x"}}, fromPage); answer.StatusCode !=
		http.StatusServiceUnavailable || !strings.Contains(answer.Body, "Не сохранено") {
		t.Errorf("%d", answer.StatusCode)
	}
}

// TestLinkByHand: the form is found, sent and answered by keyboard, with scripts and without; the link opens in the
// same browser, and is revoked.
func TestLinkByHand(t *testing.T) {
	w := newInvented()
	s, at := site(t, w)
	for _, scripts := range []bool{true, false} {
		b := open(t, at+"/events/1?lang=ru&show=100", tabOptions{noScripts: !scripts})
		label := chromedp.CSS(`#d-share [name=label]`)
		if scripts {
			b.wait(`document.querySelectorAll(".uplot").length > 0`)
			b.steps(chromedp.Focus(chromedp.CSS("#d-share summary")), chromedp.KeyEvent("\r"))
			b.wait(`document.querySelector("#d-share").open`)
		}
		name := fmt.Sprint("Маяк ", scripts)
		b.steps(chromedp.SetValue(label, name), chromedp.Focus(label), chromedp.KeyEvent("\r"))
		b.wait(`document.readyState === "complete" && location.pathname === "/share" &&
			document.activeElement.readOnly && document.activeElement.value.includes("/s/")`)
		if scripts {
			if found := b.axeRun(); len(found) != 0 {
				t.Errorf("axe: %s", strings.Join(found, "\n  "))
			}
			for _, width := range []int64{320, 1280} {
				b.width(width)
				b.fits(fmt.Sprintf("the link that was made at %d", width))
			}
			eval[bool](b, `(document.querySelector(".made .copy").click(), true)`)
		}
		b.keep(fmt.Sprintf("link_made_%t", scripts))
		ours := func(l access.Share) bool { return l.Label == name }
		if !slices.ContainsFunc(holding(t, s, 1), ours) {
			t.Fatal("no link was made")
		}
		b.steps(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll(".b-share tbody tr")].find(
			(r) => r.textContent.includes("` + name + `")).querySelector("button").click()`))
		b.wait(`document.readyState === "complete" && location.pathname === "/events/1"`)
		if slices.ContainsFunc(holding(t, s, 1), ours) {
			t.Error("the link is not revoked")
		}
		b.close()
	}
}
