package access

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

// longPassword is as long as one may be; every user of these tests has it. It is hashed once: that is slow on purpose.
var longPassword = strings.Repeat("p", longestLogin)

var hashed = sync.OnceValues(func() ([]byte, error) {
	return bcrypt.GenerateFromPassword([]byte(longPassword), leastCost)
})

// guardWith users.
func guardWith(t *testing.T, o Options, users ...string) *Guard {
	t.Helper()
	var lines strings.Builder
	for _, name := range users {
		hash, err := hashed()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&lines, "%s:%s\n", name, hash)
	}
	if lines.Len() > 0 {
		o.UsersFile = filepath.Join(t.TempDir(), "users")
		if err := os.WriteFile(o.UsersFile, []byte(lines.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	g, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	cheap(t, g, longPassword)
	return g
}

// cheap gives every user of a guard a hash of this password that is compared fast: the file may hold none such.
func cheap(t *testing.T, g *Guard, password string) {
	t.Helper()
	if g.logins == nil {
		return
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	known := g.people.now()
	for name, p := range known.byName {
		if !p.HasPassword() {
			continue
		}
		p.hash = string(hash)
		known.byName[name] = p
	}
	g.people.value.decoy = string(hash)
}

func answer(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var fine = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })

// TestFault3_1_NothingIsOpenWithoutTheLink: whatever the headers say, without the link of this start there is no page;
// the link sets a cookie once and is gone from the address.
func TestFault3_1_NothingIsOpenWithoutTheLink(t *testing.T) {
	t.Parallel()
	g := guardWith(t, Options{})
	if g.Mode() != Link {
		t.Fatal(g.Mode())
	}
	for name, r := range map[string]*http.Request{
		"a plain proxy_pass":     request(t, "127.0.0.1:9", "127.0.0.1:8080"),
		"this machine's browser": request(t, "[::1]:9", "localhost:8080", "Sec-Fetch-Site", "none"),
		"an empty token":         request(t, "127.0.0.1:9", "127.0.0.1:8080", "Cookie", "qtickets_page_8080="),
		"the token as a cookie":  request(t, "127.0.0.1:9", "127.0.0.1:8080", "Cookie", "qtickets_page_8080="+g.link.token),
	} {
		if w := answer(g.Page(fine), r); w.Code != http.StatusForbidden ||
			!strings.Contains(w.Body.String(), "journalctl") || strings.Contains(w.Body.String(), g.link.token) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	wrong := request(t, "127.0.0.1:9", "127.0.0.1:8080")
	wrong.URL.RawQuery = "token=" + g.link.token[1:]
	if w := answer(g.Page(fine), wrong); w.Code != http.StatusForbidden {
		t.Errorf("a part of the token: %d", w.Code)
	}
	first := request(t, "127.0.0.1:9", "127.0.0.1:8080")
	first.URL.Path, first.URL.RawQuery = "//evil.example.test/channels", "period=7&token="+g.link.token
	w := answer(g.Page(fine), first)
	cookies := w.Result().Cookies()
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/evil.example.test/channels?period=7" ||
		len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode ||
		cookies[0].Value == g.link.token {
		t.Fatalf("the link: %d %v", w.Code, w.Header())
	}
	second := request(t, "127.0.0.1:9", "127.0.0.1:8080")
	second.AddCookie(cookies[0])
	if w := answer(g.Page(fine), second); w.Code != http.StatusNoContent {
		t.Errorf("with the cookie: %d", w.Code)
	}
	if other := guardWith(t, Options{}); status(other, second) != http.StatusForbidden || other.link == g.link {
		t.Error("the cookie of one start opens another")
	}
}

// TestFault3_1_RefusalSaysWhereTheLinkIs, in the language of the reader; who followed a link of another site gets one
// of our own, with which the cookie comes along.
func TestFault3_1_RefusalSaysWhereTheLinkIs(t *testing.T) {
	t.Parallel()
	g := guardWith(t, Options{})
	for header, want := range map[string]string{"ru": "Нужна ссылка", "en-GB": "The link is needed", "": "Нужна ссылка"} {
		if w := answer(g.Page(fine), request(t, "127.0.0.1:9", "x", "Accept-Language", header)); !strings.Contains(
			w.Body.String(), want) {
			t.Errorf("%q: %s", header, w.Body)
		}
	}
	followed := request(t, "127.0.0.1:9", "x", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate",
		"Sec-Fetch-Dest", "document")
	followed.URL.Path, followed.URL.RawQuery = "/channels", `city="><script>`
	if w := answer(g.Page(fine), followed); !strings.Contains(w.Body.String(), `content="0;url=/channels?city=`) ||
		strings.Contains(w.Body.String(), "<script>") {
		t.Error(w.Body)
	}
	if w := answer(g.Page(fine), request(t, "127.0.0.1:9", "x", "Sec-Fetch-Site", "same-origin")); strings.Contains(
		w.Body.String(), "http-equiv") {
		t.Error("asked for by ourselves, it would go round and round: ", w.Body)
	}
}

// TestFault3_1_MetricsNeedATokenOrAListener: a proxy that stands before the page opens neither.
func TestFault3_1_MetricsNeedATokenOrAListener(t *testing.T) {
	t.Parallel()
	const token = "a token of sixteen letters"
	for name, g := range map[string]*Guard{
		"link":     guardWith(t, Options{MetricsToken: token, MetricsListen: "127.0.0.1:0"}),
		"password": guardWith(t, Options{MetricsToken: token}, "anna"),
		"proxy":    guardWith(t, Options{MetricsToken: token, ProxyHeader: "X-User", TrustedProxies: "10.0.0.1"}),
	} {
		plain := request(t, "127.0.0.1:9", "127.0.0.1:8080")
		if w := answer(g.Machine(fine), plain); w.Code != http.StatusUnauthorized && w.Code != http.StatusForbidden {
			t.Errorf("%s: without anything: %d", name, w.Code)
		}
		for _, value := range []string{"Bearer " + token, "Bearer " + token[1:], "Bearer ", "Bearer", token} {
			r := request(t, "198.51.100.1:9", "x", "Authorization", value)
			if w := answer(g.Machine(fine), r); (w.Code == http.StatusNoContent) != (value == "Bearer "+token) {
				t.Errorf("%s: %q: %d", name, value, w.Code)
			}
		}
	}
	none := guardWith(t, Options{})
	if w := answer(none.Machine(fine), request(t, "127.0.0.1:9", "x", "Authorization", "Bearer ")); w.Code !=
		http.StatusUnauthorized {
		t.Errorf("no token is set, an empty one is taken: %d", w.Code)
	}
	local := guardWith(t, Options{MetricsListen: "127.0.0.1:0"})
	if w := answer(local.OwnListener(fine), request(t, "127.0.0.1:9", "127.0.0.1:8081")); w.Code != http.StatusNoContent {
		t.Errorf("the listener of their own: %d", w.Code)
	}
	if w := answer(local.OwnListener(fine), request(t, "127.0.0.1:9", "rebound.example.test:8081")); w.Code !=
		http.StatusUnauthorized {
		t.Errorf("by a foreign name: %d", w.Code)
	}
	for _, o := range []Options{
		{Listen: "127.0.0.1:0", MetricsListen: "0.0.0.0:8081"}, {Listen: "127.0.0.1:0", MetricsListen: "8081"},
		{Listen: "0.0.0.0:0"}, {Listen: "0.0.0.0:0", NoAuth: true}, {Listen: "[2001:db8::1]:0", NoAuth: true},
		{Listen: "127.0.0.1:0", NoAuth: true, ProxyHeader: "X-User", TrustedProxies: "127.0.0.1"},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

// TestFault3_8_OneStrangerLocksNobodyOut: who guesses one name, from one address, keeps neither other names nor the
// owner of this one at another address out, and who changes names or addresses of one network is stopped all the same.
func TestFault3_8_OneStrangerLocksNobodyOut(t *testing.T) {
	t.Parallel()
	g := guardWith(t, Options{}, "anna", "boris", "vera", "gleb")
	// Next to nothing comes back with time: how fast this machine is does not matter.
	g.logins.wrong.perSecond, g.logins.byNet.perSecond, g.logins.byName.perSecond = 1e-9, 1e-9, 1e-9
	try := func(from, name, password string) int {
		r := request(t, from, "x")
		r.SetBasicAuth(name, password)
		return status(g, r)
	}
	seen := map[int]int{}
	for range 12 {
		seen[try("198.51.100.9:9", "anna", "wrong")]++
	}
	if seen[429] == 0 || seen[401] < 5 {
		t.Errorf("12 guesses: %v", seen)
	}
	for _, c := range []struct {
		what, from, name string
	}{
		{"another name from the same address", "198.51.100.9:9", "boris"},
		{"the same name from another address", "198.51.100.10:9", "anna"},
	} {
		if code := try(c.from, c.name, longPassword); code != 200 {
			t.Errorf("%s: %d", c.what, code)
		}
	}
	for i := range 60 { // as many wrong guesses: names and addresses change, the network of 64 bits does not
		client := netip.MustParseAddr(fmt.Sprintf("2001:db8:0:7::%x", i+1))
		g.logins.guessed(attempt{network(client), uint16(i)})
	}
	if code := try("[2001:db8:0:7::aaaa]:9", "nobody", "wrong"); code != 429 {
		t.Errorf("one more name from this network: %d", code)
	}
	if code := try("[2001:db8:0:8::1]:9", "vera", longPassword); code != 200 {
		t.Errorf("the network beside it: %d", code)
	}
	if code := try("[2001:db8:0:7::ffff]:9", "gleb", longPassword); code != 200 {
		t.Errorf("a user in the very network: %d", code)
	}
}

// TestFault3_8_FewPasswordsAtATime: two are compared, few wait, the rest hear so at once; who was let in before waits
// for nobody.
func TestFault3_8_FewPasswordsAtATime(t *testing.T) {
	t.Parallel()
	g := guardWith(t, Options{}, "anna", "boris")
	known := request(t, "198.51.100.9:9", "x")
	known.SetBasicAuth("anna", longPassword)
	if code := status(g, known); code != 200 {
		t.Fatal(code)
	}
	for range cap(g.logins.strangers) { // as many strangers are under way as may be
		g.logins.strangers <- struct{}{}
	}
	stranger := request(t, "198.51.100.10:9", "x")
	stranger.SetBasicAuth("nobody", longPassword)
	w := answer(g.Page(fine), stranger)
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("one too many: %d %v", w.Code, w.Header())
	}
	if code := status(g, known); code != 200 {
		t.Errorf("who was let in before: %d", code)
	}
	user := request(t, "198.51.100.10:9", "x")
	user.SetBasicAuth("boris", longPassword)
	if code := status(g, user); code != 200 {
		t.Errorf("a user who comes meanwhile: %d", code)
	}
	if cap(g.logins.slots) != 2 {
		t.Errorf("%d passwords are compared at a time", cap(g.logins.slots))
	}
}

// TestFault3_8_CheapHashesAreRefused, with the command that makes a right one.
func TestFault3_8_CheapHashesAreRefused(t *testing.T) {
	t.Parallel()
	right, err := hashed()
	if err != nil {
		t.Fatal(err)
	}
	for cost, refused := range map[int]bool{4: true, 5: true, 9: true, 10: false} {
		hash := strings.Replace(string(right), "$10$", fmt.Sprintf("$%02d$", cost), 1)
		err = parsePeople([]byte("anna:" + hash + "\n")).firstError()
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), "htpasswd -nB -C 12") {
			t.Errorf("cost %d: %v", cost, err)
		}
	}
}

// TestFault3_8_LongPasswordsAreNotCompared: bcrypt looks at 72 bytes, and what follows would be remembered for ever.
func TestFault3_8_LongPasswordsAreNotCompared(t *testing.T) {
	t.Parallel()
	g := guardWith(t, Options{}, "anna")
	for i := range 3 {
		r := request(t, "198.51.100.9:9", "x")
		r.SetBasicAuth("anna", longPassword+strings.Repeat("x", i))
		if code := status(g, r); (code == 200) != (i == 0) {
			t.Errorf("%d bytes more: %d", i, code)
		}
	}
	if n := len(g.logins.verified); n != 1 {
		t.Errorf("%d pairs are remembered", n)
	}
}
