package config

// variable is one environment variable of the program.
type variable struct {
	Name    string
	Default string // "" : none
	Secret  bool   // may come from NAME_FILE, never printed
	Doc     string
}

// variables are all those the program reads, in the order of the documentation.
var variables = []variable{
	{Name: "QTICKETS_BASE_URL", Default: "https://qtickets.ru/api/rest/v1",
		Doc: "base URL of the QTickets REST API, ends with /api/rest/v1"},
	{Name: "QTICKETS_TOKEN", Secret: true,
		Doc: "the organiser's API token, made at the bottom of Settings - General («Настройки – Основное»)"},
	{Name: "CLICKHOUSE_HOST", Doc: "ClickHouse server: name, IPv4 or IPv6 address, with its port or without; empty: the " +
		"embedded one. Several, separated by commas: replicas, asked in this order (docs/clusters.md). Asked directly, " +
		"never through HTTP_PROXY"},
	{Name: "CLICKHOUSE_PORT", Default: "8123",
		Doc: "8123 or 8443: HTTP, 9000 or 9440: native; another port is asked what it speaks"},
	{Name: "CLICKHOUSE_USER", Default: "etl_writer", Doc: "user of the loader"},
	{Name: "CLICKHOUSE_PASSWORD", Secret: true, Doc: "its password"},
	{Name: "CLICKHOUSE_DATABASE", Default: "zakaz", Doc: "database of all tables"},
	{Name: "CLICKHOUSE_SECURE", Default: "false", Doc: "true: TLS (always on for ports 8443 and 9440)"},
	{Name: "CLICKHOUSE_CA", Doc: "PEM file with the certificate of the authority that issued the server's, believed " +
		"beside those of the system; in a container it must be mounted"},
	{Name: "CLICKHOUSE_CERT", Doc: "PEM file with a certificate of this program, for a server that demands one; with " +
		"CLICKHOUSE_KEY"},
	{Name: "CLICKHOUSE_KEY", Doc: "PEM file with the key of CLICKHOUSE_CERT"},
	{Name: "CLICKHOUSE_DATA",
		Doc: "data folder of the embedded ClickHouse; empty: .local/share/qtickets_api/clickhouse in the home folder"},
	{Name: "CLICKHOUSE_ADMIN_USER", Default: "admin_min",
		Doc: "for \"init\" alone, which applies the schema and the rights: an administrator of ClickHouse; never written " +
			"into a file"},
	{Name: "CLICKHOUSE_ADMIN_PASSWORD", Secret: true,
		Doc: "its password, for \"init\" alone; do not keep it in the env file"},
	{Name: "TZ", Default: "Europe/Moscow", Doc: "zone of the sales day; only Europe/Moscow is supported"},
	{Name: "ORG_NAME", Doc: "label of the organisation in the run ledger and messages; not sent to the API"},
	{Name: "QTICKETS_RATE_LIMIT", Default: "4", Doc: "requests per second to QTickets, at most"},
	{Name: "QTICKETS_MAX_IN_FLIGHT", Default: "2", Doc: "requests to QTickets at the same time, at most"},
	{Name: "QTICKETS_RETRY_BUDGET", Default: "2m",
		Doc: "how long one request to QTickets that failed may be tried again, within the time of the run"},
	{Name: "QTICKETS_SINCE_HOURS", Doc: "like --since-hours: read changes at least this many hours back"},
	{Name: "QTICKETS_RUN_TIMEOUT", Default: "2h", Doc: "time budget of one run, e.g. 14m"},
	{Name: "QTICKETS_TURN",
		Doc: "folder at which the loads of several organisers on one server wait for each other, set by their units " +
			"(docs/organisers.md); empty: they do not"},
	{Name: "QTICKETS_SWEEP_REQUESTS", Default: "6",
		Doc: "pages of orders of running and recent events that a run reads again though nothing says that they changed"},
	{Name: "QTICKETS_SWEEP_MAX_AGE", Default: "24h",
		Doc: "all orders of each such event are read at least this often, whatever it costs"},
	{Name: "QTICKETS_SWEEP_DAYS", Default: "30",
		Doc: "an event is recent for so many days after its last show; older ones are read by \"qtickets_api reconcile\""},
	{Name: "QTICKETS_SEATS_REQUESTS", Default: "15",
		Doc: "shows on sale whose seats a run reads though nothing was sold or cancelled there"},
	{Name: "QTICKETS_SEATS_MAX_AGE", Default: "1h", Doc: "the seats of each show on sale are read at least this often"},
	{Name: "QTICKETS_BUYER_KEY", Secret: true,
		Doc: "secret of this installation for hashing buyers, at least 8 characters; empty: buyers stay unknown"},
	{Name: "CLICKHOUSE_READER_USER", Default: "datalens_reader",
		Doc: "user with which the page of \"serve\" reads; it needs the reader's rights only"},
	{Name: "CLICKHOUSE_READER_PASSWORD", Secret: true,
		Doc: "its password, for the page, and for doctor to see what DataLens sees; the loader does without it"},
	{Name: "QTICKETS_WEBHOOK_SECRET", Secret: true,
		Doc: "secret of the webhooks as set in QTickets (docs/live.md), at least 8 characters; empty: \"serve\" refuses " +
			"webhooks"},
	{Name: "QTICKETS_PAGE_USERS_FILE",
		Doc: "file of the people who may see the page, for \"users add\" (docs/people.md) or htpasswd -nB -C 12 NAME, in a " +
			"folder that \"serve\" may write; empty: whoever has the link that \"serve\" prints"},
	{Name: "QTICKETS_PAGE_PROXY_HEADER", Doc: "header in which a proxy names the user it let in to the page"},
	{Name: "QTICKETS_PAGE_TRUSTED_PROXIES",
		Doc: "addresses or networks of proxies whose headers are believed, e.g. 127.0.0.1"},
	{Name: "QTICKETS_LISTEN", Default: "127.0.0.1:8080", Doc: "address:port of \"serve\", like --listen"},
	{Name: "QTICKETS_METRICS_LISTEN",
		Doc: "address:port of this machine where \"serve\" also answers /readyz and /metrics, without a login, e.g. " +
			"127.0.0.1:8081; beyond this machine only with QTICKETS_METRICS_TOKEN"},
	{Name: "QTICKETS_METRICS_TOKEN", Secret: true,
		Doc: "token with which programs read /readyz and /metrics (Authorization: Bearer), at least 8 characters; empty: " +
			"only who may see the page, and QTICKETS_METRICS_LISTEN"},
	{Name: "ALERT_URLS", Secret: true,
		Doc: "who is told of incidents: addresses of Telegram, e-mail and other services, separated by spaces " +
			"(docs/alerts.md); empty: nobody"},
	{Name: "ORGANISER_ALERT_URLS", Secret: true,
		Doc: "who is told what happens to shows: sold out, sales stopped, a plan that will be missed (docs/alerts.md); " +
			"addresses as in ALERT_URLS; empty: those of DIGEST_URLS"},
	{Name: "ALERT_LANG", Default: "ru", Doc: "language of these messages: ru or en"},
	{Name: "ALERT_QUIET_HOURS",
		Doc: "hours of Moscow time, e.g. 23-8, in which only critical incidents are told; the others wait for the end"},
	{Name: "ALERT_PING_URL", Secret: true,
		Doc: "address of a dead-man's switch, asked by GET after every evaluation that worked"},
	{Name: "ALERT_STATE_DIR",
		Doc: "folder that remembers what is open and who was told; empty: .local/share/qtickets_api/alerts in the home " +
			"folder"},
	{Name: "ALERT_NO_DATA", Default: "2h", Doc: "incident: the published data is older than this"},
	{Name: "ALERT_FAILED_SHARE", Default: "5", Doc: "incident: more than so many per cent of the runs of a day failed"},
	{Name: "ALERT_ORDERS_DROP", Default: "50",
		Doc: "incident: orders are more than so many per cent below yesterday, and below the same weekday"},
	{Name: "DIGEST_URLS", Secret: true,
		Doc: "who gets the morning message: addresses as in ALERT_URLS (docs/digest.md); empty: nobody"},
	{Name: "DIGEST_AT", Default: "09:00", Doc: "when it is due, Moscow time; its timer looks every five minutes"},
	{Name: "QTICKETS_PAGE_URL",
		Doc: "address at which people open the page, https://…; the morning message ends with it, invitations " +
			"and share links begin with it"},
	{Name: "DATALENS_TOKEN", Secret: true,
		Doc: "IAM token with which \"datalens publish\" asks DataLens (yc iam create-token), good for 12 hours at most"},
	{Name: "DATALENS_SERVICE_ACCOUNT_KEY", Secret: true,
		Doc: "in place of DATALENS_TOKEN: the authorised key of a service account, the JSON that \"yc iam key create " +
			"--output\" writes; tokens are made with it"},
	{Name: "DATALENS_IAM_URL", Default: "https://iam.api.cloud.yandex.net/iam/v1/tokens",
		Doc: "address that gives tokens for such a key"},
	{Name: "DATALENS_CLICKHOUSE_HOST",
		Doc: "name under which DataLens reaches ClickHouse over the internet; it logs in as CLICKHOUSE_READER_USER"},
	{Name: "DATALENS_CLICKHOUSE_PORT", Default: "8443", Doc: "HTTP port that DataLens asks"},
	{Name: "DATALENS_CLICKHOUSE_SECURE", Default: "true", Doc: "false: DataLens asks without TLS"},
	{Name: "LOG_LEVEL", Default: "info", Doc: "debug, info, warn or error"},
	{Name: "LOG_FORMAT", Doc: "json or text; empty: text on a terminal, json elsewhere"},
	{Name: "CHDB_LIB", Doc: "libchdb.so of the embedded ClickHouse; empty: the one \"make deps\" fetched"},
}

// reserved are names of the tests: known, so not taken for spelling mistakes.
var reserved = []string{"QTICKETS_CAPTURES", "QTICKETS_CURVES", "QTICKETS_CLUSTER", "QTICKETS_SHARED_REQUESTS"}

func known(name string) bool {
	for _, v := range variables {
		if name == v.Name || (v.Secret && name == v.Name+"_FILE") {
			return true
		}
	}
	for _, r := range reserved {
		if name == r || name == r+"_FILE" {
			return true
		}
	}
	return false
}

// IsSecret tells whether the value of a variable must not be shown.
func IsSecret(name string) bool {
	for _, v := range variables {
		if v.Name == name {
			return v.Secret
		}
	}
	return false
}
