package digest_test

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"dashboard-mvp/integrations/qtickets_api/internal/alert"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/digest"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// office is a box office, loaded and published, and a reader of it.
type office struct {
	*testing.T
	world *simulator.World
	store *figures.Store
	load  func()
}

func open(t *testing.T, o simulator.WorldOptions) *office {
	t.Helper()
	world := simulator.NewWorld(o)
	config := testkit.Database(t)
	api, db := testkit.Client(t, testkit.Serve(t, world)), testkit.Open(t, config)
	f := &office{T: t, world: world, store: figures.NewStore(testkit.Open(t, testkit.As(t, config, embedded.Reader)))}
	f.load = func() {
		t.Helper()
		if _, err := pipeline.Run(t.Context(), api, db, pipeline.RunInfo{Org: "test"},
			pipeline.Options{InFlight: 4, Logger: slog.New(slog.DiscardHandler)}); err != nil {
			t.Fatal(err)
		}
	}
	f.load()
	return f
}

// digest is due at the beginning of the day, whatever the hour of the test.
func (f *office) digest(urls string) digest.Digest {
	f.Helper()
	channels, err := alert.ParseChannels(urls)
	if err != nil {
		f.Fatal(err)
	}
	return digest.Digest{Channels: channels, Lang: format.Russian, StateDir: f.TempDir(),
		PageURL: "https://sales.example/",
		Open:    func(context.Context) (*figures.Store, func(), error) { return f.store, func() {}, nil }}
}

func (f *office) preview(d digest.Digest, now time.Time) alert.Message {
	f.Helper()
	o, err := d.Preview(f.Context(), now)
	if err = errors.Join(err, o.Problem); err != nil {
		f.Fatal(err)
	}
	return o.Message
}

// TestFiguresAreThoseOfThePage: what the message says of yesterday is what the page shows for that day, and the box
// office sold; in both languages, and never longer than a telephone shows.
func TestFiguresAreThoseOfThePage(t *testing.T) {
	t.Parallel()
	for seed := range int64(3) {
		f := open(t, simulator.WorldOptions{Seed: seed + 1, Orders: 1500, HistoryDays: 70})
		now := time.Now()
		v, err := f.store.Version(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		yesterday := now.In(sales.Moscow).AddDate(0, 0, -1)
		day := time.Date(yesterday.Year(), yesterday.Month(), yesterday.Day(), 0, 0, 0, 0, sales.Moscow)
		only := figures.Filter{Version: v, Now: now, Period: figures.PeriodRange, From: day, To: day}
		days, err := f.store.Days(t.Context(), only)
		if err != nil || len(days.Days) == 0 {
			t.Fatal(err, len(days.Days))
		}
		sold := days.Days[0]
		for _, lang := range format.Locales() {
			d := f.digest("")
			d.Lang = lang
			m := f.preview(d, now)
			want := []string{lang.T("digest.tickets", sold.Tickets)}
			for _, a := range sold.Money {
				want = append(want, lang.MoneyRounded(a.Gross, a.Currency))
			}
			past := strings.SplitN(m.Body, "\n", 2)[0]
			for _, text := range want {
				if !strings.Contains(past, text) {
					t.Errorf("seed %d: %q is not in %q", seed, text, past)
				}
			}
			if parts := strings.Count(m.Body, "\n\n"); parts < 3 || strings.ContainsAny(m.Title+m.Body, "⟨⟩{}") {
				t.Errorf("seed %d:\n%s\n\n%s", seed, m.Title, m.Body)
			}
			if n := utf8.RuneCountInString(m.Body); n > 1000 {
				t.Errorf("%d characters", n)
			}
			if !strings.HasSuffix(m.Body, "\n"+d.PageURL) {
				t.Errorf("it does not end with the address: %s", m.Body)
			}
		}
	}
}

// TestWhatChanged: the first message knows of nothing that changed, the next one of a new show.
func TestWhatChanged(t *testing.T) {
	t.Parallel()
	f := open(t, simulator.WorldOptions{Seed: 3, Orders: 300})
	telegram := testkit.ServeTelegram(t)
	d := f.digest(telegram.URL("1"))
	now := time.Now()
	if _, err := d.Send(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	first := telegram.Texts()
	if len(first) != 1 || strings.Contains(first[0], words("digest.changed")) {
		t.Fatalf("the first message: %q", first)
	}
	if _, err := f.world.NewShow(f.world.Oracle().EventIDs[0], simulator.ShowSpec{}); err != nil {
		t.Fatal(err)
	}
	f.load()
	if o, err := d.Send(t.Context(), now.Add(time.Minute)); err != nil || o.Sending.Sent != 0 {
		t.Errorf("%+v %v: sent twice on a day", o.Sending, err)
	}
	message := f.preview(d, now.Add(24*time.Hour))
	if !strings.Contains(message.Body, words("digest.changed")) || !strings.Contains(message.Body, "новый показ") {
		t.Errorf("nothing is said of the new show:\n%s", message.Body)
	}
}

// TestTwoSenders: the command and serve look at the same moment, in every one of many mornings, and each message comes
// once: what one has sent the other, which waits for it, does not send.
func TestTwoSenders(t *testing.T) {
	t.Parallel()
	telegram := testkit.ServeTelegram(t)
	channels, err := alert.ParseChannels(telegram.URL("1,2"))
	if err != nil {
		t.Fatal(err)
	}
	command := digest.Digest{Channels: channels, Lang: format.Russian, StateDir: t.TempDir(), At: 9 * time.Hour,
		Open: func(context.Context) (*figures.Store, func(), error) { return nil, nil, errAway }}
	serve := command
	day := time.Date(2031, 3, 1, 0, 0, 0, 0, sales.Moscow)
	for range testkit.Rounds(20, 300) {
		day = day.AddDate(0, 0, 1)
		for minute := range 3 {
			var both sync.WaitGroup
			for _, d := range []digest.Digest{command, serve} {
				both.Go(func() {
					if _, err := d.Send(t.Context(), day.Add(9*time.Hour+time.Duration(minute)*time.Minute)); err != nil {
						t.Error(err)
					}
				})
			}
			both.Wait()
		}
		if texts := telegram.Texts(); len(texts) != 2 {
			t.Fatalf("%s: %d messages to two chats: %q", day.Format(time.DateOnly), len(texts), texts)
		}
	}
}

func words(key string) string { return format.Russian.T(key) }

var errAway = errors.New("ClickHouse is away")

// TestMornings plays many mornings at which ClickHouse or Telegram may be away, the machine off, the process killed
// between sending and remembering. Every morning has its message, at its time or with the time it should have come; one
// without figures says so; none comes twice, unless it was killed.
func TestMornings(t *testing.T) {
	t.Parallel()
	f := open(t, simulator.WorldOptions{Seed: 7, Orders: 400})
	telegram := testkit.ServeTelegram(t)
	d := f.digest(telegram.URL("1"))
	d.At = 9 * time.Hour
	var away bool
	reader := d.Open
	d.Open = func(ctx context.Context) (*figures.Store, func(), error) {
		if away {
			return nil, nil, errAway
		}
		return reader(ctx)
	}
	state := filepath.Join(d.StateDir, "digest.json")
	rng := rand.New(rand.NewPCG(1, 2))
	day := time.Date(2031, 3, 1, 0, 0, 0, 0, sales.Moscow)
	var silent, repeated, late, bare int
	for range testkit.Rounds(60, 1000) {
		day = day.AddDate(0, 0, 1)
		// until which minute after nine each is out of order; mostly none
		until := func(often int) int {
			if rng.IntN(often) > 0 {
				return -60
			}
			return 5 * rng.IntN(40)
		}
		off, broken, gone, kill := until(8), until(6), until(5), rng.IntN(15) == 0
		var heard []string
		killed := 0
		for minute := -5; minute <= 240; minute += 5 {
			if minute > 5 && minute > off && minute > broken && minute > gone+5 && len(heard) > 0 && minute < 230 {
				continue // nothing happens any more
			}
			now := day.Add(9*time.Hour + time.Duration(minute)*time.Minute)
			if minute < off {
				continue
			}
			telegram.Break(minute < broken)
			away = minute < gone
			before, err := os.ReadFile(state)
			o, sendErr := d.Send(t.Context(), now)
			if sendErr != nil {
				t.Fatal(sendErr)
			}
			texts := telegram.Texts()
			if minute < 0 && len(texts) > 0 {
				t.Fatalf("%s: too early", now)
			}
			if kill && len(texts) > 0 && err == nil && killed == 0 {
				killed++
				if err := os.WriteFile(state, before, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if len(texts) > 0 && minute > 10 && !strings.Contains(texts[0], "вместо 09:00") {
				t.Errorf("%s: it does not say that it is late:\n%s", now, texts[0])
			}
			if len(texts) > 0 && minute > 10 {
				late++
			}
			if o.Problem != nil && !strings.Contains(o.Message.Title, words("digest.title_unreadable")) {
				t.Errorf("%s: %q without figures", now, o.Message.Title)
			}
			heard = append(heard, texts...)
		}
		switch {
		case len(heard) == 0:
			silent++
			t.Errorf("%s: nobody heard anything", day.Format(time.DateOnly))
		case len(heard) > 1+killed:
			t.Errorf("%s: %d messages", day.Format(time.DateOnly), len(heard))
		case len(heard) > 1:
			repeated++
		}
		if strings.Contains(heard[0], words("digest.title_unreadable")) {
			bare++
		}
	}
	t.Logf("silent %d, once more after a kill %d, late and said so %d, without figures %d", silent, repeated, late, bare)
	if repeated == 0 || late == 0 || bare == 0 {
		t.Error("not every fault was played")
	}
}
