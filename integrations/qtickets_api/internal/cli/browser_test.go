package cli_test

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestWebhookToScreen: a sale is announced, and the open page of a real browser shows one more, without being asked.
// Five times (twice in a short run), or QTICKETS_BROWSER_ROUNDS times.
func TestWebhookToScreen(t *testing.T) {
	rounds, err := strconv.Atoi(os.Getenv("QTICKETS_BROWSER_ROUNDS"))
	if err != nil {
		rounds = testkit.Rounds(2, 5)
	}
	world := smallWorld(36)
	s := newShell(t, world, testkit.Database(t)).live()
	s.syncJSON()
	l := s.serve()
	hooks := l.webhooks(simulator.WebhookOptions{})
	show := openPage(t, l.link)
	shown := show()
	var took []time.Duration
	for range rounds {
		id, err := world.CreateOrder(simulator.NewOrder{FullPrice: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := world.Pay(id); err != nil {
			t.Fatal(err)
		}
		world.Advance(10 * time.Second) // the webhooks are due
		began := time.Now()
		if report := hooks.Deliver(t.Context()); report.Delivered == 0 {
			t.Fatalf("%+v", report)
		}
		before := shown
		wait(t, "the page shows the sale", func() bool { shown = show(); return shown != before })
		took = append(took, time.Since(began))
		wait(t, "nothing is pending", func() bool { return l.pending() == "0" })
		shown = show()
	}
	slices.Sort(took)
	median, worst := took[len(took)/2], took[len(took)-1]
	t.Logf("from the webhook to the screen, %d times: median %s, worst %s", rounds, median.Round(time.Millisecond),
		worst.Round(time.Millisecond))
	testkit.CheckFacts(t, s.db, world)
}

// openPage opens the page by its link in Chromium and returns what its cards say now.
func openPage(t *testing.T, link string) func() string {
	t.Helper()
	ctx := browser(t)
	err := chromedp.Do(ctx, chromedp.Navigate(link+"&lang=en"), chromedp.WaitReady(chromedp.CSS(".cards")))
	if err != nil {
		t.Fatal(err)
	}
	return func() string {
		ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector(".cards").textContent`))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
}

// browser is a real one, without a way to the network.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		path, err = exec.LookPath("google-chrome")
	}
	switch {
	case err != nil && os.Getenv("QTICKETS_BROWSER") == "required":
		t.Fatal(err)
	case err != nil:
		t.Skipf("THE WAY FROM A WEBHOOK TO THE SCREEN IS NOT TESTED: %v: install the package chromium", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("no-proxy-server", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE 127.0.0.2"),
		chromedp.UserDataDir(t.TempDir()))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	return ctx
}
