package warehouse_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// proxied is set in the process that has a proxy in its environment: net/http reads it once.
const proxied = "QTICKETS_TEST_PROXIED"

// TestFault2_2_ClickHouseNeverThroughAProxy: neither over HTTP nor over TLS does a proxy of the environment hear of a
// connection, or of the login in it.
func TestFault2_2_ClickHouseNeverThroughAProxy(t *testing.T) {
	t.Parallel()
	if port := os.Getenv(proxied); port != "" {
		c := warehouse.Config{Host: "clickhouse.example.test", User: "etl_writer", Password: "hush", Database: "zakaz"}
		_, _ = fmt.Sscan(port, &c.Port)
		_, err := warehouse.Open(t.Context(), c)
		fmt.Println("opened:", err)
		return
	}
	var heard atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		heard.Add(1)
		w.WriteHeader(http.StatusBadGateway)
	}))
	defer proxy.Close()
	for _, port := range []string{"8123", "8443"} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.v",
			"-test.run=^TestFault2_2_ClickHouseNeverThroughAProxy$")
		cmd.Env = append(os.Environ(), proxied+"="+port)
		for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"} {
			cmd.Env = append(cmd.Env, name+"="+proxy.URL)
		}
		out, err := cmd.CombinedOutput()
		want := "opened: ClickHouse does not answer at clickhouse.example.test:" + port
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("port %s: %v\n%s", port, err, out)
		}
		if n := heard.Swap(0); n != 0 {
			t.Errorf("port %s: the proxy was asked %d times", port, n)
		}
	}
}
