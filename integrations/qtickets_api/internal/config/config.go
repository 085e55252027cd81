package config

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// ErrInvalid is returned for every mistake in the configuration; the program exits with 2.
var ErrInvalid = errors.New("configuration")

// Config is the validated configuration.
type Config struct {
	BaseURL    string
	Token      string `json:"-"`
	ClickHouse ClickHouse
	Org        string
	RateLimit  float64 // requests per second
	InFlight   int
	SinceHours *int // nil: not set
	RunTimeout time.Duration
	// RetryBudget is how long one request may be tried again.
	RetryBudget time.Duration
	Turn        string // folder of the turn; "": no turns
	// What is read again though nothing says that it changed (pipeline.Limits).
	SweepRequests, SweepDays, SeatsRequests int
	SweepMaxAge, SeatsMaxAge                time.Duration

	BuyerKey string `json:"-"`
	// ReaderUser is the ClickHouse user of the page.
	ReaderUser     string
	ReaderPassword string `json:"-"`
	Live           Live
	LogLevel       slog.Level
	LogFormat      string // "json", "text" or "": text on a terminal
	Library        string // libchdb.so; "": look for it

	Alerts   Alerts
	Digest   Digest
	DataLens DataLens
}

// ClickHouse is where the data goes.
type ClickHouse struct {
	Host     string // "": the embedded server; of several the first
	Port     int
	Others   []Server // replicas of the first, asked in this order when it fails
	User     string
	Password string `json:"-"`
	Database string
	Secure   bool
	CA       string `json:"-"` // certificates of own authorities, PEM
	Cert     string `json:"-"` // of this program, PEM; "": none
	Key      string `json:"-"` // of Cert, PEM
	DataDir  string // of the embedded server

	AdminUser     string // who applies the schema and the rights
	AdminPassword string `json:"-"`
}

// Server is where one ClickHouse listens.
type Server struct {
	Host string
	Port int
}

// Live is what "serve" needs beyond a load.
type Live struct {
	Listen         string // of serve, unless its flag says another
	WebhookSecret  string `json:"-"`
	UsersFile      string
	ProxyHeader    string
	TrustedProxies string
	MetricsListen  string // "": no listener for machines
	MetricsToken   string `json:"-"`
}

// Alerts says who is notified of what, and when.
type Alerts struct {
	URLs        string `json:"-"` // addresses of the channels
	Organiser   string `json:"-"` // those of the organiser; "": those of the digest
	QuietHours  string
	PingURL     string `json:"-"` // of a dead-man's switch
	Lang        string // of messages: ru or en
	StateDir    string // "": in the home folder
	NoData      time.Duration
	FailedShare float64 // per cent
	OrdersDrop  float64 // per cent
}

// Digest says who gets the morning message, and when.
type Digest struct {
	URLs    string        `json:"-"` // addresses of the channels
	At      time.Duration // since midnight in Moscow
	PageURL string        // "": the message names no page
}

// DataLens is how "datalens publish" asks DataLens, and how DataLens reaches ClickHouse.
type DataLens struct {
	Token             string `json:"-"`
	ServiceAccountKey string `json:"-"` // JSON with a private key
	IAM               string // address that gives tokens for the key
	Host              string // of ClickHouse, as DataLens reaches it; "": not set
	Port              int
	Secure            bool
}

// Load reads the configuration from an environment (as os.Environ gives it) and an optional env file;
// the environment wins. All mistakes are reported together. The token is not required here: not every
// command needs it (see Config.NeedToken).
func Load(environ []string, envfile string) (Config, error) {
	values, err := gather(environ, envfile)
	r := reader{values: values, mistakes: []error{err}}
	c := Config{
		BaseURL:    r.baseURL("QTICKETS_BASE_URL"),
		Token:      r.text("QTICKETS_TOKEN"),
		ClickHouse: r.clickHouse(),
		Org:        r.text("ORG_NAME"),
		RateLimit:  r.rate("QTICKETS_RATE_LIMIT"),
		InFlight:   r.integer("QTICKETS_MAX_IN_FLIGHT", 1, 64),
		RunTimeout: r.duration("QTICKETS_RUN_TIMEOUT"),

		RetryBudget: r.duration("QTICKETS_RETRY_BUDGET"),
		Turn:        r.text("QTICKETS_TURN"),

		SweepRequests: r.integer("QTICKETS_SWEEP_REQUESTS", 1, 10_000),
		SweepMaxAge:   r.duration("QTICKETS_SWEEP_MAX_AGE"),
		SweepDays:     r.integer("QTICKETS_SWEEP_DAYS", 1, 3660),
		SeatsRequests: r.integer("QTICKETS_SEATS_REQUESTS", 1, 10_000),
		SeatsMaxAge:   r.duration("QTICKETS_SEATS_MAX_AGE"),

		BuyerKey:       r.secret("QTICKETS_BUYER_KEY"),
		ReaderUser:     r.text("CLICKHOUSE_READER_USER"),
		ReaderPassword: r.text("CLICKHOUSE_READER_PASSWORD"),
		Live:           r.live(),
		LogLevel:       r.level("LOG_LEVEL"),
		LogFormat:      r.oneOf("LOG_FORMAT", "", "json", "text"),
		Library:        r.text("CHDB_LIB"),
		Alerts:         r.alerts(),
		Digest:         r.digest(),
		DataLens:       r.dataLens(),
	}
	if r.text("QTICKETS_SINCE_HOURS") != "" {
		hours := r.integer("QTICKETS_SINCE_HOURS", 1, MaxSinceHours)
		c.SinceHours = &hours
	}
	r.oneOf("TZ", "Europe/Moscow")
	if err := errors.Join(r.mistakes...); err != nil {
		return Config{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return c, nil
}

// Values are the variables that are set, by name, as Load would read them: secrets from their files, the environment
// before the env file ("": none). Mistakes are those of names and files, reported together.
func Values(environ []string, envfile string) (map[string]string, error) {
	values, err := gather(environ, envfile)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return values, nil
}

// MaxSinceHours is ten years; more is a typing error.
const MaxSinceHours = 24 * 366 * 10

// NeedToken is an error when there is no token.
func (c Config) NeedToken() error {
	if c.Token == "" {
		return fmt.Errorf("%w: QTICKETS_TOKEN is not set: put the organiser's API token (bottom of Settings - General, "+
			"«Настройки – Основное», in QTickets) into the env file, or name a file with it in QTICKETS_TOKEN_FILE",
			ErrInvalid)
	}
	return nil
}

func (r *reader) clickHouse() ClickHouse {
	first, others := r.hosts("CLICKHOUSE_HOST", "CLICKHOUSE_PORT", r.integer("CLICKHOUSE_PORT", 1, 65535))
	cert, key := r.keyPair("CLICKHOUSE_CERT", "CLICKHOUSE_KEY")
	return ClickHouse{
		Cert:     cert,
		Key:      key,
		Host:     first.Host,
		Port:     first.Port,
		Others:   others,
		CA:       r.certificates("CLICKHOUSE_CA"),
		User:     r.text("CLICKHOUSE_USER"),
		Password: r.text("CLICKHOUSE_PASSWORD"),
		Database: r.identifier("CLICKHOUSE_DATABASE"),
		Secure:   r.boolean("CLICKHOUSE_SECURE"),
		DataDir:  r.text("CLICKHOUSE_DATA"),

		AdminUser:     r.text("CLICKHOUSE_ADMIN_USER"),
		AdminPassword: r.text("CLICKHOUSE_ADMIN_PASSWORD"),
	}
}

func (r *reader) live() Live {
	return Live{
		Listen:         r.text("QTICKETS_LISTEN"),
		WebhookSecret:  r.secret("QTICKETS_WEBHOOK_SECRET"),
		UsersFile:      r.text("QTICKETS_PAGE_USERS_FILE"),
		ProxyHeader:    r.text("QTICKETS_PAGE_PROXY_HEADER"),
		TrustedProxies: r.text("QTICKETS_PAGE_TRUSTED_PROXIES"),
		MetricsListen:  r.text("QTICKETS_METRICS_LISTEN"),
		MetricsToken:   r.secret("QTICKETS_METRICS_TOKEN"),
	}
}

func (r *reader) dataLens() DataLens {
	d := DataLens{
		Token:             r.text("DATALENS_TOKEN"),
		ServiceAccountKey: r.text("DATALENS_SERVICE_ACCOUNT_KEY"),
		IAM:               r.webURL("DATALENS_IAM_URL"),
		Host:              r.text("DATALENS_CLICKHOUSE_HOST"),
		Port:              r.integer("DATALENS_CLICKHOUSE_PORT", 1, 65535),
		Secure:            r.boolean("DATALENS_CLICKHOUSE_SECURE"),
	}
	if d.Token != "" && d.ServiceAccountKey != "" {
		r.wrong("DATALENS_TOKEN", "set together with DATALENS_SERVICE_ACCOUNT_KEY: keep one")
	}
	if strings.ContainsAny(d.Host, "/@: ") {
		r.wrong("DATALENS_CLICKHOUSE_HOST", "a name of a server, without a scheme, a port or a path")
	}
	return d
}

func (r *reader) digest() Digest {
	return Digest{URLs: r.text("DIGEST_URLS"), At: r.clock("DIGEST_AT"), PageURL: r.webURL("QTICKETS_PAGE_URL")}
}

func (r *reader) alerts() Alerts {
	return Alerts{
		URLs:        r.text("ALERT_URLS"),
		Organiser:   r.text("ORGANISER_ALERT_URLS"),
		QuietHours:  r.text("ALERT_QUIET_HOURS"),
		PingURL:     r.webURL("ALERT_PING_URL"),
		Lang:        r.oneOf("ALERT_LANG", "ru", "en"),
		StateDir:    r.text("ALERT_STATE_DIR"),
		NoData:      r.duration("ALERT_NO_DATA"),
		FailedShare: r.percent("ALERT_FAILED_SHARE"),
		OrdersDrop:  r.percent("ALERT_ORDERS_DROP"),
	}
}
