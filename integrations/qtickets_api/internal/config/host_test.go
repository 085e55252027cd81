package config_test

import (
	"fmt"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
)

// TestFault2_4_HostAccepted: a server's name or address in every spelling that can mean one thing.
func TestFault2_4_HostAccepted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		host, port string
		want       string // the default port of CLICKHOUSE_PORT is 8123
	}{
		{"", "", " 8123"},
		{"ch-zakaz", "", "ch-zakaz 8123"},
		{"click_house.internal.example.", "9000", "click_house.internal.example. 9000"},
		{"127.0.0.1", "", "127.0.0.1 8123"},
		{"127.0.0.1:8124", "", "127.0.0.1 8124"},
		{"127.0.0.1:8124", "8124", "127.0.0.1 8124"},
		{"ch-zakaz:9440", "", "ch-zakaz 9440"},
		{"::1", "", "::1 8123"},
		{"[::1]", "9000", "::1 9000"},
		{"[::1]:8443", "", "::1 8443"},
		{"2001:db8::5", "", "2001:db8::5 8123"},
		{"fe80::1%eth0", "", "fe80::1%eth0 8123"},
		{"  localhost\t", "", "localhost 8123"},
	} {
		loaded, err := config.Load([]string{"CLICKHOUSE_HOST=" + c.host, "CLICKHOUSE_PORT=" + c.port}, "")
		if err != nil {
			t.Errorf("%q %q: %v", c.host, c.port, err)
			continue
		}
		if got := fmt.Sprint(loaded.ClickHouse.Host, " ", loaded.ClickHouse.Port); got != c.want {
			t.Errorf("%q %q: %s, want %s", c.host, c.port, got, c.want)
		}
	}
}

// TestFault2_4_HostRefused: anything else ends the start, says what to write and repeats nothing: it may hold a
// password.
func TestFault2_4_HostRefused(t *testing.T) {
	t.Parallel()
	for _, host := range []string{
		"http://127.0.0.1", "https://ch-zakaz:8443/", "http://u:HUSH@ch-zakaz", "tcp://ch-zakaz:9000", "u:HUSH@ch-zakaz",
		"u:HUSH@ch-zakaz:8123", "clickhouse://u:HUSH@h:9000/zakaz", "ch-zakaz/HUSH", "ch-zakaz?password=HUSH", "ch zakaz",
		"ch-zakaz:http", "ch-zakaz:0", "ch-zakaz:70000", "ch-zakaz:", ":8123", "[::1", "::1]", "[ch-zakaz]", "[::1]:",
		"ch-zakaz,HUSH!",
		"-HUSH", "u:HUSH", "//ch-zakaz", "ch-zakaz#HUSH", "юг.HUSH", "user=HUSH",
	} {
		loaded, err := config.Load([]string{"CLICKHOUSE_HOST=" + host}, "")
		if err == nil {
			t.Errorf("%q was accepted as %q, port %d", host, loaded.ClickHouse.Host, loaded.ClickHouse.Port)
			continue
		}
		text := fmt.Sprintf("%v %+v %v", err, loaded, loaded.ClickHouse)
		if !strings.Contains(text, "CLICKHOUSE_HOST") || !strings.Contains(text, "ch-zakaz:8123") ||
			strings.Contains(text, "HUSH") {
			t.Errorf("%q: %s", host, text)
		}
	}
	if _, err := config.Load([]string{"CLICKHOUSE_HOST=h:9000", "CLICKHOUSE_PORT=8123"}, ""); err == nil ||
		!strings.Contains(err.Error(), "keep one") {
		t.Errorf("two ports: %v", err)
	}
}

// TestFault2_1_AuthorityFile: a file that is not there or holds no certificate is found at the start.
func TestFault2_1_AuthorityFile(t *testing.T) {
	t.Parallel()
	for path, says := range map[string]string{
		"/nowhere/ca.pem":      "no such file",
		t.TempDir():            "is a directory",
		file(t, "not a PEM\n"): "holds no certificate",
	} {
		if _, err := config.Load([]string{"CLICKHOUSE_CA=" + path}, ""); err == nil ||
			!strings.Contains(err.Error(), "CLICKHOUSE_CA: ") || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", path, err, says)
		}
	}
}

// TestHostList: replicas in the order in which they are asked, each with the port of its own or the common one.
func TestHostList(t *testing.T) {
	t.Parallel()
	load := func(host string) (config.Config, error) {
		return config.Load([]string{"CLICKHOUSE_HOST=" + host, "CLICKHOUSE_PORT=9000"}, "")
	}
	loaded, err := load(" ch-1, ch-2:9440,[::1]:8123 ,::2")
	if got := fmt.Sprint(loaded.ClickHouse.Host, " ", loaded.ClickHouse.Port, loaded.ClickHouse.Others); err != nil ||
		got != "ch-1 9000 [{ch-2 9440} {::1 8123} {::2 9000}]" {
		t.Errorf("%s, %v", got, err)
	}
	if text := loaded.String(); !strings.Contains(text, "ch-1:9000, ch-2:9440") {
		t.Error(text)
	}
	if loaded, err = load("ch-1"); err != nil || len(loaded.ClickHouse.Others) != 0 {
		t.Errorf("one host: %v, %v", loaded.ClickHouse, err)
	}
	for host, says := range map[string]string{
		"ch-1,,ch-2":                   "entry 2 of the list is empty",
		"ch-1,":                        "entry 2 of the list is empty",
		"ch-1,ch-2,ch-1:9000":          "entry 3 of the list was there before",
		"ch-1,u:HUSH@ch-2":             "not the name or address",
		strings.Repeat("h,", 16) + "h": "more than 16 servers",
	} {
		if _, err := load(host); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "HUSH") {
			t.Errorf("%q: %v, want %q", host, err, says)
		}
	}
}

// TestClientCertificateFiles: the two go together.
func TestClientCertificateFiles(t *testing.T) {
	t.Parallel()
	text := file(t, "not a PEM\n")
	for says, set := range map[string][]string{
		"CLICKHOUSE_CERT: goes with CLICKHOUSE_KEY":                {"CLICKHOUSE_CERT=" + text},
		"CLICKHOUSE_KEY: the file cannot be read":                  {"CLICKHOUSE_CERT=" + text, "CLICKHOUSE_KEY=/nowhere"},
		"CLICKHOUSE_CERT: it and CLICKHOUSE_KEY are not a certifi": {"CLICKHOUSE_CERT=" + text, "CLICKHOUSE_KEY=" + text},
	} {
		if _, err := config.Load(set, ""); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, want %q", set, err, says)
		}
	}
}
