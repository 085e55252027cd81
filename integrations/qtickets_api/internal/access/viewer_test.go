package access

import (
	"net/http"
	"testing"
)

// TestViewer: who may write and who sees money, by role; who nobody let in may do neither.
func TestViewer(t *testing.T) {
	t.Parallel()
	for v, want := range map[Viewer][2]bool{
		{}: {false, false}, {Role: "root"}: {false, false}, {Role: Admin}: {true, true}, {Role: View}: {false, true},
		{Role: ViewNoMoney}: {false, false}, {Role: Event, Event: 7}: {false, true},
		{Role: Shared, Event: 7}: {false, true}, {Role: Shared, Event: 7, NoMoney: true}: {false, false},
	} {
		if v.MayWrite() != want[0] || v.SeesMoney() != want[1] {
			t.Errorf("%+v: write %v, money %v", v, v.MayWrite(), v.SeesMoney())
		}
	}
	if v := ViewerOf(t.Context()); v != (Viewer{}) {
		t.Errorf("without a guard: %+v", v)
	}
}

// TestViewerOfEachMode: a line without a role gives no right to write, nor does a proxy.
func TestViewerOfEachMode(t *testing.T) {
	t.Parallel()
	link := guardWith(t, Options{})
	cookie := request(t, "127.0.0.1:9", "x")
	cookie.AddCookie(&http.Cookie{Name: cookieName(cookie), Value: link.link.session})
	for name, c := range map[string]struct {
		guard *Guard
		r     *http.Request
		want  Viewer
	}{
		"link":    {link, cookie, Viewer{Role: Admin}},
		"no auth": {guardWith(t, Options{NoAuth: true}), request(t, "127.0.0.1:9", "localhost"), Viewer{Role: Admin}},
		"proxy": {guardWith(t, Options{ProxyHeader: "X-User", TrustedProxies: "127.0.0.1"}),
			request(t, "127.0.0.1:9", "x", "X-User", "anna"), Viewer{Name: "anna", Role: View}},
	} {
		if got := viewerOf(c.guard, c.r); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	for suffix, want := range map[string]Viewer{
		"": {Name: "anna", Role: View}, ":view": {Name: "anna", Role: View}, ":admin": {Name: "anna", Role: Admin},
		":view-no-money": {Name: "anna", Role: ViewNoMoney}, ":event:7": {Name: "anna", Role: Event, Event: 7},
	} {
		hash, err := hashed()
		if err != nil {
			t.Fatal(err)
		}
		found := parsePeople([]byte("anna:" + string(hash) + suffix))
		if got := found.byName["anna"].viewer(); found.firstError() != nil || got != want {
			t.Errorf("%q: %+v %v, want %+v", suffix, got, found.firstError(), want)
		}
	}
	for _, suffix := range []string{":", ":root", ":admin:7", ":event", ":event:0", ":event:x", ":event:7x", ":event:07",
		":event:-1", ":event:18446744073709551616", ":share", ":Admin", ":view:"} {
		hash, err := hashed()
		if err != nil {
			t.Fatal(err)
		}
		if found := parsePeople([]byte("anna:" + string(hash) + suffix)); found.firstError() == nil || len(found.byName) > 0 {
			t.Errorf("%q is taken", suffix)
		}
	}
}

// viewerOf is whom the guard names to the page.
func viewerOf(g *Guard, r *http.Request) (v Viewer) {
	answer(g.Page(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { v = ViewerOf(r.Context()) })), r)
	return v
}
