package embedded

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
)

// server is the engine under an operator's configuration.
type server struct {
	*chserver.Server
	backups string // what the container calls /backups
}

// engineUser gives the embedded engine the user back it runs as, and with it only the right to open its ports.
const engineUser = "/users.d/zz_engine.xml"

const engineUserXML = `<clickhouse><users><default>
  <no_password/><networks><ip>127.0.0.1</ip></networks><profile>session_only</profile><quota>default</quota>
  <grants><query>GRANT SYSTEM LISTEN ON *.*</query><query>GRANT CREATE TEMPORARY TABLE, FILE ON *.*</query></grants>
</default></users></clickhouse>`

func startProduction(t *testing.T) server {
	t.Helper()
	o := productionOptions(t)
	s, err := chserver.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return server{s, o.DataDir + "/backups"}
}

// productionOptions lay the operator's files where the engine merges them, unchanged but for the place of backups.
func productionOptions(t *testing.T) chserver.Options {
	t.Helper()
	library, err := chserver.FindLibrary(os.Getenv("CHDB_LIB"))
	if err != nil {
		t.Fatal(err)
	}
	o := chserver.Options{Library: library, DataDir: t.TempDir(), NoTCP: true}
	for _, u := range production {
		o.Env = append(o.Env, u.Env+"="+sum(passwordOf(u.Name)))
	}
	config := strings.ReplaceAll(read(t, infra+"config.d/qtickets.xml"), "<path>/backups/</path>", "<path>"+o.DataDir+
		"/backups/</path>")
	for path, text := range map[string]string{
		"/config.d/qtickets.xml": config, "/users.d/qtickets.xml": read(t, infra+"users.d/qtickets.xml"),
		engineUser: engineUserXML,
	} {
		if err := os.MkdirAll(filepath.Dir(o.DataDir+path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(o.DataDir+path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func passwordOf(user string) string { return user + "Secret1" }

func sum(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }

// client keeps no connection: for an idle one the engine waits when it stops.
var client = http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}

// query posts one statement and returns the answer, and the code of an error.
func (s server) query(t *testing.T, user, password, sql string, settings map[string]string) (text, code string) {
	t.Helper()
	parameters := url.Values{}
	for name, value := range settings {
		parameters.Set(name, value)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		fmt.Sprintf("http://127.0.0.1:%d/?%s", s.HTTPPort(), parameters.Encode()), strings.NewReader(sql))
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(user, password)
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(body)), response.Header.Get("X-ClickHouse-Exception-Code")
}

// mustQuery is query for a statement that has to work.
func (s server) mustQuery(t *testing.T, user, sql string) string {
	t.Helper()
	text, code := s.query(t, user, passwordOf(user), sql, nil)
	if code != "" {
		t.Fatalf("%s: %s: %s", user, sql, text)
	}
	return text
}
