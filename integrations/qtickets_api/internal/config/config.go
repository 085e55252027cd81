package config

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"regexp"
	"strconv"
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
	// What is read again without a sign that it changed (pipeline.Limits).
	SweepRequests, SweepDays, SeatsRequests int
	SweepMaxAge, SeatsMaxAge                time.Duration

	BuyerKey string `json:"-"`
	// ReaderUser is whom the page reads as.
	ReaderUser     string
	ReaderPassword string `json:"-"`
	Live           Live
	LogLevel       slog.Level
	LogFormat      string // "json", "text" or "": by the terminal
	Library        string // libchdb.so; "": look for it

	Alerts Alerts
}

// ClickHouse is where the data goes.
type ClickHouse struct {
	Host     string // "": the embedded server
	Port     int
	User     string
	Password string `json:"-"`
	Database string
	Secure   bool
	DataDir  string // of the embedded server
}

// Live is what "serve" needs beyond a load.
type Live struct {
	WebhookSecret  string `json:"-"`
	UsersFile      string
	ProxyHeader    string
	TrustedProxies string
}

// Alerts is who is told of what, and when.
type Alerts struct {
	URLs        string `json:"-"` // addresses of the channels
	QuietHours  string
	PingURL     string `json:"-"` // of a dead-man's switch
	Lang        string // of messages: ru or en
	StateDir    string // "": in the home folder
	NoData      time.Duration
	FailedShare float64 // per cent
	OrdersDrop  float64 // per cent
}

// Load reads the configuration from an environment (as os.Environ gives it) and an optional env file;
// the environment wins. All mistakes are reported together. The token is not demanded here: not every
// command needs it (see Config.NeedToken).
func Load(environ []string, envfile string) (Config, error) {
	values, err := gather(environ, envfile)
	r := reader{values: values, mistakes: []error{err}}
	c := Config{
		BaseURL: r.baseURL("QTICKETS_BASE_URL"),
		Token:   r.text("QTICKETS_TOKEN"),
		ClickHouse: ClickHouse{
			Host:     r.text("CLICKHOUSE_HOST"),
			Port:     r.integer("CLICKHOUSE_PORT", 1, 65535),
			User:     r.text("CLICKHOUSE_USER"),
			Password: r.text("CLICKHOUSE_PASSWORD"),
			Database: r.identifier("CLICKHOUSE_DATABASE"),
			Secure:   r.boolean("CLICKHOUSE_SECURE"),
			DataDir:  r.text("CLICKHOUSE_DATA"),
		},
		Org:        r.text("ORG_NAME"),
		RateLimit:  r.rate("QTICKETS_RATE_LIMIT"),
		InFlight:   r.integer("QTICKETS_MAX_IN_FLIGHT", 1, 64),
		RunTimeout: r.duration("QTICKETS_RUN_TIMEOUT"),

		SweepRequests: r.integer("QTICKETS_SWEEP_REQUESTS", 1, 10_000),
		SweepMaxAge:   r.duration("QTICKETS_SWEEP_MAX_AGE"),
		SweepDays:     r.integer("QTICKETS_SWEEP_DAYS", 1, 3660),
		SeatsRequests: r.integer("QTICKETS_SEATS_REQUESTS", 1, 10_000),
		SeatsMaxAge:   r.duration("QTICKETS_SEATS_MAX_AGE"),

		BuyerKey:       r.text("QTICKETS_BUYER_KEY"),
		ReaderUser:     r.text("CLICKHOUSE_READER_USER"),
		ReaderPassword: r.text("CLICKHOUSE_READER_PASSWORD"),
		Live: Live{
			WebhookSecret:  r.text("QTICKETS_WEBHOOK_SECRET"),
			UsersFile:      r.text("QTICKETS_PAGE_USERS_FILE"),
			ProxyHeader:    r.text("QTICKETS_PAGE_PROXY_HEADER"),
			TrustedProxies: r.text("QTICKETS_PAGE_TRUSTED_PROXIES"),
		},
		LogLevel:  r.level("LOG_LEVEL"),
		LogFormat: r.oneOf("LOG_FORMAT", "", "json", "text"),
		Library:   r.text("CHDB_LIB"),
		Alerts: Alerts{
			URLs:        r.text("ALERT_URLS"),
			QuietHours:  r.text("ALERT_QUIET_HOURS"),
			PingURL:     r.webURL("ALERT_PING_URL"),
			Lang:        r.oneOf("ALERT_LANG", "ru", "en"),
			StateDir:    r.text("ALERT_STATE_DIR"),
			NoData:      r.duration("ALERT_NO_DATA"),
			FailedShare: r.percent("ALERT_FAILED_SHARE"),
			OrdersDrop:  r.percent("ALERT_ORDERS_DROP"),
		},
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

// MaxSinceHours is ten years: more is a slip of the keyboard.
const MaxSinceHours = 24 * 366 * 10

// NeedToken is an error when there is no token.
func (c Config) NeedToken() error {
	if c.Token == "" {
		return fmt.Errorf("%w: QTICKETS_TOKEN is not set: put the organiser's API token (bottom of Settings - General, «Настройки – Основное», in QTickets) into the env file, or name a file with it in QTICKETS_TOKEN_FILE", ErrInvalid)
	}
	return nil
}

// reader reads values and collects what is wrong with them.
type reader struct {
	values   map[string]string
	mistakes []error
}

func (r *reader) wrong(name, format string, arguments ...any) {
	r.mistakes = append(r.mistakes, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, arguments...)))
}

func (r *reader) text(name string) string {
	if v := r.values[name]; v != "" {
		return v
	}
	for _, v := range Variables {
		if v.Name == name {
			return v.Default
		}
	}
	panic("undeclared variable " + name)
}

func (r *reader) baseURL(name string) string {
	raw := strings.TrimRight(r.text(name), "/")
	u, err := url.Parse(raw)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "":
		r.wrong(name, "not an http(s) URL: use https://qtickets.ru/api/rest/v1") // it may be a token in the wrong place
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		r.wrong(name, "must not hold a user, password or parameters: use %s://%s/api/rest/v1, the token goes into QTICKETS_TOKEN", u.Scheme, u.Host)
	case !strings.HasSuffix(u.Path, "/api/rest/v1"):
		r.wrong(name, "%q must end with /api/rest/v1: use %s://%s/api/rest/v1", raw, u.Scheme, u.Host)
	}
	return raw
}

func (r *reader) integer(name string, least, most int) int {
	n, err := strconv.Atoi(r.text(name))
	if err != nil || n < least || n > most {
		r.wrong(name, "%q is not a whole number from %d to %d", r.text(name), least, most)
	}
	return n
}

func (r *reader) rate(name string) float64 {
	f, err := strconv.ParseFloat(r.text(name), 64)
	if err != nil || !(f > 0 && f <= 10_000) {
		r.wrong(name, "%q is not a number of requests per second above 0 and up to 10000", r.text(name))
	}
	return f
}

func (r *reader) percent(name string) float64 {
	f, err := strconv.ParseFloat(r.text(name), 64)
	if err != nil || !(f > 0 && f < 100) {
		r.wrong(name, "%q is not a number of per cent between 0 and 100, without the sign", r.text(name))
	}
	return f
}

// webURL is for addresses that hold a secret: a wrong one is not repeated.
func (r *reader) webURL(name string) string {
	raw := r.text(name)
	if u, err := url.Parse(raw); raw != "" && (err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "") {
		r.wrong(name, "not an http(s) URL: copy the whole address from the monitoring service")
	}
	return raw
}

func (r *reader) duration(name string) time.Duration {
	d, err := time.ParseDuration(r.text(name))
	if err != nil || d <= 0 {
		r.wrong(name, "%q is not a duration such as 14m or 2h", r.text(name))
	}
	return d
}

func (r *reader) boolean(name string) bool {
	b, err := strconv.ParseBool(r.text(name))
	if err != nil {
		r.wrong(name, "%q is neither true nor false", r.text(name))
	}
	return b
}

func (r *reader) level(name string) slog.Level {
	var level slog.Level
	if err := level.UnmarshalText([]byte(r.text(name))); err != nil {
		r.wrong(name, "%q is none of debug, info, warn, error", r.text(name))
	}
	return level
}

func (r *reader) oneOf(name string, allowed ...string) string {
	v := r.text(name)
	for _, a := range allowed {
		if v == a {
			return v
		}
	}
	r.wrong(name, "%q is not supported: use %s", v, strings.TrimPrefix(strings.Join(allowed, " or "), " or ")) // "" may stand first
	return v
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (r *reader) identifier(name string) string {
	v := r.text(name)
	if !identifier.MatchString(v) {
		r.wrong(name, "%q is not a plain name of letters, digits and _", v)
	}
	return v
}

// fileSecret reads a NAME_FILE secret, without the line feed editors leave behind.
func fileSecret(name, path string) (string, error) {
	text, err := os.ReadFile(path)
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		err = at.Err // without the path: it may be the secret itself, put under the wrong name
	}
	secret := strings.TrimRight(string(text), "\r\n")
	switch {
	case err != nil:
		return "", fmt.Errorf("%s_FILE: %w: name a file that this user may read", name, err)
	case secret == "":
		return "", fmt.Errorf("%s_FILE: the file is empty: put the secret into it or leave the variable out", name)
	}
	return secret, nil
}
