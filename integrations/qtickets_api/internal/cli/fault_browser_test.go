package cli_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestFault3_3_LinkFromAnotherSite: in a real browser a link of another site opens the page for whoever was let in
// before, and tells a stranger where the link is; what the other site's page loads for itself, it does not get.
func TestFault3_3_LinkFromAnotherSite(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(69), testkit.Database(t)).live()
	s.syncJSON()
	l := s.serve()
	listener, err := net.Listen("tcp", "127.0.0.2:0") // another site than 127.0.0.1
	if err != nil {
		t.Skip("this machine has no second address of its own: ", err)
	}
	other := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter,
		_ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<a id="go" href="%schannels?lang=en&period=7">the sales</a>`+
			`<iframe src="%s"></iframe><script>fetch("%scsv/shows", {mode: "no-cors", credentials: "include"})`+
			`.then(r => document.title = "loaded " + r.type, () => document.title = "refused")</script>`, l.url, l.url, l.url)
	})}
	go func() { _ = other.Serve(listener) }()
	t.Cleanup(func() { _ = other.Close() })
	ctx, cancel := context.WithTimeout(browser(t), 2*time.Minute)
	t.Cleanup(cancel)
	mail := "http://" + listener.Addr().String() + "/"
	// The refusal of a link from elsewhere asks for itself once more: only a page that stays is looked at.
	heading := func() string {
		text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.readyState === "complete" && `+
			`!document.querySelector("meta[http-equiv=refresh]") && (document.querySelector("h1") || {}).textContent || ""`))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	follow := func() {
		t.Helper()
		if err := chromedp.Do(ctx, chromedp.Navigate(mail), chromedp.WaitReady(chromedp.CSS("#go"))); err != nil {
			t.Fatal(err)
		}
		if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS("#go"))); err != nil {
			t.Fatal(err)
		}
	}
	follow()
	wait(t, "a stranger reads where the link is", func() bool { return heading() == "The link is needed" })
	err = chromedp.Do(ctx, chromedp.Navigate(l.link+"&lang=en"), chromedp.WaitReady(chromedp.CSS(".cards")))
	if err != nil {
		t.Fatal(err)
	}
	follow()
	wait(t, "the followed link shows the page", func() bool { return heading() == "Channels" })
}
