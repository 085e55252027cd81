package access

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// usersFile has these lines; "HASH" in them is that of longPassword.
func usersFile(t *testing.T, lines ...string) string {
	t.Helper()
	hash, err := hashed()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "users")
	text := strings.ReplaceAll(strings.Join(lines, "\n")+"\n", "HASH", string(hash))
	if err := os.WriteFile(file, []byte(text), 0o640); err != nil { //nolint:gosec // the rights are looked at
		t.Fatal(err)
	}
	return file
}

func guardOf(t *testing.T, file string) *Guard {
	t.Helper()
	g, err := New(Options{Listen: "0.0.0.0:0", UsersFile: file})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func invite(t *testing.T, file, name string) (token string) {
	t.Helper()
	token, err := AddPerson(file, Person{Name: name, Role: View, Invited: time.Now().Add(time.Hour)}, false)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// post sends a form as the page itself does.
func post(t *testing.T, g *Guard, path string, values url.Values, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(values.Encode()))
	r.RemoteAddr, r.Host = "198.51.100.9:9", "sales.example.test"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return answer(g.Page(fine), r)
}

func withCookie(t *testing.T, w *httptest.ResponseRecorder) *http.Request {
	t.Helper()
	r := request(t, "198.51.100.9:9", "sales.example.test")
	for _, c := range w.Result().Cookies() {
		r.AddCookie(c)
	}
	return r
}

// TestPeopleAreReadAgain: whoever is added, changed or removed is so for the next request; other lines, rights and
// comments of the file stay.
func TestPeopleAreReadAgain(t *testing.T) {
	t.Parallel()
	file := usersFile(t, "# who may see the page", "anna:HASH", "boris:HASH:view-no-money")
	g := guardOf(t, file)
	by := func(name string) *http.Request {
		r := request(t, "198.51.100.9:9", "x")
		r.SetBasicAuth(name, longPassword)
		return r
	}
	if v := viewerOf(g, by("anna")); v != (Viewer{Name: "anna", Role: View}) {
		t.Errorf("an old line: %+v", v)
	}
	if v := viewerOf(g, by("boris")); v.Role != ViewNoMoney {
		t.Errorf("a line with a role: %+v", v)
	}
	if err := RemovePerson(file, "anna"); err != nil {
		t.Fatal(err)
	}
	if code := status(g, by("anna")); code != http.StatusUnauthorized {
		t.Errorf("removed: %d", code)
	}
	if err := RemovePerson(file, "anna"); !errors.Is(err, ErrNoPerson) {
		t.Errorf("removed twice: %v", err)
	}
	invite(t, file, "vera")
	if _, err := AddPerson(file, Person{Name: "vera", Role: Admin}, false); !errors.Is(err, ErrPersonExists) {
		t.Errorf("added twice: %v", err)
	}
	if _, err := AddPerson(file, Person{Name: "boris", Role: Event, Event: 7}, true); err != nil {
		t.Fatal(err)
	}
	if code := status(g, by("boris")); code != http.StatusUnauthorized {
		t.Errorf("replaced, with the old password: %d", code)
	}
	text, err := os.ReadFile(file)
	if err != nil || !strings.HasPrefix(string(text), "# who may see the page\nboris:invited:event:7\nvera:invited-") {
		t.Errorf("the file: %q %v", text, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("rights of the file: %v %v", info.Mode(), err)
	}
	if err := os.WriteFile(file, []byte("anna:nonsense\nvera:HASH:root\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n := len(g.people.now().byName); n != 0 {
		t.Errorf("of wrong lines %d let in", n)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if code := status(g, by("anna")); code != http.StatusUnauthorized {
		t.Errorf("without a file: %d", code)
	}
}

// TestNamesAreBounded: what would be another line, or a name nobody can tell from another, is refused.
func TestNamesAreBounded(t *testing.T) {
	t.Parallel()
	file := usersFile(t)
	for _, name := range []string{"", " ", "a:b", "a\nb", "#a", "a\u202eb", " a", "a ", strings.Repeat("x", 65), "\xff"} {
		if _, err := AddPerson(file, Person{Name: name, Role: View}, false); !errors.Is(err, ErrName) {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, p := range []Person{{Name: "a"}, {Name: "a", Role: "root"}, {Name: "a", Role: Event}, {Name: "a", Role: Shared},
		{Name: "a", Role: Admin + "\nb:"}} {
		if _, err := AddPerson(file, p, false); err == nil {
			t.Errorf("%+v is taken", p)
		}
	}
}

// TestManyAddAtOnce: no addition is lost, and the file is whole at every moment.
func TestManyAddAtOnce(t *testing.T) {
	t.Parallel()
	file := usersFile(t, "anna:HASH")
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			if _, err := AddPerson(file, Person{Name: fmt.Sprint("n", i), Role: View}, false); err != nil {
				t.Error(err)
			}
			if people, err := People(file); err != nil || len(people) < 2 {
				t.Errorf("%d people, %v", len(people), err)
			}
		})
	}
	all.Wait()
	if people, err := People(file); err != nil || len(people) != 41 {
		t.Errorf("%d people, %v", len(people), err)
	}
}

// TestInvitationIsGoodOnce, however many open and accept it at once; the file never holds its token.
func TestInvitationIsGoodOnce(t *testing.T) {
	t.Parallel()
	file := usersFile(t, "anna:HASH")
	token := invite(t, file, "boris")
	if text, err := os.ReadFile(file); err != nil || strings.Contains(string(text), token) {
		t.Errorf("the token is in the file: %v", err)
	}
	var won atomic.Int64
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			hash, err := hashed()
			if err != nil {
				t.Error(err)
				return
			}
			switch p, err := accept(file, token, hash, time.Now()); {
			case err == nil && p.Name == "boris" && p.HasPassword():
				won.Add(1)
			case !errors.Is(err, errInvitation):
				t.Error(p, err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d accepted one invitation", won.Load())
	}
}

// TestInvitation from the link to the page: looking takes nothing, short passwords are refused, the right one signs in;
// used, expired and invented links are answered by one page.
func TestInvitation(t *testing.T) {
	t.Parallel()
	file := usersFile(t, "anna:HASH")
	g := guardOf(t, file)
	token := invite(t, file, "boris")
	path := InvitationPath + token
	look := request(t, "198.51.100.9:9", "sales.example.test", "Accept-Language", "ru")
	look.URL.Path = path
	for range 3 {
		if w := answer(g.Page(fine), look); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "boris") ||
			!strings.Contains(w.Body.String(), "билеты и выручку всех мероприятий") {
			t.Fatalf("the invitation: %d %s", w.Code, w.Body)
		}
	}
	for _, short := range []string{"", "12345678901", strings.Repeat("ы", 37), strings.Repeat("\xff", 12)} {
		if w := post(t, g, path, url.Values{"password": {short}}); w.Code != http.StatusBadRequest {
			t.Errorf("%q: %d", short, w.Code)
		}
	}
	const password = "двенадцать зна"
	w := post(t, g, path, url.Values{"password": {password}, "name": {"anna"}}, "Origin", "https://sales.example.test")
	cookies := w.Result().Cookies()
	if w.Code != http.StatusSeeOther || len(cookies) != 1 || !cookies[0].Secure || !cookies[0].HttpOnly ||
		cookies[0].SameSite != http.SameSiteLaxMode {
		t.Fatalf("accepted: %d %v", w.Code, w.Header())
	}
	if v := viewerOf(g, withCookie(t, w)); v != (Viewer{Name: "boris", Role: View, SignedIn: true}) {
		t.Errorf("signed in as %+v", v)
	}
	byPassword := request(t, "198.51.100.9:9", "x")
	byPassword.SetBasicAuth("boris", password)
	if code := status(g, byPassword); code != http.StatusOK {
		t.Errorf("by the chosen password: %d", code)
	}
	expired, err := AddPerson(file, Person{Name: "late", Role: Admin, Invited: time.Now().Add(-time.Second)}, false)
	if err != nil {
		t.Fatal(err)
	}
	for what, token := range map[string]string{"used": token, "expired": expired, "invented": "ABC",
		"hash": hashOf(token)} {
		gone := post(t, g, InvitationPath+token, url.Values{"password": {password}})
		look.URL.Path = InvitationPath + token
		if w := answer(g.Page(fine), look); gone.Code != http.StatusGone || w.Code != http.StatusGone ||
			!strings.Contains(w.Body.String(), "Приглашение уже использовано") {
			t.Errorf("%s: %d and %d", what, gone.Code, w.Code)
		}
	}
}

// TestSignIn: the form lets in whom basic lets in, under the same limits; what it sends on to is this server.
func TestSignIn(t *testing.T) {
	t.Parallel()
	file := usersFile(t, "anna:HASH:admin", "vera:HASH", "new:invited")
	g := guardOf(t, file)
	cheap(t, g, longPassword)
	g.logins.wrong.perSecond, g.logins.byNet.perSecond, g.logins.byName.perSecond = 1e-9, 1e-9, 1e-9
	browser := request(t, "198.51.100.9:9", "sales.example.test", "Accept", "text/html", "Sec-Fetch-Mode", "navigate")
	browser.URL.Path, browser.URL.RawQuery = "/channels", "period=7"
	w := answer(g.Page(fine), browser)
	if w.Code != http.StatusUnauthorized || strings.Contains(w.Header().Get("WWW-Authenticate"), "Basic") ||
		!strings.Contains(w.Body.String(), `name="next" value="/channels?period=7"`) {
		t.Errorf("a browser: %d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := answer(g.Page(fine), request(t, "198.51.100.9:9", "x")); !strings.HasPrefix(
		w.Header().Get("WWW-Authenticate"), "Basic") {
		t.Errorf("a program: %v", w.Header())
	}
	for next, want := range map[string]string{"/channels?period=7": "/channels?period=7", "": "/",
		"//evil.example.test/a": "/a", "https://evil.example.test/a": "/a", "/\\evil.example.test": "/%5Cevil.example.test",
		"javascript:alert(1)": "/", "/sign-out": "/", "/" + strings.Repeat("x", 2001): "/"} {
		w := post(t, g, SignInPath, url.Values{"name": {"anna"}, "password": {longPassword}, "next": {next}})
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
			t.Errorf("%q: %d %q, want %q", next, w.Code, w.Header().Get("Location"), want)
		}
	}
	for _, values := range []url.Values{
		{"name": {"anna"}, "password": {"wrong"}}, {"name": {"nobody"}, "password": {longPassword}}, {},
		{"name": {"anna"}, "password": {longPassword + "x"}}, {"name": {"new"}, "password": {""}},
		{"name": {"new"}, "password": {"invited"}},
	} {
		if w := post(t, g, SignInPath, values); w.Code != http.StatusUnauthorized || len(w.Result().Cookies()) > 0 {
			t.Errorf("%v: %d %v", values, w.Code, w.Header())
		}
	}
	// What is left is told, and is the same for those who do not exist.
	for _, name := range []string{"gleb", "vera"} {
		for _, left := range []int{9, 8} {
			w := post(t, g, SignInPath, url.Values{"name": {name}, "password": {"wrong"}}, "Accept-Language", "ru")
			if !strings.Contains(w.Body.String(), fmt.Sprintf("Осталось попыток: %d.", left)) ||
				!strings.Contains(w.Body.String(), `role="alert" tabindex="-1" autofocus`) ||
				strings.Count(w.Body.String(), "autofocus") != 1 {
				t.Errorf("%s: %s", name, w.Body)
			}
		}
	}
	seen := map[int]int{}
	for range 14 {
		seen[post(t, g, SignInPath, url.Values{"name": {"boris"}, "password": {"wrong"}}).Code]++
	}
	if seen[http.StatusTooManyRequests] == 0 {
		t.Errorf("14 guesses by the form: %v", seen)
	}
	long := url.Values{"name": {"anna"}, "password": {longPassword}, "next": {strings.Repeat("x", LongestForm)}}
	if w := post(t, g, SignInPath, long); w.Code != http.StatusBadRequest {
		t.Errorf("a long form: %d", w.Code)
	}
}

// TestSessionsEnd with a sign-out, a removal and another password, and outlive a start; the file holds no token.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	file := usersFile(t, "anna:HASH", "boris:HASH", "vera:HASH")
	g := guardOf(t, file)
	in := map[string]*http.Request{}
	for _, name := range []string{"anna", "boris", "vera"} {
		w := post(t, g, SignInPath, url.Values{"name": {name}, "password": {longPassword}})
		in[name] = withCookie(t, w)
		if v := viewerOf(g, in[name]); v.Name != name {
			t.Fatalf("%s signed in as %+v", name, v)
		}
		if text, err := os.ReadFile(file + ".sessions"); err != nil || strings.Contains(string(text),
			w.Result().Cookies()[0].Value) {
			t.Errorf("the token is in the file: %v", err)
		}
	}
	if again := guardOf(t, file); status(again, in["anna"]) != http.StatusOK {
		t.Error("the next start knows no session")
	}
	out := post(t, g, SignOutPath, nil, "Cookie", in["anna"].Header.Get("Cookie"))
	if c := out.Result().Cookies(); out.Code != http.StatusSeeOther || len(c) != 1 || c[0].MaxAge >= 0 {
		t.Errorf("signed out: %d %v", out.Code, out.Header())
	}
	if err := RemovePerson(file, "boris"); err != nil {
		t.Fatal(err)
	}
	if _, err := AddPerson(file, Person{Name: "vera", Role: View}, true); err != nil {
		t.Fatal(err)
	}
	for name, r := range in {
		for what, guard := range map[string]*Guard{"this": g, "the next": guardOf(t, file)} {
			if code := status(guard, r); code != http.StatusUnauthorized {
				t.Errorf("%s is let in by %s start: %d", name, what, code)
			}
		}
	}
}

// TestSessionsAreBounded: the oldest goes.
func TestSessionsAreBounded(t *testing.T) {
	t.Parallel()
	g := guardOf(t, usersFile(t, "anna:HASH"))
	for i := range mostSessions + 10 {
		g.sessions.open[fmt.Sprint(i)] = session{Until: time.Now().Add(time.Hour + time.Duration(i)*time.Second)}
	}
	post(t, g, SignInPath, url.Values{"name": {"anna"}, "password": {longPassword}})
	if _, found := g.sessions.open["0"]; found || len(g.sessions.open) != mostSessions {
		t.Errorf("%d sessions", len(g.sessions.open))
	}
}

// TestStreamEndsWithItsViewer: who is removed while an answer lasts, hears no more of it.
func TestStreamEndsWithItsViewer(t *testing.T) {
	t.Parallel()
	file := usersFile(t, "anna:HASH")
	g := guardOf(t, file)
	share, token, err := AddShare(file, Share{Event: 7, Made: time.Now(), Until: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	anna, guest := request(t, "198.51.100.9:9", "x"), request(t, "198.51.100.9:9", "x")
	anna.SetBasicAuth("anna", longPassword)
	guest.URL.Path = SharePath + token + "/live"
	stream := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	for _, c := range []struct {
		r   *http.Request
		end func() error
	}{
		{guest, func() error { return RevokeShare(file, share.ID) }},
		{anna, func() error { return RemovePerson(file, "anna") }},
	} {
		ended := make(chan struct{})
		go func() { answer(g.Page(stream), c.r); close(ended) }()
		if err := c.end(); err != nil {
			t.Fatal(err)
		}
		<-ended // a stream that goes on outlives the test program
	}
}

// TestOtherSitesWriteNothing: every request that would change something must come from a page of this server, in every
// mode, whoever it is sent for; what is no browser says nothing of where it comes from.
func TestOtherSitesWriteNothing(t *testing.T) {
	t.Parallel()
	file := usersFile(t, "anna:HASH:admin")
	password := guardOf(t, file)
	cheap(t, password, longPassword)
	cookie := withCookie(t, post(t, password, SignInPath, url.Values{"name": {"anna"}, "password": {longPassword}}))
	link := guardWith(t, Options{})
	for name, g := range map[string]*Guard{"password": password, "link": link,
		"none":  guardWith(t, Options{NoAuth: true}),
		"proxy": guardWith(t, Options{ProxyHeader: "X-User", TrustedProxies: "127.0.0.1"})} {
		for _, c := range []struct {
			site, origin string
			refused      bool
		}{
			{"same-origin", "http://localhost", false}, {"none", "", false}, {"", "http://localhost", false}, {"", "", false},
			{"cross-site", "", true}, {"same-site", "", true}, {"cross-site", "http://localhost", true},
			{"", "http://evil.example.test", true}, {"", "null", true}, {"", "http://localhost.evil.example.test", true},
			{"", "http://localhost:81", true}, {"nonsense", "", true},
		} {
			for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
				for _, path := range []string{"/", "/events/7/plan", SignInPath, SignOutPath, InvitationPath + "x"} {
					r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
					r.RemoteAddr, r.Host = "127.0.0.1:9", "localhost"
					r.Header.Set("X-User", "anna")
					r.AddCookie(&http.Cookie{Name: cookieName(r), Value: g.link.session})
					for _, session := range cookie.Cookies() {
						r.AddCookie(session)
					}
					if c.site != "" {
						r.Header.Set("Sec-Fetch-Site", c.site)
					}
					if c.origin != "" {
						r.Header.Set("Origin", c.origin)
					}
					w := answer(g.Page(fine), r)
					if said := strings.Contains(w.Body.String(), crossSiteWrite.ru.Title); said != c.refused ||
						c.refused && w.Code != http.StatusForbidden {
						t.Errorf("%s: %s %s from %q %q: %d", name, method, path, c.site, c.origin, w.Code)
					}
				}
			}
		}
	}
}

// TestOneEventReadsNoMetrics: they are about all of them.
func TestOneEventReadsNoMetrics(t *testing.T) {
	t.Parallel()
	g := guardOf(t, usersFile(t, "anna:HASH:event:7", "boris:HASH:view-no-money"))
	for name, want := range map[string]int{"anna": http.StatusUnauthorized, "boris": http.StatusNoContent} {
		r := request(t, "198.51.100.9:9", "x")
		r.SetBasicAuth(name, longPassword)
		if w := answer(g.Machine(fine), r); w.Code != want {
			t.Errorf("%s: %d, want %d", name, w.Code, want)
		}
	}
}

// TestRootChangesNoFileOfOthers: a link in the folder of the service leads root nowhere.
func TestRootChangesNoFileOfOthers(t *testing.T) {
	t.Parallel()
	file, other := usersFile(t, "anna:HASH"), usersFile(t, "theirs")
	if err := os.Symlink(other, file+".lock"); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(other)
	if err != nil {
		t.Fatal(err)
	}
	_ = os.Chown(file, 65532, 65532)                                 // where the tests are root
	_, _ = AddPerson(file, Person{Name: "boris", Role: View}, false) // whether it works or not
	text, err := os.ReadFile(other)
	after, _ := os.Stat(other)
	if err != nil || string(text) != "theirs\n" ||
		after.Sys().(*syscall.Stat_t).Uid != before.Sys().(*syscall.Stat_t).Uid {
		t.Errorf("%q %v", text, err)
	}
}

// TestProxyAndRoles: a proxy says who it is, the file what they may see; who does not stand there sees everything and
// writes nothing.
func TestProxyAndRoles(t *testing.T) {
	t.Parallel()
	g, err := New(Options{Listen: "0.0.0.0:0", ProxyHeader: "X-User", TrustedProxies: "10.0.0.1",
		UsersFile: usersFile(t, "anna:invited:admin", "boris:HASH:event:7")})
	if err != nil || g.Mode() != Proxy {
		t.Fatal(err)
	}
	for name, want := range map[string]Viewer{"anna": {Name: "anna", Role: Admin},
		"boris": {Name: "boris", Role: Event, Event: 7}, "vera": {Name: "vera", Role: View}} {
		if v := viewerOf(g, request(t, "10.0.0.1:9", "x", "X-User", name)); v != want {
			t.Errorf("%s: %+v", name, v)
		}
	}
	if code := status(g, request(t, "10.0.0.2:9", "x", "X-User", "anna")); code != http.StatusForbidden {
		t.Errorf("not the proxy: %d", code)
	}
}

// TestShares: a link names its scope, counts views, ends; the file holds no token.
func TestShares(t *testing.T) {
	t.Parallel()
	file := usersFile(t, "anna:HASH")
	g := guardOf(t, file)
	now := time.Now()
	made, token, err := AddShare(file, Share{Event: 7, Show: 8, NoMoney: true, Made: now, Until: now.Add(time.Hour),
		Views: 9})
	if err != nil {
		t.Fatal(err)
	}
	_, over, err := AddShare(file, Share{Event: 7, Made: now.Add(-2 * time.Hour), Until: now.Add(-time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file + ".shares")
	if err != nil || strings.Contains(string(text), token) {
		t.Errorf("the token is in the file: %v", err)
	}
	ask := func(path string, headers ...string) *http.Request {
		r := request(t, "198.51.100.9:9", "x", headers...)
		r.URL.Path = path
		return r
	}
	want := Viewer{Role: Shared, Event: 7, Show: 8, NoMoney: true, Until: made.Until.Unix()}
	for range 3 {
		if v := viewerOf(g, ask(SharePath+token+"/")); v != want {
			t.Errorf("%+v", v)
		}
	}
	viewerOf(g, ask(SharePath+token+"/", "Sec-Fetch-Mode", "cors"))
	viewerOf(g, ask(SharePath+token+"/live"))
	g.shares.write()
	if list, err := Shares(file); err != nil || len(list) != 2 || list[0].ID != made.ID || list[0].Views != 3 {
		t.Errorf("%+v %v", list, err)
	}
	for _, path := range []string{over + "/", token[1:] + "/", "/", "", made.ID + "/", hashOf(token) + "/",
		"x/../" + token} {
		if w := answer(g.Page(fine), ask(SharePath+path)); w.Code != http.StatusNotFound ||
			!strings.Contains(w.Body.String(), shareGone.ru.Title) {
			t.Errorf("%q: %d %s", path, w.Code, w.Body)
		}
	}
	for _, path := range []string{"/", "/events/7", "/csv/event", "/live"} { // a link opens nothing beside itself
		if code := answer(g.Page(fine), ask(path, "Referer", "https://x"+SharePath+token+"/")).Code; code !=
			http.StatusUnauthorized {
			t.Errorf("%s: %d", path, code)
		}
	}
	if err := RevokeShare(file, made.ID); err != nil {
		t.Fatal(err)
	}
	if code := answer(g.Page(fine), ask(SharePath+token+"/")).Code; code != http.StatusNotFound {
		t.Errorf("revoked: %d", code)
	}
	if err := RevokeShare(file, made.ID); !errors.Is(err, ErrNoShare) {
		t.Errorf("revoked twice: %v", err)
	}
	if _, _, err := AddShare(file, Share{Made: now, Until: now.Add(time.Hour)}); err == nil {
		t.Error("a link to everything is made")
	}
}

// FuzzPeople: no file panics, and what it lets in can be written and read again as the same.
func FuzzPeople(f *testing.F) {
	for _, text := range []string{"", "a:b", "anna:" + someHash + ":event:7\n#x\n\nanna:",
		"a:invited-1-" + hashOf("x") + ":admin", "a:invited", ":::"} {
		f.Add(text, "anna")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		for _, p := range parsePeople([]byte(text)).byName {
			again, err := parsePerson(p.line())
			if err != nil || again.viewer() != p.viewer() || again.hash != p.hash || again.invitation != p.invitation {
				t.Errorf("%q is read as %+v, %v", p.line(), again, err)
			}
		}
		if _, found := parsePeople(withLine([]byte(text), name, "")).byName[name]; found && !strings.Contains(name, "\n") {
			t.Errorf("%q is still there", name)
		}
	})
}
