package dashboard

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"golang.org/x/crypto/bcrypt"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
)

// guarded is the page behind a guard with one user, anna, and what her file is called.
func guarded(t *testing.T, s *Server) (address, file string) {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte("a long password"), bcrypt.DefaultCost)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "users")
	if err := os.WriteFile(file, []byte("anna:"+string(hash)+":event:3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	guard, err := access.New(access.Options{Listen: "127.0.0.1:0", UsersFile: file, Org: "Театр «Волна»"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(guard.Page(s))
	t.Cleanup(server.Close)
	return server.URL, file
}

// silent: nothing but the refusal itself is told on the console.
func (b *tab) silent() {
	b.t.Helper()
	said := slices.DeleteFunc(b.said(), func(text string) bool { return strings.Contains(text, "status of 401") })
	if len(said) > 0 {
		b.t.Errorf("the console heard %q", said)
	}
}

// TestSigningInWithABrowser: the form, her event, and out again; in narrow and wide windows, and for everybody.
func TestSigningInWithABrowser(t *testing.T) {
	t.Parallel()
	s, _ := site(t, newInvented())
	address, _ := guarded(t, s)
	b := open(t, address+"/?lang=ru", tabOptions{width: 390, noScripts: false})
	for _, width := range []int64{320, 1280} {
		b.width(width)
		if wide := eval[bool](b, "document.documentElement.scrollWidth > innerWidth"); wide {
			t.Errorf("the form scrolls sideways at %d", width)
		}
	}
	if size := eval[float64](b, "document.querySelector('button').getBoundingClientRect().height"); size < 44 {
		t.Errorf("the button is %v high: the style is not let in", size)
	}
	if found := b.axeRun(); len(found) > 0 {
		t.Errorf("the form: %q", found)
	}
	b.keep("sign-in")
	if kind := eval[string](b, `(document.querySelector("#show").click(), document.querySelector("[name=password]").type)`); kind != "text" {
		t.Errorf("the password is shown as %s", kind)
	}
	b.steps(chromedp.Evaluate[chromedp.Void](`document.querySelector("[name=name]").value = "anna";
		document.querySelector("[name=password]").value = "wrong"; document.querySelector("button").click()`))
	b.wait(`document.readyState === "complete" && document.activeElement.matches(".failed")`)
	if says := eval[string](b, "document.activeElement.textContent"); !strings.Contains(says, "Осталось попыток: 9.") {
		t.Errorf("a wrong password: %s", says)
	}
	if found := b.axeRun(); len(found) > 0 {
		t.Errorf("the form after a wrong password: %q", found)
	}
	b.fits("the form after a wrong password")
	b.steps(chromedp.Evaluate[chromedp.Void](`document.querySelector("[name=name]").value = "anna";
		document.querySelector("[name=password]").value = "a long password"; document.querySelector("button").click()`))
	b.wait(`location.pathname === "/events/3" && !!document.querySelector("#main .cards")`)
	b.silent()
	b.steps(chromedp.Evaluate[chromedp.Void](`document.querySelector("a.out").click()`))
	b.wait(`location.pathname === "/sign-out" && !!document.querySelector("form button")`)
	b.steps(chromedp.Evaluate[chromedp.Void](`document.querySelector("form button").click()`))
	b.wait(`location.pathname === "/sign-in"`)
	if cookies := eval[string](b, "document.cookie"); cookies != "" {
		t.Errorf("scripts see %q", cookies)
	}
}

// TestSharedPageInABrowser draws itself and hears news without a word on the console, and asks for nothing elsewhere.
func TestSharedPageInABrowser(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, _ := site(t, w)
	address, file := guarded(t, s)
	now := time.Now()
	made, token, err := access.AddShare(file, access.Share{Event: 3, Show: 102, NoMoney: true, Made: now,
		Until: now.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	link := address + access.SharePath + token + "/"
	b := open(t, link+"?lang=ru", tabOptions{width: 390})
	b.wait(`!!document.querySelector(".chart canvas")`)
	b.wait(`document.body.dataset.state !== ""`)
	if found := b.axeRun(); len(found) > 0 {
		t.Errorf("the shared page: %q", found)
	}
	if wide := eval[bool](b, "document.documentElement.scrollWidth > innerWidth"); wide {
		t.Error("the shared page scrolls sideways")
	}
	b.keep("shared")
	b.silent()
	for _, asked := range b.asked() {
		if !strings.HasPrefix(asked, link) && !strings.HasPrefix(asked, "data:") {
			t.Errorf("it asks for %s", asked)
		}
	}
	if err := access.RevokeShare(file, made.ID); err != nil {
		t.Fatal(err)
	}
	b.steps(chromedp.Navigate(link), chromedp.WaitReady(chromedp.CSS("main")))
	if text := eval[string](b, "document.body.innerText"); strings.Contains(text, "Стендап") {
		t.Errorf("revoked: %s", text)
	}
}
