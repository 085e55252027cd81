package warehouse

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"golang.org/x/sync/errgroup"
)

// Config says where ClickHouse is and who connects.
type Config struct {
	Host     string
	Port     int // 8123 and 8443 are HTTP, 9000 and 9440 native; any other port is probed
	User     string
	Password string
	Database string
	Secure   bool   // TLS; always on for 8443 and 9440
	CA       string // certificates of own authorities, PEM; believed beside those of the system
	// Cert and its Key, PEM, are shown to a server that demands a certificate; "": there is none.
	Cert, Key string

	OneOfSeveral bool // CLICKHOUSE_HOST names others: what takes too long is asked elsewhere

	SliceOrders int // how many orders a slice of the facts is cut to; 0: 8192
}

func (c Config) address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// DB is a connection to one database of one ClickHouse. Safe for concurrent use.
type DB struct {
	conn     driver.Conn
	protocol clickhouse.Protocol
	config   Config
	buffer   chan *buffer // of the last insert, for the next one
	// Of one of several hosts: all of them, and what ends when it is given up.
	hosts *Hosts
	alive context.Context //nolint:containedctx // of the connection, not of a question
	end   context.CancelFunc
}

// Open connects and proves that the login works and that the session may have its settings (sql/session.sql). Errors
// are ErrUnavailable, ErrCertificate, ErrAuth, ErrSchema, ErrPermission or ErrSeveralServers where they can be told
// apart.
func Open(ctx context.Context, c Config) (*DB, error) {
	protocol, err := c.protocol(ctx)
	if err != nil {
		return nil, c.describeFirst(err)
	}
	conn, err := c.connect(ctx, protocol, sessionSettings(sessionPriority, sessionLimits))
	if code := serverCode(err); code == codeConstraint || code == codeReadOnly {
		// The limits of a profile with constraints stay, as a reader's do: a result over them is an error, never a part.
		conn, err = c.connect(ctx, protocol, sessionSettings(sessionPriority))
	}
	if err != nil {
		return nil, c.describeFirst(err)
	}
	if err := c.oneServer(ctx, conn); err != nil {
		_ = conn.Close()
		return nil, err
	}
	if c.SliceOrders == 0 {
		c.SliceOrders = sliceOrders
	}
	return &DB{conn: conn, protocol: protocol, config: c, buffer: make(chan *buffer, 1)}, nil
}

// Reach finds out whether anything listens at the address, over TLS where that is asked for, and logs nobody in. Errors
// are ErrUnavailable or ErrCertificate.
func Reach(ctx context.Context, c Config) error {
	ctx, cancel := context.WithTimeout(ctx, c.dialTimeout())
	defer cancel()
	conn, err := c.dial(ctx)
	if err != nil {
		return c.describeFirst(err)
	}
	return conn.Close()
}

// mostConns is how many statements of one DB run at the same time.
const mostConns = 4

// connect opens a connection whose first statement was answered.
func (c Config) connect(ctx context.Context, p clickhouse.Protocol, s clickhouse.Settings) (driver.Conn, error) {
	options := &clickhouse.Options{
		Protocol:        p,
		Addr:            []string{c.address()},
		Auth:            clickhouse.Auth{Database: c.Database, Username: c.User, Password: c.Password},
		Settings:        s,
		DialTimeout:     c.dialTimeout(),
		ReadTimeout:     10 * time.Minute,
		MaxOpenConns:    mostConns,
		MaxIdleConns:    mostConns,
		ConnMaxLifetime: time.Hour,
		Compression:     &clickhouse.Compression{Method: clickhouse.CompressionLZ4},
		ClientInfo:      clickhouse.ClientInfo{Products: []struct{ Name, Version string }{{Name: "qtickets_api"}}},
		TransportFunc:   withoutProxy,
		DialStrategy:    dialAsSession,
	}
	if c.tls() {
		var err error
		if options.TLS, err = c.tlsConfig(); err != nil {
			return nil, err
		}
	}
	conn, err := clickhouse.Open(options)
	if err != nil {
		return nil, fmt.Errorf("open ClickHouse: %w", err)
	}
	// A ping of the native protocol carries no settings, a statement does.
	if err := conn.Exec(ctx, "SELECT 1"); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

func (c Config) dialTimeout() time.Duration {
	if c.OneOfSeveral {
		return hostPatience
	}
	return 10 * time.Second
}

// oneServer is ErrSeveralServers when a balancer leads to another server with every connection or request: a run reads
// what it has just written, and there it may not have arrived. As many questions at once as there may be connections.
func (c Config) oneServer(ctx context.Context, conn driver.Conn) error {
	var servers [mostConns]string
	var together [mostConns]bool
	group, ctx := errgroup.WithContext(ctx)
	for i := range servers {
		group.Go(func() error {
			return conn.QueryRow(ctx, statement("which_server")).Scan(&servers[i], &together[i])
		})
	}
	if err := group.Wait(); err != nil {
		return c.describeFirst(err)
	}
	for i, server := range servers {
		if server != servers[0] && !together[i] {
			return fmt.Errorf("%w at %s: %s and %s: name the servers themselves in CLICKHOUSE_HOST, with commas between, not "+
				"the balancer before them; in ClickHouse Cloud: ALTER USER %s SETTINGS select_sequential_consistency = 1 "+
				"(docs/clusters.md)", ErrSeveralServers, c.address(), servers[0], server, c.User)
		}
	}
	return nil
}

// dialAsSession keeps the settings of a statement out of the question with which a new connection begins: insertHTTP
// says of its own body, not of that question, that it is compressed.
func dialAsSession(ctx context.Context, id int, o *clickhouse.Options, dial clickhouse.Dial) (clickhouse.DialResult,
	error) {
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(nil))
	return clickhouse.DefaultDialStrategy(ctx, id, o, dial)
}

// withoutProxy keeps ClickHouse out of HTTP_PROXY and ALL_PROXY, which are set for Telegram or QTickets: a proxy would
// be sent the login, and what it answers would be taken for ClickHouse.
func withoutProxy(t *http.Transport) (http.RoundTripper, error) {
	t.Proxy = nil
	return t, nil
}

// Close ends the connection.
func (db *DB) Close() error { return db.conn.Close() }

// Config is what the connection was opened with.
func (db *DB) Config() Config { return db.config }

func (c Config) tls() bool { return c.Secure || c.Port == 8443 || c.Port == 9440 }

// protocol is HTTP or native by the well-known ports. Another port is probed: an HTTP interface answers
// GET /ping with 200, a native one answers with 400 or hangs up.
func (c Config) protocol(ctx context.Context) (clickhouse.Protocol, error) {
	switch c.Port {
	case 8123, 8443:
		return clickhouse.HTTP, nil
	case 9000, 9440:
		return clickhouse.Native, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := c.dial(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return 0, err
	}
	if _, err := fmt.Fprintf(conn, "GET /ping HTTP/1.0\r\nHost: %s\r\n\r\n", c.Host); err != nil {
		return 0, err
	}
	status, _ := bufio.NewReader(conn).ReadString('\n')
	if strings.HasPrefix(status, "HTTP/1.") && strings.Contains(status, " 200") {
		return clickhouse.HTTP, nil
	}
	return clickhouse.Native, nil
}

func (c Config) dial(ctx context.Context) (net.Conn, error) {
	if c.tls() {
		config, err := c.tlsConfig()
		if err != nil {
			return nil, err
		}
		dialer := tls.Dialer{Config: config}
		return dialer.DialContext(ctx, "tcp", c.address())
	}
	var dialer net.Dialer
	return dialer.DialContext(ctx, "tcp", c.address())
}

// exec runs a statement with server-side parameters ({name:Type} in the text).
func (db *DB) exec(ctx context.Context, statement string, parameters clickhouse.Parameters) error {
	asking, done := db.whileAlive(ctx)
	defer done()
	if parameters != nil {
		asking = clickhouse.Context(asking, clickhouse.WithParameters(parameters))
	}
	return db.failed(ctx, db.config.describe(db.conn.Exec(asking, statement)))
}

// query runs a SELECT and hands each row to scan.
func (db *DB) query(ctx context.Context, statement string, parameters clickhouse.Parameters,
	scan func(driver.Rows) error) error {
	asking, done := db.whileAlive(ctx)
	defer done()
	return db.failed(ctx, db.ask(asking, statement, parameters, scan))
}

// ask is query without consequences for the list of hosts.
func (db *DB) ask(ctx context.Context, statement string, parameters clickhouse.Parameters,
	scan func(driver.Rows) error) error {
	if parameters != nil {
		ctx = clickhouse.Context(ctx, clickhouse.WithParameters(parameters))
	}
	rows, err := db.conn.Query(ctx, statement)
	if err != nil {
		return db.config.describe(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return db.config.describe(rows.Err())
}

// Read runs a SELECT and hands each row to row, whose argument scans it. The statement is a constant of the caller;
// everything variable in it is a parameter ({name:Type}).
func (db *DB) Read(ctx context.Context, statement string, parameters map[string]string,
	row func(scan func(...any) error) error) error {
	return db.query(ctx, statement, parameters, func(r driver.Rows) error { return row(r.Scan) })
}
