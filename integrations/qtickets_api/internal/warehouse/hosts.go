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
	hostPatience = 3 * time.Second // one host may take so long to open, and to say that it is well
	lookEvery    = 5 * time.Second
	// coordinationPause is how long the first host is left alone when it answered and could not write.
	coordinationPause = 5 * time.Minute
)

// OpenFirst opens the first of several hosts that can be opened and that check, unless nil, accepts. The connection
// stays on that host. passedOver, unless nil, is told of those before it. One host is opened as Open does.
func OpenFirst(ctx context.Context, hosts []Config, check func(context.Context, *DB) error,
	passedOver func(Config, error)) (*DB, error) {
	var failed []error
	for _, c := range hosts {
		db, err := openChecked(ctx, c, check)
		if err == nil || len(hosts) == 1 {
			return db, err
		}
		failed = append(failed, err)
		if ctx.Err() != nil {
			break
		}
		if passedOver != nil {
			passedOver(c, err)
		}
	}
	return nil, noneOf(hosts, failed)
}

func noneOf(hosts []Config, failed []error) error {
	return fmt.Errorf("none of the %d servers of CLICKHOUSE_HOST can be used: %w", len(hosts), errors.Join(failed...))
}

func openChecked(ctx context.Context, c Config, check func(context.Context, *DB) error) (*DB, error) {
	db, err := openWithin(ctx, c)
	if err != nil || check == nil {
		return db, err
	}
	if err := check(ctx, db); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
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

// Hosts are the servers of one ClickHouse, in the order in which they are asked: one, or the replicas of the same data.
// One is asked at a time: the first; when it fails the next; the first again when it is well. Safe for concurrent use.
type Hosts struct {
	configs []Config
	moved   func(to Config, why error)

	mu        sync.Mutex
	dbs       []*DB // by host; nil: not opened yet
	now       int   // the host that is asked
	notBefore time.Time
}

// NewHosts are not opened yet. moved is told which host is asked from now on, and why; nil: the first is well again.
func NewHosts(configs []Config, moved func(to Config, why error)) *Hosts {
	return &Hosts{configs: configs, moved: moved, dbs: make([]*DB, len(configs))}
}

// DB is a connection to the host that is asked now, or to the next that can be opened. It stays on that host, and is
// closed with all others.
func (h *Hosts) DB(ctx context.Context) (*DB, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var failed []error
	for range h.configs {
		db, err := h.opened(ctx, h.now)
		if err == nil || len(h.configs) == 1 {
			return db, err
		}
		failed = append(failed, err)
		if ctx.Err() != nil {
			break
		}
		h.next(err)
	}
	return nil, noneOf(h.configs, failed)
}

// Do puts to the host that is asked what may be repeated, and to the next ones while they fail.
func (h *Hosts) Do(ctx context.Context, do func(*DB) error) error {
	var err error
	for range h.configs {
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

// opened needs the lock.
func (h *Hosts) opened(ctx context.Context, i int) (*DB, error) {
	if h.dbs[i] == nil {
		db, err := openWithin(ctx, h.configs[i])
		if err != nil {
			return nil, err
		}
		db.hosts = h
		h.dbs[i] = db
	}
	return h.dbs[i], nil
}

// next needs the lock.
func (h *Hosts) next(why error) {
	if h.now == 0 {
		h.notBefore = time.Now().Add(lookEvery)
		if errors.Is(why, ErrCoordination) {
			h.notBefore = time.Now().Add(coordinationPause)
		}
	}
	h.now = (h.now + 1) % len(h.configs)
	h.moved(h.configs[h.now], why)
}

// leave moves to the next host unless another one is asked already.
func (h *Hosts) leave(db *DB, why error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.configs) > 1 && h.dbs[h.now] == db {
		h.next(why)
	}
}

// Watch looks at the host that is asked, which may hang without a word, and leads back to the first when that is well,
// until the context ends.
func (h *Hosts) Watch(ctx context.Context) {
	if len(h.configs) == 1 {
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
	at := h.now
	look := at != 0 && !time.Now().Before(h.notBefore)
	h.mu.Unlock()
	seen, err := h.publication(ctx, at)
	if look {
		if first, errFirst := h.publication(ctx, 0); errFirst == nil && (err != nil || !first.Before(seen)) {
			h.mu.Lock()
			h.now = 0
			h.moved(h.configs[0], nil)
			h.mu.Unlock()
			return
		}
	}
	if err != nil && ctx.Err() == nil {
		h.mu.Lock()
		if h.now == at {
			h.next(err)
		}
		h.mu.Unlock()
	}
}

// publication is when what readers of a host see was published: a host that is well says so within its patience. Going
// back to one that shows an older publication would take figures back.
func (h *Hosts) publication(ctx context.Context, i int) (at time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, hostPatience)
	defer cancel()
	h.mu.Lock()
	db := h.dbs[i]
	h.mu.Unlock()
	if db == nil { // opened without the lock: others need not wait for it
		if db, err = openWithin(ctx, h.configs[i]); err != nil {
			return at, err
		}
		db = h.keep(i, db)
	}
	return db.publishedAt(ctx)
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

// keep takes the connection of a host, or the one that somebody else opened meanwhile.
func (h *Hosts) keep(i int, db *DB) *DB {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.dbs[i] != nil {
		_ = db.Close()
		return h.dbs[i]
	}
	db.hosts = h
	h.dbs[i] = db
	return db
}

// Close ends all connections.
func (h *Hosts) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, db := range h.dbs {
		if db != nil {
			_ = db.Close()
		}
		h.dbs[i] = nil
	}
}

// Left tells whether the hosts that the connection is one of are asked elsewhere by now.
func (db *DB) Left() bool {
	if db.hosts == nil {
		return false
	}
	db.hosts.mu.Lock()
	defer db.hosts.mu.Unlock()
	return db.hosts.dbs[db.hosts.now] != db
}

// failed notes that the host does not answer or cannot write, and passes the error on. A question that took too long says
// nothing: Watch does.
func (db *DB) failed(err error) error {
	if db.hosts != nil && !errors.Is(err, context.DeadlineExceeded) &&
		(errors.Is(err, ErrUnavailable) || errors.Is(err, ErrCoordination)) {
		db.hosts.leave(db, err)
	}
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

// caughtUp is ErrCoordination when this server cannot write, or when rows that other replicas have are still missing here:
// facts computed from what is here would go back to what it was. The loader waits for them a little. Where the user may
// not see how the tables stand, and where they are not replicated, there is nothing to wait for.
func (db *DB) caughtUp(ctx context.Context) error {
	for attempt := 0; ; attempt++ {
		tables, err := db.Replicas(ctx)
		if errors.Is(err, ErrPermission) {
			return nil
		}
		if err != nil {
			return err
		}
		err = db.lacking(tables)
		if err == nil || attempt == 10 {
			return db.failed(err)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Second):
		}
	}
}

// repeated are the tables that the facts do not depend on: what is missing there makes a run read more than it must.
// Stores are looked at by the audit, and the pointer waits for them.
var repeated = []string{"state_job_runs", "state_webhooks", "state_alerts", "state_sweeps", "state_inventory_seen"}

func (db *DB) lacking(tables []Replica) error {
	for _, t := range tables {
		switch {
		case !strings.HasPrefix(t.Table, "state_"):
		case t.ReadOnly:
			return fmt.Errorf("%w: %s is read-only at %s: %s", ErrCoordination, t.Table, db.config.address(),
				coordination[codeReadOnlyTable])
		case t.Missing > 0 && !slices.Contains(repeated, t.Table):
			return fmt.Errorf("%w: %d inserts into %s have not come to %s from the other replicas yet: start those that are "+
				"down; if one is lost for good, SYSTEM DROP REPLICA, then \"qtickets_api reconcile\"", ErrCoordination, t.Missing,
				t.Table, db.config.address())
		}
	}
	return nil
}

// Replica is how a table of one server stands among its replicas.
type Replica struct {
	Table    string
	ReadOnly bool
	Missing  uint64        // inserts that are still to come
	Delay    time.Duration // how far it is behind
}

// Replicas are the replicated tables of this server. ErrPermission: the user may not read system.replicas.
func (db *DB) Replicas(ctx context.Context) ([]Replica, error) {
	var all []Replica
	err := db.query(ctx, statement("replica_state"), nil, func(r driver.Rows) error {
		var one Replica
		var readOnly uint8
		var missing uint32
		var delay uint64
		err := r.Scan(&one.Table, &readOnly, &missing, &delay)
		one.ReadOnly, one.Missing, one.Delay = readOnly != 0, uint64(missing), time.Duration(delay)*time.Second
		all = append(all, one)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the state of the replicas: %w", err)
	}
	return all, nil
}
