package figures

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// ErrNothingPublished is returned by Version before the first load.
var ErrNothingPublished = errors.New("nothing is published yet: run \"qtickets_api sync\"")

// ErrOldPublication is returned by Version when what is published was built by an older loader and lacks marts.
var ErrOldPublication = errors.New("the publication was made by an older version of the loader: run \"qtickets_api " +
	"sync\"")

// ErrNoEvent is returned by Event, Pacing and Zones for an event or show that is not published.
var ErrNoEvent = errors.New("no such event or show is published")

// Store answers the questions of the page. Safe for concurrent use; each question may fail alone.
type Store struct {
	db *warehouse.DB

	mu   sync.Mutex
	seen Version // what Version told last

	// what several blocks of a page ask for
	money    memo[[]string] // currencies
	firsts   memo[time.Time]
	shows    memo[[]ShowLine]
	allPaces memo[map[uint64]int64]
	seats    memo[map[uint64]time.Time]
	sameDays memo[*weekdays]
	split    memo[map[By][]part]
	bought   memo[*bought]
	given    memo[[]given]
	sold     memo[map[uint64][]soldOn]
	over     memo[*finished]
	outlooks memo[map[uint64]Outlook]
	planned  memo[map[uint64]int64]
}

// NewStore reads through a connection with the rights of a reader.
func NewStore(db *warehouse.DB) *Store { return &Store{db: db} }

//go:embed sql/*.sql
var sqlFiles embed.FS

func sqlOf(name string) string {
	text, err := sqlFiles.ReadFile("sql/" + name + ".sql")
	if err != nil { // names are constants of this package
		panic(err)
	}
	return string(text)
}

// read runs sql/NAME.sql.
func (s *Store) read(ctx context.Context, name string, parameters map[string]string,
	row func(scan func(...any) error) error) error {
	if err := s.db.Read(ctx, sqlOf(name), parameters, row); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

// Version is one publication with the plans of a moment: what a page shows as a whole. The loader keeps the last three
// publications; nothing is found of one that was dropped, so ask about a version at once.
type Version struct {
	Batch       uint64
	PublishedAt time.Time
	AsOf        time.Time // sales are complete up to this moment
	Plans       uint64    // tells apart the plans that people have made: they change without a publication. 0: none hold

	// from which batch the rows of each slice are, as ClickHouse reads an Array(Tuple(UInt64, UInt64))
	slices string
	teller *Store // of it: on another server of a cluster parts of it may be missing
}

// From tells whether a store told the version.
func (v Version) From(s *Store) bool { return v.teller == s }

// Version is the publication readers see now. Cheap while nothing new is published: for polling.
func (s *Store) Version(ctx context.Context) (Version, error) {
	s.mu.Lock()
	seen := s.seen
	s.mu.Unlock()
	if seen.Batch != 0 {
		newest, err := s.newest(ctx)
		if err != nil {
			return Version{}, err
		}
		if newest.Batch == seen.Batch { // shown up to a later moment, or with other plans: all of it is here, as it was
			newest.slices, newest.teller = seen.slices, seen.teller
			s.see(newest)
			return newest, nil
		}
	}
	v, err := s.published(ctx)
	switch {
	case err != nil:
		return Version{}, err
	case v.Batch == 0:
		return Version{}, ErrNothingPublished
	}
	v.teller = s
	old, err := s.old(ctx, v)
	switch {
	case err != nil:
		return Version{}, err
	case old:
		return Version{}, ErrOldPublication
	}
	s.see(v)
	return v, nil
}

func (s *Store) see(v Version) {
	s.mu.Lock()
	s.seen = v
	s.mu.Unlock()
}

// newest reads the last publication, of which parts may still be to come to this server.
func (s *Store) newest(ctx context.Context) (v Version, err error) {
	err = s.read(ctx, "newest", nil, func(scan func(...any) error) error { return v.scan(scan, &v.Plans) })
	return v, err
}

// published reads the publication that readers see; the zero value: there is none.
func (s *Store) published(ctx context.Context) (Version, error) {
	var v Version
	var plans uint64
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		err := s.read(ctx, "published", nil, func(scan func(...any) error) error { return v.scan(scan) })
		if err != nil || v.Batch == 0 {
			return err
		}
		return s.read(ctx, "slices", map[string]string{"batch": unsigned(v.Batch)},
			func(scan func(...any) error) error { return scan(&v.slices) })
	})
	group.Go(func() error {
		return s.read(ctx, "plans_hash", nil, func(scan func(...any) error) error { return scan(&plans) })
	})
	err := group.Wait()
	v.Plans = plans
	return v, err
}

// scan a row that begins with a publication.
func (v *Version) scan(scan func(...any) error, more ...any) error {
	err := scan(append([]any{&v.Batch, &v.AsOf, &v.PublishedAt}, more...)...)
	v.AsOf, v.PublishedAt = v.AsOf.In(sales.Moscow), v.PublishedAt.In(sales.Moscow)
	return err
}

// old tells whether a publication is from before there were movements: it has sales and none of them.
func (s *Store) old(ctx context.Context, v Version) (bool, error) {
	var currencies []string
	var first time.Time
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { currencies, err = s.currencies(ctx, v); return err })
	group.Go(func() (err error) { first, err = s.FirstDay(ctx, v); return err })
	err := group.Wait()
	return len(currencies) > 0 && first.IsZero(), err
}

// currencies are those of the publication, the main one first.
func (s *Store) currencies(ctx context.Context, v Version) ([]string, error) {
	return s.money.get(ctx, unsigned(v.Batch), func(ctx context.Context) ([]string, error) {
		known := []string{}
		err := s.read(ctx, "currencies", Filter{Version: v}.parameters(), func(scan func(...any) error) error {
			var c string
			err := scan(&c)
			known = append(known, c)
			return err
		})
		return known, err
	})
}

// mainCurrency is "" before the first sale.
func (s *Store) mainCurrency(ctx context.Context, v Version) (string, error) {
	known, err := s.currencies(ctx, v)
	if err != nil || len(known) == 0 {
		return "", err
	}
	return known[0], nil
}

// FirstDay is the Moscow day of the first sale of a publication; zero: nothing was sold.
func (s *Store) FirstDay(ctx context.Context, v Version) (time.Time, error) {
	return s.firstSale(ctx, Filter{Version: v})
}

// firstSale is the Moscow day something moved for the first time within the filter; zero: never.
func (s *Store) firstSale(ctx context.Context, f Filter) (time.Time, error) {
	f.Version.AsOf = time.Time{} // it is the same as long as the batch is
	return s.firsts.get(ctx, f.key(""), func(ctx context.Context) (time.Time, error) {
		var first time.Time
		err := s.read(ctx, "first_sale", f.parameters(), func(scan func(...any) error) error { return scan(&first) })
		if err != nil || first.IsZero() {
			return time.Time{}, err
		}
		return dayOf(first), nil
	})
}
