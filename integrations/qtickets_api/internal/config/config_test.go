package config_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
)

const baseURL = "https://qtickets.ru/api/rest/v1"

// file writes a file of the test's own and gives its path.
func file(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func defaults() config.Config {
	return config.Config{
		BaseURL:    baseURL,
		ClickHouse: config.ClickHouse{Port: 8123, User: "etl_writer", Database: "zakaz", AdminUser: "admin_min"},
		RateLimit:  4,
		InFlight:   2,
		RunTimeout: 2 * time.Hour,

		RetryBudget: 2 * time.Minute,

		SweepRequests: 6, SweepDays: 30, SeatsRequests: 15, SweepMaxAge: 24 * time.Hour, SeatsMaxAge: time.Hour,
		ReaderUser: "datalens_reader",

		Alerts: config.Alerts{Lang: "ru", NoData: 2 * time.Hour, FailedShare: 5, OrdersDrop: 50},
		Digest: config.Digest{At: 9 * time.Hour},
		Live:   config.Live{Listen: "127.0.0.1:8080"},

		DataLens: config.DataLens{IAM: "https://iam.api.cloud.yandex.net/iam/v1/tokens", Port: 8443, Secure: true},

		LogLevel: slog.LevelInfo,
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	for name, environ := range map[string][]string{
		"nothing set":                   nil,
		"an empty value is not a value": {"CLICKHOUSE_PORT=", "TZ=", "QTICKETS_BASE_URL=", "QTICKETS_SINCE_HOURS="},
		"others' variables": {"PATH=/bin", "HOME=/root", "QTICKETS_OTHER_PROGRAM=1",
			"CLICKHOUSE_SERVICE_HOST=10.0.0.1", "=C:=C:", "bare"},
		"honest neighbours":   {"PROG_NAME=x", "LOG_NAME=x", "LOGNAME=x", "CLICKHOUSE_DB=x", "TZX=x"},
		"our tests' variable": {"QTICKETS_CAPTURES=folder", "QTICKETS_CURVES=folder"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := config.Load(environ, "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(defaults(), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEveryVariableIsRead(t *testing.T) {
	t.Parallel()
	hours := 48
	got, err := config.Load([]string{
		"QTICKETS_BASE_URL=http://127.0.0.1:8080/sim/api/rest/v1/", "QTICKETS_TOKEN=token", "CLICKHOUSE_HOST=ch-zakaz",
		"CLICKHOUSE_PORT=9440", "CLICKHOUSE_USER=somebody", "CLICKHOUSE_PASSWORD=password", "CLICKHOUSE_DATABASE=other",
		"CLICKHOUSE_ADMIN_USER=boss", "CLICKHOUSE_ADMIN_PASSWORD=of the boss",
		"CLICKHOUSE_SECURE=true", "CLICKHOUSE_DATA=folder", "TZ=Europe/Moscow", "ORG_NAME=Театр «Пример»",
		"QTICKETS_RATE_LIMIT=0.5",
		"QTICKETS_MAX_IN_FLIGHT=1", "QTICKETS_SINCE_HOURS=48", "QTICKETS_RUN_TIMEOUT=14m",
		"QTICKETS_TURN=/turn", "QTICKETS_RETRY_BUDGET=90s",
		"QTICKETS_BUYER_KEY=a key of this house",
		"QTICKETS_SWEEP_REQUESTS=1", "QTICKETS_SWEEP_MAX_AGE=2h", "QTICKETS_SWEEP_DAYS=3", "QTICKETS_SEATS_REQUESTS=4",
		"QTICKETS_SEATS_MAX_AGE=5m",
		"CLICKHOUSE_READER_USER=reader", "QTICKETS_LISTEN=127.0.0.1:8090",
		"QTICKETS_WEBHOOK_SECRET=a secret of hooks", "QTICKETS_PAGE_USERS_FILE=users",
		"QTICKETS_METRICS_LISTEN=127.0.0.1:8081", "QTICKETS_METRICS_TOKEN=a token of sixteen",
		"QTICKETS_PAGE_PROXY_HEADER=X-User", "QTICKETS_PAGE_TRUSTED_PROXIES=127.0.0.1",
		"ALERT_URLS=generic://example.test", "ORGANISER_ALERT_URLS=generic://shows.example.test", "ALERT_LANG=en",
		"ALERT_QUIET_HOURS=23-8",
		"ALERT_PING_URL=https://example.test/ping",
		"ALERT_STATE_DIR=alerts", "ALERT_NO_DATA=3h", "ALERT_FAILED_SHARE=7.5", "ALERT_ORDERS_DROP=60",
		"DIGEST_URLS=generic://digest.example.test", "DIGEST_AT=07:45", "QTICKETS_PAGE_URL=https://sales.example.test/",
		"DATALENS_TOKEN=t1.token", "DATALENS_IAM_URL=https://iam.example.test/tokens",
		"DATALENS_CLICKHOUSE_HOST=ch.example.test", "DATALENS_CLICKHOUSE_PORT=9443", "DATALENS_CLICKHOUSE_SECURE=false",
		"LOG_LEVEL=debug", "LOG_FORMAT=text", "CHDB_LIB=libchdb.so",
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	want := config.Config{
		BaseURL: "http://127.0.0.1:8080/sim/api/rest/v1",
		Token:   "token",
		ClickHouse: config.ClickHouse{
			Host: "ch-zakaz", Port: 9440, User: "somebody", Password: "password", Database: "other", Secure: true,
			DataDir: "folder", AdminUser: "boss", AdminPassword: "of the boss",
		},
		Org:        "Театр «Пример»",
		RateLimit:  0.5,
		InFlight:   1,
		SinceHours: &hours,
		RunTimeout: 14 * time.Minute, Turn: "/turn",

		RetryBudget: 90 * time.Second,

		SweepRequests: 1, SweepDays: 3, SeatsRequests: 4, SweepMaxAge: 2 * time.Hour, SeatsMaxAge: 5 * time.Minute,

		Alerts: config.Alerts{
			URLs: "generic://example.test", Organiser: "generic://shows.example.test", Lang: "en",
			QuietHours: "23-8", PingURL: "https://example.test/ping",
			StateDir: "alerts",
			NoData:   3 * time.Hour, FailedShare: 7.5, OrdersDrop: 60,
		},
		Digest: config.Digest{URLs: "generic://digest.example.test", At: 7*time.Hour + 45*time.Minute,
			PageURL: "https://sales.example.test/"},

		DataLens: config.DataLens{Token: "t1.token", IAM: "https://iam.example.test/tokens", Host: "ch.example.test",
			Port: 9443},

		BuyerKey:   "a key of this house",
		ReaderUser: "reader",
		Live: config.Live{Listen: "127.0.0.1:8090", WebhookSecret: "a secret of hooks", UsersFile: "users",
			ProxyHeader:    "X-User",
			TrustedProxies: "127.0.0.1", MetricsListen: "127.0.0.1:8081", MetricsToken: "a token of sixteen"},
		LogLevel:  slog.LevelDebug,
		LogFormat: "text",
		Library:   "libchdb.so",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Each line: a setting, and what the message says besides the variable's name: the next step.
func TestBadValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ setting, next string }{
		{"QTICKETS_BASE_URL=https://qtickets.ru", "use https://qtickets.ru/api/rest/v1"},
		{"QTICKETS_BASE_URL=https://qtickets.ru/api/rest", "use https://qtickets.ru/api/rest/v1"},
		{"QTICKETS_BASE_URL=https://qtickets.ru/api/rest/v2", "use https://qtickets.ru/api/rest/v1"},
		{"QTICKETS_BASE_URL=http://127.0.0.1:80/orders", "use http://127.0.0.1:80/api/rest/v1"},
		{"QTICKETS_BASE_URL=ftp://qtickets.ru/api/rest/v1", "use https://qtickets.ru/api/rest/v1"},
		{"QTICKETS_BASE_URL=qtickets.ru/api/rest/v1", "use https://qtickets.ru/api/rest/v1"},
		{"QTICKETS_BASE_URL=https:///api/rest/v1", "use https://qtickets.ru/api/rest/v1"},
		{"QTICKETS_BASE_URL=https://a b/api/rest/v1", "use https://qtickets.ru/api/rest/v1"},
		{"QTICKETS_BASE_URL=" + baseURL + "?token=hush", "goes into QTICKETS_TOKEN"},
		{"QTICKETS_BASE_URL=" + baseURL + "?", "use https://qtickets.ru/api/rest/v1"},
		{"QTICKETS_BASE_URL=" + baseURL + "#hush", "goes into QTICKETS_TOKEN"},
		{"QTICKETS_BASE_URL=https://user:hush@qtickets.ru/api/rest/v1", "goes into QTICKETS_TOKEN"},
		{"QTICKETS_BASE_URL=https://user:hush%zz@qtickets.ru/api/rest/v1", "use https://qtickets.ru/api/rest/v1"},
		{"QTICKETS_BASE_URL=hush", "use https://qtickets.ru/api/rest/v1"},
		{"CLICKHOUSE_PORT=http", "a whole number from 1 to 65535"},
		{"CLICKHOUSE_PORT=0", "a whole number from 1 to 65535"},
		{"CLICKHOUSE_PORT=65536", "a whole number from 1 to 65535"},
		{"CLICKHOUSE_PORT=tcp://10.0.0.1:8123", "a whole number from 1 to 65535"},
		{"CLICKHOUSE_PORT=8123 ", "a whole number from 1 to 65535"},
		{"CLICKHOUSE_DATABASE=za-kaz", "letters, digits and _"},
		{"CLICKHOUSE_DATABASE=zakaz; DROP TABLE x", "letters, digits and _"},
		{"CLICKHOUSE_DATABASE=1zakaz", "letters, digits and _"},
		{"CLICKHOUSE_SECURE=yes", "neither true nor false"},
		{"TZ=UTC", "use Europe/Moscow"},
		{"ALERT_PING_URL=ping.example.test/hush", "copy the whole address"},
		{"ALERT_PING_URL=https://ping.example.test/hush%zz", "copy the whole address"},
		{"ALERT_LANG=de", "use ru or en"},
		{"ALERT_FAILED_SHARE=5%", "between 0 and 100, without the sign"},
		{"ALERT_FAILED_SHARE=0", "between 0 and 100, without the sign"},
		{"ALERT_ORDERS_DROP=100", "between 0 and 100, without the sign"},
		{"ALERT_NO_DATA=2", "a duration such as"},
		{"TZ=Asia/Novosibirsk", "use Europe/Moscow"},
		{"TZ=europe/moscow", "use Europe/Moscow"},
		{"QTICKETS_RATE_LIMIT=0", "above 0"},
		{"QTICKETS_RATE_LIMIT=-4", "above 0"},
		{"QTICKETS_RATE_LIMIT=NaN", "above 0"},
		{"QTICKETS_RATE_LIMIT=Inf", "up to 10000"},
		{"QTICKETS_RATE_LIMIT=4/s", "requests per second"},
		{"QTICKETS_MAX_IN_FLIGHT=0", "from 1 to 64"},
		{"QTICKETS_MAX_IN_FLIGHT=65", "from 1 to 64"},
		{"QTICKETS_MAX_IN_FLIGHT=2.5", "from 1 to 64"},
		{"QTICKETS_SINCE_HOURS=-1", "from 1 to 87840"},
		{"QTICKETS_SINCE_HOURS=0", "from 1 to 87840"},
		{"QTICKETS_SINCE_HOURS=24h", "from 1 to 87840"},
		{"QTICKETS_SINCE_HOURS=87841", "from 1 to 87840"},
		{"QTICKETS_RUN_TIMEOUT=14", "such as 14m"},
		{"QTICKETS_RUN_TIMEOUT=0s", "such as 14m"},
		{"QTICKETS_RUN_TIMEOUT=-1h", "such as 14m"},
		{"DATALENS_IAM_URL=iam.example.test/hush", "copy the whole address"},
		{"DATALENS_CLICKHOUSE_HOST=https://ch.example.test", "without a scheme"},
		{"DATALENS_CLICKHOUSE_PORT=http", "a whole number from 1 to 65535"},
		{"DATALENS_CLICKHOUSE_SECURE=yes", "neither true nor false"},
		{"LOG_LEVEL=verbose", "debug, info, warn, error"},
		{"LOG_FORMAT=xml", "use json or text"},
		{`QTICKETS_TOKEN="hush"`, "remove the quotes"},
		{`QTICKETS_TOKEN='hush'`, "remove the quotes"},
		{`CLICKHOUSE_PORT="8123"`, "remove the quotes"},
		{`ORG_NAME="Театр"`, "remove the quotes"},
		{"QTICKETS_TOKEN_FILE=/nowhere/hush", "name a file that this user may read"},
		{"CLICKHOUSE_PASSWORD_FILE=" + t.TempDir(), "name a file that this user may read"},
		{"QTICKETS_BUYER_KEY_FILE=" + file(t, "\n"), "the file is empty"},
		{"QTICKETS_TOKN=hush", "did you mean QTICKETS_TOKEN?"},
		{"QTICKETS_TOKEN_FIL=hush", "did you mean QTICKETS_TOKEN_FILE?"},
		{"QTICKET_TOKEN=hush", "did you mean QTICKETS_TOKEN?"},
		{"CLICKHOUSE_PASWORD=hush", "did you mean CLICKHOUSE_PASSWORD?"},
		{"CLICKHOUSE_PASSWROD=hush", "did you mean CLICKHOUSE_PASSWORD?"},
		{"CLICKHOUSE_HOSTS=hush", "did you mean CLICKHOUSE_HOST?"},
		{"LOG_LEVL=hush", "did you mean LOG_LEVEL?"},
	} {
		name, _, _ := strings.Cut(c.setting, "=")
		for source, load := range map[string]func() (config.Config, error){
			"environment": func() (config.Config, error) { return config.Load([]string{c.setting}, "") },
			"env file":    func() (config.Config, error) { return config.Load(nil, file(t, c.setting)) },
		} {
			got, err := load()
			switch {
			case !errors.Is(err, config.ErrInvalid):
				t.Errorf("%s in the %s: %v", c.setting, source, err)
			case !cmp.Equal(got, config.Config{}):
				t.Errorf("%s in the %s: a configuration came with the error", c.setting, source)
			case !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), c.next):
				t.Errorf("%s in the %s: %q does not say %q and %q", c.setting, source, err, name, c.next)
			case strings.Contains(err.Error(), "\n"):
				t.Errorf("%s in the %s: one mistake, several complaints: %q", c.setting, source, err)
			case strings.Contains(err.Error(), "hush"):
				t.Errorf("%s in the %s: %q quotes what may be secret", c.setting, source, err)
			}
		}
	}
}

func TestMistakesAreReportedTogether(t *testing.T) {
	t.Parallel()
	_, err := config.Load(
		[]string{"CLICKHOUSE_PORT=x", "QTICKETS_TOKN=x", "QTICKETS_BUYER_KEY_FILE=/nowhere"},
		file(t, "TZ=UTC\nORG_NAME='x'\nQTICKETS_NEW=1\n"))
	for _, name := range []string{"CLICKHOUSE_PORT", "QTICKETS_TOKN", "QTICKETS_BUYER_KEY_FILE", "TZ", "ORG_NAME",
		"QTICKETS_NEW"} {
		if err == nil || !strings.Contains(err.Error(), name+":") && !strings.Contains(err.Error(), name+" is not") {
			t.Errorf("%v does not complain about %s", err, name)
		}
	}
}

func TestNeedToken(t *testing.T) {
	t.Parallel()
	err := config.Config{}.NeedToken()
	if !errors.Is(err, config.ErrInvalid) || !strings.Contains(err.Error(), "QTICKETS_TOKEN") ||
		!strings.Contains(err.Error(), "Settings - General") {
		t.Errorf("without a token: %v", err)
	}
	if err := (config.Config{Token: "token"}).NeedToken(); err != nil {
		t.Errorf("with a token: %v", err)
	}
}
