package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// proxied is a real proxy before a real serve, reached as the world reaches it.
type proxied struct {
	testing.TB
	address string // of the proxy
	client  *http.Client
}

const proxiedName = "sales.example.test"

// caddySite begins a site in an example for Caddy.
var caddySite = regexp.MustCompile(`(?m)^((?:\w+\.)?sales\.example\.test) \{`)

// program of a proxy; without it the test says what is not tested, or fails where QTICKETS_PROXIES=required.
func program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil { // where Debian keeps servers, and not everybody looks
		path, err = exec.LookPath("/usr/sbin/" + name)
	}
	switch {
	case err != nil && os.Getenv("QTICKETS_PROXIES") == "required":
		t.Fatalf("%s is demanded by QTICKETS_PROXIES: %v", name, err)
	case err != nil:
		t.Skipf("THE EXAMPLES FOR %s IN docs/live.md ARE NOT TESTED: %v: install the packages nginx-light and caddy", name,
			err)
	}
	return path
}

func freePort(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// certificate of the proxy, signed by itself.
func certificate(t testing.TB, dir string) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: proxiedName},
		DNSNames: []string{proxiedName}, NotBefore: time.Now().Add(-100 * 24 * time.Hour),
		NotAfter: time.Now().Add(100 * 24 * time.Hour)}
	public, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	bytes, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	certificate, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{certificate: {Type: "CERTIFICATE", Bytes: public},
		key: {Type: "PRIVATE KEY", Bytes: bytes}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certificate, key
}

// behind starts a proxy with an example of the documents, which is changed only where it names this world's ports and
// files.
func behind(t *testing.T, language, example, upstream string) *proxied {
	t.Helper()
	dir, address := t.TempDir(), freePort(t)
	if err := os.Chmod(dir, 0o755); err != nil { // workers of nginx are another user
		t.Fatal(err)
	}
	cert, key := certificate(t, dir)
	hash, err := bcrypt.GenerateFromPassword([]byte("right password"), bcrypt.DefaultCost)
	if err != nil {
		t.Fatal(err)
	}
	users := filepath.Join(dir, "users")
	if err := os.WriteFile(users, []byte("anna:"+strings.Replace(string(hash), "$2a$", "$2y$", 1)+"\n"),
		0o644); err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("http://127.0.0.1:8080", "http://"+upstream, "reverse_proxy 127.0.0.1:8080",
		"reverse_proxy "+upstream, "443 ssl", address+" ssl", "/etc/letsencrypt/live/sales.example.test/fullchain.pem", cert,
		"/etc/letsencrypt/live/sales.example.test/privkey.pem", key, "/etc/nginx/qtickets_users", users, "<хеш>",
		string(hash)).Replace(example)
	_, port, _ := net.SplitHostPort(address)
	file := filepath.Join(dir, "config")
	var cmd *exec.Cmd
	if language == "caddy" {
		text = "{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n}\n" + caddySite.ReplaceAllString(text,
			"https://${1}:"+port+" {\n\ttls "+cert+" "+key)
		cmd = exec.Command(program(t, "caddy"), "run", "--adapter", "caddyfile", "--config", file)
		cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	} else {
		text = fmt.Sprintf("daemon off;\nmaster_process off;\npid %[1]s/pid;\nerror_log stderr;\nevents {}\nhttp {\n"+
			"access_log off;\nclient_body_temp_path %[1]s/b;\nproxy_temp_path %[1]s/p;\nfastcgi_temp_path %[1]s/f;\n"+
			"uwsgi_temp_path %[1]s/u;\nscgi_temp_path %[1]s/s;\n%[2]s\n}\n", dir, text)
		cmd = exec.Command(program(t, "nginx"), "-e", "stderr", "-c", file, "-p", dir)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	launch(t, cmd, address)
	return &proxied{TB: t, address: "https://" + net.JoinHostPort(proxiedName, port), client: clientOf(address)}
}

// launch runs a proxy until the end of the test.
func launch(t *testing.T, cmd *exec.Cmd, address string) {
	t.Helper()
	said := &output{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	wait(t, "the proxy listens", func() bool {
		select {
		case <-ended:
			t.Fatalf("%q ended:\n%s", cmd.Args, said)
		default:
		}
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
}

// clientOf finds the proxy under whatever name, believes its certificate, and follows no redirect.
func clientOf(address string) *http.Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", address)
	}
	return &http.Client{
		Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true,
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}, //nolint:gosec // signed by itself
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// ask sends a request with headers, in pairs, and returns its status, the first line of the answer, and its headers.
func (p *proxied) ask(method, path, body string, headers ...string) (int, string, http.Header) {
	p.Helper()
	r, err := http.NewRequestWithContext(p.Context(), method, p.address+path, bytes.NewReader([]byte(body)))
	if err != nil {
		p.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	response, err := p.client.Do(r)
	if err != nil {
		p.Fatal(err)
	}
	defer response.Body.Close()
	if strings.HasPrefix(path, "/live") && response.StatusCode == http.StatusOK { // a stream has no end
		line, _ := bufio.NewReader(response.Body).ReadString('\n')
		return response.StatusCode, line, response.Header
	}
	text, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(text), response.Header
}

// closed: without a login nothing but the webhooks and the sign of life answers, whatever a stranger says.
func (p *proxied) closed() {
	p.Helper()
	for _, path := range []string{"/", "/channels", "/csv/shows", "/live", "/metrics", "/readyz", "/?token=x",
		"/events/1", "/webhooks/../metrics", "//metrics", "/metrics/", "/readyz?x", "/METRICS"} {
		for _, lie := range [][]string{nil, {"X-Forwarded-User", "anna"}, {"X-Forwarded-For", "127.0.0.1"},
			{"Host", "127.0.0.1:8080"}, {"Host", "localhost"}, {"Authorization", basic("anna", "wrong")},
			{"Authorization", "Bearer "}, {"x_forwarded_user", "anna"}} {
			if status, body, _ := p.ask(http.MethodGet, path, "", lie...); status == http.StatusOK && body != "" ||
				strings.Contains(body, "qtickets_clickhouse_up") {
				p.Errorf("%s with %q is open: %d %.100s", path, lie, status, body)
			}
		}
	}
}

// webhooks are taken with a right signature and refused with a wrong one, at both forms of the address.
func (p *proxied) webhooks() {
	p.Helper()
	for i, path := range []string{"/webhooks/qtickets", "/webhooks/qtickets/"} {
		body := fmt.Sprintf(`{"id":%d,"text":"%s"}`, i+1, strings.Repeat("ж", 3000))
		right := simulator.Sign(webhookSecret, []byte(body))
		for signature, want := range map[string]int{right: 200, strings.Repeat("a", 40): 401, "": 401} {
			if status, text, _ := p.ask(http.MethodPost, path, body, "X-Signature", signature, "X-Event-Type",
				"payed"); status != want {
				p.Errorf("%s signed %q: %d %s, want %d", path, signature, status, text, want)
			}
		}
		if status, _, _ := p.ask(http.MethodGet, path, ""); status != http.StatusMethodNotAllowed {
			p.Errorf("GET %s: %d", path, status)
		}
	}
}

// open: who has logged in sees the page, its CSV, and hears of news.
func (p *proxied) open(login ...string) {
	p.Helper()
	for path, want := range map[string]string{"/": "<main", "/channels?period=7": "<main", "/csv/shows": "\ufeff",
		"/live": "retry:"} {
		status, body := 0, ""
		wait(p, path+" is answered", func() bool { // 503 while the machine is slow
			status, body, _ = p.ask(http.MethodGet, path, "", login...)
			return status != http.StatusServiceUnavailable
		})
		if status != http.StatusOK || !strings.Contains(body, want) {
			p.Errorf("%s: %d %.200s", path, status, body)
		}
	}
}

var examples = regexp.MustCompile("(?ms)^```(nginx|caddy)\n(.*?)^```$")

// TestFault3_1_ProxySnippets runs every example for a proxy in docs/live.md with the real proxy before a real serve:
// what must be closed is closed, what must be open works.
func TestFault3_1_ProxySnippets(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../../docs/live.md")
	if err != nil {
		t.Fatal(err)
	}
	s := newShell(t, smallWorld(66), testkit.Database(t)).live()
	s.syncJSON()
	hash, err := bcrypt.GenerateFromPassword([]byte("right password"), bcrypt.DefaultCost)
	if err != nil {
		t.Fatal(err)
	}
	right := []string{"Authorization", basic("anna", "right password")}
	passwords := s.with("QTICKETS_PAGE_USERS_FILE", s.file("users", "anna:"+string(hash)),
		"QTICKETS_PAGE_TRUSTED_PROXIES", "127.0.0.1").serve()
	vouched := s.with("QTICKETS_PAGE_PROXY_HEADER", "X-Forwarded-User",
		"QTICKETS_PAGE_TRUSTED_PROXIES", "127.0.0.1").serve()
	linked := s.serve()
	wait(t, "anna is let in", func() bool { // strangers will guess her password below
		status, _ := passwords.get("/", right...)
		return status == http.StatusOK
	})
	found := examples.FindAllStringSubmatch(string(text), -1)
	if len(found) != 6 {
		t.Fatalf("%d examples in docs/live.md, this test knows 6", len(found))
	}
	for i, example := range found {
		t.Run(fmt.Sprintf("%d %s", i+1, example[1]), func(t *testing.T) {
			t.Parallel()
			serving, page := linked, false
			switch {
			case strings.Contains(example[2], "X-Forwarded-User"):
				serving, page = vouched, true
			case strings.Contains(example[2], "(metrics|readyz)"), strings.Contains(example[2], "@machines"):
				serving, page = passwords, true
			}
			p := behind(t, example[1], example[2], strings.Trim(strings.TrimPrefix(serving.url, "http://"), "/"))
			p.closed()
			p.webhooks()
			if page {
				p.open(right...)
			}
		})
	}
}

// TestFault3_1_PlainProxy: the shortest example of the world, before a serve that nobody set up: nothing but the link
// opens the page, and the proxy is told as little as anybody.
func TestFault3_1_PlainProxy(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(67), testkit.Database(t)).live()
	s.syncJSON()
	l := s.serve()
	for language, example := range map[string]string{
		"nginx": "server {\n listen 443 ssl;\n ssl_certificate /etc/letsencrypt/live/sales.example.test/fullchain.pem;\n " +
			"ssl_certificate_key /etc/letsencrypt/live/sales.example.test/privkey.pem;\n location / {\n proxy_pass " +
			"http://127.0.0.1:8080;\n }\n}\n",
		"caddy": proxiedName + " {\n\treverse_proxy 127.0.0.1:8080\n}\n",
	} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			p := behind(t, language, example, strings.Trim(strings.TrimPrefix(l.url, "http://"), "/"))
			p.closed()
			p.webhooks()
			_, token, _ := strings.Cut(l.link, "?")
			status, _, header := p.ask(http.MethodGet, "/?"+token, "")
			cookie, _, _ := strings.Cut(header.Get("Set-Cookie"), ";")
			if status != http.StatusSeeOther || cookie == "" {
				t.Fatalf("the link: %d %v", status, header)
			}
			p.open("Cookie", cookie)
		})
	}
}

// TestFault3_1_ProxyOfClickHouse runs the TLS proxy of infra/clickhouse with the real Caddy: queries of the reader go
// through, pages and paths of the server for people do not.
func TestFault3_1_ProxyOfClickHouse(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../../infra/clickhouse/tls/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	reader := testkit.As(t, testkit.Database(t), "datalens_reader")
	dir, address := t.TempDir(), freePort(t)
	cert, key := certificate(t, dir)
	_, port, _ := net.SplitHostPort(address)
	const site = "https://{$CLICKHOUSE_DOMAIN}:8443 {"
	if !strings.Contains(string(text), site) {
		t.Fatalf("the Caddyfile lacks %q", site)
	}
	config := filepath.Join(dir, "config")
	here := "https://" + proxiedName + ":" + port + " {\n\tbind 127.0.0.1\n\ttls " + cert + " " + key
	changed := strings.Replace(string(text), site, here, 1)
	if err := os.WriteFile(config, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program(t, "caddy"), "run", "--adapter", "caddyfile", "--config", config)
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir,
		fmt.Sprintf("CLICKHOUSE_UPSTREAM=127.0.0.1:%d", testkit.Engine(t).HTTPPort()))
	launch(t, cmd, address)
	p := &proxied{TB: t, address: "https://" + net.JoinHostPort(proxiedName, port), client: clientOf(address)}
	login := []string{"Authorization", basic(reader.User, reader.Password)}
	if status, body, _ := p.ask(http.MethodPost, "/", "SELECT currentUser()", login...); status != http.StatusOK ||
		!strings.Contains(body, reader.User) {
		t.Errorf("a query: %d %s", status, body)
	}
	if status, _, _ := p.ask(http.MethodPost, "/", "SELECT 1", "Authorization", basic(reader.User, "wrong")); status ==
		http.StatusOK {
		t.Error("a wrong password is let in")
	}
	if status, _, _ := p.ask(http.MethodGet, "/ping", ""); status != http.StatusOK {
		t.Errorf("/ping: %d", status)
	}
	for _, path := range []string{"/play", "/dashboard", "/binary", "/merges", "/jemalloc", "/replicas_status",
		"/metrics", "/js/lz-string.js", "/?x/play", "//play"} {
		if status, body, _ := p.ask(http.MethodGet, path, "", login...); status == http.StatusOK && body != "Ok.\n" {
			t.Errorf("%s: %d %.100s", path, status, body)
		}
	}
}
