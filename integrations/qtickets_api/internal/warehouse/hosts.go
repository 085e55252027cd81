package warehouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// The pace of a list of hosts.
const (
	hostPatience = 3 * time.Second // one host may take so long to open, and to say that it lives
	lookEvery    = 5 * time.Second
	// mostSilent looks in a row without an answer end what still waits for a host: some twenty seconds.
	mostSilent = 3
	// coordinationPause is how long the first host is left alone when it answered and could not write.
	coordinationPause = 5 * time.Minute
)

// Hosts are the servers of one ClickHouse, in the order in which they are asked: one, or the replicas of the same
// data. One is asked at a time: the first; when it fails the next; the first again when it is well. Safe for
// concurrent use.
type Hosts struct {
	moved func(to Config, why error)

	mu        sync.Mutex
	all       []*host
	now       int // the one that is asked
	notBefore time.Time
}

// host is one of them.
type host struct {
	config Config
	db     *DB // nil: not opened yet, or given up
	eye    *DB // what it is looked at with: statements that take long must not look like silence
	silent int // looks in a row without an answer
}

// NewHosts are not opened yet. moved, unless nil, is told which host is asked from now on, and why; a nil error: the
// first is well again.
func NewHosts(configs []Config, moved func(to Config, why error)) *Hosts {
	h := &Hosts{moved: moved}
	for _, c := range configs {
		h.all = append(h.all, &host{config: c})
	}
	if moved == nil {
		h.moved = func(Config, error) {}
	}
	return h
}

// DB is a connection to the host that is asked now, or to the next that can be opened. It stays on that host, and is
// closed with all others.
func (h *Hosts) DB(ctx context.Context) (*DB, error) { return h.Choose(ctx, nil) }

// Choose is DB; of several hosts one that accept, unless nil, refuses is passed over.
func (h *Hosts) Choose(ctx context.Context, accept func(context.Context, *DB) error) (*DB, error) {
	var failed []error
	for range h.all {
		db, err := h.current(ctx)
		if err == nil && accept != nil {
			err = accept(ctx, db)
		}
		if err == nil {
			return db, nil
		}
		if len(h.all) == 1 {
			return nil, err
		}
		failed = append(failed, err)
		if ctx.Err() != nil {
			break
		}
		h.leave(db, err)
	}
	return nil, fmt.Errorf("none of the %d servers of CLICKHOUSE_HOST can be used: %w", len(h.all), errors.Join(failed...))
}

// Do puts to the host that is asked what may be repeated, and to the next ones while they fail.
func (h *Hosts) Do(ctx context.Context, do func(*DB) error) error {
	var err error
	for range h.all {
		db, openErr := h.DB(ctx)
		if openErr != nil {
			return openErr
		}
		if err = do(db); err == nil || !db.Left() || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// current is the connection to the host that is asked now. With an error too it names no other: see leave.
func (h *Hosts) current(ctx context.Context) (*DB, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	one := h.all[h.now]
	if one.db != nil {
		return one.db, nil
	}
	db, err := openWithin(ctx, one.config)
	if err == nil {
		db.hosts, one.db = h, db
		db.alive, db.end = context.WithCancel(context.Background())
	}
	return one.db, err
}

// openWithin is Open, and for one of several hosts no longer than the patience with one.
func openWithin(ctx context.Context, c Config) (*DB, error) {
	if !c.OneOfSeveral {
		return Open(ctx, c)
	}
	ctx, cancel := context.WithTimeout(ctx, hostPatience)
	defer cancel()
	return Open(ctx, c)
}

// leave moves to the next host unless another one is asked already; nil is one that could not be opened.
func (h *Hosts) leave(db *DB, why error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.all) > 1 && h.all[h.now].db == db {
		h.next(why)
	}
}

// next needs the lock.
func (h *Hosts) next(why error) {
	if h.now == 0 {
		h.notBefore = time.Now().Add(lookEvery)
		if errors.Is(why, ErrCoordination) {
			h.notBefore = time.Now().Add(coordinationPause)
		}
	}
	h.now = (h.now + 1) % len(h.all)
	h.moved(h.all[h.now].config, why)
}

// Watch looks at the hosts until the context ends. One that is silent is left, and what still waits for it ends; when
// the first is well again it is asked.
func (h *Hosts) Watch(ctx context.Context) {
	if len(h.all) == 1 {
		return
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			h.Look(ctx)
		}
	}
}

// Look is one look of Watch.
func (h *Hosts) Look(ctx context.Context) {
	h.mu.Lock()
	at, back := h.now, h.now != 0 && !time.Now().Before(h.notBefore)
	var looked []int
	for i, one := range h.all {
		if i == at || one.db != nil || (i == 0 && back) {
			looked = append(looked, i)
		}
	}
	h.mu.Unlock()
	shown, failed := make([]time.Time, len(h.all)), make([]error, len(h.all))
	var looks sync.WaitGroup
	for _, i := range looked {
		looks.Go(func() { shown[i], failed[i] = h.all[i].look(ctx) })
	}
	looks.Wait()
	if ctx.Err() != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, i := range looked {
		h.all[i].heard(failed[i])
	}
	silent := errors.Is(failed[at], ErrUnavailable)
	switch {
	case h.now != at: // somebody else was quicker
	case back && failed[0] == nil && (silent || !shown[0].Before(shown[at])):
		h.now = 0
		h.moved(h.all[0].config, nil)
	case silent:
		h.next(failed[at])
	}
}

// look asks when what readers of the host see was published. Going back to a host that shows an older publication
// would take figures back. One look at a time.
func (one *host) look(ctx context.Context) (at time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, hostPatience)
	defer cancel()
	if one.eye == nil {
		if one.eye, err = Open(ctx, one.config); err != nil {
			return at, err
		}
	}
	return one.eye.publishedAt(ctx)
}

// heard counts the looks without an answer, and gives up a connection that waits for one too long.
func (one *host) heard(err error) {
	one.silent++
	if !errors.Is(err, ErrUnavailable) {
		one.silent = 0
	}
	if one.silent >= mostSilent && one.db != nil {
		one.db.end()
		_ = one.db.Close()
		one.db = nil
	}
}

// Close ends all connections.
func (h *Hosts) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, one := range h.all {
		for _, db := range []*DB{one.db, one.eye} {
			if db != nil {
				_ = db.Close()
			}
		}
		one.db, one.eye = nil, nil
	}
}

// Left tells whether the hosts that the connection is one of are asked elsewhere by now.
func (db *DB) Left() bool {
	if db.hosts == nil {
		return false
	}
	db.hosts.mu.Lock()
	defer db.hosts.mu.Unlock()
	return db.hosts.all[db.hosts.now].db != db
}

// whileAlive ends with the context, or when the host is given up.
func (db *DB) whileAlive(ctx context.Context) (context.Context, context.CancelFunc) {
	if db.alive == nil {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(db.alive, cancel)
	return ctx, func() { stop(); cancel() }
}

// failed notes that the host does not answer or cannot write, and passes the error on. ctx is that of who asked: when
// it is over, nothing is said about the host; Watch finds out.
func (db *DB) failed(ctx context.Context, err error) error {
	if db.hosts == nil || err == nil || ctx.Err() != nil {
		return err
	}
	if db.alive.Err() != nil {
		return fmt.Errorf("%w at %s: it takes connections and says nothing: restart it (%s)", ErrUnavailable,
			db.config.address(), firstLine(err))
	}
	if errors.Is(err, ErrUnavailable) || errors.Is(err, ErrCoordination) {
		db.hosts.leave(db, err)
	}
	return err
}

// publishedAt is when what readers see was published. It reads through views, with the rights of their owner.
func (db *DB) publishedAt(ctx context.Context) (at time.Time, err error) {
	err = db.ask(ctx, statement("published_at"), nil, func(r driver.Rows) error { return r.Scan(&at) })
	return at, err
}

// CheckViews tells why the views cannot be read though they are there: their owner may be missing on this server.
func (db *DB) CheckViews(ctx context.Context) error {
	_, err := db.publishedAt(ctx)
	return err
}

// Loadable is CheckSchema, and for one of several hosts also whether it can write and has what the others have.
func (db *DB) Loadable(ctx context.Context) error {
	err := db.CheckSchema(ctx)
	if err == nil && db.config.OneOfSeveral {
		err = db.caughtUp(ctx)
	}
	return err
}

// caughtUp is ErrCoordination when this server cannot write, or when rows that other replicas have are still missing
// here and the next run would take them for known: its facts would go back to what they were. The loader waits for them
// a little. Where the user may not see how the tables stand, and where they are not replicated, there is nothing to
// wait for.
func (db *DB) caughtUp(ctx context.Context) error {
	for attempt := 0; ; attempt++ {
		tables, err := db.Replicas(ctx)
		if errors.Is(err, ErrPermission) {
			return nil
		}
		var known time.Time
		if err == nil && len(tables) > 0 {
			err = db.query(ctx, statement("known_until"), nil, func(r driver.Rows) error { return r.Scan(&known) })
		}
		if err != nil {
			return err
		}
		mayCome, err := lacking(tables, known)
		if err == nil || !mayCome || attempt == 10 {
			return db.failed(ctx, describeReplica(db.config, err))
		}
		select {
		case <-ctx.Done():
			return describeReplica(db.config, err)
		case <-time.After(time.Second):
		}
	}
}

func describeReplica(c Config, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w at %s: %w", ErrCoordination, c.address(), err)
}

// repeated are the tables that the facts do not depend on: what is missing there makes a run read more than it must.
// Stores are looked at by the audit, and the pointer waits for them.
var repeated = []string{"state_job_runs", "state_webhooks", "state_alerts", "state_sweeps", "state_inventory_seen",
	"state_forecasts"}

// apart is by how much the clocks of two servers may differ; more is a finding of doctor.
const apart = time.Minute

// lacking is what a load cannot do without, and whether that may come by itself. What was inserted after all that is
// known here belongs to a run that this server does not know to have ended: the next one reads it again.
func lacking(tables []Replica, known time.Time) (mayCome bool, err error) {
	for _, t := range tables {
		switch {
		case !strings.HasPrefix(t.Table, "state_"):
		case t.ReadOnly:
			return false, fmt.Errorf("%s is read-only: %s", t.Table, coordination[codeReadOnlyTable])
		case t.Missing > 0 && !slices.Contains(repeated, t.Table) && t.MissingSince.Before(known.Add(apart)):
			return true, fmt.Errorf("%d inserts into %s, the first of %s, have not come from the other replicas yet: start "+
				"those that are down; if one is lost for good, SYSTEM DROP REPLICA, then \"qtickets_api reconcile\"", t.Missing,
				t.Table, t.MissingSince.Format(time.DateTime))
		}
	}
	return false, nil
}

// Replica is how a table of one server stands among its replicas.
type Replica struct {
	Table        string
	ReadOnly     bool
	Missing      uint64        // inserts that are still to come
	MissingSince time.Time     // when the oldest of them was made
	Delay        time.Duration // how far it is behind
}

// Replicas are the replicated tables of this server. ErrPermission: the user may not read system.replicas.
func (db *DB) Replicas(ctx context.Context) ([]Replica, error) {
	var all []Replica
	err := db.query(ctx, statement("replica_state"), nil, func(r driver.Rows) error {
		var one Replica
		var readOnly uint8
		var missing uint32
		var delay uint64
		err := r.Scan(&one.Table, &readOnly, &missing, &one.MissingSince, &delay)
		one.ReadOnly, one.Missing, one.Delay = readOnly != 0, uint64(missing), time.Duration(delay)*time.Second
		all = append(all, one)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the state of the replicas: %w", err)
	}
	return all, nil
}
