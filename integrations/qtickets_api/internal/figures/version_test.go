package figures_test

import (
	"errors"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestVersion: nothing published, a publication, a newer one, and one of an older loader, which must not look like no
// sales.
func TestVersion(t *testing.T) {
	t.Parallel()
	empty := testkit.Database(t)
	store := figures.NewStore(testkit.Open(t, testkit.As(t, empty, embedded.Reader)))
	if _, err := store.Version(t.Context()); !errors.Is(err, figures.ErrNothingPublished) {
		t.Error("before the first load:", err)
	}
	began := time.Now().Truncate(time.Second)
	l := newLab(t, simulator.WorldOptions{Seed: 8, Orders: 60})
	first := l.filter()
	if first.Version.AsOf.Before(began) || first.Version.AsOf.After(time.Now()) ||
		first.Version.PublishedAt.Before(first.Version.AsOf) {
		t.Errorf("%+v", first.Version)
	}
	if err := l.load(); err != nil {
		t.Fatal(err)
	}
	second := l.filter()
	if second.Version.Batch != first.Version.Batch || !second.Version.AsOf.After(first.Version.AsOf) {
		t.Errorf("%+v after %+v", second.Version, first.Version)
	}
	conn := testkit.Raw(t, testkit.As(t, l.config, embedded.Admin))
	for _, statement := range []string{"ALTER TABLE publish UPDATE rows = 0 WHERE 1 SETTINGS mutations_sync = 1",
		"ALTER TABLE store_movements DELETE WHERE 1 SETTINGS mutations_sync = 1"} {
		if err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	another := figures.NewStore(testkit.Open(t, testkit.As(t, l.config, embedded.Reader)))
	if _, err := another.Version(t.Context()); !errors.Is(err, figures.ErrOldPublication) {
		t.Error("without movements:", err)
	}
}

// TestHistoryStaysPut: after refunds of tickets sold long ago, what a past day showed is what it shows, and the refunds
// stand in the day they were made on. The page of the publication before can still be read.
func TestHistoryStaysPut(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.WorldOptions{Seed: 6, Orders: 500, Refunds: simulator.RefundRules{MovesUpdatedAt: true}})
	f := l.filter()
	before, err := l.store.Weeks(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	refunded := 0
	for _, m := range l.world.Movements() {
		if !m.Refund && m.At.Before(f.Version.AsOf.AddDate(0, 0, -5)) && refunded < 20 && m.Price > 0 &&
			l.world.Refund(m.OrderID, nil, simulator.FullAmount) == nil {
			refunded++
		}
	}
	if refunded < 10 {
		t.Fatalf("%d refunds", refunded)
	}
	if err := l.load(); err != nil {
		t.Fatal(err)
	}
	g := l.filter()
	after, err := l.store.Weeks(t.Context(), g)
	past := len(before.Days) - 1
	same(t, "days long gone", before.Days[:past], after.Days[:past], err)
	count := func(d figures.Days) (n int64) {
		for _, day := range d.Days {
			n += day.Refunded
		}
		return n
	}
	if count(after) < count(before)+int64(refunded) {
		t.Errorf("%d refunded tickets before, %d after", count(before), count(after))
	}
	again, err := l.store.Weeks(t.Context(), f)
	same(t, "the page of the publication before", before, again, err)
}
